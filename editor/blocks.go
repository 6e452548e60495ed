package editor

import (
	"strings"
)

// pair is two short ranges of the text that belong together, as brackets do.
type pair struct{ a, b [2]int }

func isName(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// match gives the bracket or the block word at the caret and its partner.
func (e *view) match() (pair, bool) {
	line := e.buf.lineAt(e.sel.caret)
	start := e.buf.lineStart(line)
	s := e.buf.Line(line)
	at := e.sel.caret - start
	if len(s) > longLine {
		return pair{}, false
	}
	for _, i := range []int{at, at - 1} {
		if i < 0 || i >= len(s) || strings.IndexByte("()[]{}", s[i]) < 0 {
			continue
		}
		if j, ok := bracket(s, i); ok {
			return pair{[2]int{start + i, start + i + 1}, [2]int{start + j, start + j + 1}}, true
		}
	}
	in := len(indentOf(s))
	end := in
	for end < len(s) && isName(s[end]) {
		end++
	}
	if at < in || at > end || in == end {
		return pair{}, false
	}
	other, ok := e.code.Opener(line)
	if !ok {
		other, ok = e.code.MatchEnd(line)
	}
	if !ok {
		return pair{}, false
	}
	o := e.buf.Line(other)
	from := len(indentOf(o))
	to := from
	for to < len(o) && isName(o[to]) {
		to++
	}
	base := e.buf.lineStart(other)
	return pair{[2]int{start + in, start + end}, [2]int{base + from, base + to}}, true
}

// longLine is the length from which a line is data, not code: no brackets are
// matched in it and no swatches drawn.
const longLine = 4096

// bracket gives the partner of the bracket at i.
func bracket(s string, i int) (int, bool) {
	const open, shut = "([{", ")]}"
	step, same, other := 1, s[i], byte(0)
	if k := strings.IndexByte(open, s[i]); k >= 0 {
		other = shut[k]
	} else {
		step, other = -1, open[strings.IndexByte(shut, s[i])]
	}
	depth := 0
	for ; i >= 0 && i < len(s); i += step {
		switch s[i] {
		case same:
			depth++
		case other:
			if depth--; depth == 0 {
				return i, true
			}
		}
	}
	return 0, false
}

// matched remembers match for a text and caret: a frame asks, but only an edit
// or a movement changes the answer.
type matched struct {
	version uint64
	caret   int
	pair    pair
	ok      bool
}

func (e *view) matchHere() (pair, bool) {
	m := &e.matched
	if m.version != e.buf.version || m.caret != e.sel.caret {
		p, ok := e.match()
		*m = matched{e.buf.version, e.sel.caret, p, ok}
	}
	return m.pair, m.ok
}
