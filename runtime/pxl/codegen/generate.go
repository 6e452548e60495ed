package codegen

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// generator makes the words of the program. Addresses that are not known yet are
// patched: those of labels and arrays at the end, those of a block when it is
// closed.
type generator struct {
	effects
	*syntax.Reporter

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
	current int32 // the statement that is being made code
	from    int   // where its code begins, or goes on behind that of a call

	act     *activation  // of the procedure whose body this is; nil outside
	acts    []activation // by number in Procs
	inline  *inlined     // the call in a block whose body this is, or nil
	inlines int          // so many were made
	result  uint32       // the word that a RETURN gives its value
	circle  bool         // a procedure can call itself
	save    int          // where the activations of those that do are kept: see placeActivations
	stride  int

	labelAddrs           []int // program addresses, by number in LabelList
	arrayBases           []int // data indices, by number in Arrays
	tableBases           []int // program addresses, by number in Tables
	textBases            []int // likewise, in Texts
	spriteBases          []int // likewise, in Sprites
	labelRefs            []ref
	callRefs             []ref // of the bodies of procedures
	arrayRefs, tableRefs []ref
	spriteRefs, textRefs []ref
	moves                bool // there is a CAMERA: what it does not move has to say so
}

// ref is a word of the program that waits for an address.
type ref struct {
	at     int
	target int32
}

// openBlock is what END has to know of the block it closes.
type openBlock struct {
	stmt     int32
	start    int   // where the next turn of a loop begins
	next     []int // jumps to the next part of an IF, or to a FOR's step
	exits    []int // jumps past the END
	i        uint32
	step     operand
	reserved int // lanes of a FOR inside EACH
}

// operand is an operand texel and its mask bit.
type operand struct {
	word uint32
	ref  bool
}

func value(v int32) operand { return operand{word: uint32(v)} }

func (g *generator) generate(sourceBytes int) {
	g.code = make([]uint32, isa.HeaderWords, isa.HeaderWords+sourceBytes/2+16)
	g.labelAddrs = make([]int, len(g.LabelList))
	for i := range g.labelAddrs {
		g.labelAddrs[i] = int(syntax.None)
	}
	g.arrayBases = make([]int, len(g.Arrays))
	g.tableBases = make([]int, len(g.Tables))
	g.textBases = make([]int, len(g.Texts))
	g.spriteBases = make([]int, len(g.Sprites))
	for i := range g.Stmts {
		s := &g.Stmts[i]
		g.moves = g.moves || s.Kind == syntax.OpStmt && s.Op == isa.CAMERA
	}
	g.beginProcedures()
	for i := int32(0); i < int32(len(g.Stmts)) && !g.full; i++ {
		if s := &g.Stmts[i]; s.Kind == syntax.DefStmt && !g.hasBody(i) {
			i = g.endOf(i)
			continue
		}
		g.statementCode(i)
	}
	g.codeEnd = len(g.code)
	g.layOut()
}

// layOut puts tables and sprites behind the code and arrays behind the hidden words, and
// patches every address that waited for them.
func (g *generator) layOut() {
	for i, t := range g.Tables {
		g.tableBases[i] = len(g.code)
		if len(g.code)+t.Size > isa.MaxProgramWords {
			g.programFull(t.Pos, t.Pos+syntax.Pos(len(t.Name)))
			break
		}
		for _, v := range t.Values {
			g.code = append(g.code, uint32(v))
		}
	}
	for i, s := range g.Sprites {
		g.spriteBases[i] = len(g.code)
		if len(g.code)+len(s.Texels) > isa.MaxProgramWords {
			g.programFull(s.Pos, s.Pos+syntax.Pos(len(s.Name)))
			break
		}
		g.code = append(g.code, s.Texels...)
	}
	textWriter{g}.layOutTexts()
	data := isa.SysWords + len(g.Vars) + g.hidden
	// Every variable costs words of program to set, so that the program page is
	// full long before variables alone could fill the data page.
	for i, a := range g.Arrays {
		g.arrayBases[i] = data
		if data <= isa.MaxDataWords && data+a.Size > isa.MaxDataWords {
			g.Errorf(syntax.CodeDataFull, a.Pos, a.Pos+syntax.Pos(len(a.Name)), "the data page is full: it holds %d words, %d of them are left for this array of %d", isa.MaxDataWords, isa.MaxDataWords-data, a.Size)
		}
		data += a.Size
	}
	data = g.placeActivations(data)
	patch := func(refs []ref, addrs []int) {
		for _, r := range refs {
			g.code[r.at] = uint32(addrs[r.target])
		}
	}
	patch(g.arrayRefs, g.arrayBases)
	patch(g.tableRefs, g.tableBases)
	patch(g.spriteRefs, g.spriteBases)
	patch(g.textRefs, g.textBases)
	patch(g.labelRefs, g.labelAddrs)
	if g.Errors() == 0 {
		h := isa.NewHeader(isa.Header{W: int(g.W), H: int(g.H), Pixel: g.Pixel, DataWords: data, CodeEnd: g.codeEnd})
		copy(g.code, h[:])
	}
}

func (g *generator) programFull(from, end syntax.Pos) {
	if !g.full {
		g.Errorf(syntax.CodeProgramFull, from, end, "the program page is full here: it holds %d words of code, text, tables and sprites", isa.MaxProgramWords)
	}
	g.full = true
}

func (g *generator) statementCode(i int32) {
	s := &g.Stmts[i]
	g.current, g.from = i, len(g.code)
	g.top = 0
	if s.Failed && s.Kind == syntax.OpStmt && s.Op != isa.EACH || s.Failed && s.Kind == syntax.SetStmt {
		return
	}
	switch s.Kind {
	case syntax.LabelStmt:
		if k, ok := g.Label(g.Text(s.Name, s.NameEnd), s.Def); ok && g.LabelList[k].Pos == s.Name {
			g.labelAddrs[k] = len(g.code)
		}
		return
	case syntax.OpStmt:
		g.opCode(s, i)
	case syntax.SetStmt:
		g.setCode(s)
	case syntax.IfStmt:
		g.ifCode(s, i)
	case syntax.ElseIfStmt, syntax.ElseStmt:
		g.elseCode(s)
	case syntax.WhileStmt:
		g.whileCode(s, i)
	case syntax.ForStmt:
		g.forCode(s, i)
	case syntax.BreakStmt, syntax.ContinueStmt:
		g.leaveCode(s)
	case syntax.EndStmt:
		g.endCode()
	case syntax.DefStmt:
		g.defCode(i)
	case syntax.CallStmt:
		if s.Arg < s.ArgEnd && g.Exprs[g.Args[s.Arg]].Kind == syntax.ProcExpr {
			g.call(g.Args[s.Arg], nil, false)
		}
	case syntax.ReturnStmt:
		g.returnCode(s)
	default:
		return
	}
	if !s.Chained && (!s.Inline || s.Kind != syntax.IfStmt) {
		for _, at := range g.oneLine {
			g.code[at] = uint32(len(g.code))
		}
		g.oneLine = g.oneLine[:0]
	}
	if len(g.code) > isa.MaxProgramWords {
		g.programFull(s.Pos, s.End)
	}
	g.mapCode()
}

// mapCode notes what the code since g.from came from.
func (g *generator) mapCode() {
	at := g.from
	if len(g.code) == at {
		return
	}
	if n := len(g.entries); n == 0 || g.entries[n-1].addr != at {
		g.entries = append(g.entries, mapEntry{addr: at})
	}
	s := &g.Stmts[g.current]
	last := &g.entries[len(g.entries)-1]
	last.from, last.end = s.Pos, s.End
}

// emit appends an instruction. ins may be read as data words, outs and addresses
// may not: the caller gives them as plain values.
func (g *generator) emit(op isa.Op, args ...operand) {
	mask := uint8(0)
	for i, a := range args {
		if a.ref {
			mask |= 1 << i
		}
	}
	g.code = append(g.code, isa.InstrHeader(op, len(args), mask))
	for _, a := range args {
		g.code = append(g.code, a.word)
	}
}

// jump emits an instruction whose last operand is an address, and gives where
// to patch it.
func (g *generator) jump(op isa.Op, args ...operand) int {
	g.emit(op, append(args, operand{})...)
	return len(g.code) - 1
}

// land makes jumps lead to the next instruction.
func (g *generator) land(jumps []int) {
	for _, at := range jumps {
		g.code[at] = uint32(len(g.code))
	}
}

func (g *generator) opCode(s *syntax.Stmt, i int32) {
	switch s.Op {
	case isa.EACH:
		g.eachCode(s, i)
		return
	case isa.JMP, isa.CALL:
		if k, ok := g.Label(g.Text(s.Name, s.NameEnd), s.Def); ok {
			g.labelRefs = append(g.labelRefs, ref{g.jump(s.Op), k})
		}
		return
	}
	var buf [8]operand
	last := syntax.None // the operand that is evaluated last
	if s.Arg < s.ArgEnd {
		last = g.Args[s.ArgEnd-1]
	}
	for _, p := range g.Parts[s.Part:s.PartEnd] {
		last = max(last, p.Expr)
	}
	args := buf[:0]
	if s.Op == isa.SPR {
		args = g.spriteOperands(s, args, last)
	}
	for _, n := range g.Args[s.Arg:s.ArgEnd] {
		args = append(args, g.before(n, last))
	}
	if isa.Table[s.Op].Tail != isa.TextTail {
		g.emit(s.Op, args...)
		if s.Op == isa.SPR && g.Errors() == 0 {
			at := len(g.code) - len(args)
			g.spriteRefs = append(g.spriteRefs, ref{at, int32(g.code[at])})
		}
		return
	}
	textWriter{g}.textCode(s, args, last)
}

// spriteOperands gives the operands of a SPR up to the frame. Where the sprite is
// follows later.
func (g *generator) spriteOperands(s *syntax.Stmt, args []operand, last int32) []operand {
	e, _ := g.Lookup(g.Text(s.Name, s.NameEnd), s.Def)
	if e.Kind != check.SpriteSymbol {
		return args
	}
	sp := g.Sprites[e.Val]
	frame := value(0)
	if s.Index != syntax.None {
		frame = g.before(s.Index, last)
	}
	return append(args, operand{word: uint32(e.Val)}, value(int32(sp.W|sp.H<<16)), value(int32(sp.Frames)), frame)
}

func (g *generator) setCode(s *syntax.Stmt) {
	if s.Arg == s.ArgEnd {
		return
	}
	e, _ := g.Lookup(g.Text(s.Name, s.NameEnd), s.Def)
	if s.Index == syntax.None {
		if e.Kind == check.VarSymbol && e.Val >= isa.SysWords {
			g.into(g.Args[s.Arg], g.word(e.Val), false)
		}
		return
	}
	if e.Kind != check.ArraySymbol || g.Errors() > 0 {
		return
	}
	a, last := &g.Arrays[e.Val], g.Args[s.Arg]
	load, store, at := isa.LD, isa.ST, []operand{{}, value(int32(a.Size)), g.before(s.Index, last)}
	if s.Index2 != syntax.None {
		load, store, at = isa.LD2, isa.ST2, []operand{{}, value(int32(a.Cols)), value(int32(a.Rows())), at[2], g.before(s.Index2, last)}
	}
	var v operand
	if s.Op == isa.NOP {
		v = g.value(g.Args[s.Arg])
	} else {
		v = operand{g.temp(), true}
		g.emit(load, append([]operand{{word: v.word}}, at...)...)
		g.arrayRefs = append(g.arrayRefs, ref{len(g.code) - len(at), e.Val})
		g.emit(s.Op, operand{word: v.word}, v, g.value(g.Args[s.Arg]))
	}
	g.emit(store, append(at, v)...)
	g.arrayRefs = append(g.arrayRefs, ref{len(g.code) - len(at) - 1, e.Val})
}
