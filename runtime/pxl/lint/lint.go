// Package lint warns of what a program says and hardly means: operands that a
// space split, texts with their quotes in the picture, loops that never show what
// they draw. What it warns of can be read and runs; a warning can be silenced, see
// [syntax.Reporter].
//
// It takes no statement's meaning from its words alone: where a line could not be
// read it says nothing about where a run goes. Everything is one or a few passes
// over the tree. Start reading at [Spelling] and [Meaning].
package lint

import (
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// linter is one pass over a tree.
type linter struct {
	*syntax.Tree
	*syntax.Reporter
	scope *check.Scope
}

// Spelling warns of what is written oddly. It reads the tree as the parser made
// it, before anything is folded.
func Spelling(t *syntax.Tree, s *check.Scope, r *syntax.Reporter) {
	l := &linter{t, r, s}
	l.remarks()
	for i := range l.Stmts {
		st := &l.Stmts[i]
		if st.Kind == syntax.SpriteStmt {
			l.rowOrCall(st)
		}
		if st.Failed || st.Kind == syntax.BadStmt {
			continue
		}
		l.operands(st)
		for k := st.Expr; k < st.ExprEnd; k++ {
			l.expression(&l.Exprs[k])
		}
		if st.Kind == syntax.OpStmt && isa.Table[st.Op].Tail == isa.TextTail {
			l.text(int32(i))
		}
	}
	l.keywordLabels()
}

// Meaning warns of what can hardly be meant, when all names are known.
func Meaning(t *syntax.Tree, s *check.Scope, r *syntax.Reporter) {
	if r.Errors() > syntax.MaxDiagnostics {
		return
	}
	l := &linter{t, r, s}
	l.forLoops()
	l.unused()
	puts{l}.shaderOutputs()
	puts{l}.noPut()
	for i := range l.Stmts {
		if s := &l.Stmts[i]; s.Failed || s.Kind == syntax.BadStmt {
			return
		}
	}
	if len(l.Stmts) > 0 {
		l.flow()
	}
}

// warn notes a warning about [from, end).
func (l *linter) warn(code string, from, end syntax.Pos, fix *syntax.Fix, format string, args ...any) {
	l.Report(syntax.Warning, code, from, end, fix, format, args...)
}

// replacing is the fix that puts text in place of [from, end); nil in a line that is
// not read as it stands, whose own fix comes first.
func (l *linter) replacing(from, end syntax.Pos, text string) *syntax.Fix {
	if l.Files.File(from).Mended() {
		return nil
	}
	return l.Replacing(from, end, text)
}

// titled gives a fix a title of its own.
func titled(f *syntax.Fix, title string) *syntax.Fix {
	if f != nil {
		f.Title = title
	}
	return f
}

// byteAt gives the byte of the source at a place; 0 outside.
func (l *linter) byteAt(p syntax.Pos) byte {
	if s := l.Text(p, p+1); s != "" {
		return s[0]
	}
	return 0
}

// extent widens [from, end) by the parentheses that it holds one half of.
func (l *linter) extent(from, end syntax.Pos) (syntax.Pos, syntax.Pos) {
	depth, least := 0, 0
	for _, c := range []byte(l.Text(from, end)) {
		switch c {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
			least = min(least, depth)
		}
	}
	for ; least < 0; least++ {
		depth++
		for from--; l.byteAt(from) == ' '; from-- {
		}
	}
	for ; depth > 0; depth-- {
		for l.byteAt(end) == ' ' {
			end++
		}
		end++
	}
	return from, end
}

// lineOf gives the line that a place is on, up to its end, and where it begins.
func (l *linter) lineOf(p syntax.Pos) (string, syntax.Pos) {
	f := l.Files.File(p)
	from, end := f.LineRange(f.LineAt(p))
	return strings.TrimRight(l.Text(from, end), "\r\n"), from
}

// reads says whether a line by itself can be read, and means only names that the
// program has.
func (l *linter) reads(line string) bool {
	tree := syntax.NewLineParser().Parse(line)
	for i := range tree.Stmts {
		s := &tree.Stmts[i]
		if s.Failed || s.Kind == syntax.BadStmt || tree.Mended(s) {
			return false
		}
		if s.Kind == syntax.OpStmt && (s.Op == isa.JMP || s.Op == isa.CALL) {
			if _, ok := l.scope.Labels[tree.Text(s.Name, s.NameEnd)]; !ok {
				return false
			}
		}
	}
	for _, c := range tree.Calls {
		if e, ok := l.scope.Names[tree.Text(tree.Exprs[c.Expr].Pos, c.NameEnd)]; !ok || e.Kind != check.ProcSymbol {
			return false
		}
	}
	for i := range tree.Exprs {
		x := &tree.Exprs[i]
		if x.Kind != syntax.NameExpr && x.Kind != syntax.IndexExpr {
			continue
		}
		end := x.End
		if x.Kind == syntax.IndexExpr {
			end = x.NameEnd
		}
		name := tree.Text(x.Pos, end)
		_, known := l.scope.Names[name]
		if _, ok := syntax.LookupBuiltin(name); !ok && !known {
			return false
		}
	}
	return len(tree.Stmts) > 0
}
