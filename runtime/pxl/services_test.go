package pxl

import (
	"slices"
	"strings"
	"testing"
)

// at cuts the cursor, a |, out of a source.
func at(src string) (string, int) {
	i := strings.IndexByte(src, '|')
	return src[:i] + src[i+1:], i
}

func TestComplete(t *testing.T) {
	for _, c := range []struct {
		src        string
		want, miss string // words that are in the list, and that are not
	}{
		{"re|", "RECT RET", "TXT red"},
		{"|", "TXT IF .canvas SET", "red x PUT ADD"},
		{"SET speed = 1\nPLOT s|", "speed sin( seed silver", "SET cos"},
		{"SET speed = 1\nPLOT S|", "speed", "SET"},
		{"PLOT |", "W red sin(", "px RECT"},
		{"EACH\n  PUT p|\nEND", "px py", "PUT"},
		{"EACH\n|\nEND", "PUT SET IF", "RECT JMP"},
		{"EACH\nEND\n|", "RECT", "PUT"},
		{"start:\nJMP |", "start", "red"},
		{"start:\nJMP s|", "start", "sin"},
		{".array a 4\n.const N 3\nSET x = 1\nSET |", "a[ x", "N red"},
		{"IF W > 3 re|", "RECT", "red"},
		{"IF W > r|", "red rnd(", "RECT"},
		{"FOR i = 1 |", "TO", "STEP red"},
		{"FOR i = 1 T|", "TO", "teal"},
		{"FOR i = 1 TO 9 |", "STEP", "TO"},
		{".ca|", ".canvas", ".const"},
		{".canvas 8 8 |", "pixel", "red"},
		{"SET x = 2\nTXT 1 1 a {|", "x W", "TXT"},
		{"TXT 1 1 re|", "", "RECT red"},
		{"HALT ; re|", "", "RECT red"},
		{"SET x = 1|", "", "x"},
		{".const N|", "", "N"},
	} {
		src, offset := at(c.src)
		var got []string
		for _, k := range Complete(src, offset) {
			got = append(got, k.Insert)
			if k.From > offset || k.To != offset || k.Doc == "" {
				t.Errorf("%q: %+v", c.src, k)
			}
		}
		for _, w := range strings.Fields(c.want) {
			if !slices.Contains(got, w) {
				t.Errorf("%q: no %s in %v", c.src, w, got)
			}
		}
		for _, w := range strings.Fields(c.miss) {
			if slices.Contains(got, w) {
				t.Errorf("%q: %s should not be in %v", c.src, w, got)
			}
		}
		if c.want == "" && len(got) > 0 {
			t.Errorf("%q: %v, want nothing", c.src, got)
		}
	}
}

func TestCompletionOffersTheProgramsNamesFirst(t *testing.T) {
	src, offset := at("SET size = 1\nPLOT s|")
	if got := Complete(src, offset); len(got) == 0 || got[0].Label != "size" {
		t.Errorf("got %v", got)
	}
}

func TestSignature(t *testing.T) {
	for _, c := range []struct{ src, text, active string }{
		{"RECT |", "RECT x y w h [color]", "x"},
		{"RECT 1 |", "RECT x y w h [color]", "y"},
		{"RECT 1 2|", "RECT x y w h [color]", "y"},
		{"RECT (1 + 2) -1 a[3] |", "RECT x y w h [color]", "h"},
		{"RECT 1,2,3,4,|", "RECT x y w h [color]", "color"},
		{"RECT 1 2 3 4 5 |", "RECT x y w h [color]", ""},
		{"RECT 1 min(2, |", "min(a, b)", "b"},
		{"SET x = clamp(1, (2), |", "clamp(a, lo, hi)", "hi"},
		{"SET x = (|", "SET name = expr", "expr"},
		{"SET x|", "SET name = expr", "name"},
		{"TXT 1 2 hello|", "TXT x y text…", "text…"},
		{"TXT 1 |", "TXT x y text…", "y"},
		{"IF W PLOT 1 |", "PLOT x y [color]", "y"},
		{"IF W > |", "IF cond [STATEMENT]", "cond"},
		{"FOR i = 1 TO |", "FOR name = a TO b [STEP s] … END", "b"},
		{"FOR i = |", "FOR name = a TO b [STEP s] … END", "a"},
		{".canvas 1 |", ".canvas width height [pixel]", "height"},
		{".table t 1 2 |", ".table name value…", ""},
		{"HALT |", "HALT", ""},
		{"CLS 1 + |", "CLS [color]", "color"},
	} {
		src, offset := at(c.src)
		s, ok := Signature(src, offset)
		if !ok || s.Text != c.text || s.Text[s.ActiveFrom:s.ActiveTo] != c.active || s.Doc == "" {
			t.Errorf("%q: %v %+v, active %q, want %q in %q", c.src, ok, s, s.Text[s.ActiveFrom:s.ActiveTo], c.active, c.text)
		}
	}
	for _, src := range []string{"|", "label: |", "nonsense |"} {
		if s, ok := Signature(at(src)); ok {
			t.Errorf("%q: %+v", src, s)
		}
	}
}

func TestHover(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"re|ct 1 1 2 2", "RECT x y w h [color]"},
		{"PLOT 1 1 na|vy", "0x000099"},
		{"PLOT |0xFF8800 1", "16746496"},
		{"SET x = s|in(3)", "sin(t)"},
		{"SET x = 1\nPLOT |x 1", "variable, first set on line 1"},
		{".const SPEED 300\nPLOT SP|EED 1", "constant 300 (0x12C), line 1"},
		{".table t 1 2\nPLOT t|[0] 1", "table of 2 words"},
		{"JMP en|d\nend:", "label on line 2"},
		{"wh|ile 1\nEND", "WHILE cond"},
		{".can|vas 8 8", ".canvas width"},
		{"PLOT fr|ame 1", "Frames ended"},
		{"SET k = 'A|'", "65"},
		{"TXT 1 1 te|xt", ""},
		{"PLOT no|pe 1", ""},
		{"|", ""},
	} {
		got, ok := Hover(at(c.src))
		if ok != (c.want != "") || !strings.Contains(got, c.want) {
			t.Errorf("%q: %v %q, want %q", c.src, ok, got, c.want)
		}
	}
}

func TestDefinition(t *testing.T) {
	src, offset := at("again:\nSET again = 1\nPLOT again 1\nJMP |again\n")
	if p, ok := Definition(Assemble("", src), offset); !ok || p.Line != 1 {
		t.Errorf("the label: %v %v", p, ok)
	}
	if p, ok := Definition(Assemble("", src), strings.Index(src, "PLOT")+5); !ok || p.Line != 2 || p.Column != 5 {
		t.Errorf("the variable: %v %v", p, ok)
	}
	if p, ok := Definition(Assemble("", src), strings.Index(src, "PLOT")); ok {
		t.Errorf("the mnemonic: %v", p)
	}
}

func TestMatchEnd(t *testing.T) {
	src := "IF W\nNOP\nELSE IF H\nFOR i = 1 TO 2\nEND\nELSE\nNOP\nEND\nWHILE 1\nEACH\nEND\n"
	for line, want := range map[int]int{1: 8, 2: 0, 3: 8, 4: 5, 5: 4, 6: 8, 7: 0, 8: 1, 9: 0, 10: 11, 11: 10, 12: 0} {
		if got, ok := MatchEnd(src, line); got != want || ok != (want != 0) {
			t.Errorf("line %d: %d %v, want %d", line, got, ok, want)
		}
	}
}

func TestServicesTakeAnySource(t *testing.T) {
	for name, src := range corpus(t) {
		for i := 0; i <= len(src); i++ {
			for _, s := range []string{src, src[:i]} {
				for _, c := range Complete(s, i) {
					if c.From < 0 || c.From > c.To || c.To > len(s) {
						t.Fatalf("%s at %d: %+v", name, i, c)
					}
				}
				Hover(s, i)
				Signature(s, i)
			}
		}
		a := Assemble(name, src)
		for i := -1; i <= len(src)+1; i++ {
			Definition(a, i)
		}
	}
	for _, src := range []string{"", "\x00", "\xff\xff", "\uFEFF"} {
		for i := -1; i <= len(src)+1; i++ {
			Complete(src, i)
			Hover(src, i)
			Signature(src, i)
			MatchEnd(src, i)
			Definition(Assemble("", src), i)
		}
	}
}
