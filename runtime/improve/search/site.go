package search

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gvpie/runtime/improve/solver"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// values notes the expressions of a statement as places where others may be put, or has
// them compared.
func (r *reading) values(i int32) {
	s := &r.t.Stmts[i]
	if s.Declares() {
		return
	}
	if r.meet != nil {
		r.meet(i)
		return
	}
	var leaves map[string]*solver.Expr
	for _, root := range r.roots(s) {
		r.walk(root, func(n int32, x *syntax.Expr) {
			if opaque(x) || x.Kind == syntax.ProcExpr || x.Height < 2 {
				return
			}
			e, clean := r.value(n)
			if !clean || e.Kind == solver.Variable || r.folded(n) {
				return
			}
			st := site{stmt: i, expr: n, meant: e, root: n == root, reads: r.names(n), each: r.each, depth: r.depth}
			if s.Kind == syntax.SetStmt && n == root && s.Index == syntax.None && r.t.Exprs[n].Kind == syntax.BinaryExpr && r.t.Exprs[r.t.Exprs[n].A].Pos == s.Name {
				st.from, st.to, st.gives = s.Name, s.End, r.t.Text(s.Name, s.NameEnd)+" = " // x += …
			} else if st.from, st.to = r.extent(x); st.to == 0 {
				return
			}
			if leaves == nil {
				leaves = r.visible()
			}
			st.leaves = leaves
			st.copies = s.Kind == syntax.SetStmt
			st.alone = st.root && len(r.roots(s)) == 1 && len(r.t.Parts[s.Part:s.PartEnd]) == 0
			st.size, st.opaque = r.count(n)
			r.sites = append(r.sites, st)
		})
	}
}

// folded says that an expression is a number before the program runs: it costs nothing.
func (r *tree) folded(n int32) bool {
	for _, name := range r.names(n) {
		if _, ok := r.facts.Value(name); !ok {
			return false
		}
	}
	return !opaque(&r.t.Exprs[n])
}

// visible gives what all names are worth that can be read here.
func (r *reading) visible() map[string]*solver.Expr {
	out := maps.Clone(r.env.set)
	for n, e := range r.env.base {
		if out[n] == nil && n[0] != '(' {
			out[n] = e
		}
	}
	return out
}

// wholeIf notes an IF that does nothing but give one name its value.
func (r *reading) wholeIf(i, next int32, before *scope, names map[string]bool) {
	size := 0
	for k := i; k < next; k++ {
		s := &r.t.Stmts[k]
		switch s.Kind {
		case syntax.IfStmt, syntax.ElseIfStmt:
			size++
		case syntax.ElseStmt, syntax.EndStmt:
		case syntax.SetStmt:
			if s.Index != syntax.None || s.Chained {
				return
			}
		default:
			return
		}
		for _, root := range r.roots(s) {
			n, _ := r.count(root)
			size += n
		}
	}
	for n := range names {
		e := r.env.set[n]
		if e.Kind != solver.Choice {
			return
		}
		s, last := &r.t.Stmts[i], &r.t.Stmts[next-1]
		if strings.ContainsAny(r.t.Text(s.Pos, last.End), ";#") {
			return // comments, which stay
		}
		st := site{stmt: i, expr: syntax.None, gives: "SET " + n + " = ", from: s.Pos, to: last.End, meant: e, size: size, each: r.each, depth: r.depth}
		for k := i; k < next; k++ {
			for _, root := range r.roots(&r.t.Stmts[k]) {
				st.reads = append(st.reads, r.names(root)...)
			}
		}
		after := r.env
		r.env = before
		st.leaves = r.visible()
		r.env = after
		r.sites = append(r.sites, st)
	}
}

// opaque says whether an expression is read as it stands: nothing like it is tried.
func opaque(x *syntax.Expr) bool {
	switch x.Kind {
	case syntax.CallExpr:
		op := syntax.Functions[x.Val].Op
		return op != isa.CLAMP && !slices.Contains(unary, op) && !slices.Contains(binary, op)
	case syntax.IndexExpr, syntax.SizeExpr:
		return true
	}
	return false
}

// count is how many operations an expression is, but for those of its opaque parts.
func (r *reading) count(n int32) (size int, parts map[string]part) {
	x := &r.t.Exprs[n]
	switch {
	case opaque(x):
		if e, clean := r.value(n); clean {
			parts = map[string]part{r.t.Text(x.Pos, x.End): {e, r.names(n)}}
		}
		return 0, parts
	case x.Kind == syntax.UnaryExpr, x.Kind == syntax.BinaryExpr, x.Kind == syntax.CallExpr:
		size = 1
	case x.Kind == syntax.AndExpr, x.Kind == syntax.OrExpr:
		size = 2
	}
	for _, k := range [...]int32{x.A, x.B, x.C} {
		if k == syntax.None {
			continue
		}
		n, more := r.count(k)
		size += n
		if parts == nil {
			parts = more
		} else {
			maps.Copy(parts, more)
		}
	}
	return size, parts
}

// extent is where an expression stands, with the parentheses that its parts need; the end
// is 0 where that is hard to say.
func (r *tree) extent(x *syntax.Expr) (from, to syntax.Pos) {
	src := r.f.Source()
	a, b := r.f.Offset(x.Pos), r.f.Offset(x.End)
	if strings.Contains(src[a:b], "'") {
		return 0, 0
	}
	open, missing := 0, 0
	for _, c := range src[a:b] {
		switch c {
		case '(', '[':
			open++
		case ')', ']':
			if open--; open < 0 {
				open, missing = 0, missing+1
			}
		}
	}
	for ; missing > 0; missing-- {
		a = len(strings.TrimRight(src[:a], " \t")) - 1
		if a < 0 || src[a] != '(' {
			return 0, 0
		}
	}
	for ; open > 0; open-- {
		for b < len(src) && (src[b] == ' ' || src[b] == '\t') {
			b++
		}
		if b >= len(src) || src[b] != ')' {
			return 0, 0
		}
		b++
	}
	return r.f.Pos(a), r.f.Pos(b)
}

func numberText(v int32) string {
	switch {
	case v == -1<<31:
		return "0x80000000"
	case v > 1023: // a mask or a colour, most often
		return fmt.Sprintf("0x%X", v)
	}
	return strconv.Itoa(int(v))
}
