package search

import (
	"maps"

	"gvpie/runtime/improve/solver"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// block follows statements [from, end).
func (r *reading) block(from, end int32) {
	for i := from; i < end; {
		i = r.statement(i)
	}
}

// statement follows one statement and its block, and gives the next one.
func (r *reading) statement(i int32) int32 {
	s := &r.t.Stmts[i]
	if s.Kind == syntax.IfStmt {
		return r.choice(i)
	}
	calls := r.calls(s)
	if calls {
		r.forget()
	}
	if s.Kind != syntax.WhileStmt { // whose condition is asked in its loop
		r.values(i)
	}
	if calls {
		r.forget()
	}
	switch {
	case s.Kind == syntax.SetStmt && s.Index == syntax.None:
		r.assign(i)
	case s.Kind == syntax.LabelStmt, s.Kind == syntax.LocalStmt, s.Kind == syntax.CallStmt,
		s.Kind == syntax.OpStmt && (s.Op == isa.FRAME || s.Op == isa.CALL):
		r.forget()
	case s.Kind == syntax.DefStmt:
		r.forget()
		r.block(i+1, s.Match)
		r.forget()
		return s.Match + 1
	case s.Kind == syntax.WhileStmt, s.Kind == syntax.ForStmt:
		r.loop(i)
		return s.Match + 1
	case s.IsEach():
		r.texels(i)
		return s.Match + 1
	}
	return i + 1
}

// assign follows a SET of a variable. A value that may fault has not, once it was given.
func (r *reading) assign(i int32) {
	s := &r.t.Stmts[i]
	n := r.t.Text(s.Name, s.NameEnd)
	e, clean := r.value(r.t.Args[s.Arg])
	d := r.define(n)
	d.stmt, d.meant = i, nil
	if clean && !mayFault(e) {
		d.meant = e
		d.size, _ = r.count(r.t.Args[s.Arg])
	} else {
		e = r.unknown(n)
	}
	r.env.set[n] = e
}

// calls says whether a procedure is called in an expression of a statement: it may change
// any name.
func (r *tree) calls(s *syntax.Stmt) bool {
	found := false
	for _, n := range r.roots(s) {
		r.walk(n, func(_ int32, x *syntax.Expr) { found = found || x.Kind == syntax.ProcExpr })
	}
	return found
}

// roots gives the expressions of a statement, outermost ones alone.
func (r *tree) roots(s *syntax.Stmt) (out []int32) {
	for _, n := range [...]int32{s.Index, s.Index2} {
		if n != syntax.None && s.Kind != syntax.LabelStmt {
			out = append(out, n)
		}
	}
	if s.Declares() {
		return nil
	}
	out = append(out, r.t.Args[s.Arg:s.ArgEnd]...)
	for _, p := range r.t.Parts[s.Part:s.PartEnd] {
		if p.Expr != syntax.None {
			out = append(out, p.Expr)
		}
	}
	return out
}

// changed gives the names that statements [from, end) give a value; closed is false where
// more may happen to names than that: a jump comes in, or a frame or a procedure passes.
func (r *tree) changed(from, end int32) (names map[string]bool, closed bool) {
	names, closed = map[string]bool{}, true
	for i := from; i < end; i++ {
		s := &r.t.Stmts[i]
		switch s.Kind {
		case syntax.SetStmt:
			if s.Index == syntax.None {
				names[r.t.Text(s.Name, s.NameEnd)] = true
			}
		case syntax.ForStmt:
			names[r.t.Text(s.Name, s.NameEnd)] = true
		case syntax.LabelStmt, syntax.CallStmt, syntax.LocalStmt, syntax.DefStmt:
			closed = false
		case syntax.OpStmt:
			closed = closed && s.Op != isa.FRAME && s.Op != isa.CALL
		}
		closed = closed && !r.calls(s)
	}
	return names, closed
}

// lose makes names fresh variables, or all of them.
func (r *reading) lose(names map[string]bool, closed bool) {
	if !closed {
		r.forget()
		return
	}
	for n := range names {
		r.env.set[n] = r.unknown(n)
	}
	for n := range r.foreign {
		r.env.set[n] = r.unknown(n)
	}
}

// loop follows a WHILE or a FOR.
func (r *reading) loop(i int32) {
	s := &r.t.Stmts[i]
	names, closed := r.changed(i+1, s.Match)
	of := ""
	var from, to int32
	counted := false
	if s.Kind == syntax.ForStmt {
		of = r.t.Text(s.Name, s.NameEnd)
		from, to, counted = r.counts(s)
		counted = counted && closed && !names[of]
		names[of] = true
	}
	r.lose(names, closed)
	if counted {
		r.env.set[of] = r.fresh(solver.Range{Lo: from, Hi: to})
	}
	if s.Kind == syntax.WhileStmt {
		r.values(i)
	}
	r.depth++
	r.block(i+1, s.Match)
	r.depth--
	r.lose(names, closed)
}

// counts gives the numbers that a FOR goes through, where it says them.
func (r *reading) counts(s *syntax.Stmt) (from, to int32, known bool) {
	args := r.t.Args[s.Arg:s.ArgEnd]
	a, _ := r.value(args[0])
	b, _ := r.value(args[1])
	if a.Kind != solver.Number || b.Kind != solver.Number || a.Val > b.Val {
		return 0, 0, false
	}
	if len(args) > 2 {
		if step, _ := r.value(args[2]); step.Kind != solver.Number || step.Val <= 0 {
			return 0, 0, false
		}
	}
	return a.Val, b.Val, true
}

// texels follows an EACH: its names are copies.
func (r *reading) texels(i int32) {
	s := &r.t.Stmts[i]
	was := r.env
	r.env = &scope{set: maps.Clone(was.set), base: was.base}
	w, _ := r.facts.Value("W")
	h, _ := r.facts.Value("H")
	place := [4]int32{0, 0, w, h}
	for k, n := range r.t.Args[s.Arg:s.ArgEnd] {
		if e, _ := r.value(n); k < len(place) && e.Kind == solver.Number {
			place[k] = isa.ClampCoord(e.Val)
		} else if k < len(place) {
			place = [4]int32{0, 0, w, h}
			break
		}
	}
	axis := func(at, size, all int32) *solver.Expr {
		lo, hi := max(0, at), min(all, at+size)-1
		if lo > hi {
			lo, hi = 0, all-1 // it paints nothing
		}
		return r.fresh(solver.Range{Lo: lo, Hi: hi})
	}
	r.env.set["px"], r.env.set["py"] = axis(place[0], place[2], w), axis(place[1], place[3], h)
	r.each = true
	r.block(i+1, s.Match)
	r.each = false
	r.env = was
}

// choice follows an IF and its ELSEs, and gives the statement behind them.
func (r *reading) choice(i int32) int32 {
	was := r.env
	var conditions []*solver.Expr
	var ends []map[string]*solver.Expr
	clean, closed, last := true, true, false
	all := map[string]bool{}
	at := i
	var next int32
	for {
		s := &r.t.Stmts[at]
		if s.Kind != syntax.ElseStmt {
			if r.calls(s) {
				r.forget()
				was, closed = r.env, false
			}
			r.values(at)
			c, ok := r.value(r.t.Args[s.Arg])
			conditions, clean = append(conditions, c), clean && ok && !mayFault(c)
		} else {
			last = true
		}
		from, end := at+1, s.Match
		if s.Inline {
			for end = from + 1; r.t.Stmts[end-1].Chained; end++ {
			}
		}
		names, whole := r.changed(from, end)
		closed = closed && whole
		for n := range names {
			all[n] = true
		}
		r.env = &scope{set: maps.Clone(was.set), base: was.base}
		r.depth++
		r.block(from, end)
		r.depth--
		ends = append(ends, r.env.set)
		if s.Inline {
			next = end
			break
		}
		if k := r.t.Stmts[s.Match].Kind; k != syntax.ElseIfStmt && k != syntax.ElseStmt {
			next = s.Match + 1
			break
		}
		at = s.Match
		r.env = was
	}
	r.env = was
	if !closed {
		r.forget()
		return next
	}
	before := &scope{set: maps.Clone(was.set), base: was.base}
	for n := range all {
		r.env = before
		var otherwise *solver.Expr
		if !last {
			otherwise = r.worth(n)
		}
		was.set[n] = r.merged(n, conditions, ends, otherwise, clean)
	}
	r.env = was
	r.lose(nil, true)
	if len(all) == 1 && clean && r.meet == nil {
		r.wholeIf(i, next, before, all)
	}
	return next
}

// merged is what a name is worth behind an IF; otherwise is what it is where no branch was
// taken, nil if one always is.
func (r *reading) merged(n string, conditions []*solver.Expr, ends []map[string]*solver.Expr, otherwise *solver.Expr, clean bool) *solver.Expr {
	if !clean {
		return r.unknown(n)
	}
	at := func(k int) *solver.Expr {
		if e := ends[k][n]; e != nil {
			return e
		}
		return r.worth(n)
	}
	e := otherwise
	if e == nil {
		e = at(len(ends) - 1)
	}
	for k := len(conditions) - 1; k >= 0; k-- {
		e = r.sized(&solver.Expr{Kind: solver.Choice, Args: []*solver.Expr{conditions[k], at(k), e}})
	}
	if r.sizes[e] > mostKnown {
		return r.unknown(n)
	}
	return e
}
