package debugger

import (
	"image"
	"path/filepath"
	"slices"
	"testing"

	"gvpie/runtime/record"
)

// notes writes the lines of the notebook, the first first.
func (h *hand) notes() (out []string) {
	for _, n := range slices.Backward(h.Notebook().Notes()) {
		says := n.At.String() + " " + n.Text
		for _, part := range []string{n.Asked, n.Name} {
			if part != "" {
				says += ": " + part
			}
		}
		out = append(out, says)
	}
	return out
}

func (h *hand) wants(want ...string) {
	h.t.Helper()
	if got := h.notes(); !slices.Equal(got, want) {
		h.t.Errorf("the notebook has\n%q, want\n%q", got, want)
	}
}

func TestMomentsThatSomethingWasAskedAtAreNoted(t *testing.T) {
	h := newHand(t, counting, 4)
	h.follow()
	h.settle()
	h.wants()
	h.Go(StepBack)
	h.settle()
	h.Go(StepBack)
	h.settle()
	h.wants("frame 3, cycle 22 RET")
	h.AskWho(1, 4)
	h.settle()
	h.wants("frame 3, cycle 22 RET: who drew 1, 4")
	h.Go(FrameBack)
	h.settle()
	h.Go(FrameBack)
	h.settle()
	h.wants("frame 3, cycle 22 RET: who drew 1, 4", "frame 2, cycle 0 JMP loop")
	h.Notebook().Current().Name = "before it"
	h.Frame(1)
	h.settle()
	h.wants("frame 3, cycle 22 RET: who drew 1, 4", "frame 2, cycle 0 JMP loop: before it", "frame 1, cycle 0 JMP loop")
	first := h.Notebook().Notes()[2]
	h.Notebook().Go(first)
	if now := h.settle(); now.At != first.At || len(h.notes()) != 3 {
		t.Errorf("it goes to %v, and the notebook has %q", now.At, h.notes())
	}
	h.Close()
	h.follow()
	h.settle()
	if len(h.notes()) != 3 {
		t.Errorf("looked at again, the run has %q", h.notes())
	}
	h.Notebook().Remove(first)
	if len(h.notes()) != 2 {
		t.Errorf("one removed, it has %q", h.notes())
	}
}

func TestNotesAreSavedWithTheRunAndComeBackWithIt(t *testing.T) {
	h := newHand(t, counting, 4)
	h.follow()
	h.settle()
	h.Frame(2)
	h.settle()
	h.Notebook().Mark()
	note := h.Notebook().Current()
	note.Name, note.Remark = "here", "n is 2"
	h.Frame(1)
	h.settle()
	path := filepath.Join(t.TempDir(), "run.pxlrec")
	h.Save(path, func(_ int, err error) {
		if err != nil {
			t.Error(err)
		}
	})
	h.settle()
	r, err := record.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := []record.Mark{{Frame: 2, Name: "here", Note: "n is 2"}}
	if !slices.Equal(r.Marks, want) {
		t.Fatalf("it has the marks %v", r.Marks)
	}
	if _, err := h.run.Save(t.Context(), path, record.Mark{Frame: -1}, want[0]); err != nil {
		t.Fatal(err)
	}
	if r, err = record.ReadFile(path); err != nil || !slices.Equal(r.Marks, want) {
		t.Errorf("with one of before its first frame it has the marks %v, %v", r.Marks, err)
	}
	h.run.ID, h.run.Began = 2, r
	h.follow()
	h.settle()
	notes := h.Notebook().Notes()
	if len(notes) != 1 || notes[0].Remark != "n is 2" || notes[0].Text != "" {
		t.Fatalf("the notebook has %q", h.notes())
	}
	h.Notebook().Go(notes[0])
	h.settle()
	h.wants("frame 2, cycle 0 JMP loop: here")
}

func TestANotebookIsBounded(t *testing.T) {
	h := newHand(t, counting, 4)
	h.follow()
	now := *h.settle()
	h.Notebook().visit(&now, "kept").Name = "kept"
	for i := range 2 * mostNotes {
		now.At = Position{Frame: i, Cycle: 1}
		h.Notebook().visit(&now, "asked")
	}
	if got := h.Notebook().Notes(); len(got) != mostNotes || got[mostNotes-1].Name != "kept" || got[0].At.Frame != 2*mostNotes-1 {
		t.Errorf("it has %d lines", len(got))
	}
	for id := range 3 * mostBooks {
		h.books.of(h.Model, Run{ID: id + 2})
	}
	if len(h.books) != mostBooks {
		t.Errorf("there are %d notebooks", len(h.books))
	}
}

// until takes in what is posted until something holds.
func (h *hand) until(ok func() bool) {
	for !ok() {
		(<-h.posts)()
	}
}

func TestPicturesAreMadeOfFramesAndNotes(t *testing.T) {
	h := newHand(t, counting, 5)
	h.follow()
	h.settle()
	h.Frame(2)
	h.settle()
	h.Draw(2)
	h.settle()
	p := h.Pictures()
	frames := []int{0, 3, 5}
	p.Want(frames, image.Pt(16, 32))
	note := h.Notebook().Current()
	h.until(func() bool {
		return note.Picture != nil && p.Of(0) != nil && p.Of(3) != nil && p.Of(5) != nil
	})
	if size := p.Of(3).Rect.Size(); size != image.Pt(16, 16) {
		t.Errorf("they are %v large", size)
	}
	red := func(img *image.RGBA) (at []image.Point) {
		for y := range 16 {
			for x := range 16 {
				if c := img.RGBAAt(x, y); c.R == 255 && c.G == 0 {
					at = append(at, image.Pt(x, y))
				}
			}
		}
		return at
	}
	for frame, want := range map[int][]image.Point{0: nil, 3: {{0, 3}, {1, 3}, {2, 3}}, 5: {{0, 5}, {1, 5}, {2, 5}}} {
		if got := red(p.Of(frame)); !slices.Equal(got, want) {
			t.Errorf("at the beginning of frame %d %v are red, want %v", frame, got, want)
		}
	}
	if got := red(note.Picture); !slices.Equal(got, []image.Point{{0, 3}}) {
		t.Errorf("in the midst of frame 2 %v are red, want the first texel of the three", got)
	}
	p.Want(frames, image.Pt(8, 8))
	if p.Of(3) != nil {
		t.Error("a picture of another size is given")
	}
	h.until(func() bool { return p.Of(5) != nil })
	p.Want(frames, image.Pt(4, 4))
	p.Want(frames, image.Pt(12, 12)) // while one of 4 × 4 is made
	h.until(func() bool { return p.Of(5) != nil })
	for _, f := range frames {
		if n := p.Of(f).Rect.Dx(); n != 12 {
			t.Errorf("the picture of frame %d is %d wide", f, n)
		}
	}
}
