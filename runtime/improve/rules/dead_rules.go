package rules

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// deadSets takes away what nobody reads.
func deadSets(p *program, out *proposals) {
	read := map[string]bool{}
	each(p.body, func(s *stmt) {
		if s.kind == syntax.ForStmt {
			read[s.name] = true // it is counted up
		}
		s.exprs(func(e *expr) {
			for n := range e.names() {
				// A SET reads its own name for nobody, unless the value is seen in another
				// way: by an error, or by the random numbers.
				if !(s.kind == syntax.SetStmt && s.name == n && len(s.index) == 0 && e.pure() && !p.faults(e)) {
					read[n] = true
				}
			}
		})
	})
	for k, l := range p.lists() {
		for i, s := range *l.at {
			if s.kind != syntax.SetStmt || len(s.index) > 0 || s.raw != "" || !s.args[0].pure() || p.faults(s.args[0]) {
				continue
			}
			dead := !read[s.name] || s.args[0].isName(s.name)
			if !dead && i+1 < len(*l.at) {
				n := (*l.at)[i+1] // it is set again at once
				dead = n.kind == syntax.SetStmt && len(n.index) == 0 && n.name == s.name && !n.args[0].reads(s.name) && n.args[0].pure()
			}
			if dead {
				q, at := p.edit(k)
				replace(at, i, 1)
				out.add(q, true, "take away a SET that nobody reads")
			} else if l.def == nil {
				mergeSets(p, k, i, out)
			}
		}
	}
}

// mergeSets makes one of two SETs of a name, where the second reads the first once and
// nothing between them does, or changes what it is made of.
func mergeSets(p *program, k, i int, out *proposals) {
	l := *p.lists()[k].at
	s := l[i]
	if p.faults(s.args[0]) {
		return
	}
	j := i + 1
	for ; j < len(l); j++ {
		n := l[j]
		if n.kind != syntax.SetStmt || len(n.index) > 0 || n.join != "" || !n.args[0].pure() {
			return
		}
		if n.name == s.name {
			break
		}
		if n.reads(s.name) || s.args[0].reads(n.name) {
			return
		}
	}
	if j == len(l) {
		return
	}
	uses := 0
	l[j].args[0].walk(func(x *expr) {
		if x.isName(s.name) {
			uses++
		}
	})
	if uses != 1 {
		return
	}
	q, at := p.edit(k)
	c := (*at)[j].clone()
	c.args[0] = c.args[0].substitute(s.name, s.args[0])
	replace(at, j, 1, c)
	replace(at, i, 1)
	out.add(q, true, "make one SET of two")
}

// unusedNames takes away procedures and lists that nothing mentions.
func unusedNames(p *program, out *proposals) {
	used := map[string]bool{}
	each(p.body, func(s *stmt) {
		if s.kind == syntax.CallStmt || s.isOp(isa.SPR) || s.kind == syntax.SetStmt {
			used[s.name] = true
		}
		s.exprs(func(e *expr) {
			e.walk(func(x *expr) {
				if x.name != "" {
					used[x.name] = true
				}
			})
		})
	})
	for i, s := range p.body {
		switch s.kind {
		case syntax.DefStmt, syntax.TableStmt, syntax.ArrayStmt:
			if !used[s.name] && s.name != "" {
				q := p.copy()
				replace(&q.body, i, 1)
				out.add(q, true, "take away "+s.name+", which nothing uses")
			}
		}
	}
}
