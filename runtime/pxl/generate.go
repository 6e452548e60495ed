package pxl

import (
	"unicode/utf8"

	"gvpie/runtime/isa"
)

// generator makes the words of the program. Addresses that are not known yet are
// patched: those of labels and arrays at the end, those of a block when it is
// closed.
type generator struct {
	code    []uint32
	codeEnd int
	full    bool // the program page is; nothing more is emitted
	entries []mapEntry

	pool    []uint32 // data words of temporaries, in the order they were first needed
	top     int      // temporaries in use by the current statement
	hidden  int      // data words in use behind the variables
	nest    []openBlock
	oneLine []int // jumps past the statement of one-line IFs
	each    *lanes

	labelRefs, arrayRefs, tableRefs []ref
}

// ref is a word of the program that waits for an address.
type ref struct {
	at     int
	target int32
}

// openBlock is what END has to know of the block it closes.
type openBlock struct {
	stmt  int32
	start int   // where the next turn of a loop begins
	next  []int // jumps to the next part of an IF, or to a FOR's step
	exits []int // jumps past the END
	i     uint32
	step  operand
	held  int // lanes a FOR inside EACH keeps
}

// operand is an operand texel and its mask bit.
type operand struct {
	word uint32
	ref  bool
}

func value(v int32) operand { return operand{word: uint32(v)} }

func (c *compiler) generate() {
	c.code = make([]uint32, isa.HeaderWords, isa.HeaderWords+len(c.src)/2+16)
	for i := range c.stmts {
		if c.full {
			break
		}
		c.statementCode(int32(i))
	}
	c.codeEnd = len(c.code)
	c.place()
}

// place lays out tables behind the code and arrays behind the hidden words, and
// patches every address that waited for them.
func (c *compiler) place() {
	for i := range c.tables {
		t := &c.tables[i]
		t.base = len(c.code)
		if len(c.code)+t.size > isa.MaxProgramWords {
			c.programFull(t.off, t.off+int32(len(t.name)))
			break
		}
		for _, v := range t.values {
			c.code = append(c.code, uint32(v))
		}
	}
	data := isa.SysWords + len(c.vars) + c.hidden
	// Every variable costs words of program to set, so that the program page is
	// full long before variables alone could fill the data page.
	for i := range c.arrays {
		a := &c.arrays[i]
		a.base = data
		if data <= isa.MaxDataWords && data+a.size > isa.MaxDataWords {
			c.errorf(CodeDataFull, a.off, a.off+int32(len(a.name)), "the data page is full: it holds %d words, %d of them are left for this array of %d", isa.MaxDataWords, isa.MaxDataWords-data, a.size)
		}
		data += a.size
	}
	for _, r := range c.arrayRefs {
		c.code[r.at] = uint32(c.arrays[r.target].base)
	}
	for _, r := range c.tableRefs {
		c.code[r.at] = uint32(c.tables[r.target].base)
	}
	for _, r := range c.labelRefs {
		c.code[r.at] = uint32(c.order[r.target].addr)
	}
	if c.errs == 0 {
		h := c.header(data)
		copy(c.code, h[:])
	}
}

func (c *compiler) programFull(off, end int32) {
	if !c.full {
		c.errorf(CodeProgramFull, off, end, "the program page is full here: it holds %d words of code, text and tables", isa.MaxProgramWords)
	}
	c.full = true
}

func (c *compiler) statementCode(i int32) {
	s := &c.stmts[i]
	at := len(c.code)
	c.top = 0
	if s.failed && s.kind == opStmt && s.op != isa.EACH || s.failed && s.kind == setStmt {
		return
	}
	switch s.kind {
	case labelStmt:
		if k, ok := c.labels[c.src[s.name:s.nameEnd]]; ok && c.order[k].off == s.name {
			c.order[k].addr = int32(at)
		}
		return
	case opStmt:
		c.opCode(s, i)
	case setStmt:
		c.setCode(s)
	case ifStmt:
		c.ifCode(s, i)
	case elseIfStmt, elseStmt:
		c.elseCode(s)
	case whileStmt:
		c.whileCode(s, i)
	case forStmt:
		c.forCode(s, i)
	case breakStmt, continueStmt:
		c.leaveCode(s)
	case endStmt:
		c.endCode()
	default:
		return
	}
	if !s.inline || s.kind != ifStmt {
		for _, at := range c.oneLine {
			c.code[at] = uint32(len(c.code))
		}
		c.oneLine = c.oneLine[:0]
	}
	if len(c.code) > isa.MaxProgramWords {
		c.programFull(s.off, s.end)
	}
	if len(c.code) > at {
		if n := len(c.entries); n == 0 || c.entries[n-1].addr != at {
			c.entries = append(c.entries, mapEntry{addr: at})
		}
		c.entries[len(c.entries)-1].at = Range{c.pos(int(s.off)), utf8.RuneCountInString(c.src[s.off:s.end])}
	}
}

// emit appends an instruction. ins may be read as data words, outs and addresses
// may not: the caller gives them as plain values.
func (c *compiler) emit(op isa.Op, args ...operand) {
	mask := uint8(0)
	for i, a := range args {
		if a.ref {
			mask |= 1 << i
		}
	}
	c.code = append(c.code, isa.InstrHeader(op, len(args), mask))
	for _, a := range args {
		c.code = append(c.code, a.word)
	}
}

// jump emits an instruction whose last operand is an address, and gives the
// place to patch.
func (c *compiler) jump(op isa.Op, args ...operand) int {
	c.emit(op, append(args, operand{})...)
	return len(c.code) - 1
}

// land makes jumps lead to the next instruction.
func (c *compiler) land(jumps []int) {
	for _, at := range jumps {
		c.code[at] = uint32(len(c.code))
	}
}

func (c *compiler) opCode(s *stmt, i int32) {
	switch s.op {
	case isa.EACH:
		c.eachCode(s, i)
		return
	case isa.JMP, isa.CALL:
		if k, ok := c.labels[c.src[s.name:s.nameEnd]]; ok {
			c.labelRefs = append(c.labelRefs, ref{c.jump(s.op), k})
		}
		return
	}
	var buf [8]operand
	args := buf[:0]
	for _, n := range c.args[s.arg:s.argEnd] {
		args = append(args, c.value(n))
	}
	if isa.Table[s.op].Tail != isa.TextTail {
		c.emit(s.op, args...)
		return
	}
	c.textCode(s, args)
}

// textCode emits TXT or LOG: values that are no plain variable are computed
// before, constants become characters.
func (c *compiler) textCode(s *stmt, args []operand) {
	var buf [8]operand
	values := buf[:0]
	for _, p := range c.parts[s.part:s.partEnd] {
		if p.node != none {
			values = append(values, c.value(p.node))
		}
	}
	c.emit(s.op, args...)
	count := len(c.code)
	c.code = append(c.code, 0)
	for _, p := range c.parts[s.part:s.partEnd] {
		if p.node == none {
			for _, r := range c.src[p.off:p.end] {
				c.code = append(c.code, glyph(r))
			}
			continue
		}
		v := values[0]
		values = values[1:]
		if v.ref {
			c.code = append(c.code, isa.TextValue|v.word&isa.TextValueIndex)
			continue
		}
		for _, r := range itoa(int(int32(v.word))) {
			c.code = append(c.code, glyph(r))
		}
	}
	c.code[count] = uint32(len(c.code) - count - 1)
}

// glyph is the character code that text holds for r.
func glyph(r rune) uint32 {
	if r < 32 || r > 126 {
		return isa.UnknownGlyph
	}
	return uint32(r)
}

func (c *compiler) setCode(s *stmt) {
	if s.arg == s.argEnd {
		return
	}
	name := c.src[s.name:s.nameEnd]
	e := c.names[name]
	if s.index == none {
		if e.kind == VarSymbol && e.val >= isa.SysWords {
			c.into(c.args[s.arg], c.word(e.val), false)
		}
		return
	}
	if e.kind != ArraySymbol || c.errs > 0 {
		return
	}
	index := c.value(s.index)
	v := c.value(c.args[s.arg])
	c.emit(isa.ST, operand{}, value(int32(c.arrays[e.val].size)), index, v)
	c.arrayRefs = append(c.arrayRefs, ref{len(c.code) - 4, e.val})
}
