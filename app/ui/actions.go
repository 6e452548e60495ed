package ui

import (
	"slices"

	"gvpie/app/studio"
)

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
			w.code.focus()
		}}
	}
	return []*studio.Action{
		from("file.new"),
		{ID: "file.open", Title: "Open a program…", Keys: "Ctrl-O", Do: w.documents.askOpen},
		{ID: "file.recording", Title: "Open a recording…", Do: w.documents.askRecording},
		{ID: "file.save", Title: "Save", Keys: "Ctrl-S", Enabled: hasDoc, Do: func() { w.documents.save(m.ActiveIndex(), nil) }},
		{ID: "file.saveas", Title: "Save as…", Keys: "Ctrl-Shift-S", Enabled: hasDoc, Do: func() { w.documents.saveAs(m.ActiveIndex(), nil) }},
		from("file.revert"),
		{ID: "file.import", Title: "Import a picture…", Enabled: hasDoc, Do: w.importPicture},
		{ID: "file.close", Title: "Close the tab", Keys: "Ctrl-W", Enabled: hasDoc, Do: func() { w.documents.close(m.ActiveIndex()) }},
		{ID: "file.next", Title: "Next tab", Keys: "Ctrl-Tab", Enabled: several, Do: func() { w.documents.cycle(1) }},
		{ID: "file.previous", Title: "Previous tab", Keys: "Ctrl-Shift-Tab", Enabled: several, Do: func() { w.documents.cycle(-1) }},
		from("run.run"), from("run.pause"), from("run.stop"), from("run.step"), from("run.reset"),
		{ID: "run.play", Title: "Mouse and keys to the program", Keys: "F9", Enabled: hasDoc,
			Checked: func() bool { return w.canvases.playing() }, Do: w.canvases.toggle},
		from("backend.auto"), from("backend.gpu"), from("backend.cpu"),
		edit("edit.undo", "Undo", "Ctrl-Z", (*codePane).undo),
		edit("edit.redo", "Redo", "Ctrl-Shift-Z", (*codePane).redo),
		edit("edit.find", "Find and replace", "Ctrl-F", (*codePane).find),
		edit("edit.comment", "Comment lines out or in", "Ctrl-/", (*codePane).toggleComment),
		edit("edit.definition", "Go to the definition", "F12", (*codePane).gotoDefinition),
		{ID: "edit.references", Title: "References…", Keys: "Shift-F12", Enabled: hasDoc, Do: w.showReferences},
		{ID: "edit.rename", Title: "Rename…", Keys: "F2", Enabled: hasDoc, Do: w.askRename},
		{ID: "edit.sprite", Title: "Draw the sprite…", Keys: "F4", Enabled: hasDoc, Do: w.drawSprite},
		from("file.format"),
		{ID: "edit.focus", Title: "Go to the editor", Keys: "Ctrl-E", Enabled: hasDoc, Do: func() { w.code.focus() }},
		{ID: "canvas.focus", Title: "Go to the canvas", Keys: "Ctrl-Shift-E", Enabled: hasDoc, Do: func() { w.canvases.wantFocus = true }},
		{ID: "problem.next", Title: "Go to the next problem", Keys: "F8", Enabled: func() bool { return len(m.Problems()) > 0 }, Do: w.bottom.problems.next},
		{ID: "debug.save.error", Title: "Save what led to the error", Enabled: func() bool { return m.RunState().Phase == studio.Failed }, Do: func() { m.SaveFailed(w.documents.startDir()) }},
		{ID: "debug.find", Title: "Search the frames…", Keys: "Ctrl-F3", Enabled: hasDoc, Do: func() {
			w.bottom.open(panelDebugger)
			w.bottom.debugger.ShowSearch()
			m.Action("run.pause").Invoke()
		}},
		{ID: "debug.compare", Title: "Compare the run with a recording…", Enabled: func() bool { return m.Debugger().Now() != nil }, Do: func() {
			w.bottom.debugger.ShowSearch()
			w.documents.ask(recordingFiles, "Compare", m.Debugger().Search().Compare)
		}},
		{ID: "debug.branch.input", Title: "Run on from here as a branch with other input…", Enabled: func() bool { now := m.Debugger().Now(); return now != nil && !now.Present && !now.Ended }, Do: w.bottom.debugger.ShowInput},
		edit("debug.break", "Breakpoint on the caret's line", "Ctrl-F9", (*codePane).toggleBreak),
		{ID: "debug.break.edit", Title: "What the breakpoint on the caret's line asks for…", Keys: "Ctrl-Shift-F9", Enabled: hasDoc, Do: w.askBreak},
		{ID: "debug.who", Title: "Who drew what the pointer is on?", Keys: "Ctrl-D", Enabled: func() bool { return hasDoc() && w.canvases.hover.In },
			Do: func() { w.canvases.ask(w.canvases.hover.X, w.canvases.hover.Y) }},
		{ID: "view.cycle", Title: "Next view: both, machine, human", Keys: "V", Do: func() { w.canvases.cycle() }},
		view("view.beside", "Human beside machine", "Ctrl-1", Beside),
		view("view.stacked", "Human over machine", "Ctrl-2", Stacked),
		view("view.machine", "Machine view alone", "Ctrl-3", MachineAlone),
		view("view.human", "Human view alone", "Ctrl-4", HumanAlone),
		{ID: "view.fit", Title: "Fit the canvas", Keys: "Ctrl-0", Do: func() { w.canvases.zoomToFit() }},
		{ID: "view.one", Title: "One texel, one pixel", Do: func() { w.canvases.oneToOne() }},
		{ID: "view.grid", Title: "Grid over the machine view at high zoom", Keys: "G", Checked: func() bool { return w.canvases.grid }, Do: func() { w.canvases.grid = !w.canvases.grid }},
		{ID: "view.humangrid", Title: "Grid over the human view at high zoom", Checked: func() bool { return w.canvases.humanGrid }, Do: func() { w.canvases.humanGrid = !w.canvases.humanGrid }},
		{ID: "view.lit", Title: "Light up what the caret's line drew", Keys: "L", Checked: func() bool { return w.canvases.lit }, Do: func() { w.canvases.lit = !w.canvases.lit }},
		{ID: "window.sidebar", Title: "Sidebar", Keys: "Ctrl-B", Checked: func() bool { return *w.side.visible() }, Do: func() { *w.side.visible() = !*w.side.visible() }},
		{ID: "window.panel", Title: "Bottom panel", Keys: "Ctrl-J", Checked: func() bool { return *w.bottom.visible() }, Do: func() { *w.bottom.visible() = !*w.bottom.visible() }},
		{ID: "window.problems", Title: "Problems", Keys: "Ctrl-Shift-M", Do: func() { w.bottom.open(panelProblems) }},
		{ID: "window.debugger", Title: "Debugger", Keys: "Ctrl-Shift-D", Do: func() { w.bottom.open(panelDebugger) }},
		{ID: "window.log", Title: "Log", Keys: "Ctrl-Shift-L", Do: func() { w.bottom.open(panelLog) }},
		{ID: "window.agent", Title: "Agent", Keys: "Ctrl-Shift-A", Do: func() { w.bottom.open(panelAgent) }},
		{ID: "window.improve", Title: "Improve", Keys: "Ctrl-Shift-O", Do: func() { w.bottom.open(panelImprove) }},
		{ID: "window.map", Title: "Infinite map", Keys: "Ctrl-Shift-I", Do: func() { w.bottom.open(panelMap) }},
		{ID: "window.quit", Title: "Quit", Keys: "Ctrl-Q", Do: w.documents.closeWindow},
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
