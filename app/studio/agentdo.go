package studio

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gvpie/runtime/agent"
	"gvpie/runtime/cartridge"
	"gvpie/runtime/engine"
	"gvpie/runtime/liveedit"
	"gvpie/runtime/store"
)

// agentActions are what a person may ask of the loop.
func (m *Model) agentActions() []*Action {
	here := func() bool { return m.agent.MayWrite() }
	return []*Action{
		{ID: "agent.pause", Title: "Pause the loop", Enabled: func() bool { return here() && !m.agent.status.Paused }, Do: func() { m.agent.loop.Pause() }},
		{ID: "agent.resume", Title: "Resume the loop", Enabled: func() bool { return here() && m.agent.status.Paused }, Do: func() { m.agent.loop.Resume() }},
		{ID: "agent.run", Title: "Run a cycle now", Keys: "Ctrl-Shift-R", Enabled: here, Do: func() { m.agent.loop.RunNow(0) }},
	}
}

// RunScript runs a script as soon as what runs is finished.
func (a *Agent) RunScript(id int64) {
	if a.MayWrite() {
		a.loop.RunNow(id)
	}
}

// background does something slow and shows what came of it; "" shows nothing.
// The lists are read again after it.
func (a *Agent) background(f func() (NoticeKind, string)) {
	a.spawn(func() {
		kind, text := f()
		a.tell(func(a *Agent) {
			if text != "" {
				a.m.Notify(kind, text)
			}
			a.refresh()
		})
	})
}

// write does something to the database and shows what went wrong.
func (a *Agent) write(f func(ctx context.Context, s *store.Store) error) {
	if !a.MayWrite() {
		return
	}
	s := a.store
	a.background(func() (NoticeKind, string) {
		if err := f(a.ctx, s); err != nil {
			return Problem, err.Error()
		}
		return Done, ""
	})
}

// SetEnabled lets the loop run a script, or not.
func (a *Agent) SetEnabled(id int64, on bool) {
	if !a.MayWrite() {
		return
	}
	for i := range a.scripts { // shown at once; the next refresh says how it is
		if a.scripts[i].ID == id {
			a.scripts[i].Enabled = on
		}
	}
	a.write(func(ctx context.Context, s *store.Store) error { return s.SetEnabled(ctx, id, on) })
}

// AddGoal adds a goal; the priority is from 1 to 10.
func (a *Agent) AddGoal(text string, priority int64) {
	if text = strings.TrimSpace(text); text == "" {
		return
	}
	a.write(func(ctx context.Context, s *store.Store) error {
		_, err := s.AddGoal(ctx, text, priority)
		return err
	})
}

// DoneGoal marks a goal as reached.
func (a *Agent) DoneGoal(id int64) {
	if !a.MayWrite() {
		return
	}
	for i := range a.goals {
		if a.goals[i].ID == id {
			a.goals[i].Completed = true
		}
	}
	a.write(func(ctx context.Context, s *store.Store) error { return s.DoneGoal(ctx, id) })
}

// OpenScript opens a pixel script's code in a tab whose file is the one in the
// scripts folder: saving it makes it the script's next version, run at once.
func (a *Agent) OpenScript(id int64) {
	r, ok := a.Script(id)
	if !ok {
		return
	}
	if r.Lang != "pixel" {
		a.OpenRan(r.Name, r.Lang, r.Code)
		return
	}
	path := filepath.Join(agent.ScriptFolder(a.data), r.Name+".pxl")
	if filepath.Base(path) != r.Name+".pxl" || strings.HasPrefix(r.Name, ".") {
		a.OpenCode(r.Name+".pxl", r.Code)
		return
	}
	if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() {
		a.m.Open(path)
		return
	}
	for i, d := range a.m.docs {
		if d.Path == path {
			a.m.SetActive(i)
			return
		}
	}
	a.m.addDocument(&Document{Name: r.Name + ".pxl", Path: path, text: r.Code, saved: r.Code})
}

// OpenRan opens what was run, in its language, in a tab of that name.
func (a *Agent) OpenRan(name, lang, code string) {
	if a == nil || a.store == nil {
		return
	}
	switch lang {
	case "python":
		a.m.Notify(Warning, name+" is written in python: the editor is for pixel programs. Its code is shown beside its runs.")
	case "cartridge":
		s, data := a.store, a.data
		a.background(func() (NoticeKind, string) {
			c, err := agent.FindCartridge(a.ctx, s, data, code)
			if err != nil {
				return Problem, err.Error()
			}
			a.tell(func(a *Agent) { a.OpenCartridge(c) })
			return Done, ""
		})
	default:
		a.OpenCode(name+".pxl", code)
	}
}

// OpenCode opens a program text in a tab of its own.
func (a *Agent) OpenCode(name, code string) {
	for i, d := range a.m.docs {
		if d.Name == name && d.Path == "" && d.text == code {
			a.m.SetActive(i)
			return
		}
	}
	a.m.addDocument(&Document{Name: name, text: code, saved: code})
}

// OpenCartridge opens a cartridge's source in a tab.
func (a *Agent) OpenCartridge(c store.Cartridge) {
	a.cartridge(c, func(b *openedCartridge) (NoticeKind, string) {
		if b.c.Source == "" {
			return Warning, fmt.Sprintf("%s has no source text in it", filepath.Base(c.Path))
		}
		name := strings.TrimSuffix(filepath.Base(c.Path), filepath.Ext(c.Path)) + ".pxl"
		a.tell(func(a *Agent) { a.OpenCode(name, b.c.Source) })
		return Done, ""
	})
}

// RunCartridge verifies a cartridge and runs its machine from the beginning, for
// a frame.
func (a *Agent) RunCartridge(c store.Cartridge) {
	s, count := a.store, a.MayWrite()
	a.cartridge(c, func(b *openedCartridge) (NoticeKind, string) {
		name := filepath.Base(c.Path)
		if b.c.Machine == nil {
			return Warning, fmt.Sprintf("%s is a %s cartridge: it holds text, and no machine that could be run", name, b.c.Kind)
		}
		e := engine.NewCPU()
		defer e.Close()
		res, err := engine.Run(a.ctx, e, engine.RunOptions{Program: b.c.Machine.Program, Seed: b.c.Seed})
		if err == nil && count {
			err = s.CountExecuted(a.ctx, c.ID)
		}
		switch {
		case err != nil:
			return Problem, name + ": " + err.Error()
		case res.Fault != nil:
			return Problem, name + ": " + liveedit.Explain(res.Fault, nil)
		}
		return Done, fmt.Sprintf("%s %s after %d cycles on the %s", name, res.Status, res.Cycles, res.Kind)
	})
}

// VerifyCartridge says whether a cartridge is as it was written.
func (a *Agent) VerifyCartridge(c store.Cartridge) {
	a.cartridge(c, func(b *openedCartridge) (NoticeKind, string) {
		return Done, fmt.Sprintf("%s is as it was written: checksum %.12s…", filepath.Base(c.Path), b.sum)
	})
}

// ExportCartridge copies a cartridge to a path, replacing what is there.
func (a *Agent) ExportCartridge(c store.Cartridge, path string) {
	if a == nil {
		return
	}
	a.background(func() (NoticeKind, string) {
		if err := copyFile(c.Path, path); err != nil {
			return Problem, sentence("export to", path, err).Error()
		}
		return Done, "Exported " + filepath.Base(path)
	})
}

// copyFile copies a file whole or not at all.
func copyFile(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	f, err := os.CreateTemp(filepath.Dir(to), "."+filepath.Base(to)+".*")
	if err != nil {
		return err
	}
	_, err = io.Copy(f, src)
	if e := f.Chmod(0o644); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), to)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// openedCartridge is a cartridge that has been read and held to its checksum.
type openedCartridge struct {
	c   *cartridge.Cartridge
	sum string
}

// cartridge reads a cartridge in the background and does something with it.
func (a *Agent) cartridge(c store.Cartridge, f func(*openedCartridge) (NoticeKind, string)) {
	if a == nil {
		return
	}
	a.background(func() (NoticeKind, string) {
		opened, sum, err := agent.OpenCartridge(c)
		if err != nil {
			return Problem, err.Error()
		}
		return f(&openedCartridge{opened, sum})
	})
}
