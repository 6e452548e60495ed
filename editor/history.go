package editor

// edit is one replacement: old stood at the offset, new took its place.
type edit struct {
	at       int
	old, new string
}

// selection is the caret and where the selected text began; equal when nothing
// is selected. Both are byte offsets on a rune's first byte.
type selection struct{ anchor, caret int }

func (s selection) start() int  { return min(s.anchor, s.caret) }
func (s selection) end() int    { return max(s.anchor, s.caret) }
func (s selection) empty() bool { return s.anchor == s.caret }

// undoStep is what one Undo takes back.
type undoStep struct {
	edit
	before, after selection
	kind          editKind
}

// editKind says which edits may grow the step before them.
type editKind uint8

const (
	editAlone  editKind = iota // a step of its own
	editType                   // typed characters
	editDelete                 // characters deleted one by one
	editNudge                  // a number counted up or down
)

// historyBytes bounds the text that undo keeps; the oldest steps go first.
const historyBytes = 64 << 20

// history is the undo and redo stacks.
type history struct {
	done, undone []undoStep
	size         int  // bytes of text in done
	sealed       bool // the next edit starts a new step
}

// push records a step that has been made.
func (h *history) push(s undoStep) {
	h.undone = nil
	if !h.sealed && h.grow(s) {
		return
	}
	h.sealed = false
	h.done = append(h.done, s)
	h.size += s.bytes()
	drop := 0
	for h.size > historyBytes && drop < len(h.done)-1 {
		h.size -= h.done[drop].bytes()
		drop++
	}
	if drop > 0 {
		h.done = append([]undoStep(nil), h.done[drop:]...)
	}
}

// grow joins s to the last step if both are parts of one word being typed, of
// one run of deletes, or of one number being counted.
func (h *history) grow(s undoStep) bool {
	if len(h.done) == 0 || s.kind == editAlone {
		return false
	}
	last := &h.done[len(h.done)-1]
	if last.kind != s.kind || s.kind != editNudge && last.after != s.before {
		return false
	}
	e, n, was := &last.edit, s.edit, last.bytes()
	switch s.kind {
	case editType:
		if n.old != "" || e.at+len(e.new) != n.at || startsWord(e.new, n.new) {
			return false
		}
		e.new += n.new
	case editNudge:
		if n.at != e.at || n.old != e.new {
			return false
		}
		e.new = n.new
	case editDelete:
		switch {
		case n.at+len(n.old) == e.at:
			e.old, e.at = n.old+e.old, n.at
		case n.at == e.at:
			e.old += n.old
		default:
			return false
		}
	}
	h.size += last.bytes() - was
	last.after = s.after
	return true
}

// startsWord reports whether typing next after typed begins another word or
// line, where an undo should stop.
func startsWord(typed, next string) bool {
	if typed == "" || next == "" {
		return false
	}
	l, n := typed[len(typed)-1], next[0]
	return n == '\n' || l == '\n' || (l == ' ') != (n == ' ') && n != ' '
}

func (s *undoStep) bytes() int { return len(s.old) + len(s.new) }

func (h *history) popUndo() (undoStep, bool) {
	if len(h.done) == 0 {
		return undoStep{}, false
	}
	s := h.done[len(h.done)-1]
	h.done = h.done[:len(h.done)-1]
	h.size -= s.bytes()
	h.undone = append(h.undone, s)
	h.sealed = true
	return s, true
}

func (h *history) popRedo() (undoStep, bool) {
	if len(h.undone) == 0 {
		return undoStep{}, false
	}
	s := h.undone[len(h.undone)-1]
	h.undone = h.undone[:len(h.undone)-1]
	h.done = append(h.done, s)
	h.size += s.bytes()
	h.sealed = true
	return s, true
}
