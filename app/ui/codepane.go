package ui

import (
	"errors"
	"maps"
	"slices"

	"gioui.org/io/key"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"

	"gvpie/app/studio"
	"gvpie/app/studio/debugger"
	"gvpie/app/studio/notice"
	"gvpie/app/studio/session"
	"gvpie/app/ui/kit"
	"gvpie/app/ui/primary"
	"gvpie/editor"
	"gvpie/runtime/pxl"
)

// codePane shows the editor of the document in front. Each open document has
// an editor of its own, so that its caret, history and scroll place stay.
type codePane struct {
	model     *studio.Model
	docs      map[int]*openText
	places    map[int]editor.Place    // where to begin in documents that have no editor yet
	breaks    map[int][]session.Break // what to begin with in those
	shown     int                     // ID of the document that was in front
	wantFocus bool                    // take the keyboard when there is something to type in
	steady    bool                    // the caret does not blink

	going   string       // path of the file that is being opened for gotoPlace, "" for none
	goingTo pxl.Position // in it

	drawSprite func(line int)             // opens the sprite editor
	askBreak   func(line int)             // asks for what a line's breakpoint asks for
	pasted     func(offset int, s string) // is told of what was pasted where
	selected   *primary.Selection         // of the desktop, which the middle button pastes

	renaming renaming // what waits for its files to be opened
	renamed  renamed  // what the last rename made

	moment *debugger.Moment  // that the debugger looked at last
	who    *debugger.Drawing // that it found last
}

// openText is a document's editor and what it was last told.
type openText struct {
	edit     *editor.Editor
	rev      int // Document.TextRev that the editor has
	problems []pxl.Diagnostic
	stops    stops
	line     int
	column   int
}

func newCodePane(m *studio.Model) *codePane {
	return &codePane{model: m, docs: make(map[int]*openText), places: make(map[int]editor.Place), breaks: make(map[int][]session.Break), wantFocus: true}
}

// front is the editor of the document in front; nil without one.
func (c *codePane) front() *openText {
	d := c.model.Active()
	if d == nil {
		return nil
	}
	o := c.docs[d.ID]
	if o == nil {
		o = &openText{edit: editor.New(), line: 1, column: 1}
		c.docs[d.ID] = o
	}
	return o
}

// update takes in the editor's input and the model's news, each way. It stops at
// a key of others', and gives it back.
func (c *codePane) update(gtx layout.Context, others ...key.Filter) (other key.Event, ok bool) {
	c.forgetClosed()
	o, d := c.front(), c.model.Active()
	if o == nil {
		return key.Event{}, false
	}
	if c.shown != d.ID {
		c.shown, c.wantFocus = d.ID, true
	}
	c.take(o, d)
	c.selected.Pump()
	o.edit.SetBeside(studio.Beside(c.model.Documents, d))
	changed := false
	events, other, ok := o.edit.UpdateUntil(gtx, others...)
	for _, e := range events {
		switch e := e.(type) {
		case editor.Changed:
			changed = true
		case editor.CaretMoved:
		case editor.Undefined:
			defer c.gotoElsewhere(d, e.Offset)
		case editor.SpriteAsked:
			defer c.drawSprite(e.Line)
		case editor.BreakAsked:
			defer c.askBreak(e.Line)
		case editor.Pasted:
			defer c.pasted(e.From, o.edit.Text()[e.From:e.To])
		case editor.Selected:
			c.selected.Own(o.edit.Text()[e.From:e.To])
		case editor.PasteAsked:
			c.pasteSelected(o)
		}
	}
	edited := o.edit.Text() != d.Text()
	c.model.SetBreakpoints(c.stopsIn(c.model.Program()), edited)
	if edited {
		c.model.Edit(o.edit.Text())
	}
	o.line, o.column = o.edit.Caret()
	if due := c.model.Caret(o.line, changed, gtx.Now); !due.IsZero() {
		gtx.Execute(op.InvalidateCmd{At: due})
	}
	c.arrive(d)
	if changed {
		c.renamed.follow(c, d)
	}
	c.renaming.goOn(c)
	if p := own(d, c.model.Problems()); !slices.EqualFunc(p, o.problems, sameProblem) {
		o.problems = p
		o.edit.SetDiagnostics(o.problems)
	}
	if c.wantFocus && gtx.Enabled() {
		c.wantFocus = false
		o.edit.Focus(gtx)
	}
	return other, ok
}

// pasteSelected pastes what is selected on the desktop, once that is known.
func (c *codePane) pasteSelected(o *openText) {
	c.selected.Read(func(text string, err error) {
		switch {
		case o != c.front() || errors.Is(err, primary.ErrNone):
		case err != nil:
			c.model.Notify(notice.Problem, "Nothing was pasted: "+err.Error()+".")
		default:
			o.edit.PasteText(text)
		}
	})
}

// take gives the editor the text that the model has, if that is another.
func (c *codePane) take(o *openText, d *studio.Document) {
	if o.rev == d.TextRev {
		return
	}
	line, column := o.edit.Caret()
	first := o.rev == 0
	o.rev = d.TextRev
	if first {
		o.edit.SetText(d.Text())
		if p, ok := c.places[d.ID]; ok {
			o.edit.SetPlace(p)
			delete(c.places, d.ID)
		}
		for _, b := range c.breaks[d.ID] {
			o.edit.Breaks.Set(editor.Break{Line: b.Line, Condition: b.Condition, Hits: b.Hits, Log: b.Log})
		}
		delete(c.breaks, d.ID)
	} else if o.edit.Text() != d.Text() {
		o.edit.Replace(0, len(o.edit.Text()), d.Text())
		o.edit.Goto(line, column)
	}
}

// sameProblem says whether two diagnostics look the same in the editor.
func sameProblem(a, b pxl.Diagnostic) bool {
	if (a.Fix == nil) != (b.Fix == nil) || a.Fix != nil && *a.Fix != *b.Fix {
		return false
	}
	a.Fix, b.Fix = nil, nil
	return a == b
}

func (c *codePane) forgetClosed() {
	docs := c.model.Docs()
	closed := func(id int) bool {
		return !slices.ContainsFunc(docs, func(d *studio.Document) bool { return d.ID == id })
	}
	maps.DeleteFunc(c.docs, func(id int, _ *openText) bool { return closed(id) })
	maps.DeleteFunc(c.places, func(id int, _ editor.Place) bool { return closed(id) })
	maps.DeleteFunc(c.breaks, func(id int, _ []session.Break) bool { return closed(id) })
}

// typing says whether text is being edited in the pane.
func (c *codePane) typing(gtx layout.Context) bool {
	o := c.front()
	return o != nil && o.edit.Focused(gtx)
}

// caret is the caret's place in the document in front.
func (c *codePane) caret() (line, column int, ok bool) {
	if o := c.front(); o != nil {
		return o.line, o.column, true
	}
	return 0, 0, false
}

// caretIn is the caret's line, 0 for none, and the path by which the program knows its file.
func (c *codePane) caretIn() (path string, line int) {
	o := c.front()
	if o == nil {
		return "", 0
	}
	path, _ = c.model.Program().PathOf(c.model.Active())
	return path, o.line
}

// top is the first line of the front document that is to be seen.
func (c *codePane) top() int {
	if o := c.front(); o != nil {
		return o.edit.Top()
	}
	return 0
}

// gotoPlace is gotoLine of a place in the program, also in a file that it includes,
// which is opened.
func (c *codePane) gotoPlace(at pxl.Position) {
	d := c.model.Active()
	if d == nil {
		return
	}
	path := d.Elsewhere(at.File)
	if path == "" {
		c.gotoLine(at.Line, at.Column)
		return
	}
	c.gotoFile(path, at.Line, at.Column)
}

// gotoFile is gotoLine in a file, which is opened.
func (c *codePane) gotoFile(path string, line, column int) {
	c.going, c.goingTo = path, pxl.Position{Line: line, Column: column}
	c.model.Open(path)
}

// arrive goes to the place of gotoPlace once its file is in front.
func (c *codePane) arrive(d *studio.Document) {
	if c.going != "" && d.Path == c.going {
		c.going = ""
		c.gotoLine(c.goingTo.Line, c.goingTo.Column)
	}
}

// own are the problems in the document's own text.
func own(d *studio.Document, all []pxl.Diagnostic) []pxl.Diagnostic {
	return slices.DeleteFunc(slices.Clone(all), func(p pxl.Diagnostic) bool { return d.Elsewhere(p.Pos.File) != "" })
}

// place is where a person is in a document.
func (c *codePane) place(doc int) editor.Place {
	if o := c.docs[doc]; o != nil && o.rev > 0 {
		return o.edit.Place()
	}
	return c.places[doc]
}

// breakpoints are those of a document.
func (c *codePane) breakpoints(doc int) []session.Break {
	if o := c.docs[doc]; o != nil && o.rev > 0 {
		o.stops.follow(o.edit)
		return o.stops.kept
	}
	return c.breaks[doc]
}

// gotoLine puts the caret somewhere and gives the editor the keyboard.
func (c *codePane) gotoLine(line, column int) {
	if o := c.front(); o != nil {
		o.edit.Goto(line, column)
		c.wantFocus = true
	}
}

// focus gives the editor the keyboard when there is something to type in.
func (c *codePane) focus() { c.wantFocus = true }

// show brings a place in the program into sight. The keyboard stays where it is, unless
// that is in another file, which comes to the front.
func (c *codePane) show(at pxl.Position) {
	o := c.front()
	if o == nil {
		return
	}
	if path := c.file(at); path != "" {
		c.gotoFile(path, at.Line, at.Column)
		return
	}
	o.edit.Goto(at.Line, 1)
}

// apply makes a diagnostic's fix, as one step of undo.
func (c *codePane) apply(f *pxl.Fix) {
	o := c.front()
	if o == nil || f == nil || f.Offset < 0 || f.End < f.Offset || f.End > len(o.edit.Text()) {
		return
	}
	o.edit.Replace(f.Offset, f.End, f.Replace)
	c.wantFocus = true
}

// lightUp marks the lines that wrote what the pointer is over.
func (c *codePane) lightUp(lines ...int) {
	if o := c.front(); o != nil {
		o.edit.SetLit(lines)
	}
}

func (c *codePane) undo()          { c.front().edit.Undo() }
func (c *codePane) redo()          { c.front().edit.Redo() }
func (c *codePane) find()          { c.front().edit.OpenFind() }
func (c *codePane) toggleComment() { c.front().edit.ToggleComment() }

// layout draws the editor in front.
func (c *codePane) layout(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	size := gtx.Constraints.Max
	o := c.front()
	if o == nil {
		return layout.Dimensions{Size: size}
	}
	defer clip.Rect{Max: size}.Push(gtx.Ops).Pop()
	semantic.Editor.Add(gtx.Ops)
	semantic.LabelOp("program text").Add(gtx.Ops)
	gtx.Constraints = layout.Exact(size)
	return o.edit.Layout(gtx, c.style(th))
}

// style is the editor's look in a theme.
func (c *codePane) style(th *kit.Theme) *editor.Style {
	return &editor.Style{
		Shaper: th.Shaper, Cover: th.Cover, Steady: c.steady, Font: th.Code, Size: kit.TextSize, UIFont: th.UI, UISize: 12,
		Colors: editor.Colors{
			Background: th.Window, Text: th.Text, Dim: th.Dim, Faint: th.Faint,
			CurrentLine: kit.Mix(th.Window, th.Selected, 120), Lit: kit.Mix(th.Window, th.Accent, 44),
			Selection: kit.Alpha(th.Mnemonic, 70), Caret: th.Accent,
			Rule: th.Line, Panel: th.Panel, Raised: th.Raised, Accent: th.Accent,
			Error: th.Error, Warning: th.Warning,
			Mnemonic: th.Mnemonic, Number: th.Number, String: th.String, Function: th.Function,
			Directive: th.Directive, Comment: th.Comment, Label: th.Function,
			Stop: kit.Mix(th.Window, th.Warning, 40), Stopped: th.Warning, Note: kit.Mix(th.Dim, th.Accent, 90),
		},
	}
}
