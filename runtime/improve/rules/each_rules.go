package rules

import (
	"fmt"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// rectOfEach makes RECTs of an EACH whose colour does not hang on the column, or not on
// the row, or on neither.
func rectOfEach(p *program, out *proposals) {
	camera := false
	each(p.body, func(s *stmt) { camera = camera || s.isOp(isa.CAMERA) })
	if camera {
		return
	}
	for k, l := range p.lists() {
		for i, s := range *l.at {
			if !s.isOp(isa.EACH) {
				continue
			}
			area := [4]int32{0, 0, p.w, p.h}
			known := true
			for j, e := range s.args {
				v, ok := p.value(e)
				area[j], known = v, known && ok
			}
			if !known {
				continue
			}
			for _, column := range []bool{false, true} {
				q, at := p.edit(k)
				by := q.rows(s, area, column)
				if by == nil {
					continue
				}
				replace(at, i, 1, by...)
				out.add(q, true, "draw RECTs for an EACH that hangs on the row or column alone")
			}
		}
	}
}

// rows is a block as a loop over its rows, or its columns; nil: it cannot be.
func (p *program) rows(s *stmt, area [4]int32, column bool) []*stmt {
	other, mine := "px", "py"
	if column {
		other, mine = mine, other
	}
	ok := s.reads(other) == false
	set := map[string]bool{}
	for _, b := range s.body {
		each([]*stmt{b}, func(x *stmt) {
			switch x.kind {
			case syntax.SetStmt, syntax.ForStmt:
				if x.kind == syntax.SetStmt && !set[x.name] {
					// A texel begins with the names as they were: one that is read first,
					// or set only on some ways, would not in a loop.
					ok = ok && x == b && !x.args[0].reads(x.name)
				}
				set[x.name] = true
			case syntax.CallStmt, syntax.BreakStmt, syntax.ContinueStmt, syntax.WhileStmt:
				ok = false
			case syntax.OpStmt:
				ok = ok && x.op == isa.PUT
			}
			x.exprs(func(e *expr) {
				ok = ok && !p.faults(e) && !e.calls("peek")
				for n := range e.names() {
					ok = ok && (set[n] || !s.sets(n))
				}
			})
		})
	}
	if !ok {
		return nil
	}
	body := clone(s.body)
	for n := range set { // what the block sets is its own
		if mentionedOutside(p, n, s) {
			rename(body, n, p.fresh(n))
		}
	}
	at, size := area[1], area[3]
	limit := p.h
	if column {
		at, size, limit = area[0], area[2], p.w
	}
	line := p.fresh(map[bool]string{false: "row", true: "column"}[column])
	x, y, w, h := number(area[0]), named(line), number(area[2]), number(1)
	if column {
		x, y, w, h = named(line), number(area[1]), number(1), number(area[3])
	}
	if !s.reads(mine) {
		x, y, w, h = number(area[0]), number(area[1]), number(area[2]), number(area[3])
	}
	each(body, func(b *stmt) {
		b.change(func(e *expr) *expr { return e.substitute(mine, named(line)) })
		if b.isOp(isa.PUT) {
			b.op, b.args = isa.RECT, []*expr{x, y, w, h, b.args[0]}
		}
	})
	if !s.reads(mine) {
		if column {
			return nil // the rows said so already
		}
		return body
	}
	l := loop(line, number(max(0, at)), number(min(at+size, limit)-1), body...)
	l.tail, l.end.lead, l.end.tail = s.tail, s.end.lead, s.end.tail
	return []*stmt{l}
}

// mentionedOutside says whether a name occurs anywhere but in one statement.
func mentionedOutside(p *program, n string, but *stmt) bool {
	found := false
	var walk func(body []*stmt)
	walk = func(body []*stmt) {
		for _, s := range body {
			for at := s; at != nil; at = at.other {
				if at.isOp(isa.EACH) && at.String() == but.String() {
					continue
				}
				found = found || at.name == n
				at.exprs(func(e *expr) { found = found || e.reads(n) })
				walk(at.body)
			}
		}
	}
	walk(p.body)
	return found
}

// String is the statement with its block, as source.
func (s *stmt) String() string {
	w := &printer{}
	w.stmt(s, 0)
	return w.b.String()
}

func rename(body []*stmt, from, to string) {
	each(body, func(s *stmt) {
		if s.name == from {
			s.name = to
		}
		s.change(func(e *expr) *expr { return e.substitute(from, named(to)) })
	})
}

// occurrences are the different expressions in statements worth a name, with how often
// each stands there, in order.
type occurrence struct {
	e     *expr
	times int
}

func (p *program) occurrences(of []*stmt, least int, take func(*expr) bool) (out []occurrence) {
	each(of, func(s *stmt) {
		if s.raw != "" {
			return
		}
		s.exprs(func(e *expr) {
			e.walk(func(x *expr) {
				if x.kind == num || x.kind == name || x.kind == size || x.work() < least || !x.pure() || x.kind == index && p.texts[x.name] || !take(x) {
					return
				}
				for i := range out {
					if out[i].e.same(x) {
						out[i].times++
						return
					}
				}
				out = append(out, occurrence{x, 1})
			})
		})
	})
	return out
}

// put replaces an expression in statements by another.
func put(of []*stmt, e, by *expr) {
	each(of, func(s *stmt) {
		s.change(func(x *expr) *expr {
			return x.rewrite(func(y *expr) *expr {
				if y.same(e) {
					return by
				}
				return y
			})
		})
	})
}

// commonParts gives a name to an expression that stands in several places.
func commonParts(p *program, out *proposals) {
	for k, l := range p.lists() {
		if l.def != nil && l.of == l.def {
			continue
		}
		for i, s := range *l.at {
			if s.raw != "" || s.kind == syntax.LabelStmt || s.kind == syntax.LocalStmt {
				continue
			}
			takes := func(x *expr) bool {
				return (l.each || !x.reads("px") && !x.reads("py")) && (!p.faults(x) || first(p, s, x))
			}
			if s.kind == syntax.SetStmt && len(s.index) == 0 && s.join == "" && s.args[0].work() > 0 && s.args[0].pure() && !s.args[0].reads(s.name) {
				reuse(p, k, i, l, out)
			}
			for _, o := range p.occurrences([]*stmt{s}, 1, takes) {
				end, times := reach(p, *l.at, i, o.e, l)
				if times < 2 || s.name != "" && o.e.work() == 1 && times < 3 && !l.each {
					continue
				}
				q, at := p.edit(k)
				n := q.fresh("part")
				put((*at)[i:end], o.e, named(n))
				if end < len(*at) && (*at)[end].kind == syntax.SetStmt { // its value is read before it is set
					c := (*at)[end]
					for a := range c.args {
						c.args[a] = c.args[a].rewrite(func(y *expr) *expr {
							if y.same(o.e) {
								return named(n)
							}
							return y
						})
					}
				}
				insert(at, i, set(n, o.e))
				out.add(q, true, fmt.Sprintf("work %s out once", o.e))
			}
		}
	}
}

// reuse reads the name that a SET gave a value where that is worked out again.
func reuse(p *program, k, i int, l list, out *proposals) {
	s := (*l.at)[i]
	rest := (*l.at)[i+1:]
	end, times := reach(p, rest, 0, s.args[0], l)
	for j := range rest[:end] {
		if rest[j].sets(s.name) {
			end = j
			break
		}
	}
	if times == 0 || end == 0 && len(rest) == 0 {
		return
	}
	q, at := p.edit(k)
	put((*at)[i+1:i+1+end], s.args[0], named(s.name))
	if next := i + 1 + end; next < len(*at) && (*at)[next].kind == syntax.SetStmt && len((*at)[next].index) == 0 {
		put([]*stmt{(*at)[next]}, s.args[0], named(s.name))
	}
	out.add(q, true, fmt.Sprintf("read %s for %s", s.name, s.args[0]))
}

// substituted puts what a name was set to in place of the name, where that makes what
// reads it shorter.
func substituted(p *program, out *proposals) {
	known := p.known()
	for k, l := range p.lists() {
		for i, s := range *l.at {
			if s.kind != syntax.SetStmt || len(s.index) > 0 || !s.args[0].pure() || p.faults(s.args[0]) || s.args[0].reads(s.name) {
				continue
			}
			rest := (*l.at)[i+1:]
			end, _ := reach(p, rest, 0, s.args[0], l)
			within, all := 0, 0
			reads := func(n *int) func(*stmt) {
				return func(x *stmt) {
					x.exprs(func(e *expr) {
						e.walk(func(y *expr) {
							if y.isName(s.name) {
								*n++
							}
						})
					})
				}
			}
			for j := range rest[:end] {
				if rest[j].sets(s.name) {
					end = j
					break
				}
			}
			each(rest[:end], reads(&within))
			each(p.body, reads(&all))
			if within == 0 || within != all {
				continue
			}
			q, at := p.edit(k)
			each((*at)[i+1:i+1+end], func(x *stmt) {
				x.change(func(e *expr) *expr { return p.shorter(e.substitute(s.name, s.args[0]), known) })
			})
			replace(at, i, 1)
			out.add(q, true, fmt.Sprintf("write what %s is where it is read", s.name))
		}
	}
}

// first says that an expression is evaluated whenever a statement is: it stands in its
// own line, and not behind && or ||.
func first(p *program, s *stmt, e *expr) bool {
	if s.kind == syntax.WhileStmt || s.kind == syntax.ElseIfStmt {
		return false
	}
	found := false
	s.exprs(func(x *expr) {
		if !x.any(func(y *expr) bool { return y.is("&&") || y.is("||") }) {
			found = found || x.any(e.same)
		}
	})
	return found
}

// reach is how far behind statement i an expression keeps its value, and how often it
// stands there, the SET that ends it with it.
func reach(p *program, l []*stmt, i int, e *expr, in list) (end, times int) {
	names := e.names()
	count := func(s *stmt) {
		each([]*stmt{s}, func(x *stmt) {
			x.exprs(func(y *expr) {
				y.walk(func(z *expr) {
					if z.same(e) {
						times++
					}
				})
			})
		})
	}
	for end = i; end < len(l); end++ {
		s := l[end]
		if s.raw != "" || s.kind == syntax.LabelStmt || s.kind == syntax.DefStmt || !s.straightOr(in) {
			break
		}
		if s.setsAny(names) {
			if s.kind == syntax.SetStmt && len(s.index) == 0 {
				for _, a := range s.args {
					a.walk(func(z *expr) {
						if z.same(e) {
							times++
						}
					})
				}
			}
			break
		}
		count(s)
	}
	return end, times
}

// straightOr is straight, but for a loop's own BREAK and CONTINUE.
func (s *stmt) straightOr(in list) bool {
	if in.each {
		ok := true
		each([]*stmt{s}, func(x *stmt) {
			ok = ok && x.kind != syntax.CallStmt
			x.exprs(func(e *expr) { ok = ok && e.pure() })
		})
		return ok
	}
	return s.straight()
}

// invariants takes what does not change in a loop, or in a block, out of it.
func invariants(p *program, out *proposals) {
	for k, l := range p.lists() {
		for i, s := range *l.at {
			inEach := s.isOp(isa.EACH)
			if !inEach && s.kind != syntax.ForStmt && s.kind != syntax.WhileStmt || !s.straightOr(list{each: inEach || l.each}) {
				continue
			}
			inner := s.body
			if s.kind == syntax.WhileStmt {
				inner = append([]*stmt{{kind: syntax.IfStmt, args: s.args, end: &stmt{}}}, inner...)
			}
			takes := func(x *expr) bool {
				if p.faults(x) || !l.each && (x.reads("px") || x.reads("py")) {
					return false
				}
				return !s.setsAny(x.names()) && !(inEach && x.kind == index && p.tables[x.name] == nil)
			}
			for _, o := range p.occurrences(inner, 1, takes) {
				q, at := p.edit(k)
				n := q.fresh("fixed")
				put([]*stmt{(*at)[i]}, o.e, named(n))
				insert(at, i, set(n, o.e))
				out.add(q, true, fmt.Sprintf("take %s out of a loop", o.e))
			}
		}
	}
}

// columnsAndRows keeps in an array what hangs on a texel's column or row alone.
func columnsAndRows(p *program, out *proposals) {
	for k, l := range p.lists() {
		for i, s := range *l.at {
			if !s.isOp(isa.EACH) || l.def != nil {
				continue
			}
			for _, axis := range []string{"px", "py"} {
				other, base, n := "py", "columns", p.w
				if axis == "py" {
					other, base, n = "px", "rows", p.h
				}
				takes := func(x *expr) bool {
					return x.reads(axis) && !x.reads(other) && !p.faults(x) && !x.calls("peek") && !s.setsAny(x.names())
				}
				for _, o := range p.occurrences(s.body, 2, takes) {
					q, at := p.edit(k)
					a, j := q.fresh(base), q.fresh("i")
					put((*at)[i].body, o.e, element(a, named(axis)))
					fill := &stmt{kind: syntax.SetStmt, verb: "SET", name: a, index: []*expr{named(j)}, args: []*expr{o.e.substitute(axis, named(j))}}
					insert(at, i, loop(j, number(0), number(n-1), fill))
					q.declares(fmt.Sprintf(".array %s %d", a, n))
					out.add(q, true, fmt.Sprintf("work %s out once a %s", o.e, map[string]string{"px": "column", "py": "row"}[axis]))
				}
			}
		}
	}
}
