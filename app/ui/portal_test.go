//go:build linux

package ui

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"gvpie/app/ui/portal/portaltest"
)

// The portal's answer comes when the window has long been used.
func TestTheWindowIsOneOfTheDesktops(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and opens a window: not in a short run")
	}
	bus := portaltest.Bus(t)
	answer := make(chan uint32)
	p := portaltest.New(t, bus, func() (uint32, bool) { return <-answer, true })
	x, home := &xorg{newScreen(t, 1440, 900)}, t.TempDir()
	first, second := filepath.Join(home, "first.pxl"), filepath.Join(home, "over there", "second.pxl")
	write(t, first, "HALT\n")
	x.open(build(t), home, []string{"DBUS_SESSION_BUS_ADDRESS=" + bus}, "--addr", "", first)
	x.said("the window is drawn before the desktop answers", func(st Status) bool { return st.Document == "first.pxl" && st.Theme == "dark" })
	answer <- 2
	x.said("it is light as the desktop", func(st Status) bool { return st.Theme == "light" })
	p.Change(1)
	x.said("it is dark as the desktop", func(st Status) bool { return st.Theme == "dark" })

	x.do("mousemove", "400", "300", "click", "1", "key", "ctrl+shift+s")
	x.said("it asks where to", func(st Status) bool { return st.Over == "file" })
	x.do("mousemove", "950", "196", "click", "1") // System dialog…
	var d portaltest.Dialog
	select {
	case d = <-p.Asked:
	case <-time.After(2 * patience):
		t.Fatal("the desktop was not asked")
	}
	if d.Method != "SaveFile" || d.Options["current_name"].Value() != "first.pxl" || string(d.Options["current_folder"].Value().([]byte)) != home+"\x00" {
		t.Errorf("it asks for %+v", d)
	}
	if err := os.Mkdir(filepath.Dir(second), 0o755); err != nil {
		t.Fatal(err)
	}
	d.Choose("file://" + filepath.Dir(filepath.Dir(second)) + "/over%20there/second.pxl")
	x.said("it is saved there", func(st Status) bool { return st.Document == "second.pxl" && !st.Unsaved })
	read(t, second, "HALT\n")
}
