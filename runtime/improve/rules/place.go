package rules

import (
	"fmt"
	"maps"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// copy gives a program that may be changed.
func (p *program) copy() *program {
	q := *p
	q.body = clone(p.body)
	q.declare = maps.Clone(p.declare)
	return &q
}

// list is the statements of one block, and where it stands.
type list struct {
	at   *[]*stmt
	of   *stmt // the statement whose block it is; nil of the program
	each bool  // inside an EACH
	loop bool  // inside a FOR or WHILE of the core, or behind a label
	def  *stmt // inside a DEF
}

// lists gives the blocks of a program, outermost first, always in one order: that of a
// copy has the same places.
func (p *program) lists() (out []list) {
	var walk func(l list)
	walk = func(l list) {
		out = append(out, l)
		for _, s := range *l.at {
			for at := s; at != nil; at = at.other {
				if at.opens() {
					in := list{at: &at.body, of: at, each: l.each || at.isOp(isa.EACH), loop: l.loop || at.kind == syntax.ForStmt || at.kind == syntax.WhileStmt, def: l.def}
					if at.kind == syntax.DefStmt {
						in.def = at
					}
					walk(in)
				}
			}
		}
	}
	walk(list{at: &p.body})
	return out
}

// edit gives a copy of the program and its list number k.
func (p *program) edit(k int) (q *program, l *[]*stmt) {
	q = p.copy()
	return q, q.lists()[k].at
}

// fresh gives a name that the program does not have.
func (p *names) fresh(base string) string {
	for i := 0; ; i++ {
		n := base
		if i > 0 {
			n = fmt.Sprintf("%s%d", base, i+1)
		}
		if _, builtin := syntax.LookupBuiltin(n); !builtin && !p.declare[n] {
			if _, verb := syntax.LookupVerb(n); !verb {
				if _, fn := syntax.LookupFunction(n); !fn {
					p.declare[n] = true
					return n
				}
			}
		}
	}
}

// replace puts others in place of n statements from i on; the comments before the first
// stay.
func replace(l *[]*stmt, i, n int, by ...*stmt) {
	var lead []string
	for _, s := range (*l)[i : i+n] {
		lead = append(lead, s.lead...)
	}
	rest := append([]*stmt{}, (*l)[i+n:]...)
	if len(by) > 0 {
		if by[0] != (*l)[i] {
			by[0].lead = append(lead, by[0].lead...)
		}
	} else if len(lead) > 0 && len(rest) > 0 {
		rest[0] = rest[0].clone()
		rest[0].lead = append(lead, rest[0].lead...)
	}
	*l = append(append((*l)[:i:i], by...), rest...)
}

// insert puts statements before the one at i, below its comments.
func insert(l *[]*stmt, i int, s ...*stmt) {
	if i < len(*l) && len(s) > 0 {
		s[0].lead, (*l)[i].lead = (*l)[i].lead, nil
	}
	*l = append((*l)[:i:i], append(s, (*l)[i:]...)...)
}

// declares puts a directive behind the last one.
func (p *program) declares(raw string) {
	at := 0
	for i, s := range p.body {
		if s.kind >= syntax.CanvasStmt && !s.taken {
			at = i + 1
		}
	}
	for at < len(p.body) && p.body[at].taken {
		at++
	}
	d := &stmt{kind: syntax.TableStmt, raw: raw}
	p.body = append(p.body[:at:at], append([]*stmt{d}, p.body[at:]...)...)
}

// straight says that a run that comes to a statement goes on behind it in the same frame,
// unless it faults: there is no label, jump, call or end of the frame in it.
func (s *stmt) straight() bool {
	ok := true
	each([]*stmt{s}, func(x *stmt) {
		switch x.kind {
		case syntax.LabelStmt, syntax.ReturnStmt, syntax.CallStmt, syntax.DefStmt:
			ok = false
		case syntax.BreakStmt, syntax.ContinueStmt:
			ok = ok && (s.kind == syntax.ForStmt || s.kind == syntax.WhileStmt)
		case syntax.OpStmt:
			switch x.op {
			case isa.FRAME, isa.HALT, isa.JMP, isa.CALL, isa.RET, isa.ASSERT:
				ok = false
			}
		}
		x.exprs(func(e *expr) { ok = ok && !e.any(func(x *expr) bool { return x.kind == proc }) })
	})
	return ok
}

// safe says that a statement is straight and cannot fault.
func (p *program) safe(s *stmt) bool {
	ok := s.straight()
	each([]*stmt{s}, func(x *stmt) {
		ok = ok && x.kind != syntax.WhileStmt && x.join == "" && !(x.kind == syntax.SetStmt && len(x.index) > 0 && !p.inside(element(x.name, x.index...))) && !x.isOp(isa.SPR)
		if x.isOp(isa.EACH) {
			ok = ok && steps(p, x.body) < mostTexelSteps
		}
		x.exprs(func(e *expr) { ok = ok && !p.faults(e) })
	})
	return ok && steps(p, []*stmt{s}) < mostSteps
}

// How much a statement may do that is said to run out of no cycles: of a texel's 65 536,
// and of a frame's 10 000 000, which all of its statements share.
const (
	mostTexelSteps = 1 << 14
	mostSteps      = 1 << 17
)

// steps is about how many instructions statements are at most; those of a block are not
// the core's.
func steps(p *program, of []*stmt) int64 {
	n := int64(0)
	for _, s := range of {
		for at := s; at != nil; at = at.other {
			n += 4
			at.exprs(func(e *expr) { n += 2 * int64(e.work()) })
			turns := int64(1)
			switch {
			case at.isOp(isa.EACH):
				continue
			case at.kind == syntax.ForStmt && len(at.args) == 2:
				from, _ := p.bounds(at.args[0], nil)
				_, to := p.bounds(at.args[1], nil)
				turns = max(0, min(to-from, mostSteps)) + 1
			case at.kind == syntax.ForStmt || at.kind == syntax.WhileStmt:
				turns = mostSteps
			}
			n += min(turns*steps(p, at.body), mostSteps)
		}
	}
	return min(n, mostSteps)
}

// names gives the names that an expression reads.
func (e *expr) names() map[string]bool {
	out := map[string]bool{}
	e.walk(func(x *expr) {
		if x.kind == name || x.kind == index {
			out[x.name] = true
		}
	})
	return out
}

// setsAny says whether a statement or its block changes one of the names.
func (s *stmt) setsAny(names map[string]bool) bool {
	found := false
	each([]*stmt{s}, func(x *stmt) {
		found = found || names[x.name] && (x.kind == syntax.SetStmt || x.kind == syntax.ForStmt)
	})
	return found
}

func (e *expr) calls(f string) bool {
	return e.any(func(x *expr) bool { return x.kind == call && x.name == f })
}

// mayBeSetIn says whether anything but a loop itself may give its name a value while it
// runs.
func mayBeSetIn(loop *stmt) bool {
	found := false
	each(loop.body, func(s *stmt) {
		found = found || s.sets(loop.name) || s.kind == syntax.CallStmt || s.kind == syntax.LabelStmt || s.isOp(isa.CALL) || s.isOp(isa.FRAME)
		s.exprs(func(e *expr) { found = found || e.any(func(x *expr) bool { return x.kind == proc }) })
	})
	return found
}

// known gives what every variable is always between, whatever the program does: what it
// is set to anywhere. A procedure's own names are anything.
func (p *program) known() map[string]span {
	known := map[string]span{}
	local := map[string]bool{}
	type assignment struct {
		to   string
		from *expr
	}
	var all []assignment
	each(p.body, func(s *stmt) {
		switch s.kind {
		case syntax.SetStmt:
			if len(s.index) == 0 {
				all = append(all, assignment{s.name, s.args[0]})
			}
		case syntax.ForStmt:
			step := number(1)
			if len(s.args) > 2 {
				step = s.args[2]
			}
			if v, ok := p.value(step); !ok || v <= 0 || mayBeSetIn(s) {
				local[s.name] = true
				return
			}
			all = append(all, assignment{s.name, s.args[0]}, assignment{s.name, called("max", s.args[0], apply("+", s.args[1], step))})
		case syntax.DefStmt, syntax.LocalStmt:
			for _, n := range s.names {
				local[n] = true
			}
		}
	})
	for _, a := range all {
		known[a.to] = span{0, 0}
	}
	for n := range local {
		known[n] = anything
	}
	for round := range 80 {
		changed := false
		for _, a := range all {
			was, s := known[a.to], p.spanOf(a.from, known)
			now := span{min(was.lo, s.lo), max(was.hi, s.hi)}
			if now == was {
				continue
			}
			if changed = true; round >= 70 {
				now = anything
			}
			known[a.to] = now
		}
		if !changed {
			return known
		}
	}
	return nil
}
