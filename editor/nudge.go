package editor

import (
	"math"
	"strconv"
	"strings"

	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/syntax"
)

// literal is a number in the text, with its sign if it has one of its own.
type literal struct {
	from, to int // bytes of the text
	value    int64
	base     int
	digits   int // least digits after 0x or 0b
	upper    bool
}

// numberAt gives the number that an offset is in or beside.
func (e *Editor) numberAt(offset int) (literal, bool) {
	line := e.buf.lineAt(offset)
	start, s := e.buf.lineStart(line), e.buf.line(line)
	if len(s) > longLine {
		return literal{}, false
	}
	at := offset - start
	tokens := lex(s)
	for i, t := range tokens {
		if t.Kind != syntax.Number || at < t.Offset || at > t.End {
			continue
		}
		l, ok := parseLiteral(s[t.Offset:t.End])
		l.from, l.to = start+t.Offset, start+t.End
		if ok && l.base == 10 && signed(s, tokens, i) {
			l.value, l.from = -l.value, l.from-1
		}
		return l, ok
	}
	return literal{}, false
}

func parseLiteral(s string) (literal, bool) {
	l := literal{base: 10}
	digits := s
	if len(s) > 2 && s[0] == '0' {
		switch s[1] {
		case 'x', 'X':
			l.base, digits = 16, s[2:]
		case 'b', 'B':
			l.base, digits = 2, s[2:]
		}
		if l.base != 10 {
			l.digits = len(digits)
			l.upper = strings.ToLower(digits) != digits || strings.Trim(digits, "0123456789") == ""
		}
	}
	v, err := strconv.ParseUint(digits, l.base, 32)
	l.value = int64(v)
	return l, err == nil
}

// signed reports whether the '-' before number token i is its sign, and not a
// subtraction. Where a statement takes one expression, a '-' after a value
// subtracts; in a list of operands a space before it begins the next one.
func signed(s string, tokens []pxl.Token, i int) bool {
	t := tokens[i]
	if i == 0 || t.Offset == 0 || s[t.Offset-1] != '-' || tokens[i-1].Kind != syntax.Operator || tokens[i-1].Offset != t.Offset-1 {
		return false
	}
	if i == 1 {
		return true
	}
	p := tokens[i-2]
	value := p.Kind == syntax.Name || p.Kind == syntax.ReadOnly || p.Kind == syntax.Number || p.Kind == syntax.ColorName || p.Kind == syntax.Char ||
		s[p.End-1] == ')' || s[p.End-1] == ']'
	if !value {
		return true
	}
	if p.End == t.Offset-1 {
		return false
	}
	depth := 0
	verb := ""
	for _, t := range tokens[:i] {
		switch {
		case t.Kind == syntax.Mnemonic || t.Kind == syntax.Keyword:
			verb = strings.ToUpper(s[t.Offset:t.End])
		case t.Kind == syntax.Directive:
			verb = ".directive"
		case s[t.Offset] == '(' || s[t.Offset] == '[' || s[t.Offset] == '{':
			depth++
		case s[t.Offset] == ')' || s[t.Offset] == ']' || s[t.Offset] == '}':
			depth--
		}
	}
	switch verb {
	case "", "SET", "IF", "ELSE", "WHILE", "FOR", "TO", "STEP", "PUT", "CLS", "SEED", "ASSERT":
		return false
	}
	return depth == 0
}

// write gives the literal's text for another value, in the form it had.
func (l literal) write(v int64) string {
	if l.base == 10 {
		return strconv.FormatInt(min(max(v, math.MinInt32), math.MaxInt32), 10)
	}
	most := int64(math.MaxUint32)
	if bits := 4 * l.digits; l.base == 16 && bits < 32 {
		most = 1<<bits - 1
	}
	s := strconv.FormatInt(min(max(v, 0), most), l.base)
	if l.upper {
		s = strings.ToUpper(s)
	}
	s = strings.Repeat("0", max(0, l.digits-len(s))) + s
	return pick(l.base == 16, "0x", "0b") + s
}

// Nudge adds to the number at the caret. Nudges of one number, one after the
// other, are one undo step. It reports whether there was a number.
func (e *Editor) Nudge(by int) bool {
	l, ok := e.numberAt(e.sel.caret)
	if !ok || e.readOnly {
		return false
	}
	e.setNumber(l, l.value+int64(by))
	return true
}

func (e *Editor) setNumber(l literal, v int64) {
	s := l.write(v)
	at := min(e.sel.caret, l.from+len(s))
	if e.sel.caret < l.from || e.sel.caret > l.to {
		at = l.from
	}
	e.change(editNudge, l.from, l.to, s, selection{at, at})
}
