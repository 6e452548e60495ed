package syntax

import "slices"

// MaxSource is the longest source that is read, in bytes.
const MaxSource = 8 << 20

// parser reads a line at a time. The first thing wrong in a line is reported and
// the rest of that line is skipped; a statement that opens a block opens it even
// when its head is wrong, so that one mistake is one diagnostic.
type parser struct {
	exprParser
	chain   int // one-line IFs on this line
	blocks  Blocks
	dedents []dedent
	closers []string // what should close each open block that is a function elsewhere
	alone   bool     // the program comes without a folder
}

// maxChain bounds the IFs on one line, and with them the parser's recursion.
const maxChain = 64

// Parse reads a file of the reporter's set into a tree, with those that it
// includes from a folder; nil is none. A mistake costs no more than its line. It is
// false, with an empty tree, if the file is no text or too large.
func Parse(f *File, r *Reporter, in Folder) (*Tree, bool) {
	p := filesParser{parser: newParser(f, r), name: f.name, bytes: len(f.src)}
	if p.alone = in == nil; in != nil {
		f.path, p.folder = in.Main(), &readOnce{Folder: in}
	}
	p.open = []string{f.path}
	p.findProcedures(p.src, f.path)
	// Room for the tree of most programs, that it is not copied to more of it again and again.
	lines := min(p.lines, 1<<14)
	p.Stmts, p.Exprs = slices.Grow(p.Stmts, lines), slices.Grow(p.Exprs, 3*lines)
	return &p.Tree, p.read()
}

// LineParser reads lines one at a time, each as it would be read inside an open
// IF, so that END and ELSE are themselves. What is wrong is not reported.
type LineParser struct{ p *parser }

// NewLineParser gives a LineParser.
func NewLineParser() *LineParser {
	files := &FileSet{}
	p := newParser(files.Add("", ""), &Reporter{files: files})
	p.alone, p.single = true, true
	return &LineParser{p}
}

// Parse reads a line. Its tree, with places from 1 on, is good until the next
// call.
func (l *LineParser) Parse(line string) *Tree {
	p := l.p
	p.file.src, p.file.size = line, min(len(line), MaxSource)
	p.src, p.lex = line, lexer{src: line, toks: p.lex.toks}
	p.Stmts, p.Exprs, p.Args, p.Parts = p.Stmts[:0], p.Exprs[:1], p.Args[:0], p.Parts[:0]
	p.Calls, p.Actuals = p.Calls[:0], p.Actuals[:0]
	p.Reporter.forget()
	p.Files.files = p.Files.files[:1]
	p.blocks.open, p.closers = p.blocks.open[:0], p.closers[:0]
	p.blocks.Open(IfStmt, None)
	p.lex.skipBOM()
	if p.nextLine() {
		p.line()
	}
	return &p.Tree
}

func newParser(f *File, r *Reporter) *parser {
	p := &parser{}
	p.lineReader = lineReader{Reporter: r, file: f, src: f.src, lex: lexer{src: f.src}}
	p.Files = r.files
	p.Exprs = append(p.Exprs, Expr{Kind: NumExpr, Height: 1, A: None, B: None, C: None})
	return p
}

// line reads a line, and reads it again as it should have been written if that is
// known.
func (p *parser) line() {
	before := p.mark()
	p.asWritten()
	if p.errs > before.errs && !p.badRow(before) && p.errs <= before.errs+maxSlips && before.errs < MaxDiagnostics {
		p.mend(before)
	}
	for i := before.stmts; p.failed && i < len(p.Stmts); i++ {
		if s := &p.Stmts[i]; i == len(p.Stmts)-1 || s.OpensBlock() {
			s.Failed = true
		}
	}
}

// asWritten reads a line as it stands.
func (p *parser) asWritten() {
	p.depth, p.chain = 0, 0
	if t, ok := p.peek(); ok && p.row(t) {
		return
	} else if ok && t.Kind == Directive {
		p.directive(t)
		return
	}
	for {
		t, ok := p.peek()
		if !ok {
			return
		}
		if t.Kind == LabelName {
			p.at += 2
			s := p.open(LabelStmt, t)
			s.Name, s.NameEnd = p.pos(t.Offset), p.pos(t.End)
			p.close(s)
			continue
		}
		p.statement(false)
		return
	}
}

// open starts a statement at token t. The pointer is good until the next open.
func (p *parser) open(k StmtKind, t Token) *Stmt {
	n, a, x := int32(len(p.Exprs)), int32(len(p.Args)), int32(len(p.Parts))
	p.Stmts = append(p.Stmts, Stmt{
		Kind: k, Pos: p.pos(t.Offset), End: p.pos(t.End), Index: None, Index2: None, Match: None, InEach: p.blocks.InEach(), Def: p.blocks.Def(),
		Expr: n, ExprEnd: n, Arg: a, ArgEnd: a, Part: x, PartEnd: x,
	})
	return &p.Stmts[len(p.Stmts)-1]
}

// close ends a statement where the parser stands.
func (p *parser) close(s *Stmt) {
	if p.at > 0 {
		s.End = max(s.End, p.pos(p.lex.toks[p.at-1].End))
	}
	s.ExprEnd, s.ArgEnd, s.PartEnd = int32(len(p.Exprs)), int32(len(p.Args)), int32(len(p.Parts))
	s.Failed = s.Failed || p.failed
}

// statement parses one statement and checks that the line ends with it. after
// says that it follows the condition of an IF on the same line.
func (p *parser) statement(after bool) {
	t, _ := p.peek()
	if t.Kind != Mnemonic && t.Kind != Keyword && p.assignsHere() {
		p.assignments(t)
		p.lineEnds()
		return
	}
	w := p.text(t)
	known, ok := LookupVerb(w)
	if t.Kind == Procedure && p.isProcedure(w) {
		p.callStatement(t)
		p.lineEnds()
		return
	}
	if t.Kind != Mnemonic && t.Kind != Keyword || !ok {
		p.unknownStatement(t)
		p.close(p.open(BadStmt, t))
		return
	}
	if p.verbAssigned(t) {
		p.close(p.open(BadStmt, t))
		return
	}
	p.at++
	if known.Spec != nil {
		p.mnemonic(t, known.Spec, after)
	} else {
		p.keyword(t, known.Keyword, after)
	}
	p.lineEnds()
}

// lineEnds reports what is left of the line.
func (p *lineReader) lineEnds() {
	p.comparison()
	t, ok := p.peek()
	if !ok || p.failed {
		return
	}
	switch {
	case t.Kind == Unknown && p.text(t) == "#":
		p.failFix(CodeSyntax, p.pos(t.Offset), p.pos(t.End), p.Replacing(p.pos(t.Offset), p.pos(t.End), ";"), "a comment after a statement starts with `;`")
	case t.Kind == Unknown:
		p.unknownChar(t)
	default:
		p.fail(CodeSyntax, p.pos(t.Offset), p.pos(p.lex.eol), "%s is left over: one statement a line", Quoted(p.src[t.Offset:p.lex.eol]))
	}
}
