package search

import (
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// words gives all names that a program has, whatever for.
func (r *tree) words() map[string]bool {
	out := map[string]bool{}
	add := func(from, to syntax.Pos) { out[r.t.Text(from, to)] = true }
	for i := range r.t.Stmts {
		s := &r.t.Stmts[i]
		if s.NameEnd > s.Name {
			add(s.Name, s.NameEnd)
		}
		for _, p := range r.t.Parts[s.Part:s.PartEnd] {
			if s.Kind == syntax.DefStmt || s.Kind == syntax.LocalStmt {
				add(p.Pos, p.End)
			}
		}
		for _, root := range r.all(s) {
			r.walk(root, func(_ int32, x *syntax.Expr) {
				switch x.Kind {
				case syntax.NameExpr:
					add(x.Pos, x.End)
				case syntax.IndexExpr, syntax.SizeExpr:
					add(x.Pos, x.NameEnd)
				case syntax.ProcExpr:
					add(x.Pos, r.t.Calls[x.Val].NameEnd)
				}
			})
		}
	}
	return out
}

// own says that the statement i, and what belongs to it, does nothing but give values to
// names that only this program has, and gives the statement behind; i: it does more.
func (r *tree) own(i int32, own func(string) bool) int32 {
	s := &r.t.Stmts[i]
	for _, root := range r.roots(s) {
		if !r.harmless(root) {
			return i
		}
	}
	switch s.Kind {
	case syntax.SetStmt:
		if s.Index == syntax.None && own(r.t.Text(s.Name, s.NameEnd)) {
			return i + 1
		}
	case syntax.IfStmt:
		end := r.behind(i)
		for k := i + 1; k < end; k++ {
			switch r.t.Stmts[k].Kind {
			case syntax.ElseStmt, syntax.EndStmt:
			case syntax.ElseIfStmt:
				if !r.harmless(r.t.Args[r.t.Stmts[k].Arg]) {
					return i
				}
			case syntax.SetStmt:
				if r.own(k, own) == k {
					return i
				}
			default:
				return i
			}
		}
		return end
	}
	return i
}

// behind is the statement behind an IF and its ELSEs.
func (r *tree) behind(i int32) int32 {
	s := &r.t.Stmts[i]
	if s.Inline {
		end := i + 2
		for ; r.t.Stmts[end-1].Chained; end++ {
		}
		return end
	}
	for at := s.Match; ; at = r.t.Stmts[at].Match {
		if r.t.Stmts[at].Kind == syntax.EndStmt {
			return at + 1
		}
	}
}

// skips says that parts of an expression are not always computed.
func (r *tree) skips(n int32) (found bool) {
	r.walk(n, func(_ int32, x *syntax.Expr) {
		found = found || x.Kind == syntax.AndExpr || x.Kind == syntax.OrExpr
	})
	return found
}

// text is an expression as it is written, but for the parentheses at its ends.
func (r *tree) text(n int32) string {
	x := &r.t.Exprs[n]
	return r.t.Text(x.Pos, x.End)
}

// harmless says that an expression changes nothing and never faults.
func (r *tree) harmless(n int32) bool {
	ok := true
	r.walk(n, func(_ int32, x *syntax.Expr) {
		switch x.Kind {
		case syntax.NumExpr, syntax.NameExpr, syntax.UnaryExpr, syntax.AndExpr, syntax.OrExpr, syntax.SizeExpr:
		case syntax.BinaryExpr:
			if x.Op == isa.DIV || x.Op == isa.MOD {
				y := &r.t.Exprs[x.B]
				ok = ok && y.Kind == syntax.NumExpr && y.Val != 0
			}
		case syntax.CallExpr:
			op := syntax.Functions[x.Val].Op
			_, _, alu := isa.Alu(op, 1, 1, 1)
			ok = ok && (alu && op != isa.FDIV || op == isa.PEEK || op == isa.KEY || op == isa.KEYP)
		default:
			ok = false
		}
	})
	return ok
}

// verbatim is a directive as it is written, but for spaces.
func (r *tree) verbatim(s *syntax.Stmt) string {
	text := strings.Join(strings.Fields(r.t.Text(s.Pos, s.End)), " ")
	for _, p := range r.t.Parts[s.Part:s.PartEnd] {
		text += "\n" + r.t.Text(p.Pos, p.End)
	}
	return text
}
