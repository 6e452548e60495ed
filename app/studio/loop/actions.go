package loop

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gvpie/app/studio/notice"
	"gvpie/runtime/agent"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
	"gvpie/runtime/store"
)

// took takes in what a refresh brought.
func (m *Monitor) took(l listed, err error) {
	if err != nil {
		m.lastError = err.Error()
		return
	}
	m.lastError = ""
	m.lists.take(l)
	m.lineages.grown(l.row)
	m.details.again()
	m.offers.reread(l.offers)
}

// Pause keeps the loop from beginning another run.
func (m *Monitor) Pause() { m.order(driver.Pause) }

// Resume goes on with a loop that was paused.
func (m *Monitor) Resume() { m.order(driver.Resume) }

// RunNow begins a cycle as soon as what runs is finished.
func (m *Monitor) RunNow() { m.order(driver.RunCycle) }

// RunScript runs a script as soon as what runs is finished.
func (m *Monitor) RunScript(id int64) {
	m.order(func(d driver, ctx context.Context) error { return d.RunScript(ctx, id) })
}

// order has the loop do something, in the order in which it was asked for, and shows
// what went wrong. The lists are read again after it.
func (m *Monitor) order(do func(driver, context.Context) error) {
	m.steer()
	d, before, done := m.driver, m.ordered, make(chan struct{})
	if d == nil {
		return
	}
	m.ordered = done
	m.background(func() (notice.Kind, string) {
		defer close(done)
		if before != nil {
			<-before
		}
		if err := do(d, m.bg.ctx); err != nil && m.bg.ctx.Err() == nil {
			return notice.Problem, err.Error()
		}
		return notice.Done, ""
	})
}

// background does something slow and shows what came of it; "" shows nothing.
// The lists are read again after it.
func (m *Monitor) background(f func() (notice.Kind, string)) {
	m.bg.spawn(func() {
		kind, text := f()
		m.bg.window.Post(func() {
			if text != "" {
				m.bg.window.Notify(kind, text)
			}
			m.lists.refresh()
		})
	})
}

// SetEnabled lets the loop run a script, or not.
func (m *Monitor) SetEnabled(id int64, on bool) {
	if !m.MayWrite() {
		return
	}
	for i := range m.scripts { // shown at once; the next refresh says how it is
		if m.scripts[i].ID == id {
			m.scripts[i].Enabled = on
		}
	}
	m.order(func(d driver, ctx context.Context) error { return d.EnableScript(ctx, id, on) })
}

// AddGoal adds a goal; the priority is from 1 to 10.
func (m *Monitor) AddGoal(text string, priority int64) {
	if text = strings.TrimSpace(text); text == "" {
		return
	}
	m.order(func(d driver, ctx context.Context) error { return d.AddGoal(ctx, text, priority) })
}

// DoneGoal marks a goal as reached.
func (m *Monitor) DoneGoal(id int64) {
	if !m.MayWrite() {
		return
	}
	for i := range m.goals {
		if m.goals[i].ID == id {
			m.goals[i].Completed = true
		}
	}
	m.order(func(d driver, ctx context.Context) error { return d.FinishGoal(ctx, id) })
}

// OpenScript opens a pixel script's code in a tab whose file is the one in the
// scripts folder: saving it makes it the script's next version, run at once.
func (m *Monitor) OpenScript(id int64) {
	if m.store == nil {
		return
	}
	s := m.store
	m.look(func() error {
		r, err := s.ScriptByID(m.bg.ctx, id)
		if err == nil {
			m.bg.window.Post(func() { openScript(m, r) })
		}
		return err
	})
}

// openScript opens a script that was read.
func openScript(m *Monitor, r store.Script) {
	if r.Lang != "pixel" {
		m.OpenRan(r.Name, r.Lang, r.Code)
		return
	}
	path := filepath.Join(agent.ScriptFolder(m.cfg.Data), r.Name+".pxl")
	if filepath.Base(path) != r.Name+".pxl" || strings.HasPrefix(r.Name, ".") {
		m.bg.window.OpenText(r.Name+".pxl", "", r.Code)
		return
	}
	if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() {
		m.bg.window.OpenFile(path)
		return
	}
	m.bg.window.OpenText(r.Name+".pxl", path, r.Code)
}

// OpenRow opens what a row of the map ran.
func (m *Monitor) OpenRow(id int64) {
	if m.store == nil {
		return
	}
	s := m.store
	m.look(func() error {
		r, err := s.MapRow(m.bg.ctx, id)
		if err == nil && r.Code != "" {
			m.bg.window.Post(func() {
				m.OpenRan(fmt.Sprintf("%s iteration %d", TaskScript(r.Task), r.Iteration), ReadLang(r.Result), r.Code)
			})
		}
		return err
	})
}

// DebugRow opens what a row of the map ran, with that run to go through: it stands where
// the run ended, as at its error.
func DebugRow(m *Monitor, id int64) {
	if m.store == nil || id == 0 {
		return
	}
	s, data := m.store, m.cfg.Data
	m.look(func() error {
		r, err := s.MapRow(m.bg.ctx, id)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("%s iteration %d.pxl", TaskScript(r.Task), r.Iteration)
		a, seed, frames, err := agent.Rerun(m.bg.ctx, s, data, r)
		switch {
		case err != nil:
			return fmt.Errorf("%s cannot be gone through: %w", name, err)
		case a == nil:
			return fmt.Errorf("%s cannot be gone through: the text of its program is not known", name)
		}
		run := &record.Recording{Name: name, Source: pxl.Bundle(a), Program: a.Program, Seed: seed}
		for range frames {
			run.Frames.Append(record.Frame{})
		}
		m.bg.window.Post(func() { m.bg.window.OpenRun(name, run.Source, run) })
		return nil
	})
}

// look reads something in the background and shows what went wrong.
func (m *Monitor) look(f func() error) {
	m.bg.spawn(func() {
		if err := f(); err != nil && m.bg.ctx.Err() == nil {
			m.bg.window.Post(func() { m.bg.window.Notify(notice.Problem, err.Error()) })
		}
	})
}

// OpenRan opens what was run, in its language, in a tab of that name.
func (m *Monitor) OpenRan(name, lang, code string) {
	if m.store == nil {
		return
	}
	switch lang {
	case "python":
		m.bg.window.Notify(notice.Warning, name+" is written in python: the editor is for pixel programs. Its code is shown beside its runs.")
	case "cartridge":
		s, data := m.store, m.cfg.Data
		m.background(func() (notice.Kind, string) {
			c, err := agent.FindCartridge(m.bg.ctx, s, data, code)
			if err != nil {
				return notice.Problem, err.Error()
			}
			m.bg.window.Post(func() { m.OpenCartridge(c) })
			return notice.Done, ""
		})
	default:
		m.bg.window.OpenText(name+".pxl", "", code)
	}
}

// Replay runs a row of the map again and says whether it comes out as it is
// recorded.
func (m *Monitor) Replay(row store.MapRow) {
	if m.store == nil || row.ID == 0 {
		return
	}
	s, data := m.store, m.cfg.Data
	m.background(func() (notice.Kind, string) {
		e := m.cfg.CPU()
		defer e.Close()
		began := time.Now()
		r, err := agent.Replay(m.bg.ctx, s, data, e, row)
		what := fmt.Sprintf("Row %d (iteration %d)", row.ID, row.Iteration)
		switch {
		case err != nil:
			return notice.Warning, what + ": " + err.Error()
		case r.Agrees():
			return notice.Done, fmt.Sprintf("%s run again on the %s in %d ms: bit for bit as it is recorded", what, r.Engine, time.Since(began).Milliseconds())
		case len(r.Divergences) > 0:
			return notice.Problem, fmt.Sprintf("%s run again on the %s differs: %s", what, r.Engine, r.Divergences[0])
		}
		return notice.Warning, what + ": there is too little in it to compare with"
	})
}
