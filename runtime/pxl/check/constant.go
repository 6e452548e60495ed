package check

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// constant evaluates operand k of a directive.
func (c *checker) constant(s *syntax.Stmt, k int, sized bool) (int32, bool) {
	if int(s.ArgEnd-s.Arg) <= k {
		return 0, false
	}
	lo := s.Expr
	if k > 0 {
		lo = c.Args[int(s.Arg)+k-1] + 1
	}
	root := c.Args[int(s.Arg)+k]
	for i := lo; i <= root; i++ {
		n := &c.Exprs[i]
		switch n.Kind {
		case syntax.NameExpr:
			c.constantName(s, n, sized)
		case syntax.SizeExpr:
			lists{c}.size(n, s.Def)
		default:
			c.fold(n)
		}
	}
	n := &c.Exprs[root]
	if n.Kind == syntax.NumExpr {
		return n.Val, true
	}
	for i := lo; i <= root; i++ {
		if n := &c.Exprs[i]; n.Kind == syntax.BadExpr {
			return 0, false
		}
	}
	// The innermost part that is not known is the one to show.
	for i := lo; i <= root; i++ {
		n := &c.Exprs[i]
		if n.Kind == syntax.NumExpr {
			continue
		}
		if n.Kind == syntax.BinaryExpr && (n.Op == isa.DIV || n.Op == isa.MOD) && c.Exprs[n.B].Kind == syntax.NumExpr {
			c.Errorf(syntax.CodeDivByZero, n.Pos, n.End, "this divides by zero")
			return 0, false
		}
		c.Errorf(syntax.CodeNotConstant, n.Pos, n.End, "%s is known only when the program runs; a number that is known before is needed here", syntax.Quoted(c.Text(n.Pos, n.End)))
		return 0, false
	}
	return 0, false
}

func (c *checker) constantName(s *syntax.Stmt, n *syntax.Expr, sized bool) {
	name := c.Text(n.Pos, n.End)
	if b, ok := syntax.LookupBuiltin(name); ok {
		switch {
		case b.Kind == syntax.ColorName:
			n.Kind, n.Val = syntax.NumExpr, b.Value
		case b.Value == isa.SysW && sized:
			n.Kind, n.Val = syntax.NumExpr, c.W
		case b.Value == isa.SysH && sized:
			n.Kind, n.Val = syntax.NumExpr, c.H
		case b.Value == isa.SysW || b.Value == isa.SysH:
			c.Errorf(syntax.CodeNotConstant, n.Pos, n.End, "%s is known after the .canvas line: put that first", syntax.Quoted(name))
			n.Kind = syntax.BadExpr
		}
		return
	}
	if e, ok := c.Names[name]; ok && e.Kind == ConstSymbol {
		n.Kind, n.Val = syntax.NumExpr, e.Val
		return
	}
	for i := range c.Stmts {
		if c.Errors() > syntax.MaxDiagnostics {
			break // no one will read it
		}
		d := &c.Stmts[i]
		if d.Kind == syntax.ConstStmt && d.Name > n.Pos && c.Text(d.Name, d.NameEnd) == name {
			c.Errorf(syntax.CodeNotConstant, n.Pos, n.End, "%s is declared later, on %s: put that line first", syntax.Quoted(name), c.Files.Where(d.Pos, n.Pos))
			n.Kind = syntax.BadExpr
			return
		}
	}
	if _, verb := syntax.LookupVerb(name); verb && c.Files.Line(n.Pos) > c.Files.Line(s.Pos) {
		c.Errorf(syntax.CodeNotConstant, n.Pos, n.End, "the list of line %d goes on here, because the line before ends with a comma: leave that out if %s is a statement", c.Files.Line(s.Pos), syntax.Quoted(name))
		n.Kind = syntax.BadExpr
		return
	}
	c.Errorf(syntax.CodeNotConstant, n.Pos, n.End, "%s is no constant; a number that is known before the program runs is needed here", syntax.Quoted(name))
	n.Kind = syntax.BadExpr
}

// fold replaces an expression whose operands are known by its value. A division by
// zero stays: it faults when, and if, it is reached.
func (c *checker) fold(n *syntax.Expr) {
	num := func(i int32) (int32, bool) {
		if i == syntax.None {
			return 0, true
		}
		return c.Exprs[i].Val, c.Exprs[i].Kind == syntax.NumExpr
	}
	switch n.Kind {
	case syntax.UnaryExpr, syntax.BinaryExpr, syntax.CallExpr:
		a, aok := num(n.A)
		b, bok := num(n.B)
		d, dok := num(n.C)
		if n.Kind == syntax.BinaryExpr && bok && b == 0 && (n.Op == isa.DIV || n.Op == isa.MOD) {
			return
		}
		if !aok || !bok || !dok {
			return
		}
		if v, fault, ok := isa.Alu(n.Op, a, b, d); ok && fault == isa.FaultNone {
			n.Kind, n.Val = syntax.NumExpr, v
		}
	case syntax.AndExpr, syntax.OrExpr:
		a, ok := num(n.A)
		if !ok {
			return
		}
		if (a != 0) == (n.Kind == syntax.OrExpr) {
			// What decides already stands; the other side is not looked at.
			n.Val = 0
			if n.Kind == syntax.OrExpr {
				n.Val = 1
			}
			n.Kind = syntax.NumExpr
			return
		}
		b, ok := num(n.B)
		if ok {
			n.Kind, n.Val = syntax.NumExpr, 0
			if b != 0 {
				n.Val = 1
			}
			return
		}
		// 1 && x and 0 || x are whether x is not 0.
		n.Kind, n.Op, n.A, n.B = syntax.BinaryExpr, isa.NE, n.B, syntax.ZeroExpr
	}
}
