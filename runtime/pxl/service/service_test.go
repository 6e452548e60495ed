package service_test

import (
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/pxl/internal/corpus"
	"gvpie/runtime/pxl/service"
)

// text is a text in lines.
type text []string

func newText(s string) *text {
	t := text(strings.Split(s, "\n"))
	return &t
}

func (t *text) Lines() int        { return len(*t) }
func (t *text) Line(i int) string { return (*t)[i] }
func (t *text) String() string    { return strings.Join(*t, "\n") }

// cursor cuts the cursor, a |, out of a source.
func cursor(src string) (*service.Document, service.Cursor) {
	i := strings.IndexByte(src, '|')
	line := strings.Count(src[:i], "\n")
	at := i - strings.LastIndexByte(src[:i], '\n') - 1
	return service.NewDocument(newText(src[:i] + src[i+1:])), service.Cursor{Line: line, Byte: at}
}

func TestComplete(t *testing.T) {
	for _, c := range []struct {
		src        string
		want, miss string // words that are in the list, and that are not
	}{
		{"re|", "RECT RET", "TXT red"},
		{"|", "TXT IF .canvas SET", "red x PUT ADD"},
		{"SET speed = 1\nPLOT s|", "speed sin seed silver", "SET cos"},
		{"SET speed = 1\nPLOT S|", "speed", "SET"},
		{"PLOT |", "W red sin", "px RECT"},
		{"EACH\n  PUT p|\nEND", "px py", "PUT"},
		{"EACH\n|\nEND", "PUT SET IF", "RECT JMP"},
		{"EACH\nEND\n|", "RECT", "PUT"},
		{"start:\nJMP |", "start", "red"},
		{"start:\nJMP s|", "start", "sin"},
		{".array a 4\n.const N 3\nSET x = 1\nSET |", "a x", "N red"},
		{"IF W > 3 re|", "RECT", "red"},
		{"IF W > r|", "red rnd", "RECT"},
		{"FOR i = 1 |", "TO", "STEP red"},
		{".sprite ship\n1\n.const N 2\nSPR |", "ship", "N red W"},
		{".sprite ship\n1\n.const N 2\nSPR ship[|", "N W", "ship"},
		{".sprite ship\n1\n.const N 2\nPLOT |", "N W", "ship"},
		{".sprite ship\n  fa|", "", "FAIL"},
		{".spr|", ".sprite", ".palette"},
		{"FOR i = 1 T|", "TO", "teal"},
		{"FOR i = 1 TO 9 |", "STEP", "TO"},
		{".ca|", ".canvas", ".const"},
		{".canvas 8 8 |", "pixel", "red"},
		{"SET x = 2\nTXT 1 1 a {|", "x W", "TXT"},
		{"TXT 1 1 re|", "", "RECT red"},
		{"HALT ; re|", "", "RECT red"},
		{"SET x = 1|", "", "x"},
		{".const N|", "", "N"},
		{"|\nEND", "RECT", "END ELSE BREAK CONTINUE"},
		{"IF W\n|\nEND", "END ELSE", "BREAK"},
		{"IF W\nELSE\n|\nEND", "END", "ELSE"},
		{"WHILE 1\n|\nEND", "END BREAK CONTINUE", "ELSE"},
		{"WHILE 1\nEACH\n|\nEND\nEND", "END", "BREAK CONTINUE"},
		{"WHILE 1\nIF W |\nEND", "BREAK IF RECT", "END WHILE FOR EACH ELSE"},
		{"SET v = 1\n.const K 2\n.const N (1 + |", "K red W min", "v rnd peek key mx frame"},
		{"EACH\n|\nEND", "NOP", ".canvas rnd BREAK"},
		{"EACH\n.|\nEND", "", ".canvas"},
		{"EACH\nPUT r|\nEND", "red", "rnd"},
		{".array a 4\nSET x = 1\nEACH\nSET |\nEND", "x", "a"},
		{".array a 4\nSET x = 1\nFOR |", "x", "a"},
		{".const K 2\n.array a K\nPLOT |", "K a", ""},
		{".const real 2\n.array rest 4\nSET reed = 1\nre|", "reed rest RECT", "real red"},
		{"x = |", "W red sin", "RECT"},
		{"DEF star(x, red)\nLOCAL k\nPLOT |\nEND\nDEF f(y)\nEND", "x red k star f W", "y RECT"},
		{"DEF star(x)\nEND\nst|\nDEF stone\nEND", "star stone", "x"},
		{"DEF f\nre|\nEND", "RETURN RECT RET", ""},
		{"|", "DEF", "LOCAL RETURN"},
		{"DEF f\n|\nEND", "LOCAL RETURN END", "DEF"},
		{"DEF f\nEACH\n|\nEND\nEND", "PUT LOCAL", "RETURN DEF"},
		{"DEF f(x)\na:\nJMP |\nEND\nb:", "a", "b"},
		{"DEF |", "", "RECT"},
		{"DEF f(x)\nLOCAL |\nEND", "", "x"},
		{"SET x = m|", "mix mul mw mbp mx", "MIX"},
		{"EACH\n  PUT n|\nEND", "noise", ""},
		{"EACH\n  L|\nEND", "LOG", "LINE"},
		{".text names \"a\"\nLOG {na|", "names navy", ""},
		{".text names \"a\"\nSET x = na|", "navy", "names"},
		{".text names \"a\"\n.array a 4\nSET y = 1\nSET x = len(|", "names a", "y red sin"},
		{".table t 1 2\n.array a len(|", "t", "W"},
		{"LOG {W:|", "", "W"},
		{".te|", ".text", ".table"},
		{"SET y = 1\nIF W > 2 x = 1, y += |", "W red y", "RECT"},
	} {
		d, at := cursor(c.src)
		var got []string
		for _, k := range d.Complete(at) {
			got = append(got, k.Label)
			if k.From > at.Byte || k.To != at.Byte || k.Doc == "" {
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
	d, at := cursor("SET size = 1\nPLOT s|")
	if got := d.Complete(at); len(got) == 0 || got[0].Label != "size" {
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
		{".table t 1 2 |", ".table name [w:] value…", ""},
		{".array g |", ".array name size [rows]", "size"},
		{".array g 4 |", ".array name size [rows]", "[rows]"},
		{"SET x = mul(1, |", "mul(a, b, s)", "b"},
		{"LOG {hsv(|", "hsv(h, s, v)", "h"},
		{"SET x = len(|", "len(name)", "name"},
		{"HALT |", "HALT", ""},
		{"SPR |", "SPR name x y [flags]", "name"},
		{"SPR ship[1] |", "SPR name x y [flags]", "x"},
		{"SPR ship[i + 1], 3, 4 |", "SPR name x y [flags]", "flags"},
		{"TRI 1 2 3 |", "TRI x0 y0 x1 y1 x2 y2 [color]", "y1"},
		{"CAMERA 1 |", "CAMERA [x y]", "y"},
		{"CLIP 1 2 |", "CLIP [x y w h]", "w"},
		{"CLS 1 + |", "CLS [color]", "color"},
	} {
		at := strings.IndexByte(c.src, '|')
		s, ok := service.Signature(c.src[:at]+c.src[at+1:], at)
		if !ok || s.Text != c.text || s.Text[s.ActiveFrom:s.ActiveTo] != c.active || s.Doc == "" {
			t.Errorf("%q: %v %+v, active %q, want %q in %q", c.src, ok, s, s.Text[s.ActiveFrom:s.ActiveTo], c.active, c.text)
		}
	}
	for _, src := range []string{"|", "label: |", "nonsense |"} {
		at := strings.IndexByte(src, '|')
		if s, ok := service.Signature(src[:at]+src[at+1:], at); ok {
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
		{"SET x = hy|pot(3, 4)", "hypot(x, y)"},
		{"SET x = m|w", "Notches"},
		{"SET mw = 3\nSET x = m|w", "variable, first set on line 1"},
		{".array gr|id 4 3", "array of 4 × 3 words"},
		{".table t 2: 1 2,\n 3 4\nPLOT t|[1, 1] 1", "table of 2 × 2 words"},
		{".text names \"a\" \"b\"\nLOG {na|mes[0]}", "table of 2 texts"},
		{"SET x = 1\nPLOT |x 1", "variable, first set on line 1"},
		{".const SPEED 300\nPLOT SP|EED 1", "constant 300 (0x12C), line 1"},
		{".table t 1 2\nPLOT t|[0] 1", "table of 2 words"},
		{"JMP en|d\nend:", "label on line 2"},
		{".sprite s 2 1\n11\n22\nSPR s| 1 1", "sprite of 2 × 1 texels, 2 frames, line 1"},
		{".sprite s 2 1\n1.\n  2|2 ; two", "s\nrow 0 of frame 1; sprite of 2"},
		{"12|00", "0x4B0"},
		{"wh|ile 1\nEND", "WHILE cond"},
		{".can|vas 8 8", ".canvas width"},
		{"PLOT fr|ame 1", "Frames ended"},
		{"SET k = 'A|'", "65"},
		{"TXT 1 1 te|xt", ""},
		{"PLOT no|pe 1", ""},
		{"PLOT 10|0 1", ""},
		{"PLOT 30|0 1", "0x12C"},
		{"|", ""},
	} {
		d, at := cursor(c.src)
		h, ok := d.Hover(at)
		if got := h.Title + "\n" + h.Doc; ok != (c.want != "") || !strings.Contains(got, c.want) {
			t.Errorf("%q: %v %q, want %q", c.src, ok, got, c.want)
		}
	}
}

func TestDefinition(t *testing.T) {
	for src, want := range map[string]service.Cursor{
		"again:\nSET again = 1\nPLOT again 1\nJMP |again\n":     {Line: 0, Byte: 0},
		"again:\nSET again = 1\nPLOT |again 1\nJMP again\n":     {Line: 1, Byte: 4},
		"SET x = 1\nx: a: JMP a|":                               {Line: 1, Byte: 3},
		"SET a = K\n.const K 1\nFOR K = 1 TO 2\nPLOT K| 1\nEND": {Line: 1, Byte: 7},
	} {
		d, at := cursor(src)
		if got, ok := d.Definition(at); !ok || got != want {
			t.Errorf("%q: %v %v, want %v", src, got, ok, want)
		}
	}
	for _, src := range []string{"SET x = 1\nPL|OT x 1", "PLOT n|ope 1", "LOG x|", "|"} {
		d, at := cursor(src)
		if got, ok := d.Definition(at); ok {
			t.Errorf("%q: %v", src, got)
		}
	}
}

func TestMatchEnd(t *testing.T) {
	d := service.NewDocument(newText("IF W\nNOP\nELSE IF H\nFOR i = 1 TO 2\nEND\nELSE\nNOP\nEND\nWHILE 1\nEACH\nEND\n"))
	const no = -1
	for line, want := range map[int]struct{ end, opener int }{
		0: {7, no}, 1: {no, no}, 2: {7, 0}, 3: {4, no}, 4: {no, 3}, 5: {7, 0}, 6: {no, no}, 7: {no, 0}, 8: {no, no}, 9: {10, no}, 10: {no, 9}, 99: {no, no},
	} {
		if end, ok := d.MatchEnd(line); ok != (want.end != no) || ok && end != want.end {
			t.Errorf("line %d: END is %d %v, want %d", line, end, ok, want.end)
		}
		if opener, ok := d.Opener(line); ok != (want.opener != no) || ok && opener != want.opener {
			t.Errorf("line %d: opener is %d %v, want %d", line, opener, ok, want.opener)
		}
	}
}

func TestOpens(t *testing.T) {
	for line, want := range map[string]bool{
		"IF x": true, "a: if x > 1 ; why": true, "IF x HALT": false, "ELSE": true, "ELSE IF y": true, "WHILE 1": true,
		"FOR i = 1 TO 3": true, "each": true, "END": false, "LOG IF": false, "SET x = 1": false, "": false, "FOR i": true,
	} {
		if got := service.Opens(line); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}

func TestNumberAtKnowsItsSign(t *testing.T) {
	for src, want := range map[string]string{
		"RECT 1|2 3": "12", "RECT x -1| 2": "-1", "SET y = x -1|": "1", "SET y = -|1": "-1", "SET y = - 1|": "1", "SET y = (x -1|)": "1",
		"RECT x (y -1|) 2 3": "1", "PLOT -|5 -6": "-5", "CLS 0xF|F": "0xFF", "SET k = 'A|'": "", "TXT 1 1 in 19|84": "", "LOG {-3|}": "-3",
		"GOTO -3|": "3", "H|ALT": "", "|": "", ".array a 4|": "4",
	} {
		at := strings.IndexByte(src, '|')
		line := src[:at] + src[at+1:]
		from, end, ok := service.NumberAt(line, at)
		if got := line[from:end]; got != want || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", src, got, ok, want)
		}
	}
}

func TestServicesTakeAnySource(t *testing.T) {
	ask := func(s string) {
		x := newText(s)
		d := service.NewDocument(x)
		for i := range *x {
			line := x.Line(i)
			for b := -1; b <= len(line)+1; b += 1 + len(s)/1000 {
				at := service.Cursor{Line: i, Byte: b}
				for _, c := range d.Complete(at) {
					if c.From < 0 || c.From > c.To || c.To > len(line) {
						t.Fatalf("%q at %v: %+v", s, at, c)
					}
				}
				d.Hover(at)
				d.Definition(at)
				service.Signature(line, b)
				service.NumberAt(line, b)
			}
		}
		for _, at := range []service.Cursor{{Line: -1}, {Line: 99999}, {Byte: 1 << 30}} {
			d.Complete(at)
			d.Hover(at)
			d.Definition(at)
		}
	}
	for _, src := range corpus.Programs(t) {
		ask(src)
	}
	for _, src := range []string{"", "\x00", "\xff\xff", "\uFEFF", "a\r", "\uFEFFSET x = 1", strings.Repeat("x ", 5000)} {
		ask(src)
	}
}

func TestProceduresAreKnown(t *testing.T) {
	const program = "SET x = 1\nDEF star(x, red) ; a comment\n  LOCAL k\n  SET k = x + red\n  star k k\n  RETURN star(x, 2)\nEND\nPLOT x red\nstar 1 2\n"
	for _, c := range []struct {
		line, at   int
		title, doc string
		defines    service.Cursor
		defined    bool
	}{
		{line: 3, at: 10, title: "x", doc: "parameter of star alone, line 2", defines: service.Cursor{Line: 1, Byte: 9}, defined: true},
		{line: 3, at: 15, title: "red", doc: "parameter of star alone, line 2", defines: service.Cursor{Line: 1, Byte: 12}, defined: true},
		{line: 3, at: 7, title: "k", doc: "name of star alone, line 3", defines: service.Cursor{Line: 2, Byte: 8}, defined: true},
		{line: 7, at: 5, title: "x", doc: "variable, first set on line 1", defines: service.Cursor{Line: 0, Byte: 4}, defined: true},
		{line: 7, at: 8, title: "red", doc: "The colour 0xFF0000."},
		{line: 8, at: 2, title: "star(x, red)", doc: "procedure on line 2", defines: service.Cursor{Line: 1, Byte: 4}, defined: true},
		{line: 5, at: 11, title: "star(x, red)", doc: "procedure on line 2", defines: service.Cursor{Line: 1, Byte: 4}, defined: true},
	} {
		d := service.NewDocument(newText(program))
		at := service.Cursor{Line: c.line, Byte: c.at}
		if h, _ := d.Hover(at); h.Title != c.title || h.Doc != c.doc {
			t.Errorf("%v: %q %q, want %q %q", at, h.Title, h.Doc, c.title, c.doc)
		}
		if to, ok := d.Definition(at); ok != c.defined || to != c.defines {
			t.Errorf("%v: defined at %v %v, want %v", at, to, ok, c.defines)
		}
	}
	for _, c := range []struct{ src, text, active string }{
		{"star 1 |", "star(x, red)", "red"},
		{"star |", "star(x, red)", "x"},
		{"SET y = star(1, |", "star(x, red)", "red"},
		{"PLOT star(|", "star(x, red)", "x"},
		{"star(min(1, |", "min(a, b)", "b"},
		{"PLOT star(1, 2) |", "PLOT x y [color]", "y"},
		{"stat(1, |", "", ""},
	} {
		d, at := cursor(program + c.src)
		s, _ := d.Signature(at)
		if s.Text != c.text || s.Text[s.ActiveFrom:s.ActiveTo] != c.active {
			t.Errorf("%q: %q active %q, want %q active %q", c.src, s.Text, s.Text[s.ActiveFrom:s.ActiveTo], c.text, c.active)
		}
	}
}
