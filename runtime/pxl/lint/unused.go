package lint

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// shows says whether a statement makes something that can be seen.
func shows(s *syntax.Stmt) bool {
	if s.Kind != syntax.OpStmt {
		return false
	}
	switch isa.Table[s.Op].Group {
	case isa.GroupDraw, isa.GroupTell, isa.GroupTexel:
		return true
	}
	return false
}

// acts says whether the value of a SET may end the run, or takes a random number.
func (l *linter) acts(s *syntax.Stmt) bool {
	for k := s.Expr; k < s.ExprEnd; k++ {
		switch n := &l.Exprs[k]; {
		case n.Kind == syntax.BinaryExpr && (n.Op == isa.DIV || n.Op == isa.MOD) && l.Exprs[n.B].Kind != syntax.NumExpr,
			n.Kind == syntax.CallExpr && (n.Op == isa.RND || n.Op == isa.FDIV), n.Kind == syntax.ArrayExpr, n.Kind == syntax.TableExpr, n.Kind == syntax.ProcExpr:
			return true
		}
	}
	return false
}

// unused warns of variables that are given values and never read, where something
// is drawn or told after that.
func (l *linter) unused() {
	const (
		read    = 1 << iota
		counted // by a FOR, or given a value that does something besides
	)
	seen := make(map[int32]uint8, len(l.scope.Vars))
	note := func(name string, def int32, bit uint8) {
		if e, ok := l.scope.Lookup(name, def); ok && e.Kind == check.VarSymbol && e.Val >= isa.SysWords {
			seen[e.Val] |= bit
		}
	}
	var unknown []string
	last, here := -1, -1 // in the program's own file: where something is shown last, where we are
	for i := range l.Stmts {
		s := &l.Stmts[i]
		if l.own(s.Pos) {
			here = l.Files.Offset(s.Pos)
		}
		if shows(s) {
			last = max(last, here)
		}
		if s.Failed || s.Kind == syntax.BadStmt {
			line, begin := l.lineOf(s.Pos)
			for _, t := range syntax.Lex(line) {
				if begin+syntax.Pos(t.Offset) != s.Name && syntax.IsLetter(line[t.Offset]) {
					note(line[t.Offset:t.End], s.Def, read)
				}
			}
			continue
		}
		if s.Kind == syntax.ForStmt || s.Kind == syntax.SetStmt && l.acts(s) {
			note(l.Text(s.Name, s.NameEnd), s.Def, counted)
		}
		for k := s.Expr; k < s.ExprEnd; k++ {
			switch x := &l.Exprs[k]; {
			case x.Kind == syntax.VarExpr && x.Val >= isa.SysWords:
				seen[x.Val] |= read
			case x.Kind == syntax.BadExpr && x.End > x.Pos && len(unknown) < syntax.MaxDiagnostics:
				unknown = append(unknown, l.Text(x.Pos, x.End))
			}
		}
	}
	var names []string
	for i, v := range l.scope.Vars {
		if seen[int32(isa.SysWords+i)] == 0 && len(unknown) > 0 && len(names) < 1000 {
			names = append(names, l.Text(v.Pos, v.End))
		}
	}
	for _, w := range unknown {
		// A name that nothing sets may be this one, misspelled.
		if near := syntax.Nearest(w, names, false); near != "" {
			note(near, syntax.None, read)
		}
	}
	for i, v := range l.scope.Vars {
		// What a file gives to those that include it need not be used by all of them.
		if name := l.Text(v.Pos, v.End); seen[int32(isa.SysWords+i)] == 0 && l.own(v.Pos) && l.Files.Offset(v.Pos) < last && !outputs[name] {
			l.warn(syntax.CodeUnused, v.Pos, v.End, nil, "%s is given a value and never read", syntax.Quoted(name))
		}
	}
	for i := range l.scope.Procs {
		p := &l.scope.Procs[i]
		for k, v := range p.Locals[p.Params:] {
			if seen[check.LocalIndex(int32(i), int32(p.Params+k))] == 0 && len(unknown) == 0 && l.own(v.Pos) {
				l.warn(syntax.CodeUnused, v.Pos, v.End, nil, "%s is a name of %s alone, and never read there", syntax.Quoted(v.Name), syntax.Quoted(p.Name))
			}
		}
	}
}

// own says whether a place is in the program's own file.
func (l *linter) own(p syntax.Pos) bool {
	f := l.Files.File(p)
	return f == l.Files.Main() || f.Mended() && f.Of() == l.Files.Main()
}

// forLoops warns of a FOR that cannot run once.
func (l *linter) forLoops() {
	for i := range l.Stmts {
		s := &l.Stmts[i]
		if s.Kind != syntax.ForStmt || s.Failed || s.ArgEnd-s.Arg < 2 {
			continue
		}
		args := l.Args[s.Arg:s.ArgEnd]
		a, b := &l.Exprs[args[0]], &l.Exprs[args[1]]
		if a.Kind != syntax.NumExpr || b.Kind != syntax.NumExpr {
			continue
		}
		switch {
		case len(args) == 2 && a.Val > b.Val:
			fix := titled(l.replacing(s.End, s.End, " STEP -1"), "add STEP -1")
			l.warn(syntax.CodeEmptyLoop, a.Pos, s.End, fix, "this loop never runs: from %d down to %d it needs STEP -1", a.Val, b.Val)
		case len(args) == 3:
			st := &l.Exprs[args[2]]
			if st.Kind != syntax.NumExpr {
				continue
			}
			if st.Val > 0 && a.Val > b.Val {
				fix := titled(l.replacing(st.Pos, st.Pos, "-"), "make the step negative")
				if c := l.byteAt(st.Pos); c < '0' || c > '9' {
					fix = nil
				}
				l.warn(syntax.CodeEmptyLoop, a.Pos, s.End, fix, "this loop never runs: from %d down to %d its step must be negative", a.Val, b.Val)
			} else if st.Val < 0 && a.Val < b.Val {
				l.warn(syntax.CodeEmptyLoop, a.Pos, s.End, nil, "this loop never runs: from %d up to %d its step must be positive", a.Val, b.Val)
			}
		}
	}
}
