package format

import (
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// layout writes the tokens of one line, which is known to be good; continued says
// that it goes on with the list of a directive. Where a space
// decides what belongs to an operand, in a list, it keeps or drops it so that
// the operands stay the same.
func layout(src string, toks []syntax.Token, continued bool) string {
	var b strings.Builder
	s := spacing{src: src, directive: continued, list: continued}
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		text := src[t.Offset:t.End]
		if i > 0 && s.gap(toks, i) {
			b.WriteByte(' ')
		}
		if t.Kind == syntax.Quote && s.directive {
			for i++; toks[i].Kind != syntax.Quote; i++ {
			}
			b.WriteString(src[t.Offset:toks[i].End])
			continue
		}
		switch t.Kind {
		case syntax.Text, syntax.Escape, syntax.Brace, syntax.Quote:
			b.WriteString(src[t.Offset:toks[len(toks)-1].End])
			return b.String()
		case syntax.Mnemonic:
			text = strings.ToUpper(text)
		case syntax.Directive:
			text = strings.ToLower(text)
		case syntax.Keyword:
			if s.directive {
				text = strings.ToLower(text)
			} else {
				text = strings.ToUpper(text)
			}
		}
		b.WriteString(text)
		s.advance(toks, i)
	}
	return b.String()
}

// spacing decides where spaces stand between the tokens of a line.
type spacing struct {
	src       string
	directive bool
	list      bool // operands are separated by spaces
	def       bool // a DEF
	target    bool // the name that SET, .const … give a value is next, or going on
	depth     int  // of parentheses and brackets
	operand   bool // what came last ends an operand
	unary     bool // what came last is an operator before its operand
	tight     bool // what came last is an operator without spaces around it
}

// gap says whether a space stands before token i, and notes what kind of
// operator it is.
func (s *spacing) gap(toks []syntax.Token, i int) bool {
	t, prev := toks[i], toks[i-1]
	text, before := s.src[t.Offset:t.End], s.src[prev.Offset:prev.End]
	spaced := prev.End < t.Offset
	wasUnary, wasTight := s.unary, s.tight
	s.unary, s.tight = false, false
	if t.Kind == syntax.Operator {
		switch {
		case s.list && s.depth == 0 && s.operand && spaced, !s.operand:
			s.unary = true
		case assigns(text):
			return true
		default:
			after := i+1 < len(toks) && toks[i+1].Offset > t.End
			s.tight = s.list && s.depth == 0 || !spaced && !after
			return !s.tight
		}
	}
	switch {
	case t.Kind == syntax.Text || t.Kind == syntax.Quote || t.Kind == syntax.Brace || t.Kind == syntax.Escape:
		return true
	case text == "," || text == ":" || text == ")" || text == "]" || text == "[":
		return false
	case before == "(" || before == "[" || wasUnary || wasTight:
		return false
	case text == "(" && (prev.Kind == syntax.Function || prev.Kind == syntax.Procedure && (s.def || !spaced)):
		return false
	}
	return true
}

// advance takes note of token i, which has been written.
func (s *spacing) advance(toks []syntax.Token, i int) {
	t := toks[i]
	text := s.src[t.Offset:t.End]
	s.operand = false
	switch t.Kind {
	case syntax.Mnemonic:
		v, _ := syntax.LookupVerb(text)
		s.target = v.Spec.Op == isa.SET
		s.list = len(v.Spec.Operands) > 1 && !s.target
	case syntax.Keyword:
		s.list = false
		s.def = syntax.EqualFold(text, "DEF")
	case syntax.Procedure:
		// Where no parenthesis follows at once it begins a statement.
		if !s.def && (i+1 == len(toks) || toks[i+1].Offset > t.End || s.src[toks[i+1].Offset] != '(') {
			s.list = true
		}
		s.operand = true
	case syntax.Directive:
		s.directive = true
		s.list = syntax.EqualFold(text, ".CANVAS") || syntax.EqualFold(text, ".TABLE") || syntax.EqualFold(text, ".SPRITE") || syntax.EqualFold(text, ".PALETTE")
		s.target = !syntax.EqualFold(text, ".CANVAS") && !syntax.EqualFold(text, ".PALETTE")
	case syntax.Punctuation:
		switch text {
		case "(", "[":
			s.depth++
		case ")", "]":
			s.depth--
			s.operand = true
		}
	case syntax.Operator:
		if assigns(text) {
			s.target = false
		}
	default:
		s.operand = true
	}
	if s.target && s.operand && s.depth == 0 {
		// The target ends here unless an index follows; its value starts anew.
		if i+1 == len(toks) || s.src[toks[i+1].Offset] != '[' {
			s.target = false
			s.operand = i+1 < len(toks) && assigns(s.src[toks[i+1].Offset:toks[i+1].End])
		}
	}
}

// assigns says whether an operator gives a value: = or op=.
func assigns(op string) bool {
	switch op {
	case "==", "!=", "<=", ">=":
		return false
	}
	return strings.HasSuffix(op, "=")
}
