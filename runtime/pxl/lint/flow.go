package lint

import (
	"sort"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// graph says which statements may follow which. A node is a statement by its
// number; that of the test of an ELSE IF, which is passed over from above, is its
// own; the last one is the end of the program.
type graph struct {
	next  [][2]int32 // of each node; none is syntax.None
	calls []int32    // where a CALL goes, or None
	procs [][]int32  // the DEFs of the procedures that it calls
	loop  []int32    // the WHILE or FOR that an END belongs to, or None
	test  map[int32]int32
	end   int32
}

// flow warns of where a run goes, and where it does not.
func (l *linter) flow() {
	g := l.graph()
	l.unreachable(g)
	l.fallsInto(g)
	l.neverShown(g)
	l.loopVariables(g)
}

func (l *linter) graph() *graph {
	n := int32(len(l.Stmts))
	none := [2]int32{syntax.None, syntax.None}
	g := &graph{next: make([][2]int32, n), calls: make([]int32, n), procs: make([][]int32, n), loop: make([]int32, n), test: map[int32]int32{}}
	for i := range l.Stmts {
		if l.Stmts[i].Kind == syntax.ElseIfStmt {
			g.test[int32(i)] = int32(len(g.next))
			g.next = append(g.next, none)
		}
	}
	g.end = int32(len(g.next))
	g.next = append(g.next, none)
	unclosed, where := l.unclosed()
	after := func(i int32) int32 {
		if o, ok := unclosed[i+1]; ok && i >= o && l.Stmts[o].Kind != syntax.IfStmt && l.Stmts[o].Kind != syntax.OpStmt {
			return o
		}
		if i+1 < n {
			return i + 1
		}
		return g.end
	}
	// otherwise is where the false side of a part of an IF goes on.
	otherwise := func(part int32) int32 {
		if part == syntax.None {
			return g.end
		}
		if l.Stmts[part].Kind == syntax.ElseIfStmt {
			return g.test[part]
		}
		return after(part)
	}
	past := func(opener int32) int32 {
		if end := l.Stmts[opener].Match; end != syntax.None {
			return after(end)
		}
		if at, ok := where[opener]; ok && at < n {
			return at
		}
		return g.end
	}
	labels := l.labelStatements()
	// chain is the END of each part of an IF.
	chain := make([]int32, n)
	for i := n - 1; i >= 0; i-- {
		chain[i] = syntax.None
		if m := l.Stmts[i].Match; m != syntax.None && l.Stmts[i].Kind != syntax.EndStmt {
			if chain[i] = chain[m]; l.Stmts[m].Kind == syntax.EndStmt {
				chain[i] = m
			}
		}
	}
	var loops []int32
	for k := range l.Stmts {
		i := int32(k)
		s := &l.Stmts[i]
		g.calls[i], g.loop[i] = syntax.None, syntax.None
		next := [2]int32{after(i), syntax.None}
		for k := s.Expr; k < s.ExprEnd; k++ {
			if x := &l.Exprs[k]; x.Kind == syntax.ProcExpr && l.Calls[x.Val].Proc != syntax.None {
				g.procs[i] = append(g.procs[i], l.scope.Procs[l.Calls[x.Val].Proc].Def)
			}
		}
		switch s.Kind {
		case syntax.DefStmt:
			next[0] = past(i)
		case syntax.ReturnStmt:
			next[0] = syntax.None
		case syntax.IfStmt:
			if s.Inline {
				j := i + 1
				for j < n && (l.Stmts[j].Kind == syntax.IfStmt && l.Stmts[j].Inline || l.Stmts[j].Chained) {
					j++
				}
				next[1] = after(min(j, n-1))
				break
			}
			next[1] = otherwise(s.Match)
		case syntax.ElseIfStmt, syntax.ElseStmt:
			// From above: on to the END.
			if s.Kind == syntax.ElseIfStmt {
				g.next[g.test[i]] = [2]int32{after(i), otherwise(s.Match)}
			}
			next[0] = g.end
			if chain[i] != syntax.None {
				next[0] = chain[i]
			}
		case syntax.WhileStmt:
			loops = append(loops, i)
			if !l.always(s) {
				next[1] = past(i)
			}
		case syntax.ForStmt:
			loops = append(loops, i)
			next[1] = past(i)
		case syntax.EndStmt:
			if o := s.Match; o != syntax.None && l.Stmts[o].Kind == syntax.DefStmt {
				next[0] = syntax.None
			} else if o != syntax.None && (l.Stmts[o].Kind == syntax.WhileStmt || l.Stmts[o].Kind == syntax.ForStmt) {
				next[0], g.loop[i] = o, o
				if len(loops) > 0 {
					loops = loops[:len(loops)-1]
				}
			}
		case syntax.BreakStmt:
			if len(loops) > 0 {
				next[0] = past(loops[len(loops)-1])
			}
		case syntax.ContinueStmt:
			if len(loops) > 0 {
				next[0] = loops[len(loops)-1]
			}
		case syntax.OpStmt:
			switch s.Op {
			case isa.HALT, isa.RET:
				next[0] = syntax.None
			case isa.JMP:
				if next[0] = l.target(s, labels); next[0] == syntax.None {
					next[0] = g.end // unknown, and reported
				}
			case isa.CALL:
				g.calls[i] = l.target(s, labels)
			case isa.EACH:
				next[1] = past(i)
			}
		}
		g.next[i] = next
	}
	return g
}

// unclosed gives, for the statement that follows a block without an END, the opener
// of that block, the innermost; and for the opener that statement.
func (l *linter) unclosed() (opener, after map[int32]int32) {
	out, after := make(map[int32]int32), make(map[int32]int32)
	for o, p := range l.Unclosed {
		place := l.Files.Offset(p)
		at := sort.Search(len(l.Stmts), func(i int) bool { return l.Files.Offset(l.Stmts[i].Pos) >= place })
		after[o] = int32(at)
		if was, ok := out[int32(at)]; !ok || was < o {
			out[int32(at)] = o
		}
	}
	return out, after
}

// always says whether the condition of a WHILE is a number that is not 0.
func (l *linter) always(s *syntax.Stmt) bool {
	if s.Arg == s.ArgEnd {
		return false
	}
	n := &l.Exprs[l.Args[s.Arg]]
	return n.Kind == syntax.NumExpr && n.Val != 0 || syntax.EqualFold(l.Text(n.Pos, n.End), "TRUE")
}

// placed is a label of a body, or of the program outside all.
type placed struct {
	name string
	def  int32
}

// labelStatements gives the statement of each label.
func (l *linter) labelStatements() map[placed]int32 {
	out := make(map[placed]int32, len(l.scope.LabelList))
	for i := range l.Stmts {
		if s := &l.Stmts[i]; s.Kind == syntax.LabelStmt {
			at := placed{l.Text(s.Name, s.NameEnd), s.Def}
			if _, ok := out[at]; !ok {
				out[at] = int32(i)
			}
		}
	}
	return out
}

// target gives the statement that a JMP or CALL goes to; that of the nearest label
// if there is none of that name, as its fix would.
func (l *linter) target(s *syntax.Stmt, labels map[placed]int32) int32 {
	name := l.Text(s.Name, s.NameEnd)
	if i, ok := labels[placed{name, s.Def}]; ok {
		return i
	}
	if len(labels) < 1000 {
		names := make([]string, 0, len(labels))
		for _, x := range l.scope.LabelList {
			if x.Def == s.Def {
				names = append(names, x.Name)
			}
		}
		if i, ok := labels[placed{syntax.Nearest(name, names, false), s.Def}]; ok {
			return i
		}
	}
	return syntax.None
}

// reach marks what can be reached from some nodes, a CALL going on behind it.
func (g *graph) reach(seen []bool, from ...int32) {
	for len(from) > 0 {
		i := from[len(from)-1]
		from = from[:len(from)-1]
		if i == syntax.None || seen[i] {
			continue
		}
		seen[i] = true
		from = append(from, g.next[i][0], g.next[i][1])
	}
}

// unreachable warns of statements that no run comes to.
func (l *linter) unreachable(g *graph) {
	seen := make([]bool, len(g.next))
	roots := []int32{0}
	for i := range l.Stmts {
		switch l.Stmts[i].Kind {
		case syntax.LabelStmt:
			roots = append(roots, int32(i))
		case syntax.DefStmt:
			roots = append(roots, l.body(int32(i)))
		}
	}
	g.reach(seen, roots...)
	told := false
	for i := range l.Stmts {
		s := &l.Stmts[i]
		if t, ok := g.test[int32(i)]; seen[i] || ok && seen[t] || s.InEach {
			told = false
			continue
		}
		switch s.Kind {
		case syntax.EndStmt, syntax.ElseStmt, syntax.ElseIfStmt, syntax.DefStmt, syntax.LocalStmt:
			continue
		}
		if told || s.Declares() {
			continue
		}
		told = true
		why := "the lines before never come to an end"
		for k := i - 1; k >= 0; k-- {
			b := &l.Stmts[k]
			if b.Kind == syntax.OpStmt && (b.Op == isa.HALT || b.Op == isa.JMP || b.Op == isa.RET) || b.Kind == syntax.BreakStmt || b.Kind == syntax.ContinueStmt || b.Kind == syntax.ReturnStmt {
				why = "the " + verbOf(l.Text(b.Pos, b.End)) + " before it goes elsewhere"
				if b.Op == isa.HALT && b.Kind == syntax.OpStmt {
					why = "the HALT before it ends the program"
				}
			}
			if b.Kind != syntax.EndStmt && b.Kind != syntax.ElseStmt && !b.Declares() {
				break
			}
		}
		l.warn(syntax.CodeUnreachable, s.Pos, s.End, nil, "nothing comes here: %s, and no label stands here", why)
	}
}

// body gives where the body of a DEF begins.
func (l *linter) body(def int32) int32 {
	if def+1 < int32(len(l.Stmts)) {
		return def + 1
	}
	return def
}

// fallsInto warns of a run that goes on into a subroutine without a CALL, in the main
// part and in the body of each procedure.
func (l *linter) fallsInto(g *graph) {
	called := make(map[int32]bool)
	for _, t := range g.calls {
		if t != syntax.None {
			called[t] = true
		}
	}
	if len(called) == 0 {
		return
	}
	l.fallsFrom(g, called, 0, syntax.None)
	for i := range l.scope.Procs {
		def := l.scope.Procs[i].Def
		l.fallsFrom(g, called, l.body(def), def)
	}
}

// fallsFrom does so of what begins at a statement, the main part or a body.
func (l *linter) fallsFrom(g *graph, called map[int32]bool, start, def int32) {
	main := make([]bool, len(g.next))
	g.reach(main, start)
	returns := false
	for i := range l.Stmts {
		returns = returns || main[i] && l.Stmts[i].Kind == syntax.OpStmt && l.Stmts[i].Op == isa.RET
	}
	if !returns {
		return
	}
	what, end := "program", "end the main part with HALT"
	verb := "HALT"
	if def != syntax.None {
		what, end, verb = "procedure", "end what comes before with RETURN", "RETURN"
	}
	for k := range l.Stmts {
		i := int32(k)
		if !called[i] || !main[i] {
			continue
		}
		name := syntax.Quoted(l.Text(l.Stmts[i].Name, l.Stmts[i].NameEnd))
		before := i - 1
		for before >= start && (l.Stmts[before].Declares() || l.Stmts[before].Kind == syntax.LabelStmt || l.Stmts[before].Kind == syntax.LocalStmt) {
			before--
		}
		s := &l.Stmts[i]
		if before < start {
			l.warn(syntax.CodeFallsInto, s.Pos, s.End, nil, "the %s begins in the subroutine %s, whose RET has no CALL to go back to: put the main part before it, ended by %s", what, name, verb)
			return
		}
		if !main[before] || g.next[before][0] != before+1 && g.next[before][1] != before+1 || l.Stmts[before].InEach {
			continue
		}
		line, begin := l.lineOf(s.Pos)
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		fix := titled(l.replacing(begin, begin, indent+verb+"\n"), "put "+verb+" before it")
		l.warn(syntax.CodeFallsInto, s.Pos, s.End, fix, "the %s runs on into the subroutine %s, whose RET has no CALL to go back to: %s", what, name, end)
		return
	}
}

// verbOf is the word that a statement begins with.
func verbOf(s string) string {
	n := 0
	for n < len(s) && syntax.IsLetter(s[n]) {
		n++
	}
	return s[:n]
}
