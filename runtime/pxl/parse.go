package pxl

import (
	"fmt"
	"strings"

	"gvpie/runtime/isa"
)

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

func (p *parser) keyword(t Token, k keyword, after bool) {
	switch k {
	case kwIf:
		s := p.open(ifStmt, t)
		p.condition(s, "IF")
		p.resume()
		if next, ok := p.peek(); ok && !p.failed && (next.Kind == Mnemonic || next.Kind == Keyword || next.Kind == Unknown && isLetter(p.src[next.Offset])) {
			s.inline = true
			if p.chain++; p.chain > maxChain {
				p.fail(CodeTooDeep, int32(next.Offset), int32(next.End), "more than %d IFs on one line: join their conditions with &&", maxChain)
				return
			}
			p.statement(true)
			return
		}
		if after {
			p.oneLineBlock(t, "IF")
		}
		p.push(s)
	case kwWhile:
		if after {
			p.oneLineBlock(t, "WHILE")
		}
		s := p.open(whileStmt, t)
		p.condition(s, "WHILE")
		p.push(s)
	case kwFor:
		if after {
			p.oneLineBlock(t, "FOR")
		}
		p.forLoop(t)
	case kwElse:
		p.otherwise(t, after)
	case kwEnd:
		s := p.open(endStmt, t)
		p.close(s)
		switch n := len(p.blocks); {
		case after:
			p.fail(CodeOneLineBlock, s.off, s.end, "END stands on a line of its own")
			s.kind = badStmt
		case n == 0:
			p.fail(CodeUnexpectedEnd, s.off, s.end, "END closes an IF, WHILE, FOR or EACH, and none is open here")
			s.kind = badStmt
		default:
			b := p.blocks[n-1]
			s.match = b.opener
			p.stmts[b.last].match = int32(len(p.stmts) - 1)
			p.blocks = p.blocks[:n-1]
			s.inEach = p.inEach()
		}
	case kwBreak, kwContinue:
		kind := breakStmt
		if k == kwContinue {
			kind = continueStmt
		}
		s := p.open(kind, t)
		p.close(s)
		if !p.inLoop() {
			p.fail(CodeOutsideLoop, s.off, s.end, "%s stands inside a FOR or WHILE, and none is open here", strings.ToUpper(p.text(t)))
			s.kind = badStmt
		}
	}
}

// resume goes on, after a condition that could not be read, with the statement
// behind it if there is one.
func (p *parser) resume() {
	for at := p.at; p.failed && at < len(p.lex.toks); at++ {
		if k := p.lex.toks[at].Kind; k == Mnemonic || k == Keyword {
			p.at, p.failed, p.depth = at, false, 0
		}
	}
}

func (p *parser) inLoop() bool {
	for i := len(p.blocks) - 1; i >= 0; i-- {
		if p.blocks[i].each {
			return false
		}
		if k := p.stmts[p.blocks[i].opener].kind; k == forStmt || k == whileStmt {
			return true
		}
	}
	return false
}

// push opens the block of the statement that was opened last.
func (p *parser) push(s *stmt) {
	i := int32(len(p.stmts) - 1)
	each := s.kind == opStmt
	p.blocks = append(p.blocks, block{opener: i, last: i, each: each, inEach: each || p.inEach()})
}

func (p *parser) oneLineBlock(t Token, word string) {
	p.errorf(CodeOneLineBlock, int32(t.Offset), int32(t.End), "%s opens a block and cannot follow IF on its line: put IF … END around it, on lines of their own", word)
}

func (p *parser) condition(s *stmt, word string) {
	if _, ok := p.peek(); !ok {
		p.fail(CodeOperands, s.off, s.end, "%s needs a condition", word)
	} else {
		p.arg(p.expr(false))
		p.comparison()
	}
	p.close(s)
}

// comparison reports the slip = for == behind a condition.
func (p *parser) comparison() {
	if t, ok := p.peek(); ok && p.text(t) == "=" {
		off, end := int32(t.Offset), int32(t.End)
		p.failFix(CodeSyntax, off, end, replacing(off, end, "=="), "`=` belongs to SET and FOR; to compare, write `==`")
	}
}

// otherwise parses ELSE and ELSE IF.
func (p *parser) otherwise(t Token, after bool) {
	s := p.open(elseStmt, t)
	if next, ok := p.peek(); ok && next.Kind == Keyword && isWord(p.text(next), "IF") {
		p.at++
		s.kind = elseIfStmt
		p.condition(s, "ELSE IF")
	}
	p.close(s)
	n := len(p.blocks)
	if after || n == 0 || p.stmts[p.blocks[n-1].opener].kind != ifStmt {
		p.fail(CodeUnexpectedEnd, s.off, s.end, "ELSE belongs to an IF whose block is open, and none is here")
		s.kind = badStmt
		return
	}
	if last := &p.stmts[p.blocks[n-1].last]; last.kind == elseStmt {
		p.fail(CodeUnexpectedEnd, s.off, s.end, "the ELSE of this IF was before; nothing can follow it but END")
		s.kind = badStmt
		return
	}
	i := int32(len(p.stmts) - 1)
	p.stmts[p.blocks[n-1].last].match = i
	p.blocks[n-1].last = i
	if next, ok := p.peek(); ok && !p.failed {
		p.fail(CodeSyntax, int32(next.Offset), int32(p.lex.eol), "what ELSE does goes on a line of its own")
	}
}

func (p *parser) forLoop(t Token) {
	s := p.open(forStmt, t)
	defer func() {
		p.close(s)
		p.push(s)
	}()
	name, ok := p.peek()
	if !ok || !isLetter(p.src[name.Offset]) {
		p.expected("the name that counts: FOR name = a TO b")
		return
	}
	p.at++
	s.name, s.nameEnd = int32(name.Offset), int32(name.End)
	if _, ok := p.expect("="); !ok {
		return
	}
	p.arg(p.expr(false))
	for _, word := range [...]string{"TO", "STEP"} {
		next, ok := p.peek()
		if p.failed || !ok && word == "STEP" {
			return
		}
		if !ok || !isWord(p.text(next), word) {
			p.expected(word)
			return
		}
		p.at++
		p.arg(p.expr(false))
	}
}

func (p *parser) mnemonic(t Token, spec *isa.Spec, after bool) {
	switch spec.Op {
	case isa.SET:
		p.set(t)
		return
	case isa.EACH:
		if after {
			p.oneLineBlock(t, "EACH")
		}
		nested := p.inEach()
		s := p.open(opStmt, t)
		s.op = isa.EACH
		if nested {
			p.errorf(CodeNotInEach, s.off, s.end, "EACH cannot stand inside EACH: a texel has no texels of its own")
			s.inEach = false
		}
		if _, ok := p.peek(); ok {
			p.operands(s, spec, 4, 4)
		}
		p.close(s)
		p.push(s)
		return
	case isa.JMP, isa.CALL:
		s := p.open(opStmt, t)
		s.op = spec.Op
		label, ok := p.peek()
		if !ok || label.Kind != LabelName {
			p.fail(CodeOperands, s.off, s.end, "%s needs a label: %s", spec.Mnemonic, spec.Syntax)
		} else {
			p.at++
			s.name, s.nameEnd = int32(label.Offset), int32(label.End)
		}
		p.close(s)
		return
	}
	s := p.open(opStmt, t)
	s.op = spec.Op
	least, most := spec.Min, len(spec.Operands)
	if most == 1 {
		if _, ok := p.peek(); ok {
			p.arg(p.expr(false))
		} else if least == 1 {
			p.fail(CodeOperands, s.off, s.end, "%s needs a value: %s", spec.Mnemonic, spec.Syntax)
		}
	} else if most > 0 {
		p.operands(s, spec, least, most)
	}
	if spec.Tail == isa.TextTail && !p.failed {
		p.textTail(s, spec)
	}
	p.close(s)
}

// operands parses a list of least to most operands.
func (p *parser) operands(s *stmt, spec *isa.Spec, least, most int) {
	n := 0
	for ; n < most && !p.failed; n++ {
		if n > 0 {
			if next, ok := p.peek(); ok && p.text(next) == "," {
				p.at++
				if _, ok := p.peek(); !ok {
					p.expected("a value after the comma")
					return
				}
			}
		}
		next, ok := p.peek()
		if !ok || spec.Tail == isa.TextTail && (next.Kind == Text || next.Kind == Quote) {
			break
		}
		p.arg(p.expr(true))
	}
	if p.failed {
		return
	}
	if n < least {
		p.fail(CodeOperands, s.off, int32(p.lex.eol), "%s needs %s, and here %s: %s", spec.Mnemonic, plural(least, "value"), isAre(n), spec.Syntax)
		return
	}
	if next, ok := p.peek(); ok && spec.Tail == isa.NoTail && next.Kind != Unknown {
		p.fail(CodeOperands, int32(next.Offset), int32(p.lex.eol), "%s takes at most %s, and here are more: %s", spec.Mnemonic, plural(most, "value"), spec.Syntax)
	}
}

func (p *parser) arg(n int32) { p.args = append(p.args, n) }

// set parses SET name = expr, SET name[i] = expr; the = may be left out.
func (p *parser) set(t Token) {
	s := p.open(setStmt, t)
	defer func() { p.close(s) }()
	name, ok := p.peek()
	if !ok || !isLetter(p.src[name.Offset]) {
		p.expected("a name: SET name = value")
		return
	}
	p.at++
	s.name, s.nameEnd = int32(name.Offset), int32(name.End)
	if next, ok := p.peek(); ok && p.text(next) == "[" {
		p.at++
		s.index = p.expr(false)
		p.expect("]")
	}
	if p.failed {
		return
	}
	next, ok := p.peek()
	if ok && p.text(next) == "=" {
		p.at++
	} else if ok && next.Kind == Operator && p.at+1 < len(p.lex.toks) {
		// x += 1 is x, then + and = with nothing between them.
		if eq := p.lex.toks[p.at+1]; p.text(eq) == "=" && eq.Offset == next.End {
			target, op := p.src[name.Offset:next.Offset], p.text(next)
			target = strings.TrimSpace(target)
			p.failFix(CodeSyntax, int32(next.Offset), int32(eq.End), replacing(int32(next.Offset), int32(eq.End), "= "+target+" "+op), "there is no `%s=`: write SET %s = %s %s …", op, target, target, op)
			return
		}
	}
	if _, ok := p.peek(); !ok {
		p.fail(CodeOperands, s.off, int32(p.lex.eol), "SET needs a value: SET name = value")
		return
	}
	p.arg(p.expr(false))
}

// textTail parses the text of TXT and LOG, which the lexer has cut up.
func (p *parser) textTail(s *stmt, spec *isa.Spec) {
	if p.at > 0 {
		if t, ok := p.peek(); ok && p.text(t) == "," && t.Kind == Punctuation {
			p.at++
		}
	}
	t, ok := p.peek()
	if !ok {
		if spec.Op == isa.TXT {
			p.fail(CodeOperands, s.off, int32(p.lex.eol), "TXT needs a text: %s", spec.Syntax)
		}
		return
	}
	for ; ok && !p.failed; t, ok = p.peek() {
		p.at++
		switch t.Kind {
		case Quote:
		case Text:
			p.parts = append(p.parts, textPart{int32(t.Offset), int32(t.End), none})
		case Escape:
			p.parts = append(p.parts, textPart{int32(t.Offset + 1), int32(t.End), none})
		case Brace:
			next, ok := p.peek()
			if ok && next.Kind == Brace {
				p.fail(CodeSyntax, int32(t.Offset), int32(next.End), "there is no expression between the braces; literal braces are \\{ and \\}")
				return
			}
			if !ok {
				p.fail(CodeSyntax, int32(t.Offset), int32(t.End), "this { has no }; a literal brace is \\{")
				return
			}
			n := p.expr(false)
			end, ok := p.peek()
			if p.failed {
				return
			}
			if !ok || end.Kind == Quote {
				p.fail(CodeSyntax, int32(t.Offset), int32(p.lex.eol), "this { has no }; a literal brace is \\{")
				return
			}
			if end.Kind != Brace {
				p.expected("}")
				return
			}
			p.at++
			p.parts = append(p.parts, textPart{int32(t.Offset), int32(end.End), n})
		default:
			p.at--
			p.expected("text")
		}
	}
}

// peek gives the next token of the line.
func (p *parser) peek() (Token, bool) {
	if p.at < len(p.lex.toks) {
		return p.lex.toks[p.at], true
	}
	return Token{}, false
}

// spaced says whether a space stands before the next token.
func (p *parser) spaced() bool {
	return p.at > 0 && p.lex.toks[p.at-1].End < p.lex.toks[p.at].Offset
}

func (p *parser) text(t Token) string { return p.src[t.Offset:t.End] }

// here is the offset of the next token, or of the end of the line.
func (p *parser) here() int32 {
	if t, ok := p.peek(); ok {
		return int32(t.Offset)
	}
	return int32(p.lex.eol)
}

// expect takes the next token if it is s, and reports it missing if not.
func (p *parser) expect(s string) (Token, bool) {
	t, ok := p.peek()
	if ok && p.text(t) == s {
		p.at++
		return t, true
	}
	p.expected(quoted(s))
	at := int(p.here())
	return Token{Unknown, at, at}, false
}

func (p *parser) fail(code string, off, end int32, format string, args ...any) {
	p.failFix(code, off, end, nil, format, args...)
}

// failFix reports an error unless the line has one, and gives up the line.
func (p *parser) failFix(code string, off, end int32, fix *Fix, format string, args ...any) {
	if !p.failed {
		p.report(Error, code, int(off), int(end), fix, format, args...)
	}
	p.failed = true
}

// expected reports that what should stand here does not.
func (p *parser) expected(what string) {
	t, ok := p.peek()
	switch {
	case !ok:
		from := int32(p.lex.eol)
		if p.at > 0 {
			from = int32(p.lex.toks[p.at-1].Offset)
		}
		p.fail(CodeSyntax, from, int32(p.lex.eol), "%s is missing at the end of the line", what)
	case t.Kind == Unknown && !isLetter(p.src[t.Offset]):
		p.unknownChar(t)
	default:
		p.fail(CodeSyntax, int32(t.Offset), int32(t.End), "expected %s here, not %s", what, quoted(p.text(t)))
	}
}

func (p *parser) unknownChar(t Token) {
	s := p.text(t)
	if s == "'" {
		p.fail(CodeUnknownChar, int32(t.Offset), int32(t.End), "a character is written 'A', with one character between two quotes")
		return
	}
	if s == "\"" {
		p.fail(CodeUnknownChar, int32(t.Offset), int32(t.End), "text in double quotes stands in TXT and LOG alone")
		return
	}
	p.fail(CodeUnknownChar, int32(t.Offset), int32(t.End), "the character %s means nothing here", quoted(s))
}

func (p *parser) badNumber(t Token) {
	s := p.text(t)
	digits := strings.TrimLeft(s, "0123456789")
	switch {
	case digits == "" || len(s) > 2 && (s[:2] == "0x" || s[:2] == "0X") && strings.Trim(s[2:], "0123456789abcdefABCDEF") == "":
		p.errorf(CodeNumber, int32(t.Offset), int32(t.End), "%s is too large: numbers go up to 0xFFFFFFFF, which is -1", quoted(s))
	default:
		p.errorf(CodeNumber, int32(t.Offset), int32(t.End), "%s is not a number: write 42, 0xFF8800, 0b1010 or 'A'", quoted(s))
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, what)
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func isAre(n int) string {
	switch n {
	case 0:
		return "are none"
	case 1:
		return "is 1"
	}
	return fmt.Sprintf("are %d", n)
}
