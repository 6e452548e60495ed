//go:build linux

package ui

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// sway is a Wayland desktop in the window of a virtual screen, which gives it a
// keyboard and a mouse.
type sway struct {
	*screen
	compositor *exec.Cmd
	dir        string // its XDG_RUNTIME_DIR
	display    string // its WAYLAND_DISPLAY
	socket     string // for swaymsg
}

// swayConfig leaves the whole screen to one window, and keeps a busy machine from
// repeating keys that are let go late. It says when it is there.
const swayConfig = `output * mode 1440x900
default_border none
xwayland disable
input * {
	xkb_layout us
	repeat_rate 0
}
exec echo $WAYLAND_DISPLAY $SWAYSOCK > ready.new && mv ready.new ready
`

// newSway starts the desktop. The test is skipped where it cannot run.
func newSway(t *testing.T) *sway {
	t.Helper()
	if _, err := exec.LookPath("sway"); err != nil {
		t.Skip("sway is missing; on Debian or Ubuntu: apt-get install sway")
	}
	// A socket's path is short, and the folder is to be sway's own.
	dir, err := os.MkdirTemp("", "sway")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &sway{screen: newScreen(t, 1440, 900), dir: dir}
	config := filepath.Join(dir, "config")
	if err := os.WriteFile(config, []byte(swayConfig), 0o644); err != nil {
		t.Fatal(err)
	}
	s.compositor = exec.Command("sway", "-c", config)
	s.compositor.Dir = dir
	environment := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "SWAYSOCK=") })
	s.compositor.Env = append(environment, "DISPLAY="+s.screen.display, "WAYLAND_DISPLAY=", "XDG_RUNTIME_DIR="+dir, "HOME="+dir, "XDG_CACHE_HOME="+dir,
		"WLR_BACKENDS=x11", "WLR_RENDERER=pixman")
	if os.Getuid() == 0 { // it refuses to run as root
		const nobody = 65534
		if err := os.Chown(dir, nobody, nobody); err != nil {
			t.Fatal(err)
		}
		s.compositor.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	var log bytes.Buffer
	s.compositor.Stderr = &log
	if err := s.compositor.Start(); err != nil {
		t.Skipf("sway does not start: %v", err)
	}
	ended := make(chan struct{})
	go func() { s.compositor.Wait(); close(ended) }()
	t.Cleanup(func() { s.compositor.Process.Kill(); <-ended })
	deadline := time.After(2 * patience)
	for {
		if b, err := os.ReadFile(filepath.Join(dir, "ready")); err == nil {
			if f := strings.Fields(string(b)); len(f) == 2 {
				s.display, s.socket = f[0], f[1]
			}
			return s
		}
		select {
		case <-ended:
			t.Skipf("sway does not run here: %s", log.String())
		case <-deadline:
			t.Fatalf("in %v sway did not start: %s", 2*patience, log.String())
		case <-time.After(30 * time.Millisecond):
		}
	}
}

func (s *sway) environment() []string {
	return []string{"WAYLAND_DISPLAY=" + s.display, "XDG_RUNTIME_DIR=" + s.dir, "DISPLAY=", "DBUS_SESSION_BUS_ADDRESS="}
}

func (s *sway) open(bin, home string, env []string, args ...string) {
	s.t.Helper()
	s.program = open(s.t, bin, home, append(s.environment(), env...), args...)
	s.shot = s.keepAs
}

// layouts sets what the keys stand for, of the screen's keyboard as well: sway has
// the modifiers from there.
func (s *sway) layouts(names, variants string) {
	s.t.Helper()
	s.screen.layouts(names, variants)
	s.message("input", "*", "xkb_variant", `"`+variants+`"`)
	s.message("input", "*", "xkb_layout", `"`+names+`"`)
}

func (s *sway) resize(width, height int) {
	s.message("floating", "enable")
	s.message("resize", "set", strconv.Itoa(width), strconv.Itoa(height))
	s.message("move", "absolute", "position", "0", "0")
}

func (s *sway) message(words ...string) {
	s.t.Helper()
	c := exec.Command("swaymsg", words...)
	c.Env = append(os.Environ(), "SWAYSOCK="+s.socket)
	if out, err := c.CombinedOutput(); err != nil {
		s.t.Fatalf("swaymsg %v: %v\n%s", words, err, out)
	}
}

func (s *sway) selecting() *exec.Cmd { return s.clipboard("wl-copy") }
func (s *sway) pasting() *exec.Cmd   { return s.clipboard("wl-paste", "--no-newline") }

func (s *sway) clipboard(program string, options ...string) *exec.Cmd {
	c := exec.Command(program, append([]string{"--primary"}, options...)...)
	c.Env = append(os.Environ(), s.environment()...)
	return c
}

func (s *sway) endSession() { s.compositor.Process.Kill() }
