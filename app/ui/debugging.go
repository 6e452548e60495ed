package ui

import (
	"image"
	"slices"
	"strings"

	"gvpie/app/studio"
	"gvpie/app/studio/debugger"
	"gvpie/app/studio/session"
	debugpanel "gvpie/app/ui/debugger"
	"gvpie/editor"
	"gvpie/runtime/debug"
	"gvpie/runtime/pxl"
)

// stops are the breakpoints of an editor as others have them.
type stops struct {
	rev  int // of the editor's
	list []debugger.Breakpoint
	kept []session.Break
	ran  []debugger.Breakpoint // those of the text that a program was last made of which includes it
}

// follow brings them up to those of an editor. Those whose line is gone stop nowhere, and
// are not kept.
func (s *stops) follow(e *editor.Editor) []debugger.Breakpoint {
	if rev := e.Breaks.Rev(); rev != s.rev {
		*s = stops{rev: rev, ran: s.ran}
		for _, b := range e.Breaks.All() {
			if !b.Gone {
				s.list = append(s.list, breakpoint(b))
				s.kept = append(s.kept, session.Break{Line: b.Line, Condition: b.Condition, Hits: b.Hits, Log: b.Log})
			}
		}
	}
	return s.list
}

// stopsOf are the breakpoints of a document.
func (c *codePane) stopsOf(doc int) (list []debugger.Breakpoint) {
	if o := c.docs[doc]; o != nil && o.rev > 0 {
		return o.stops.follow(o.edit)
	}
	for _, b := range c.breaks[doc] {
		list = append(list, debugger.Breakpoint{Line: b.Line, Condition: b.Condition, Hits: b.Hits, Log: b.Log})
	}
	return list
}

// stopsIn are the breakpoints of a program: those of its own file, and of the open ones that
// it includes.
func (c *codePane) stopsIn(program *studio.Document) []debugger.Breakpoint {
	list := slices.Clip(c.stopsOf(program.ID))
	for _, d := range c.model.Docs() {
		path, current := program.PathOf(d)
		if path == "" {
			continue
		}
		stops := c.stopsOf(d.ID)
		if o := c.docs[d.ID]; o != nil {
			if current && o.edit.Text() == d.Text() {
				o.stops.ran = stops
			}
			stops = o.stops.ran
		}
		for _, b := range stops {
			b.Path = path
			list = append(list, b)
		}
	}
	return list
}

// onLines gives what is said of breakpoints by the lines of an editor that has them. path is
// that of its file in the program.
func onLines(says map[debugger.Breakpoint]string, e *editor.Editor, path string) (out map[int]string) {
	if len(says) == 0 {
		return nil
	}
	for _, k := range e.Breaks.All() {
		b := breakpoint(k)
		b.Path = path
		if why := says[b]; why != "" && !k.Gone {
			if out == nil {
				out = map[int]string{}
			}
			out[k.Line] = why
		}
	}
	return out
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
		func(b debugger.Breakpoint) string { return breakProblem(w.model, d, b) },
		func(b debugger.Breakpoint) {
			o.edit.Breaks.Set(editor.Break{Line: b.Line, Condition: b.Condition, Hits: b.Hits, Log: b.Log})
		},
		func() { o.edit.Breaks.Remove(line) }))
}

// breakProblem says what is wrong with a breakpoint of a document, in a program that includes
// it or else in its own, as far as there is one.
func breakProblem(m *studio.Model, d *studio.Document, b debugger.Breakpoint) string {
	in := d
	for _, p := range m.Docs() {
		if path, current := p.PathOf(d); path != "" && current {
			in, b.Path = p, path
			break
		}
	}
	if _, current := in.PathOf(d); current {
		return debug.PlaceBreakpoint(in.Live(), b).Problem
	}
	return ""
}

// file is the path of the file that a place in the program is in, "" where that is in the
// text in front.
func (c *codePane) file(at pxl.Position) string {
	program, front := c.model.Program(), c.model.Active()
	path := program.Elsewhere(at.File)
	switch {
	case path == "" && program != front:
		return program.Path
	case path == front.Path:
		return ""
	}
	return path
}

// follow shows where the debugger looks: the statement that is about to run. It is
// brought into sight when somebody went there.
func (c *codePane) follow(m *debugger.Model) {
	o, d := c.front(), c.model.Active()
	if o == nil {
		return
	}
	now := m.Now()
	path, current := c.model.Program().PathOf(d)
	same := now != nil && current && now.Of(c.model.Program().Live()) // lines of another text are others
	notes := editor.Notes{Idle: onLines(m.Idle(), o.edit, path), Failing: onLines(c.model.Failing(), o.edit, path)}
	if now != nil && len(now.Failing) > 0 {
		notes.Failing = onLines(now.Failing, o.edit, path)
	}
	if same && c.file(now.Next.At) == "" {
		notes.Stop, notes.Beside, notes.Held = now.Next.At.Line, now.Beside, now.Held
	}
	if costs := m.Overlays().Costs(); same && costs.Shown() {
		costs.Update()
		notes.Costs = func(line int) (hits, cycles uint64, ok bool) { return costs.On(path, line) }
	}
	o.edit.Notes = notes
	if who := m.Who(); who != c.who {
		c.who = who
		if who != nil && who.Chosen != nil {
			c.show(who.Chosen.Place)
		}
	}
	if now != c.moment {
		c.moment = now
		if now != nil && now.Moved && now.Next.At.Line > 0 && (same || !current) {
			c.show(now.Next.At)
		}
	}
}

// variable is the variable at the caret, "" for none.
func (c *codePane) variable() string {
	o := c.front()
	if o == nil {
		return ""
	}
	text, at := o.edit.Text(), o.edit.Offset()
	from := strings.LastIndexByte(text[:at], '\n') + 1
	line, _, _ := strings.Cut(text[from:], "\n")
	return debugger.VariableAt(line, at-from)
}
