package debugger

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

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
	if !strings.Contains(p.Says, "in frame 2, at texel 0, 3: 0x000099 in place of 0xFF0000") {
		t.Errorf("it says %q", p.Says)
	}
	h.Search().GoToParting()
	if now := h.settle(); now.At != (Position{Frame: 3}) {
		t.Errorf("that leads to %v", now.At)
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
