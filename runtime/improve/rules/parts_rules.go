package rules

import (
	"fmt"

	"gvpie/runtime/pxl/syntax"
)

// occurrences are the different expressions in statements worth a name, with how often
// each stands there, in order.
type occurrence struct {
	e     *expr
	times int
}

func (p *names) occurrences(of []*stmt, least int, take func(*expr) bool) (out []occurrence) {
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
				if end < len(*at) && (*at)[end].kind == syntax.SetStmt && (*at)[end].straightOr(l) { // its value is read before it is set
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
	if next := i + 1 + end; next < len(*at) && (*at)[next].kind == syntax.SetStmt && len((*at)[next].index) == 0 && (*at)[next].straightOr(l) {
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

// first says that an expression is evaluated whenever a statement is, and that nothing
// else faults before: it stands in its own line, and not behind && or ||.
func first(p *program, s *stmt, e *expr) bool {
	if s.kind == syntax.WhileStmt || s.kind == syntax.ElseIfStmt {
		return false
	}
	found, others := false, false
	s.exprs(func(x *expr) {
		if !x.any(func(y *expr) bool { return y.is("&&") || y.is("||") }) {
			found = found || x.any(e.same)
		}
		others = others || p.faults(x.rewrite(func(y *expr) *expr {
			if y.same(e) {
				return number(0)
			}
			return y
		}))
	})
	return found && !others
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
