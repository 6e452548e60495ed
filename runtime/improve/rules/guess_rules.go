package rules

import (
	"fmt"
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// without leaves a statement out.
func without(p *program, out *proposals) {
	for k, l := range p.lists() {
		for i, s := range *l.at {
			if s.raw != "" || s.kind == syntax.LabelStmt || s.kind == syntax.BadStmt || s.kind == syntax.DefStmt {
				continue
			}
			if l.of == nil && (s.isOp(isa.HALT) || s.kind == syntax.SetStmt && len(s.args) == 1 && s.args[0].kind == num) {
				continue // what a name begins with is said for who reads it
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

// guarded draws only while some name is on one side of a number that the program compares
// with.
func guarded(p *program, out *proposals) {
	c, ok := p.mainLoop()
	if !ok {
		return
	}
	guards := guardsOf(p)
	for i := c.label + 1; i < c.frame; i++ {
		s := p.body[i]
		if s.other != nil || s.kind != syntax.IfStmt && (s.kind != syntax.OpStmt || isa.Table[s.op].Group != isa.GroupDraw) || s.isOp(isa.COLOR) || s.isOp(isa.CLIP) {
			continue
		}
		for _, guard := range guards {
			q := p.copy()
			at := q.body[i]
			if at.kind == syntax.IfStmt {
				if at.args[0].any(guard.same) {
					continue
				}
				at.args[0] = apply("&&", guard, at.args[0])
			} else {
				in := &stmt{kind: syntax.IfStmt, args: []*expr{guard}, body: []*stmt{at}, lead: at.lead, tail: at.tail, end: &stmt{kind: syntax.EndStmt}}
				at.lead, at.tail = nil, ""
				q.body[i] = in
			}
			out.add(q, false, "do "+s.head()+" only if "+guard.String())
		}
	}
}

// guardsOf gives what a draw may be made to hang on: each name that is set on each side of
// each number that the program compares with, and the conditions of the program.
func guardsOf(p *program) (guards []*expr) {
	names, numbers := comparedNames(p)
	for _, n := range names {
		for _, v := range numbers {
			for _, op := range [...]string{"<", ">=", "<=", ">"} {
				guards = append(guards, apply(op, named(n), number(v)))
			}
		}
	}
	const most = 16
	each(p.body, func(s *stmt) {
		if s.raw != "" || s.kind != syntax.SetStmt && s.kind != syntax.IfStmt {
			return
		}
		for _, e := range s.args {
			if e.kind != binary || levels[e.op] > 3 || !e.pure() || e.reads("px") || e.reads("py") || len(guards) > len(names)*len(numbers)*4+most {
				continue
			}
			guards = append(guards, e, unaryOf("!", e))
		}
	})
	return guards
}

// comparedNames gives the names that a program sets, and the numbers that it compares
// with; of each not many.
func comparedNames(p *program) (names []string, numbers []int32) {
	const most = 8
	each(p.body, func(s *stmt) {
		if s.kind == syntax.SetStmt && len(s.index) == 0 && !slices.Contains(names, s.name) && len(names) < most {
			names = append(names, s.name)
		}
		s.exprs(func(e *expr) {
			e.walk(func(x *expr) {
				if x.kind != binary || levels[x.op] != 3 {
					return
				}
				if v, ok := p.value(x.args[1]); ok && !slices.Contains(numbers, v) && len(numbers) < most {
					numbers = append(numbers, v)
				}
			})
		})
	})
	return names, numbers
}
