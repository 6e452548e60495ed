package check

import (
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// Resolve gives every name in the statements its meaning and folds what is
// known, from the left: operands stand before their operators. It reports what
// may not stand where it does.
func Resolve(t *syntax.Tree, s *Scope, r *syntax.Reporter) {
	c := checker{t, r, s}
	c.resolve()
}

func (c *checker) resolve() {
	var zero []int32 // the expressions of a statement that divide by zero
	for i := range c.Stmts {
		s := &c.Stmts[i]
		if s.Declares() || s.Kind == syntax.LocalStmt || s.Kind == syntax.BadStmt || s.Failed {
			continue
		}
		zero = zero[:0]
		for k := s.Expr; k < s.ExprEnd; k++ {
			n := &c.Exprs[k]
			switch n.Kind {
			case syntax.NameExpr:
				c.resolveName(n, s)
			case syntax.IndexExpr:
				c.resolveIndex(n, s, lists{c}.part(s, k))
			case syntax.ProcExpr:
				c.resolveCall(n, s)
			case syntax.SizeExpr:
				lists{c}.size(n, s.Def)
			case syntax.CallExpr:
				if !MayCall(n.Op, s.InEach) {
					c.Errorf(syntax.CodeNotInEach, n.Pos, n.End, "rnd cannot be called inside EACH: the texels run in no order; draw the number outside, into a name or an array")
					n.Kind = syntax.BadExpr
					continue
				}
				if !MayCall(n.Op, true) {
					c.coreOnly(s, n.Pos, c.Text(n.Pos, n.Pos+3))
				}
				c.fold(n)
				if n.Kind == syntax.CallExpr && n.Op == isa.FDIV && c.IsZero(n.B) {
					zero = append(zero, k)
				}
			case syntax.AndExpr, syntax.OrExpr:
				if left := &c.Exprs[n.A]; left.Kind == syntax.NumExpr && (left.Val != 0) == (n.Kind == syntax.OrExpr) {
					// What decides already stands: the other side is never looked at.
					zero = slices.DeleteFunc(zero, func(i int32) bool { return i > n.A && i <= n.B })
				}
				c.fold(n)
			default:
				c.fold(n)
				if n.Kind == syntax.BinaryExpr && (n.Op == isa.DIV || n.Op == isa.MOD) && c.IsZero(n.B) {
					zero = append(zero, k)
				}
			}
		}
		for _, k := range zero {
			n := &c.Exprs[k]
			c.Warnf(syntax.CodeDivByZero, n.Pos, n.End, "this divides by zero: the program ends here with div_by_zero")
		}
		c.checkStatement(s)
	}
	c.callGraph()
}

// checkStatement reports a statement that may not stand where it does, and what
// is odd about its operands.
func (c *checker) checkStatement(s *syntax.Stmt) {
	switch s.Kind {
	case syntax.SetStmt:
		if s.Index == syntax.None {
			return
		}
		name := c.Text(s.Name, s.NameEnd)
		if s.InEach {
			c.Errorf(syntax.CodeNotInEach, s.Name, s.End, "arrays cannot be written inside EACH: a texel writes itself alone, with PUT")
			return
		}
		c.indexed(name, s, s.Name, s.NameEnd, s.Index, s.Index2, true)
		c.coreOnly(s, s.Name, "an array is written")
	case syntax.LabelStmt:
		c.coreOnly(s, s.Pos, "the label "+syntax.Quoted(c.Text(s.Name, s.NameEnd)))
	case syntax.ForStmt:
		if s.ArgEnd-s.Arg == 3 {
			if n := &c.Exprs[c.Args[s.Arg+2]]; n.Kind == syntax.NumExpr && n.Val == 0 {
				c.Warnf(syntax.CodeZeroStep, n.Pos, n.End, "with a step of 0 this loop never ends")
			}
		}
	case syntax.OpStmt:
		c.checkOp(s)
	}
}

func (c *checker) checkOp(s *syntax.Stmt) {
	spec := isa.Table[s.Op]
	if s.Def != syntax.None && !s.InEach {
		if s.Op == isa.PUT {
			c.texelOnly(s, s.Pos, spec.Mnemonic)
		} else if !MayStand(spec, true) {
			c.coreOnly(s, s.Pos, spec.Mnemonic)
		}
	}
	switch {
	case MayStand(spec, s.InEach), s.Op == isa.PUT && s.Def != syntax.None:
	case s.InEach:
		c.Errorf(syntax.CodeNotInEach, s.Pos, s.End, "%s cannot stand inside EACH: %s", spec.Mnemonic, notInEach(spec))
	default:
		c.Errorf(syntax.CodeOnlyInEach, s.Pos, s.End, "PUT colours the texel of an EACH block, and no EACH is open here; PLOT x y color colours any texel")
	}
	if s.Op == isa.SPR {
		c.drawn(s)
	}
	if s.NameEnd > s.Name && (s.Op == isa.JMP || s.Op == isa.CALL) {
		name := c.Text(s.Name, s.NameEnd)
		if _, ok := c.Label(name, s.Def); !ok {
			c.unknownLabel(s, name)
		}
	}
}

// MayStand says whether a statement may stand inside EACH, or outside.
func MayStand(s *isa.Spec, inEach bool) bool {
	if inEach {
		return s.InEach && s.Op != isa.JMP
	}
	return s.Op != isa.PUT
}

// MayCall says whether a function may be called inside EACH, or outside.
func MayCall(op isa.Op, inEach bool) bool { return !inEach || op != isa.RND }

// Folds says whether a function's value is known when its arguments are.
func Folds(op isa.Op) bool {
	_, _, ok := isa.Alu(op, 0, 0, 0)
	return ok
}

func notInEach(spec *isa.Spec) string {
	switch {
	case spec.Group == isa.GroupDraw:
		return "a texel draws itself alone, with PUT"
	case spec.Op == isa.JMP || spec.Op == isa.CALL || spec.Op == isa.RET:
		return "use IF, WHILE, FOR, BREAK and CONTINUE"
	case spec.Op == isa.EACH:
		return "a texel has no texels of its own"
	}
	return "the texels run in no order"
}

func (c *checker) resolveName(n *syntax.Expr, s *syntax.Stmt) {
	name := c.Text(n.Pos, n.End)
	if e, ok := c.Lookup(name, s.Def); ok {
		switch e.Kind {
		case ProcSymbol:
			c.Report(syntax.Error, syntax.CodeUnknownName, n.Pos, n.End, c.callFix(n, e.Val), "%s is a procedure: its value is that of a call, %s", syntax.Quoted(name), c.usage(e.Val))
			n.Kind = syntax.BadExpr
		case VarSymbol:
			n.Kind, n.Val = syntax.VarExpr, e.Val
		case ConstSymbol:
			n.Kind, n.Val = syntax.NumExpr, e.Val
		case SpriteSymbol:
			c.noValue(n, name)
		case TextSymbol:
			c.Errorf(syntax.CodeNeedsIndex, n.Pos, n.End, "%s is a table of texts: write {%s[i]} in a TXT or LOG", syntax.Quoted(name), name)
			n.Kind = syntax.BadExpr
		default:
			c.Errorf(syntax.CodeNeedsIndex, n.Pos, n.End, "%s is %s: say which word, %s[i]", syntax.Quoted(name), article(e.Kind), name)
			n.Kind = syntax.BadExpr
		}
		return
	}
	if b, ok := syntax.LookupBuiltin(name); ok {
		switch {
		case b.Kind == syntax.ColorName:
			n.Kind, n.Val = syntax.NumExpr, b.Value
			return
		case b.Value < 0 && s.Def != syntax.None && !s.InEach:
			c.texelOnly(s, n.Pos, name)
		case b.Value < 0 && (!s.InEach || s.Op == isa.EACH && s.Kind == syntax.OpStmt):
			c.Errorf(syntax.CodeOnlyInEach, n.Pos, n.End, "%s is the place of a texel inside an EACH block, and no EACH is open here", name)
			n.Kind = syntax.BadExpr
			return
		}
		n.Kind, n.Val = syntax.VarExpr, b.Value
		return
	}
	if which, ok := syntax.LookupInput(name); ok {
		n.Kind, n.Val = syntax.InputExpr, which
		return
	}
	n.Kind = syntax.BadExpr
	if c.hint(n, s, name) {
		return
	}
	if _, ok := c.Label(name, s.Def); ok {
		c.Errorf(syntax.CodeUnknownName, n.Pos, n.End, "%s is a label, not a value", syntax.Quoted(name))
		return
	}
	if _, ok := syntax.LookupVerb(name); ok {
		c.Errorf(syntax.CodeUnknownName, n.Pos, n.End, "a value is missing here: %s is a statement, and no SET or FOR gives a name %s a value", syntax.Quoted(name), syntax.Quoted(name))
		return
	}
	if c.otherBody(n, name) {
		return
	}
	c.unknown(syntax.CodeUnknownName, n.Pos, n.End, name, func() []string { return c.visible(s) }, "nothing gives "+syntax.Quoted(name)+" a value, and it is no constant, table, array or colour")
}

// visible lists every name a value may have in a statement.
func (c *checker) visible(s *syntax.Stmt) []string {
	var out []string
	for name := range c.Names {
		out = append(out, name)
	}
	if p := c.Proc(s.Def); p != nil {
		for _, l := range p.Locals {
			out = append(out, l.Name)
		}
	}
	slices.Sort(out) // so that of two equally near names it is always the same one
	for _, n := range syntax.ReadOnlyNames {
		out = append(out, n.Name)
	}
	for _, n := range syntax.Colors {
		out = append(out, n.Name)
	}
	return out
}

// indexable lists the arrays and tables.
func (c *checker) indexable() []string {
	var out []string
	for _, a := range c.Arrays {
		out = append(out, a.Name)
	}
	for _, t := range c.Tables {
		out = append(out, t.Name)
	}
	for _, t := range c.Texts {
		out = append(out, t.Name)
	}
	return out
}

// unknownLabel reports a label that a JMP or CALL cannot reach.
func (c *checker) unknownLabel(s *syntax.Stmt, name string) {
	if e, ok := c.Names[name]; ok && e.Kind == ProcSymbol {
		fix := c.Replacing(s.Pos, s.End, name)
		c.Report(syntax.Error, syntax.CodeUnknownLabel, s.Name, s.NameEnd, fix, "%s is a procedure, which is called by its name alone: %s", syntax.Quoted(name), c.usage(e.Val))
		return
	}
	for _, l := range c.LabelList {
		if l.Name == name {
			where := "outside the DEF"
			if p := c.Proc(l.Def); p != nil {
				where = "in the DEF of " + syntax.Quoted(p.Name)
			}
			c.Errorf(syntax.CodeUnknownLabel, s.Name, s.NameEnd, "the label %s stands %s, on %s: a jump does not leave or enter a body", syntax.Quoted(name), where, c.Files.Where(l.Pos, s.Pos))
			return
		}
	}
	names := func() []string {
		var out []string
		for _, l := range c.LabelList {
			if l.Def == s.Def {
				out = append(out, l.Name)
			}
		}
		return out
	}
	c.unknown(syntax.CodeUnknownLabel, s.Name, s.NameEnd, name, names, "no label "+syntax.Quoted(name))
}

// maxCandidates bounds what a suggestion may cost.
const maxCandidates = 5000

// unknown reports a name that means nothing, with the nearest of the candidates.
func (c *checker) unknown(code string, from, end syntax.Pos, name string, candidates func() []string, message string) {
	if c.Incomplete {
		return // it may be of the file that could not be read, which is reported
	}
	if c.Errors() <= syntax.MaxDiagnostics && len(c.Names)+len(c.LabelList) < maxCandidates {
		if near := syntax.Nearest(name, candidates(), false); near != "" {
			c.Report(syntax.Error, code, from, end, c.Replacing(from, end, near), "%s: did you mean %s?", message, syntax.Quoted(near))
			return
		}
	}
	c.Errorf(code, from, end, "%s", message)
}
