package check

import (
	"strings"

	"gvpie/runtime/pxl/syntax"
)

// usage is how a procedure is called.
func (s *Scope) usage(proc int32) string { return s.Procs[proc].Usage() }

// Usage is how the procedure is called.
func (p *Proc) Usage() string {
	var names []string
	for _, l := range p.Locals[:p.Params] {
		names = append(names, l.Name)
	}
	return p.Name + "(" + strings.Join(names, ", ") + ")"
}

// callFix is the fix that makes a call of a procedure's bare name, of one without
// parameters.
func (c *checker) callFix(n *syntax.Expr, proc int32) *syntax.Fix {
	if c.Procs[proc].Params > 0 {
		return nil
	}
	return c.Replacing(n.Pos, n.End, c.usage(proc))
}

// otherBody reports a name that is a parameter or local of another procedure.
func (c *checker) otherBody(n *syntax.Expr, name string) bool {
	for i := range c.Procs {
		p := &c.Procs[i]
		if k := p.local(name); k != syntax.None {
			c.Errorf(syntax.CodeUnknownName, n.Pos, n.End, "%s is known in %s alone, from %s", syntax.Quoted(name), syntax.Quoted(p.Name), c.Files.Where(p.Locals[k].Pos, n.Pos))
			return true
		}
	}
	return false
}

// resolveCall finds the procedure of a call, and holds its arguments to the parameters.
func (c *checker) resolveCall(n *syntax.Expr, s *syntax.Stmt) {
	call := &c.Calls[n.Val]
	name := c.Text(n.Pos, call.NameEnd)
	e, ok := c.Lookup(name, s.Def)
	switch {
	case !ok:
		n.Kind = syntax.BadExpr
		c.unknown(syntax.CodeUnknownFunction, n.Pos, call.NameEnd, name, c.procNames, "no procedure "+syntax.Quoted(name))
		return
	case e.Kind != ProcSymbol:
		n.Kind = syntax.BadExpr
		c.Errorf(syntax.CodeUnknownFunction, n.Pos, call.NameEnd, "%s is the %s of %s here, not a procedure", syntax.Quoted(name), kindNames[e.Kind], c.Files.Where(e.Pos, n.Pos))
		return
	}
	p := &c.Procs[e.Val]
	call.Proc = e.Val
	have := int(call.ArgEnd - call.Arg)
	if have == p.Params {
		return
	}
	n.Kind = syntax.BadExpr
	takes := "takes no values"
	if p.Params > 0 {
		takes = "takes " + syntax.Plural(p.Params, "value") + ", " + c.usage(e.Val)
	}
	var fix *syntax.Fix
	if args := c.Actuals[call.Arg:call.ArgEnd]; call.Spaced && p.Params > 0 && have == p.Params+1 {
		// mark x - 1 is two operands where one is meant.
		last := c.Exprs[args[have-1]].Pos
		if text := c.Text(last, last+2); text == "- " {
			from, end := c.Exprs[args[have-2]].Pos, c.Exprs[args[have-1]].End
			fix = c.Replacing(from, end, "("+c.Text(from, end)+")")
		}
	}
	if have == 0 {
		c.Report(syntax.Error, syntax.CodeArguments, n.Pos, n.End, fix, "%s %s, and here are none", syntax.Quoted(name), takes)
		return
	}
	c.Report(syntax.Error, syntax.CodeArguments, n.Pos, n.End, fix, "%s %s, and here are %d", syntax.Quoted(name), takes, have)
}

// procNames lists the procedures.
func (c *checker) procNames() []string {
	var out []string
	for _, p := range c.Procs {
		out = append(out, p.Name)
	}
	return out
}

// assignsProcedure reports a procedure that is given a value; in its own body it is its
// value that is meant.
func (c *checker) assignsProcedure(s *syntax.Stmt, proc int32) {
	p := &c.Procs[proc]
	if s.Def != p.Def || s.Kind != syntax.SetStmt || s.Arg == s.ArgEnd {
		c.Errorf(syntax.CodeNotAssignable, s.Name, s.NameEnd, "%s is the procedure of %s and cannot be given a value", syntax.Quoted(p.Name), c.Files.Where(p.Pos, s.Name))
		return
	}
	value := c.Exprs[c.Args[s.Arg]].Pos
	for value > s.NameEnd && c.Text(value-1, value) == "(" {
		value--
	}
	fix := c.Replacing(s.Pos, value, "RETURN ")
	if c.Mended(s) || s.Failed {
		fix = nil
	}
	c.Report(syntax.Error, syntax.CodeNotAssignable, s.Name, s.NameEnd, fix, "a procedure gives its value with RETURN")
}
