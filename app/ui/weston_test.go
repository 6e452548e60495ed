//go:build linux

package ui

import (
	"bytes"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"gvpie/app/ui/display"
)

// weston is a Wayland desktop that leaves title bars to its programs, as GNOME does,
// in the window of a virtual screen.
type weston struct {
	*screen
	dir string // its XDG_RUNTIME_DIR
}

const westonConfig = `[core]
idle-time=0
[shell]
panel-position=none
background-color=0xff00ff00
animation=none
startup-animation=none
close-animation=none
focus-animation=none
locking=false
`

// newWeston starts the desktop. The test is skipped where it cannot run.
func newWeston(t *testing.T) *weston {
	t.Helper()
	if _, err := exec.LookPath("weston"); err != nil {
		t.Skip("weston is missing; on Debian or Ubuntu: apt-get install weston")
	}
	dir, err := os.MkdirTemp("", "weston") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	w := &weston{screen: newScreen(t, 1440, 900), dir: dir}
	config := filepath.Join(dir, "config")
	write(t, config, westonConfig)
	c := exec.Command("weston", "--backend=x11-backend.so", "--use-pixman", "--width=1440", "--height=900", "--socket=wayland-test", "--config="+config)
	c.Env = append(os.Environ(), "DISPLAY="+w.screen.display, "WAYLAND_DISPLAY=", "XDG_RUNTIME_DIR="+dir, "HOME="+dir, "XDG_CACHE_HOME="+dir)
	var log bytes.Buffer
	c.Stdout, c.Stderr = &log, &log
	if err := c.Start(); err != nil {
		t.Skipf("weston does not start: %v", err)
	}
	ended := make(chan struct{})
	go func() { c.Wait(); close(ended) }()
	t.Cleanup(func() { c.Process.Kill(); <-ended })
	poll(t, "weston is there", func() bool {
		select {
		case <-ended:
			t.Skipf("weston does not run here: %s", log.String())
		default:
		}
		img, err := w.picture()
		return err == nil && img.RGBAAt(1400, 880) == desktopGreen
	})
	return w
}

// desktopGreen is the desktop where there is no window.
var desktopGreen = color.RGBA{G: 255, A: 255}

func (w *weston) open(bin, home string, args ...string) {
	w.t.Helper()
	w.program = open(w.t, bin, home, []string{"WAYLAND_DISPLAY=wayland-test", "XDG_RUNTIME_DIR=" + w.dir, "DISPLAY=", "DBUS_SESSION_BUS_ADDRESS="}, args...)
	w.shot = w.keepAs
}

func TestTheWindowsOwnTitleBarOnADesktop(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and opens a window: not in a short run")
	}
	if !display.Mended {
		t.Skip("the toolkit is not mended in this build: it tells nothing of presses where a window is moved, see app/ui/display/mend")
	}
	w, home := newWeston(t), t.TempDir()
	text := filepath.Join(home, "first.pxl")
	write(t, text, "HALT\n")
	w.open(build(t), home, "--addr", "", text)
	// The window's content is as high as the desktop.
	restored := func(st Status) bool { return st.TitleBar == "restored" && st.Width == 1440 && st.Height == 940 }
	maximized := func(st Status) bool { return st.TitleBar == "maximised" && st.Width == 1440 && st.Height == 900 }
	w.said("the window is drawn", func(st Status) bool { return st.Document == "first.pxl" && restored(st) })
	w.do("mousemove", "300", "18", "click", "1", "click", "1")
	w.said("a double click makes it large", maximized)
	w.do("mousemove", "1374", "18", "click", "1")
	w.said("the button gives it its size back", restored)
	w.do("mousemove", "1374", "18", "click", "1")
	w.said("the button makes it large", maximized)
	w.do("key", "x") // the title says that there is unsaved text
	w.said("a letter is typed", func(st Status) bool { return st.Unsaved && maximized(st) })
	w.do("mousemove", "300", "18", "click", "1", "click", "1")
	w.said("a double click gives it its size back", restored)

	w.do("key", "super+shift+m")
	w.said("the desktop's key makes it large", maximized)
	w.do("key", "super+shift+m")
	w.said("the desktop's key gives it its size back", restored)
	w.do("key", "super+shift+f")
	w.said("alone on the screen it has none", func(st Status) bool { return st.TitleBar == "" && st.Height == 900 })
	w.do("key", "super+shift+f")
	w.said("it has one again", restored)

	w.do("mousemove", "300", "18", "mousedown", "1", "mousemove", "310", "24", "mousemove", "350", "48")
	x := 0
	w.until("it follows the mouse", func(img *image.RGBA) bool {
		x = 1 - x // the desktop moves the window with the mouse, from when it is asked to
		w.do("mousemove", strconv.Itoa(400+x), "68")
		return img.RGBAAt(20, 20) == desktopGreen && img.RGBAAt(20, 400) == desktopGreen && img.RGBAAt(600, 400) != desktopGreen
	})
	w.do("mouseup", "1", "mousemove", "450", "500", "click", "1")
	w.said("a click after that is one in the text", func(st Status) bool { return st.Editing })
}
