package editor

import (
	"image"

	"gioui.org/io/key"
	"gioui.org/layout"

	"gvpie/canvas/rest"
	"gvpie/runtime/pxl/service"
)

// MaxText is the largest text, in bytes, that the editor stays quick with and
// takes from the clipboard. A window should refuse to open a larger file: the
// program page holds 65 535 words, so no program needs one.
const MaxText = 2 << 20

// Editor is the state of one document's editor. Its methods are for the
// window's goroutine alone.
//
// It is made in layers, each of which knows those below alone: the document, its
// view, the find bar over that, and here input and what pops up.
//
// Every method that changes the text or moves the caret may be called at any
// time between frames; the next [Editor.Update] reports what came of it.
type Editor struct {
	finder

	reported struct { // what Update's events have said already
		version      uint64
		line, column int
	}

	hover   hover
	pointer pointerState
	rest    rest.Area
	ime     imeState
	filters filters
	pasting *clipboardTag // of the last paste; nil: there was none
	sprites []int         // lines, from 1, whose sprites were asked for since the last report
	pasted  []Pasted      // since then
	asked   []int         // lines, from 1, whose breakpoints were asked for since then
	primary primary

	completion completion
	typedOn    int // line, from 1, last typed on; 0 when the caret has left it
}

// reveal says how the next Layout brings the caret into view.
type reveal uint8

const (
	revealNot reveal = iota
	revealNear
	revealCentre
)

// New gives an editor with an empty text.
func New() *Editor {
	e := &Editor{}
	e.buf, e.rows = newBuffer(""), make(map[int]*row)
	e.code = service.NewDocument(&e.buf)
	e.reported.version = e.buf.version
	e.find.init()
	return e
}

// Event is something that happened in an editor.
type Event interface{ isEvent() }

// Changed says that the text is another one: typed, pasted, undone, replaced.
// SetText alone does not cause it.
type Changed struct{}

// CaretMoved says where the caret is now, line and column from 1.
type CaretMoved struct{ Line, Column int }

// Undefined says that the definition was asked for of what stands at a byte, and is
// not in the text: it may be in another.
type Undefined struct{ Offset int }

// SpriteAsked says that the sprite that has a row or its directive on a line, from 1, is
// to be drawn on: its colours were clicked twice.
type SpriteAsked struct{ Line int }

// Pasted says that the bytes [From, To) of the text came from the clipboard.
type Pasted struct{ From, To int }

// BreakAsked says that what the breakpoint of a line, from 1, asks for is to be edited.
type BreakAsked struct{ Line int }

func (BreakAsked) isEvent()  {}
func (Pasted) isEvent()      {}
func (SpriteAsked) isEvent() {}
func (Undefined) isEvent()   {}
func (Changed) isEvent()     {}
func (CaretMoved) isEvent()  {}

// SetText replaces the whole text, puts the caret at its start and forgets the
// undo history, the diagnostics and the lit lines. "\r\n" and "\r" become "\n".
func (e *Editor) SetText(s string) {
	e.set(s)
	e.scroll = image.Point{}
	e.completion, e.typedOn, e.hover = completion{}, 0, hover{}
	e.reported.version = e.buf.version
}

// Focus asks for the keyboard.
func (e *Editor) Focus(gtx layout.Context) { gtx.Execute(key.FocusCmd{Tag: e}) }

// Focused reports whether the text or the find bar has the keyboard.
func (e *Editor) Focused(gtx layout.Context) bool {
	return gtx.Focused(e) || e.find.focused(gtx)
}
