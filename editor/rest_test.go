package editor

import (
	"math/rand/v2"
	"testing"

	"gioui.org/f32"
	"gioui.org/io/pointer"

	"gvpie/canvas/rest"
	"gvpie/runtime/pxl"
)

// moveTo moves the pointer, and gives how many frames the window drew for it.
func (b *bench) moveTo(at f32.Point) (frames int) {
	b.router.WakeupTime()
	b.router.Queue(pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Position: at})
	for {
		if at, now := b.router.WakeupTime(); !now || at.After(b.now) {
			return frames
		}
		frames++
		b.frame()
	}
}

func TestAMoveOfThePointerCostsAFrameOnlyWhereThereIsSomethingElseToSay(t *testing.T) {
	b := open(t, "CLS navy ; a word and its colour\n\nFRAME\n")
	word := b.pointAt(len("CL"))
	b.moveTo(word)
	for _, tt := range []struct {
		what string
		to   f32.Point
		want int
	}{
		{"within a word", word.Add(f32.Pt(5, 3)), 0},
		{"to another word", b.pointAt(len("CLS na")), 1},
		{"within that", b.pointAt(len("CLS n")), 0},
		{"to a comment", b.pointAt(len("CLS navy ; a")), 1},
		{"along it", b.pointAt(len("CLS navy ; a word and its")), 0},
		{"right of all lines", f32.Pt(500, 12), 1},
		{"down beside them", f32.Pt(510, 60), 0},
		{"below them", f32.Pt(400, 300), 1},
		{"about there", f32.Pt(100, 500), 0},
		{"to the line numbers", f32.Pt(10, 500), 1},
		{"up along them", f32.Pt(12, 20), 0},
		{"out of the editor", f32.Pt(600, 20), 1},
	} {
		if got := b.moveTo(tt.to); got != tt.want {
			t.Errorf("%s: %d frames, want %d", tt.what, got, tt.want)
		}
	}
}

// Wherever the pointer goes, what is said is of what is there.
func TestThePointerIsFollowedWhateverItPasses(t *testing.T) {
	const source = "CLS nvay\n  RECT 1 2 (3 + sin(frame)) 4 red ; long\nTXT 1 2 \"a {frame} b\"\n\n\tSET é = 1, x = 'A'\nFRAME\n\n\nNOP\n"
	b := open(t, source)
	b.SetDiagnostics(pxl.Assemble("", source).Diagnostics)
	b.frame()
	random := rand.New(rand.NewPCG(1, 2))
	at := f32.Pt(100, 100)
	for n := range 3000 {
		switch random.IntN(12) {
		case 0:
			at = f32.Pt(random.Float32()*560-20, random.Float32()*640-20)
		case 1:
			b.router.Queue(pointer.Event{Kind: pointer.Scroll, Source: pointer.Mouse, Position: at, Scroll: f32.Pt(random.Float32()*20-10, random.Float32()*40-20)})
			b.frame()
			at.X += 2
		default:
			at = at.Add(f32.Pt(random.Float32()*30-15, random.Float32()*24-12))
		}
		b.moveTo(at)
		want := hover{}
		if p := rest.Pixel(at).Min; at.X >= 0 && at.Y >= 0 && at.X < float32(b.size.X) && at.Y < float32(b.size.Y) {
			want = b.under(b.context(), p)
		}
		if got := b.hover; got.on != want.on || got.said != want.said {
			t.Fatalf("move %d to %v: it says %+v, and there is %+v", n, at, got.said, want.said)
		}
	}
}
