package gpu

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// endless draws until the command list is full: draw adds the draws of a turn,
// which has four random words in data words 9 to 12.
func endless(a *asm, draw func(a *asm)) isa.Program {
	w, h := a.header.W, a.header.H
	loop := a.op(isa.RND, 9, 2*w)
	a.op(isa.SUB, 9, v(9), w/2)
	a.op(isa.RND, 10, 2*h)
	a.op(isa.SUB, 10, v(10), h/2)
	a.op(isa.RND, 11, w/2)
	a.op(isa.RND, 12, h/2)
	draw(a)
	a.op(isa.JMP, loop)
	return a.program()
}

// overdraws are frames of the most commands that draw over each other, most of
// them never seen.
var overdraws = []struct {
	name string
	draw func(a *asm)
}{
	{"whole canvas", func(a *asm) { a.op(isa.RECT, 0, 0, 1024, 1024, v(9)) }},
	{"all but a column", func(a *asm) { a.op(isa.RECT, 1, 0, 1024, 1024, v(9)) }},
	{"text below", func(a *asm) {
		a.op(isa.TXT, v(9), v(10), "text")
		a.op(isa.RECT, v(9), v(10), 1024, 1024, v(9))
	}},
	{"fills", func(a *asm) {
		a.op(isa.RECT, v(9), v(10), v(11), v(12), v(10))
		a.op(isa.FILL, v(10), v(9), v(12), v(11), v(9))
		a.op(isa.TXT, v(9), v(12), "text ", v(9))
	}},
	{"small rectangles", func(a *asm) { a.op(isa.RECT, v(9), v(10), 9, 5, v(11)) }},
	{"curves", func(a *asm) {
		a.op(isa.CIRC, v(9), v(10), v(12), v(9))
		a.op(isa.RING, v(10), v(9), v(11), v(10))
		a.op(isa.LINE, v(9), v(10), v(11), v(12), v(11))
		a.op(isa.BOX, v(9), v(10), v(11), v(12), v(12))
	}},
	{"blits", func(a *asm) {
		a.op(isa.PLOT, v(11), v(12), v(9))
		a.op(isa.BLIT, v(9), v(10), v(11), v(12), v(12), v(11))
		a.op(isa.TXT, v(9), v(10), "under")
	}},
}

// TestOverdraw holds frames of 65 536 commands to the reference.
func TestOverdraw(t *testing.T) {
	for _, c := range overdraws {
		t.Run(c.name, func(t *testing.T) {
			for _, a := range []*asm{cells(t, 61, 35), pixels(t, 61, 35)} {
				a.op(isa.CIRC, 30, 17, 9, 0x00FF00)
				a.op(isa.TXT, 3, 3, "from the frame before")
				a.op(isa.FRAME)
				r := same(t, endless(a, c.draw), 2, 0)
				if r.Commands != isa.MaxCommands {
					t.Errorf("%d commands", r.Commands)
				}
			}
		})
	}
}

// TestOverdrawIsBounded is about time: what a frame costs is what is seen of it.
// Walking every command for every texel would take minutes here.
func TestOverdrawIsBounded(t *testing.T) {
	e := load(t, endless(pixels(t, 1024, 1024), overdraws[0].draw))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	r, err := e.Frame(ctx, machine.Input{}, 0)
	must(t, err)
	if r.Commands != isa.MaxCommands {
		t.Errorf("%d commands", r.Commands)
	}
}

// TestAFrameIsAbandonedSoon ends the context of a frame that is being rastered:
// the machine is then as it was.
func TestAFrameIsAbandonedSoon(t *testing.T) {
	a := cells(t, 1024, 512)
	a.op(isa.RECT, 5, 5, 900, 400, 0xFF00)
	a.op(isa.FRAME)
	e := load(t, endless(a, overdraws[5].draw))
	_, err := e.Frame(t.Context(), machine.Input{}, 0)
	must(t, err)
	before, err := e.Snapshot(t.Context())
	must(t, err)

	// The context ends when it has been looked at so often, and so in the middle.
	// of the core, of the first batch's bins, and of what comes after its first pieces.
	for _, looks := range []int{5, 20, 50} {
		if _, err := e.Frame(&ended{t.Context(), looks}, machine.Input{}, 0); !errors.Is(err, context.Canceled) {
			t.Fatalf("after %d looks at the context: %v", looks, err)
		}
		after, err := e.Snapshot(t.Context())
		must(t, err)
		for page, pair := range map[string][2][]uint32{
			"display": {before.Display, after.Display}, "writer": {before.Writer, after.Writer},
			"data": {before.Data, after.Data}, "state": {before.State, after.State},
		} {
			if !slices.Equal(pair[0], pair[1]) {
				t.Errorf("after %d looks at the context the %s page differs", looks, page)
			}
		}
	}
}

// BenchmarkOverdraw is frames of 65 536 commands.
func BenchmarkOverdraw(b *testing.B) {
	for _, size := range [][2]int{{128, 64}, {1024, 1024}} {
		for _, c := range overdraws {
			for _, a := range []*asm{cells(b, size[0], size[1]), pixels(b, size[0], size[1])} {
				b.Run(fmt.Sprintf("%dx%d/pixel=%t/%s", size[0], size[1], a.header.Pixel, c.name), func(b *testing.B) {
					p := endless(a, c.draw)
					e := load(b, p)
					for b.Loop() {
						must(b, e.Load(b.Context(), p, 1))
						if _, err := e.Frame(b.Context(), machine.Input{}, 0); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}
