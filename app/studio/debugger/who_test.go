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

func TestABlockIsListedWholeAndItsStatementsOpen(t *testing.T) {
	h := newHand(t, ".canvas 8 8 pixel\nSET k = 4\nloop:\nEACH\n  SET v = px * k\n  IF v > 10\n    SET v = 0\n  END\n  PUT v\nEND\nFRAME\nJMP loop\n", 2)
	h.AskWho(1, 5)
	h.follow()
	h.settle()
	block := h.Who().Chosen
	set, not, skipped := find(block.Under, "SET v = px * k"), find(block.Under, "IF v > 10"), find(block.Under, "SET v = 0")
	if set == nil || !set.Ran || set.Value != "v = 4" || not == nil || not.Value != "v = 4: not so" || skipped == nil || !skipped.Skipped || skipped.Opens() {
		t.Fatalf("%+v, %+v, %+v", set, not, skipped)
	}
	h.Choose(set)
	h.settle()
	k := find(set.Under, "k")
	if k == nil || k.Value != "4" || find(set.Under, "px") == nil {
		t.Fatalf("it was given %+v", set.Under)
	}
	h.Choose(k)
	h.settle()
	if find(k.Under, "SET k = 4") == nil {
		t.Errorf("k comes from %+v", k.Under)
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

// TestWhoDrewItIsToldOfABranch, back to the value that was changed; and choosing a line of it
// goes there from another branch.
func TestWhoDrewItIsToldOfABranch(t *testing.T) {
	h := newHand(t, counting, 5)
	h.follow()
	h.settle()
	h.Frame(2)
	h.settle()
	h.set("n", 6)
	if got := h.pointAt(1, 2); got[0].Drawn.Text != "PLOT i n red" || got[0].At.Frame != 1 {
		t.Errorf("there is %+v", got)
	}
	h.AskWho(1, 7)
	h.settle()
	plot := h.Who().Chosen
	if plot == nil || plot.Text != "PLOT i n red" || h.Who().Frame != 2 {
		t.Fatalf("%+v drew it in frame %d", plot, h.Who().Frame)
	}
	y := find(plot.Under, "y")
	h.Choose(y)
	h.settle()
	n := find(y.Under, "n")
	h.Choose(n)
	h.settle()
	if len(n.Under) != 1 || n.Under[0].Note != "changed by hand in frame 2" {
		t.Errorf("n comes from %+v", n.Under)
	}
	h.Leave()
	h.settle()
	h.Choose(plot)
	if now := h.settle(); now.Branch != "branch 1" || now.Next.Text != "PLOT i n red" || now.At.Frame != 2 {
		t.Errorf("choosing it leads to %q, %q in frame %d", now.Branch, now.Next.Text, now.At.Frame)
	}
}
