package check

import (
	"slices"

	"gvpie/runtime/pxl/syntax"
)

// coreOnly notes what keeps the procedure that a statement stands in out of blocks.
func (c *checker) coreOnly(s *syntax.Stmt, at syntax.Pos, what string) {
	if p := c.Proc(s.Def); p != nil && !s.InEach && p.core.at == 0 {
		p.core = reason{at, what}
	}
}

// texelOnly notes what lets only blocks call the procedure that a statement stands in.
func (c *checker) texelOnly(s *syntax.Stmt, at syntax.Pos, what string) {
	if p := c.Proc(s.Def); p != nil && !s.InEach && p.texel.at == 0 {
		p.texel = reason{at, what}
	}
}

// callGraph finds which procedures call which, and reports those that stand where they
// may not.
func (c *checker) callGraph() {
	if len(c.Procs) == 0 {
		return
	}
	called := make([]bool, len(c.Procs)) // from anywhere
	var roots []int32                    // called outside all bodies and blocks
	each := func(yield func(s *syntax.Stmt, n *syntax.Expr, proc int32)) {
		for i := range c.Stmts {
			s := &c.Stmts[i]
			if s.Failed || s.Kind == syntax.BadStmt {
				continue
			}
			for k := s.Expr; k < s.ExprEnd; k++ {
				if n := &c.Exprs[k]; n.Kind == syntax.ProcExpr && c.Calls[n.Val].Proc != syntax.None {
					yield(s, n, c.Calls[n.Val].Proc)
				}
			}
		}
	}
	inBlock := func(s *syntax.Stmt) bool { return s.InEach && !s.IsEach() }
	have := make(map[[2]int32]bool)
	each(func(s *syntax.Stmt, n *syntax.Expr, proc int32) {
		called[proc] = true
		switch from := c.ProcOf(s.Def); {
		case inBlock(s):
		case from == syntax.None:
			roots = append(roots, proc)
		case !have[[2]int32{from, proc}]:
			have[[2]int32{from, proc}] = true
			c.Procs[from].Calls = append(c.Procs[from].Calls, proc)
		}
	})
	c.circles()
	both := func(i int32) bool { return c.Procs[i].texel.at != 0 && c.Procs[i].core.at != 0 }
	c.neither(both)
	for i := range c.Procs {
		if !called[i] && c.Procs[i].texel.at == 0 {
			roots = append(roots, int32(i))
		}
	}
	each(func(s *syntax.Stmt, n *syntax.Expr, proc int32) {
		p := &c.Procs[proc]
		switch {
		case both(proc): // said at its DEF
		case inBlock(s) && p.core.at != 0:
			c.Errorf(syntax.CodeNotInEach, n.Pos, c.Calls[n.Val].NameEnd, "%s cannot be called inside EACH: on %s it holds what no block may, %s", syntax.Quoted(p.Name), c.Files.Where(p.core.at, n.Pos), p.core.what)
		case inBlock(s) && p.Recursive:
			c.Errorf(syntax.CodeNotInEach, n.Pos, c.Calls[n.Val].NameEnd, "%s cannot be called inside EACH: it calls itself", syntax.Quoted(p.Name))
		case !inBlock(s) && s.Def == syntax.None && p.texel.at != 0:
			c.Errorf(syntax.CodeOnlyInEach, n.Pos, c.Calls[n.Val].NameEnd, "%s is for EACH blocks, and none is open here: on %s it holds %s", syntax.Quoted(p.Name), c.Files.Where(p.texel.at, n.Pos), p.texel.what)
		}
	})
	for len(roots) > 0 {
		p := &c.Procs[roots[len(roots)-1]]
		roots = roots[:len(roots)-1]
		if !p.Body {
			p.Body = true
			roots = append(roots, p.Calls...)
		}
	}
}

// neither reports the procedures that hold what is for blocks alone and what no block
// may hold, but for those that only call such a one.
func (c *checker) neither(both func(proc int32) bool) {
	first, told := syntax.None, false
	report := func(i int32) {
		p := &c.Procs[i]
		c.Errorf(syntax.CodeNotInEach, p.Pos, p.End, "%s is neither for blocks nor for the main part: it holds %s, on %s, and %s, on %s", syntax.Quoted(p.Name), p.texel.what, c.Files.Where(p.texel.at, p.Pos), p.core.what, c.Files.Where(p.core.at, p.Pos))
	}
	for i := range c.Procs {
		if !both(int32(i)) {
			continue
		}
		if first == syntax.None {
			first = int32(i)
		}
		if !slices.ContainsFunc(c.Procs[i].Calls, both) {
			report(int32(i))
			told = true
		}
	}
	if first != syntax.None && !told {
		report(first)
	}
}

// circles marks the procedures that can be called again before they return, and gives
// each what those that it calls say of blocks. Those of a circle are found together, as
// Tarjan does; what they call is done before them.
func (s *Scope) circles() {
	n := len(s.Procs)
	at, low := make([]int, n), make([]int, n) // in the order they were come to, from 1
	on := make([]bool, n)
	var stack []int32
	count := 0
	type visit struct{ proc, next int32 }
	for root := range s.Procs {
		if at[root] != 0 {
			continue
		}
		todo := []visit{{int32(root), 0}}
		for len(todo) > 0 {
			v := &todo[len(todo)-1]
			i := v.proc
			if at[i] == 0 {
				count++
				at[i], low[i] = count, count
				stack, on[i] = append(stack, i), true
			}
			if calls := s.Procs[i].Calls; int(v.next) < len(calls) {
				to := calls[v.next]
				v.next++
				switch {
				case to == i:
					s.Procs[i].Recursive = true
				case at[to] == 0:
					todo = append(todo, visit{to, 0})
				case on[to]:
					low[i] = min(low[i], at[to])
				}
				continue
			}
			todo = todo[:len(todo)-1]
			if len(todo) > 0 {
				caller := todo[len(todo)-1].proc
				low[caller] = min(low[caller], low[i])
			}
			if low[i] != at[i] {
				continue
			}
			first := len(stack) - 1
			for stack[first] != i {
				first--
			}
			circle := stack[first:]
			stack = stack[:first]
			s.joined(circle)
			for _, k := range circle {
				on[k] = false
			}
		}
	}
}

// joined gives the procedures of a circle, or one alone, what they have from each other
// and from those that they call.
func (s *Scope) joined(circle []int32) {
	var texel, core reason
	first := func(r *reason, of reason) {
		if r.at == 0 {
			*r = of
		}
	}
	for _, i := range circle {
		first(&texel, s.Procs[i].texel)
		first(&core, s.Procs[i].core)
		for _, to := range s.Procs[i].Calls {
			first(&texel, s.Procs[to].texel)
			first(&core, s.Procs[to].core)
		}
	}
	for _, i := range circle {
		p := &s.Procs[i]
		p.Recursive = p.Recursive || len(circle) > 1
		first(&p.texel, texel)
		first(&p.core, core)
	}
}
