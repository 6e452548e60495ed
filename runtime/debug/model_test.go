package debug

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
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

// values are those of a data word at every moment.
func (m *model) values(t *testing.T, word int) []uint32 {
	t.Helper()
	var out []uint32
	f, err := machine.New(m.run.Assembly.Program, isa.DefaultSeed)
	if err != nil {
		t.Fatal(err)
	}
	for i, k := range m.moments {
		if k.at.Cycle == 0 && (i == 0 || k.at.Frame > m.moments[i-1].at.Frame) {
			if i > 0 {
				if _, err := f.End(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if k.at.Frame < m.run.Frames {
				f.Begin(m.run.InputAt(k.at.Frame), m.run.Budget)
			}
		}
		if _, err := f.RunTo(t.Context(), k.at.Cycle); err != nil {
			t.Fatal(err)
		}
		out = append(out, f.Page(machine.DataPage)[word])
	}
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

// seek is where a breakpoint is found that stops at the moments that holds says.
func (m *model) seek(i int, holds func(k int) bool, back bool) int {
	step := 1
	if back {
		step = -1
	}
	for k := i + step; k >= 0 && k < len(m.moments); k += step {
		if holds(k) {
			return k
		}
	}
	if back {
		return i
	}
	return len(m.moments) - 1
}

// writes are the positions behind the commands that wrote a texel of a rectangle, found
// texel by texel.
func (m *model) writes(t *testing.T, r image.Rectangle) map[Position]bool {
	t.Helper()
	at := map[Position]bool{}
	tracer := machine.NewTracer()
	for frame := range m.moments[len(m.moments)-1].at.Frame + 1 {
		if frame == m.run.Frames {
			break
		}
		if err := tracer.Begin(m.fresh(t, Position{Frame: frame}).Snapshot(), m.run.InputAt(frame), m.run.Budget); err != nil {
			t.Fatal(err)
		}
		if _, err := tracer.GoTo(t.Context(), math.MaxUint32); err != nil {
			t.Fatal(err)
		}
		for _, c := range slices.Clone(tracer.Commands()) {
			for i := range r.Dx() * r.Dy() {
				x, y := r.Min.X+i%r.Dx(), r.Min.Y+i/r.Dx()
				if !tracer.Reaches(&c, x, y) {
					continue
				}
				if c.Op() == isa.EACH {
					if _, err := tracer.GoTo(t.Context(), c[isa.CmdCycle]); err != nil {
						t.Fatal(err)
					}
					if tracer.Block(&c, x, y).Mark.PC == 0 {
						continue
					}
				} else if mark, err := tracer.Draw(t.Context(), &c, x, y); err != nil || mark.PC == 0 {
					continue
				}
				at[Position{frame, c[isa.CmdCycle]}] = true
			}
		}
	}
	return at
}

// TestSeeksAgreeWithAFreshRun: the next and the last line, change of a variable and write
// of a texel, from anywhere in random programs, are those that a run that is stepped
// through has, and what the machine holds there is what one holds that has run there.
func TestSeeksAgreeWithAFreshRun(t *testing.T) {
	const programs, seeks = 100, 18
	found := map[string]int{}
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
		s.spacing = 0
		rnd := rand.New(rand.NewPCG(uint64(seed), 3))
		type sought struct {
			Breakpoint
			holds func(k int) bool
		}
		var all []sought
		r := image.Rect(0, 0, 1, 1).Add(image.Pt(rnd.IntN(a.Header.W), rnd.IntN(a.Header.H)))
		if seed%3 == 0 {
			r.Max = r.Max.Add(image.Pt(rnd.IntN(6), rnd.IntN(4)))
		}
		r = r.Intersect(image.Rect(0, 0, a.Header.W, a.Header.H))
		writes := model.writes(t, r)
		all = append(all, sought{Breakpoint{Texels: r}, func(k int) bool { return writes[model.moments[k].at] }})
		if variables := s.Variables(); len(variables) > 0 {
			v := variables[rnd.IntN(len(variables))]
			values := model.values(t, v.Word)
			all = append(all, sought{Breakpoint{Variable: v.Name}, func(k int) bool {
				return k > 0 && model.moments[k].at.Cycle > 0 && values[k] != values[k-1]
			}})
		}
		line := 1 + rnd.IntN(strings.Count(g.Source, "\n")+1)
		if addrs, _ := s.branch.lineAddrs("", line); len(addrs) > 0 {
			all = append(all, sought{Breakpoint{Line: line}, func(k int) bool {
				return slices.Contains(addrs, model.moments[k].pc) && (k < len(model.moments)-1 || !model.ended && model.moments[k].at.Frame < modelFrames)
			}})
		}
		at := 0
		said := ""
		for range seeks {
			if rnd.IntN(4) == 0 {
				at = rnd.IntN(len(model.moments))
				if err := s.Go(t.Context(), model.moments[at].at); err != nil {
					t.Fatal(err)
				}
			}
			what, back := all[rnd.IntN(len(all))], rnd.IntN(2) == 0
			said += fmt.Sprintf("from %v to %+v, back: %v\n", s.Position(), what.Breakpoint, back)
			reason, err := s.Seek(t.Context(), what.Breakpoint, back, math.MaxInt)
			if err != nil {
				t.Fatal(err)
			}
			if reason == Hit {
				found[fmt.Sprint(what.Texels.Empty(), what.Variable == "", back)]++
			}
			at = model.seek(at, what.holds, back)
			want := model.moments[at]
			if s.Position() != want.at || s.pc() != want.pc {
				t.Fatalf("program %d:\n%s\n%sstands at %v, address %d, for %v; want %+v", seed, g.Source, said, s.Position(), s.pc(), reason, want)
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
		}
	}
	for _, kind := range []string{"false true false", "false true true", "true false false", "true false true", "true true false", "true true true"} {
		if found[kind] < 20 {
			t.Errorf("of the kind %q only %d were found", kind, found[kind])
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
