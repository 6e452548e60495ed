package debugger

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// set gives a variable another value where the run is looked at.
func (h *hand) set(name string, v int32) {
	h.t.Helper()
	s := h.session
	h.ask(false, true, func(ctx context.Context) (*Moment, error) {
		for _, is := range s.in.Variables() {
			if is.Name == name {
				if err := s.in.Set(ctx, is.Word, v); err != nil {
					return nil, err
				}
			}
		}
		return s.moment(ctx, nil)
	})
	h.settle()
}

// tree writes the branches, that which is gone through with a star.
func (h *hand) tree() (out []string) {
	for _, b := range h.Now().Branches {
		name := strings.Repeat(" ", b.Depth) + b.Name
		if b.Here {
			name += " *"
		}
		out = append(out, name)
	}
	return out
}

func (h *hand) branched(want ...string) {
	h.t.Helper()
	if got := h.tree(); !slices.Equal(got, want) {
		h.t.Errorf("the branches are %q, want %q", got, want)
	}
}

func TestBranchesAreSwitchedNamedComparedAndDeleted(t *testing.T) {
	h := newHand(t, counting, 8)
	h.follow()
	h.settle()
	h.branched(asItWas + " *")
	h.Frame(2)
	h.settle()
	h.set("n", 6)
	h.Go(Frame)
	h.settle()
	h.set("n", 9)
	h.branched(asItWas, " branch 1", "  branch 2 *")
	h.Branches().Rename(h.Now().Branches[1], "six")
	h.settle()
	h.branched(asItWas, " six", "  branch 2 *")
	h.Branches().Rename(h.Now().Branches[2], "six")
	if h.settle(); h.Search().Says() != "there is a branch six already" {
		t.Errorf("it says %q", h.Search().Says())
	}
	h.Notebook().Mark()
	note := h.Notebook().Current()
	h.Branches().Switch(h.Now().Branches[1])
	if now := h.settle(); now.At.Frame != 3 || h.value("n") != 7 || h.Search().Says() != "" {
		t.Errorf("in frame %d n is %d", now.At.Frame, h.value("n"))
	}
	all := h.Now().Branches
	h.Branches().Compare(all[0], all[1])
	h.settle()
	p := h.Search().Parting()
	if p == nil || p.Equal || p.Frame != 2 || *p.Texel != (record.Texel{X: 0, Y: 3, A: 0xFF0000FF, B: p.Texel.B}) || p.Texel.B == p.Texel.A {
		t.Fatalf("they part: %+v", p)
	}
	if !strings.Contains(p.Says, "in frame 2, at texel 0, 3: 0xFF0000 and 0x000099") {
		t.Errorf("it says %q", p.Says)
	}
	h.Search().GoToParting()
	if now := h.settle(); now.At != (Position{Frame: 3}) || now.Branch != "six" || h.Who().Frame != 2 {
		t.Errorf("that leads to %v of %q, %+v", now.At, now.Branch, h.Who())
	}
	h.Notebook().Go(note)
	if now := h.settle(); now.Branch != "branch 2" || now.At != note.At {
		t.Errorf("the note leads to %v of %q", now.At, now.Branch)
	}
	if marks := h.Notebook().marks(); len(marks) != 0 {
		t.Errorf("a branch's moment is saved with the run: %v", marks)
	}
	h.Branches().Delete(h.Now().Branches[1])
	h.settle()
	h.branched(asItWas + " *")
	h.Branches().Delete(h.Now().Branches[0])
	if h.settle(); h.Search().Says() == "" {
		t.Error("the run as it was is deleted")
	}
}

func (h *hand) says(want string) {
	h.t.Helper()
	if got := h.Search().Says(); got != want {
		h.t.Errorf("it says %q, want %q", got, want)
	}
}

// TestABranchIsGivenOtherInput, from the frame on that begins, as far as it is named.
func TestABranchIsGivenOtherInput(t *testing.T) {
	h := newHand(t, ".canvas 16 16 pixel\nloop:\nx = mx\ny = my\nb = mb\nw = mw\nk = key('A') + key(38)\nFRAME\nJMP loop\n", 8)
	h.follow()
	h.settle()
	h.Frame(2)
	h.settle()
	h.Branches().Feed("my 40 mw -1 mb 1 keys a 38")
	if now := h.settle(); now.Branch != "branch 1" || now.At != (Position{Frame: 2}) {
		t.Fatalf("it stands at %v of %q", now.At, now.Branch)
	}
	for _, want := range []map[string]int32{
		{"x": 2, "y": 40, "b": 1, "w": -1, "k": 2}, {"x": 3, "y": 40, "b": 1, "w": 0, "k": 2}} {
		h.Go(Frame)
		h.settle()
		for name, v := range want {
			if got := h.value(name); got != v {
				t.Errorf("frame %d: %s is %d, want %d", h.Now().At.Frame, name, got, v)
			}
		}
	}
	h.Branches().Feed("mb 2")
	h.settle()
	h.Go(Frame)
	if h.settle(); h.value("b") != 2 || h.value("y") != 40 || h.value("w") != 0 || h.value("k") != 2 {
		t.Errorf("b is %d, y %d, w %d, k %d", h.value("b"), h.value("y"), h.value("w"), h.value("k"))
	}
	for text, want := range map[string]string{
		"":               "say what is other: mx 12 my 40 mb 1 keys A",
		"mx":             "mx needs a number behind it",
		"my far":         "my needs a number behind it, not far",
		"up 1":           "up is no input: there are mx, my, mb, mw, and keys behind them",
		"mx 1 keys left": "left is no key: say a character, or a code from 0 to 255",
		"keys 256":       "256 is no key: say a character, or a code from 0 to 255",
	} {
		h.Branches().Feed(text)
		h.settle()
		h.says(want)
	}
	h.branched(asItWas, " branch 1", "  branch 2 *")
}

// TestAnEditedTextGoesOnAsABranch: its moments, and what is asked of them, are of its program.
func TestAnEditedTextGoesOnAsABranch(t *testing.T) {
	h := newHand(t, counting, 8)
	h.follow()
	h.settle()
	h.Frame(3)
	h.settle()
	edited := pxl.Assemble("counting.pxl", strings.Replace(counting, "PLOT i n red", "PLOT i (n + 1) white", 1))
	h.Branches().Edit(edited)
	now := h.settle()
	if now.Branch != "branch 1" || now.At != (Position{Frame: 3}) || !now.Of(edited) || h.value("n") != 3 {
		t.Fatalf("it stands at %v of %q with n %d", now.At, now.Branch, h.value("n"))
	}
	h.Go(Frame)
	h.settle()
	h.AskWho(1, 6)
	h.settle()
	if d := h.Who(); d.Frame != 4 || d.Chosen.Text != "PLOT i (n + 1) white" {
		t.Errorf("in frame %d %+v drew it", d.Frame, d.Chosen)
	}
	h.Choose(h.Who().Chosen)
	if now := h.settle(); now.Next.Text != "PLOT i (n + 1) white" || now.Beside[plotLine] == "" {
		t.Errorf("that leads to %q, %v", now.Next.Text, now.Beside)
	}
	if got := h.pointAt(1, 4); got[0].Drawn.Text != "CLS navy" {
		t.Errorf("there is %+v", got)
	}
	from := find(h.Who().Chosen.Under, "n")
	for _, want := range []string{"SET n = n + 1", "SET n = n + 1", "no statement"} {
		h.Choose(from)
		h.settle()
		if len(from.Under) != 1 || from.Under[0].Text != want {
			t.Fatalf("%s comes from %+v, want %s", from.Text, from.Under, want)
		}
		from = find(from.Under, "n")
	}
	h.Branches().Edit(pxl.Assemble("counting.pxl", strings.Replace(counting, "16 16", "16 17", 1)))
	h.settle()
	h.says("the text has another canvas: run it from its start")
	h.Leave()
	if now := h.settle(); !now.Of(h.run.Program) {
		t.Error("the run as it was is of the edited text")
	}
}

// TestTwoBranchesAreLaidOverOneAnother: the one that is looked at, and the one that was chosen,
// or that it left.
func TestTwoBranchesAreLaidOverOneAnother(t *testing.T) {
	h := newHand(t, counting, 8)
	h.follow()
	h.settle()
	if l := h.overlay(func(o *Overlays) { o.Show(Against) }); l != nil || !strings.Contains(h.Overlays().Problem(), "no other branch") {
		t.Errorf("alone it is %+v, %q", l, h.Overlays().Problem())
	}
	other := func(want string) {
		t.Helper()
		if b, ok := h.Branches().Other(); !ok || b.Name != want {
			t.Errorf("the other is %q, want %q", b.Name, want)
		}
	}
	h.Frame(2)
	h.settle()
	h.set("n", 6)
	h.set("n", 9) // in the same moment: the same branch
	h.Branches().Switch(h.Now().Branches[0])
	h.settle()
	other("branch 1")
	h.set("n", 12)
	other(asItWas)
	l := h.overlay(func(*Overlays) {})
	here, there, ok := l.Differs(0, 13)
	if l.With != "in "+asItWas || l.Frame != 2 || l.Texels != 6 || !ok || here != "0xFF0000" || there != "0x000099" {
		t.Errorf("%d texels of frame %d differ from %s, there is %s and %s", l.Texels, l.Frame, l.With, here, there)
	}
	if _, _, ok := l.Differs(0, 5); ok || h.at(l, 0, 5) != -1 {
		t.Error("what is the same differs")
	}
	h.Branches().Choose(h.Now().Branches[1])
	other("branch 1")
	if l := h.overlay(func(*Overlays) {}); l.With != "in branch 1" || h.at(l, 0, 10) != 1 || h.at(l, 0, 3) != -1 {
		t.Errorf("it is compared with %s", l.With)
	}
	h.Branches().Choose(h.Now().Branches[2]) // itself
	other(asItWas)
	h.Frame(9)
	h.settle()
	if l := h.overlay(func(*Overlays) {}); l != nil || h.Overlays().Problem() != asItWas+" has no frame 9" {
		t.Errorf("behind its end: %+v, %q", l, h.Overlays().Problem())
	}
}

// TestAFrameIsLaidOverThatOfTheOtherProcessor.
func TestAFrameIsLaidOverThatOfTheOtherProcessor(t *testing.T) {
	h := newHand(t, counting, 4)
	fails := errors.New("there is no GPU to compare with")
	h.cfg.Other = func(ctx context.Context, before *machine.Snapshot, in machine.Input, budget uint32) ([]uint32, string, error) {
		m, err := machine.FromSnapshot(before)
		if err == nil {
			_, err = m.Frame(ctx, in, budget)
		}
		if err != nil || fails != nil {
			return nil, "", cmp.Or(err, fails)
		}
		page := slices.Clone(m.Page(machine.DisplayPage))
		page[3*16+5] ^= 0xFF
		return page, "the other", nil
	}
	h.follow()
	h.settle()
	h.Frame(2)
	h.settle()
	if l := h.overlay(func(o *Overlays) { o.Show(Processors) }); l != nil || h.Overlays().Problem() != fails.Error() {
		t.Errorf("without one: %+v, %q", l, h.Overlays().Problem())
	}
	fails = nil
	h.Frame(1)
	h.settle()
	l := h.overlay(func(*Overlays) {})
	if _, _, ok := l.Differs(5, 3); l.Texels != 1 || !ok || l.With != "on the other" || l.Frame != 1 {
		t.Errorf("%d texels differ in frame %d", l.Texels, l.Frame)
	}
	h.set("n", 6)
	if l := h.overlay(func(*Overlays) {}); l != nil || !strings.Contains(h.Overlays().Problem(), "the next can be compared") {
		t.Errorf("where a value was changed: %+v, %q", l, h.Overlays().Problem())
	}
	h.Go(Frame)
	h.settle()
	if l := h.overlay(func(*Overlays) {}); l == nil || l.Texels != 1 {
		t.Errorf("behind it: %+v, %q", l, h.Overlays().Problem())
	}
}

// TestWhatNeverComesInABranchIsGivenUp, and looked for further when it is asked for again.
func TestWhatNeverComesInABranchIsGivenUp(t *testing.T) {
	h := newHand(t, "loop:\nx = x + 1\nIF x == 2 y = 1\nIF x < 0 y = 2\nFRAME\nJMP loop\n", 4)
	h.follow()
	h.settle()
	h.Frame(2)
	h.settle()
	h.set("x", 6)
	for i := 1; i <= 2; i++ {
		h.Search().To(Target{Variable: "y"}, false)
		if now := h.settle(); now.At.Frame != 2+i*mostOnward || now.Branch == "" {
			t.Fatalf("it stands at %v of %q", now.At, now.Branch)
		}
		h.says("y changes nowhere behind in 600 frames: again looks further")
	}
	h.Search().To(Target{Variable: "y"}, true)
	if now := h.settle(); now.At.Frame != 1 {
		t.Errorf("back it is at %v", now.At)
	}
}

func TestTheRunIsComparedWithARecording(t *testing.T) {
	h := newHand(t, counting, 8)
	h.follow()
	h.settle()
	path := filepath.Join(t.TempDir(), "same.pxlrec")
	h.Save(path, func(_ int, err error) {
		if err != nil {
			t.Error(err)
		}
	})
	h.settle()
	says := func(path string, equal bool, want string) *Parting {
		t.Helper()
		h.Search().Compare(path)
		h.settle()
		p := h.Search().Parting()
		if p == nil || p.Equal != equal || p.With != filepath.Base(path) || !strings.Contains(p.Says, want) {
			t.Fatalf("it is %+v, want %q", p, want)
		}
		return p
	}
	says(path, true, "the same in all 8 frames")
	other := newHand(t, strings.Replace(counting, "SET n = n + 1", "SET n = n + 1 + frame / 5", 1), 8)
	other.follow()
	other.settle()
	path = filepath.Join(t.TempDir(), "other.pxlrec")
	other.Save(path, func(_ int, err error) {
		if err != nil {
			t.Error(err)
		}
	})
	other.settle()
	p := says(path, false, "differs first in frame 5, at texel 0, 6")
	h.Search().GoToParting()
	if now := h.settle(); now.At != (Position{Frame: p.Frame + 1}) || h.Who() == nil || h.Who().Y != 6 {
		t.Errorf("that leads to %v, %+v", now.At, h.Who())
	}
	says(filepath.Join(t.TempDir(), "none.pxlrec"), false, "no such file")
}
