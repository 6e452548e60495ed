//go:build linux

package ui

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// screen is a virtual display of the test's own, with the real program on it.
type screen struct {
	*program
	t       *testing.T
	server  *os.Process
	display string
	dir     string // Xvfb keeps the picture of the screen here
	window  string
}

// TestTheRealProgramOnAScreen builds gvpie, opens its window on a virtual
// display, and uses it as a person would.
func TestTheRealProgramOnAScreen(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and opens a window: not in a short run")
	}
	s := newScreen(t, 1440, 900)
	home := t.TempDir()
	file := filepath.Join(home, "first.pxl")
	if err := os.WriteFile(file, []byte("HALT\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.openWindow(build(t), home, file)
	s.said("the window is drawn", func(st Status) bool { return st.Document == "first.pxl" && st.Width == 1440 })

	s.do("mousemove", "400", "300", "click", "1")
	s.do("key", "ctrl+Home")
	s.said("the caret is before the first letter", func(st Status) bool { return st.Editing && st.Line == 1 && st.Column == 1 })
	s.do("type", "--delay", "20", "FILL 0 0 128 64 red")
	s.do("key", "Return")
	s.said("the caret is on the line after", func(st Status) bool { return st.Line == 2 && st.Column == 1 && st.Unsaved })
	s.do("key", "ctrl+s")
	s.said("the file is saved", func(st Status) bool { return !st.Unsaved })
	if b, err := os.ReadFile(file); string(b) != "FILL 0 0 128 64 red\nHALT\n" {
		t.Fatalf("the file says %q, %v", b, err)
	}
	s.until("the picture is red", func(img *image.RGBA) bool { return shows(img, color.RGBA{R: 255, A: 255}) })

	// Another program saves the file the way most editors do: by renaming.
	other := filepath.Join(home, ".first.pxl.new")
	if err := os.WriteFile(other, []byte("FILL 0 0 128 64 blue\nHALT\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(other, file); err != nil {
		t.Fatal(err)
	}
	s.until("the picture follows the file", func(img *image.RGBA) bool { return shows(img, color.RGBA{B: 255, A: 255}) })

	s.do("windowsize", s.window, "400", "300")
	s.said("the window is small", func(st Status) bool { return st.Width == 400 && st.Height == 300 })
	beside := image.Rect(440, 340, 1440, 900) // clear of the mouse
	s.until("nothing is drawn beside the small window", func(img *image.RGBA) bool { return !drawn(img, beside) })
	s.do("windowsize", s.window, "1440", "900")
	s.said("the window is large again", func(st Status) bool { return st.Width == 1440 && st.Height == 900 })

	s.do("key", "ctrl+shift+p")
	s.said("the palette is open", func(st Status) bool { return st.Over == "palette" })
	s.do("type", "--delay", "20", "light theme")
	s.do("key", "Return")
	s.said("the theme is light", func(st Status) bool { return st.Theme == "light" && st.Over == "" })
	s.until("most of the screen is light", light)
	s.said("the loop has begun", func(st Status) bool { return st.Loop == "running" && st.Scripts > 0 })
	s.do("key", "ctrl+q")
	s.said("it asks, as the loop stops with it", func(st Status) bool { return st.Over == "question" })
	s.do("key", "Return")
	if code, log := s.end(); code != 0 {
		t.Errorf("the program ended with %d: %s", code, log)
	}
}

func TestAWindowThatAnotherProgramEndsKeepsTheText(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and opens windows: not in a short run")
	}
	bin, home := build(t), t.TempDir()
	file := filepath.Join(home, "first.pxl")
	write(t, file, "HALT\n")
	s := newScreen(t, 640, 480)
	// windowclose destroys the window, windowkill has the server drop its connection.
	for i, way := range []string{"windowclose", "windowkill"} {
		s.openWindow(bin, home, file)
		s.said("the window is drawn, and the last text offered", func(st Status) bool { return st.Document == "first.pxl" && st.Offered == i })
		s.do("mousemove", "300", "200", "click", "1", "key", "x")
		s.said("a letter is typed", func(st Status) bool { return st.Unsaved })
		s.do(way, s.window)
		if code, log := s.end(); code != 1 || !strings.HasSuffix(log, "; unsaved text is kept and offered at the next start\n") {
			t.Errorf("after %s the program ended with %d: %s", way, code, log)
		} else if way == "windowclose" && !strings.HasPrefix(log, "gvpie: another program destroyed the window") {
			t.Errorf("after %s it says %s", way, log)
		}
	}
	s.openWindow(bin, home, file)
	s.said("both texts are offered", func(st Status) bool { return st.Offered == 2 })
}

func TestWithoutADisplayItSaysHowToGoOn(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	err := Run(Options{})
	if err == nil || !strings.Contains(err.Error(), "gvpie run FILE") {
		t.Errorf("without a display Run says %v", err)
	}
}

// newScreen starts a display on a number that is free.
func newScreen(t *testing.T, width, height int) *screen {
	t.Helper()
	for _, tool := range []string{"Xvfb", "xdotool", "setxkbmap", "xclip"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is missing; on Debian or Ubuntu: apt-get install xvfb xdotool x11-xkb-utils xclip", tool)
		}
	}
	s := &screen{t: t, dir: t.TempDir()}
	number, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	// -r: a key is not held because a busy machine lets it go late. The server would
	// repeat the letter.
	// Without -noreset the server begins anew when its last client goes, and a client that
	// is just coming, as the window beside a tool that looks for it, is sent away.
	x := exec.Command("Xvfb", "-r", "-noreset", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height), "-fbdir", s.dir, "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{write}
	if err := x.Start(); err != nil {
		t.Fatalf("Xvfb does not start: %v", err)
	}
	write.Close()
	s.server = x.Process
	t.Cleanup(func() { x.Process.Kill(); x.Wait() })
	line, err := bufio.NewReader(number).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb gives no display: %v", err)
	}
	s.display = ":" + strings.TrimSpace(line)
	return s
}

// xorg is a screen as a desktop.
type xorg struct{ *screen }

func (x *xorg) open(bin, home string, env []string, args ...string) {
	x.t.Helper()
	x.program = open(x.t, bin, home, append(x.environment(), env...), args...)
	x.shot = x.keepAs
}

// layouts sets what the keyboard's keys stand for.
func (s *screen) layouts(names, variants string) {
	s.t.Helper()
	c := exec.Command("setxkbmap", "-display", s.display, "-layout", names, "-variant", variants)
	if out, err := c.CombinedOutput(); err != nil {
		s.t.Fatalf("setxkbmap: %v\n%s", err, out)
	}
}

func (x *xorg) resize(width, height int) {
	x.do("search", "--name", "GVPIE", "windowsize", strconv.Itoa(width), strconv.Itoa(height))
}

func (x *xorg) selecting() *exec.Cmd { return x.xclip("-in") }
func (x *xorg) pasting() *exec.Cmd   { return x.xclip("-out") }

func (x *xorg) xclip(way string) *exec.Cmd {
	return exec.Command("xclip", "-display", x.display, way, "-selection", "primary", "-target", "UTF8_STRING")
}

func (x *xorg) endSession() { x.server.Kill() }

// openWindow starts the program on the screen, and waits for its window.
func (s *screen) openWindow(bin, home string, args ...string) {
	s.t.Helper()
	s.program = open(s.t, bin, home, s.environment(), append([]string{"--addr", ""}, args...)...)
	s.shot = s.keepAs
	poll(s.t, "the window is there", func() bool {
		out, _ := s.xdotool("search", "--name", "GVPIE").Output()
		s.window, _, _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
		return s.window != ""
	})
}

func (s *screen) environment() []string {
	return []string{"DISPLAY=" + s.display, "WAYLAND_DISPLAY=", "XDG_RUNTIME_DIR=" + s.dir, "DBUS_SESSION_BUS_ADDRESS="}
}

func (s *screen) xdotool(args ...string) *exec.Cmd {
	c := exec.Command("xdotool", args...)
	c.Env = append(os.Environ(), "DISPLAY="+s.display)
	return c
}

func (s *screen) do(args ...string) {
	s.t.Helper()
	if out, err := s.xdotool(args...).CombinedOutput(); err != nil {
		s.t.Fatalf("xdotool %v: %v\n%s", args, err, out)
	}
}

// until looks at the screen until what it shows will do.
func (s *screen) until(what string, ok func(*image.RGBA) bool) {
	s.t.Helper()
	poll(s.t, what, func() bool {
		img, err := s.picture()
		return err == nil && ok(img)
	})
	s.keepAs(strings.ReplaceAll(what, " ", "_"))
}

// keepAs writes the screen to a file where GVPIE_SHOTS names a folder.
func (s *screen) keepAs(name string) {
	dir := os.Getenv("GVPIE_SHOTS")
	img, err := s.picture()
	if dir == "" || err != nil {
		return
	}
	f, err := os.Create(filepath.Join(dir, "screen_"+name+".png"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		s.t.Fatal(err)
	}
}

// picture reads the screen, which Xvfb keeps in a file in the format of xwd:
// a header of big-endian words, colour cells of 12 bytes, then the pixels.
func (s *screen) picture() (*image.RGBA, error) {
	b, err := os.ReadFile(filepath.Join(s.dir, "Xvfb_screen0"))
	if err != nil {
		return nil, err
	}
	if len(b) < 100 {
		return nil, io.ErrUnexpectedEOF
	}
	word := func(i int) int { return int(binary.BigEndian.Uint32(b[4*i:])) }
	width, height, stride := word(4), word(5), word(12)
	pix := b[word(0)+12*word(19):]
	if word(11) != 32 || len(pix) < stride*height {
		return nil, fmt.Errorf("the screen has %d bits a pixel", word(11))
	}
	order := binary.ByteOrder(binary.LittleEndian)
	if word(7) == 1 {
		order = binary.BigEndian
	}
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			v := order.Uint32(pix[y*stride+4*x:])
			img.SetRGBA(x, y, color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255})
		}
	}
	return img, nil
}

// drawn says whether part of the screen shows more than one colour.
func drawn(img *image.RGBA, r image.Rectangle) bool {
	first := img.At(r.Min.X, r.Min.Y)
	for y := r.Min.Y; y < r.Max.Y; y += 3 {
		for x := r.Min.X; x < r.Max.X; x++ {
			if img.At(x, y) != first {
				return true
			}
		}
	}
	return false
}

// shows says whether enough of the screen for a picture is of one colour.
func shows(img *image.RGBA, c color.RGBA) bool {
	return pixels(img, func(p color.RGBA) bool { return p == c }) > 40_000
}

// light says whether most of the screen is.
func light(img *image.RGBA) bool {
	return 2*pixels(img, func(p color.RGBA) bool { return p.R > 200 && p.G > 200 && p.B > 200 }) > img.Rect.Dx()*img.Rect.Dy()
}

func pixels(img *image.RGBA, ok func(color.RGBA) bool) (n int) {
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if ok(img.RGBAAt(x, y)) {
				n++
			}
		}
	}
	return n
}
