package ui

import (
	"slices"

	"gioui.org/io/key"
	"gioui.org/layout"

	"gvpie/app/studio"
	"gvpie/app/ui/kit"
)

// editorKeys are actions whose keys the editor takes itself; they are listed
// with their keys, and done from the palette, but not bound here.
var editorKeys = map[string]bool{
	"edit.undo": true, "edit.redo": true, "edit.find": true, "edit.replace": true,
	"edit.comment": true, "edit.line": true,
}

// makeActions lists the window's actions and the model's, as one list.
func (w *Workbench) makeActions() []*studio.Action {
	m := w.model
	hasDoc := func() bool { return m.Active() != nil }
	several := func() bool { return len(m.Docs()) > 1 }
	from := func(id string) *studio.Action {
		if a := m.Action(id); a != nil {
			return a
		}
		panic("the model has no action " + id)
	}
	view := func(id, title, keys string, mode Mode) *studio.Action {
		return &studio.Action{ID: id, Title: title, Keys: keys, Checked: func() bool { return w.canvases.mode == mode },
			Do: func() { w.canvases.setMode(mode) }}
	}
	edit := func(id, title, keys string, do func(c *codePane)) *studio.Action {
		return &studio.Action{ID: id, Title: title, Keys: keys, Enabled: hasDoc, Do: func() {
			do(w.code)
			w.code.wantFocus = true
		}}
	}
	return []*studio.Action{
		from("file.new"),
		{ID: "file.open", Title: "Open a program…", Keys: "Ctrl-O", Do: w.openDialog},
		{ID: "file.save", Title: "Save", Keys: "Ctrl-S", Enabled: hasDoc, Do: func() { w.save(m.ActiveIndex(), nil) }},
		{ID: "file.saveas", Title: "Save as…", Keys: "Ctrl-Shift-S", Enabled: hasDoc, Do: func() { w.saveAs(m.ActiveIndex(), nil) }},
		from("file.revert"),
		{ID: "file.close", Title: "Close the tab", Keys: "Ctrl-W", Enabled: hasDoc, Do: func() { w.closeTab(m.ActiveIndex()) }},
		{ID: "file.next", Title: "Next tab", Keys: "Ctrl-Tab", Enabled: several, Do: func() { w.cycleTab(1) }},
		{ID: "file.previous", Title: "Previous tab", Keys: "Ctrl-Shift-Tab", Enabled: several, Do: func() { w.cycleTab(-1) }},
		from("run.run"), from("run.pause"), from("run.step"), from("run.reset"),
		{ID: "run.play", Title: "Mouse and keys to the program", Keys: "F9", Enabled: hasDoc,
			Checked: func() bool { return w.canvases.playing() }, Do: func() { w.canvases.setPlaying(!w.canvases.playing()) }},
		from("backend.auto"), from("backend.gpu"), from("backend.cpu"),
		edit("edit.undo", "Undo", "Ctrl-Z", (*codePane).undo),
		edit("edit.redo", "Redo", "Ctrl-Shift-Z", (*codePane).redo),
		edit("edit.find", "Find and replace", "Ctrl-F", (*codePane).find),
		edit("edit.comment", "Comment lines out or in", "Ctrl-/", (*codePane).toggleComment),
		from("file.format"),
		{ID: "edit.focus", Title: "Go to the editor", Keys: "Ctrl-E", Enabled: hasDoc, Do: func() { w.code.wantFocus = true }},
		{ID: "canvas.focus", Title: "Go to the canvas", Keys: "Ctrl-Shift-E", Enabled: hasDoc, Do: func() { w.canvases.wantFocus = true }},
		{ID: "problem.next", Title: "Go to the next problem", Keys: "F8", Enabled: func() bool { return len(m.Problems()) > 0 }, Do: w.nextProblem},
		{ID: "view.cycle", Title: "Next view: both, machine, human", Keys: "V", Do: func() { w.canvases.cycle() }},
		view("view.beside", "Views side by side", "Ctrl-1", Beside),
		view("view.stacked", "Views one over the other", "Ctrl-2", Stacked),
		view("view.machine", "Machine view alone", "Ctrl-3", MachineAlone),
		view("view.human", "Human view alone", "Ctrl-4", HumanAlone),
		{ID: "view.fit", Title: "Fit the canvas", Keys: "Ctrl-0", Do: func() { w.canvases.fit() }},
		{ID: "view.one", Title: "One texel, one pixel", Do: func() { w.canvases.oneToOne() }},
		{ID: "view.grid", Title: "Grid at high zoom", Keys: "G", Checked: func() bool { return w.canvases.grid }, Do: func() { w.canvases.grid = !w.canvases.grid }},
		{ID: "view.lit", Title: "Light up what the caret's line drew", Keys: "L", Checked: func() bool { return w.canvases.lit }, Do: func() { w.canvases.lit = !w.canvases.lit }},
		{ID: "window.sidebar", Title: "Sidebar", Keys: "Ctrl-B", Checked: func() bool { return *w.sideShown() }, Do: func() { *w.sideShown() = !*w.sideShown() }},
		{ID: "window.panel", Title: "Bottom panel", Keys: "Ctrl-J", Checked: func() bool { return *w.panelShown() }, Do: func() { *w.panelShown() = !*w.panelShown() }},
		{ID: "window.problems", Title: "Problems", Keys: "Ctrl-Shift-M", Do: func() { w.openPanel(panelProblems) }},
		{ID: "window.log", Title: "Log", Keys: "Ctrl-Shift-L", Do: func() { w.openPanel(panelLog) }},
		{ID: "window.agent", Title: "Agent", Keys: "Ctrl-Shift-A", Do: func() { w.openPanel(panelAgent) }},
		{ID: "window.map", Title: "Infinite map", Keys: "Ctrl-Shift-I", Do: func() { w.openPanel(panelMap) }},
		{ID: "window.theme", Title: "Light theme", Checked: func() bool { return !w.th.Dark }, Do: w.toggleTheme},
		{ID: "window.quit", Title: "Quit", Keys: "Ctrl-Q", Do: func() {
			if w.mayClose() {
				w.quit()
			}
		}},
		{ID: "help.palette", Title: "All actions", Keys: "Ctrl-Shift-P", Do: w.openPalette},
		{ID: "help.open", Title: "Help: tour and language", Keys: "F1", Do: w.openHelp},
	}
}

// withRest adds those of the model's actions that the list has no place for.
func withRest(list, model []*studio.Action) []*studio.Action {
	for _, a := range model {
		if !slices.ContainsFunc(list, func(b *studio.Action) bool { return b.ID == a.ID }) {
			list = append(list, a)
		}
	}
	return list
}

// action finds one of the window's actions.
func (w *Workbench) action(id string) *studio.Action {
	for _, a := range w.actions {
		if a.ID == id {
			return a
		}
	}
	panic("no action " + id)
}

// updateKeys does the actions whose keys were pressed. While a dialog is open
// only the palette's and the help's own keys count.
func (w *Workbench) updateKeys(gtx layout.Context) {
	typing := w.typing(gtx)
	for _, a := range w.actions {
		c, ok := w.chords[a.ID]
		if !ok || typing && c.Types() {
			continue
		}
		if w.modal != nil && a.ID != "help.palette" && a.ID != "help.open" {
			continue
		}
		for {
			e, ok := gtx.Event(c.Filter())
			if !ok {
				break
			}
			if e, ok := e.(key.Event); ok && e.State == key.Press {
				a.Invoke()
			}
		}
	}
}

// typing says whether plain keys belong to something else: text that is being
// edited, or the program in play.
func (w *Workbench) typing(gtx layout.Context) bool {
	return w.modal != nil || w.code.typing(gtx) || w.canvases.takesKeys(gtx)
}

// bindKeys reads the keys of every action once.
func bindKeys(actions []*studio.Action) map[string]kit.Chord {
	out := make(map[string]kit.Chord)
	for _, a := range actions {
		if a.Keys == "" || editorKeys[a.ID] {
			continue
		}
		c, ok := kit.ParseKeys(a.Keys)
		if !ok {
			panic("action " + a.ID + " has keys that mean nothing: " + a.Keys)
		}
		out[a.ID] = c
	}
	return out
}
