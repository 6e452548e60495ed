package debugger

import (
	"maps"
	"testing"
)

const called = `.canvas 8 8 pixel
n = 3
loop:
  n = n + 1
  dot(n)
  FRAME
  JMP loop
DEF dot(x)
  LOCAL n
  n = x * 2
  PLOT n x red
  RETURN
END
`

func TestVariablesAreWrittenBesideTheirLines(t *testing.T) {
	h := newHand(t, called, 3)
	h.follow()
	h.settle()
	until := func(text string) map[int]string {
		t.Helper()
		for range 50 {
			if h.Now().Next.Text == text {
				return h.Now().Beside
			}
			h.Go(StepBack)
			h.settle()
		}
		t.Fatalf("%q never comes", text)
		return nil
	}
	if got, want := until("FRAME"), (map[int]string{2: "n = 6", 4: "n = 6", 5: "n = 6"}); !maps.Equal(got, want) {
		t.Errorf("in the program: %v, want %v", got, want)
	}
	if got, want := until("PLOT n x red"), (map[int]string{10: "n = 12  x = 6", 11: "n = 12  x = 6"}); !maps.Equal(got, want) {
		t.Errorf("in the procedure: %v, want %v", got, want)
	}
}

func TestAVariableHoldsWhatItsLineMeans(t *testing.T) {
	h := newHand(t, called, 3)
	h.follow()
	h.settle()
	held := func(line int, name, want string) {
		t.Helper()
		if got, ok := h.Now().Held(line, name); got != want || ok != (want != "") {
			t.Errorf("before %q, %s of line %d is %q, want %q", h.Now().Next.Text, name, line, got, want)
		}
	}
	held(4, "n", "6")
	held(10, "n", "")
	held(4, "x", "")
	for h.Now().Next.Text != "PLOT n x red" {
		h.Go(StepBack)
		h.settle()
	}
	held(4, "n", "6")
	held(10, "n", "12")
	held(10, "x", "6")
	held(10, "red", "")
}
