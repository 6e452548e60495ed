package rules

import (
	"fmt"
	"slices"

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
			if !known || l.loop || !p.safe(s) {
				continue // in a loop the rows may be more commands than there are
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
	ok := !s.reads(other)
	set := map[string]bool{}
	for _, b := range s.body {
		each([]*stmt{b}, func(x *stmt) {
			switch x.kind {
			case syntax.SetStmt, syntax.ForStmt:
				if !set[x.name] {
					// A texel begins with the names as they were: one that is read first,
					// or set only on some ways, would not in a loop.
					ok = ok && x == b && !slices.ContainsFunc(x.args, func(e *expr) bool { return e.reads(x.name) })
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
			if !s.isOp(isa.EACH) || l.def != nil || l.loop {
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
