package rules

import (
	"maps"
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// mostTurns is how many turns a loop has at most whose draws are told apart.
const mostTurns = 64

// parted makes two loops of each FOR of the loop of frames that draws what never changes
// beside what does: first one that draws the former, then one with the rest. nil: there
// is no such FOR.
func (p *program) parted() *program {
	c, ok := p.mainLoop()
	if !ok {
		return nil
	}
	q, found := p.copy(), false
	for i := c.frame - 1; i > c.label; i-- {
		if ink, still, rest := p.partsOf(p.body[i]); still != nil {
			by := []*stmt{still, rest}
			if ink != nil {
				by = append([]*stmt{draw(isa.COLOR, ink)}, by...)
			}
			replace(&q.body, i, 1, by...)
			found = true
		}
	}
	if !found {
		return nil
	}
	return q
}

// partsOf parts a FOR; still is nil where it cannot be. ink is the COLOR that the still
// part needs; nil: none.
func (p *program) partsOf(s *stmt) (ink *expr, still, rest *stmt) {
	if s.kind != syntax.ForStmt || len(s.args) != 2 || s.taken || mayBeSetIn(s) || !p.safe(s) {
		return nil, nil, nil
	}
	from, ok1 := p.value(s.args[0])
	to, ok2 := p.value(s.args[1])
	if !ok1 || !ok2 || from > to || int64(to)-int64(from) >= mostTurns {
		return nil, nil, nil
	}
	turns := func(body []*stmt) *stmt {
		return &stmt{kind: syntax.ForStmt, verb: s.verb, name: s.name, args: s.args, body: body, end: &stmt{kind: syntax.EndStmt}}
	}
	b := p.bodyParts(s)
	if b == nil {
		return nil, nil, nil
	}
	// What overlaps something of the rest keeps its place.
	known := p.known()
	for again := true; again; {
		again = false
		var moves []frame
		for i, x := range s.body {
			if b.still[i] == nil {
				f, ok := p.reachOf(x, known)
				if !ok {
					return nil, nil, nil
				}
				moves = append(moves, f)
			}
		}
		for i, x := range b.still {
			if x == nil {
				continue
			}
			if f, ok := p.reachOf(turns([]*stmt{x}), known); !ok || slices.ContainsFunc(moves, f.meets) {
				b.still[i], again = nil, true
			}
		}
	}
	var once, left []*stmt
	for i, x := range s.body {
		if b.still[i] != nil {
			once = append(once, b.still[i])
		} else {
			left = append(left, x.clone())
		}
	}
	if len(once) == 0 {
		return nil, nil, nil
	}
	rest = turns(left)
	rest.tail, rest.end.lead, rest.end.tail = s.tail, s.end.lead, s.end.tail
	return b.ink, turns(once), rest
}

// bodyParts are the statements of a loop's body, as they would be drawn on their own, if
// they always draw the same in the same turn; nil: that cannot be told of the loop.
type bodyParts struct {
	still []*stmt // by their place; nil: it is not
	ink   *expr   // of all of them that need one
}

func (p *program) bodyParts(s *stmt) *bodyParts {
	b := &bodyParts{still: make([]*stmt, len(s.body))}
	values := map[string]*expr{} // of the names that were set in this turn
	own := map[string]bool{s.name: true}
	colored := false
	var ink *expr // of the COLOR before, if it is known
	for i, x := range s.body {
		switch {
		case x.isOp(isa.COLOR):
			if colored, ink = true, nil; len(x.args) == 1 {
				if _, ok := p.value(x.args[0]); ok {
					ink = x.args[0]
				}
			}
			continue
		case x.kind == syntax.SetStmt && len(x.index) == 0 && x.join == "":
			v := x.args[0].replaced(values)
			delete(values, x.name)
			if v.pure() && !p.faults(v) && fixed(p, v, own) {
				values[x.name] = v
			}
			continue
		}
		strange := false
		each([]*stmt{x}, func(y *stmt) {
			strange = strange || y.isOp(isa.COLOR) || y.isOp(isa.CLIP) || y.isOp(isa.CAMERA) || y.kind == syntax.BreakStmt || y.kind == syntax.ContinueStmt
			if y.kind == syntax.SetStmt || y.kind == syntax.ForStmt {
				delete(values, y.name)
			}
		})
		if strange || x.inked() && !colored {
			return nil // the ink before the loop is not the one behind its still part
		}
		if x.kind != syntax.OpStmt || x.opens() || !stillOp(x.op) {
			continue
		}
		y := x.clone()
		y.change(func(e *expr) *expr { return e.replaced(values) })
		if !stillIn(p, []*stmt{y}, maps.Clone(own)) || !p.safe(y) {
			continue
		}
		if y.inked() {
			if ink == nil || b.ink != nil && !b.ink.same(ink) {
				continue
			}
			b.ink = ink
		}
		b.still[i] = y
	}
	return b
}

// replaced puts values in place of names.
func (e *expr) replaced(values map[string]*expr) *expr {
	return e.rewrite(func(x *expr) *expr {
		if v := values[x.name]; x.kind == name && v != nil {
			return v
		}
		return x
	})
}

// deadColors takes a COLOR away that another follows before anything is drawn in it.
func deadColors(p *program, out *proposals) {
	for k, l := range p.lists() {
		if l.each {
			continue
		}
		for i, s := range *l.at {
			if s.isOp(isa.COLOR) && p.safe(s) && s.pure() && p.colorsFirst((*l.at)[i+1:]) {
				q, at := p.edit(k)
				replace(at, i, 1)
				out.add(q, true, "take away a "+s.head()+" that nothing is drawn in")
			}
		}
	}
}

// colorsFirst says that statements give a COLOR before they draw with the one they begin
// with.
func (p *names) colorsFirst(body []*stmt) bool {
	for _, s := range body {
		if s.isOp(isa.COLOR) {
			return true
		}
		if s.kind == syntax.ForStmt && len(s.args) == 2 && s.straight() {
			from, ok1 := p.value(s.args[0])
			to, ok2 := p.value(s.args[1])
			if ok1 && ok2 && from <= to && p.colorsFirst(s.body) {
				return true
			}
		}
		if !s.straight() || s.raw != "" || s.inked() {
			return false
		}
	}
	return false
}
