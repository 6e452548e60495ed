package flow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/pxltest"
)

// page makes a program of code words.
func page(code ...uint32) (isa.Program, isa.Header) {
	h := isa.Header{W: 4, H: 4, DataWords: isa.SysWords + 8, CodeEnd: isa.HeaderWords + len(code)}
	head := isa.NewHeader(h)
	return append(isa.Program(head[:]), code...), h
}

// show writes blocks as their instructions and those that run after them.
func show(c *flow.Code) string {
	var b strings.Builder
	for i, block := range c.Blocks {
		fmt.Fprintf(&b, "%d:", i)
		for _, in := range block.Instrs {
			b.WriteString(" " + in.Spec.Mnemonic)
		}
		if len(block.Instrs) == 0 {
			b.WriteString(" end")
		}
		if len(block.Next) > 0 {
			b.WriteString(" >")
		}
		for _, next := range block.Next {
			fmt.Fprintf(&b, " %d", next)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestBlocksOfSource(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"nothing", "", "0: end\n"},
		{"straight", "SET x = 1\nPLOT x x\n", "0: SET PLOT > 1\n1: end\n"},
		{"HALT", "HALT\nPLOT 1 1\n", "0: HALT\n"},
		{"FRAME goes on", "FRAME\nHALT\n", "0: FRAME HALT\n"},
		{"a branch", "SET x = 1\nIF x\nNOP\nELSE\nCLS\nEND\nHALT\n", "0: SET JZ > 1 2\n1: NOP JMP > 3\n2: CLS > 3\n3: HALT\n"},
		{"a loop", "FOR i = 1 TO 3\nNOP\nEND\n", "0: SET > 1\n1: LOOP > 2 3\n2: NOP ADD JMP > 1\n3: end\n"},
		{"a jump over", "JMP b\na:\nNOP\nb:\nHALT\n", "0: JMP > 1\n1: HALT\n"},
		{"calls", "CALL a\nCLS\nCALL a\nHALT\na:\nNOP\nRET\n", "0: CALL > 3\n1: CLS CALL > 3\n2: HALT\n3: NOP RET > 1 2\n"},
		{"a call that never returns", "CALL a\nCLS\na:\nHALT\n", "0: CALL > 1\n1: HALT\n"},
		{"a RET without a call", "RET\n", "0: RET\n"},
		{"procedures", "f\nCLS\nf\nHALT\nDEF f\nNOP\nEND\n", "0: INVOKE > 3\n1: CLS INVOKE > 3\n2: HALT\n3: NOP RETURN > 1 2\n"},
		{"a procedure that never returns", "f\nCLS\nDEF f\nHALT\nEND\n", "0: INVOKE > 1\n1: HALT\n"},
		{"a RET and a RETURN", "CALL a\nf\nHALT\na:\nRET\nDEF f\nEND\n", "0: CALL > 3\n1: INVOKE > 4\n2: HALT\n3: RET > 1\n4: RETURN > 2\n"},
		{"EACH is passed over", "EACH\nPUT px\nEND\nCLS\n", "0: EACH > 1\n1: CLS > 2\n2: end\n"},
	} {
		a := pxltest.Assemble(t, c.source)
		g := flow.Analyze(a.Program, a.Header, isa.HeaderWords)
		if got := show(g.Core); got != c.want {
			t.Errorf("%s:\n%snot\n%s", c.name, got, c.want)
		}
	}
}

func TestBlocksOfEach(t *testing.T) {
	a := pxltest.Assemble(t, "EACH\nIF px\nPUT red\nEND\nEND\nIF 0 JMP out\nEACH\nWHILE px > 3\nSET q = q + 1\nIF q > 9 BREAK\nEND\nPUT q\nEND\nout:\n")
	g := flow.Analyze(a.Program, a.Header, isa.HeaderWords)
	want := []string{
		"0: JZ > 1 2\n1: PUT > 2\n2: end\n",
		"0: GT JZ > 1 4\n1: ADD GT JZ > 2 3\n2: JMP > 4\n3: JMP > 0\n4: PUT > 5\n5: end\n",
	}
	var got []string
	for _, s := range g.Each {
		got = append(got, show(g.Block(s)))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Words that are entered in their middle spell other instructions, and what is an
// error whenever it is executed leads nowhere.
func TestBlocksOfAnyWords(t *testing.T) {
	const first = isa.HeaderWords
	op := isa.InstrHeader
	for _, c := range []struct {
		name  string
		words []uint32
		want  string
	}{
		{"an unknown opcode", []uint32{op(isa.NOP, 0, 0), 0xFF, op(isa.NOP, 0, 0)}, "0: NOP > 1\n1: end\n"},
		{"it runs past the end", []uint32{op(isa.SET, 2, 0), first}, "0: end\n"},
		{"only for blocks", []uint32{op(isa.PUT, 1, 0), 1}, "0: end\n"},
		{"a word behind the data page", []uint32{op(isa.SET, 2, 0b10), isa.SysWords, isa.SysWords + 8}, "0: end\n"},
		{"a result behind the data page", []uint32{op(isa.SET, 2, 0), isa.SysWords + 8, 1}, "0: end\n"},
		{"an argument of no word", []uint32{op(isa.INVOKE, 5, 0), first, isa.SysWords, 2, 0, 0, 2, 1, isa.SysWords + 8}, "0: end\n"},
		{"a jump into the header", []uint32{op(isa.JMP, 1, 0), first - 1}, "0: JMP\n"},
		{"a jump past the end", []uint32{op(isa.JZ, 2, 0), 1, first + 4, op(isa.HALT, 0, 0), 0}[:4], "0: JZ > 1 2\n1: HALT\n2: end\n"},
		{"a jump far past the end", []uint32{op(isa.JZ, 2, 0), 1, 1 << 31, op(isa.HALT, 0, 0)}, "0: JZ > 1\n1: HALT\n"},
		{"a jump to itself", []uint32{op(isa.JMP, 1, 0), first}, "0: JMP > 0\n"},
		// SET x HALT, whose last word is entered first by the JZ, then by SET's successor
		{"entered in the middle", []uint32{op(isa.JZ, 2, 0), 0, first + 5, op(isa.SET, 2, 0), isa.SysWords, uint32(isa.NOP), op(isa.HALT, 0, 0)},
			"0: JZ > 1 2\n1: SET > 3\n2: NOP > 3\n3: HALT\n"},
		{"EACH that ends before it begins", []uint32{op(isa.EACH, 5, 0), 0, 0, 1, 1, first + 6, 0}, "0: EACH\n"},
		{"EACH that ends where it begins", []uint32{op(isa.EACH, 5, 0), 0, 0, 1, 1, first + 7, 0}, "0: EACH > 1\n1: end\n"},
		{"EACH that ends past the end", []uint32{op(isa.EACH, 5, 0), 0, 0, 1, 1, first + 8, 0}, "0: EACH\n"},
		{"EACH that captures what is no word", []uint32{op(isa.EACH, 5, 0), 0, 0, 1, 1, first + 8, 1, isa.SysWords + 8}, "0: EACH\n"},
	} {
		p, h := page(c.words...)
		g := flow.Analyze(p, h, first)
		if got := show(g.Core); got != c.want {
			t.Errorf("%s:\n%snot\n%s", c.name, got, c.want)
		}
		if (len(g.Each) > 0) != (c.want == "0: EACH > 1\n1: end\n") {
			t.Errorf("%s: blocks %v", c.name, g.Each)
		}
	}
	captures := slices.Repeat([]uint32{isa.SysWords}, isa.MaxLanes-1)
	end := uint32(first + 7 + len(captures))
	p, h := page(append([]uint32{op(isa.EACH, 5, 0), 0, 0, 1, 1, end, uint32(len(captures))}, captures...)...)
	if got := show(flow.Analyze(p, h, first).Core); got != "0: EACH\n" {
		t.Errorf("an EACH with too many captures:\n%s", got)
	}
}

func TestBlocksOfAnyWordsInEach(t *testing.T) {
	const first = isa.HeaderWords
	op := isa.InstrHeader
	const lane = isa.LaneFlag
	for _, c := range []struct {
		name  string
		words []uint32 // from first+7 on
		want  string
	}{
		{"only for the core", []uint32{op(isa.HALT, 0, 0)}, "0: end\n"},
		{"DONE", []uint32{op(isa.DONE, 0, 0), op(isa.NOP, 0, 0)}, "0: DONE\n"},
		{"a data word", []uint32{op(isa.PUT, 1, 1), isa.SysWords}, "0: end\n"},
		{"a lane word", []uint32{op(isa.PUT, 1, 1), lane | 255}, "0: PUT > 1\n1: end\n"},
		{"past the lanes", []uint32{op(isa.PUT, 1, 1), lane | 256}, "0: end\n"},
		{"a jump out", []uint32{op(isa.JZ, 2, 0), 0, first}, "0: JZ > 1\n1: end\n"},
		{"a jump to its end", []uint32{op(isa.JMP, 1, 0), first + 9}, "0: JMP > 1\n1: end\n"},
		{"a jump past its end", []uint32{op(isa.JMP, 1, 0), first + 10}, "0: JMP\n"},
	} {
		each := []uint32{op(isa.EACH, 5, 0), 0, 0, 1, 1, uint32(first + 7 + len(c.words)), 0}
		p, h := page(append(append(each, c.words...), op(isa.HALT, 0, 0))...)
		g := flow.Analyze(p, h, first)
		if len(g.Each) != 1 {
			t.Fatalf("%s: %d blocks", c.name, len(g.Each))
		}
		if got := show(g.Block(g.Each[0])); got != c.want {
			t.Errorf("%s:\n%snot\n%s", c.name, got, c.want)
		}
	}
}

func TestAnalyzeFromAMachinesState(t *testing.T) {
	a := pxltest.Assemble(t, "CALL a\nCLS\nHALT\na:\nEACH\nPUT 1\nEND\nRET\nb:\nRET\n")
	b := a.Header.CodeEnd - 1 // the last RET
	cls := isa.HeaderWords + 2
	for _, c := range []struct {
		name  string
		pc    uint32
		stack []uint32
		each  bool
		cls   bool
	}{
		{"the start", isa.HeaderWords, nil, true, true},
		{"a RET with an empty stack", uint32(b), nil, false, false},
		{"a RET to behind the call", uint32(b), []uint32{uint32(cls)}, false, true},
		{"a RET to the call", uint32(b), []uint32{uint32(isa.HeaderWords)}, true, true},
		{"a stack that no RET takes from", uint32(cls), []uint32{isa.HeaderWords}, false, true},
		{"no code", 3, nil, false, false},
		{"far behind the code", 1 << 31, []uint32{1 << 31}, false, false},
	} {
		g := flow.Analyze(a.Program, a.Header, c.pc, c.stack...)
		if each, cls := g.Find(isa.EACH), g.Find(isa.CLS); (len(each) > 0) != c.each || (len(cls) > 0) != c.cls {
			t.Errorf("%s: EACH at %v, CLS at %v", c.name, each, cls)
		}
	}
}

func TestLinear(t *testing.T) {
	op := isa.InstrHeader
	p, h := page(op(isa.NOP, 0, 0), 0xFF, op(isa.CLS, 1, 0), 5, op(isa.SET, 2, 0))
	var got []string
	for in, ok := range flow.Linear(p, h) {
		text := "none"
		if ok {
			text = in.Spec.Mnemonic
		}
		got = append(got, fmt.Sprintf("%d %s %d", in.Addr, text, in.Size))
	}
	if want := "8 NOP 1, 9 none 1, 10 CLS 2, 12 none 1"; strings.Join(got, ", ") != want {
		t.Errorf("%s, not %s", strings.Join(got, ", "), want)
	}
}
