package record

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"reflect"
	"strings"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// played is a recording of the counter, with inputs of its own.
func played(t *testing.T, frames int, inputAt func(int) machine.Input) *Recording {
	t.Helper()
	r := &Recording{Name: "counter.pxl", Source: counter, Program: assemble(t, counter), Seed: 7}
	if _, err := r.Run(context.Background(), &reference{}, frames, 1000, inputAt); err != nil {
		t.Fatal(err)
	}
	return r
}

func moving(i int) machine.Input { return machine.Input{MouseX: int32(i * i)} }

func written(t *testing.T, r *Recording) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// same fails unless two recordings are of the same frames, as far as the first goes.
func wantRecording(t *testing.T, got, want *Recording) {
	t.Helper()
	if got.Name != want.Name || got.Source != want.Source || got.Seed != want.Seed || !reflect.DeepEqual(got.Program, want.Program) {
		t.Errorf("it is of %q, seed %d", got.Name, got.Seed)
	}
	if !reflect.DeepEqual(got.Start, want.Start) || !reflect.DeepEqual(got.Marks, want.Marks) {
		t.Errorf("it begins otherwise, or has marks %v", got.Marks)
	}
	if got.Frames.Len() != want.Frames.Len() || !reflect.DeepEqual(from(t, &got.Frames, 0), from(t, &want.Frames, 0)) || !reflect.DeepEqual(got.Hashes, want.Hashes) {
		t.Errorf("it has %d frames and %d hashes, of %d and %d", got.Frames.Len(), len(got.Hashes), want.Frames.Len(), len(want.Hashes))
	}
}

func TestARecordingComesBackAsItWas(t *testing.T) {
	r := played(t, 700, moving)
	r.Marks = []Mark{{Frame: 3, Cycle: 4, Name: "here", Note: "it <went> wrong"}}
	if len(r.Hashes) < 200 || len(r.Hashes) > maxHashes || r.Hashes[len(r.Hashes)-1].Frame != 699 {
		t.Errorf("%d hashes", len(r.Hashes))
	}
	again, err := Read(bytes.NewReader(written(t, r)))
	if err != nil {
		t.Fatal(err)
	}
	wantRecording(t, again, r)
	told := 0
	if d, err := again.Replay(context.Background(), &reference{}, func(n int) { told = n }); d != nil || err != nil || told != 700 {
		t.Errorf("%+v, %v after %d frames", d, err, told)
	}
}

func TestARecordingThatBeginsWithASnapshot(t *testing.T) {
	m, _ := recorded(t, 30)
	r := &Recording{Source: counter, Program: m.Snapshot().Program, Start: m.Snapshot()}
	if _, err := r.Run(context.Background(), &reference{}, 40, 0, moving); err != nil {
		t.Fatal(err)
	}
	again, err := Read(bytes.NewReader(written(t, r)))
	if err != nil {
		t.Fatal(err)
	}
	wantRecording(t, again, r)
	if d, err := again.Replay(context.Background(), &reference{}, nil); d != nil || err != nil {
		t.Errorf("%+v, %v", d, err)
	}
}

// TestWhatIsWholeOfACutRecordingCanBeHad, wherever it was cut.
func TestWhatIsWholeOfACutRecordingCanBeHad(t *testing.T) {
	r := played(t, 700, moving)
	all := written(t, r)
	before, beginnings := 0, 0
	for n := 0; n < len(all); n += 11 {
		cut, err := Read(bytes.NewReader(all[:n]))
		if n < len(signature) {
			if !errors.Is(err, ErrNone) {
				t.Fatalf("%d bytes: %v", n, err)
			}
			continue
		}
		var d *Damage
		if !errors.As(err, &d) || d.Why != whyCut {
			t.Fatalf("%d bytes: %v", n, err)
		}
		frames := cut.Frames.Len()
		if frames < before || frames < 700 && len(cut.Hashes) > 0 && cut.Hashes[len(cut.Hashes)-1].Frame >= frames {
			t.Fatalf("%d bytes: %d frames, after %d", n, frames, before)
		}
		if frames > before {
			beginnings++
			if d, err := cut.Replay(context.Background(), &reference{}, nil); d != nil || err != nil || cut.Frames.At(frames-1) != r.Frames.At(frames-1) {
				t.Fatalf("%d bytes: %+v, %v", n, d, err)
			}
		}
		before = frames
	}
	if before < 600 || beginnings < 8 {
		t.Errorf("%d frames of a recording without its end, %d beginnings", before, beginnings)
	}
}

// TestAnAlteredRecordingIsKnown, whichever byte it is, and what is before it can be had.
func TestAnAlteredRecordingIsKnown(t *testing.T) {
	r := played(t, 300, moving)
	all := written(t, r)
	whole := 0
	for n := len(signature); n < len(all); n += 5 {
		bad := bytes.Clone(all)
		bad[n] ^= 0x10
		got, err := Read(bytes.NewReader(bad))
		var d *Damage
		if !errors.As(err, &d) {
			t.Fatalf("byte %d: %v", n, err)
		}
		for i := range got.Frames.Len() {
			if got.Frames.At(i) != r.Frames.At(i) {
				t.Fatalf("byte %d: frame %d is another", n, i)
			}
		}
		if got.Frames.Len() == 300 && (got.Program != nil || got.Source == counter) {
			whole++
		}
	}
	if whole < 40 { // the program's text or its words, and the end
		t.Errorf("all frames could be had of %d", whole)
	}
}

// without writes a recording's file anew, each chunk as edit gives it, nil for none.
func without(t *testing.T, r *Recording, edit func(kind string, holds []byte) []byte) []byte {
	t.Helper()
	all := reader{all: written(t, r), at: len(signature)}
	var b bytes.Buffer
	w := chunkWriter{w: &b}
	w.write([]byte(signature))
	for all.at < len(all.all) {
		kind, holds, why := all.chunk()
		if why != "" {
			t.Fatal(why)
		}
		if kind == chunkEnd {
			break
		}
		if holds = edit(kind, holds); holds != nil {
			w.chunk(kind, holds)
		}
	}
	sum := hashBytes(b.Bytes())
	w.chunk(chunkEnd, sum[:])
	return b.Bytes()
}

func TestRecordingsThatAreNotWhole(t *testing.T) {
	r := played(t, 100, moving)
	started := *r
	m, _ := recorded(t, 3)
	started.Start = m.Snapshot()
	for name, tt := range map[string]struct {
		of   *Recording
		edit func(kind string, holds []byte) []byte
		want string
		text bool
	}{
		"from a newer version": {r, func(kind string, holds []byte) []byte {
			if kind == chunkHead {
				return bytes.Replace(holds, []byte(`"version":1`), []byte(`"version":9`), 1)
			}
			return holds
		}, "it is of version 9, and this gvpie reads up to version 1: a newer gvpie opens it; the text of its program can be had, and no frame", true},
		"without the text": {r, func(kind string, holds []byte) []byte { return unless(kind == chunkText, holds) },
			"the text of its program is missing; all of its 100 frames can be replayed", false},
		"without the words": {r, func(kind string, holds []byte) []byte { return unless(kind == chunkCode, holds) },
			"its program is missing; all of its 100 frames can be replayed", true},
		"without either": {r, func(kind string, holds []byte) []byte { return unless(kind == chunkCode || kind == chunkText, holds) },
			"its program is missing; nothing of it can be had", false},
		"without its beginning": {&started, func(kind string, holds []byte) []byte { return unless(kind == chunkSnap, holds) },
			"the machine that it began as is missing; the text of its program can be had, and no frame", true},
		"with a program that is none": {r, func(kind string, holds []byte) []byte {
			if kind == chunkCode {
				return deflatedBytes(machine.Bytes([]uint32{1, 2, 3}))
			}
			return holds
		}, "it was altered or damaged; all of its 100 frames can be replayed", true},
		"without some frames": {r, func(kind string, holds []byte) []byte { return unless(kind == chunkFrame && holds[0] > 0, holds) },
			"it was altered or damaged; the first 64 of its 100 frames can be replayed", true},
		"without a head": {r, func(kind string, holds []byte) []byte { return unless(kind == chunkHead, holds) },
			"it was altered or damaged; the text of its program can be had, and no frame", true},
	} {
		got, err := Read(bytes.NewReader(without(t, tt.of, tt.edit)))
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
		if name == "with a program that is none" && got.Program != nil {
			t.Errorf("%s: it is taken for one", name)
		}
		if (got.Source == counter) != tt.text {
			t.Errorf("%s: the text is %q", name, got.Source)
		}
	}
	for _, none := range []string{"", "text", "\x89PNG\r\n\x1a\n...................."} {
		if _, err := Read(strings.NewReader(none)); !errors.Is(err, ErrNone) {
			t.Errorf("%q: %v", none, err)
		}
	}
}

// TestAFileThatNobodyWroteSoIsKnown: all its checksums are right.
func TestAFileThatNobodyWroteSoIsKnown(t *testing.T) {
	r := played(t, 100, moving)
	m, _ := recorded(t, 3)
	r.Start, r.Marks = m.Snapshot(), []Mark{{Frame: 1}}
	coded := func(edit func(b *block), hashes ...Hash) []byte {
		b := r.Frames.blocks[0]
		b.data = bytes.Clone(b.coded())
		b.same = 0
		edit(&b)
		return appendFrames(nil, &b, hashes, &Hash{})
	}
	one, two := Hash{Frame: 1, Machine: [32]byte{1}}, Hash{Frame: 2, Machine: [32]byte{2}}
	for name, tt := range map[string]struct {
		kind  string
		holds []byte
		had   int // frames
	}{
		"frames that do not begin at 0":     {chunkFrame, coded(func(b *block) { b.first = 9 }), 0},
		"frames beyond all":                 {chunkFrame, coded(func(b *block) { b.n = maxFrames + 1 }), 0},
		"more frames than are said":         {chunkFrame, coded(func(b *block) { b.n-- }), 0},
		"fewer frames than are said":        {chunkFrame, coded(func(b *block) { b.n++ }), 0},
		"a code that ends in a frame":       {chunkFrame, coded(func(b *block) { b.data = append(b.data, 1) }), 0},
		"a code longer than the chunk":      {chunkFrame, []byte{0, 64, 99, 1, 2}, 0},
		"a code without a length":           {chunkFrame, []byte{0, 64}, 0},
		"hashes that do not rise":           {chunkFrame, coded(func(*block) {}, two, one), 0},
		"a hash of a frame that is not his": {chunkFrame, coded(func(*block) {}, Hash{Frame: 64, Machine: [32]byte{1}}), 0},
		"a hash that is cut":                {chunkFrame, cut(coded(func(*block) {}, one)), 0},
		"something behind the hashes":       {chunkFrame, append(coded(func(*block) {}, one), 7), 0},
		"a machine that no machine is":      {chunkSnap, deflatedBytes(make([]byte, 4*(2*64+len(r.Start.Data)+isa.StateWords))), 0},
		"a machine of too many words":       {chunkSnap, deflatedBytes(make([]byte, 4*(2*64+len(r.Start.Data)+isa.StateWords)+4)), 0},
		"a machine of half a word":          {chunkSnap, deflatedBytes(make([]byte, 5)), 0},
		"words that are not deflated":       {chunkCode, []byte("no"), 0},
		"more words than a program has":     {chunkCode, deflatedBytes(make([]byte, 4*isa.MaxProgramWords+4)), 0},
		"marks that are none":               {chunkMarks, []byte("{"), 100},
		"a head that is none":               {chunkHead, []byte("{"), 0},
		"a head of no version":              {chunkHead, []byte("{}"), 0},
		"a head of fewer than no frames":    {chunkHead, []byte(`{"version":1,"frames":-1}`), 0},
	} {
		got, err := Read(bytes.NewReader(without(t, r, func(kind string, holds []byte) []byte {
			if kind == tt.kind && (kind != chunkFrame || holds[0] == 0) {
				return tt.holds
			}
			return holds
		})))
		var d *Damage
		if !errors.As(err, &d) || d.Why != whyOther || got.Frames.Len() != tt.had {
			t.Errorf("%s: %v", name, err)
		}
	}

	good := written(t, r)
	if _, err := Read(bytes.NewReader(append(bytes.Clone(good), 0))); err == nil {
		t.Error("something behind the end is taken for nothing")
	}
	marks := bytes.Index(good, []byte(chunkMarks))
	length := 12 + int(binary.LittleEndian.Uint32(good[marks+4:]))
	for name, bad := range map[string][]byte{
		"without the marks": append(bytes.Clone(good[:marks]), good[marks+length:]...),
		"with them twice":   append(bytes.Clone(good[:marks+length]), good[marks:]...),
	} {
		if got, err := Read(bytes.NewReader(bad)); err == nil || got.Frames.Len() != 100 {
			t.Errorf("%s: %v", name, err)
		}
	}
	twice := without(t, r, func(kind string, holds []byte) []byte { return holds })
	twice = append(bytes.Clone(twice[:marks+length]), twice[marks:len(twice)-44]...)
	var end bytes.Buffer
	sum := hashBytes(twice)
	(&chunkWriter{w: &end}).chunk(chunkEnd, sum[:])
	if _, err := Read(bytes.NewReader(append(twice, end.Bytes()...))); err == nil {
		t.Error("two lists of marks are taken for one")
	}
}

func cut(b []byte) []byte { return b[:len(b)-10] }

func TestNoMoreIsInflatedThanThereCanBe(t *testing.T) {
	small := deflatedBytes(make([]byte, 40))
	if _, ok := inflate(small, 39); ok {
		t.Error("40 bytes are taken where 39 are the most")
	}
	if w, ok := inflateWords(small, 10); !ok || len(w) != 10 {
		t.Errorf("10 words are %d", len(w))
	}
	if _, ok := inflateWords(small, 9); ok {
		t.Error("10 words are taken where 9 are the most")
	}
	if _, ok := inflateWords(deflatedBytes(make([]byte, 41)), 20); ok {
		t.Error("a quarter of a word is taken for one")
	}
}

func unless(left bool, holds []byte) []byte {
	if left {
		return nil
	}
	return holds
}

// TestUnknownChunksAreLeftOut: what a later gvpie adds to a version is no damage here.
func TestUnknownChunksAreLeftOut(t *testing.T) {
	r := played(t, 10, moving)
	b := without(t, r, func(kind string, holds []byte) []byte { return holds })
	at := bytes.Index(b, []byte(chunkText))
	extra := binary.LittleEndian.AppendUint32([]byte("MORE"), 2)
	extra = append(extra, 1, 2)
	extra = binary.LittleEndian.AppendUint32(extra, crc32.Checksum(extra, castagnoli))
	b = append(bytes.Clone(b[:at]), append(extra, b[at:]...)...)
	b = b[:len(b)-44]
	sum := hashBytes(b)
	var end bytes.Buffer
	(&chunkWriter{w: &end}).chunk(chunkEnd, sum[:])
	got, err := Read(bytes.NewReader(append(b, end.Bytes()...)))
	if err != nil {
		t.Fatal(err)
	}
	wantRecording(t, got, r)
}

func TestAnIdleHourIsAFewKilobytes(t *testing.T) {
	r := &Recording{Name: "idle.pxl", Source: counter, Program: assemble(t, counter), Seed: 1}
	for i := range 60 * 60 * 60 {
		r.Frames.Append(Frame{Budget: isa.DefaultBudget, Cycles: 77})
		if i%844 == 0 {
			r.Hashes = append(r.Hashes, Hash{Frame: i})
		}
	}
	if n := len(written(t, r)); n > 4000 {
		t.Errorf("an hour takes %d bytes", n)
	}
}

// off is an engine that paints one texel otherwise, from a frame on.
type off struct {
	reference
	from, frames int
	state        bool // what is otherwise is how long a frame takes
}

func (o *off) Load(ctx context.Context, p isa.Program, seed int32) error {
	o.frames = 0
	return o.reference.Load(ctx, p, seed)
}

func (o *off) Restore(ctx context.Context, s *machine.Snapshot) error {
	o.frames = int(s.State[isa.StFrame])
	return o.reference.Restore(ctx, s)
}

func (o *off) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	o.frames++
	r, err := o.reference.Frame(ctx, in, budget)
	if o.state && o.frames > o.from {
		r.Cycles++
	}
	return r, err
}

func (o *off) Read(ctx context.Context, page machine.Page) ([]uint32, error) {
	w, err := o.reference.Read(ctx, page)
	if !o.state && o.frames > o.from {
		w[5]++
	}
	return w, err
}

func TestReplayNamesTheFrameThatIsOtherwise(t *testing.T) {
	r := played(t, 2000, moving) // every eighth picture is hashed
	for _, frame := range []int{0, 6, 7, 8, 1003, 1999} {
		for _, state := range []bool{false, true} {
			d, err := r.Replay(context.Background(), &off{from: frame, state: state}, nil)
			if err != nil || d == nil || d.First != frame || d.Frame != frame {
				t.Errorf("otherwise from frame %d on: %+v, %v", frame, d, err)
			}
		}
	}
	// Behind the last hash, as where a file was cut, the ends of frames are left.
	cut := *r
	cut.Hashes = r.Hashes[:3]
	if d, err := cut.Replay(context.Background(), &off{from: 1003, state: true}, nil); err != nil || d == nil || d.First != 1003 || d.Frame != 1003 {
		t.Errorf("behind the last hash: %+v, %v", d, err)
	}
	// Where the reference does not come out either, the frame is one of some.
	r.Hashes[3].Machine[0]++
	d, err := r.Replay(context.Background(), &reference{}, nil)
	if want := (Divergence{24, 31, "the machine texture is not the one recorded"}); err != nil || d == nil || *d != want {
		t.Errorf("%+v, %v; want %+v", d, err, want)
	}
}

func TestAnInterruptedRunIsRecordedAsFarAsItCame(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r := &Recording{Program: assemble(t, counter), Seed: 7}
	_, err := r.Run(ctx, &reference{}, 2000, 0, func(i int) machine.Input {
		if i == 13 {
			cancel()
		}
		return moving(i)
	})
	if n := r.Frames.Len(); !errors.Is(err, context.Canceled) || n != 13 || r.Hashes[len(r.Hashes)-1].Frame != 12 {
		t.Fatalf("%v after %d frames with %d hashes", err, n, len(r.Hashes))
	}
	if d, err := r.Replay(context.Background(), &reference{}, nil); d != nil || err != nil {
		t.Errorf("%+v, %v", d, err)
	}
}

// strict is an engine that does nothing once its context has ended, or it was lost.
type strict struct {
	reference
	frames, lostAt int
}

func (s *strict) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	if s.frames++; s.frames == s.lostAt {
		return machine.Report{}, errTape
	}
	return s.reference.Frame(ctx, in, budget)
}

func (s *strict) Read(ctx context.Context, page machine.Page) ([]uint32, error) {
	if s.frames == s.lostAt {
		return nil, errors.New("lost for good")
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.reference.Read(ctx, page)
}

func TestARecordingSaysWhyItEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r := &Recording{Program: assemble(t, counter), Seed: 7}
	_, err := r.Run(ctx, &strict{}, 2000, 0, func(i int) machine.Input {
		if i == 13 {
			cancel()
		}
		return moving(i)
	})
	if n := len(r.Hashes); !errors.Is(err, context.Canceled) || n == 0 || r.Hashes[n-1].Frame != 12 {
		t.Errorf("%v, %d hashes", err, n)
	}
	r = &Recording{Program: assemble(t, counter), Seed: 7}
	if _, err := r.Run(context.Background(), &strict{lostAt: 6}, 2000, 0, moving); !errors.Is(err, errTape) || r.Frames.Len() != 5 {
		t.Errorf("%v after %d frames", err, r.Frames.Len())
	}
}

// TestALiveRunIsSavedAfterTheFact, as far back as its ring reaches.
func TestALiveRunIsSavedAfterTheFact(t *testing.T) {
	for _, memory := range []int{DefaultMemory, 256 << 10} {
		l := newLive(t, memory)
		l.run(t, 6000)
		r, err := l.ring.Fork(5990).Recording(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		first := l.ring.First()
		if n := r.Frames.Len(); n != 5990-first || r.Hashes[len(r.Hashes)-1].Frame != n-1 || len(r.Hashes) < 3 || len(r.Hashes) > 2*maxHashes {
			t.Fatalf("%d frames, %d hashes of a ring from %d", n, len(r.Hashes), first)
		}
		again, err := Read(bytes.NewReader(written(t, r)))
		if err != nil {
			t.Fatal(err)
		}
		if d, err := again.Replay(context.Background(), &reference{}, nil); d != nil || err != nil {
			t.Errorf("%+v, %v", d, err)
		}
		ring := again.Ring(DefaultMemory)
		m, _ := at(t, ring, ring.End())
		wantEqual(t, 5990, m, l.fresh(t, 5990))
	}
}

func hashBytes(b []byte) [sha256.Size]byte { return sha256.Sum256(b) }

func deflatedBytes(b []byte) []byte {
	var to bytes.Buffer
	(&chunkWriter{w: &to}).deflated(chunkCode, b)
	return to.Bytes()[8 : to.Len()-4]
}
