package ui

import (
	"path/filepath"
	"testing"

	"gvpie/app/studio/session"
)

// kill ends the program as a crash does.
func (p *program) kill() {
	p.cmd.Process.Kill()
	p.end()
}

func TestTheNextWindowIsAsTheLastWas(t *testing.T) {
	onEveryDesktop(t, func(t *testing.T, bin string, newDesktop func(*testing.T) desktop) {
		d, home, all := newDesktop(t), t.TempDir(), programs(t, "a.pxl", "b.pxl", "c.pxl")
		d.open(bin, home, nil, append([]string{"--addr", ""}, all...)...)
		d.said("the window is drawn", func(st Status) bool { return st.Document == "a.pxl" && st.Tabs == 3 && st.Width == 1440 && st.Zoom > 0 })
		d.do("key", "ctrl+Tab")
		d.said("the second is in front", func(st Status) bool { return st.Document == "b.pxl" && st.Editing })
		d.do("mousemove", "400", "300", "click", "5", "click", "5", "click", "1")
		d.said("it is scrolled, and the caret put", func(st Status) bool { return st.Top > 1 && st.Line > 9 })
		d.do("key", "ctrl+b", "ctrl+4", "ctrl+shift+l")
		d.said("it is arranged", func(st Status) bool { return !st.Sidebar && st.Panel == "log" && st.Views == "human" })
		fitted := d.now().Zoom
		d.do("mousemove", "900", "300", "keydown", "ctrl", "click", "4", "keyup", "ctrl")
		d.said("it is zoomed", func(st Status) bool { return st.Zoom > fitted })
		d.resize(1000, 700)
		d.said("the window is smaller", func(st Status) bool { return st.Width == 1000 && st.Height == 700 })
		d.do("key", "ctrl+shift+p")
		d.said("the palette is open", func(st Status) bool { return st.Over == "palette" })
		d.do("type", "--delay", "20", "light theme")
		d.do("key", "Return")
		d.said("the theme is light", func(st Status) bool { return st.Theme == "light" && st.Over == "" })
		d.said("the loop has begun", func(st Status) bool { return st.Loop == "running" && st.Scripts > 0 })
		was := looks(d.now())
		d.do("key", "ctrl+q")
		d.said("it asks, as the loop stops with it", func(st Status) bool { return st.Over == "question" })
		d.do("key", "Return")
		if code, log := d.end(); code != 0 || log != "" {
			t.Errorf("the program ended with %d: %s", code, log)
		}

		d.open(bin, home, nil, "--addr", "")
		d.said("all is as it was", func(st Status) bool { return looks(st) == was })
		d.do("key", "ctrl+Tab", "ctrl+b")
		d.said("the third is in front, the sidebar there", func(st Status) bool { return st.Document == "c.pxl" && st.Sidebar })
		was = looks(d.now())
		poll(t, "it is on disk", func() bool {
			s, err := session.Look(filepath.Join(home, "gvpie", "session.json"))
			return err == nil && !s.Layout.NoSidebar
		})
		d.kill()

		d.open(bin, home, nil, "--addr", "")
		d.said("all is as it was when it was killed", func(st Status) bool { return looks(st) == was })

		d.do("key", "ctrl+n")
		d.said("a new program moves", func(st Status) bool {
			return st.Document == "untitled 1" && st.Phase == "running" && st.Problems == 0 && !st.Unsaved
		})
	})
}

// looks are what of a status is to come back.
func looks(st Status) Status {
	return Status{Width: st.Width, Height: st.Height, Theme: st.Theme, Document: st.Document, Tabs: st.Tabs, Line: st.Line, Column: st.Column, Top: st.Top,
		Zoom: st.Zoom, Views: st.Views, Sidebar: st.Sidebar, Panel: st.Panel}
}
