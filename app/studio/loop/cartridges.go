package loop

import (
	"fmt"
	"path/filepath"
	"strings"

	"gvpie/app/studio/files"
	"gvpie/app/studio/notice"
	"gvpie/runtime/agent"
	"gvpie/runtime/atomicfile"
	"gvpie/runtime/cartridge"
	"gvpie/runtime/engine"
	"gvpie/runtime/liveedit"
	"gvpie/runtime/store"
)

// OpenCartridge opens a cartridge's source in a tab.
func (m *Monitor) OpenCartridge(c store.Cartridge) {
	m.cartridge(c, func(b *openedCartridge) (notice.Kind, string) {
		if b.c.Source == "" {
			return notice.Warning, fmt.Sprintf("%s has no source text in it", filepath.Base(c.Path))
		}
		name := strings.TrimSuffix(filepath.Base(c.Path), filepath.Ext(c.Path)) + ".pxl"
		m.bg.window.Post(func() { m.bg.window.OpenText(name, "", b.c.Source) })
		return notice.Done, ""
	})
}

// RunCartridge verifies a cartridge and runs its machine from the beginning, for
// a frame.
func (m *Monitor) RunCartridge(c store.Cartridge) {
	s, count := m.store, m.state == Running // the memory is for who runs the loop to write to
	m.cartridge(c, func(b *openedCartridge) (notice.Kind, string) {
		name := filepath.Base(c.Path)
		if b.c.Machine == nil {
			return notice.Warning, fmt.Sprintf("%s is a %s cartridge: it holds text, and no machine that could be run", name, b.c.Kind)
		}
		e := m.cfg.CPU()
		defer e.Close()
		res, err := engine.Run(m.bg.ctx, e, engine.RunOptions{Program: b.c.Machine.Program, Seed: b.c.Seed})
		if err == nil && count {
			err = s.CountExecuted(m.bg.ctx, c.ID)
		}
		switch {
		case err != nil:
			return notice.Problem, name + ": " + err.Error()
		case res.Fault != nil:
			return notice.Problem, name + ": " + liveedit.Explain(res.Fault, nil)
		}
		return notice.Done, fmt.Sprintf("%s %s after %d cycles on the %s", name, res.Status, res.Cycles, res.Kind)
	})
}

// VerifyCartridge says whether a cartridge is as it was written.
func (m *Monitor) VerifyCartridge(c store.Cartridge) {
	m.cartridge(c, func(b *openedCartridge) (notice.Kind, string) {
		return notice.Done, fmt.Sprintf("%s is as it was written: checksum %.12s…", filepath.Base(c.Path), b.sum)
	})
}

// ExportCartridge copies a cartridge to a path, replacing what is there.
func (m *Monitor) ExportCartridge(c store.Cartridge, path string) {
	m.background(func() (notice.Kind, string) {
		if err := atomicfile.Copy(c.Path, path, 0o644); err != nil {
			return notice.Problem, files.Error("export to", path, err).Error()
		}
		return notice.Done, "Exported " + filepath.Base(path)
	})
}

// openedCartridge is a cartridge that has been read and held to its checksum.
type openedCartridge struct {
	c   *cartridge.Cartridge
	sum string
}

// cartridge reads a cartridge in the background and does something with it.
func (m *Monitor) cartridge(c store.Cartridge, f func(*openedCartridge) (notice.Kind, string)) {
	m.background(func() (notice.Kind, string) {
		opened, sum, err := agent.OpenCartridge(c)
		if err != nil {
			return notice.Problem, err.Error()
		}
		return f(&openedCartridge{opened, sum})
	})
}
