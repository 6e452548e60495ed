package syntax

import (
	"fmt"
	"strings"
	"testing"
)

func TestPositionsKnowTheirFile(t *testing.T) {
	files := &FileSet{}
	a := files.Add("a.pxl", "\uFEFFé x\n\nlast")
	b := files.Add("b.pxl", "")
	c := files.Add("c.pxl", "one\ntwo\n")
	for _, k := range []struct {
		pos  Pos
		want Position
	}{
		{a.Pos(0), Position{"a.pxl", 0, 1, 1}},
		{a.Pos(3), Position{"a.pxl", 3, 1, 1}},
		{a.Pos(6), Position{"a.pxl", 6, 1, 3}},
		{a.Pos(8), Position{"a.pxl", 8, 2, 1}},
		{a.Pos(13), Position{"a.pxl", 13, 3, 5}},
		{a.Pos(999), Position{"a.pxl", 13, 3, 5}},
		{b.Pos(0), Position{"b.pxl", 0, 1, 1}},
		{c.Pos(-5), Position{"c.pxl", 0, 1, 1}},
		{c.Pos(5), Position{"c.pxl", 5, 2, 2}},
		{c.Pos(8), Position{"c.pxl", 8, 3, 1}},
		{0, Position{}},
	} {
		if got := files.Position(k.pos); got != k.want {
			t.Errorf("%d is %+v, want %+v", k.pos, got, k.want)
		}
		if got := files.Line(k.pos); got != k.want.Line {
			t.Errorf("%d is on line %d, want %d", k.pos, got, k.want.Line)
		}
	}
	if got := files.Text(c.Pos(4), c.Pos(7)) + files.Text(a.Pos(9), a.Pos(13)) + files.Text(0, 0) + files.Text(c.Pos(3), c.Pos(1)); got != "twolast" {
		t.Errorf("the texts are %q", got)
	}
	if from, end := c.LineRange(2); from != c.Pos(4) || end != c.Pos(8) {
		t.Errorf("line 2 is [%d, %d)", from, end)
	}
	if from, end := a.LineRange(3); from != a.Pos(9) || end <= a.Pos(13) {
		t.Errorf("the last line is [%d, %d)", from, end)
	}
	if from, end := a.LineRange(4); from != end {
		t.Errorf("a line that is not there is [%d, %d)", from, end)
	}
}

func TestPositionsInOrderAreThoseOneByOne(t *testing.T) {
	files := &FileSet{}
	var places []Pos
	for _, src := range []string{"é é é\nx\n", strings.Repeat("ü:", 50), "", "\uFEFFa\n"} {
		f := files.Add(src[:min(3, len(src))], src)
		for i := range src {
			places = append(places, f.Pos(i))
		}
		places = append(places, f.Pos(len(src)))
	}
	for i, got := range files.Positions(places) {
		if want := files.Position(places[i]); got != want {
			t.Errorf("%d is %+v, want %+v", places[i], got, want)
		}
	}
}

func TestATreeAndItsDiagnosticsKnowTheirFile(t *testing.T) {
	files := &FileSet{}
	a, b := files.Add("a.pxl", "HALT 1\n"), files.Add("b.pxl", "NOP\nSET x = (y + 1\n")
	r := NewReporter(files)
	Parse(b, r, nil)
	Parse(a, r, nil)
	tree, _ := Parse(b, NewReporter(files), nil)
	if s := tree.Stmts[1]; files.Position(s.Pos) != (Position{"b.pxl", 4, 2, 1}) || tree.Text(s.Name, s.NameEnd) != "x" {
		t.Errorf("the statement is at %v, its name %q", files.Position(s.Pos), tree.Text(s.Name, s.NameEnd))
	}
	var got []string
	for _, d := range r.Diagnostics() {
		got = append(got, fmt.Sprintf("%s:%d:%d", d.Pos.File, d.Pos.Line, d.Pos.Column))
	}
	if want := "a.pxl:1:6 b.pxl:2:14"; strings.Join(got, " ") != want {
		t.Errorf("diagnostics at %v, want %s", got, want)
	}
}
