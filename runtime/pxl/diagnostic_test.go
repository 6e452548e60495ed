package pxl_test

import (
	"strconv"
	"strings"
	"testing"

	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/syntax"
)

// diagnosticCases has, for every code, a source that brings it out: the place
// and message of the first diagnostic, and the fix where there is one.
var diagnosticCases = []struct {
	code, src string
	at        string // line:column, length
	message   string // part of it
	fix       string // the first line with the fix applied, or ""
}{
	{syntax.CodeNotText, "TXT 1 1 a\n\x00", "2:1", "0x00", ""},
	{syntax.CodeNotText, "HALT \xff\xfe", "1:6", "no UTF-8", ""},
	{syntax.CodeSyntax, "SET x = (1 + 2", "1:14", "`)` is missing", ""},
	{syntax.CodeSyntax, "HALT 3", "1:6", "left over", ""},
	{syntax.CodeSyntax, "HALT # why", "1:6", "starts with `;`", "HALT ; why"},
	{syntax.CodeSyntax, "SET x = 1,", "1:10", "name = value after the comma", ""},
	{syntax.CodeSyntax, "x = 1, 2", "1:8", "expected a name", ""},
	{syntax.CodeSyntax, "line = 4", "1:1", "SET line = …", "SET line = 4"},
	{syntax.CodeSyntax, "Line -= 4", "1:1", "SET Line = …", "SET Line -= 4"},
	{syntax.CodeUnknownOpcode, "SET x = 8\nx >>>= 1", "2:1", "x = x >>> …", ""},
	{syntax.CodeOperands, "x +=", "1:1", "needs a value", ""},
	{syntax.CodeNotAssignable, "red = 3", "1:1", "a colour", ""},
	{syntax.CodeNotAssignable, ".table t 1\nt[0] += 1", "2:1", "a table", ""},
	{syntax.CodeSyntax, "IF W = 3 HALT", "1:6", "to compare", "IF W == 3 HALT"},
	{syntax.CodeSyntax, "ASSERT W = 3", "1:10", "to compare", "ASSERT W == 3"},
	{syntax.CodeSyntax, "TXT 1 1 {}", "1:9", "\\{", ""},
	{syntax.CodeSyntax, "TXT 1 1 {frame", "1:9", "has no }", ""},
	{syntax.CodeSyntax, "FOR i = 1 UNTIL 3\nEND", "1:11", "expected TO", ""},
	{syntax.CodeSyntax, "3 + 4", "1:1", "starts with a statement", ""},
	{syntax.CodeSyntax, "IF W > JMP there\nthere:", "1:8", "expected a value", ""},
	{syntax.CodeUnknownChar, "SET x = 1 $ 2", "1:11", "`$`", ""},
	{syntax.CodeUnknownChar, "SET x = 'AB'", "1:9", "one character", ""},
	{syntax.CodeUnknownOpcode, "TXTT 1 1 hi", "1:1", "did you mean `TXT`?", "TXT 1 1 hi"},
	{syntax.CodeUnknownOpcode, "rekt 1 1 2 2", "1:1", "did you mean `RECT`?", "RECT 1 1 2 2"},
	{syntax.CodeUnknownOpcode, "IF W\nELSEIF 3\nEND", "2:1", "write ELSE IF", "IF W\nELSE IF 3\nEND"},
	{syntax.CodeUnknownOpcode, "a:\nFRAME\ngoto a", "3:1", "write JMP", "a:\nFRAME\nJMP a"},
	{syntax.CodeUnknownOpcode, "IF W then\nEND", "1:6", "follows the condition", "IF W \nEND"},
	{syntax.CodeUnknownOpcode, "x := 3", "1:1", "SET x = …", "SET x = 3"},
	{syntax.CodeUnknownOpcode, "loop", "1:1", "ends with a colon", "loop:"},
	{syntax.CodeSyntax, "IF W\nEND IF", "2:5", "nearest block", "IF W\nEND"},
	{syntax.CodeSyntax, ".canvas 8 8 pixl", "1:13", "did you mean `pixel`?", ".canvas 8 8 pixel"},
	{syntax.CodeSyntax, "SET 3 = x", "1:5", "expected a name here, not `3`: SET name = value", ""},
	{syntax.CodeUnknownOpcode, "ADD x 1", "1:1", "expression", ""},
	{syntax.CodeUnknownDir, ".canvs 3 4", "1:1", "did you mean `.canvas`?", ".canvas 3 4"},
	{syntax.CodeUnknownDir, ".sprit ship\n1", "1:1", "did you mean `.sprite`?", ".sprite ship\n1"},
	{syntax.CodeUnknownName, "SPR ship 1 1", "1:5", "no sprite `ship` is declared", ""},
	{syntax.CodeUnknownName, ".sprite ship\n1\nSPR shop 1 1", "3:5", "did you mean `ship`?", ".sprite ship\n1\nSPR ship 1 1"},
	{syntax.CodeUnknownName, ".array a 3\nSPR a 1 1", "2:5", "`a` is an array, not a sprite", ""},
	{syntax.CodeUnknownName, "SPR red 1 1", "1:5", "`red` is a colour, not a sprite", ""},
	{syntax.CodeSyntax, "SPR 1 2 3", "1:5", "a sprite has a name", ""},
	{syntax.CodeOperands, ".sprite s\n1\nSPR s 1", "3:1", "SPR needs 2 values, and here is 1: SPR name x y [flags]", ""},
	{syntax.CodeOperands, ".sprite s\n1\nSPR s[0] 1 2 3 4", "3:16", "SPR takes at most 3 values", ""},
	{syntax.CodeOperands, "TRI 1 2 3 4 5", "1:1", "TRI needs 6 values, and here are 5: TRI x0", ""},
	{syntax.CodeOperands, "CAMERA 1", "1:1", "CAMERA needs 2 values, and here is 1: CAMERA [x y]", ""},
	{syntax.CodeOperands, "CLIP 1 2 3", "1:1", "CLIP needs 4 values, and here are 3: CLIP [x y w h]", ""},
	{syntax.CodeNotInEach, ".sprite s\n1\nEACH\nSPR s 1 1\nEND", "4:1", "a texel draws itself alone", ""},
	{syntax.CodeNeedsIndex, ".sprite s\n1\nSET a = s", "3:9", "`s` is a sprite and no value", ""},
	{syntax.CodeNotIndexable, ".sprite s\n1\nSET a = s[0]", "3:9", "`s` is a sprite and no value", ""},
	{syntax.CodeNotAssignable, ".sprite s\n1\nSET s = 1", "3:5", "`s` is a sprite", ""},
	{syntax.CodeNotIndexable, ".sprite s\n1\nSET s[0] = 1", "3:5", "`s` is a sprite", ""},
	{syntax.CodeReserved, ".sprite s\n1\ns:", "3:1", "`s` is the sprite of line 1", ""},
	{syntax.CodeDuplicateName, ".const s 1\n.sprite s\n1", "2:9", "declared on line 1", ""},
	{syntax.CodeSprite, ".sprite ship\nCLS", "1:1", "at least one row", ""},
	{syntax.CodeSprite, ".sprite s 3 2\n111\n1111", "3:4", "this row has 4 texels, and `s` is 3 wide", ""},
	{syntax.CodeSprite, ".sprite s 3 2\n111\n111\n1", "4:1", "`s` is 2 rows high and has 3 rows", ""},
	{syntax.CodeSprite, ".sprite s 0 2\n1\n1", "1:11", "1 to 1024 texels wide, not 0", ""},
	{syntax.CodeSprite, ".palette red blue\n.sprite s\n01\n12", "4:2", "the palette has no colour 2: its digits are 0 to 1", ""},
	{syntax.CodeSprite, ".sprite s\n..#..\n.1.", "2:3", "digits 0 to F and dots, not `#`", ""},
	{syntax.CodeOperands, ".sprite s 3\n111", "1:1", "a width and a height, or neither", ""},
	{syntax.CodeOperands, ".palette", "1:1", "at least one colour", ""},
	{syntax.CodeOperands, ".palette 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", "1:48", "at most 16 colours", ""},
	{syntax.CodeNotConstant, "SET a = 1\n.palette a", "2:10", "is no constant", ""},
	{syntax.CodeIndexRange, ".sprite s\n1\nSPR s[1] 1 1", "3:7", "`s` has frame 0 alone, and this is frame 1", ""},
	{syntax.CodeUnknownName, "SET speed = 1\nPLOT sped 1", "2:6", "did you mean `speed`?", ""},
	{syntax.CodeUnknownName, "CLS Navy", "1:5", "did you mean `navy`?", "CLS navy"},
	{syntax.CodeUnknownName, "again:\nPLOT again 1", "2:6", "is a label", ""},
	{syntax.CodeUnknownName, "SET x = HALT", "1:9", "is a statement", ""},
	{syntax.CodeUnknownName, "PLOT pal[1] 1", "1:6", "no array or table", ""},
	{syntax.CodeUnknownFunction, "SET x = squrt(4)", "1:9", "did you mean `sqrt`?", "SET x = sqrt(4)"},
	{syntax.CodeUnknownLabel, "start:\nFRAME\nJMP strat", "3:5", "did you mean `start`?", ""},
	{syntax.CodeOperands, "RECT 1 2 3", "1:1", "RECT needs 4 values, and here are 3", ""},
	{syntax.CodeOperands, "PLOT 1 2 3 4 5", "1:12", "at most 3 values", ""},
	{syntax.CodeOperands, "TXT 1 2", "1:1", "needs a text", ""},
	{syntax.CodeOperands, "IF\nEND", "1:1", "condition", ""},
	{syntax.CodeOperands, "JMP", "1:1", "label", ""},
	{syntax.CodeOperands, "SET x", "1:1", "SET needs a value", ""},
	{syntax.CodeArguments, "SET x = min(1)", "1:9", "`min` takes 2 values (a, b), and here are 1", ""},
	{syntax.CodeNumber, "SET x = 0x1FFFFFFFF", "1:9", "too large", ""},
	{syntax.CodeNumber, "SET x = 12px", "1:9", "not a number", ""},
	{syntax.CodeTooDeep, "SET x = " + strings.Repeat("(", 600) + "1" + strings.Repeat(")", 600), "1:510", "too deep", ""},
	{syntax.CodeTooDeep, "SET x = frame" + strings.Repeat("+frame", 600), "1:9", "too long", ""},
	{syntax.CodeTooDeep, strings.Repeat("IF W ", 70) + "NOP", "1:326", "64 IFs", ""},
	{syntax.CodeMissingEnd, "WHILE frame\nNOP", "1:1", "this WHILE has no END", "WHILE frame\nNOP\nEND\n"},
	{syntax.CodeUnexpectedEnd, "END", "1:1", "none is open", ""},
	{syntax.CodeUnexpectedEnd, "IF frame HALT\nELSE", "2:1", "ELSE belongs to an IF", ""},
	{syntax.CodeUnexpectedEnd, "IF frame\nELSE\nELSE\nEND", "3:1", "was before", ""},
	{syntax.CodeOneLineBlock, "IF frame FOR i = 1 TO 3\nEND", "1:10", "FOR opens a block", ""},
	{syntax.CodeOneLineBlock, "IF frame IF W\nEND", "1:10", "IF opens a block", ""},
	{syntax.CodeOutsideLoop, "IF frame BREAK", "1:10", "BREAK stands inside", ""},
	{syntax.CodeOutsideLoop, "WHILE 1\nEACH\nCONTINUE\nEND\nEND", "3:1", "CONTINUE stands inside", ""},
	{syntax.CodeDuplicateName, ".const A 1\n.array A 2", "2:8", "on line 1", ""},
	{syntax.CodeDuplicateName, ".canvas 8 8\n.canvas 9 9", "2:1", "one .canvas", ""},
	{syntax.CodeDuplicateLabel, "a:\nb:\na:", "3:1", "on line 1", ""},
	{syntax.CodeReserved, "red:", "1:1", "a colour", ""},
	{syntax.CodeReserved, ".array sin 4", "1:8", "a function", ""},
	{syntax.CodeReserved, "a:\n.array a 4", "1:1", "the array of line 2", ""},
	{syntax.CodeReserved, ".const n 1\nn: FRAME", "2:1", "the constant of line 1", ""},
	{syntax.CodeNotAssignable, "SET red = 1", "1:5", "a colour", ""},
	{syntax.CodeNotAssignable, "SET frame = 1", "1:5", "a read-only name", ""},
	{syntax.CodeNotAssignable, ".const N 1\nFOR N = 1 TO 2\nEND", "2:5", "a constant", ""},
	{syntax.CodeNotAssignable, ".table t 1\nSET t[0] = 1", "2:5", "a table", ""},
	{syntax.CodeNotConstant, "SET n = 3\n.array a n", "2:10", "`n` is no constant", ""},
	{syntax.CodeNotConstant, ".const A B\n.const B 1", "1:10", "on line 2", ""},
	{syntax.CodeNotConstant, ".const A rnd(3)", "1:10", "when the program runs", ""},
	{syntax.CodeNotConstant, ".const A W\n.canvas 9 9", "1:10", "after the .canvas line", ""},
	{syntax.CodeNeedsIndex, ".array a 4\nSET x = a", "2:9", "a[i]", ""},
	{syntax.CodeNeedsIndex, ".array a 4\nSET a = 1", "2:5", "SET a[i]", ""},
	{syntax.CodeNotIndexable, "SET x = 1\nSET y = x[0]", "2:9", "is a variable", ""},
	{syntax.CodeNotIndexable, "SET y = red[0]", "1:9", "is a colour", ""},
	{syntax.CodeNotInEach, "EACH\nRECT 1 1 2 2\nEND", "2:1", "draws itself alone", ""},
	{syntax.CodeNotInEach, "EACH\nJMP a\nEND\na:", "2:1", "use IF", ""},
	{syntax.CodeNotInEach, "EACH\na:\nEND", "2:1", "nothing can jump there", ""},
	{syntax.CodeNotInEach, "EACH\nEACH\nEND\nEND", "2:1", "inside EACH", ""},
	{syntax.CodeNotInEach, "EACH\nPUT rnd(3)\nEND", "2:5", "rnd", ""},
	{syntax.CodeNotInEach, ".array a 3\nEACH\nSET a[1] = 2\nEND", "3:5", "cannot be written", ""},
	{syntax.CodeNotInEach, "EACH\nHALT\nEND", "2:1", "no order", ""},
	{syntax.CodeNotInEach, "EACH\n.const A 1\nEND", "2:1", "outside EACH", ""},
	{syntax.CodeOnlyInEach, "PUT red", "1:1", "PLOT", ""},
	{syntax.CodeOnlyInEach, "SET x = px", "1:9", "no EACH is open", ""},
	{syntax.CodeEachTooBig, "EACH\nPUT 1\n" + manyNames(300) + "END", "1:1", "300 names", ""},
	{syntax.CodeCanvasSize, ".canvas 0 64", "1:9", "1 to 1024 texels wide, not 0", ""},
	{syntax.CodeCanvasSize, ".canvas 64 1000000000", "1:12", "1 to 1024 texels high, not 1000000000", ""},
	{syntax.CodeArraySize, ".array a 0", "1:10", "not 0", ""},
	{syntax.CodeProgramFull, strings.Repeat("NOP\n", 66000), "65528:1", "65535 words", ""},
	{syntax.CodeProgramFull, "LOG " + strings.Repeat("a", 70000), "1:1", "65535 words", ""},
	{syntax.CodeProgramFull, strings.Repeat("NOP\n", 65500) + ".table t" + strings.Repeat(" 1", 40), "65501:8", "65535 words", ""},
	{syntax.CodeDataFull, ".array a 60000\n.array b 6000", "2:8", "65536 words", ""},
	{syntax.CodeIndexRange, ".array a 4\nSET a[4] = 1", "2:7", "0 to 3", ""},
	{syntax.CodeDivByZero, ".const A 1/0", "1:10", "by zero", ""},
	{syntax.CodeDivByZero, "SET x = W % (3 - 3)", "1:9", "the program ends here with div_by_zero", ""},
	{syntax.CodeZeroStep, "FOR i = 1 TO 2 STEP 0\nEND", "1:21", "never ends", ""},
	{syntax.CodeNotTopLevel, "IF W\nDEF f\nEND\nEND", "2:1", "the IF of line 1 is open", ""},
	{syntax.CodeDuplicateName, "DEF f\nEND\nDEF f(x)\nEND", "3:5", "on line 1", ""},
	{syntax.CodeReserved, "DEF Line(x)\nEND", "1:5", "is a statement", ""},
	{syntax.CodeReserved, "DEF sin(x)\nEND", "1:5", "is a function", ""},
	{syntax.CodeReserved, "DEF mix(x)\nEND", "1:5", "is a function", ""},
	{syntax.CodeReserved, "DEF height(x)\nEND", "1:5", "is a function", ""},
	{syntax.CodeReserved, "DEF mw\nEND", "1:5", "is a read-only name", ""},
	{syntax.CodeReserved, "DEF f(px)\nEND", "1:7", "which nothing hides", ""},
	{syntax.CodeReserved, "DEF f\nEND\nf: NOP", "3:1", "the procedure of line 1", ""},
	{syntax.CodeDuplicateName, "DEF a(x)\nEND\n.array a 3", "1:5", "on line 3", ""},
	{syntax.CodeDuplicateName, "DEF f(x, y, x)\nEND", "1:13", "from line 1", ""},
	{syntax.CodeDuplicateName, "DEF f(x)\nLOCAL y\nLOCAL y\nIF y f x\nEND", "3:7", "from line 2", ""},
	{syntax.CodeMissingEnd, "DEF f(x)\nPLOT x x", "1:1", "this DEF has no END", "DEF f(x)\nPLOT x x\nEND\n"},
	{syntax.CodeSyntax, "DEF 3", "1:5", "expected a name", ""},
	{syntax.CodeSyntax, "DEF f(x, 3)\nEND", "1:10", "the name of a parameter", ""},
	{syntax.CodeSyntax, "DEF f\n  LOCAL a = 3\n  PLOT a a\nEND", "2:11", "a = …", "DEF f\n  LOCAL a\n  a = 3\n  PLOT a a\nEND"},
	{syntax.CodeOperands, "DEF f\nLOCAL\nEND", "2:1", "LOCAL name…", ""},
	{syntax.CodeOutsideDef, "LOCAL x = 5", "1:1", "no DEF is open", "x = 5"},
	{syntax.CodeOutsideDef, "CALL a\nHALT\na: RETURN", "3:4", "RET goes back", "CALL a\nHALT\na: RET"},
	{syntax.CodeOutsideDef, "RETURN 3", "1:1", "value of a DEF", ""},
	{syntax.CodeNotInEach, "DEF f\nEACH\nRETURN\nEND\nEND", "3:1", "RETURN cannot stand", ""},
	{syntax.CodeArguments, "DEF f(x, y)\nEND\nSET a = f(1, 2, 3)", "3:9", "takes 2 values, f(x, y), and here are 3", ""},
	{syntax.CodeArguments, "DEF f(x, y)\nEND\nf", "3:1", "takes 2 values, f(x, y), and here are none", ""},
	{syntax.CodeArguments, "DEF f\nEND\nf 1", "3:1", "takes no values, and here are 1", ""},
	{syntax.CodeArguments, "DEF mark(x)\nEND\nmark W - 1", "3:1", "takes 1 value", "DEF mark(x)\nEND\nmark (W - 1)"},
	{syntax.CodeSyntax, "DEF mark(x)\nEND\nmark W + 1", "3:6", "(W + 1)", "DEF mark(x)\nEND\nmark (W + 1)"},
	{syntax.CodeSyntax, "DEF f(x)\n  RETURN x\nEND\nSET a = 1 + f (3)", "4:13", "at once", "DEF f(x)\n  RETURN x\nEND\nSET a = 1 + f(3)"},
	{syntax.CodeUnknownName, "DEF f(x)\n  RETURN x\nEND\nSET a = f", "4:9", "f(x)", ""},
	{syntax.CodeUnknownName, "DEF f(x)\n  SET x = 1\nEND\nLOG {x}", "4:6", "known in `f` alone", ""},
	{syntax.CodeUnknownFunction, "DEF star(x)\n  RETURN x\nEND\nSET a = strar(1)", "4:9", "did you mean `star`?", "DEF star(x)\n  RETURN x\nEND\nSET a = star(1)"},
	{syntax.CodeUnknownFunction, "DEF f(g)\nLOG {g(1)}\nEND\nDEF g(x)\nEND", "2:6", "is the variable of line 1 here", ""},
	{syntax.CodeUnknownLabel, "DEF star(x)\nEND\nCALL star", "3:6", "called by its name alone: star(x)", "DEF star(x)\nEND\nstar"},
	{syntax.CodeUnknownLabel, "DEF f\nin:\nEND\nJMP in", "4:5", "in the DEF of `f`, on line 2", ""},
	{syntax.CodeUnknownLabel, "DEF f\nJMP out\nEND\nout:", "2:5", "outside the DEF, on line 4", ""},
	{syntax.CodeNotAssignable, "DEF f\nEND\nf = 3", "3:1", "the procedure of line 1", ""},
	{syntax.CodeNotAssignable, "DEF f(x)\n  f = x * 2\nEND", "2:3", "with RETURN", "DEF f(x)\n  RETURN x * 2\nEND"},
	{syntax.CodeNotInEach, "DEF f(n)\n  RECT n n 1 1\nEND\nEACH\n  f px\nEND", "5:3", "on line 2 it holds what no block may, RECT", ""},
	{syntax.CodeNotInEach, "DEF f(n)\n  IF n RETURN f(n - 1)\nEND\nEACH\n  PUT f(px)\nEND", "5:7", "calls itself", ""},
	{syntax.CodeOnlyInEach, "DEF f\n  PUT px\nEND\nf", "4:1", "is for EACH blocks", ""},
	{syntax.CodeNotInEach, "DEF f\n  PUT 3\n  CLS\nEND", "1:5", "it holds PUT, on line 2, and CLS, on line 3", ""},
	{syntax.CodeNotInEach, "DEF g\n  CLS px\nEND\nDEF f\n  g\nEND", "1:5", "it holds px, on line 2, and CLS, on line 2", ""},
	{syntax.CodeProcedureTooBig, "DEF f" + manyLocals(257) + "\nEND", "1:1177", "256 parameters", ""},
	{syntax.CodeDataFull, "DEF f(n)\n  RETURN f(n) * f(n)\nEND\nCLS f(1)\n.array a 65400", "1:5", "what the calls of procedures need", ""},
	{syntax.CodeSourceTooLarge, strings.Repeat("#", pxl.MaxSource+1), "1:1", "8388608", ""},
}

func manyNames(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("SET v" + strconv.Itoa(i) + " = 1\n")
	}
	return b.String()
}

func manyLocals(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(" v" + strconv.Itoa(i))
	}
	return b.String()
}

func TestDiagnostics(t *testing.T) {
	for _, c := range diagnosticCases {
		name := c.code + ": " + c.src[:min(len(c.src), 30)]
		a := pxl.Assemble("a.pxl", c.src)
		if len(a.Diagnostics) != 1 {
			t.Errorf("%s: %d diagnostics, want 1: %v", name, len(a.Diagnostics), a.Diagnostics[:min(3, len(a.Diagnostics))])
			continue
		}
		d := a.Diagnostics[0]
		checkRange(t, c.src, d)
		if d.Code != c.code || !strings.Contains(d.Message, c.message) {
			t.Errorf("%s: %s %v, want …%s…", name, d.Code, d, c.message)
		}
		if want := "a.pxl:" + c.at + ": "; !strings.HasPrefix(d.String(), want) {
			t.Errorf("%s: %v, want it at %s", name, d, c.at)
		}
		if got := applied(c.src, d.Fix); c.fix != "" && got != c.fix {
			t.Errorf("%s: the fix gives %q, want %q", name, got, c.fix)
		}
		if warning := c.code == syntax.CodeZeroStep || strings.Contains(d.Message, "the program ends here"); warning != a.OK() {
			t.Errorf("%s: OK is %v", name, a.OK())
		}
	}
}

func applied(src string, f *pxl.Fix) string {
	if f == nil {
		return ""
	}
	return src[:f.Offset] + f.Replace + src[f.End:]
}

func TestEveryErrorInOnePass(t *testing.T) {
	a := pxl.Assemble("a.pxl", "TXTT 1 1 a\nRECT 1 2\nJMP nowhere\nSET x = nope + nada\nCLS $\nFOR i = 1 TO 2\n")
	var lines []int
	for _, d := range a.Diagnostics {
		lines = append(lines, d.Pos.Line)
	}
	if got, want := len(lines), 8; got != want {
		t.Errorf("%d diagnostics on lines %v, want %d", got, lines, want)
	}
}

func TestDiagnosticsAreCounted(t *testing.T) {
	a := pxl.Assemble("a.pxl", strings.Repeat("NOPE\n", 5000))
	if len(a.Diagnostics) != syntax.MaxDiagnostics+1 {
		t.Fatalf("%d diagnostics", len(a.Diagnostics))
	}
	last := a.Diagnostics[syntax.MaxDiagnostics]
	if last.Code != syntax.CodeTooMany || last.Message != "and 4900 more" {
		t.Errorf("the last is %s %q", last.Code, last.Message)
	}
}

func TestColumnsCountCharacters(t *testing.T) {
	a := pxl.Assemble("a.pxl", "\uFEFFTXT 1 1 é{größe}\r\n")
	if len(a.Diagnostics) == 0 || a.Diagnostics[0].Pos.Column != 13 {
		t.Errorf("%v, want one in column 13", a.Diagnostics)
	}
}

func TestNothingMakesTwoOfOneMistake(t *testing.T) {
	// A block whose head is wrong is a block still.
	for _, src := range []string{"FOR i = TO 3\nNOP\nEND", "WHILE (\nNOP\nEND", "IF $\nELSE\nEND", "EACH 1 2\nPUT px\nEND"} {
		if a := pxl.Assemble("a.pxl", src); len(a.Diagnostics) != 1 {
			t.Errorf("%q: %v", src, a.Diagnostics)
		}
	}
}
