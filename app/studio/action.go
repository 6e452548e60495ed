package studio

import "gvpie/runtime/engine"

// Action is one thing a person can do, known once: the menu, the key, the
// command palette and the button all show and call the same Action.
type Action struct {
	ID      string      // stable: "run.pause"
	Title   string      // "Pause"
	Keys    string      // "F6", "Ctrl-Shift-P"; "" for none
	Enabled func() bool // nil: always
	Checked func() bool // nil: not a toggle
	Do      func()
}

// On says whether the action can be taken now.
func (a *Action) On() bool { return a.Enabled == nil || a.Enabled() }

// Invoke does the action if it is enabled, and says whether it did.
func (a *Action) Invoke() bool {
	if !a.On() {
		return false
	}
	a.Do()
	return true
}

// Actions lists the model's actions, in the order a menu shows them. The window
// adds its own, such as zooming and opening the palette.
func (m *Model) Actions() []*Action { return m.actions }

// Action finds one by its ID; nil if there is none.
func (m *Model) Action(id string) *Action {
	for _, a := range m.actions {
		if a.ID == id {
			return a
		}
	}
	return nil
}

func (m *Model) makeActions() []*Action {
	hasDoc := func() bool { return m.Active() != nil }
	backend := func(id, title string, b engine.Backend) *Action {
		return &Action{ID: id, Title: title, Checked: func() bool { return m.backend == b }, Do: func() { m.SetBackend(b) }}
	}
	return append([]*Action{
		{ID: "file.new", Title: "New program", Keys: "Ctrl-N", Do: func() { m.NewDocument() }},
		{ID: "file.save", Title: "Save", Keys: "Ctrl-S", Enabled: func() bool { d := m.Active(); return d != nil && d.Path != "" && !d.saving }, Do: func() { m.Save(m.active) }},
		{ID: "file.revert", Title: "Take the file as it is on disk", Enabled: func() bool { d := m.Active(); return d != nil && d.Path != "" && (d.Dirty() || d.Conflict) }, Do: func() { m.Revert(m.active) }},
		{ID: "file.keep", Title: "Keep the example's tab", Enabled: func() bool { return hasDoc() && m.Active().Preview }, Do: func() { m.Keep(m.active) }},
		{ID: "file.format", Title: "Format the program", Keys: "Ctrl-Shift-F", Enabled: hasDoc, Do: func() { m.Format() }},
		{ID: "run.run", Title: "Run", Keys: "F5", Enabled: func() bool { return hasDoc() && !m.state.Playing || m.finished() }, Do: func() {
			m.Keep(m.active)
			m.runOn()
		}},
		{ID: "run.pause", Title: "Pause", Keys: "F6", Enabled: func() bool { return hasDoc() && m.state.Playing && !m.finished() }, Do: func() { m.Pause() }},
		{ID: "run.stop", Title: "Stop the frame that takes long", Keys: "Shift-F5", Enabled: func() bool { return hasDoc() && (m.state.Heavy || m.state.Recorded > 0) }, Do: func() { m.Stop() }},
		{ID: "run.step", Title: "Step a frame", Keys: "F10", Enabled: func() bool { return hasDoc() && (!m.finished() || m.debugger.Elsewhere() != nil) }, Do: m.stepFrame},
		{ID: "run.reset", Title: "Reset", Keys: "Ctrl-R", Enabled: hasDoc, Do: func() {
			m.Keep(m.active)
			m.Reset()
		}},
		backend("backend.auto", "Run on whichever is faster", engine.Auto),
		backend("backend.gpu", "Run on the GPU", engine.OnGPU),
		backend("backend.cpu", "Run on the CPU", engine.OnCPU),
	}, m.agentActions()...)
}
