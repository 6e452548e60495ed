package pxl

import "strings"

// parser reads a line at a time. The first thing wrong in a line is reported and
// the rest of that line is skipped; a statement that opens a block opens it even
// when its head is wrong, so that one mistake is one diagnostic.
type parser struct {
	program
	reporter
	lex    lexer
	at     int  // next token of the line
	failed bool // the rest of this line is not to be read
	depth  int  // of recursion in an expression
	chain  int  // one-line IFs on this line
	blocks []block
}

// maxChain bounds the IFs on one line, and with them the parser's recursion.
const maxChain = 64

// block is an open IF, WHILE, FOR or EACH.
type block struct {
	opener int32 // its statement
	last   int32 // the IF, ELSE IF or ELSE that the next part belongs to
	each   bool  // EACH itself
	inEach bool  // EACH, or within one
}

func (p *parser) parse() {
	p.lex.src = p.src
	p.lex.skipBOM()
	for {
		p.lines = append(p.lines, int32(p.lex.pos))
		p.lex.toks = p.lex.toks[:0]
		if !p.lex.nextLine() {
			break
		}
		p.at, p.failed, p.depth, p.chain = 0, false, 0, 0
		if n := len(p.lex.toks); n > 0 {
			if p.lex.toks[n-1].Kind == Comment {
				p.lex.toks = p.lex.toks[:n-1]
			}
			p.line()
		}
	}
	for i := len(p.blocks) - 1; i >= 0; i-- {
		s := &p.stmts[p.blocks[i].opener]
		word, _, _ := strings.Cut(p.src[s.off:s.end], " ")
		fix := &Fix{Title: "add END at the end", Replace: "\nEND\n", Offset: len(p.src), End: len(p.src)}
		if strings.HasSuffix(p.src, "\n") {
			fix.Replace = "END\n"
		}
		p.report(Error, CodeMissingEnd, int(s.off), int(s.end), fix, "this %s has no END: add END on a line of its own after the last line of the block", strings.ToUpper(word))
	}
}

func (p *parser) line() {
	if t, ok := p.peek(); ok && t.Kind == Directive {
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
			s := p.open(labelStmt, t)
			s.name, s.nameEnd = int32(t.Offset), int32(t.End)
			p.close(s)
			continue
		}
		p.statement(false)
		return
	}
}

// open starts a statement at token t. The pointer is good until the next open.
func (p *parser) open(k stmtKind, t Token) *stmt {
	n, a, x := int32(len(p.nodes)), int32(len(p.args)), int32(len(p.parts))
	p.stmts = append(p.stmts, stmt{
		kind: k, off: int32(t.Offset), end: int32(t.End), index: none, match: none, inEach: p.inEach(),
		node: n, nodeEnd: n, arg: a, argEnd: a, part: x, partEnd: x,
	})
	return &p.stmts[len(p.stmts)-1]
}

// close ends a statement where the parser stands.
func (p *parser) close(s *stmt) {
	if p.at > 0 {
		s.end = max(s.end, int32(p.lex.toks[p.at-1].End))
	}
	s.nodeEnd, s.argEnd, s.partEnd = int32(len(p.nodes)), int32(len(p.args)), int32(len(p.parts))
	s.failed = s.failed || p.failed
}

func (p *parser) inEach() bool {
	n := len(p.blocks)
	return n > 0 && p.blocks[n-1].inEach
}

// statement parses one statement and checks that the line ends with it. after
// says that it follows the condition of an IF on the same line.
func (p *parser) statement(after bool) {
	t, _ := p.peek()
	w := p.text(t)
	known, ok := lookupWord(w)
	if t.Kind != Mnemonic && t.Kind != Keyword || !ok {
		p.unknownStatement(t)
		p.close(p.open(badStmt, t))
		return
	}
	p.at++
	if known.spec != nil {
		p.mnemonic(t, known.spec, after)
	} else {
		p.keyword(t, known.key, after)
	}
	p.lineEnds()
}

// lineEnds reports what is left of the line.
func (p *parser) lineEnds() {
	p.comparison()
	t, ok := p.peek()
	if !ok || p.failed {
		return
	}
	switch {
	case t.Kind == Unknown && p.text(t) == "#":
		p.failFix(CodeSyntax, int32(t.Offset), int32(t.End), replacing(int32(t.Offset), int32(t.End), ";"), "a comment after a statement starts with `;`")
	case t.Kind == Unknown:
		p.unknownChar(t)
	default:
		p.fail(CodeSyntax, int32(t.Offset), int32(p.lex.eol), "%s is left over: one statement a line", quoted(p.src[t.Offset:p.lex.eol]))
	}
}
