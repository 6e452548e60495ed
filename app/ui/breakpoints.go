package ui

import (
	"image"
	"strings"

	"gvpie/app/studio"
	"gvpie/app/studio/debugger"
	"gvpie/app/studio/session"
	debugpanel "gvpie/app/ui/debugger"
	"gvpie/editor"
	"gvpie/runtime/debug"
)

// stops are the breakpoints of an editor as others have them.
type stops struct {
	rev  int // of the editor's
	list []debugger.Breakpoint
	kept []session.Break
}

// follow brings them up to those of an editor. Those whose line is gone stop nowhere, and
// are not kept.
func (s *stops) follow(e *editor.Editor) []debugger.Breakpoint {
	if rev := e.Breaks.Rev(); rev != s.rev {
		*s = stops{rev: rev}
		for _, b := range e.Breaks.All() {
			if !b.Gone {
				s.list = append(s.list, breakpoint(b))
				s.kept = append(s.kept, session.Break{Line: b.Line, Condition: b.Condition, Hits: b.Hits, Log: b.Log})
			}
		}
	}
	return s.list
}

func breakpoint(b editor.Break) debugger.Breakpoint {
	return debugger.Breakpoint{Line: b.Line, Condition: b.Condition, Hits: b.Hits, Log: b.Log}
}

// toggleBreak gives the caret's line a breakpoint, or takes it away.
func (c *codePane) toggleBreak() {
	o := c.front()
	line, _ := o.edit.Caret()
	o.edit.Breaks.Toggle(line)
}

// askBreak asks for what the breakpoint of the caret's line asks for.
func (w *Workbench) askBreak() {
	line, _, _ := w.code.caret()
	w.askBreakOn(line, image.Point{})
}

// askBreakOn asks for what the breakpoint of a line asks for, which gets one, beside a
// point of the window.
func (w *Workbench) askBreakOn(line int, at image.Point) {
	d, o := w.model.Active(), w.code.front()
	is, _ := o.edit.Breaks.On(line)
	if is.Gone {
		is = editor.Break{}
	}
	is.Line = line
	w.dialogs.open(debugpanel.NewBreakCard(breakpoint(is), strings.Split(d.Text(), "\n")[line-1], at,
		func(b debugger.Breakpoint) string { return breakProblem(d, b) },
		func(b debugger.Breakpoint) {
			o.edit.Breaks.Set(editor.Break{Line: b.Line, Condition: b.Condition, Hits: b.Hits, Log: b.Log})
		},
		func() { o.edit.Breaks.Remove(line) }))
}

// breakProblem says what is wrong with a breakpoint, as far as the program is one.
func breakProblem(d *studio.Document, b debugger.Breakpoint) string {
	if a := d.Live(); a != nil && d.Current() {
		return debug.PlaceBreakpoint(a, b).Problem
	}
	return ""
}
