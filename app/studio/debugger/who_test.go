package debugger

import "testing"

// find gives the node with a text among some and all under them that are shown.
func find(all []*Node, text string) *Node {
	for _, n := range all {
		if n.Text == text {
			return n
		}
		if m := find(n.Under, text); m != nil {
			return m
		}
	}
	return nil
}

func TestATexelLeadsToTheStatementThatGaveItsValue(t *testing.T) {
	h := newHand(t, counting, 5)
	h.AskWho(1, 5)
	h.follow()
	h.settle()
	d := h.Who()
	if d.Frame != 4 || len(d.Touches) != 2 {
		t.Fatalf("frame %d, %d commands", d.Frame, len(d.Touches))
	}
	cls, plot := d.Touches[0], d.Touches[1]
	if cls.Text != "CLS navy" || !cls.Covered || cls.Command != 1 {
		t.Errorf("first: %+v", cls)
	}
	if plot.Text != "PLOT i n red" || plot.Covered || plot.Command != 3 || d.Chosen != plot || !plot.Open {
		t.Errorf("then: %+v", plot)
	}
	h.Choose(cls)
	if now := h.settle(); now.Next.Text != "CLS navy" || now.At.Frame != 4 {
		t.Errorf("choosing it leads to %q in frame %d", now.Next.Text, now.At.Frame)
	}
	y := find(plot.Under, "y")
	if y == nil || y.Value != "5" || y.Note != "n" || !y.Opens() {
		t.Fatalf("y: %+v", y)
	}
	h.Choose(y)
	h.settle()
	from := find(y.Under, "SET n = n + 1")
	if from == nil {
		t.Fatalf("y comes from %+v", y.Under)
	}
	if now := h.Now(); now.Next.Text != "SET n = n + 1" || h.Who().Chosen != from {
		t.Errorf("that leads to %q", now.Next.Text)
	}
	before := find(from.Under, "n")
	if before == nil || before.Value != "4" {
		t.Fatalf("it was given %+v", from.Under)
	}
	h.Choose(before)
	if now := h.settle(); now.At.Frame != 3 || now.Next.Text != "SET n = n + 1" {
		t.Errorf("n before that comes from %q in frame %d, want the frame before", now.Next.Text, now.At.Frame)
	}
}

func TestAQuestionOutsideTheCanvasIsAnsweredInWords(t *testing.T) {
	h := newHand(t, counting, 2)
	h.follow()
	h.settle()
	h.AskWho(99, 0)
	for h.Busy() {
		(<-h.posts)()
	}
	if h.Problem() == "" || h.Now() == nil {
		t.Error("nothing is said")
	}
}
