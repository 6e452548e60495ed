package service

import "gvpie/runtime/pxl/syntax"

// role is what is written at a spot of a line.
type role uint8

const (
	noRole        role = iota // text, a comment, a number: nothing to complete
	statementRole             // the verb of a statement
	directiveRole
	labelRole  // after JMP and CALL
	targetRole // after SET, FOR
	valueRole  // in an expression
	nextRole   // behind a complete expression
	spriteRole // after SPR
)

// spot is a byte of a line with what stands before it there.
type spot struct {
	line string
	at   int
	toks []syntax.Token // of the line, up to at
	from int            // where the name at at begins; at when there is none
	role role
}

// spotAt looks at the line up to a byte. To learn what a name there would be it
// puts one in: the lexer then says what it is.
func spotAt(line string, at int) spot {
	at = max(0, min(at, len(line)))
	p := spot{line: line, at: at}
	toks := syntax.Lex(line[:at] + "z")
	last := toks[len(toks)-1]
	p.toks = toks[:len(toks)-1]
	p.from = min(at, last.Offset)
	var before syntax.Token
	if n := len(p.toks); n > 0 {
		before = p.toks[n-1]
	}
	first := p.ident(0)
	switch last.Kind {
	case syntax.Directive:
		p.role = directiveRole
	case syntax.Unknown, syntax.Procedure, syntax.Mnemonic, syntax.Keyword:
		p.role = statementRole
		if last.Kind == syntax.Procedure && syntax.EqualFold(first, "DEF") {
			p.role = noRole // a name that is being declared
		}
		if syntax.EqualFold(first, "FOR") && len(p.toks) > 1 {
			p.role = nextRole
		}
	case syntax.LabelName:
		p.role = labelRole
	case syntax.Name, syntax.Function, syntax.ColorName, syntax.ReadOnly:
		p.role = valueRole
		switch {
		case before.Kind == syntax.Mnemonic && syntax.EqualFold(p.text(before), "SPR"):
			p.role = spriteRole
		case before.Kind == syntax.Mnemonic && syntax.EqualFold(p.text(before), "SET"), before.Kind == syntax.Keyword && syntax.EqualFold(p.text(before), "FOR"):
			p.role = targetRole
		case syntax.EqualFold(first, "DEF"), syntax.EqualFold(first, "LOCAL"):
			p.role = noRole
		case before.Kind == syntax.Directive && !syntax.EqualFold(p.text(before), ".CANVAS"):
			p.role = noRole // a name that is being declared
		case syntax.EqualFold(first, "FOR") && endsOperand(before.Kind, p.text(before)):
			p.role = nextRole
		case syntax.EqualFold(first, ".CANVAS") && p.operand() >= 2:
			p.role = nextRole
		}
	default:
		p.from = at
	}
	return p
}

func (p *spot) text(t syntax.Token) string { return p.line[t.Offset:t.End] }

func (p *spot) ident(i int) string {
	if i < len(p.toks) {
		return p.text(p.toks[i])
	}
	return ""
}

// head is the index of the token that names the statement at the spot, or -1.
func (p *spot) head() int {
	for i := len(p.toks) - 1; i >= 0; i-- {
		switch t := p.toks[i]; t.Kind {
		case syntax.Mnemonic, syntax.Directive:
			return i
		case syntax.Procedure:
			if p.lists(i) {
				return i
			}
		case syntax.Keyword:
			if _, ok := syntax.LookupVerb(p.text(t)); ok {
				return i
			}
		}
	}
	return -1
}

// lists says whether a token is the name of a procedure that is called as a statement,
// with its values in a list.
func (p *spot) lists(i int) bool {
	t := p.toks[i]
	next := p.from // of the name at the spot
	if i+1 < len(p.toks) {
		next = p.toks[i+1].Offset
	}
	return t.Kind == syntax.Procedure && next > t.End && !(i > 0 && syntax.EqualFold(p.ident(i-1), "DEF"))
}

// procedure gives the name of the procedure that the spot is a value of, and the number
// of the value.
func (p *spot) procedure() (name string, argument int, ok bool) {
	var open []int // the token before each open parenthesis
	var commas []int
	for i := range p.toks {
		switch p.text(p.toks[i]) {
		case "(", "[":
			open, commas = append(open, i-1), append(commas, 0)
		case ")", "]":
			if len(open) > 0 {
				open, commas = open[:len(open)-1], commas[:len(commas)-1]
			}
		case ",":
			if len(open) > 0 {
				commas[len(commas)-1]++
			}
		}
	}
	for k := len(open) - 1; k >= 0; k-- {
		if i := open[k]; i >= 0 && p.toks[i].Kind == syntax.Procedure && p.toks[i].End == p.toks[i+1].Offset {
			return p.text(p.toks[i]), commas[k], true
		} else if i >= 0 && p.toks[i].Kind == syntax.Function {
			return "", 0, false
		}
	}
	if h := p.head(); h >= 0 && p.lists(h) {
		return p.text(p.toks[h]), p.operand(), true
	}
	return "", 0, false
}

// operand is the number, from 0, of the operand of a list that the spot is in.
func (p *spot) operand() int {
	n, depth, operand, open := 0, 0, false, false
	h := p.head()
	for i := h + 1; i < len(p.toks); i++ {
		t := p.toks[i]
		text := p.text(t)
		if depth == 0 && open && (text == "," || operand && syntax.OperandEnds(p.toks[i-1].Kind, text[0], p.toks[i-1].End < t.Offset)) {
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

func endsOperand(k syntax.TokenKind, text string) bool {
	switch k {
	case syntax.Name, syntax.ReadOnly, syntax.ColorName, syntax.Number, syntax.Char:
		return true
	}
	return k == syntax.Punctuation && (text == ")" || text == "]")
}

// call gives the function whose parentheses the spot is in, and the number of
// the argument.
func (p *spot) call() (syntax.FunctionDoc, int, bool) {
	type frame struct{ function, argument int }
	var open []frame
	h := p.head()
	for i := h + 1; i < len(p.toks); i++ {
		switch p.text(p.toks[i]) {
		case "(":
			f := -1
			if p.toks[i-1].Kind == syntax.Function && i-1 > h {
				at, _ := syntax.LookupFunction(p.text(p.toks[i-1]))
				f = int(at)
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
			return syntax.Functions[f.function], f.argument, true
		}
	}
	return syntax.FunctionDoc{}, 0, false
}
