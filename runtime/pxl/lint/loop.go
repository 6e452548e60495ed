package lint

import (
	"strings"

	"gvpie/runtime/isa"
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
	}
	// fine are the nodes from which a run comes to a FRAME or HALT, also in a
	// subroutine, or to the end of what it is in.
	fine := make([]bool, n)
	var shown, left []int32
	left = append(left, g.end)
	for i := range l.Stmts {
		s := &l.Stmts[i]
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
				draws = draws || shows(&l.Stmts[j]) || j < int32(len(g.calls)) && g.calls[j] != syntax.None
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

// loopVariables warns of a subroutine that changes what a FOR around its CALL
// counts.
func (l *linter) loopVariables(g *graph) {
	changed := make(map[int32]map[string]bool) // by the subroutine's first statement
	budget := maxFollowed
	var open []int32 // the FOR of each open block, or None
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
		case g.calls[k] != syntax.None && len(open) > 0 && budget > 0:
			for _, o := range open {
				if o == syntax.None {
					continue
				}
				loop := &l.Stmts[o]
				t := g.calls[k]
				if changed[t] == nil {
					changed[t] = l.changedBy(g, t, &budget)
				}
				if name := l.Text(loop.Name, loop.NameEnd); changed[t][name] {
					l.warn(syntax.CodeLoopVariable, s.Name, s.NameEnd, nil, "%s changes %s, which the FOR on %s counts with: use another name in one of them", syntax.Quoted(l.Text(s.Name, s.NameEnd)), syntax.Quoted(name), l.Files.Where(loop.Pos, s.Pos))
					break
				}
			}
		}
	}
}

// changedBy gives the variables that a subroutine, with those it calls, gives
// values.
func (l *linter) changedBy(g *graph, label int32, budget *int) map[string]bool {
	out := make(map[string]bool)
	seen := make(map[int32]bool)
	for from := []int32{label}; len(from) > 0 && *budget > 0; {
		i := from[len(from)-1]
		from = from[:len(from)-1]
		if i == syntax.None || seen[i] {
			continue
		}
		seen[i] = true
		*budget--
		from = append(from, g.next[i][0], g.next[i][1])
		if int(i) >= len(l.Stmts) {
			continue
		}
		s := &l.Stmts[i]
		from = append(from, g.calls[i])
		if !s.InEach && (s.Kind == syntax.ForStmt || s.Kind == syntax.SetStmt && s.Index == syntax.None) {
			out[l.Text(s.Name, s.NameEnd)] = true
		}
	}
	return out
}
