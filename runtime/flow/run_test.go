package flow_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"gvpie/runtime/flow"
	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// These tests hold the graph to what the machine does, over random programs and
// over pages that are hardly programs.

// runs gives programs to a test: as they were generated, and broken.
func runs(t *testing.T, n int64, test func(r *rand.Rand, p isa.Program, g generate.Program)) {
	for seed := range n {
		r := rand.New(rand.NewPCG(uint64(seed), 2))
		g := generate.New(seed, true)
		test(r, g.Assemble().Program, g)
		p, g := generate.Broken(seed, true)
		test(r, p, g)
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, g.Source)
		}
	}
}

func begin(t *testing.T, p isa.Program) *machine.Snapshot {
	t.Helper()
	m, err := machine.New(p, isa.DefaultSeed)
	if err != nil {
		t.Fatal(err)
	}
	return m.Snapshot()
}

// step executes one instruction of a machine. The result is one that can go on,
// though in the middle of a frame, unless ended.
func step(t *testing.T, s *machine.Snapshot, in machine.Input) (after *machine.Snapshot, ended bool) {
	t.Helper()
	m := restore(t, s)
	r, err := m.Frame(t.Context(), in, 1)
	if err != nil {
		t.Fatal(err)
	}
	after = m.Snapshot()
	if r.Fault != nil && r.Fault.Code == isa.CycleLimit && r.Fault.X < 0 {
		after.State = slices.Clone(after.State)
		after.State[isa.StStatus] = uint32(isa.Framed)
		return after, false
	}
	return after, r.Status != isa.Framed
}

func restore(t *testing.T, s *machine.Snapshot) *machine.Machine {
	t.Helper()
	m, err := machine.FromSnapshot(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// from follows a program from where a machine stands.
func from(t *testing.T, s *machine.Snapshot) *flow.Graph {
	t.Helper()
	h, err := s.Program.Header()
	if err != nil {
		t.Fatal(err)
	}
	return flow.Analyze(s.Program, h, s.State[isa.StPC], s.State[isa.StStack:][:s.State[isa.StSP]]...)
}

// edge says whether the code goes from one address to another.
func edge(c *flow.Code, from, to uint32) bool {
	i := c.BlockAt(from)
	if i < 0 {
		return false
	}
	b := c.Blocks[i]
	k := slices.IndexFunc(b.Instrs, func(in isa.Instr) bool { return uint32(in.Addr) == from })
	switch {
	case k < 0:
		return false
	case k < len(b.Instrs)-1:
		return uint32(b.Instrs[k+1].Addr) == to
	}
	return slices.ContainsFunc(b.Next, func(next int) bool { return c.Blocks[next].Start == to })
}

func TestARunGoesAlongEdges(t *testing.T) {
	const most = 120 // instructions of a program
	steps, jumps, returns := 0, 0, 0
	runs(t, 150, func(_ *rand.Rand, p isa.Program, g generate.Program) {
		s := begin(t, p)
		code := from(t, s).Core
		for n := 0; n < most; n++ {
			pc := s.State[isa.StPC]
			if code.BlockAt(pc) < 0 {
				t.Errorf("it stands at %d, where the graph has no block", pc)
				return
			}
			after, ended := step(t, s, g.Input(n))
			if ended {
				return
			}
			to := after.State[isa.StPC]
			if !edge(code, pc, to) {
				t.Errorf("it went from %d to %d, the graph does not", pc, to)
				return
			}
			steps++
			if in, _ := isa.Decode(p, int(pc), len(p)); uint32(in.Addr+in.Size) != to {
				jumps++
				if in.Spec.Op == isa.RET {
					returns++
				}
			}
			s = after
		}
	})
	if steps < 10000 || jumps < 500 || returns < 20 {
		t.Errorf("only %d steps, %d of them not to the instruction behind, %d returns", steps, jumps, returns)
	}
}

// TestWhatIsNotReachedDoesNotMatter changes every word of the code that no
// instruction of the graph, or of its blocks, is made of.
func TestWhatIsNotReachedDoesNotMatter(t *testing.T) {
	changed := 0
	runs(t, 400, func(r *rand.Rand, p isa.Program, g generate.Program) {
		s := begin(t, p)
		graph := from(t, s)
		h, _ := p.Header()
		used := make([]bool, len(p))
		use := func(c *flow.Code) {
			for _, b := range c.Blocks {
				for _, in := range b.Instrs {
					mark(used, uint64(in.Addr), uint64(in.Size))
					tables(p, in, func(from, n uint64) { mark(used, from, n) })
				}
				if len(b.Instrs) == 0 { // what is no instruction stays none: its operands and tail
					in, ok := isa.Decode(p, int(b.Start), h.CodeEnd)
					if !ok {
						in.Size = max(in.Size, 10)
					}
					mark(used, uint64(b.Start), uint64(in.Size))
				}
			}
		}
		use(graph.Core)
		for _, each := range graph.Each {
			use(graph.Block(each))
		}
		other := begin(t, slices.Clone(p))
		for i := isa.HeaderWords; i < h.CodeEnd; i++ {
			if !used[i] {
				other.Program[i] = r.Uint32()
				changed++
			}
		}
		same(t, g, s, other)
	})
	if changed < 2000 {
		t.Errorf("only %d words were changed", changed)
	}
}

func mark(used []bool, from, n uint64) {
	for i := from; i < min(from+n, uint64(len(used))); i++ {
		used[i] = true
	}
}

// tables tells what of the program page an instruction may read as data, which may
// be code.
func tables(p isa.Program, in isa.Instr, read func(from, n uint64)) {
	arg := func(i int) uint64 { return uint64(in.Args[i]) }
	switch in.Spec.Op {
	case isa.LDT:
		read(arg(1), arg(2))
	case isa.LDT2:
		read(arg(1), arg(2)*arg(3))
	case isa.SPR:
		read(arg(0), (arg(1)&0xFFFF)*(arg(1)>>16)*arg(2))
	}
	if in.Spec.Tail != isa.TextTail {
		return
	}
	for _, part := range isa.TextParts(in.Tail) {
		if part.Format&isa.FormatText == 0 {
			continue
		}
		read(uint64(part.Table), uint64(part.Count))
		for i := uint64(part.Table); i < min(uint64(part.Table)+uint64(part.Count), uint64(len(p))); i++ {
			read(uint64(p[i]&0xFFFF), uint64(p[i]>>16))
		}
	}
}

// TestADeadWordDoesNotMatter changes, at points anywhere in a run, every data
// word that is not live there, and goes on.
func TestADeadWordDoesNotMatter(t *testing.T) {
	dead, live := 0, 0
	runs(t, 400, func(r *rand.Rand, p isa.Program, g generate.Program) {
		s := begin(t, p)
		for n := range r.IntN(60) {
			after, ended := step(t, s, g.Input(n))
			if ended {
				break
			}
			s = after
		}
		if isa.Status(s.State[isa.StStatus]) >= isa.Halted {
			return
		}
		matters := from(t, s).Live().At(s.State[isa.StPC])
		other := *s
		other.Data = slices.Clone(s.Data)
		for i := range other.Data {
			if matters(uint32(i)) {
				live++
				continue
			}
			other.Data[i] = r.Uint32()
			dead++
		}
		same(t, g, s, &other)
	})
	if dead < 2000 || live < 2000 {
		t.Errorf("%d words were dead and %d live", dead, live)
	}
}

// same runs two machines that are to do the same, whatever their data pages hold.
func same(t *testing.T, g generate.Program, a, b *machine.Snapshot) {
	t.Helper()
	ma, mb := restore(t, a), restore(t, b)
	for frame := range g.Frames + 1 {
		ra, err := ma.Frame(t.Context(), g.Input(frame), 2000)
		if err != nil {
			t.Fatal(err)
		}
		rb, err := mb.Frame(t.Context(), g.Input(frame), 2000)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case ra.Status != rb.Status, ra.Cycles != rb.Cycles, !slices.Equal(ra.Log, rb.Log),
			(ra.Fault == nil) != (rb.Fault == nil), ra.Fault != nil && *ra.Fault != *rb.Fault:
			t.Errorf("frame %d: %+v %+v, and %+v %+v", frame, ra, ra.Fault, rb, rb.Fault)
			return
		case !slices.Equal(ma.Commands(), mb.Commands()), !slices.Equal(ma.Payload(), mb.Payload()):
			t.Errorf("frame %d: other commands", frame)
			return
		}
		for _, page := range []machine.Page{machine.DisplayPage, machine.WriterPage, machine.StatePage} {
			if !slices.Equal(ma.Page(page), mb.Page(page)) {
				t.Errorf("frame %d: another %v page", frame, page)
				return
			}
		}
	}
}

// FuzzAnalyze follows any words from any state.
func FuzzAnalyze(f *testing.F) {
	f.Add(int64(1), uint32(isa.HeaderWords), uint32(0))
	f.Add(int64(2), uint32(1<<31), uint32(9))
	f.Fuzz(func(t *testing.T, seed int64, pc, back uint32) {
		r := rand.New(rand.NewPCG(uint64(seed), 3))
		p, _ := generate.Broken(seed, true)
		for range r.IntN(len(p)) {
			i := isa.HeaderWords + r.IntN(len(p)-isa.HeaderWords)
			p[i] = isa.InstrHeader(isa.Specs[r.IntN(len(isa.Specs))].Op, r.IntN(8), uint8(r.IntN(256)))
		}
		h, err := p.Header()
		if err != nil {
			t.Fatal(err)
		}
		g := flow.Analyze(p, h, pc, back)
		live := g.Live()
		for _, s := range append(g.Each, flow.Span{Start: isa.HeaderWords, End: uint32(h.CodeEnd)}) {
			g.Block(s)
		}
		for i, b := range g.Core.Blocks {
			if g.Core.BlockAt(b.Start) != i {
				t.Errorf("block %d begins at %d, where block %d is", i, b.Start, g.Core.BlockAt(b.Start))
			}
			live.At(b.Start)(uint32(h.DataWords))
		}
	})
}
