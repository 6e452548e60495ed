package record

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// live is a run that goes on, with all it ever was beside its ring.
type live struct {
	*machine.Machine
	ring  *Ring
	given []machine.Input
	cost  time.Duration // of a frame
	took  time.Duration // of a snapshot
}

const largePage = `
.canvas 64 64 pixel
.array seen 1000
loop:
SET seen[frame & 511] = mx + rnd(100)
PLOT (frame & 63) ((frame >> 6) & 63) (seen[frame & 511])
FRAME
JMP loop
`

func newLive(t *testing.T, memory int) *live {
	t.Helper()
	p := assemble(t, largePage)
	m, err := machine.New(p, 7)
	if err != nil {
		t.Fatal(err)
	}
	return &live{Machine: m, ring: NewRing(p, 7, memory), cost: 4 * time.Millisecond}
}

// run runs n frames as the window does.
func (l *live) run(t *testing.T, n int) {
	t.Helper()
	for range n {
		if l.ring.Due() {
			l.ring.Keyframe(l.Snapshot(), l.took)
		}
		in := machine.Input{MouseX: int32(len(l.given) * len(l.given) % 1000)}
		r, err := l.Frame(context.Background(), in, 0)
		if err != nil {
			t.Fatal(err)
		}
		l.given = append(l.given, in)
		l.ring.Append(in, 0, r, l.cost)
	}
}

// at is the machine before frame i, run again from a ring's nearest keyframe, and how
// many frames that took.
func at(t *testing.T, r *Ring, i int) (m *machine.Machine, ran int) {
	t.Helper()
	from, s := r.Before(i)
	m, err := machine.New(r.Program(), max(r.Seed(), 1))
	if s != nil {
		m, err = machine.FromSnapshot(s)
	}
	if err != nil {
		t.Fatal(err)
	}
	for n := from; n < i; n++ {
		f := r.Frame(n)
		if rep, err := m.Frame(context.Background(), f.Input, f.Budget); err != nil || rep.Cycles != f.Cycles || rep.Status != f.Status {
			t.Fatalf("frame %d: %+v %v, recorded %+v", n, rep, err, f)
		}
	}
	return m, i - from
}

// fresh is the machine before frame i, run from nothing.
func (l *live) fresh(t *testing.T, i int) *machine.Machine {
	t.Helper()
	m, err := machine.New(l.ring.Program(), 7)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range l.given[:i] {
		if _, err := m.Frame(context.Background(), in, 0); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func wantEqual(t *testing.T, i int, got, want *machine.Machine) {
	t.Helper()
	if !reflect.DeepEqual(got.Snapshot(), want.Snapshot()) {
		t.Errorf("before frame %d the machines differ", i)
	}
}

// held counts what keyframes hold, the long way.
func held(r *Ring) (bytes int) {
	seen := map[*uint32]bool{}
	for _, k := range r.keys.all {
		for _, page := range [][]uint32{k.s.Display, k.s.Writer, k.s.Data, k.s.State} {
			if !seen[&page[0]] {
				seen[&page[0]] = true
				bytes += 4 * len(page)
			}
		}
	}
	return bytes + r.frames.bytes
}

func TestARingGoesBackToEveryFrame(t *testing.T) {
	l := newLive(t, DefaultMemory)
	l.run(t, 200)
	if l.ring.First() != 0 || l.ring.End() != 200 {
		t.Fatalf("frames %d to %d", l.ring.First(), l.ring.End())
	}
	for i := 0; i <= 200; i += 9 {
		m, ran := at(t, l.ring, i)
		wantEqual(t, i, m, l.fresh(t, i))
		if time.Duration(ran)*l.cost > keyframeWithin {
			t.Errorf("before frame %d %d frames are run again", i, ran)
		}
	}
	if n := len(l.ring.Keyframes()); n != 39 { // before frames 5, 10 … 195
		t.Errorf("%d keyframes: %v", n, l.ring.Keyframes())
	}
}

func TestKeyframesAreAsDenseAsTheirFramesAreSlow(t *testing.T) {
	for _, tt := range []struct {
		cost, took time.Duration
		apart      int
	}{
		{time.Millisecond, 0, 20},
		{10 * time.Millisecond, 0, 2},
		{time.Second, 0, 1},
		{time.Millisecond, 30 * time.Millisecond, 37}, // they may take a twentieth of what is shown
		{0, 0, keyframeFrames},
	} {
		l := newLive(t, DefaultMemory)
		l.cost, l.took = tt.cost, tt.took
		l.run(t, 2)
		l.ring.Keyframe(l.Snapshot(), tt.took)
		l.run(t, tt.apart+1)
		if got := l.ring.Keyframes(); len(got) < 2 || got[len(got)-1]-got[len(got)-2] != tt.apart {
			t.Errorf("frames of %v, snapshots of %v: keyframes before %v, want %d apart", tt.cost, tt.took, got, tt.apart)
		}
	}
}

func TestARingHoldsNoMoreThanItMay(t *testing.T) {
	const memory = 2 << 20
	l := newLive(t, memory)
	l.cost = keyframeWithin
	for range 12 {
		l.run(t, 100)
		if b := l.ring.Bytes(); b > memory || b != held(l.ring) {
			t.Fatalf("%d bytes of %d; held are %d", b, memory, held(l.ring))
		}
	}
	keys := l.ring.Keyframes()
	if len(keys) < 30 || l.ring.First() != 0 {
		t.Fatalf("from frame %d: %v", l.ring.First(), keys)
	}
	for _, i := range []int{0, 1, 17, 600, 1100, 1199, 1200} {
		m, _ := at(t, l.ring, i)
		wantEqual(t, i, m, l.fresh(t, i))
	}
	if last := keys[len(keys)-1]; last != 1199 {
		t.Errorf("the last keyframe is before frame %d", last)
	}
}

func TestOldKeyframesAreFurtherApart(t *testing.T) {
	var k keyframes
	for i := range 20 * thinAge {
		s := &machine.Snapshot{State: []uint32{uint32(i)}}
		k.add(i, s, time.Duration(i)*time.Millisecond)
		k.thin(4*400, i, 1)
	}
	if len(k.all) != 400 || k.bytes != 1600 || k.all[0].at != 0 {
		t.Fatalf("%d keyframes of %d bytes from %d", len(k.all), k.bytes, k.all[0].at)
	}
	end := 20*thinAge - 1
	near, far := 0, 0 // the largest distances of the last minute and of the first five
	for i := 1; i < len(k.all); i++ {
		gap := k.all[i].at - k.all[i-1].at
		if end-k.all[i].at < thinAge {
			near = max(near, gap)
		} else if end-k.all[i].at > 15*thinAge {
			far = max(far, gap)
		}
	}
	if near > 120 || far < 4*near || far > 1600 {
		t.Errorf("keyframes are up to %d frames apart in the last minute, %d long ago", near, far)
	}
}

func TestTheOldestFramesGoWhereInputsAreMany(t *testing.T) {
	l := newLive(t, 256<<10)
	l.run(t, 9000)
	first := l.ring.First()
	if first == 0 || l.ring.End() != 9000 || l.ring.Bytes() > 256<<10 || l.ring.Bytes() != held(l.ring) {
		t.Fatalf("frames %d to %d, %d bytes", first, l.ring.End(), l.ring.Bytes())
	}
	if from, s := l.ring.Before(first); from != first || s == nil || l.ring.Seed() != 0 {
		t.Errorf("a ring of frames from %d begins at %d", first, from)
	}
	for _, i := range []int{first, first + 1, 9000} {
		m, _ := at(t, l.ring, i)
		wantEqual(t, i, m, l.fresh(t, i))
	}
	n := 0
	l.ring.From(0, func(i int, f Frame) bool {
		n++
		return f.Input == l.given[i]
	})
	if n != 9000-first {
		t.Errorf("%d frames were as they were, of %d", n, 9000-first)
	}
}

func TestPagesThatDidNotChangeAreShared(t *testing.T) {
	l := newLive(t, DefaultMemory)
	l.run(t, 1)
	a := l.Snapshot()
	l.ring.Keyframe(a, 0)
	before := l.ring.Bytes()
	b := &machine.Snapshot{Program: a.Program, Display: slices.Clone(a.Display), Writer: slices.Clone(a.Writer), Data: slices.Clone(a.Data), State: slices.Clone(a.State)}
	b.State[0]++ // as an engine gives it that shares nothing
	l.run(t, 1)
	l.ring.Keyframe(b, 0)
	if got := l.ring.keys.bytes; got-before > 4*isa.StateWords {
		t.Errorf("a keyframe with another state takes %d bytes", got-before)
	}
	if &b.Display[0] == &a.Display[0] {
		t.Error("the giver's snapshot was changed")
	}
}

func TestForksGoOnByThemselves(t *testing.T) {
	l := newLive(t, DefaultMemory)
	l.run(t, 100)
	for _, n := range []int{0, 1, 50, 99, 100} {
		fork := l.ring.Fork(n)
		if fork.End() != n || fork.Bytes() != held(fork) {
			t.Errorf("a fork before frame %d ends at %d", n, fork.End())
		}
		m, _ := at(t, fork, n)
		wantEqual(t, n, m, l.fresh(t, n))
		for range 20 {
			if fork.Due() {
				fork.Keyframe(m.Snapshot(), 0)
			}
			r, err := m.Frame(context.Background(), machine.Input{MouseX: -1}, 0)
			if err != nil {
				t.Fatal(err)
			}
			fork.Append(machine.Input{MouseX: -1}, 0, r, l.cost)
		}
		again, ran := at(t, fork, n+20)
		wantEqual(t, n+20, again, m)
		if ran > 5 {
			t.Errorf("%d frames are run again in the fork before frame %d", ran, n)
		}
	}
	m, _ := at(t, l.ring, 100)
	wantEqual(t, 100, m, l.Machine)
}

func TestKeyframesCanBePutBetween(t *testing.T) {
	l := newLive(t, DefaultMemory)
	l.cost = 0
	l.run(t, 100)
	l.ring.Put(0, l.fresh(t, 0).Snapshot())
	l.ring.Put(40, l.fresh(t, 40).Snapshot())
	l.ring.Put(40, l.fresh(t, 40).Snapshot())
	l.ring.Put(20, l.fresh(t, 20).Snapshot())
	if got := l.ring.Keyframes(); !slices.Equal(got, []int{20, 40}) || l.ring.Bytes() != held(l.ring) {
		t.Errorf("keyframes before %v, %d bytes", got, l.ring.Bytes())
	}
	m, ran := at(t, l.ring, 45)
	wantEqual(t, 45, m, l.fresh(t, 45))
	if ran != 5 {
		t.Errorf("%d frames were run", ran)
	}
}

func TestARingAtASnapshotBeginsThere(t *testing.T) {
	l := newLive(t, DefaultMemory)
	l.run(t, 30)
	l.ring = NewRingAt(l.Snapshot(), DefaultMemory)
	l.run(t, 10)
	if from, s := l.ring.Before(0); from != 0 || s == nil || l.ring.Seed() != 0 || l.ring.End() != 10 {
		t.Fatalf("it begins at %d, with frames to %d", from, l.ring.End())
	}
	m, _ := at(t, l.ring, 10)
	wantEqual(t, 10, m, l.Machine)
}

func TestALimitTakesEffectAtOnce(t *testing.T) {
	l := newLive(t, DefaultMemory)
	l.run(t, 300)
	const least = 200 << 10
	if l.ring.Bytes() <= least {
		t.Fatalf("the ring holds %d bytes only", l.ring.Bytes())
	}
	l.ring.Limit(least)
	if n := l.ring.Bytes(); n > least {
		t.Errorf("%d bytes are held of %d", n, least)
	}
	l.run(t, 100)
	if n := l.ring.Bytes(); n > least {
		t.Errorf("%d bytes are held of %d, later", n, least)
	}
}
