package editor

import (
	"strings"

	"gioui.org/io/key"

	"gvpie/runtime/pxl/service"
)

// completion is the list shown while a word is typed.
type completion struct {
	open     bool
	explicit bool // asked for with a key: it stays for a word that is whole
	from     int  // byte offset where the word begins
	list     []service.Completion
	chosen   int
	top      int // the first candidate shown
	popup    popup

	version uint64 // of the text that the list was made for
	caret   int    // where the caret was
}

// shownCandidates is how many rows the list has at most.
const shownCandidates = 8

// Complete opens the list of what may stand at the caret.
func (e *Editor) Complete() {
	e.completion = completion{explicit: true}
	e.suggest()
}

// suggest fills the list for the word before the caret, and closes it when
// there is nothing to say.
func (e *Editor) suggest() {
	c := &e.completion
	explicit := c.explicit
	was := ""
	if c.open {
		was = c.list[c.chosen].Label
	}
	*c = completion{explicit: explicit}
	if e.readOnly || !e.sel.empty() {
		return
	}
	at := e.buf.cursor(e.sel.caret)
	before := e.buf.Line(at.Line)[:at.Byte]
	if !explicit && shortName(before) {
		return
	}
	list := e.code.Complete(at)
	if len(list) == 0 {
		return
	}
	written := before[list[0].From:]
	for _, k := range list {
		if strings.EqualFold(k.Label, written) && !explicit {
			return // it is whole
		}
	}
	c.list = list
	for i, k := range c.list {
		if k.Label == was {
			c.chosen = i
		}
	}
	c.top = max(0, c.chosen-shownCandidates+1)
	c.open, c.from = true, e.sel.caret-len(written)
	c.version, c.caret = e.buf.version, e.sel.caret
}

// completing reports whether the list is open, and closes one that was made
// for another text or caret.
func (e *Editor) completing() bool {
	c := &e.completion
	if c.open && (c.version != e.buf.version || c.caret != e.sel.caret) {
		*c = completion{}
	}
	return c.open
}

// shortName says whether s ends in less of a name than is worth a list.
func shortName(s string) bool {
	n := 0
	for n < 2 && n < len(s) && isName(s[len(s)-1-n]) {
		n++
	}
	return n < 2
}

// accept puts a candidate in the place of the word.
func (e *Editor) accept(i int) {
	c := e.completion
	e.completion = completion{}
	name := c.list[i].Label
	at := c.from + len(name)
	e.hist.sealed = true
	e.change(editAlone, c.from, e.sel.caret, name, selection{at, at})
	e.outdentClosing()
}

// completionKey handles a key while the list is open; false if the key is not
// the list's.
func (e *Editor) completionKey(k key.Event) bool {
	c := &e.completion
	if !e.completing() || k.Modifiers != 0 {
		return false
	}
	step := 0
	switch k.Name {
	case key.NameUpArrow:
		step = -1
	case key.NameDownArrow:
		step = +1
	case key.NamePageUp:
		step = -min(shownCandidates, c.chosen)
	case key.NamePageDown:
		step = min(shownCandidates, len(c.list)-1-c.chosen)
	case key.NameReturn, key.NameEnter, key.NameTab:
		e.accept(c.chosen)
		return true
	case key.NameEscape:
		e.completion = completion{}
		return true
	default:
		return false
	}
	c.chosen = (c.chosen + step + len(c.list)) % len(c.list)
	c.top = min(max(c.top, c.chosen-shownCandidates+1), c.chosen)
	return true
}
