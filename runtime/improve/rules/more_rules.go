package rules

import (
	"fmt"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// trimmedLoop draws only those rows of a loop that nothing behind it draws over.
func trimmedLoop(p *program, out *proposals) {
	if p.has(isa.CLIP) || p.has(isa.CAMERA) || p.cell {
		return
	}
	for k, l := range p.lists() {
		if l.each {
			continue
		}
		for i, s := range *l.at {
			if s.kind != syntax.ForStmt || len(s.body) != 1 || len(s.args) > 2 || !p.safe(s) || !s.pure() {
				continue
			}
			b := boxOf(s.body[0])
			from, okFrom := p.value(s.args[0])
			to, okTo := p.value(s.args[1])
			if b == nil || !okFrom || !okTo || readElsewhere(p, s.name, s) {
				continue
			}
			column := b.x.isName(s.name) && b.w.isNum(1)
			if !column && !(b.y.isName(s.name) && b.h.isNum(1)) {
				continue
			}
			for _, n := range (*l.at)[i+1:] {
				top := boxOf(n)
				if !p.safe(n) {
					break
				}
				if top == nil {
					continue
				}
				at, size := top.y, top.h
				if column {
					at, size = top.x, top.w
				}
				first, ok1 := p.value(at)
				count, ok2 := p.value(size)
				if !ok1 || !ok2 || first <= from || first > to || int64(first)+int64(count) <= int64(to) {
					continue
				}
				// The rows that go must be covered in whole.
				whole := *b
				other := *top
				if column {
					whole.x, whole.w, other.x, other.w = number(0), number(1), number(0), number(1)
				} else {
					whole.y, whole.h, other.y, other.h = number(0), number(1), number(0), number(1)
				}
				known := true // and nothing between changes what they are made of
				for _, e := range append(whole.exprs()[:4], other.exprs()[:4]...) {
					_, ok := p.value(e)
					known = known && ok && p.near(e, nil)
				}
				if !known || !contains(p, &other, &whole, nil) {
					continue
				}
				q, in := p.edit(k)
				(*in)[i].args[1] = number(first - 1)
				out.add(q, true, fmt.Sprintf("count %s only to what is drawn over", s.name))
				break
			}
		}
	}
}

// countOf adds a comparison instead of asking for it.
func countOf(p *program, out *proposals) {
	for k, l := range p.lists() {
		for i, s := range *l.at {
			if s.kind != syntax.IfStmt || s.other != nil || len(s.body) != 1 {
				continue
			}
			b, c := s.body[0], s.args[0]
			if b.kind != syntax.SetStmt || len(b.index) > 0 || !p.equal(b.args[0], apply("+", named(b.name), number(1))) || c.kind != binary || levels[c.op] != 3 || !c.pure() {
				continue
			}
			q, at := p.edit(k)
			n := set(b.name, apply("+", named(b.name), c))
			n.verb = b.verb
			replace(at, i, 1, n)
			out.add(q, true, "add a comparison to what it counts")
		}
	}
}

// tableOfArray makes a table of an array whose words are set to numbers, each in one
// place, before anything reads it.
func tableOfArray(p *program, out *proposals) {
	c, ok := p.mainLoop()
	for _, d := range p.body {
		if d.kind != syntax.ArrayStmt {
			continue
		}
		name, n := d.name, p.arrays[d.name]
		if !ok || n <= 0 || n > mostTable {
			continue
		}
		values, at := make([]*expr, n), []int{}
		good := true
		for i, s := range p.body {
			if s.raw != "" {
				continue
			}
			if s.kind == syntax.SetStmt && s.name == name && len(s.index) == 1 && s.join == "" {
				index, known := p.value(s.index[0])
				_, number := p.value(s.args[0])
				if known && number && index >= 0 && index < n && values[index] == nil {
					values[index] = s.args[0]
					at = append(at, i)
					continue
				}
				good = false
			}
			good = good && !s.sets(name)
			if s.reads(name) { // all are set by then, and in every frame again
				for _, v := range values {
					good = good && v != nil
				}
				good = good && i > c.label
			}
		}
		if !good || len(at) != int(n) {
			continue
		}
		q := p.copy()
		for j := len(at) - 1; j >= 0; j-- {
			replace(&q.body, at[j], 1)
		}
		text := ".table " + name
		for _, v := range values {
			text += " " + v.operand()
		}
		for _, s := range q.body {
			if s.kind == syntax.ArrayStmt && s.name == name {
				s.raw = text
			}
		}
		out.add(q, true, "make a table of "+name+", which never changes")
	}
}

// together does under one IF what stands under two of one condition that follow each
// other.
func together(p *program, out *proposals) {
	for k, l := range p.lists() {
		for i := 0; i+1 < len(*l.at); i++ {
			a, b := (*l.at)[i], (*l.at)[i+1]
			if a.kind != syntax.IfStmt || b.kind != syntax.IfStmt || a.other != nil || b.other != nil || !a.args[0].same(b.args[0]) || !a.args[0].pure() {
				continue
			}
			ok := true
			for _, s := range a.body {
				ok = ok && s.straight() && !s.setsAny(a.args[0].names())
			}
			if !ok {
				continue
			}
			q, at := p.edit(k)
			first := (*at)[i]
			first.body = append(first.body, (*at)[i+1].body...)
			replace(at, i+1, 1)
			out.add(q, true, "ask once for "+a.args[0].String())
		}
	}
}
