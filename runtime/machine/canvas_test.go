package machine

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"gvpie/runtime/isa"
)

// How often the canvas is painted over from which on it is painted from the last
// command to the first: from nothing on, and in order whatever is painted.
const alwaysCover, neverCover = -1, 1 << 20

// scribble draws every kind of command at random places, colours and sizes, for so
// many frames of so many turns; its EACH, if it has one, may fail.
func scribble(w, h int, pixel, blits, each, fails bool, turns, frames int) isa.Program {
	const i, x, y, p, q, c, frame = 0, 1, 2, 3, 4, 5, 6
	a := newAsm(w, h, pixel, 8)
	random := func(dst, lo, hi int) { a.op(isa.RND, out(dst), hi-lo).op(isa.ADD, out(dst), v(dst), lo) }
	shuffle := func() {
		random(x, -w/2-2, w+2)
		random(y, -h/2-2, h+2)
		random(p, -2, w+w/2+2)
		random(q, -2, h+h/2+2)
		random(c, 0, 1<<24)
	}
	start := a.here()
	a.op(isa.SET, out(i), 0)
	loop := a.here()
	shuffle()
	a.op(isa.RECT, v(x), v(y), v(p), v(q), v(c)).op(isa.COLOR, v(c), v(c)).op(isa.TXT, v(p), v(q)).text("text", v(i))
	shuffle()
	a.op(isa.FILL, v(x), v(y), v(p), v(q)).op(isa.LINE, v(x), v(q), v(p), v(y)).op(isa.TXT, v(x), v(p)).text("more")
	shuffle()
	a.op(isa.CIRC, v(x), v(y), v(q)).op(isa.RING, v(p), v(y), v(x), v(c)).op(isa.BOX, v(x), v(y), v(p), v(q))
	shuffle()
	if blits {
		a.op(isa.BLIT, v(p), v(y), v(p), v(q), v(x), v(q))
	}
	a.op(isa.PLOT, v(x), v(y), v(c)).op(isa.LOG).text("here")
	shuffle()
	a.op(isa.TRI, v(x), v(y), v(p), v(q), v(y), v(x), v(c)).op(isa.TRI, v(c), v(y), v(x), v(q), v(p), v(x), v(x))
	a.op(isa.LINE, v(c), v(q), v(x), v(y), v(c)).op(isa.CLIP, v(x), v(y), v(p), v(q)).op(isa.LINE, v(x), v(y), v(p), v(c))
	shuffle()
	a.op(isa.RECT, v(x), v(y), v(p), v(q)).op(isa.CIRC, v(x), v(y), v(p)).op(isa.TXT, v(x), v(y)).text("clipped")
	a.op(isa.TRI, v(x), v(q), v(p), v(y), v(x), v(y)).op(isa.RING, v(p), v(y), v(x))
	if blits {
		a.op(isa.BLIT, v(p), v(y), v(p), v(q), v(x), v(q))
	}
	sprite := len(a.words) + 1
	a.op(isa.SPR, 0, uint32(5|3<<16), 2, 1, v(x), v(y), v(c)).op(isa.CLIP)
	shuffle()
	a.op(isa.AND, out(c), v(c), 0x103).op(isa.SPR, isa.HeaderWords, uint32(20|4<<16), 1, 0, v(x), v(y), v(c))
	shuffle()
	if each {
		a.each(v(x), v(y), v(p), v(q), []uint32{uint32(out(c))}, func() {
			// Every third texel is left.
			a.op(isa.ADD, laneOut(3), laneRef(0), laneRef(2)).op(isa.MOD, laneOut(4), laneRef(3), 3)
			a.op(isa.JZ, laneRef(4), a.here()+3+2).op(isa.PUT, laneRef(3))
			if fails {
				a.op(isa.DIV, laneOut(5), 7, laneRef(0))
			}
		})
	}
	random(c, 0, 40)
	a.op(isa.JNZ, v(c), a.here()+3+2).op(isa.CLS, v(x))
	a.op(isa.ADD, out(i), v(i), 1).op(isa.LT, out(x), v(i), turns).op(isa.JNZ, v(x), loop)
	a.op(isa.ADD, out(frame), v(frame), 1).op(isa.FRAME)
	a.op(isa.LT, out(x), v(frame), frames).op(isa.JNZ, v(x), start)
	a.words[sprite] = a.here()
	texels := make([]uint32, 2*5*3)
	for i := range texels {
		texels[i] = uint32(i*0x010305) | written*uint32(i*i%3&1)
	}
	return a.program(texels...)
}

// TestCoveringPaintsWhatPaintingInOrderDoes holds the painting of many commands to
// the plain walk.
func TestCoveringPaintsWhatPaintingInOrderDoes(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {7, 5}, {63, 9}, {64, 9}, {65, 9}, {200, 40}, {70, 129}} {
		for _, pixel := range []bool{false, true} {
			t.Run(fmt.Sprintf("%dx%d/%t", size[0], size[1], pixel), func(t *testing.T) {
				ends := map[isa.Status]int{}
				for seed := range int32(30) {
					p := scribble(size[0], size[1], pixel, true, true, seed%4 == 0, 12, 4)
					plain, err := New(p, seed)
					if err != nil {
						t.Fatal(err)
					}
					covering, err := New(p, seed)
					if err != nil {
						t.Fatal(err)
					}
					plain.coverTimes, covering.coverTimes = neverCover, alwaysCover
					covering.workers = 2
					for n := range 4 {
						want, got := frame(t, plain), frame(t, covering)
						if !reflect.DeepEqual(got, want) {
							t.Fatalf("seed %d, frame %d: %+v, not %+v", seed, n, got, want)
						}
						if !reflect.DeepEqual(covering.Snapshot(), plain.Snapshot()) {
							t.Fatalf("seed %d, frame %d: the pages differ", seed, n)
						}
						ends[want.Status]++
					}
				}
				if ends[isa.Framed] < 80 || ends[isa.Faulted] < 10 {
					t.Errorf("frames end as %v", ends)
				}
			})
		}
	}
}

// TestACanvasPaintedOftenIsPaintedOnce: where commands paint a canvas many times, they
// are painted from the last to the first, and to the same pages.
func TestACanvasPaintedOftenIsPaintedOnce(t *testing.T) {
	for _, c := range []struct {
		w, h, rects int
		covers      bool
	}{{1024, 1024, 2, false}, {1024, 1024, 4, true}, {128, 64, 2, false}, {128, 64, 100, true}, {1, 1, 100, true}} {
		a, apart := newAsm(c.w, c.h, false, 1), newAsm(c.w, c.h, false, 1)
		for i := range c.rects {
			for _, a := range []*asm{a, apart} {
				a.op(isa.RECT, 0, 0, c.w, c.h, i*0x123456).op(isa.LINE, -3, i, c.w-1, 5, i)
			}
			apart.op(isa.FRAME)
			a.op(isa.NOP) // of the same length
		}
		a.op(isa.HALT)
		apart.op(isa.HALT)
		m, plain := load(t, a.program()), load(t, apart.program())
		frame(t, m)
		if got := m.covers(m.commands); got != c.covers {
			t.Errorf("%d rectangles of %d × %d: covering %t", c.rects, c.w, c.h, got)
		}
		for frame(t, plain).Status == isa.Framed {
		}
		if !slices.Equal(m.display, plain.display) || !slices.Equal(m.writer, plain.writer) {
			t.Errorf("%d rectangles of %d × %d: the pages differ", c.rects, c.w, c.h)
		}
	}
}

// scattered makes one command after the other at random places of a canvas of 1024².
func scattered(op isa.Op, args ...any) func(a *asm) {
	return func(a *asm) {
		a.op(isa.RND, out(0), 1024).op(isa.RND, out(1), 1024).op(op, append([]any{v(0), v(1)}, args...)...)
	}
}

// mixed is three kinds of small commands at random places.
func mixed(w, h int) func(a *asm) {
	return func(a *asm) {
		a.op(isa.RND, out(0), w).op(isa.RND, out(1), h).op(isa.RECT, v(0), v(1), 9, 5, v(0)).
			op(isa.CIRC, v(1), v(0), 5).op(isa.TXT, v(0), v(1)).text("score")
	}
}

// BenchmarkRaster has frames as they mostly are, frames of the most commands, which
// draw over each other, and every kind of command.
func BenchmarkRaster(b *testing.B) {
	words := func(a *asm) {
		a.op(isa.RND, out(0), 1024).op(isa.RND, out(1), 1024).op(isa.TXT, v(0), v(1)).text("a line of some words")
	}
	for _, c := range []struct {
		name     string
		w, h     int
		pixel    bool
		commands int
		draw     func(a *asm)
	}{
		{"200 draws on cells", 128, 64, false, 200, mixed(128, 64)},
		{"200 draws on pixels", 320, 180, true, 200, mixed(320, 180)},
		{"whole cells", 128, 64, false, isa.MaxCommands, func(a *asm) { a.op(isa.RECT, 0, 0, 128, 64) }},
		{"whole pixels", 1024, 1024, true, isa.MaxCommands, func(a *asm) { a.op(isa.RECT, 0, 0, 1024, 1024) }},
		{"all but the edge", 1024, 1024, false, isa.MaxCommands, func(a *asm) { a.op(isa.RECT, 1, 1, 1022, 1022) }},
		{"all but a column", 1024, 1024, false, isa.MaxCommands, func(a *asm) { a.op(isa.RECT, 1, 0, 1024, 1024) }},
		{"all but some edge", 1024, 1024, false, isa.MaxCommands, func(a *asm) {
			a.op(isa.RND, out(0), 16).op(isa.ADD, out(0), v(0), 1).op(isa.RND, out(1), 16).op(isa.ADD, out(1), v(1), 1).
				op(isa.RECT, v(0), v(1), 1000, 1000)
		}},
		{"255 whole", 1024, 1024, false, 255, func(a *asm) { a.op(isa.RECT, 0, 0, 1024, 1024) }},
		{"10 rectangles", 1024, 1024, true, 10, scattered(isa.RECT, 9, 5, v(0))},
		{"1000 rectangles", 1024, 1024, true, 1000, scattered(isa.RECT, 9, 5, v(0))},
		{"50000 rectangles", 1024, 1024, true, 50000, scattered(isa.RECT, 9, 5, v(0))},
		{"50000 rectangles on cells", 1024, 1024, false, 50000, scattered(isa.RECT, 9, 5, v(0))},
		{"discs", 1024, 1024, true, isa.MaxCommands, scattered(isa.CIRC, 300)},
		{"1000 FILL", 1024, 1024, false, 1000, scattered(isa.FILL, 9, 5, v(0))},
		{"1000 PLOT", 1024, 1024, true, 1000, scattered(isa.PLOT, v(0))},
		{"1000 LINE", 1024, 1024, true, 1000, scattered(isa.LINE, 500, 300, v(0))},
		{"1000 BOX", 1024, 1024, true, 1000, scattered(isa.BOX, 40, 40, v(0))},
		{"1000 CIRC", 1024, 1024, true, 1000, scattered(isa.CIRC, 20, v(0))},
		{"1000 RING", 1024, 1024, true, 1000, scattered(isa.RING, 20, v(0))},
		{"1000 TRI", 1024, 1024, true, 1000, scattered(isa.TRI, 500, 500, 520, 600, v(0))},
		{"1000 BLIT", 1024, 1024, true, 1000, func(a *asm) {
			a.op(isa.RND, out(0), 1024).op(isa.RND, out(1), 1024).op(isa.BLIT, 0, 0, 40, 40, v(0), v(1))
		}},
		{"1000 TXT", 1024, 1024, true, 1000, words},
		{"1000 TXT on cells", 1024, 1024, false, 1000, words},
	} {
		b.Run(c.name, func(b *testing.B) {
			a := newAsm(c.w, c.h, c.pixel, 2)
			loop := a.here()
			c.draw(a)
			a.op(isa.JMP, loop)
			m := load(b, a.program())
			if _, err := m.Frame(context.Background(), Input{}, 0); err != nil {
				b.Fatal(err)
			}
			m.commands = m.commands[:c.commands]
			for b.Loop() {
				m.rastered = 0
				if err := m.raster(context.Background()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
