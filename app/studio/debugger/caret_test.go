package debugger

import (
	"context"
	"image"
	"testing"
)

// marks is the mark of a line, once nothing is looked for any more.
func (h *hand) marks(line int) *image.RGBA {
	h.t.Helper()
	h.Overlays().Caret().Update("", line)
	done := false
	h.glance(ofPictures, func(context.Context) (func(), error) { return func() { done = true }, nil })
	for !done {
		(<-h.posts)()
	}
	return h.Overlays().Caret().Mark()
}

// The lines of counting.
const (
	clsLine  = 5
	setLine  = 6
	plotLine = 8
)

func TestWhatTheCaretsLineDrewIsMarked(t *testing.T) {
	h := newHand(t, counting, 5)
	h.follow()
	h.settle()
	of := func(line int, want map[image.Point]uint8) {
		t.Helper()
		img := h.marks(line)
		if img == nil {
			t.Fatalf("line %d has no mark", line)
		}
		for at, alpha := range want {
			if got := img.RGBAAt(at.X, at.Y).A; got != alpha {
				t.Errorf("line %d covers %v by %d, want %d", line, at, got, alpha)
			}
		}
	}
	none := func(line int, where string) {
		t.Helper()
		if h.marks(line) != nil {
			t.Errorf("line %d has a mark %s", line, where)
		}
	}
	of(plotLine, map[image.Point]uint8{{0, 5}: markEdge.A, {2, 5}: markEdge.A, {3, 5}: 0, {1, 4}: 0})
	of(clsLine, map[image.Point]uint8{{0, 5}: markEdge.A, {7, 15}: markEdge.A, {2, 5}: markInside.A, {14, 14}: markInside.A})
	none(setLine, "though it draws nothing")
	none(0, "without a line")
	h.Overlays().Caret().Update("", clsLine)
	of(plotLine, map[image.Point]uint8{{1, 5}: markEdge.A, {7, 15}: 0})
	h.Frame(2)
	h.settle()
	if h.Overlays().Caret().Mark() != nil {
		t.Error("that of another frame is shown")
	}
	of(plotLine, map[image.Point]uint8{{1, 3}: markEdge.A, {1, 5}: 0})

	h.Overlays().Show(Overdraw)
	none(plotLine, "under an overlay")
	h.Overlays().Show(NoOverlay)
	of(plotLine, map[image.Point]uint8{{1, 3}: markEdge.A})
	h.set("n", 9)
	h.settle()
	of(plotLine, map[image.Point]uint8{{1, 10}: markEdge.A, {1, 3}: 0}) // of the branch
	h.Leave()
	h.settle()
	h.Overlays().Caret().Show(false)
	none(plotLine, "though it is not to be shown")
	w := h.worker
	h.Close()
	<-w.done
	if h.Overlays().Caret().Shown() {
		t.Error("closing the debugger shows it again")
	}
}

// TestWhatALineDrewInAllFramesIsMarked, with how often; also where the frame's own mark is not
// to be shown.
func TestWhatALineDrewInAllFramesIsMarked(t *testing.T) {
	h := newHand(t, counting, 5)
	h.follow()
	h.settle()
	h.Frame(3)
	h.settle()
	c := h.Overlays().Caret()
	c.Show(false)
	c.ShowAll(true)
	if img := h.marks(plotLine); img == nil || img.RGBAAt(1, 1).A == 0 || img.RGBAAt(1, 4).A == 0 || img.RGBAAt(1, 5).A != 0 {
		t.Fatal("rows 1 to 4 are not marked")
	}
	l := c.Wrote()
	if n, ok := l.At(1, 2); !ok || n != 1 || l.Texels != 12 || l.Frame != 3 {
		t.Errorf("%d times of %d texels up to frame %d", n, l.Texels, l.Frame)
	}
	if img := h.marks(clsLine); img == nil || c.Wrote().Values[5] != 4 {
		t.Error("CLS did not draw each texel four times")
	}
	if h.marks(setLine) != nil || c.Wrote() != nil {
		t.Error("a line that draws nothing has a mark")
	}
	if done, all, line := c.Looked(); done != all || line != setLine {
		t.Errorf("%d of %d of line %d", done, all, line)
	}
	c.ShowAll(false)
	if h.marks(plotLine) != nil || c.Wrote() != nil {
		t.Error("let go it is marked")
	}
	c.Show(true)
	if img := h.marks(plotLine); img == nil || img.RGBAAt(1, 1).A != 0 || c.Wrote() != nil {
		t.Error("let go all frames are marked")
	}
}

func TestABlocksLinesAreMarkedByTheirTexels(t *testing.T) {
	h := newHand(t, ".canvas 8 8 pixel\nloop:\nEACH\n  IF px > 3\n    PUT red\n  END\n  IF py > 3\n    PUT navy\n  END\nEND\nFRAME\nJMP loop\n", 2)
	h.follow()
	h.settle()
	if img := h.marks(5); img == nil || img.RGBAAt(5, 1) != markInside && img.RGBAAt(5, 1) != markEdge || img.RGBAAt(2, 1).A != 0 {
		t.Error("the line of PUT red is not marked where px > 3")
	}
	if img := h.marks(3); img == nil || img.RGBAAt(1, 1).A != 0 || img.RGBAAt(1, 6).A == 0 {
		t.Error("the line of EACH is not marked where its block wrote")
	}
}
