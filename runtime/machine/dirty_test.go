package machine

import (
	"slices"
	"testing"

	"gvpie/runtime/isa"
)

// dabs paints little at random places of a canvas, with every kind of command, a few
// a frame.
func dabs(w, h int, pixel bool, frames int) isa.Program {
	a := newAsm(w, h, pixel, 4)
	at := func() { a.op(isa.RND, out(0), w).op(isa.RND, out(1), h) }
	start := a.here()
	for _, draw := range []func(){
		func() { a.op(isa.RECT, v(0), v(1), 9, 5) },
		func() { a.op(isa.CIRC, v(0), v(1), 6) },
		func() { a.op(isa.TXT, v(0), v(1)).text("words") },
		func() { a.op(isa.BLIT, 0, 0, 30, 20, v(0), v(1)) },
		func() { a.each(v(0), v(1), 12, 7, nil, func() { a.op(isa.PUT, laneRef(0)) }) },
		func() { a.op(isa.LINE, v(0), v(1), 20, 30) },
	} {
		at()
		a.op(isa.RND, out(2), 3).op(isa.JNZ, v(2), 0)
		skip := len(a.words) - 1
		draw()
		a.words[skip] = a.here()
	}
	a.op(isa.FRAME).op(isa.ADD, out(3), v(3), 1).op(isa.LT, out(2), v(3), frames).op(isa.JNZ, v(2), start)
	return a.program()
}

// TestAFrameBeginsWithCopiesOfAllPages: what BLIT and blocks look at, and what a frame
// that is undone goes back to, whatever was painted before.
func TestAFrameBeginsWithCopiesOfAllPages(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {64, 64}, {65, 130}, {300, 200}} {
		for _, pixel := range []bool{false, true} {
			for seed := range int32(8) {
				p := dabs(size[0], size[1], pixel, 12)
				m, err := New(p, seed)
				if err != nil {
					t.Fatal(err)
				}
				for n := range 12 {
					ctx := t.Context()
					if n == 6 {
						if err := m.Reset(p, seed+1); err != nil {
							t.Fatal(err)
						}
					}
					m.Begin(Input{}, 0)
					if n%2 == 0 {
						m.catchUp()
					}
					if !m.rollback.stale && !slices.Equal(m.rollback.display, m.display) || !m.rollback.stale && !slices.Equal(m.rollback.writer, m.writer) {
						t.Fatalf("%v, pixel %t, seed %d: frame %d begins with other pages", size, pixel, seed, n)
					}
					if n%3 == 1 { // and is undone when it has painted
						display, writer := slices.Clone(m.display), slices.Clone(m.writer)
						if _, err := m.RunTo(ctx, 1<<20); err != nil {
							t.Fatal(err)
						}
						if err := m.raster(ctx); err != nil {
							t.Fatal(err)
						}
						m.undo()
						if !slices.Equal(display, m.display) || !slices.Equal(writer, m.writer) {
							t.Fatalf("%v, pixel %t, seed %d: frame %d is not undone", size, pixel, seed, n)
						}
						m.Begin(Input{}, 0)
					}
					if _, err := m.End(ctx); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}
