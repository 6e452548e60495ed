package pxl

import (
	"strings"

	"gvpie/runtime/isa"
)

// role is what is written at a place of the source.
type role uint8

const (
	noRole        role = iota // text, a comment, a number: nothing to complete
	statementRole             // the first word of a statement
	directiveRole
	labelRole  // after JMP and CALL
	targetRole // after SET, FOR
	valueRole  // in an expression
	nextRole   // behind a complete expression
)

// place is a place in the source with what stands before it on its line.
type place struct {
	src    string
	offset int
	line   int     // offset of the line's first byte
	toks   []Token // of the line, up to offset
	from   int     // where the word at offset begins; offset when there is none
	role   role
}

// placeAt looks at the line up to offset. To learn what a word there would be it
// puts one in: the lexer then says what it is.
func placeAt(src string, offset int) place {
	offset = max(0, min(offset, len(src)))
	p := place{src: src, offset: offset}
	p.line = strings.LastIndexByte(src[:offset], '\n') + 1
	if p.line == 0 && strings.HasPrefix(src, "\uFEFF") {
		p.line = min(offset, len("\uFEFF"))
	}
	text := src[p.line:offset] + "z"
	l := lexer{src: text}
	l.nextLine()
	last := l.toks[len(l.toks)-1]
	for _, t := range l.toks[:len(l.toks)-1] {
		p.toks = append(p.toks, Token{t.Kind, t.Offset + p.line, t.End + p.line})
	}
	p.from = min(offset, last.Offset+p.line)
	var before Token
	if n := len(p.toks); n > 0 {
		before = p.toks[n-1]
	}
	first := p.word(0)
	switch last.Kind {
	case Directive:
		p.role = directiveRole
	case Unknown, Mnemonic, Keyword:
		p.role = statementRole
		if isWord(first, "FOR") && len(p.toks) > 1 {
			p.role = nextRole
		}
	case LabelName:
		p.role = labelRole
	case Name, Function, ColorName, ReadOnly:
		p.role = valueRole
		switch {
		case before.Kind == Mnemonic && isWord(p.text(before), "SET"), before.Kind == Keyword && isWord(p.text(before), "FOR"):
			p.role = targetRole
		case before.Kind == Directive && !isWord(p.text(before), ".CANVAS"):
			p.role = noRole // a name that is being declared
		case isWord(first, "FOR") && endsOperand(before.Kind, p.text(before)):
			p.role = nextRole
		case isWord(first, ".CANVAS") && p.operand() >= 2:
			p.role = nextRole
		}
	default:
		p.from = offset
	}
	return p
}

func (p *place) text(t Token) string { return p.src[t.Offset:t.End] }

func (p *place) word(i int) string {
	if i < len(p.toks) {
		return p.text(p.toks[i])
	}
	return ""
}

// head is the index of the token that names the statement at the place, or -1.
func (p *place) head() int {
	for i := len(p.toks) - 1; i >= 0; i-- {
		switch t := p.toks[i]; t.Kind {
		case Mnemonic, Directive:
			return i
		case Keyword:
			if _, ok := lookupWord(p.text(t)); ok {
				return i
			}
		}
	}
	return -1
}

// operand is the number, from 0, of the operand of a list that the place is in.
func (p *place) operand() int {
	n, depth, operand, open := 0, 0, false, false
	h := p.head()
	for i := h + 1; i < len(p.toks); i++ {
		t := p.toks[i]
		text := p.text(t)
		if depth == 0 && open && (text == "," || operand && operandEnds(p.toks[i-1].Kind, text[0], p.toks[i-1].End < t.Offset)) {
			n++
			open, operand = false, false
		}
		if text == "," && depth == 0 {
			continue
		}
		open = true
		switch text {
		case "(", "[":
			depth++
		case ")", "]":
			depth = max(0, depth-1)
		}
		operand = endsOperand(t.Kind, text)
	}
	if len(p.toks) > 0 && open && operand && depth == 0 && p.toks[len(p.toks)-1].End < p.from {
		n++
	}
	return n
}

func endsOperand(k TokenKind, text string) bool {
	switch k {
	case Name, ReadOnly, ColorName, Number, Char:
		return true
	}
	return k == Punctuation && (text == ")" || text == "]")
}

// call gives the function whose parentheses the place is in, and the number of
// the argument.
func (p *place) call() (FunctionDoc, int, bool) {
	type frame struct{ function, argument int }
	var open []frame
	h := p.head()
	for i := h + 1; i < len(p.toks); i++ {
		switch p.text(p.toks[i]) {
		case "(":
			f := -1
			if p.toks[i-1].Kind == Function && i-1 > h {
				f = int(builtins[p.text(p.toks[i-1])].value)
			}
			open = append(open, frame{f, 0})
		case "[":
			open = append(open, frame{-1, 0})
		case ")", "]":
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		case ",":
			if len(open) > 0 {
				open[len(open)-1].argument++
			}
		}
	}
	for i := len(open) - 1; i >= 0; i-- {
		if f := open[i]; f.function >= 0 {
			return Functions[f.function], f.argument, true
		}
	}
	return FunctionDoc{}, 0, false
}

// outline parses a source for its names and blocks, without making code.
func outline(src string) (*compiler, bool) {
	c := &compiler{}
	c.src = src
	if !c.checkText() {
		return nil, false
	}
	c.nodes = append(c.nodes, node{kind: numNode, height: 1, a: none, b: none, c: none})
	c.parse()
	c.declare()
	return c, true
}

// insideEach says whether a statement at the offset of a line would stand in an
// EACH block.
func (c *compiler) insideEach(line int) bool {
	inside := false
	for i := range c.stmts {
		s := &c.stmts[i]
		if int(s.off) >= line {
			break
		}
		inside = s.inEach || s.kind == opStmt && s.op == isa.EACH
	}
	return inside
}
