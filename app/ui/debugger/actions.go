package debugger

import (
	"fmt"
	"image"
	"path/filepath"
	"strings"

	"gvpie/app/studio"
	"gvpie/app/studio/debugger"
	"gvpie/app/studio/notice"
	"gvpie/app/ui/kit"
)

// AskWho asks who drew a texel, in a program that is paused for it.
func AskWho(m *studio.Model, open func(), x, y int) {
	m.Debugger().AskWho(x, y)
	open()
	m.Action("run.pause").Invoke()
}

// Pointed is what a person points at.
type Pointed struct {
	Line     func() (path string, line int)  // of the caret, with its file's path from the program's folder; 0: none
	Variable func() string                   // at the caret; "": none
	Texel    func() (p image.Point, ok bool) // that the pointer is on, or that was asked about
}

func (p Pointed) line() (debugger.Target, bool) {
	path, line := p.Line()
	return debugger.Target{Path: path, Line: line}, line > 0
}

func (p Pointed) variable() (debugger.Target, bool) {
	name := p.Variable()
	return debugger.Target{Variable: name}, name != ""
}

func (p Pointed) texel() (debugger.Target, bool) {
	at, ok := p.Texel()
	return debugger.Target{Texel: &at}, ok
}

// AskPath asks where to write a file to.
type AskPath func(title, verb, start string, chosen func(path string))

// nameOf is a document's path, or its name, without the ending of programs.
func nameOf(d *studio.Document) string {
	name := d.Path
	if name == "" {
		name = d.Name
	}
	return strings.TrimSuffix(name, ".pxl")
}

// save writes the run to a file, and says so.
func save(m *studio.Model, path string) {
	m.Debugger().Save(path, func(frames int, err error) { saved(m, path, frames, err) })
}

// saved says what came of saving a run.
func saved(m *studio.Model, path string, frames int, err error) {
	if err != nil {
		m.Notify(notice.Problem, fmt.Sprintf("The run could not be saved: %v", err))
		return
	}
	m.Notify(notice.Done, fmt.Sprintf("Saved %s in %s", kit.Count(frames, "frame"), filepath.Base(path)))
}

// parityActions lead to the texel in which the two processors differ.
func parityActions(m *studio.Model, open func(), askPath AskPath) []*studio.Action {
	differs := func() bool { p := m.Parity(); return p != nil && !p.Equal }
	return []*studio.Action{
		{ID: "debug.parity", Title: "Go to the texel in which CPU and GPU differ", Enabled: differs, Do: func() {
			x, y := m.Parity().Texel(m.Canvas())
			AskWho(m, open, x, y)
		}},
		{ID: "debug.parity.save", Title: "Save a recording that repeats the difference…", Enabled: differs, Do: func() {
			askPath("Save a recording that repeats the difference", "Save", nameOf(m.Program())+"-differs.pxlrec", func(path string) {
				m.SaveDifference(path, func(frames int, err error) { saved(m, path, frames, err) })
			})
		}},
	}
}

// branchAction runs on from the past with the text as it was edited.
const branchAction = "debug.branch.text"

// branchActions begin branches.
func branchActions(m *studio.Model) []*studio.Action {
	d := m.Debugger()
	return []*studio.Action{{
		ID: branchAction, Title: "Run on from here as a branch with the edited text", Keys: "Ctrl-Shift-F6",
		Enabled: func() bool {
			now, doc := d.Now(), m.Program()
			return now != nil && !now.Present && !now.Ended && doc != nil && doc.Current() && !now.Of(doc.Live())
		},
		Do: func() { d.Branches().Edit(m.Program().Live()) },
	}}
}

// Actions are the debugger's moves, and what is done with a run. Where it does not look at the program yet, the first
// of them has it look: open opens its panel, and the program is paused.
func Actions(m *studio.Model, open func(), askPath AskPath, at Pointed) []*studio.Action {
	d := m.Debugger()
	seek := func(id, title, keys string, back bool, to func() (debugger.Target, bool)) *studio.Action {
		return &studio.Action{
			ID: id, Title: title, Keys: keys,
			Enabled: func() bool {
				if m.Active() == nil || d.Open() && d.Now() == nil {
					return false
				}
				_, ok := to()
				return ok
			},
			Do: func() {
				if !d.Open() {
					open()
					m.Action("run.pause").Invoke()
				} else if t, ok := to(); ok {
					d.Search().To(t, back)
				}
			},
		}
	}
	move := func(id, title, keys string, to debugger.Move) *studio.Action {
		return &studio.Action{
			ID: id, Title: title, Keys: keys,
			Enabled: func() bool { return m.Active() != nil && (!d.Open() || d.CanGo(to)) },
			Do: func() {
				if d.Open() {
					d.Go(to)
					return
				}
				open()
				m.Action("run.pause").Invoke()
			},
		}
	}
	return append(append(append(branchActions(m), parityActions(m, open, askPath)...), overlayActions(m)...), []*studio.Action{
		{ID: "debug.save", Title: "Save the run as a recording…", Enabled: func() bool { return d.Now() != nil }, Do: func() {
			askPath("Save the run as a recording", "Save", nameOf(m.Program())+".pxlrec", func(path string) { save(m, path) })
		}},
		move("debug.step", "Step to the next statement", "F11", debugger.Step),
		move("debug.over", "Step over calls", "F7", debugger.Over),
		move("debug.out", "Step out of the call", "Ctrl-F7", debugger.Out),
		move("debug.continue", "Run on to the next breakpoint", "Ctrl-F5", debugger.Continue),
		move("debug.back.continue", "Back to the breakpoint before", "Ctrl-Shift-F5", debugger.ContinueBack),
		{ID: "debug.cancel", Title: "Stop looking", Keys: "Shift-F6", Enabled: func() bool { _, _, working := d.Search().Progress(); return working || d.Seeking() }, Do: d.Cancel},
		{ID: "debug.note", Title: "Note this moment", Keys: "Ctrl-F2", Enabled: func() bool { return d.Now() != nil }, Do: func() { d.Notebook().Mark() }},
		seek("debug.cursor", "Run on to the caret's line", "Ctrl-F10", false, at.line),
		seek("debug.back.cursor", "Back to the caret's line", "Ctrl-Shift-F10", true, at.line),
		seek("debug.texel", "On to the next write of the texel", "Ctrl-F11", false, at.texel),
		seek("debug.back.texel", "Back to the last write of the texel", "Ctrl-Shift-F11", true, at.texel),
		seek("debug.variable", "On to the next change of the variable at the caret", "Ctrl-F8", false, at.variable),
		seek("debug.back.variable", "Back to the last change of the variable at the caret", "Ctrl-Shift-F8", true, at.variable),
		move("debug.back", "Back to the statement before", "Shift-F11", debugger.StepBack),
		move("debug.back.over", "Back over calls", "Shift-F7", debugger.OverBack),
		move("debug.back.out", "Back to where the call was made", "Ctrl-Shift-F7", debugger.OutBack),
		move("debug.back.frame", "Back a frame", "Shift-F10", debugger.FrameBack),
	}...)
}
