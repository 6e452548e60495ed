package debugger

import (
	"image"
	"strings"
	"testing"
)

// goes looks for a target and says where that leads.
func (h *hand) goes(t Target, back bool, frame int, text string) {
	h.t.Helper()
	h.Search().To(t, back)
	if now := h.settle(); now.At.Frame != frame || now.Next.Text != text || h.Search().Says() != "" {
		h.t.Errorf("%v, back %v: it leads to frame %d before %q, %q; want frame %d, %q", t, back, now.At.Frame, now.Next.Text, h.Search().Says(), frame, text)
	}
}

func TestTargetsAreFoundInBothDirections(t *testing.T) {
	h := newHand(t, counting, 6)
	h.follow()
	h.settle()
	texel := image.Pt(1, 4)
	h.goes(Target{Texel: &texel}, true, 5, "SET n = n + 1")
	h.goes(Target{Texel: &texel}, true, 4, "SET n = n + 1")
	h.goes(Target{Texel: &texel}, true, 3, "END")
	h.goes(Target{Texel: &texel}, false, 4, "SET n = n + 1")
	h.goes(Target{Line: 15}, true, 3, "SET m = n * 2")
	h.goes(Target{Variable: "n"}, false, 4, "FOR i = 0 TO 2")
	h.goes(Target{Variable: "n"}, true, 3, "FOR i = 0 TO 2")
	h.goes(Target{Variable: "seen[n - 1]"}, true, 2, "CALL mark")
	if last := h.Notebook().Current(); last == nil || last.Asked != "seen[n - 1] changes" {
		t.Errorf("it is noted as %+v", last)
	}
}

func TestATargetThatIsNowhereIsSpokenOf(t *testing.T) {
	h := newHand(t, strings.Replace(counting, "  JMP loop\n", "  IF n < 5 JMP loop\n  HALT\n", 1), 6)
	h.follow()
	h.settle()
	h.Frame(2)
	here := h.settle().At
	for _, c := range []struct {
		t    Target
		back bool
		says string
	}{
		{Target{Line: 3}, false, "line 3 runs nowhere behind"},
		{Target{Variable: "seen[3]"}, true, "seen[3] changes nowhere before"},
		{Target{Variable: "nobody"}, true, "there is no variable and no word of an array called nobody"},
		{Target{Variable: "seen[m / 0]"}, false, "zero"},
	} {
		h.Frame(2)
		h.settle()
		h.Search().To(c.t, c.back)
		now := h.settle()
		if says := h.Search().Says(); !strings.Contains(says, c.says) || now.At != here {
			t.Errorf("%v: it says %q at %v", c.t, says, now.At)
		}
	}
	live := newHand(t, "n = 1\nFRAME\nFRAME\nHALT\n", 1)
	live.follow()
	live.settle()
	live.Search().To(Target{Line: 1}, false)
	if now := live.settle(); live.Search().Says() != "line 1 runs nowhere behind" || !now.Ended {
		t.Errorf("run on to its end, it says %q", live.Search().Says())
	}
	if h.Go(StepBack); h.settle() == nil || h.Search().Says() != "" {
		t.Errorf("after a move it still says %q", h.Search().Says())
	}
}

func TestATargetIsSoughtInFramesThatAreStillToBeRun(t *testing.T) {
	h := newHand(t, strings.Replace(counting, "  CALL mark\n", "  IF n == 9 CALL mark\n", 1), 4)
	h.follow()
	h.settle()
	h.Frame(2)
	h.settle()
	h.goes(Target{Line: 15}, false, 8, "SET m = n * 2")
	if h.Seeking() || h.run.Frames.End() != 9 {
		t.Errorf("it seeks on: %v, %d frames", h.Seeking(), h.run.Frames.End())
	}
	h.Go(Frame)
	h.settle()
	h.goes(Target{Variable: "n"}, false, 9, "FOR i = 0 TO 2")
}

func TestTheVariableAtAPlaceOfATextIsFound(t *testing.T) {
	for text, want := range map[string]string{
		"SET s|um = 3":                "sum",
		"SET su|m[i + a[2]] = 3":      "sum[i + a[2]]",
		"SET sum[|i + a[2]] = 3":      "i",
		"SET g|rid[x, f(1, 2)] = 3":   "grid[x, f(1, 2)]",
		"SET sum = |3":                "",
		"SET s|um[3\nSET x = 1 ; ]\n": "",
		"|":                           "",
	} {
		at := strings.IndexByte(text, '|')
		if got := VariableAt(text[:at]+text[at+1:], at); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
