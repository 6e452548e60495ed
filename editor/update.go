package editor

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gioui.org/io/clipboard"
	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/io/transfer"
	"gioui.org/layout"
)

// Update handles the input since the last frame and reports what changed, by
// input or by methods called since. Call it once a frame, before Layout.
func (e *Editor) Update(gtx layout.Context) []Event {
	events, _, _ := e.UpdateUntil(gtx)
	return events
}

// UpdateUntil is Update up to a key of another's, which it gives back: what was
// typed before that key is in the text by then, however much came in one frame.
func (e *Editor) UpdateUntil(gtx layout.Context, others ...key.Filter) (events []Event, other key.Event, ok bool) {
	e.updateFind(gtx)
	if at, left := e.rest.Left(gtx); left && e.pointer.inside {
		e.pointer.at = at
		e.point(gtx, at)
	}
	before := e.sel
	other, ok = e.updateInput(gtx, others)
	e.dragScroll(gtx)
	e.primary.changed = e.primary.changed || e.sel != before
	return e.report(), other, ok
}

func (e *Editor) report() []Event {
	var out []Event
	if e.buf.version != e.reported.version {
		e.reported.version = e.buf.version
		out = append(out, Changed{})
	}
	line, column := e.Caret()
	if line != e.reported.line || column != e.reported.column {
		e.reported.line, e.reported.column = line, column
		out = append(out, CaretMoved{line, column})
	}
	for _, at := range e.undefined {
		out = append(out, Undefined{at})
	}
	for _, line := range e.sprites {
		out = append(out, SpriteAsked{line})
	}
	for _, p := range e.pasted {
		out = append(out, p)
	}
	for _, line := range e.asked {
		out = append(out, BreakAsked{line})
	}
	e.undefined, e.sprites, e.pasted, e.asked = nil, nil, nil, nil
	return append(out, e.primary.report(e)...)
}

// unreported says whether the next Update will have something to say.
func (e *Editor) unreported() bool {
	line, column := e.Caret()
	return len(e.undefined)+len(e.sprites)+len(e.pasted)+len(e.asked) > 0 || e.buf.version != e.reported.version || line != e.reported.line || column != e.reported.column
}

// filters are what the text asks the router for: its keys and its pointer, alone
// or with those of others, the window. They are made once, for every frame asks.
type filters struct {
	alone, shared filterList
}

// clipboardTag is what text from the clipboard is asked for with. Each paste has
// one of its own: one that is never answered, as where the clipboard holds a
// picture, must not be taken for the next, which the toolkit would not ask for.
type clipboardTag struct{ _ byte }

type filterList struct {
	others  []key.Filter
	pasting *clipboardTag
	fixed   []event.Filter
	leaving []event.Filter // where there is something that Escape leaves
}

func (f *filterList) make(tag *Editor, others []key.Filter) {
	f.others, f.pasting = slices.Clone(others), tag.pasting
	f.fixed = []event.Filter{key.FocusFilter{Target: tag}, pointerFilter(tag)}
	if f.pasting != nil {
		f.fixed = append(f.fixed, transfer.TargetFilter{Target: f.pasting, Type: "application/text"})
	}
	add := func(required, optional key.Modifiers, names ...key.Name) {
		for _, n := range names {
			f.fixed = append(f.fixed, key.Filter{Focus: tag, Name: n, Required: required, Optional: optional})
		}
	}
	move := key.ModShift | key.ModShortcut | key.ModShortcutAlt
	add(0, move, key.NameLeftArrow, key.NameRightArrow, key.NameUpArrow, key.NameDownArrow, key.NameHome, key.NameEnd)
	add(0, key.ModShift, key.NamePageUp, key.NamePageDown, key.NameReturn, key.NameEnter, key.NameTab, key.NameF3)
	add(0, 0, key.NameF12)
	add(0, key.ModShift|key.ModShortcutAlt, key.NameDeleteBackward, key.NameDeleteForward)
	add(key.ModShortcut, 0, "A", "C", "X", "V", "F", "H", "Y")
	add(key.ModShortcut, key.ModShift, "Z", "/", ".", "[", "]") // signs may need Shift on a keyboard
	add(key.ModAlt, 0, key.NameReturn)
	add(key.ModCtrl, 0, key.NameSpace)
	add(key.ModAlt, key.ModShift, key.NameUpArrow, key.NameDownArrow)
	for _, o := range others {
		f.fixed = append(f.fixed, o)
	}
	f.leaving = append(slices.Clip(f.fixed), key.Filter{Focus: tag, Name: key.NameEscape})
}

// of lists them as they are now.
func (f *filters) of(e *Editor, others []key.Filter) []event.Filter {
	l := &f.alone
	if len(others) > 0 {
		l = &f.shared
	}
	if l.fixed == nil || l.pasting != e.pasting || !slices.Equal(l.others, others) {
		l.make(e, others)
	}
	if e.completion.open || e.find.open || !e.sel.empty() || e.notice != "" {
		return l.leaving
	}
	return l.fixed
}

// updateInput handles keys and pointer in the order they came in: a key pressed
// after a click means the place clicked on. It stops at a press of another's key.
func (e *Editor) updateInput(gtx layout.Context, others []key.Filter) (other key.Event, ok bool) {
	for {
		ev, ok := gtx.Event(e.filters.of(e, others)...)
		if !ok {
			return key.Event{}, false
		}
		switch ev := ev.(type) {
		case pointer.Event:
			e.pointerEvent(gtx, ev)
		case key.FocusEvent:
			e.blink = time.Time{}
			e.ime = imeState{}
			e.hover, e.completion = hover{}, completion{}
		case key.SnippetEvent:
			e.ime.from, e.ime.to = ev.Start, ev.End
		case key.SelectionEvent:
			e.imeSelect(key.Range(ev))
		case key.EditEvent:
			e.imeEdit(ev)
		case transfer.DataEvent:
			text, err := clipboardText(ev)
			if err != nil {
				e.notice = "The clipboard could not be read: " + err.Error()
				continue
			}
			e.PasteText(text)
		case key.Event:
			switch {
			case slices.ContainsFunc(others, func(f key.Filter) bool { return matches(f, ev) }):
				if ev.State == key.Press {
					return ev, true
				}
			case ev.State == key.Press:
				e.key(gtx, ev)
			}
		}
	}
}

// matches says whether a filter that asks for no focus lets a key through.
func matches(f key.Filter, k key.Event) bool {
	return k.Name == f.Name && k.Modifiers&f.Required == f.Required && k.Modifiers&^(f.Required|f.Optional) == 0
}

// typed follows up on typed text: END finds its column, a word its candidates.
func (e *Editor) typed(s string) {
	if utf8.RuneCountInString(s) != 1 {
		e.completion = completion{}
		return
	}
	e.outdentClosing()
	e.typedOn = e.buf.lineAt(e.sel.caret) + 1
	if !isName(s[0]) && s != "." {
		e.completion = completion{}
		return
	}
	e.suggest()
}

// clipboardText reads what the clipboard gives, as far as the editor would take it.
func clipboardText(ev transfer.DataEvent) (string, error) {
	r := ev.Open()
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, MaxText+1))
	return string(b), err
}

// leftOut says how many control characters a pasted text has lost, if any.
func leftOut(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "A control character was left out of what was pasted: a program text has none."
	}
	return fmt.Sprintf("%d control characters were left out of what was pasted: a program text has none.", n)
}

// key does what a key stands for.
func (e *Editor) key(gtx layout.Context, k key.Event) {
	shift := k.Modifiers.Contain(key.ModShift)
	ctrl := k.Modifiers.Contain(key.ModShortcut)
	word := k.Modifiers.Contain(key.ModShortcutAlt)
	e.hover = hover{}
	if e.completionKey(k) {
		return
	}
	again := e.completion.open && k.Name == key.NameDeleteBackward && !word
	defer func() {
		// Whatever else a key did, the list was for the word as it was.
		if again {
			e.suggest()
		} else if k.Name != key.NameSpace {
			e.completion = completion{}
		}
		if e.typedOn != e.buf.lineAt(e.sel.caret)+1 {
			e.typedOn = 0
		}
	}()
	if n := pick(shift, 10, 1); k.Modifiers.Contain(key.ModAlt) && (k.Name == key.NameUpArrow || k.Name == key.NameDownArrow) {
		e.Nudge(pick(k.Name == key.NameUpArrow, n, -n))
		return
	}
	switch k.Name {
	case key.NameSpace:
		e.Complete()
	case key.NameLeftArrow:
		if word {
			e.moveCaret(e.buf.prevWord(e.sel.caret), shift)
		} else {
			e.moveChar(false, shift)
		}
	case key.NameRightArrow:
		if word {
			e.moveCaret(e.buf.nextWord(e.sel.caret), shift)
		} else {
			e.moveChar(true, shift)
		}
	case key.NameUpArrow:
		if ctrl {
			e.scroll.Y -= e.geometry.lineHeight
		} else {
			e.moveLines(-1, shift)
		}
	case key.NameDownArrow:
		if ctrl {
			e.scroll.Y += e.geometry.lineHeight
		} else {
			e.moveLines(+1, shift)
		}
	case key.NamePageUp:
		e.page(-1, shift)
	case key.NamePageDown:
		e.page(+1, shift)
	case key.NameHome:
		if ctrl {
			e.moveCaret(0, shift)
		} else {
			e.home(shift)
		}
	case key.NameEnd:
		if ctrl {
			e.moveCaret(len(e.buf.text), shift)
		} else {
			e.end(shift)
		}
	case key.NameReturn, key.NameEnter:
		if k.Modifiers.Contain(key.ModAlt) {
			e.ApplyFix()
		} else {
			e.newline()
		}
	case key.NameTab:
		switch {
		case e.readOnly:
		case shift:
			e.Outdent()
		default:
			e.tab()
		}
	case key.NameDeleteBackward:
		if word {
			e.deleteTo(e.buf.prevWord(e.sel.caret))
		} else {
			e.backspace()
		}
	case key.NameDeleteForward:
		if word {
			e.deleteTo(e.buf.nextWord(e.sel.caret))
		} else {
			e.deleteTo(e.buf.next(e.sel.caret))
		}
	case key.NameEscape:
		e.escape()
	case key.NameF3:
		if shift {
			e.FindPrev()
		} else {
			e.FindNext()
		}
	case key.NameF12:
		e.GotoDefinition()
	case "A":
		e.SelectAll()
	case "C", "X":
		e.copy(gtx, k.Name == "X")
	case "V":
		if !e.readOnly {
			e.pasting = new(clipboardTag)
			gtx.Execute(clipboard.ReadCmd{Tag: e.pasting})
		}
	case "F":
		e.OpenFind()
	case "H":
		e.OpenReplace()
	case "Z":
		if shift {
			e.Redo()
		} else {
			e.Undo()
		}
	case "Y":
		e.Redo()
	case "/":
		e.ToggleComment()
	case "]":
		e.Indent()
	case "[":
		e.Outdent()
	case ".":
		e.ApplyFix()
	}
}

// escape takes away the outermost thing there is: the notice, the find bar,
// the selection.
func (e *Editor) escape() {
	switch {
	case e.notice != "":
		e.notice = ""
	case e.find.open:
		e.CloseFind()
	default:
		e.moveCaret(e.sel.caret, false)
	}
}

func (e *Editor) copy(gtx layout.Context, cut bool) {
	s, from, to := e.clip()
	if s == "" {
		return
	}
	gtx.Execute(clipboard.WriteCmd{Type: "application/text", Data: io.NopCloser(strings.NewReader(s))})
	if cut && !e.readOnly {
		e.change(editAlone, from, to, "", selection{from, from})
	}
}
