package codegen

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// activation is the words that a procedure's body uses of its own. Until all code is
// made they are named by check.LocalIndex; placeActivations gives them their places.
type activation struct {
	proc  int32
	words int      // parameters and locals, then what the body needs besides
	pool  []uint32 // of temporaries, in the order they were first needed
	entry int      // the address of its body
	end   int      // the address behind it
	base  int      // the first word in the data page
	refs  []int    // where the code holds base, the words, and where they are kept
}

// word takes a word more.
func (a *activation) word() uint32 {
	k := min(a.words, isa.MaxActivation-1) // too many are reported at the END
	a.words++
	return uint32(check.LocalIndex(a.proc, int32(k)))
}

// inlined is a call in a block, whose body stands in the block's code.
type inlined struct {
	proc  int32
	lanes []uint32 // of its parameters and locals
	dst   *uint32  // where its value goes; nil if nobody reads it
	exits []int    // jumps past its end
	last  int32    // its last statement

	scratch bool // dst is a temporary, which nothing of the body reads
}

func (g *generator) beginProcedures() {
	g.acts = make([]activation, len(g.Procs))
	body := false
	for i := range g.acts {
		p := &g.Procs[i]
		g.acts[i] = activation{proc: int32(i), words: len(p.Locals)}
		g.circle = g.circle || p.Body && p.Recursive
		body = body || p.Body
	}
	if body {
		g.result = g.hiddenWord()
	}
}

// defCode begins the body of a procedure, which is passed over from above.
func (g *generator) defCode(i int32) {
	past := g.jump(isa.JMP)
	g.act = &g.acts[g.ProcOf(i)]
	g.act.entry = len(g.code)
	g.nest = append(g.nest, openBlock{stmt: i, exits: []int{past}})
}

// endDef ends the body of a procedure, which returns 0 there.
func (g *generator) endDef() {
	p := &g.Procs[g.act.proc]
	if !g.returnsAt(g.current) {
		g.returnOf(value(0))
	}
	if g.act.words > isa.MaxActivation {
		g.Errorf(syntax.CodeProcedureTooBig, p.Pos, p.End, "%s needs %d parameters, locals and intermediate values; a call has room for %d", syntax.Quoted(p.Name), g.act.words, isa.MaxActivation)
	}
	g.act.end = len(g.code)
	g.act = nil
	for _, b := range g.nest[:len(g.nest)-1] { // a DEF in a DEF is an error, and the outer one goes on
		if g.Stmts[b.stmt].Kind == syntax.DefStmt {
			g.act = &g.acts[g.ProcOf(b.stmt)]
		}
	}
}

func (g *generator) returnCode(s *syntax.Stmt) {
	if b := g.inline; b != nil {
		switch {
		case s.Arg == s.ArgEnd && b.dst != nil:
			g.emit(isa.SET, operand{word: *b.dst}, value(0))
		case s.Arg < s.ArgEnd && b.dst != nil:
			g.into(g.Args[s.Arg], *b.dst, b.scratch)
		case s.Arg < s.ArgEnd:
			g.value(g.Args[s.Arg]) // it may fail
		}
		if g.current != b.last || !g.returnsAt(b.last+1) {
			b.exits = append(b.exits, g.jump(isa.JMP))
		}
		return
	}
	if g.act == nil {
		return
	}
	v := value(0)
	if s.Arg < s.ArgEnd {
		v = g.value(g.Args[s.Arg])
	}
	g.returnOf(v)
}

func (g *generator) returnOf(v operand) {
	g.emit(isa.RETURN, operand{word: g.result}, v, operand{}, operand{}, operand{}, operand{})
	g.act.refs = append(g.act.refs, len(g.code)-4)
}

// call emits a call of a procedure. Outside EACH its value is then in g.result; in a
// block it goes to dst, if that is given; scratch as for into.
func (g *generator) call(n int32, dst *uint32, scratch bool) {
	c := &g.Calls[g.Exprs[n].Val]
	if c.Proc == syntax.None {
		return
	}
	actuals := g.Actuals[c.Arg:c.ArgEnd]
	if g.each != nil {
		g.inlineCall(c.Proc, actuals, dst, scratch)
		return
	}
	top := g.top
	var buf [8]operand
	args := buf[:0]
	for _, a := range actuals {
		args = append(args, g.before(a, actuals[len(actuals)-1]))
	}
	g.emit(isa.INVOKE, operand{}, operand{}, operand{}, operand{}, operand{})
	act := &g.acts[c.Proc]
	act.refs = append(act.refs, len(g.code)-4)
	g.callRefs = append(g.callRefs, ref{len(g.code) - 5, c.Proc})
	g.code = append(g.code, uint32(2*len(args)))
	for _, a := range args {
		by := uint32(0)
		if a.ref {
			by = 1
		}
		g.code = append(g.code, by, a.word)
	}
	g.top = top
}

// inlineCall puts the body of a procedure in the place of its call in a block:
// parameters and locals are lanes, a RETURN is a jump past it.
func (g *generator) inlineCall(proc int32, actuals []int32, dst *uint32, scratch bool) {
	p := &g.Procs[proc]
	if g.inlines++; g.inlines > isa.MaxProgramWords {
		g.programFull(p.Pos, p.End)
	}
	if g.full || p.Recursive { // which was reported
		return
	}
	l, top, current := g.each, g.top, g.current
	before := l.reserved
	l.reserved += top
	b := &inlined{proc: proc, dst: dst, scratch: scratch, last: g.endOf(p.Def) - 1}
	for range p.Locals {
		b.lanes = append(b.lanes, l.reserve())
	}
	g.top = 0
	for i, lane := range b.lanes {
		if i < len(actuals) {
			g.into(actuals[i], lane, true)
		} else {
			g.emit(isa.SET, operand{word: lane}, value(0))
		}
	}
	g.mapCode()
	outer, oneLine := g.inline, g.oneLine
	g.inline, g.oneLine = b, nil
	for i := p.Def + 1; i <= b.last && !g.full; i++ {
		g.statementCode(i)
	}
	if dst != nil && (b.last <= p.Def || !g.returnsAt(b.last+1)) {
		g.from = len(g.code)
		g.emit(isa.SET, operand{word: *dst}, value(0))
		g.mapCode()
	}
	g.land(b.exits)
	g.inline, g.oneLine = outer, oneLine
	g.current, g.from, g.top, l.reserved = current, len(g.code), top, before
}
