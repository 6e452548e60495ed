package view

import (
	"image"
	"math/rand/v2"
	"testing"

	"gioui.org/f32"
	"gioui.org/io/pointer"

	"gvpie/runtime/machine"
)

// moveTo moves the pointer, and gives how many frames the window drew for it.
func (b *bench) moveTo(x, y float32) (frames int) {
	b.router.WakeupTime()
	b.router.Queue(b.mouse(pointer.Move, x, y, 0))
	for {
		if _, now := b.router.WakeupTime(); !now {
			return frames
		}
		frames++
		b.frame()
	}
}

func TestAMoveOfThePointerCostsAFrameOnlyOnAnotherTexel(t *testing.T) {
	b := newBench(t) // 4 pixels a texel
	b.size = image.Pt(512, 300)
	b.frame()
	b.frame()
	b.moveTo(40, 40)
	for _, tt := range []struct {
		what string
		x, y float32
		want int
	}{
		{"within a texel", 42, 41, 0},
		{"to the next", 44, 41, 1},
		{"above the texture", 100, 10, 1},
		{"along there", 500, 3, 0},
		{"out of the panel", 600, 3, 1},
		{"beside it", 700, 3, 0},
	} {
		if got := b.moveTo(tt.x, tt.y); got != tt.want {
			t.Errorf("%s: %d frames, want %d", tt.what, got, tt.want)
		}
	}
}

// Wherever the pointer goes, the texel under it is the one that is told.
func TestThePointerIsFollowedWhateverItPasses(t *testing.T) {
	b := newBench(t)
	random := rand.New(rand.NewPCG(1, 2))
	at := f32.Pt(100, 100)
	for n := range 4000 {
		switch random.IntN(14) {
		case 0:
			at = f32.Pt(float32(random.IntN(600)-40), float32(random.IntN(300)-20))
		case 1:
			b.canvas.ZoomBy(random.Float32()*2+.3, at)
			b.frame()
		case 2:
			b.canvas.SetPlay(random.IntN(2) == 0)
			b.frame()
		case 3:
			b.canvas.SetTexture(machine.HumanTexture, machine.DisplayPage, 60+random.IntN(90), 64)
			b.canvas.SetCell(1+random.IntN(6), 1+random.IntN(8))
			b.frame()
		default:
			at = at.Add(f32.Pt(float32(random.IntN(20)-10), float32(random.IntN(16)-8)))
		}
		b.moveTo(at.X, at.Y)
		x, y, on := b.canvas.Pick(at)
		if at.X < 0 || at.Y < 0 || at.X >= 512 || at.Y >= 256 {
			on = false
		}
		if got := b.canvas.hand.told; got.In != on || on && (got.X != x || got.Y != y) {
			t.Fatalf("move %d to %v: it tells %+v, and there is %d, %d, %v", n, at, got, x, y, on)
		}
	}
}
