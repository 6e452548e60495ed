package editor

import (
	"strconv"
	"strings"

	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/widget"
)

// finder is a view whose text is searched.
type finder struct {
	view
	find findBar
}

// findBar is the state of find and replace. Matches are found again when the
// text, the needle or the case switch changed.
type findBar struct {
	open, replacing, matchCase bool

	needle, with                           widget.Editor
	prev, next, fold, one, all, more, shut widget.Clickable

	matches []int // byte offsets, ascending
	size    int   // bytes of the needle that matches has
	capped  bool  // there are more matches than maxMatches
	key     findKey

	wantFocus bool // Layout is to give the needle the keyboard
	had       bool // the bar had the keyboard at the last Update
	giveBack  bool // Layout is to give the text the keyboard
}

// findKey is what matches were computed from.
type findKey struct {
	version   uint64
	needle    string
	matchCase bool
}

// maxMatches bounds the matches kept and shown.
const maxMatches = 100_000

func (f *findBar) init() {
	f.needle.SingleLine, f.needle.Submit = true, true
	f.with.SingleLine, f.with.Submit = true, true
}

func (f *findBar) focused(gtx layout.Context) bool {
	return f.open && (gtx.Focused(&f.needle) || gtx.Focused(&f.with))
}

// OpenFind opens the find bar with the selected text in it and gives it the
// keyboard at the next frame.
func (e *finder) OpenFind() {
	f := &e.find
	f.open, f.wantFocus, f.giveBack = true, true, false
	if s := e.buf.text[e.sel.start():e.sel.end()]; s != "" && len(s) < 200 && !strings.Contains(s, "\n") {
		f.needle.SetText(s)
	}
	f.needle.SetCaret(f.needle.Len(), 0)
}

// OpenReplace is OpenFind with the line for the replacement.
func (e *finder) OpenReplace() {
	e.OpenFind()
	e.find.replacing = !e.readOnly
}

// CloseFind closes the find bar. The text gets the keyboard back at the next
// frame if the bar had it.
func (e *finder) CloseFind() {
	f := &e.find
	f.giveBack = f.open && f.had
	f.open, f.replacing, f.wantFocus = false, false, false
	f.matches, f.size, f.key = nil, 0, findKey{}
}

// FindOpen reports whether the find bar is open.
func (e *finder) FindOpen() bool { return e.find.open }

// refresh finds the matches again if what they depend on has changed.
func (f *findBar) refresh(b *buffer) {
	k := findKey{b.version, f.needle.Text(), f.matchCase}
	if k == f.key {
		return
	}
	f.key, f.matches, f.capped, f.size = k, f.matches[:0], false, len(k.needle)
	if k.needle == "" {
		return
	}
	at := 0
	for {
		i := index(b.text[at:], k.needle, k.matchCase)
		if i < 0 {
			return
		}
		if len(f.matches) == maxMatches {
			f.capped = true
			return
		}
		f.matches = append(f.matches, at+i)
		at += i + len(k.needle)
	}
}

// index is strings.Index, without regard to the case of ASCII letters unless
// matchCase is set.
func index(s, needle string, matchCase bool) int {
	if matchCase {
		return strings.Index(s, needle)
	}
	first := lower(needle[0])
	for at := 0; at+len(needle) <= len(s); at++ {
		if lower(s[at]) == first && equalFold(s[at:at+len(needle)], needle) {
			return at
		}
	}
	return -1
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// equalFold compares strings of one length, the case of ASCII letters apart.
func equalFold(a, b string) bool {
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

// FindNext selects the next match after the selection, or the first one.
func (e *finder) FindNext() { e.findFrom(+1) }

// FindPrev selects the match before the selection, or the last one.
func (e *finder) FindPrev() { e.findFrom(-1) }

func (e *finder) findFrom(dir int) {
	f := &e.find
	f.refresh(&e.buf)
	n := len(f.matches)
	if n == 0 {
		return
	}
	i := f.after(e.sel.end())
	if dir > 0 {
		if i == n {
			i = 0
		}
	} else {
		i = f.after(e.sel.start()) - 1
		if i >= 0 && f.matches[i]+f.size > e.sel.start() {
			i--
		}
		if i < 0 {
			i = n - 1
		}
	}
	e.selectMatch(i)
}

// after gives the first match that begins at an offset or later.
func (f *findBar) after(offset int) int {
	lo, hi := 0, len(f.matches)
	for lo < hi {
		if mid := (lo + hi) / 2; f.matches[mid] < offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

func (e *finder) selectMatch(i int) {
	at := e.find.matches[i]
	e.moveTo(selection{at, at + e.find.size})
	e.hist.sealed = true
	e.reveal = revealCentre
}

// findHere selects the first match from where the selection began.
func (e *finder) findHere() {
	f := &e.find
	f.refresh(&e.buf)
	if len(f.matches) == 0 {
		return
	}
	i := f.after(e.sel.start())
	if i == len(f.matches) {
		i = 0
	}
	e.selectMatch(i)
}

// current gives which match is selected, or -1.
func (f *findBar) current(s selection) int {
	i := f.after(s.start())
	if i < len(f.matches) && f.matches[i] == s.start() && s.end() == s.start()+f.size && f.size > 0 {
		return i
	}
	return -1
}

// replaceOne replaces the selected match and goes to the next.
func (e *finder) replaceOne() {
	f := &e.find
	f.refresh(&e.buf)
	if e.readOnly || len(f.matches) == 0 {
		return
	}
	if f.current(e.sel) >= 0 {
		s := f.with.Text()
		from, to := e.sel.start(), e.sel.end()
		e.change(editAlone, from, to, s, selection{from + len(s), from + len(s)})
	}
	e.findFrom(+1)
}

// replaceAll replaces every match that is known, as one undo step.
func (e *finder) replaceAll() {
	f := &e.find
	f.refresh(&e.buf)
	if e.readOnly || len(f.matches) == 0 {
		return
	}
	with := f.with.Text()
	from := f.matches[0]
	to := f.matches[len(f.matches)-1] + f.size
	if len(e.buf.text)+len(f.matches)*(len(with)-f.size) > MaxText {
		e.notice = "That would make the text larger than 2 MB, more than any program needs. Nothing was replaced."
		return
	}
	var b strings.Builder
	at := from
	for _, m := range f.matches {
		b.WriteString(e.buf.text[at:m])
		b.WriteString(with)
		at = m + f.size
	}
	end := from + b.Len()
	capped := f.capped
	e.change(editAlone, from, to, b.String(), selection{end, end})
	if capped {
		e.notice = "The first " + strconv.Itoa(maxMatches) + " matches were replaced. Replace all again for the rest."
	}
}

// count says how many matches there are, in words.
func (f *findBar) count(s selection) string {
	n := len(f.matches)
	switch {
	case f.key.needle == "":
		return ""
	case n == 0:
		return "no match"
	case f.capped:
		return "over " + strconv.Itoa(n)
	}
	if i := f.current(s); i >= 0 {
		return strconv.Itoa(i+1) + " of " + strconv.Itoa(n)
	}
	return strconv.Itoa(n) + " found"
}

// paintMatches marks the matches on the visible lines.
func (e *finder) paintMatches(gtx layout.Context, st *Style, first, last int) {
	f := &e.find
	if !f.open || f.size == 0 {
		return
	}
	f.refresh(&e.buf)
	to := e.buf.lineEnd(last)
	for i := f.after(max(0, e.buf.lineStart(first)-f.size)); i < len(f.matches) && f.matches[i] <= to; i++ {
		m := f.matches[i]
		c := alpha(st.Colors.Warning, pick[uint8](m == e.sel.start() && m+f.size == e.sel.end(), 80, 40))
		for _, r := range e.rectsOf(gtx, m, m+f.size, first, last) {
			paint.FillShape(gtx.Ops, c, clip.UniformRRect(r, gtx.Dp(2)).Op(gtx.Ops))
		}
	}
}
