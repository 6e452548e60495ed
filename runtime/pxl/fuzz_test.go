package pxl_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/internal/corpus"
	"gvpie/runtime/pxl/syntax"
)

func FuzzAssemble(f *testing.F) {
	for _, src := range corpus.Programs(f) {
		f.Add(src)
	}
	for _, c := range diagnosticCases {
		if len(c.src) < 2000 {
			f.Add(c.src)
		}
	}
	for _, src := range []string{
		"", "DEF f()\nDEF g()\nEND\nEND", "\uFEFFTXT 1 1 a\r\nHALT\r\n", "\x00", "\xff", "a", ":", "x:y:z:", ".", "LOG", "LOG \"", "TXT 1 1 {", "TXT 1 1 \"{'\"'}\"",
		"IF 1 IF 2 IF 3 NOP", "EACH\nEACH\nEND\nEND", "FOR", "FOR i", "FOR i =", "FOR i = 1 TO", "IF", "ELSE", "END", "SET", "SET x[", "SET x[1", "PUT",
		".table", ".table t", ".canvas", ".canvas 1", ".const", ".array a 70000\nSET a[0] = 1", "SET x = ((((((1", "SET x = ------1", "SET x = 1 2",
		"DEF f(a, b)\nLOCAL c\nc = f(b, a) + a\nRETURN c\nEND\nf 1 2\nx = f(f(1, 2), 3)", "DEF", "DEF f(", "DEF f(a, a)\nEND", "LOCAL x", "RETURN 1", "DEF f\nEACH\nPUT f()\nEND\nEND",
		".palette red 0x123456\n.sprite s\n01\n10 ; row\n; between\n0\nSPR s[1] x y 0x305", ".sprite", ".sprite s 0 0\n", ".sprite s 3 2\nffff\n", ".palette", "SPR", "SPR s[",
		".text w \"a\",\n  \"b \\\" {x}\"\nLOG {w[x]:-5}{x:+07}{x:08x}{x:c}", "LOG {x:}", "LOG {x:99}", "LOG {x:5", ".text w \"",
		".table t 2: 1, 2,\n 3, 4\n.array a 2 2\na[1, x] += t[x, 1] * len(t)", ".table t 3: 1", "a[1, 2, 3]", "x = 1, y += 2, a[x] <<= 3", "line = 4",
		"INCLUDE \"a.pxl\"", "INCLUDE a", "INCLUDE \"", "IF 1 INCLUDE \"a.pxl\"", "CLIP 1 2 3 4\nCAMERA x y\nTRI 0 0 1 1 2 2 red\nCLIP\nCAMERA", "CLIP 1", "CAMERA 1",
		"x = keyp('A') + mbp + mw + mul(1, 2, 3) + div(x, 0, 1) + hash(noise(atan2(1, 2), hypot(3, 4))) + rgb(1, 2, 3) + hsv(1, 2, 3) + mix(1, 2, 3)", "mw = 3\nLOG {mw}", "mul = 3\nx = mul (4)",
		"EACH\nFOR i = px TO py STEP rnd(2)\nSET x = x && y || i\nEND\nPUT x\nEND\nSET y = 1",
	} {
		f.Add(src)
	}
	f.Fuzz(checkSource)
}

// TestLineSoup opens and closes blocks in all orders, most of them wrong.
func TestLineSoup(t *testing.T) {
	lines := strings.Split("DEF p(x, y)|DEF q|DEF r(z)|END|END|END|EACH|EACH 1 2 3 4|IF x|ELSE|ELSE IF y|FOR i = 0 TO 2|FOR z = 0 TO z|WHILE x|BREAK|CONTINUE|"+
		"RETURN|RETURN x|LOCAL a b|LOCAL i|here:|JMP here|CALL here|RET|FRAME|HALT|p 1 2|q|x = p(1, r(2))|PUT r(px)|PUT q()|PLOT px py|LOG {r(1):3}|ASSERT q()|IF x RETURN r(1)|x = 1, y = q()|a[1] = r(x)|.array a 4|INCLUDE \"l.pxl\"", "|")
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		var b strings.Builder
		for range 1 + random.IntN(14) {
			b.WriteString(lines[random.IntN(len(lines))] + "\n")
		}
		if checkSource(t, b.String()); t.Failed() {
			t.Fatalf("source: %q", b.String())
		}
	}
}

// TestTokenSoup strings pieces of the language together, which meets more of the
// grammar than bytes do.
func TestTokenSoup(t *testing.T) {
	pieces := strings.Split("IF|ELSE|ELSE IF|END|WHILE|FOR|TO|STEP|BREAK|CONTINUE|SET|TXT|LOG|RECT|PLOT|EACH|PUT|JMP|CALL|FRAME|CLS|COLOR|ASSERT|NOP|RET|"+
		"x|y|a|t|N|px|py|frame|W|red|rnd|min|peek|line|frme|here|here:|.array a 4|.table t 1 2|.const N 3|.canvas 8 8|.table|.const|"+
		"1|0|-1|0xFF|'A'|99999999999|+|-|*|/|%|&&|!|~|<<|>>>|==|=|(|)|[|]|,|{|}|\"|\\{|;|#|$|é|\n|\n|\n|\n|\n|FOR i = 1 TO 3\n|IF x\n|END\n|SET x = |SET a[i] = |TXT 1 1 |x = |a[y] += |y <<= |, x = |"+
		"DEF |DEF p(x, y)\n|LOCAL |RETURN|RETURN x\n|p|p(|p(1, 2)|.sprite s 2 1\n|.sprite s\n|..1f\n|.palette |.text w \"a\" \"b\"\n|SPR |SPR s x y\n|s[1]|TRI|CLIP|CAMERA|"+
		"INCLUDE \"l.pxl\"\n|keyp(|mw|mbp|mul(|div(|hsv(|len(t)|width(s)|frames(|a[x, y]|.array g 2 2\n|.table r 2:\n|TXT 1 1 {x:05}\n|LOG {w[x]:-4} {y:c}\n|:x}|PUT px\n", "|")
	random := rand.New(rand.NewPCG(1, 2))
	accepted := 0
	for range 12000 {
		var b strings.Builder
		for range 1 + random.IntN(24) {
			b.WriteString(pieces[random.IntN(len(pieces))])
			if random.IntN(4) > 0 {
				b.WriteByte(' ')
			}
		}
		if checkSource(t, b.String()); t.Failed() {
			t.Fatalf("source: %q", b.String())
		}
		if pxl.Assemble("", b.String()).OK() {
			accepted++
		}
	}
	if accepted < 100 {
		t.Errorf("only %d sources were programs", accepted)
	}
}

// checkSource holds every promise that is made for any source at all.
func checkSource(t *testing.T, src string) {
	t.Helper()
	a := pxl.Assemble("fuzz", src)
	for i, d := range a.Diagnostics {
		checkRange(t, src, d)
		if i > 0 && d.Pos.Offset < a.Diagnostics[i-1].Pos.Offset {
			t.Errorf("diagnostics out of order: %v after %v", d, a.Diagnostics[i-1])
		}
	}
	if len(a.Diagnostics) > syntax.MaxDiagnostics+1 {
		t.Errorf("%d diagnostics", len(a.Diagnostics))
	}
	if !a.OK() && !slices.ContainsFunc(a.Diagnostics, func(d pxl.Diagnostic) bool { return d.Severity == pxl.Error }) {
		t.Error("no program, and no error")
	}
	checkTokens(t, src)
	pxl.Listing(a)
	laid := pxl.Format(src)
	if again := pxl.Format(laid); again != laid {
		t.Errorf("Format is not idempotent:\n%q\n%q", laid, again)
	}
	if !a.OK() {
		return
	}
	at := 8
	for _, in := range corpus.Instructions(t, a.Program) {
		if in.Addr != at {
			t.Errorf("instruction at %d, want %d", in.Addr, at)
		}
		at += in.Size
		if _, ok := a.Map.At(in.Addr); !ok {
			t.Errorf("the instruction at %d comes from no statement", in.Addr)
		}
	}
	b := pxl.Assemble("laid out", laid)
	if !slices.Equal(a.Program, b.Program) {
		t.Errorf("Format changed the program:\n%q\n%q\n%s\n%s", src, laid, pxl.Listing(a), pxl.Listing(b))
	}
}

// checkRange holds a diagnostic to a place in the source.
func checkRange(t *testing.T, src string, d pxl.Diagnostic) {
	t.Helper()
	o := d.Pos.Offset
	switch {
	case o < 0 || o > len(src) || d.Pos.Line < 1 || d.Pos.Column < 1 || d.Length < 0:
		t.Errorf("%v: impossible place %+v, length %d", d, d.Pos, d.Length)
	case d.Length == 0 && o < len(src):
		t.Errorf("%v: nothing to underline", d)
	case d.Length > utf8.RuneCountInString(src[o:]):
		t.Errorf("%v: %d characters from offset %d, and the source has %d bytes", d, d.Length, o, len(src))
	}
	if d.Message == "" || d.Code == "" {
		t.Errorf("%+v says nothing", d)
	}
	if f := d.Fix; f != nil && (f.Offset < 0 || f.End < f.Offset || f.End > len(src)) {
		t.Errorf("%v: fix of [%d, %d)", d, f.Offset, f.End)
	}
}

// checkTokens holds Lex to tokens in order, with nothing but spaces between.
func checkTokens(t *testing.T, src string) {
	t.Helper()
	at := 0
	for _, k := range pxl.Lex(src) {
		if k.Offset < at || k.End <= k.Offset || k.End > len(src) {
			t.Fatalf("token %+v after offset %d of %d", k, at, len(src))
		}
		at = k.End
	}
}
