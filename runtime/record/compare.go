package record

import (
	"context"
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Comparison is how the pictures of two runs differ.
type Comparison struct {
	Equal bool
	Frame int    // the first whose pictures differ, or that only one run has
	At    *Texel // the first that differs; nil: the canvases do, or a run has ended
	// What is told apart from pictures: seeds, and where both run the same program the
	// first frame after which a variable, an array or the random numbers differ, of the
	// frames until Frame; -1: none.
	Seeds  [2]int32
	States int
}

// Texel is a texel in which two pictures differ.
type Texel struct {
	X, Y int
	A, B uint32 // its codes
}

// Compare runs two recordings on the reference and finds the first frame whose display
// differs. What both were given alike from the same beginning is run once. told, if not
// nil, is called after each frame with how many have been run.
func Compare(ctx context.Context, a, b *Recording, told func(frames int)) (c Comparison, err error) {
	c = Comparison{Seeds: [2]int32{a.Seed, b.Seed}, States: -1}
	ends := min(a.Frames.Len(), b.Frames.Len())
	alike := 0
	if a.beginsAs(b) {
		for alike < ends && a.Frames.At(alike).given() == b.Frames.At(alike).given() {
			alike++
		}
	}
	c.Frame, c.Equal = ends, a.Frames.Len() == b.Frames.Len()
	if alike == ends {
		return c, nil
	}
	var machines [2]reference
	for i, r := range []*Recording{a, b} {
		if err := r.Begin(ctx, &machines[i]); err != nil {
			return c, err
		}
	}
	ma, mb := machines[0].m, machines[1].m
	ha, hb := ma.Header(), mb.Header()
	if ha.W != hb.W || ha.H != hb.H || ha.Pixel != hb.Pixel {
		c.Frame, c.Equal = 0, false
		return c, nil
	}
	same := slices.Equal(a.Program, b.Program)
	for i := range ends {
		fa, fb := a.Frames.At(i), b.Frames.At(i)
		if _, err := ma.Frame(ctx, fa.Input, fa.Budget); err != nil {
			return c, err
		}
		if i == alike-1 {
			if err := mb.Restore(ma.Snapshot()); err != nil {
				return c, err
			}
		} else if i >= alike {
			if _, err := mb.Frame(ctx, fb.Input, fb.Budget); err != nil {
				return c, err
			}
		}
		if told != nil {
			told(i + 1)
		}
		if i < alike {
			continue
		}
		if same && c.States < 0 && !sameState(ma, mb) {
			c.States = i
		}
		if c.At = firstTexel(ma.Page(machine.DisplayPage), mb.Page(machine.DisplayPage), ha.W); c.At != nil {
			c.Frame, c.Equal = i, false
			return c, nil
		}
	}
	return c, nil
}

// beginsAs says that both begin with the same machine.
func (r *Recording) beginsAs(o *Recording) bool {
	if !slices.Equal(r.Program, o.Program) || (r.Start == nil) != (o.Start == nil) {
		return false
	}
	if r.Start == nil {
		return r.Seed == o.Seed
	}
	a, b := r.Start, o.Start
	return slices.Equal(a.Display, b.Display) && slices.Equal(a.Writer, b.Writer) && slices.Equal(a.Data, b.Data) && slices.Equal(a.State, b.State)
}

// given is the frame without how it ended.
func (f Frame) given() Frame {
	f.Status, f.Cycles = 0, 0
	return f
}

// sameState says whether two machines have the same variables and arrays and go on at
// the same place, and where they began with one seed with the same random numbers.
func sameState(a, b *machine.Machine) bool {
	if !slices.Equal(a.Page(machine.DataPage)[isa.SysWords:], b.Page(machine.DataPage)[isa.SysWords:]) {
		return false
	}
	var states [2][]uint32
	for i, m := range []*machine.Machine{a, b} {
		s := slices.Clone(m.Page(machine.StatePage))
		clear(s[isa.StMouseX : isa.StKeysBefore+8]) // what it is given
		s[isa.StBudget] = 0
		states[i] = s
	}
	if states[0][isa.StSeed] != states[1][isa.StSeed] {
		for i := range states {
			states[i][isa.StSeed], states[i][isa.StRandom] = 0, 0
		}
	}
	return slices.Equal(states[0], states[1])
}

func firstTexel(a, b []uint32, width int) *Texel {
	for i := range a {
		if a[i] != b[i] {
			return &Texel{i % width, i / width, a[i], b[i]}
		}
	}
	return nil
}
