package codegen

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

func (g *generator) ifCode(s *syntax.Stmt, i int32) {
	var no []int
	if s.Arg < s.ArgEnd {
		g.branch(g.Args[s.Arg], false, &no)
	}
	if s.Inline {
		g.oneLine = append(g.oneLine, no...)
		return
	}
	g.nest = append(g.nest, openBlock{stmt: i, next: no})
}

func (g *generator) elseCode(s *syntax.Stmt) {
	b := g.innermost()
	if b == nil {
		return
	}
	b.exits = append(b.exits, g.jump(isa.JMP))
	g.land(b.next)
	var no []int
	if s.Kind == syntax.ElseIfStmt && s.Arg < s.ArgEnd {
		g.branch(g.Args[s.Arg], false, &no)
	}
	g.innermost().next = no // a call in the condition may have opened blocks of its own
}

func (g *generator) whileCode(s *syntax.Stmt, i int32) {
	b := openBlock{stmt: i, start: len(g.code)}
	if s.Arg < s.ArgEnd {
		g.branch(g.Args[s.Arg], false, &b.exits)
	}
	g.nest = append(g.nest, b)
}

// forCode evaluates limit and step, which are kept in hidden words, then gives
// the name its first value.
func (g *generator) forCode(s *syntax.Stmt, i int32) {
	b := openBlock{stmt: i, step: value(1)}
	e, ok := g.Lookup(g.Text(s.Name, s.NameEnd), s.Def)
	if ok && e.Kind == check.VarSymbol && s.ArgEnd-s.Arg >= 2 {
		args := g.Args[s.Arg:s.ArgEnd]
		limit := g.loopValue(args[1], &b)
		if len(args) == 3 {
			b.step = g.loopValue(args[2], &b)
		}
		b.i = g.word(e.Val)
		g.into(args[0], b.i, false)
		b.start = len(g.code)
		b.exits = append(b.exits, g.jump(isa.LOOP, operand{b.i, true}, limit, b.step))
	}
	g.nest = append(g.nest, b)
}

// loopValue keeps the value of expression n for a whole loop: as it is when nothing
// can change it, else in a word of its own.
func (g *generator) loopValue(n int32, b *openBlock) operand {
	switch x := &g.Exprs[n]; {
	case x.Kind == syntax.NumExpr:
		return value(x.Val)
	case x.Kind == syntax.VarExpr && (x.Val == isa.SysW || x.Val == isa.SysH || x.Val == isa.SysSeed):
		return g.value(n)
	}
	var w uint32
	if g.each != nil {
		w = g.each.reserve()
		b.reserved++
	} else {
		w = g.hiddenWord()
	}
	g.into(n, w, true)
	return operand{w, true}
}

func (g *generator) leaveCode(s *syntax.Stmt) {
	for i := len(g.nest) - 1; i >= 0; i-- {
		b := &g.nest[i]
		kind := g.Stmts[b.stmt].Kind
		if kind != syntax.ForStmt && kind != syntax.WhileStmt {
			continue
		}
		at := g.jump(isa.JMP)
		switch {
		case s.Kind == syntax.BreakStmt:
			b.exits = append(b.exits, at)
		case kind == syntax.WhileStmt:
			g.code[at] = uint32(b.start)
		default:
			b.next = append(b.next, at)
		}
		return
	}
}

func (g *generator) endCode() {
	b := g.innermost()
	if b == nil {
		return
	}
	switch s := &g.Stmts[b.stmt]; s.Kind {
	case syntax.WhileStmt:
		g.code[g.jump(isa.JMP)] = uint32(b.start)
	case syntax.ForStmt:
		g.land(b.next)
		g.emit(isa.ADD, operand{word: b.i}, operand{b.i, true}, b.step)
		g.code[g.jump(isa.JMP)] = uint32(b.start)
		if g.each != nil {
			g.each.release(b.reserved)
		}
	case syntax.IfStmt:
		g.land(b.next)
	case syntax.DefStmt:
		g.endDef()
	default:
		if g.each != nil && g.each.most > isa.MaxLanes {
			g.Errorf(syntax.CodeEachTooBig, s.Pos, s.End, "this EACH uses %d names and intermediate values; a texel has room for %d", g.each.most-2, isa.MaxLanes-2)
		}
		g.each = nil
	}
	g.land(b.exits)
	g.nest = g.nest[:len(g.nest)-1]
}

func (g *generator) innermost() *openBlock {
	if n := len(g.nest); n > 0 {
		return &g.nest[n-1]
	}
	return nil
}
