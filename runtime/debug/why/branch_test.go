package why

import (
	"context"
	"errors"
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"gvpie/runtime/debug"
	"gvpie/runtime/generate"
	"gvpie/runtime/pxl/pxltest"
)

const branching = `.canvas 16 8 pixel
loop:
  n = n + 1
  m = n * 2
  IF frame == 1 PLOT 9 9 blue
  PLOT m 1 red
  FRAME
  JMP loop
`

// branched is a session in a branch in which n is 5 from a position on, and its asker.
func branched(t *testing.T, source string, at debug.Position) (*debug.Session, *Asker) {
	t.Helper()
	a := pxltest.Assemble(t, source)
	s, err := debug.New(debug.Run{Assembly: a})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Go(t.Context(), at); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(s.Variables(), func(v debug.Variable) bool { return v.Name == "n" })
	if err := s.Set(t.Context(), s.Variables()[i].Word, 5); err != nil {
		t.Fatal(err)
	}
	return s, inBranch(t, s, s.Branch())
}

func inBranch(t *testing.T, s *debug.Session, b *debug.Branch) *Asker {
	t.Helper()
	p, err := debug.NewPast(s, b)
	if err != nil {
		t.Fatal(err)
	}
	k := New(p.Assembly(), Branch{p})
	k.index.size = 2
	return k
}

// TestABranchIsAskedLikeARun: what was changed in it is seen, in its frame and those behind,
// and is where a value's way back ends.
func TestABranchIsAskedLikeARun(t *testing.T) {
	s, k := branched(t, branching, debug.Position{Frame: 3, Cycle: 2}) // n is 4 there, and m still to come
	at := s.Position()
	for _, c := range []struct {
		frame, x, y int
		want        string
	}{
		{3, 10, 1, "<3:5> 6 PLOT m 1 red\nx 10: variable m = 10 <3:2> 4 m = n * 2 {variable n = 5 by hand <3:2>}"},
		{4, 12, 1, "<4:5> 6 PLOT m 1 red\nx 12: variable m = 12 <4:2> 4 m = n * 2 {variable n = 6 <4:1> 3 n = n + 1 {variable n = 5 by hand <3:2>}}"},
		{9, 6, 1, "<2:5> 6 PLOT m 1 red\nx 6: variable m = 6 <2:2> 4 m = n * 2 {variable n = 3 <2:1> 3 n = n + 1 {variable n = 2 <1:1> 3 n = n + 1 {variable n = 1 <0:0> 3 n = n + 1 {variable n = 0 from the start}}}}"},
	} {
		if got := top(t, k, c.frame, c.x, c.y, 9); got != c.want {
			t.Errorf("frame %d, texel %d, %d:\n%s, want\n%s", c.frame, c.x, c.y, got, c.want)
		}
	}
	if s.Position() != at {
		t.Errorf("the session went to %v", s.Position())
	}
	for frame, want := range map[int]int32{2: 3, 3: 5, 4: 6} {
		all, err := k.History(t.Context(), "n", frame, 1)
		if err != nil || all[0].Value.Value != want || (all[0].By == nil) != (frame == 3) {
			t.Errorf("frame %d left %+v, %v", frame, all, err)
		}
	}
	if _, late := branched(t, branching, debug.Position{Frame: 3, Cycle: 6}); top(t, late, 3, 8, 1, 2) != "<3:5> 6 PLOT m 1 red\nx 8: variable m = 8 <3:2> 4 m = n * 2 {variable n = 4 <3:1> 3 n = n + 1 {variable n = 3}}" {
		t.Errorf("before the change: %s", top(t, late, 3, 8, 1, 2))
	}
	was := inBranch(t, s, s.Branches()[0])
	if got := top(t, was, 3, 8, 1, 1); got[:7] != "<3:5> 6" {
		t.Errorf("the run as it was: %s", got)
	}
}

// TestAChangeLongAgoIsFound where no statement that may be come to writes the word.
func TestAChangeLongAgoIsFound(t *testing.T) {
	_, k := branched(t, ".canvas 16 8 pixel\nn = 1\nloop:\nPLOT n 1 red\nFRAME\nJMP loop\n", debug.Position{Frame: 5})
	if got, want := top(t, k, 40, 5, 1, 9), "<40:1> 4 PLOT n 1 red\nx 5: variable n = 5 by hand <5:0>"; got != want {
		t.Errorf("it is\n%s, want\n%s", got, want)
	}
	_, k = branched(t, ".canvas 16 8 pixel\nloop:\nIF n > 4\nPLOT 9 3 red\nn = 0\nEND\nn = n\nFRAME\nJMP loop\n", debug.Position{Frame: 5})
	if got, want := top(t, k, 40, 9, 3, 0), "<5:3> 4 PLOT 9 3 red"; got != want {
		t.Errorf("drawn once for it: %s, want %s", got, want)
	}
}

// TestAnEditedBranchIsAskedFromWhereItBegan.
func TestAnEditedBranchIsAskedFromWhereItBegan(t *testing.T) {
	a := pxltest.Assemble(t, branching)
	s, err := debug.New(debug.Run{Assembly: a, Frames: 6})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Go(t.Context(), debug.Position{Frame: 2}); err != nil {
		t.Fatal(err)
	}
	other := pxltest.Assemble(t, ".canvas 16 8 pixel\nloop:\n  n = n + 3\n  PLOT n 2 green\n  IF frame == 4 HALT\n  FRAME\n  JMP loop\n")
	if _, err := s.Edit(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	k := inBranch(t, s, s.Branch())
	d, err := k.Who(t.Context(), 3, 8, 2)
	if err != nil || len(d.Touches) != 1 || d.Touches[0].Statement != "PLOT n 2 green" {
		t.Errorf("it is %+v, %v", d, err)
	}
	p, _ := debug.NewPast(s, s.Branch())
	if p.First() != 2 || p.Before() != s.Branches()[0] {
		t.Errorf("it begins in frame %d", p.First())
	}
	var ended *EndedError
	if _, err := k.Who(t.Context(), 1, 8, 2); !errors.As(err, &ended) || ended.First != 2 {
		t.Errorf("before it began: %v", err)
	}
	if _, err := k.Who(t.Context(), 5, 8, 2); !errors.As(err, &ended) || ended.End != 5 {
		t.Errorf("behind its end: %v", err)
	}
	if l, err := k.Changed(t.Context(), 4); err != nil || l.Texels != 1 {
		t.Errorf("its last frame changed %+v, %v", l, err)
	}
	was := inBranch(t, s, s.Branches()[0])
	if _, err := was.Who(t.Context(), 6, 8, 2); !errors.As(err, &ended) || ended.End != 6 {
		t.Errorf("behind the run's end: %v", err)
	}
	if _, over, err := was.past.After(t.Context(), 5); !over || err != nil {
		t.Errorf("the run goes on behind its last frame: %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := inBranch(t, s, s.Branch()).Who(cancelled, 3, 8, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}

// TestTheLastWriteIsTheOneThatASearchComesTo, in random programs.
func TestTheLastWriteIsTheOneThatASearchComesTo(t *testing.T) {
	found := 0
	for seed := range int64(40) {
		g := generate.New(seed, true)
		s, err := debug.New(debug.Run{Assembly: g.Assemble(), Budget: generate.Budget / 10, InputAt: g.Input, Frames: 9})
		if err != nil {
			t.Fatal(err)
		}
		k := inBranch(t, s, s.Branch())
		rnd := rand.New(rand.NewPCG(uint64(seed), 3))
		for range 8 {
			if err := s.Go(t.Context(), debug.Position{Frame: rnd.IntN(10), Cycle: uint32(rnd.IntN(60))}); err != nil {
				t.Fatal(err)
			}
			here, at := s.Position(), image.Pt(rnd.IntN(s.Assembly().Header.W), rnd.IntN(s.Assembly().Header.H))
			got, ok, err := k.Wrote(t.Context(), at.X, at.Y, here)
			if err != nil {
				t.Fatal(err)
			}
			reason, err := s.Seek(t.Context(), debug.Breakpoint{Texels: image.Rectangle{Min: at, Max: at.Add(image.Pt(1, 1))}}, true, 0)
			if err != nil {
				t.Fatal(err)
			}
			if ok != (reason == debug.Hit) || ok && got != s.Position() {
				t.Fatalf("program %d:\n%s\nbefore %v texel %v was written at %v, %v; want %v", seed, g.Source, here, at, got, ok, s.Position())
			}
			if ok {
				found++
			}
		}
	}
	if found < 60 {
		t.Errorf("%d writes were found", found)
	}
}
