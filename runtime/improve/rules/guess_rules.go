package rules

import (
	"fmt"

	"gvpie/runtime/pxl/syntax"
)

// without leaves a statement out.
func without(p *program, out *proposals) {
	for k, l := range p.lists() {
		for i, s := range *l.at {
			if s.raw != "" || s.kind == syntax.LabelStmt || s.kind == syntax.BadStmt || s.kind == syntax.DefStmt {
				continue
			}
			q, at := p.edit(k)
			replace(at, i, 1)
			out.add(q, false, "leave out "+s.head())
		}
	}
}

// oneBranch does the one or the other part of an IF always.
func oneBranch(p *program, out *proposals) {
	for k, l := range p.lists() {
		for i, s := range *l.at {
			if s.kind != syntax.IfStmt {
				continue
			}
			q, at := p.edit(k)
			replace(at, i, 1, (*at)[i].body...)
			out.add(q, false, "do always what stands under "+s.head())
			if s.other != nil {
				q, at = p.edit(k)
				replace(at, i, 1, elseOf((*at)[i])...)
				out.add(q, false, "never do what stands under "+s.head())
			}
		}
	}
}

// smaller puts a part of an expression in its place.
func smaller(p *program, out *proposals) {
	for k, l := range p.lists() {
		for i, s := range *l.at {
			if s.raw != "" {
				continue
			}
			at := 0
			visit := func(e *expr) {
				e.walk(func(x *expr) {
					at++
					if x.kind == size || x.kind == index {
						return
					}
					for _, by := range x.args {
						q, in := p.edit(k)
						nth, n := at, 0
						(*in)[i].change(func(y *expr) *expr { return y.nth(nth, &n, by) })
						out.add(q, false, fmt.Sprintf("write %s for %s", by, x))
					}
				})
			}
			s.exprs(visit)
		}
	}
}

// nth puts another in place of the n-th part of an expression, outermost first; count is
// how many were passed.
func (e *expr) nth(n int, count *int, by *expr) *expr {
	if *count++; *count == n {
		// What is below is passed too.
		return by
	}
	if *count > n {
		return e
	}
	var args []*expr
	for i, a := range e.args {
		b := a.nth(n, count, by)
		if b != a && args == nil {
			args = append([]*expr{}, e.args...)
		}
		if args != nil {
			args[i] = b
		}
	}
	if args == nil {
		return e
	}
	c := *e
	c.args = args
	return &c
}
