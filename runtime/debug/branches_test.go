package debug

import (
	"context"
	"errors"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/liveedit"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/pxltest"
)

// displays are the pictures that frames leave of a run that goes on otherwise from one:
// with the machine that turn makes of the one there, and with other input.
func displays(t *testing.T, run Run, from int, turn func(*machine.Snapshot) *machine.Snapshot, inputAt func(int) machine.Input) (all [][]uint32) {
	t.Helper()
	m, err := machine.New(run.Assembly.Program, isa.DefaultSeed)
	if err != nil {
		t.Fatal(err)
	}
	for frame := range run.Frames {
		in := run.InputAt(frame)
		if frame >= from {
			in = inputAt(frame)
		}
		if frame == from {
			if err := m.Restore(turn(m.Snapshot())); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := m.Frame(t.Context(), in, run.Budget); err != nil {
			t.Fatal(err)
		}
		all = append(all, slices.Clone(m.Page(machine.DisplayPage)))
	}
	return all
}

// TestBranchesAreRunsThatWentOtherwise: with other input and with another program, in random
// programs; going from one to another, they stay what they are, and part where two fresh
// runs do.
func TestBranchesAreRunsThatWentOtherwise(t *testing.T) {
	fed, edited, differing := 0, 0, 0
	for seed := range int64(130) {
		g := generate.New(seed, true)
		a := g.Assemble()
		run := Run{Assembly: a, Budget: generate.Budget / 10, InputAt: g.Input, Frames: modelFrames}
		s, err := New(run)
		if err != nil {
			t.Fatal(err)
		}
		s.spacing = 0
		rnd := rand.New(rand.NewPCG(uint64(seed), 7))
		same := func(s *machine.Snapshot) *machine.Snapshot { return s }
		want := [][][]uint32{displays(t, run, 0, same, g.Input)}

		other := generate.New(seed+1000, true)
		from := 1 + rnd.IntN(modelFrames-1)
		if err := s.Go(t.Context(), Position{Frame: from}); err != nil {
			t.Fatal(err)
		}
		if s.at != (Position{Frame: from}) || !s.goesOn() {
			continue // it ends before
		}
		if err := s.Feed(t.Context(), other.Input); err != nil {
			t.Fatal(err)
		}
		s.Branch().run.Frames = modelFrames
		want = append(want, displays(t, run, from, same, other.Input))
		fed++

		if err := s.Switch(t.Context(), s.Branches()[0]); err != nil {
			t.Fatal(err)
		}
		program := pxl.AssembleBundle("edited.pxl", strings.Replace(g.Source, "\nFRAME\n", "\nPLOT 3 (frame & 7) red\nFRAME\n", 1))
		if program.OK() {
			if _, err := s.Edit(t.Context(), program); err != nil {
				t.Fatal(err)
			}
			s.Branch().run.Frames = modelFrames
			want = append(want, displays(t, run, from, func(before *machine.Snapshot) *machine.Snapshot {
				after, _ := liveedit.Reload(a, before, program)
				return after
			}, g.Input))
			if !slices.Equal(program.Program, a.Program) {
				edited++
			}
		}
		all := s.Branches()
		for range 12 {
			i, frame := rnd.IntN(len(all)), rnd.IntN(modelFrames)
			if err := s.Switch(t.Context(), all[i]); err != nil {
				t.Fatal(err)
			}
			if err := s.Go(t.Context(), Position{Frame: frame + 1}); err != nil {
				t.Fatal(err)
			}
			if s.at.Frame <= frame && s.goesOn() {
				t.Fatalf("program %d: it does not come to frame %d of %s, but to %v", seed, frame, all[i].Name, s.at)
			}
			if got := s.m.Page(machine.DisplayPage); !slices.Equal(got, want[i][frame]) {
				t.Fatalf("program %d:\n%s\nin %s, which began in frame %d, frame %d differs", seed, g.Source, all[i].Name, from, frame)
			}
			k := rnd.IntN(len(all))
			part, err := s.Part(t.Context(), all[i], all[k])
			if err != nil {
				t.Fatal(err)
			}
			first := -1
			for f := range modelFrames {
				if first < 0 && !slices.Equal(want[i][f], want[k][f]) {
					first = f
				}
			}
			if (first >= 0) != (len(part.Texels) > 0) || first >= 0 && part.Frame != first {
				t.Fatalf("program %d: %s and %s part in frame %d, %d texels; want %d", seed, all[i].Name, all[k].Name, part.Frame, len(part.Texels), first)
			}
			if first < 0 {
				continue
			}
			differing++
			for _, at := range part.Texels {
				if want[i][first][at] == want[k][first][at] || part.A[at] != want[i][first][at] || part.B[at] != want[k][first][at] {
					t.Fatalf("program %d: texel %d does not differ", seed, at)
				}
			}
		}
	}
	if fed < 30 || edited < 20 || differing < 40 {
		t.Errorf("%d were fed, %d edited, %d compared that differ", fed, edited, differing)
	}
}

func TestBranchesAreNamedAndDeleted(t *testing.T) {
	s, err := New(Run{Assembly: pxltest.Assemble(t, "loop:\nx = x + 1\ny = mx\nPLOT x 0\nFRAME\nJMP loop\n"), Frames: 9})
	if err != nil {
		t.Fatal(err)
	}
	word := s.Variables()[0].Word
	set := func(at Position, v int32) *Branch {
		t.Helper()
		if err := errors.Join(s.Go(t.Context(), at), s.Set(t.Context(), word, v)); err != nil {
			t.Fatal(err)
		}
		return s.Branch()
	}
	run := s.Branch()
	a := set(Position{Frame: 3}, 10)
	b := set(Position{Frame: 5}, 20) // of a
	if err := s.Switch(t.Context(), run); err != nil || s.at != (Position{Frame: 5}) || s.Variables()[0].Value != 5 {
		t.Errorf("in the run it stands at %v, %v", s.at, err)
	}
	c := set(Position{Frame: 6}, 30)
	if got := s.Branches(); !slices.Equal(got, []*Branch{run, a, b, c}) {
		t.Errorf("the branches are %v", got)
	}
	if b.From != a || a.From != run || c.From != run || b.At != (Position{Frame: 5}) {
		t.Errorf("b left %v at %v", b.From, b.At)
	}
	if err := s.Rename(b, " twenty "); err != nil || s.Named("twenty") != b || s.Named("branch 2") != nil {
		t.Errorf("b is called %q, %v", b.Name, err)
	}
	for name, want := range map[string]string{" ": "needs a name", "branch 1": "already", "the run": "already"} {
		if err := s.Rename(b, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if err := s.Switch(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), a); err != nil || s.Branch() != run || s.at != a.At || s.Variables()[0].Value != 3 {
		t.Errorf("behind a's end it stands in %s at %v, %v", s.Branch().Name, s.at, err)
	}
	if got := s.Branches(); !slices.Equal(got, []*Branch{run, c}) {
		t.Errorf("the branches are %v", got)
	}
	if s.Delete(t.Context(), run) == nil {
		t.Error("the run is deleted")
	}
	for range mostBranches - 1 {
		set(Position{Frame: 1}, 1)
		if err := s.Switch(t.Context(), run); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Set(t.Context(), word, 1); err == nil || !strings.Contains(err.Error(), "delete one") {
		t.Errorf("one too many: %v", err)
	}
}

// TestAFrameIsFedOnce: what it was given holds, also where it is gone through again.
func TestAFrameIsFedOnce(t *testing.T) {
	s, err := New(Run{Assembly: pxltest.Assemble(t, "loop:\nx = mx\nFRAME\nJMP loop\n"), Frames: 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Go(t.Context(), Position{Frame: 2}); err != nil || !s.over {
		t.Fatal("it goes on")
	}
	if _, err := s.Edit(t.Context(), s.Assembly()); !errors.Is(err, errEnd) {
		t.Errorf("behind the end an edit is taken: %v", err)
	}
	asked := 0
	if err := s.Feed(t.Context(), func(frame int) machine.Input { asked++; return machine.Input{MouseX: int32(asked)} }); err != nil {
		t.Fatal(err)
	}
	for _, cycle := range []uint32{2, 0, 2} {
		if err := s.Go(t.Context(), Position{2, cycle}); err != nil || s.at != (Position{2, cycle}) {
			t.Fatalf("at %v, %v", s.at, err)
		}
		if cycle == 2 && s.Variables()[0].Value != 1 || asked != 1 {
			t.Errorf("asked %d times, x is %d", asked, s.Variables()[0].Value)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Go(ctx, Position{Frame: 5}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := s.Go(t.Context(), Position{Frame: 3}); err != nil || s.Variables()[0].Value != 1 {
		t.Errorf("%v, x is %d", err, s.Variables()[0].Value)
	}
}

// TestBreakpointsAreInTheProgramThatRuns, also where a move comes into a branch of another.
func TestBreakpointsAreInTheProgramThatRuns(t *testing.T) {
	const loop = "loop:\nx = x + 1\nPLOT x 0\nFRAME\nJMP loop\n"
	s, err := New(Run{Assembly: pxltest.Assemble(t, loop), Frames: 6})
	if err != nil {
		t.Fatal(err)
	}
	s.SetBreakpoints([]Breakpoint{{Line: 3}, {Variable: "x", Hits: "% 2"}})
	if err := s.Go(t.Context(), Position{Frame: 3}); err != nil {
		t.Fatal(err)
	}
	if resumed, err := s.Edit(t.Context(), pxltest.Assemble(t, ".array a 9\n"+strings.Replace(loop, "x = x + 1", "a[1] = 5\nx = x + 2", 1))); err != nil || !resumed {
		t.Fatalf("%v, %v", resumed, err)
	}
	stops := func(move func() (Reason, error)) (out []Position) {
		for {
			reason, err := move()
			if err != nil {
				t.Fatal(err)
			}
			if reason != Hit {
				return out
			}
			out = append(out, s.at)
		}
	}
	if err := s.Go(t.Context(), Position{}); err != nil {
		t.Fatal(err)
	}
	// Line 3 is PLOT in the run, and a[1] = 5 in the branch.
	ahead := stops(func() (Reason, error) { return s.Continue(t.Context(), 6) })
	back := stops(func() (Reason, error) { return s.ContinueBack(t.Context()) })
	slices.Reverse(back)
	want := []Position{{0, 1}, {1, 2}, {2, 2}, {3, 1}, {3, 3}, {4, 1}, {5, 1}, {5, 3}}
	if !slices.Equal(ahead, want) || !slices.Equal(back, want) {
		t.Errorf("forwards it stops at %v, backwards at %v, want %v", ahead, back, want)
	}
}

// TestWhatABranchTakesAlong: a value that was set, where the program is edited then; and
// what it logs is told, though the run told of these frames before.
func TestWhatABranchTakesAlong(t *testing.T) {
	const loop = "loop:\nx = x + 1\nLOG {x}\nFRAME\nJMP loop\n"
	s, err := New(Run{Assembly: pxltest.Assemble(t, loop), Frames: 5})
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	s.Log = func(lines []machine.LogLine) {
		for _, l := range lines {
			said += l.Text + " "
		}
	}
	run := func() {
		t.Helper()
		for s.goesOn() && s.at.Frame < 5 {
			if _, err := s.Continue(t.Context(), 5); err != nil {
				t.Fatal(err)
			}
		}
	}
	run()
	if err := errors.Join(s.Go(t.Context(), Position{Frame: 2}), s.Set(t.Context(), s.Variables()[0].Word, 50)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Edit(t.Context(), pxltest.Assemble(t, strings.Replace(loop, "x = x + 1", "first = 9\nx = x + 2", 1))); err != nil {
		t.Fatal(err)
	}
	run()
	if want := "1 2 3 4 5 52 54 56 "; said != want {
		t.Errorf("it logs %q, want %q", said, want)
	}
}

// TestASeekThatIsGivenUp leaves the session where it was.
func TestASeekThatIsGivenUp(t *testing.T) {
	s, err := New(Run{Assembly: pxltest.Assemble(t, "loop:\nIF frame == 900 PLOT 1 1\nFRAME\nJMP loop\n")})
	if err != nil {
		t.Fatal(err)
	}
	here := Position{Frame: 3, Cycle: 1}
	if err := s.Go(t.Context(), here); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s.Progress = func(done, _ int) {
		if done == 40 {
			cancel()
		}
	}
	if _, err := s.Seek(ctx, Breakpoint{Texels: image.Rect(1, 1, 2, 2)}, false, math.MaxInt); !errors.Is(err, context.Canceled) || s.at != here {
		t.Errorf("it stands at %v, %v", s.at, err)
	}
	s.Progress = nil
	if reason, err := s.Seek(t.Context(), Breakpoint{Texels: image.Rect(1, 1, 2, 2)}, false, math.MaxInt); err != nil || reason != Hit || s.at.Frame != 900 {
		t.Errorf("it stands at %v, %v", s.at, err)
	}
}

// TestHitsStayCounted where the same breakpoints are set again.
func TestHitsStayCounted(t *testing.T) {
	s, err := New(Run{Assembly: pxltest.Assemble(t, "loop:\nx = x + 1\nFRAME\nJMP loop\n"), Frames: 9})
	if err != nil {
		t.Fatal(err)
	}
	list := []Breakpoint{{Line: 2, Hits: "5"}}
	s.SetBreakpoints(list)
	if reason, err := s.Continue(t.Context(), 9); err != nil || reason != Hit || s.at.Frame != 4 {
		t.Fatalf("at %v, %v", s.at, err)
	}
	if p := s.SetBreakpoints(list); len(p[0].before) != 5 {
		t.Errorf("%d frames are counted", len(p[0].before))
	}
}
