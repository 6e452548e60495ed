package syntax

import (
	"strconv"
	"strings"

	"gvpie/runtime/isa"
)

// formats says what may stand behind the colon of {value:…}.
const formats = "{v:5}, {v:05}, {v:-5}, {v:+}, {v:x}, {v:08x} or {v:c}"

// format parses what stands behind the colon of {value:…}, up to its brace, which
// it gives. ok is false when that is no format; it has been reported.
func (p *lineReader) format() (f isa.Format, brace Token, ok bool) {
	t, more := p.peek()
	if !more || t.Kind != Escape {
		p.fail(CodeSyntax, p.here(), p.here(), "a format is missing behind the colon: %s", formats)
		return 0, Token{}, false
	}
	p.at++
	if brace, more = p.peek(); !more || brace.Kind != Brace {
		at := p.here()
		p.failFix(CodeSyntax, p.pos(t.Offset), p.pos(t.End), p.Replacing(at, at, "}"), "this format has no } behind it")
		return 0, Token{}, false
	}
	text := p.text(t)
	f, why := ParseFormat(text)
	if why != "" {
		off, end := p.pos(t.Offset), p.pos(t.End)
		var fix *Fix
		if mended := mendFormat(text); mended != "" {
			fix = p.Replacing(off, end, mended)
			why = Quoted(text) + " is no format: write {value:" + mended + "}"
		}
		p.failFix(CodeSyntax, off, end, fix, "%s", why)
		return 0, Token{}, false
	}
	return f, brace, true
}

// ParseFormat reads a format, [+ | -] [0] [width] [x | c]. why says what is wrong
// with it, or is "".
func ParseFormat(s string) (f isa.Format, why string) {
	rest := s
	take := func(c byte) bool {
		if rest == "" || rest[0] != c {
			return false
		}
		rest = rest[1:]
		return true
	}
	if take('+') {
		f |= isa.FormatPlus
	} else if take('-') {
		f |= isa.FormatLeft
	}
	if take('0') {
		f |= isa.FormatZeros
	}
	digits := 0
	for digits < len(rest) && IsDigit(rest[digits]) {
		digits++
	}
	if digits > 0 {
		n, err := strconv.Atoi(rest[:digits])
		if err != nil || n < 1 || n > isa.MaxFormatWidth {
			return 0, "a width of a format is 1 to " + strconv.Itoa(isa.MaxFormatWidth) + ", not " + rest[:min(digits, 9)]
		}
		f |= isa.Format(n)
		rest = rest[digits:]
	}
	if take('x') {
		f |= isa.FormatHex
	} else if take('c') {
		f |= isa.FormatChar
	}
	has := func(bits isa.Format) bool { return f&bits == bits }
	switch {
	case rest != "" || s == "":
		return 0, Quoted(s) + " is no format: write " + formats
	case has(isa.FormatPlus | isa.FormatHex), has(isa.FormatPlus | isa.FormatChar):
		return 0, "`+` gives decimal numbers a sign alone: leave it or the letter out"
	case has(isa.FormatZeros) && digits == 0:
		return 0, "how many zeros? the width is missing: {v:05}"
	case has(isa.FormatZeros | isa.FormatLeft):
		return 0, "`-` fills up at the right, and zeros stand at the left: leave one of the two out"
	case has(isa.FormatZeros | isa.FormatChar):
		return 0, "a character is filled up with spaces, not with zeros"
	}
	return f, ""
}

// mendFormat gives what a format of another language, or with a slip, was meant to
// be, or "".
func mendFormat(s string) string {
	t := strings.TrimLeft(strings.Join(strings.Fields(s), ""), "%>")
	if strings.HasPrefix(t, "<") {
		t = "-" + t[1:]
	}
	if strings.HasSuffix(t, "X") {
		t = t[:len(t)-1] + "x"
	}
	t = strings.TrimRight(t, "diu")
	if t == "" {
		return ""
	}
	if _, why := ParseFormat(t); why != "" {
		return ""
	}
	return t
}
