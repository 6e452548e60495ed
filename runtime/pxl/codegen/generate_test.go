package codegen_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/codegen"
	"gvpie/runtime/pxl/format"
	"gvpie/runtime/pxl/internal/corpus"
)

// code gives a program's instructions, one a line, with its names.
func code(t *testing.T, src string) string {
	t.Helper()
	a := codegen.Assemble("a.pxl", src, nil)
	if !a.OK() {
		t.Fatalf("%q: %v", src, a.Diagnostics)
	}
	var b strings.Builder
	for _, l := range format.Disassemble(a.Program, a)[1:] {
		if l.Addr < a.Header.CodeEnd {
			fmt.Fprintln(&b, l.Text)
		}
	}
	return strings.TrimSpace(b.String())
}

// TestCode holds the instructions that statements become. The first instruction
// is at address 8, the first variable is data word 8.
func TestCode(t *testing.T) {
	for _, c := range []struct{ claim, src, want string }{
		{"a plain SET is one instruction", "SET x = 3", "SET x 3"},
		{"adding to a name is one instruction", "SET x = x + 1", "ADD x x 1"},
		{"constants are folded", "SET x = 2 + 3 * 4 - 1 | 8 ^ 2", "SET x 15"},
		{"precedence is Go's", "SET x = 1 + 2 << 3 & 12", "SET x 1"},
		{"a division by zero is left to fault", "SET x = 1 / 0", "DIV x 1 0"},
		{"so is a remainder", "SET x = 5 % (1 - 1)", "MOD x 5 0"},
		{"what && decides is folded", "SET x = 0 && rnd(3)", "SET x 0"},
		{"what || decides is folded", "SET x = 4 || rnd(3)", "SET x 1"},
		{"1 && y is whether y is not 0", "SET y = 2\nSET x = 1 && y", "SET y 2\nNE x y 0"},
		{"a name is read in place, the rest through temporaries", "SET x = 1\nSET y = (x + 1) * (x - 1)", "SET x 1\nADD t0 x 1\nSUB t1 x 1\nMUL y t0 t1"},
		{"a name is not overwritten before it is read", "SET x = 1\nSET x = (x + 1) * x", "SET x 1\nADD t0 x 1\nMUL x t0 x"},
		{"an assignment needs no SET", "x = 3", "SET x 3"},
		{"x += 1 is x = x + 1", "x += 1", "ADD x x 1"},
		{"what is joined is one value", "x *= 2 + W", "ADD t0 2 W\nMUL x x t0"},
		{"the index of a word that is joined is evaluated once", ".array a 4\na[W * 2] += H", "MUL t0 W 2\nLD t1 a 4 t0\nADD t1 t1 H\nST a 4 t0 t1"},
		{"a chain is as if on several lines", "x = 1, y = x, x -= y", "SET x 1\nSET y x\nSUB x x y"},
		{"and depends on an IF before it as a whole", "IF W x = 1, y = 2\nNOP", "JZ W @17\nSET x 1\nSET y 2\nNOP"},
		{"a call is one instruction, and its body ends with one", "f 1 W\nHALT\nDEF f(x, y)\nPLOT x y\nEND", "INVOKE f 1 W\nHALT\nJMP @32\nPLOT x y\nRETURN t0 0"},
		{"a value is read where RETURN left it", "PLOT f(1) 2\nDEF f(x)\nRETURN x + 1\nEND", "INVOKE f 1\nPLOT t0 2\nJMP @33\nADD f.t0 x 1\nRETURN t0 f.t0"},
		{"unless another call comes before it is needed", "PLOT f(1) f(2)\nDEF f(x)\nRETURN x\nEND", "INVOKE f 1\nSET t1 t0\nINVOKE f 2\nPLOT t1 t0\nJMP @41\nRETURN t0 x"},
		{"a name that a later call changes is copied when its turn comes", "SET x = 1\nSET y = x + f()\nDEF f\nx += 1\nEND", "SET x 1\nSET t1 x\nINVOKE f\nADD y t1 t0\nJMP @38\nADD x x 1\nRETURN t0 0"},
		{"one that it does not is not", "SET x = 1\nSET y = x + f()\nDEF f\nRETURN x\nEND", "SET x 1\nINVOKE f\nADD y x t0\nJMP @31\nRETURN t0 x"},
		{"a FRAME in a call changes frame", "SET y = frame + f()\nDEF f\nFRAME\nEND", "SET t1 frame\nINVOKE f\nADD y t1 t0\nJMP @32\nFRAME\nRETURN t0 0"},
		{"an END behind a RETURN makes nothing", "f\nDEF f\nIF W RETURN\nRETURN 1\nEND", "INVOKE f\nJMP @34\nJZ W @27\nRETURN t0 0\nRETURN t0 1"},
		{"a call in a block is its body", "EACH\nPUT f(px)\nEND\nDEF f(x)\nIF x > 3 RETURN 0\nRETURN x * py\nEND", "EACH 0 0 W H @36\nSET t1 px\nGT t2 t1 3\nJZ t2 @30\nSET t0 0\nJMP @34\nMUL t0 t1 py\nPUT t0"},
		{"what only blocks call has no code of its own", "EACH\nf\nEND\nDEF f\nLOCAL k\nPUT k + px\nEND", "EACH 0 0 W H @24\nSET t0 0\nADD t1 t0 px\nPUT t1"},
		{"a word of two indices", ".array g 4 3\nSET x = g[W, H - 1]", "SUB t0 H 1\nLD2 x g 4 3 W t0"},
		{"and one that is written", ".array g 4 3\nSET g[1, 2] = 5", "ST2 g 4 3 1 2 5"},
		{"and one that is joined, whose indices are evaluated once", ".array g 4 3\ng[W + 1, H] *= 3", "ADD t0 W 1\nLD2 t1 g 4 3 t0 H\nMUL t1 t1 3\nST2 g 4 3 t0 H t1"},
		{"a table in rows", ".table t 2: 1 2,\n  3 4\nSET x = t[W, 1] + t[H]", "LDT2 t0 t 2 2 W 1\nLDT t1 t 4 H\nADD x t0 t1"},
		{"the length of a list is known", ".table t 1 2 3\n.text s \"a\" \"b\"\n.array a 5 5\nSET x = len(t) + 10 * len(s) + 100 * len(a)", "SET x 2523"},
		{"functions of what is known are folded", "SET x = mul(3, 5, 1) + rgb(1, 2, 3)", "SET x 66058"},
		{"but for a division by zero", "SET x = div(3, 0, 1)", "FDIV x 3 0 1"},
		{"the wheel and the buttons that went down", "SET x = mw + mbp", "INPUT t0 0\nINPUT t1 1\nADD x t0 t1"},
		{"a name that was not reserved is the program's own", "SET mw = 3\nSET mix = mw\nSET x = mix", "SET mw 3\nSET mix mw\nSET x mix"},
		{"a format", "SET x = 3\nLOG {x:05} {x + 1:-4x}{x:c}", "SET x 3\nADD t0 x 1\nLOG \"{x:05} {t0:-4x}{x:c}\""},
		{"a format of what is known", "LOG {5:+03}|{255:x}|{65:c}", "LOG \"+05|ff|A\""},
		{"a text of a table", ".text n \"low\" \"a{\\\"}\"\nSET x = 1\nLOG {n[x]:-8}{n[1]}", "SET x 1\nLOG \"{n[x]:-8}a\\{\\\"\\}\""},
		{"a text that is out of range is left to fault", ".text n \"low\"\nLOG {n[1]}", "SET t0 1\nLOG \"{n[t0]}\""},
		{"LOG in a block", "EACH\nLOG {px:3}\nASSERT py\nEND", "EACH 0 0 W H @21\nLOG \"{px:3}\"\nASSERT py"},
		{"a chain needs one temporary", "SET x = W + H + mx + my", "ADD t0 W H\nADD t0 t0 mx\nADD x t0 my"},
		{"&& gives 1 or 0 and stops early", "SET x = W && H", "JZ W @19\nJZ H @19\nSET x 1\nJMP @22\nSET x 0"},
		{"|| gives 1 or 0 and stops early", "SET x = W || H", "JNZ W @14\nJZ H @19\nSET x 1\nJMP @22\nSET x 0"},
		{"a condition is its own jump", "IF W HALT", "JZ W @12\nHALT"},
		{"! turns the jump around", "IF !W HALT", "JNZ W @12\nHALT"},
		{"so does == 0", "IF W == 0 HALT", "JNZ W @12\nHALT"},
		{"&& in a condition is two jumps", "IF W && H HALT", "JZ W @15\nJZ H @15\nHALT"},
		{"|| in a condition is two jumps", "IF W || H HALT", "JNZ W @14\nJZ H @15\nHALT"},
		{"IFs on one line share their end", "IF W IF H HALT\nNOP", "JZ W @15\nJZ H @15\nHALT\nNOP"},
		{"a true condition costs nothing", "WHILE 1\nNOP\nEND", "NOP\nJMP @8"},
		{"a chain of ELSE IF ends together", "IF W\nNOP\nELSE IF H\nHALT\nELSE\nRET\nEND", "JZ W @14\nNOP\nJMP @21\nJZ H @20\nHALT\nJMP @21\nRET"},
		{"WHILE jumps back, BREAK past it, CONTINUE to its head", "WHILE W\nBREAK\nCONTINUE\nEND", "JZ W @17\nJMP @17\nJMP @8\nJMP @8"},
		{"FOR counts with LOOP", "FOR i = 1 TO 9\nNOP\nEND", "SET i 1\nLOOP i 9 1 @23\nNOP\nADD i i 1\nJMP @11"},
		{"CONTINUE in a FOR goes to the step", "FOR i = 1 TO 9\nCONTINUE\nEND", "SET i 1\nLOOP i 9 1 @24\nJMP @18\nADD i i 1\nJMP @11"},
		{"limit and step are evaluated once, before the start", "SET n = 3\nFOR i = n TO n STEP n\nEND", "SET n 3\nSET t0 n\nSET t1 n\nSET i n\nLOOP i t0 t1 @31\nADD i i t1\nJMP @20"},
		{"W and H are limits as they are", "FOR i = 0 TO W\nEND", "SET i 0\nLOOP i W 1 @22\nADD i i 1\nJMP @11"},
		{"operands of a list end at a space", "PLOT W -1", "PLOT W -1"},
		{"an operator after a space starts an operand", "PLOT W - 1", "PLOT W -1"},
		{"an operator without one goes on", "PLOT W-1 H+ 1", "SUB t0 W 1\nADD t1 H 1\nPLOT t0 t1"},
		{"commas mean nothing", "PLOT W,H, red", "PLOT W H 0xFF0000"},
		{"one operand is a whole expression", "CLS W + 1", "ADD t0 W 1\nCLS t0"},
		{"a call may have a space before its parenthesis", "PLOT abs (my) 2", "ABS t0 my\nPLOT t0 2"},
		{"text is the rest of the line", "TXT 1 2 a ; b", `TXT 1 2 "a ; b"`},
		{"a comma behind the second operand is syntax.None of the text", "TXT 1, 2, a, b", `TXT 1 2 "a, b"`},
		{"text in quotes keeps its spaces", `TXT 1 2 "  a "`, `TXT 1 2 "  a "`},
		{"quotes in text are themselves", `TXT 1 2 "a" and "b"`, `TXT 1 2 "\"a\" and \"b\""`},
		{"escapes are themselves", `LOG \{ \} \" \\ \n`, `LOG "\{ \} \" \\ \\n"`},
		{"a character outside 32…126 is the box", "LOG é→", `LOG "??"`},
		{"a value in text is read when drawn", "LOG a{W}b", `LOG "a{W}b"`},
		{"a constant in text is its digits", "LOG {3 * -5}", `LOG "-15"`},
		{"an expression in text is computed before", "LOG {W + 1}", "ADD t0 W 1\nLOG \"{t0}\""},
		{"a name may be spelled like a statement", "SET line = 3\nPLOT line line", "SET line 3\nPLOT line line"},
		{"a label and a variable may have one name", "x: SET x = 1\nJMP x", "SET x 1\nJMP x"},
		{"a statement may follow FRAME's namesake", "IF frame FRAME", "JZ frame @12\nFRAME"},
		{"arrays are read and written with their length", ".array a 5\nSET a[W] = a[1] + 2", "LD t0 a 5 1\nADD t0 t0 2\nST a 5 W t0"},
		{"tables are read", ".table t 7 8\nPLOT t[W] 1", "LDT t0 t 2 W\nPLOT t0 1"},
		{"EACH alone is the whole canvas", "EACH\nPUT px\nEND", "EACH 0 0 W H @17\nPUT px"},
		{"EACH captures what its block reads and sets", "SET x = 1\nEACH 1 2 3 4\nSET y = x + frame\nPUT y * 2\nEND", "SET x 1\nEACH 1 2 3 4 @31 with x frame y\nADD y x frame\nMUL t0 y 2\nPUT t0"},
		{"a loop in EACH has lanes of its own", "EACH\nFOR i = 0 TO px\nPUT (i + 1) * 2\nEND\nEND", "EACH 0 0 W H @43 with i\nSET t0 px\nSET i 0\nLOOP i t0 1 @43\nADD t1 i 1\nMUL t1 t1 2\nPUT t1\nADD i i 1\nJMP @22"},
	} {
		if got := code(t, c.src); got != c.want {
			t.Errorf("%s: %q\n got %s\nwant %s", c.claim, c.src, strings.ReplaceAll(got, "\n", " | "), strings.ReplaceAll(c.want, "\n", " | "))
		}
	}
}

func TestSymbolsStandInOrderOfDeclaration(t *testing.T) {
	a := codegen.Assemble("a.pxl", "SET b = 1\n.array r 3\nhere:\n.const K 7\nSET a = 2 * b + rnd(b)\n.table t 1 2\nSET c = (a + b) * (a - b)", nil)
	var got []string
	for _, s := range a.Symbols {
		got = append(got, fmt.Sprintf("%s %d %d+%d line %d", s.Name, s.Kind, s.Addr, s.Len, s.Pos.Line))
	}
	// Variables are data words 8…10, two temporaries follow, then the array.
	want := fmt.Sprintf("b 0 8+1 line 1, r 1 13+3 line 2, here 3 11+1 line 3, K 4 7+1 line 4, a 0 9+1 line 5, t 2 %d+2 line 6, c 0 10+1 line 7", a.Header.CodeEnd)
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	if a.Header.DataWords != 16 {
		t.Errorf("%d data words, want 16", a.Header.DataWords)
	}
}

func TestEveryInstructionMapsToItsStatement(t *testing.T) {
	src := "SET x = (W + 1) * (H - 1)\nFOR i = 1 TO 3\n  IF x > 2 PLOT i (x + 1)\nEND\nEACH\n  PUT px\nEND\n"
	a := codegen.Assemble("a.pxl", src, nil)
	lines := map[int]string{}
	for _, in := range corpus.Instructions(t, a.Program) {
		r, ok := a.Map.At(in.Addr)
		if !ok {
			t.Fatalf("nothing at %d", in.Addr)
		}
		end := r.Pos.Offset + r.Length
		lines[r.Pos.Line] += in.Spec.Mnemonic + " "
		if s := src[r.Pos.Offset:end]; strings.ContainsAny(s, "\n") || s == "" {
			t.Errorf("the statement of %d is %q", in.Addr, s)
		}
	}
	for line, want := range map[int]string{1: "ADD SUB MUL ", 2: "SET LOOP ", 3: "GT JZ ADD PLOT ", 4: "ADD JMP ", 5: "EACH ", 6: "PUT ", 7: ""} {
		if lines[line] != want {
			t.Errorf("line %d: %q, want %q", line, lines[line], want)
		}
	}
	if spans := a.Map.Line("", 2); len(spans) != 1 || spans[0].From >= spans[0].To {
		t.Errorf("line 2 is at %v", spans)
	}
	if one, two := a.Map.Line("", 1), a.Map.Line("", 2); one[0].To != two[0].From {
		t.Errorf("line 1 is at %v, line 2 at %v", one, two)
	}
	if _, ok := a.Map.At(a.Header.CodeEnd); ok {
		t.Error("there is a statement behind the code")
	}
}

// A call in a block opens the blocks of the procedure's body between the parts of what
// stands around it.
func TestElseIfGoesOnWhereItsConditionCalls(t *testing.T) {
	const src = "EACH\nIF px\nPUT 1\nELSE IF deep()\nPUT 2\nEND\nEND\nDEF deep\nWHILE px\nWHILE py\nBREAK\nEND\nBREAK\nEND\nEND\n"
	a := codegen.Assemble("a.pxl", src, nil)
	if !a.OK() {
		t.Fatal(a.Diagnostics)
	}
	for in := range flow.Linear(a.Program, a.Header) {
		if to, ok := flow.Target(in); ok && to < isa.HeaderWords {
			t.Errorf("%s at %d leads to %d", in.Spec.Mnemonic, in.Addr, to)
		}
	}
}

func TestNothingIsAddedAtTheEnd(t *testing.T) {
	if a := codegen.Assemble("a", "", nil); !a.OK() || len(a.Program) != isa.HeaderWords || a.Header.W != isa.DefaultWidth || a.Header.H != isa.DefaultHeight {
		t.Errorf("an empty source is %v %v", a.Program, a.Diagnostics)
	}
}

// TestExpressionsComputeTheirValue runs random expressions as code and by a
// direct evaluation that knows no temporaries, folding or jumps.
func TestExpressionsComputeTheirValue(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	computed := 0
	for range 3000 {
		e := randomExpr{random: random, vars: [3]int32{random.Int32N(9) - 4, random.Int32() - 1<<30, 0}}
		text, want, ok := e.make(1 + random.IntN(6))
		if !ok {
			continue // divides by zero
		}
		src := fmt.Sprintf("SET a = %d\nSET b = %d\nSET c = 0\nSET %c = %s", e.vars[0], e.vars[1], "abc"[random.IntN(3)], text)
		a := codegen.Assemble("a.pxl", src, nil)
		if !a.OK() {
			t.Fatalf("%s: %v", src, a.Diagnostics)
		}
		data := run(t, a)
		target := src[strings.LastIndex(src, "SET ")+4]
		if got := data[isa.SysWords+int(target-'a')]; got != want {
			t.Fatalf("%s\nis %d, want %d\n%s", src, got, want, format.Listing(a))
		}
		computed++
	}
	if computed < 2000 {
		t.Errorf("only %d expressions were computed", computed)
	}
}

// run executes instructions that only compute and jump, and gives the data page.
func run(t *testing.T, a *codegen.Assembly) []int32 {
	t.Helper()
	data := make([]int32, a.Header.DataWords)
	for at := isa.HeaderWords; at < a.Header.CodeEnd; {
		in, ok := isa.Decode(a.Program, at, a.Header.CodeEnd)
		if !ok {
			t.Fatalf("no instruction at %d", at)
		}
		arg := func(i int) int32 {
			if i >= len(in.Args) {
				return 0
			}
			if in.Mask>>i&1 == 1 {
				return data[in.Args[i]]
			}
			return int32(in.Args[i])
		}
		at += in.Size
		switch in.Spec.Op {
		case isa.JMP:
			at = int(in.Args[0])
		case isa.JZ:
			if arg(0) == 0 {
				at = int(in.Args[1])
			}
		case isa.JNZ:
			if arg(0) != 0 {
				at = int(in.Args[1])
			}
		default:
			v, fault, ok := isa.Alu(in.Spec.Op, arg(1), arg(2), arg(3))
			if !ok || fault != 0 {
				t.Fatalf("%s at %d: %v", in.Spec.Mnemonic, in.Addr, fault)
			}
			data[in.Args[0]] = v
		}
	}
	return data
}

// randomExpr makes expressions over a, b and c, each with its value.
type randomExpr struct {
	random *rand.Rand
	vars   [3]int32
}

func (e *randomExpr) make(depth int) (text string, value int32, ok bool) {
	if depth == 0 || e.random.IntN(6) == 0 {
		if i := e.random.IntN(5); i < 3 {
			return "abc"[i : i+1], e.vars[i], true
		}
		v := e.random.Int32N(40) - 8
		return strconv.Itoa(int(v)), v, true
	}
	a, av, aok := e.make(depth - 1)
	switch e.random.IntN(8) {
	case 0:
		v, _, _ := isa.Alu(isa.ISZ, av, 0, 0)
		return "!(" + a + ")", v, aok
	case 1:
		v, _, _ := isa.Alu(isa.NEG, av, 0, 0)
		return "-(" + a + ")", v, aok
	}
	b, bv, bok := e.make(depth - 1)
	truth := func(x bool) int32 {
		if x {
			return 1
		}
		return 0
	}
	switch e.random.IntN(8) {
	case 0:
		if !aok || av == 0 {
			return "(" + a + " && " + b + ")", 0, aok
		}
		return "(" + a + " && " + b + ")", truth(bv != 0), bok
	case 1:
		if !aok || av != 0 {
			return "(" + a + " || " + b + ")", 1, aok
		}
		return "(" + a + " || " + b + ")", truth(bv != 0), bok
	case 2:
		return "clamp(" + a + ", " + b + ", c)", max(bv, min(e.vars[2], av)), aok && bok
	}
	o := operators[e.random.IntN(len(operators))]
	v, fault, _ := isa.Alu(o.op, av, bv, 0)
	return "(" + a + " " + o.symbol + " " + b + ")", v, aok && bok && fault == 0
}

var operators = []struct {
	symbol string
	op     isa.Op
}{
	{"+", isa.ADD}, {"-", isa.SUB}, {"*", isa.MUL}, {"/", isa.DIV}, {"%", isa.MOD}, {"&", isa.AND}, {"|", isa.OR}, {"^", isa.XOR},
	{"<<", isa.SHL}, {">>", isa.SHR}, {">>>", isa.USHR},
	{"==", isa.EQ}, {"!=", isa.NE}, {"<", isa.LT}, {"<=", isa.LE}, {">", isa.GT}, {">=", isa.GE},
}
