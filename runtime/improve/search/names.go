package search

import (
	"strings"

	"gvpie/runtime/improve/solver"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// definition is what gives a name its value.
type definition struct {
	count int   // of statements that do
	stmt  int32 // the last one
	size  int
	meant *solver.Expr // what it gave; nil: not known
}

// tally counts where names are read and given values.
func (r *reading) tally() {
	r.readsOf = map[string]int{}
	for i := range r.t.Stmts {
		s := &r.t.Stmts[i]
		name := func() string { return r.t.Text(s.Name, s.NameEnd) }
		switch {
		case s.Kind == syntax.SetStmt && s.Index != syntax.None, s.Kind == syntax.ForStmt:
			r.define(name()).count += 2
		case s.Kind == syntax.SetStmt:
			r.define(name()).count++
		case s.Kind == syntax.DefStmt, s.Kind == syntax.LocalStmt:
			for _, p := range r.t.Parts[s.Part:s.PartEnd] {
				r.define(r.t.Text(p.Pos, p.End)).count += 2
			}
		}
		for _, root := range r.all(s) {
			r.reads(root, r.readsOf)
		}
	}
}

// all gives the expressions of a statement, those of directives too.
func (r *tree) all(s *syntax.Stmt) []int32 {
	if s.Declares() {
		return r.t.Args[s.Arg:s.ArgEnd]
	}
	return r.roots(s)
}

func (r *reading) define(n string) *definition {
	d := r.defs[n]
	if d == nil {
		d = &definition{}
		r.defs[n] = d
	}
	return d
}

// reads counts the names that an expression of the tree reads.
func (r *tree) reads(n int32, count map[string]int) {
	r.walk(n, func(_ int32, x *syntax.Expr) {
		switch x.Kind {
		case syntax.NameExpr:
			count[r.t.Text(x.Pos, x.End)]++
		case syntax.SizeExpr, syntax.IndexExpr:
			count[r.t.Text(x.Pos, x.NameEnd)] += 2
		}
	})
}

// removable says that a SET stands on a line of its own, and not as the statement of an
// IF.
func (r *tree) removable(i int32) bool {
	s := &r.t.Stmts[i]
	if s.Chained || i > 0 && (r.t.Stmts[i-1].Chained || r.t.Stmts[i-1].Inline) {
		return false
	}
	src := r.f.Source()
	from, to := r.line(i)
	a, b := r.f.Offset(s.Pos), r.f.Offset(s.End)
	rest := strings.TrimSpace(src[b:to])
	return strings.TrimSpace(src[from:a]) == "" && (rest == "" || rest[0] == ';')
}

// line is the line of a statement, with its end.
func (r *tree) line(i int32) (from, to int) {
	src := r.f.Source()
	s := &r.t.Stmts[i]
	from = strings.LastIndexByte(src[:r.f.Offset(s.Pos)], '\n') + 1
	to = r.f.Offset(s.End)
	if n := strings.IndexByte(src[to:], '\n'); n >= 0 {
		return from, to + n + 1
	}
	return from, len(src)
}

// removal takes a statement out; a comment behind it stays.
func (r *tree) removal(i int32) edit {
	from, to := r.line(i)
	s := &r.t.Stmts[i]
	if rest := strings.TrimSpace(r.f.Source()[r.f.Offset(s.End):to]); rest != "" {
		return edit{r.f.Offset(s.Pos), r.f.Offset(s.End), ""}
	}
	return edit{from, to, ""}
}

// mayFault says that an expression may end the program.
func mayFault(e *solver.Expr) bool {
	if e.Kind == solver.Apply && (e.Op == isa.DIV || e.Op == isa.MOD || e.Op == isa.FDIV) && (e.Args[1].Kind != solver.Number || e.Args[1].Val == 0) {
		return true
	}
	for _, a := range e.Args {
		if mayFault(a) {
			return true
		}
	}
	return false
}
