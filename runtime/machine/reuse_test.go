package machine_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// These tests hold a machine that was used before, or stopped on its way, to one
// that was not, over random programs and such whose words were changed.

// program is a random program, broken every third time.
func program(t *testing.T, seed int64) (isa.Program, generate.Program) {
	t.Helper()
	if seed%3 == 0 {
		return generate.Broken(seed, true)
	}
	g := generate.New(seed, true)
	return g.Assemble().Program, g
}

const budget = 2000

func made(t *testing.T, p isa.Program, seed int64) *machine.Machine {
	t.Helper()
	m, err := machine.New(p, int32(seed))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func framed(t *testing.T, m *machine.Machine, in machine.Input, budget uint32) machine.Report {
	t.Helper()
	r, err := m.Frame(context.Background(), in, budget)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// differ names what two machines differ in; "" when they are equal.
func differ(a, b *machine.Machine) string {
	for page := machine.DisplayPage; page <= machine.StatePage; page++ {
		if !slices.Equal(a.Page(page), b.Page(page)) {
			return page.String() + " page"
		}
	}
	if !slices.Equal(a.Commands(), b.Commands()) {
		return "commands"
	}
	if !slices.Equal(a.Payload(), b.Payload()) {
		return "payload"
	}
	return ""
}

// ends is a context that ends after so many looks at it.
type ends struct {
	context.Context
	looks int
}

func (c *ends) Err() error {
	if c.looks--; c.looks < 0 {
		return context.Canceled
	}
	return nil
}

// use does something to a machine, and leaves it anywhere.
func use(t *testing.T, m *machine.Machine, r *rand.Rand, kept []*machine.Snapshot) {
	t.Helper()
	for range r.IntN(4) {
		switch r.IntN(5) {
		case 0:
			framed(t, m, machine.Input{Buttons: 7}, budget)
		case 1:
			if _, err := m.Frame(&ends{t.Context(), r.IntN(4)}, machine.Input{MouseX: 1}, 0); err != nil && !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		case 2:
			m.Begin(machine.Input{}, budget)
			if _, err := m.RunTo(t.Context(), uint32(r.IntN(100))); err != nil {
				t.Fatal(err)
			}
		case 3:
			m.Begin(machine.Input{}, budget)
			if _, err := m.RunTo(t.Context(), uint32(r.IntN(100))); err != nil {
				t.Fatal(err)
			}
			if err := m.Paint(t.Context()); err != nil {
				t.Fatal(err)
			}
		default:
			if len(kept) > 0 {
				if err := m.Restore(kept[r.IntN(len(kept))]); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// TestAResetMachineIsANewOne uses one machine for all programs.
func TestAResetMachineIsANewOne(t *testing.T) {
	first, _ := program(t, 1)
	used := made(t, first, 1)
	var kept []*machine.Snapshot
	r := rand.New(rand.NewPCG(7, 7))
	for seed := range int64(300) {
		p, g := program(t, seed)
		for range 1 + r.IntN(2) { // another program, and the same again
			use(t, used, r, kept)
			if err := used.Reset(p, int32(seed)); err != nil {
				t.Fatal(err)
			}
			fresh := made(t, p, seed)
			if d := differ(used, fresh); d != "" {
				t.Fatalf("seed %d: the reset machine's %s", seed, d)
			}
			for n := range g.Frames {
				got, want := framed(t, used, g.Input(n), budget), framed(t, fresh, g.Input(n), budget)
				if d := differ(used, fresh); d != "" || !reflect.DeepEqual(got, want) {
					t.Fatalf("seed %d, frame %d: %s; %+v, not %+v\n%s", seed, n, d, got, want, g.Source)
				}
			}
			if !reflect.DeepEqual(used.Human(), fresh.Human()) {
				t.Fatalf("seed %d: the human textures", seed)
			}
		}
		kept = append(kept, used.Snapshot())
	}
}

func TestResetRefusesWhatIsNoProgram(t *testing.T) {
	p, _ := program(t, 1)
	m := made(t, p, 5)
	framed(t, m, machine.Input{}, budget)
	before := m.Snapshot()
	if err := m.Reset(p[:3], 1); !errors.Is(err, isa.ErrProgram) {
		t.Errorf("error %v", err)
	}
	if err := m.Restore(&machine.Snapshot{Program: p}); !errors.Is(err, machine.ErrSnapshot) {
		t.Errorf("error %v", err)
	}
	if !reflect.DeepEqual(before, m.Snapshot()) {
		t.Error("the machine changed")
	}
}

// TestResetTakesNoMemory: the same program costs none, another of the same canvas
// next to none.
func TestResetTakesNoMemory(t *testing.T) {
	hello := pxl.Assemble("", "TXT 10 10 HELLO GPU\nHALT\n").Program
	other := pxl.Assemble("", "SET x = 3\nTXT 10 10 other {x}\nLOG x\nHALT\n").Program
	m := made(t, hello, 1)
	turn := func(programs ...isa.Program) float64 {
		return testing.AllocsPerRun(20, func() {
			for _, p := range programs {
				if err := m.Reset(p, 1); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	if n := turn(hello); n != 0 {
		t.Errorf("the same program: %v allocations", n)
	}
	if n := turn(hello, other); n > 4 {
		t.Errorf("two programs by turns: %v allocations", n)
	}
}

// TestALargeProgramLeavesNoMemory: what a machine kept of one would be held by
// every pool of engines.
func TestALargeProgramLeavesNoMemory(t *testing.T) {
	large := pxl.Assemble("", ".canvas 1024 1024 pixel\n.array a 60000\nFOR i = 1 TO 30000\nPLOT i 5\nTXT 0 0 {i}\nEND\n").Program
	m := made(t, large, 1)
	framed(t, m, machine.Input{}, 0)
	if err := m.Reset(pxl.Assemble("", "NOP\n").Program, 1); err != nil {
		t.Fatal(err)
	}
	framed(t, m, machine.Input{}, 0)
	for page := machine.DisplayPage; page <= machine.StatePage; page++ {
		if got := cap(m.Page(page)); got > 1<<15 {
			t.Errorf("the %v page has room for %d words", page, got)
		}
	}
	if c, p := cap(m.Commands()), cap(m.Payload()); c > 1<<15 || p > 1<<15 {
		t.Errorf("room for %d commands and %d words of payload", c, p)
	}
}

// TestAStoppedFrameEndsAsAnyOther stops frames at random cycles, looks at the
// picture in the making, and goes on. What it sees at a stop is what a frame
// leaves that has no more cycles.
func TestAStoppedFrameEndsAsAnyOther(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	stops, pictures := 0, 0
	for seed := range int64(300) {
		p, g := program(t, seed)
		straight, stopped := made(t, p, seed), made(t, p, seed)
		for n := range g.Frames {
			in := g.Input(n)
			before := stopped.Snapshot()
			want := framed(t, straight, in, budget)
			stopped.Begin(in, budget)
			if n == 1 { // begun twice: once
				if _, err := stopped.RunTo(t.Context(), 7); err != nil {
					t.Fatal(err)
				}
				stopped.Begin(in, budget)
			}
			for cycle := uint32(r.IntN(20)); ; cycle += 1 + uint32(r.IntN(1+int(want.Cycles)/3)) {
				stands, err := stopped.RunTo(t.Context(), cycle)
				if err != nil {
					t.Fatal(err)
				}
				if stands != (cycle < want.Cycles) && cycle != want.Cycles {
					t.Fatalf("seed %d, frame %d of %d cycles: at cycle %d it stands: %v", seed, n, want.Cycles, cycle, stands)
				}
				if !stands || cycle > 2*budget {
					break
				}
				stops++
				if got := stopped.Page(machine.StatePage)[isa.StCycles]; got != cycle {
					t.Fatalf("seed %d, frame %d: it stands at cycle %d, not %d", seed, n, got, cycle)
				}
				if r.IntN(2) == 0 || cycle == 0 {
					continue
				}
				pictures++
				if err := stopped.Paint(t.Context()); err != nil {
					t.Fatal(err)
				}
				short, err := machine.FromSnapshot(before)
				if err != nil {
					t.Fatal(err)
				}
				framed(t, short, in, cycle)
				for _, page := range []machine.Page{machine.DisplayPage, machine.WriterPage, machine.DataPage} {
					if !slices.Equal(short.Page(page), stopped.Page(page)) {
						t.Fatalf("seed %d, frame %d, cycle %d: the %v page is not that of a frame of so many cycles\n%s", seed, n, cycle, page, g.Source)
					}
				}
				if !slices.Equal(short.Commands(), stopped.Commands()) || short.Page(machine.StatePage)[isa.StPC] != stopped.Page(machine.StatePage)[isa.StPC] {
					t.Fatalf("seed %d, frame %d, cycle %d: the commands or the pc", seed, n, cycle)
				}
			}
			got, err := stopped.End(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if d := differ(stopped, straight); d != "" || !reflect.DeepEqual(got, want) {
				t.Fatalf("seed %d, frame %d: %s; %+v, not %+v\n%s", seed, n, d, got, want, g.Source)
			}
			if again, err := stopped.End(t.Context()); err != nil || again.Cycles != 0 || again.Status != want.Status {
				t.Fatalf("a second End: %+v %v", again, err)
			}
		}
	}
	if stops < 500 || pictures < 200 {
		t.Errorf("only %d stops and %d pictures", stops, pictures)
	}
}

// TestPaintTooEarlyDoesNotShow: a block reads the data page when it is painted, so
// that what it does at a stop is not what it does at the frame's end.
func TestPaintTooEarlyDoesNotShow(t *testing.T) {
	const w = isa.SysWords // the word that the block reads
	for _, c := range []struct {
		name          string
		before, after []uint32 // the block: a SET or ST of w
		atStop, atEnd uint32   // the texel
		fails         bool
	}{
		{"another value", []uint32{isa.InstrHeader(isa.SET, 2, 0), w, 1000}, []uint32{isa.InstrHeader(isa.SET, 2, 0), w, 500}, 0xFF010000, 0xFF020000, false},
		{"an error at the stop alone", nil, []uint32{isa.InstrHeader(isa.SET, 2, 0), w, 1000}, 0, 0xFF010000, false},
		{"an error at the end alone", []uint32{isa.InstrHeader(isa.SET, 2, 0), w, 1000}, []uint32{isa.InstrHeader(isa.SET, 2, 0), w, 0}, 0xFF010000, 0, true},
		{"an array", []uint32{isa.InstrHeader(isa.SET, 2, 0), w, 1000}, []uint32{isa.InstrHeader(isa.ST, 4, 0), w, 1, 0, 0}, 0xFF010000, 0xFF010000, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			// PLOT 1 0, then EACH: PUT 1000 / data[w]
			const size = 3 + 7 + 5 + 4 + 2
			block := isa.HeaderWords + len(c.before)
			code := slices.Concat(c.before, []uint32{
				isa.InstrHeader(isa.PLOT, 2, 0), 1, 0,
				isa.InstrHeader(isa.EACH, 5, 0), 0, 0, 1, 1, uint32(block + size), 0,
				isa.InstrHeader(isa.LD, 4, 0), isa.LaneFlag | 2, w, 1, 0,
				isa.InstrHeader(isa.DIV, 3, 4), isa.LaneFlag | 2, 1000, isa.LaneFlag | 2,
				isa.InstrHeader(isa.PUT, 1, 1), isa.LaneFlag | 2,
			}, c.after)
			head := isa.NewHeader(isa.Header{W: 2, H: 1, Pixel: true, DataWords: w + 1, CodeEnd: isa.HeaderWords + len(code)})
			p := append(isa.Program(head[:]), code...)

			straight, stopped := made(t, p, 1), made(t, p, 1)
			want := framed(t, straight, machine.Input{}, 0)
			if got := straight.Page(machine.DisplayPage)[0]; (want.Fault != nil) != c.fails || got != c.atEnd {
				t.Fatalf("straight on: %+v, %08x", want.Fault, got)
			}
			stopped.Begin(machine.Input{}, 0)
			cycle := uint32(2 + len(c.before)/3)
			if stands, err := stopped.RunTo(t.Context(), cycle); err != nil || !stands {
				t.Fatal(stands, err)
			}
			// A context that ends leaves the frame where it stands.
			if err := stopped.Paint(&ends{t.Context(), 0}); !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			if got := stopped.Page(machine.DisplayPage)[1]; got != 0 {
				t.Errorf("a picture that was given up left %08x", got)
			}
			if err := stopped.Paint(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := stopped.Page(machine.DisplayPage)[0]; got != c.atStop {
				t.Errorf("at the stop the texel is %08x", got)
			}
			got, err := stopped.End(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if d := differ(stopped, straight); d != "" || !reflect.DeepEqual(got, want) {
				t.Errorf("the %s: %+v, not %+v", d, got.Fault, want.Fault)
			}
		})
	}
}

// deep is a snapshot that shares nothing.
func deep(s *machine.Snapshot) *machine.Snapshot {
	return &machine.Snapshot{Program: slices.Clone(s.Program), Display: slices.Clone(s.Display), Writer: slices.Clone(s.Writer),
		Data: slices.Clone(s.Data), State: slices.Clone(s.State)}
}

// TestASnapshotStaysAsItWas does everything to the machine it was taken of, and to
// machines made from it.
func TestASnapshotStaysAsItWas(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	var all, copies []*machine.Snapshot
	first, _ := program(t, 1)
	m := made(t, first, 1)
	for seed := range int64(60) {
		p, g := program(t, seed)
		if err := m.Reset(p, int32(seed)); err != nil {
			t.Fatal(err)
		}
		for n := range g.Frames {
			framed(t, m, g.Input(n), budget)
			s := m.Snapshot()
			all, copies = append(all, s), append(copies, deep(s))
			twin, err := machine.FromSnapshot(s)
			if err != nil {
				t.Fatal(err)
			}
			use(t, twin, r, all)
		}
		use(t, m, r, all)
	}
	for i := range all {
		if !reflect.DeepEqual(all[i], copies[i]) {
			t.Fatalf("snapshot %d has changed", i)
		}
	}
}

// TestSnapshotsSharePagesThatDidNotChange: a program that draws once and waits
// costs its data and state pages, one that halted nothing.
func TestSnapshotsSharePagesThatDidNotChange(t *testing.T) {
	m := made(t, pxl.Assemble("", "RECT 1 1 9 9\nloop:\nFRAME\nIF frame == 3 RECT 1 1 30 9\nJMP loop\n").Program, 1)
	framed(t, m, machine.Input{}, 0)
	same := func(a, b []uint32) bool { return &a[0] == &b[0] }
	a := m.Snapshot()
	framed(t, m, machine.Input{}, 0)
	b := m.Snapshot()
	if !same(a.Program, b.Program) || !same(a.Display, b.Display) || !same(a.Writer, b.Writer) {
		t.Error("an idle frame's snapshot shares too little")
	}
	if same(a.State, b.State) || same(a.Data, b.Data) {
		t.Error("pages that changed are shared")
	}
	framed(t, m, machine.Input{}, 0)
	framed(t, m, machine.Input{}, 0)
	c := m.Snapshot()
	if same(b.Display, c.Display) || same(b.Writer, c.Writer) {
		t.Error("a picture that changed is shared")
	}
	d := m.Snapshot()
	if !same(c.Data, d.Data) || !same(c.State, d.State) || !same(c.Display, d.Display) {
		t.Error("two snapshots of the same moment share too little")
	}
	twin, err := machine.FromSnapshot(d)
	if err != nil {
		t.Fatal(err)
	}
	if e := twin.Snapshot(); !same(d.Program, e.Program) || !same(d.Display, e.Display) || !same(d.State, e.State) {
		t.Error("a machine made from a snapshot shares too little with it")
	}
}

// BenchmarkHello is a candidate of a search: a small program from its start to its
// picture's codes.
func BenchmarkHello(b *testing.B) {
	p := pxl.Assemble("", "TXT 10 10 HELLO GPU\nHALT\n").Program
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m, err := machine.New(p, 1)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := m.Frame(b.Context(), machine.Input{}, 0); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("reset", func(b *testing.B) {
		b.ReportAllocs()
		m, err := machine.New(p, 1)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if err := m.Reset(p, 1); err != nil {
				b.Fatal(err)
			}
			if _, err := m.Frame(b.Context(), machine.Input{}, 0); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkSnapshot is a keyframe of a program that draws once and waits.
func BenchmarkSnapshot(b *testing.B) {
	m, err := machine.New(pxl.Assemble("", "RECT 1 1 9 9\nloop:\nFRAME\nJMP loop\n").Program, 1)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	var last *machine.Snapshot
	for b.Loop() {
		if _, err := m.Frame(b.Context(), machine.Input{}, 0); err != nil {
			b.Fatal(err)
		}
		last = m.Snapshot()
	}
	_ = last
}

func TestPagesAreTheSameWordByWord(t *testing.T) {
	for _, n := range []int{0, 1, 1023, 1024, 1025, 4096, 5000} {
		a := make([]uint32, n)
		for i := range a {
			a[i] = uint32(i)
		}
		b := slices.Clone(a)
		if !machine.SamePage(a, a) || !machine.SamePage(a, b) || machine.SamePage(a, append(b, 0)) {
			t.Errorf("%d words: equal pages are not the same, or one of more words is", n)
		}
		for _, i := range []int{0, n / 2, n - 1} {
			if i < 0 || n == 0 {
				continue
			}
			b[i]++
			if machine.SamePage(a, b) {
				t.Errorf("%d words: pages that differ in word %d are the same", n, i)
			}
			b[i]--
		}
	}
}
