package ui

import (
	"encoding/json"
	"fmt"
	"io"

	"gioui.org/layout"

	"gvpie/app/studio"
	"gvpie/app/studio/debugger"
	"gvpie/app/studio/loop"
	"gvpie/app/studio/mailbox"
	"gvpie/app/ui/kit"
	"gvpie/runtime/machine"
)

// Status is what the window says of itself to other programs: gvpie --status
// prints it, one JSON object a line, whenever it changed.
type Status struct {
	Width    int     `json:"width"` // of the window, in pixels
	Height   int     `json:"height"`
	Theme    string  `json:"theme"`    // "dark" or "light"
	TitleBar string  `json:"titlebar"` // of the window's own: "restored" or "maximised"; "" for none
	Over     string  `json:"over"`     // what lies over the window: "palette", "help", "file", "question"; "" for nothing
	Editing  bool    `json:"editing"`  // the editor has the keyboard
	Document string  `json:"document"` // the name of the one in front, "" for none
	Unsaved  bool    `json:"unsaved"`
	Tabs     int     `json:"tabs"`
	Line     int     `json:"line"` // of the caret, from 1
	Column   int     `json:"column"`
	Top      int     `json:"top"`   // the first line to be seen
	Tip      string  `json:"tip"`   // the tooltip
	Zoom     float32 `json:"zoom"`  // of the human picture, in pixels a texel
	Views    string  `json:"views"` // which are shown: "stacked", "beside", "machine" or "human"
	Sidebar  bool    `json:"sidebar"`
	Panel    string  `json:"panel"` // the bottom panel's tab: "problems", "debugger", "log", "agent" or "map"; "" while it is closed
	Problems int     `json:"problems"`
	Offered  int     `json:"offered"`  // texts of an earlier run that the window offers to restore
	Phase    string  `json:"phase"`    // of the program: "empty", "running", "halted", "failed" or "broken"
	Paused   string  `json:"paused"`   // why it does not go on, "" while it does
	Heavy    bool    `json:"heavy"`    // one of its frames takes long
	LastGood bool    `json:"lastGood"` // the picture is of the last program without errors
	Loop     string  `json:"loop"`     // how the window stands to the loop: "off", "opening", "running", "driven", "looked at" or "failed"
	Cycle    int     `json:"cycle"`    // of the loop, 0 before the first
	Ready    bool    `json:"ready"`    // the loop does its work, as far as is known here
	Scripts  int     `json:"scripts"`
	Moment   string  `json:"moment"` // that the debugger looks at, frame:cycle:line of what is about to run; "" while it looks at none
}

var phaseNames = [...]string{
	studio.Empty: "empty", studio.Running: "running", studio.Halted: "halted", studio.Failed: "failed", studio.Broken: "broken",
}

var loopNames = [...]string{
	loop.Off: "off", loop.Opening: "opening", loop.Running: "running", loop.Driven: "driven", loop.ReadOnly: "looked at", loop.Failed: "failed",
}

// state is the window's status after a frame.
func (w *Workbench) state(gtx layout.Context) Status {
	s := Status{
		Width: gtx.Constraints.Max.X, Height: gtx.Constraints.Max.Y, Theme: "dark", Over: nameOf(w.dialogs.front),
		Editing: w.dialogs.front == nil && w.code.typing(gtx), Problems: len(w.model.Problems()), Offered: len(w.model.Recovered()), Phase: phaseNames[w.model.RunState().Phase],
		Paused: paused(w.model), Heavy: w.model.RunState().Heavy, LastGood: w.model.LastGood(),
		Tip: w.th.Tip.Showing(),
	}
	a := w.model.Agent()
	s.Loop, s.Cycle, s.Ready, s.Scripts = loopNames[a.State()], a.Status().Cycle, a.Unready() == "", len(a.Scripts())
	if !w.th.Dark {
		s.Theme = "light"
	}
	switch {
	case w.titleBar.Shown && w.titleBar.Maximized:
		s.TitleBar = "maximised"
	case w.titleBar.Shown:
		s.TitleBar = "restored"
	}
	s.Tabs, s.Views, s.Sidebar, s.Zoom = len(w.model.Docs()), viewWords[w.canvases.mode], *w.side.visible(), w.canvases.views[humanSlot].canvas.Zoom()
	s.Moment = moment(w.model.Debugger())
	if *w.bottom.visible() {
		s.Panel = panelWords[w.bottom.tab]
	}
	if d := w.model.Active(); d != nil {
		s.Document, s.Unsaved = d.Name, d.Dirty()
		s.Line, s.Column, _ = w.code.caret()
		s.Top = w.code.top()
	}
	return s
}

func moment(m *debugger.Model) string {
	now := m.Now()
	if now == nil {
		return ""
	}
	return fmt.Sprintf("%d:%d:%d", now.At.Frame, now.At.Cycle, now.Next.At.Line)
}

func paused(m *studio.Model) string {
	run := m.RunState()
	return run.Paused()
}

func nameOf(m kit.Modal) string {
	switch m.(type) {
	case nil:
		return ""
	case *commandPalette:
		return "palette"
	case *helpPage:
		return "help"
	case *pathDialog:
		return "file"
	}
	return "question"
}

// statusLines writes each status that differs from the last. The window never
// waits for whoever reads them, who may miss one that the next replaces.
type statusLines struct {
	last Status
	next mailbox.Latest[Status]
}

// newStatusLines writes to to until closed; nil, which is one too, where nobody asks.
func newStatusLines(to io.Writer) *statusLines {
	if to == nil {
		return nil
	}
	l := &statusLines{next: mailbox.New[Status]()}
	go func() {
		out := json.NewEncoder(to)
		for s := range l.next.C {
			if out.Encode(s) != nil {
				return // whoever asked has gone
			}
		}
	}()
	return l
}

func (l *statusLines) say(s Status) {
	if l == nil || s == l.last {
		return
	}
	l.last = s
	l.next.Put(s)
}

func (l *statusLines) close() {
	if l != nil {
		close(l.next.C)
	}
}

// A hand is what a person changes by using the window. What programs do changes none of it.
type hand struct {
	document     int // the one in front
	line, column int // of its caret
	panel        int
	panelShown   bool
	over         string
	given        machine.Input // to the program
}

// handOf is what a person has done by now.
func handOf(w *Workbench) hand {
	h := hand{panel: w.bottom.tab, panelShown: *w.bottom.visible(), over: nameOf(w.dialogs.front), given: w.canvases.input}
	if d := w.model.Active(); d != nil {
		h.document = int(d.ID)
		h.line, h.column, _ = w.code.caret()
	}
	return h
}
