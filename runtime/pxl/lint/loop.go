package lint

import (
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// neverShown warns of loops that a run never leaves and that hold no FRAME.
func (l *linter) neverShown(g *graph) {
	n := len(g.next)
	before := make([][]int32, n) // what a node may follow
	callers := make([][]int32, n)
	for i, next := range g.next {
		for _, t := range next {
			if t != syntax.None {
				before[t] = append(before[t], int32(i))
			}
		}
		if i < len(g.calls) && g.calls[i] != syntax.None {
			callers[g.calls[i]] = append(callers[g.calls[i]], int32(i))
		}
		if i < len(g.procs) {
			for _, def := range g.procs[i] {
				callers[l.body(def)] = append(callers[l.body(def)], int32(i))
			}
		}
	}
	// fine are the nodes from which a run comes to a FRAME or HALT, also in a
	// subroutine, or to the end of what it is in.
	fine := make([]bool, n)
	var shown, left []int32
	left = append(left, g.end)
	for i := range l.Stmts {
		s := &l.Stmts[i]
		if s.Kind == syntax.ReturnStmt || s.Kind == syntax.EndStmt && s.Match != syntax.None && l.Stmts[s.Match].Kind == syntax.DefStmt {
			left = append(left, int32(i))
		}
		if s.Kind != syntax.OpStmt {
			continue
		}
		switch s.Op {
		case isa.FRAME, isa.HALT:
			shown = append(shown, int32(i))
		case isa.RET:
			left = append(left, int32(i))
		}
	}
	spread := func(from []int32, mark []bool, calls bool) {
		for len(from) > 0 {
			i := from[len(from)-1]
			from = from[:len(from)-1]
			if mark[i] {
				continue
			}
			mark[i] = true
			from = append(from, before[i]...)
			if calls {
				from = append(from, callers[i]...)
			}
		}
	}
	spread(shown, fine, true)
	ended := make([]bool, n)
	spread(left, ended, false)
	reached := make([]bool, n)
	roots := []int32{0}
	for _, t := range g.calls {
		if t != syntax.None {
			roots = append(roots, t)
		}
	}
	for i := range l.scope.Procs {
		roots = append(roots, l.body(l.scope.Procs[i].Def))
	}
	g.reach(reached, roots...)
	stuck := func(i int32) bool { return reached[i] && !fine[i] && !ended[i] }
	told := make([]bool, n)
	for k := range l.Stmts {
		i := int32(k)
		s := &l.Stmts[i]
		if !stuck(i) || told[i] || s.InEach {
			continue
		}
		head := syntax.None
		switch {
		case s.Kind == syntax.OpStmt && s.Op == isa.JMP && g.next[i][0] <= i && stuck(g.next[i][0]):
			head = g.next[i][0]
		case s.Kind == syntax.EndStmt && g.loop[i] != syntax.None && l.Stmts[g.loop[i]].Kind == syntax.WhileStmt && l.always(&l.Stmts[g.loop[i]]):
			head = g.loop[i]
		case s.Kind == syntax.WhileStmt && s.Match == syntax.None && l.always(s):
			head = i
		default:
			continue
		}
		draws := false
		for from := []int32{i}; len(from) > 0; {
			j := from[len(from)-1]
			from = from[:len(from)-1]
			if told[j] || !stuck(j) {
				continue
			}
			told[j] = true
			if int(j) < len(l.Stmts) {
				draws = draws || shows(&l.Stmts[j]) || g.calls[j] != syntax.None || len(g.procs[j]) > 0
			}
			from = append(from, before[j]...)
		}
		at := s
		if s.Kind == syntax.EndStmt {
			at = &l.Stmts[head]
		}
		say := "this loop never ends and has no FRAME: the run stops with cycle_limit; a FRAME in it lets each turn be a frame"
		if draws {
			say = "this loop draws and has no FRAME: what it draws is never shown; a FRAME at its end shows each turn"
		}
		var fix *syntax.Fix
		if s.Kind != syntax.WhileStmt {
			fix = l.frameBefore(i)
		}
		l.warn(syntax.CodeNoFrame, at.Pos, at.End, fix, "%s", say)
	}
}

// frameBefore is the fix that puts a FRAME before a statement.
func (l *linter) frameBefore(i int32) *syntax.Fix {
	for i > 0 && l.Stmts[i-1].Kind == syntax.IfStmt && l.Stmts[i-1].Inline {
		i--
	}
	s := &l.Stmts[i]
	line, begin := l.lineOf(s.Pos)
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	text := "FRAME\n" + indent
	if s.Kind == syntax.EndStmt && strings.TrimSpace(line[:s.Pos-begin]) == "" {
		text = "  FRAME\n" + indent
	}
	return titled(l.replacing(s.Pos, s.Pos, text), "put FRAME before it")
}

// maxFollowed bounds the statements of subroutines that are looked at.
const maxFollowed = 100_000

// loopVariables warns of a subroutine or procedure that changes what a FOR around its
// call counts.
func (l *linter) loopVariables(g *graph) {
	type callee struct {
		at   int32 // its first statement
		proc bool
	}
	changed := make(map[callee]map[int32]bool)
	budget := maxFollowed
	var open []int32 // the FOR of each open block, or None
	warn := func(to callee, from, end syntax.Pos) {
		for _, o := range open {
			if o == syntax.None || budget <= 0 {
				continue
			}
			loop := &l.Stmts[o]
			if changed[to] == nil {
				changed[to] = l.changedBy(g, to.at, to.proc, &budget)
			}
			name := l.Text(loop.Name, loop.NameEnd)
			if e, ok := l.scope.Lookup(name, loop.Def); ok && changed[to][e.Val] {
				l.warn(syntax.CodeLoopVariable, from, end, nil, "%s changes %s, which the FOR on %s counts with: use another name in one of them", syntax.Quoted(l.Text(from, end)), syntax.Quoted(name), l.Files.Where(loop.Pos, from))
				return
			}
		}
	}
	for k := range l.Stmts {
		s := &l.Stmts[k]
		switch {
		case s.OpensBlock():
			o := syntax.None
			if s.Kind == syntax.ForStmt {
				o = int32(k)
			}
			open = append(open, o)
		case s.Kind == syntax.EndStmt && len(open) > 0:
			open = open[:len(open)-1]
		case g.calls[k] != syntax.None:
			warn(callee{at: g.calls[k]}, s.Name, s.NameEnd)
		}
		for n := s.Expr; n < s.ExprEnd && len(open) > 0; n++ {
			x := &l.Exprs[n]
			if x.Kind != syntax.ProcExpr || l.Calls[x.Val].Proc == syntax.None || s.Kind == syntax.ForStmt {
				continue
			}
			c := &l.Calls[x.Val]
			warn(callee{l.body(l.scope.Procs[c.Proc].Def), true}, x.Pos, c.NameEnd)
		}
	}
}

// changedBy gives the variables that a subroutine or procedure, with those it calls,
// gives values: of a call's own names those of the body that a subroutine is in alone.
func (l *linter) changedBy(g *graph, start int32, proc bool, budget *int) map[int32]bool {
	out := make(map[int32]bool)
	type visit struct {
		at    int32
		other bool // in another call's body
	}
	seen := make(map[visit]bool)
	for from := []visit{{start, proc}}; len(from) > 0 && *budget > 0; {
		v := from[len(from)-1]
		from = from[:len(from)-1]
		if v.at == syntax.None || seen[v] {
			continue
		}
		seen[v] = true
		*budget--
		from = append(from, visit{g.next[v.at][0], v.other}, visit{g.next[v.at][1], v.other})
		if int(v.at) >= len(l.Stmts) {
			continue
		}
		s := &l.Stmts[v.at]
		from = append(from, visit{g.calls[v.at], v.other})
		for _, def := range g.procs[v.at] {
			from = append(from, visit{l.body(def), true})
		}
		if s.InEach || s.Kind != syntax.ForStmt && (s.Kind != syntax.SetStmt || s.Index != syntax.None) {
			continue
		}
		if e, ok := l.scope.Lookup(l.Text(s.Name, s.NameEnd), s.Def); ok {
			if _, local := check.IsLocal(e.Val); !local || !v.other {
				out[e.Val] = true
			}
		}
	}
	return out
}
