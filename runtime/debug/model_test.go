package debug

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/record"
)

// moment is what the model knows of a position.
type moment struct {
	at        Position
	pc, depth int
}

// model is a run stepped through, instruction by instruction, on a machine that never
// goes back.
type model struct {
	run     Run
	moments []moment
	starts  map[int]bool
	ended   bool // the last moment is the run's end
}

const modelFrames = 6

func newModel(t *testing.T, r Run) *model {
	t.Helper()
	m, err := machine.New(r.Assembly.Program, isa.DefaultSeed)
	if err != nil {
		t.Fatal(err)
	}
	out := &model{run: r, starts: map[int]bool{}}
	for _, at := range (&Branch{run: r}).code().starts {
		out.starts[at] = true
	}
	at := Position{}
	note := func() {
		state := m.Page(machine.StatePage)
		out.moments = append(out.moments, moment{at, int(state[isa.StPC]), int(state[isa.StSP])})
	}
	for ; at.Frame < r.Frames; at = (Position{Frame: at.Frame + 1}) {
		m.Begin(r.InputAt(at.Frame), r.Budget)
		note()
		for {
			stands, err := m.RunTo(t.Context(), at.Cycle+1)
			if err != nil {
				t.Fatal(err)
			}
			if !stands {
				break
			}
			at.Cycle++
			note()
		}
		report, err := m.End(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if report.Status != isa.Framed {
			out.ended = true
			if at.Cycle = report.Cycles; out.moments[len(out.moments)-1].at == at {
				out.moments = out.moments[:len(out.moments)-1] // running off the end takes no cycle
			}
			note()
			return out
		}
	}
	note()
	return out
}

// fresh is a machine that runs to a position for the first time.
func (m *model) fresh(t *testing.T, to Position) *machine.Machine {
	t.Helper()
	f, err := machine.New(m.run.Assembly.Program, isa.DefaultSeed)
	if err != nil {
		t.Fatal(err)
	}
	for frame := range to.Frame {
		if _, err := f.Frame(t.Context(), m.run.InputAt(frame), m.run.Budget); err != nil {
			t.Fatal(err)
		}
	}
	if to.Frame == m.run.Frames {
		return f
	}
	f.Begin(m.run.InputAt(to.Frame), m.run.Budget)
	if stands, err := f.RunTo(t.Context(), to.Cycle); err != nil {
		t.Fatal(err)
	} else if !stands {
		if _, err := f.End(t.Context()); err != nil {
			t.Fatal(err)
		}
	} else if err := f.Paint(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f
}

// move is what a move from a moment comes to.
func (m *model) move(i int, move Move, back bool) int {
	last := len(m.moments) - 1
	from := m.moments[i]
	starts := func(k int) bool { return m.starts[m.moments[k].pc] }
	ends := func(k int) bool { return k == last }
	step := 1
	if back {
		step, ends = -1, func(k int) bool { return k == 0 }
	}
	var holds func(k int) bool
	switch {
	case move == Cycle:
		holds = func(int) bool { return true }
	case move == Frame, move == Out && from.depth == 0:
		holds = func(k int) bool { return m.moments[k].at.Cycle == 0 }
	case move == Into:
		holds = starts
	case move == Over:
		holds = func(k int) bool { return starts(k) && m.moments[k].depth <= from.depth }
	case back:
		holds = func(k int) bool { return starts(k) && m.moments[k].depth < from.depth }
	default:
		holds = func(k int) bool { return m.moments[k].depth < from.depth }
	}
	for k := i; ; {
		if ends(k) {
			return k
		}
		if k += step; holds(k) && !(k == last && m.ended && !back) {
			return k
		}
	}
}

// TestMovesAgreeWithAFreshRun: random moves through random programs, forwards and
// backwards, come to where a run that is stepped through says, and what the machine holds
// there is what one holds that has run there for the first time.
func TestMovesAgreeWithAFreshRun(t *testing.T) {
	const programs, moves = 150, 25
	kinds := map[string]int{}
	for seed := range int64(programs) {
		g := generate.New(seed, true)
		a := g.Assemble()
		run := Run{Assembly: a, Budget: generate.Budget / 10, InputAt: g.Input, Frames: modelFrames}
		model := newModel(t, run)
		run.Ring = record.NewRing(a.Program, isa.DefaultSeed, 1<<15+int(seed%8)<<12)
		s, err := New(run)
		if err != nil {
			t.Fatal(err)
		}
		rnd := rand.New(rand.NewPCG(uint64(seed), 1))
		s.spacing = 0
		at := 0
		said := ""
		for range moves {
			move, back, to := Move(rnd.IntN(5)), rnd.IntN(2) == 0, -1
			if rnd.IntN(3) == 0 {
				to = rnd.IntN(len(model.moments))
			}
			var err error
			switch {
			case to >= 0:
				said += fmt.Sprintf("go to %v\n", model.moments[to].at)
				err = s.Go(t.Context(), model.moments[to].at)
				at = to
			case back:
				said += fmt.Sprintf("back %d from %v\n", move, s.Position())
				_, err = s.StepBack(t.Context(), move)
				at = model.move(at, move, true)
			default:
				said += fmt.Sprintf("on %d from %v\n", move, s.Position())
				_, err = s.Step(t.Context(), move)
				at = model.move(at, move, false)
			}
			if err != nil {
				t.Fatal(err)
			}
			kinds[fmt.Sprint(move, back, to >= 0)]++
			want := model.moments[at]
			if s.Position() != want.at || s.pc() != want.pc || s.depth() != want.depth {
				t.Fatalf("program %d:\n%s\n%sstands at %v, address %d, depth %d; want %+v", seed, g.Source, said, s.Position(), s.pc(), s.depth(), want)
			}
			m, err := s.Machine(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			f := model.fresh(t, want.at)
			for p := machine.DisplayPage; p <= machine.StatePage; p++ {
				if !slices.Equal(m.Page(p), f.Page(p)) {
					t.Fatalf("program %d:\n%s\n%sat %v the %v page differs", seed, g.Source, said, want.at, p)
				}
			}
			if want.at.Cycle > 0 && !slices.Equal(m.Commands(), f.Commands()) {
				t.Fatalf("program %d:\n%s\n%sat %v the commands differ", seed, g.Source, said, want.at)
			}
		}
	}
}
