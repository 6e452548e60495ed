package rules

import (
	"maps"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// inlineCalls puts the body of a procedure where it is called.
func inlineCalls(p *program, out *proposals) {
	if deep(p) {
		return
	}
	for _, d := range p.body {
		if d.kind != syntax.DefStmt {
			continue
		}
		if v := valueOf(p, d); v != nil {
			q, n := p.copy(), 0
			for _, l := range q.lists() {
				if l.def != nil && l.def.hides(v.value.names()) {
					continue
				}
				for _, s := range *l.at {
					for at := s; at != nil; at = at.other {
						if at.kind != syntax.CallStmt {
							n += v.inline(p, at)
						}
					}
				}
			}
			if n > 0 {
				out.add(q, true, "write what "+d.name+" gives where it is called")
			}
		}
		if drawsOnly(d) {
			inlineDraws(p, d, out)
		}
	}
}

// function is a procedure that only works a value out.
type function struct {
	name   string
	params []string
	value  *expr
}

// valueOf is a procedure as one expression of its parameters; nil: it does more.
func valueOf(p *program, d *stmt) *function {
	f := &function{name: d.name, params: d.names}
	locals := map[string]*expr{}
	for _, n := range d.names {
		locals[n] = named("\x00" + n) // nothing that the program has is named so
	}
	var sets []*stmt
	for i, s := range d.body {
		switch {
		case s.kind == syntax.LocalStmt:
			for _, n := range s.names {
				locals[n] = number(0)
			}
		case s.kind == syntax.SetStmt && len(s.index) == 0 || p.choice(s) != nil:
			sets = append(sets, s)
		case s.kind == syntax.ReturnStmt && i == len(d.body)-1 && len(s.args) == 1:
			sets = append(sets, s)
		default:
			return nil
		}
	}
	for _, s := range sets {
		to, v := s.name, (*expr)(nil)
		switch s.kind {
		case syntax.IfStmt:
			to, v = s.body[0].name, p.choice(s)
		default:
			v = s.args[0]
		}
		if !v.pure() {
			return nil
		}
		v = v.rewrite(func(x *expr) *expr {
			if l := locals[x.name]; x.kind == name && l != nil {
				return l
			}
			return x
		})
		if s.kind == syntax.ReturnStmt {
			f.value = v
			break
		}
		if locals[to] == nil || p.faults(v) {
			return nil // it sets a name of the program's
		}
		locals[to] = v
	}
	if f.value == nil || f.value.work() > 40 {
		return nil
	}
	return f
}

// deep says that calls may nest without a bound that is seen here, so that one more may
// be one too many.
func deep(p *program) bool {
	calls := map[string]map[string]bool{}
	for _, d := range p.body {
		if d.kind != syntax.DefStmt {
			continue
		}
		calls[d.name] = map[string]bool{}
		each(d.body, func(s *stmt) {
			s.exprs(func(e *expr) {
				e.walk(func(x *expr) {
					if x.kind == proc {
						calls[d.name][x.name] = true
					}
				})
			})
		})
	}
	for range calls { // who calls nothing that is left ends
		for n, of := range calls {
			ends := true
			for m := range of {
				ends = ends && calls[m] == nil
			}
			if ends {
				delete(calls, n)
			}
		}
	}
	return len(calls) > 0 || p.has(isa.CALL)
}

// hides says whether one of the names is a procedure's own.
func (d *stmt) hides(names map[string]bool) bool {
	found := false
	each([]*stmt{d}, func(s *stmt) {
		for _, n := range s.names {
			found = found || names[n]
		}
	})
	return found
}

// inline writes what a function gives for its calls in a statement's own line, and counts them.
func (f *function) inline(p *program, s *stmt) (n int) {
	s.change(func(e *expr) *expr {
		return e.rewrite(func(x *expr) *expr {
			if y := f.at(p, x); y != nil {
				n++
				return y
			}
			return x
		})
	})
	return n
}

// at is a call as what it gives; nil: it is none, or its values must be worked out once,
// whether they are read or not.
func (f *function) at(p *program, x *expr) *expr {
	if x.kind != proc || x.name != f.name || len(x.args) != len(f.params) {
		return nil
	}
	for _, a := range x.args {
		if !a.pure() || p.faults(a) {
			return nil
		}
	}
	return f.value.rewrite(func(y *expr) *expr {
		for i, n := range f.params {
			if y.isName("\x00" + n) {
				return x.args[i]
			}
		}
		return y
	})
}

// drawsOnly says that a procedure is draws alone, of its parameters and the program's
// names.
func drawsOnly(d *stmt) bool {
	for _, s := range d.body {
		if s.kind != syntax.OpStmt || isa.Table[s.op].Group != isa.GroupDraw || s.op == isa.EACH || s.op == isa.PUT {
			return false
		}
		ok := true
		s.exprs(func(e *expr) { ok = ok && e.pure() })
		if !ok {
			return false
		}
	}
	return len(d.body) > 0
}

func inlineDraws(p *program, d *stmt, out *proposals) {
	read := map[string]bool{} // that are not its own
	each(d.body, func(s *stmt) {
		s.exprs(func(e *expr) { maps.Copy(read, e.names()) })
		read[s.name] = true // a sprite
	})
	for _, n := range d.names {
		delete(read, n)
	}
	for k, l := range p.lists() {
		for i, s := range *l.at {
			if s.kind != syntax.CallStmt || s.args[0].name != d.name || len(s.args[0].args) != len(d.names) || l.each || l.def != nil && l.def.hides(read) {
				continue
			}
			ok := true
			for _, a := range s.args[0].args {
				ok = ok && a.pure() && !p.faults(a)
			}
			if !ok {
				continue
			}
			q, at := p.edit(k)
			body := clone(d.body)
			for _, b := range body {
				b.change(func(e *expr) *expr {
					return e.rewrite(func(x *expr) *expr {
						for j, n := range d.names {
							if x.isName(n) {
								return s.args[0].args[j]
							}
						}
						return x
					})
				})
			}
			replace(at, i, 1, body...)
			out.add(q, true, "draw what "+d.name+" draws where it is called")
		}
	}
}

// tablesOfPure keeps in a table what hangs on one name alone that has few values.
func tablesOfPure(p *program, out *proposals) {
	known := p.known()
	for k, l := range p.lists() {
		if l.def != nil {
			continue
		}
		for i, s := range *l.at {
			if s.raw != "" || s.opens() && !s.isOp(isa.EACH) && s.kind != syntax.IfStmt {
				continue
			}
			for _, o := range p.occurrences([]*stmt{s}, 3, func(x *expr) bool {
				return len(x.names()) == 1 && !x.calls("peek") && !x.calls("key") && !x.calls("keyp")
			}) {
				var n string
				for n = range o.e.names() {
				}
				if v, ok := known[n]; ok && v.lo >= 0 && v.hi < mostTable {
					tabled(p, k, i, o.e, n, int32(v.hi)+1, true, out)
					continue
				}
				if out.proved || !p.declare[n] || p.tables[n] != nil {
					continue
				}
				for _, c := range smallNumbers(p) {
					tabled(p, k, i, o.e, n, c, false, out)
				}
			}
		}
	}
}

// mostTable is how many words a table is made of at most.
const mostTable = 128

// smallNumbers are the numbers of a program that a table may have as many words as.
func smallNumbers(p *program) (out []int32) {
	seen := map[int32]bool{}
	add := func(v int32) {
		if v > 1 && v <= mostTable && !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	each(p.body, func(s *stmt) {
		if s.raw != "" || s.kind != syntax.SetStmt && s.kind != syntax.IfStmt {
			return
		}
		for _, a := range s.args {
			a.walk(func(x *expr) {
				if x.is("%") || x.is("==") || x.is(">=") || x.is("<") {
					if v, ok := p.value(x.args[len(x.args)-1]); ok {
						add(v)
					}
				} else if x.is("&") || x.is(">") || x.is("<=") {
					if v, ok := p.value(x.args[len(x.args)-1]); ok {
						add(v + 1)
					}
				}
			})
		}
	})
	return out
}

// tabled proposes a table of words values for an expression of a name.
func tabled(p *program, k, i int, e *expr, n string, count int32, proved bool, out *proposals) {
	text := ""
	q, at := p.edit(k)
	t := q.fresh("table")
	for v := range count {
		w, ok := p.value(e.substitute(n, number(v)))
		if !ok {
			return
		}
		text += " " + number(w).String()
	}
	put([]*stmt{(*at)[i]}, e, element(t, named(n)))
	q.declares(".table " + t + text)
	out.add(q, proved, "keep "+e.String()+" in a table")
}
