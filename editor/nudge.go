package editor

import (
	"math"
	"strconv"
	"strings"

	"gvpie/runtime/pxl/service"
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
	start, s := e.buf.lineStart(line), e.buf.Line(line)
	if len(s) > longLine {
		return literal{}, false
	}
	from, to, ok := service.NumberAt(s, offset-start)
	if !ok {
		return literal{}, false
	}
	digits := strings.TrimPrefix(s[from:to], "-")
	l, ok := parseLiteral(digits)
	if len(digits) < to-from {
		if l.base == 10 {
			l.value = -l.value
		} else {
			from++ // the minus stays where it is
		}
	}
	l.from, l.to = start+from, start+to
	return l, ok
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
