package editor

import (
	"unicode/utf8"

	"gioui.org/io/key"
	"gioui.org/layout"

	"gvpie/runtime/textfile"
)

// imeState is what the system's text input knows of the text, in code points.
type imeState struct {
	// believed is the selection it will send edits for. Keys handled since the
	// last frame may have moved the caret; an edit of the believed range means
	// "at the caret" all the same.
	believed key.Range
	sent     key.SelectionCmd
	snippet  key.Snippet
	from, to int // the snippet it asked for
}

func (e *Editor) imeSelect(r key.Range) {
	if r == e.ime.believed {
		return
	}
	e.ime.believed = r
	e.moveTo(selection{anchor: e.buf.bytes(r.End), caret: e.buf.bytes(r.Start)})
	e.reveal = revealNear
}

func (e *Editor) imeEdit(ev key.EditEvent) {
	at := min(ev.Range.Start, ev.Range.End) + utf8.RuneCountInString(ev.Text)
	defer func() { e.ime.believed = key.Range{Start: at, End: at} }()
	if e.readOnly {
		return
	}
	if ev.Range != e.ime.believed {
		e.moveTo(selection{e.buf.bytes(ev.Range.Start), e.buf.bytes(ev.Range.End)})
	}
	s, _ := textfile.Clean(ev.Text)
	if s == "" {
		if !e.sel.empty() {
			e.deleteTo(e.sel.caret)
		}
	} else {
		e.insert(s)
		e.typed(s)
	}
}

// tellIME sends the selection and the text around it to the system's text
// input when they changed.
func (e *Editor) tellIME(gtx layout.Context) {
	if !gtx.Focused(e) {
		return
	}
	sel := key.SelectionCmd{
		Tag:   e,
		Range: key.Range{Start: e.buf.runes(e.sel.caret), End: e.buf.runes(e.sel.anchor)},
		Caret: e.caretForIME(),
	}
	if sel != e.ime.sent || sel.Range != e.ime.believed {
		e.ime.sent, e.ime.believed = sel, sel.Range
		gtx.Execute(sel)
	}
	from := e.buf.bytes(min(e.ime.from, e.ime.to))
	to := min(e.buf.bytes(max(e.ime.from, e.ime.to)), from+snippetBytes)
	to = e.buf.clamp(to)
	snip := key.Snippet{
		Range: key.Range{Start: e.buf.runes(from), End: e.buf.runes(to)},
		Text:  e.buf.text[from:to],
	}
	if snip != e.ime.snippet {
		e.ime.snippet = snip
		gtx.Execute(key.SnippetCmd{Tag: e, Snippet: snip})
	}
}

// snippetBytes bounds the text given to the system's text input.
const snippetBytes = 4096
