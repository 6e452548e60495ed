package editor

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gioui.org/f32"
	"gioui.org/io/pointer"
)

// lines lists where breakpoints are; × marks those whose line is gone.
func (b *Breaks) lines() string {
	var out []string
	for _, k := range b.list {
		if k.Gone {
			out = append(out, fmt.Sprintf("%d×", k.Line))
			continue
		}
		out = append(out, fmt.Sprint(k.Line))
	}
	return strings.Join(out, " ")
}

func TestBreakpointsMoveWithTheText(t *testing.T) {
	e := New()
	e.SetText("one\ntwo\nthree\nfour\nfive\n")
	for _, line := range []int{4, 2, 5, 3, 5} {
		e.Breaks.Toggle(line)
	}
	want := func(what, lines string) {
		t.Helper()
		if got := e.Breaks.lines(); got != lines {
			t.Errorf("%s: breakpoints on %s, want %s", what, got, lines)
		}
	}
	edit := func(from, to, with string) {
		t.Helper()
		at := strings.Index(e.Text(), from)
		e.Replace(at, at+strings.Index(e.Text()[at:], to)+len(to), with)
	}
	want("at first", "2 3 4")
	e.Replace(0, 0, "zero\n")
	want("a line before them", "3 4 5")
	edit("two", "two", "two\n2.5")
	want("a line among them", "3 5 6")
	edit("two", "three\n", "")
	want("three lines gone", "3 3× 3×")
	e.Undo()
	want("and back", "3 5 6")
	edit("thr", "thr", "  thr")
	want("another word", "3 5 6")
	edit("2.5\n", "2.5\n", "")
	want("a line gone that has none", "3 4 5")
	edit("zero", "five", "  zero\n  one\n  two\n\n  three\n  four\n  five")
	want("all in another format, with a line more", "3 5 6")
}

func TestBreakpointsGoWhereTheirLineGoes(t *testing.T) {
	for _, c := range []struct {
		what, text, with string // what stands in [] is replaced
		line             int
		want             string
	}{
		{"pressing Return before it", "a\n[]b\nc\n", "\n", 2, "3"},
		{"pressing Return in it", "a\nb[]b\nc\n", "\n", 2, "2"},
		{"pressing Return behind it", "a\nb[]\nc\n", "\n  ", 2, "2"},
		{"joining it to the line before", "a[\n]b\nc\n", "", 2, "1"},
		{"joining the next to it", "a\nb[\n]c\n", "", 2, "2"},
		{"taking it out", "a\n[b\n]c\n", "", 2, "2×"},
		{"taking it out at the end", "a[\nb]", "", 2, "1×"},
		{"writing another in its place", "a\n[b\n]c\n", "x\n", 2, "2"},
		{"commenting it out with others", "[a\nb]\nc\n", "; a\n; b", 2, "2"},
		{"moving it up", "[a\nb]\nc\n", "b\na", 2, "1"},
		{"putting another text there", "[a\nb\nc]\n", "x\ny", 2, "2×"},
		{"putting it among more lines", "[a\nb\nc]\n", "x\ny\na\n b\nz", 2, "4"},
		{"the nearest of the same", "[b\na\nb]", "b\nx\na\nb", 3, "4"},
	} {
		e := New()
		before, rest, _ := strings.Cut(c.text, "[")
		old, after, _ := strings.Cut(rest, "]")
		e.SetText(before + old + after)
		e.Breaks.Set(Break{Line: c.line, Condition: "x"})
		e.Replace(len(before), len(before)+len(old), c.with)
		if got := e.Breaks.lines(); got != c.want || e.Breaks.All()[0].Condition != "x" {
			t.Errorf("%s makes %q: its breakpoint is on %s, want %s", c.what, e.Text(), got, c.want)
		}
	}
}

func TestTheGuttersEdgeSetsBreakpoints(t *testing.T) {
	b := open(t, "one\ntwo\nthree\n")
	at := f32.Pt(6, float32(b.lineTop(1)+2))
	b.click(at, 1, 0)
	if got := b.Breaks.lines(); got != "2" {
		t.Fatalf("breakpoints on %s, want the second line", got)
	}
	if from, to := b.Selection(); from != to {
		t.Error("the line is selected too")
	}
	b.router.Queue(pointer.Event{Kind: pointer.Press, Source: pointer.Mouse, Buttons: pointer.ButtonSecondary, Position: at, Time: b.time})
	if events := append(b.frame(), b.frame()...); !slices.Contains(events, Event(BreakAsked{2})) || b.Breaks.lines() != "2" {
		t.Errorf("a right click says %v", events)
	}
	b.click(at, 1, 0)
	if got := b.Breaks.lines(); got != "" {
		t.Errorf("a second click leaves those on %s", got)
	}
}

func TestADotSaysWhatItAsksFor(t *testing.T) {
	b := open(t, "one\ntwo\nthree\nfour\n")
	b.Breaks.Set(Break{Line: 1, Condition: "x > 3", Hits: "% 2"})
	b.Breaks.Set(Break{Line: 2, Log: "x is {x}"})
	b.Breaks.Set(Break{Line: 3})
	b.Breaks.Set(Break{Line: 4})
	const counts = "While the program runs, hits count from when this was set; in the debugger's moves from where the run begins."
	b.Replace(b.buf.lineStart(2), b.buf.lineStart(3), "")
	b.Notes.Idle = map[int]string{2: "there is no x"}
	for line, want := range []said{
		{"Stops where x > 3, hits % 2", counts, "Right click: what it asks for"},
		{"Writes x is {x}", "there is no x", "Right click: what it asks for"},
		{"A breakpoint", "", "Right click: what it asks for"},
	} {
		b.mouse(pointer.Move, f32.Pt(6, float32(b.lineTop(line)+2)), 0)
		b.now = b.now.Add(time.Second)
		b.frame()
		if !b.hover.on || b.hover.said != want {
			t.Errorf("line %d: %+v, want %+v", line+1, b.hover.said, want)
		}
	}
	hover := func() string {
		b.mouse(pointer.Move, f32.Pt(30, 90), 0)
		b.mouse(pointer.Move, f32.Pt(6, float32(b.lineTop(0)+2)), 0)
		b.now = b.now.Add(time.Second)
		b.frame()
		return b.hover.said.body
	}
	b.Notes.Failing = map[int]string{1: "4 is divided by zero", 2: "never told"}
	if got := hover(); got != "The condition counts as false where it fails: 4 is divided by zero" {
		t.Errorf("one that fails says %q", got)
	}
	b.Breaks.Remove(3)
	if b.Breaks.Set(Break{Line: 4}); b.Breaks.lines() != "1 2 4" {
		t.Errorf("a line that has a gone one keeps it: %s", b.Breaks.lines())
	}
}

func TestAVariableSaysWhatItHolds(t *testing.T) {
	b := open(t, "count = 4\ncount = count + 1\n")
	b.Notes.Held = func(line int, name string) (string, bool) { return "7", line == 2 && name == "count" }
	for offset, want := range map[int]string{1: "", 11: "count = 7"} {
		b.mouse(pointer.Move, b.pointAt(offset), 0)
		b.now = b.now.Add(time.Second)
		b.frame()
		if got := b.hover.said.title; want != "" && got != want || want == "" && strings.Contains(got, "=") {
			t.Errorf("over byte %d it says %q, want %q", offset, got, want)
		}
	}
}
