//go:build linux

package ui

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// screen is a virtual display of the test's own, with the real program on it.
type screen struct {
	t       *testing.T
	display string
	dir     string // Xvfb keeps the picture of the screen here
	program *exec.Cmd
	window  string
	status  chan Status // what the program says of itself
	last    Status
	exited  chan error
}

// TestTheRealProgramOnAScreen builds gvpie, opens its window on a virtual
// display, and uses it as a person would.
func TestTheRealProgramOnAScreen(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and opens a window: not in a short run")
	}
	for _, tool := range []string{"Xvfb", "xdotool"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is missing; on Debian or Ubuntu: apt-get install xvfb xdotool", tool)
		}
	}
	s := newScreen(t, 1440, 900)
	home := t.TempDir()
	file := filepath.Join(home, "first.pxl")
	if err := os.WriteFile(file, []byte("HALT\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.start(build(t), home, file)
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
	s.until("the machine view shows the red paper's code", func(img *image.RGBA) bool { return shows(img, color.RGBA{B: 181, A: 255}) })

	// Another program saves the file the way most editors do: by renaming.
	other := filepath.Join(home, ".first.pxl.new")
	if err := os.WriteFile(other, []byte("FILL 0 0 128 64 blue\nHALT\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(other, file); err != nil {
		t.Fatal(err)
	}
	s.until("the picture follows the file", func(img *image.RGBA) bool { return shows(img, color.RGBA{B: 6, A: 255}) })

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
	s.do("key", "ctrl+q")
	select {
	case err := <-s.exited:
		if err != nil {
			t.Errorf("the program ended with %v", err)
		}
	case <-time.After(patience):
		t.Error("the program did not end with its window")
	}
}

func TestWithoutADisplayItSaysHowToGoOn(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	err := Run(Options{})
	if err == nil || !strings.Contains(err.Error(), "gvpie run FILE") {
		t.Errorf("without a display Run says %v", err)
	}
}

// build makes the program.
func build(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "gvpie")
	if out, err := exec.Command("go", "build", "-o", bin, "gvpie").CombinedOutput(); err != nil {
		t.Fatalf("go build gvpie: %v\n%s", err, out)
	}
	return bin
}

// newScreen starts a display on a number that is free.
func newScreen(t *testing.T, width, height int) *screen {
	t.Helper()
	s := &screen{t: t, dir: t.TempDir()}
	number, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	// -r: a key is not held because a busy machine lets it go late. The server would
	// repeat the letter.
	x := exec.Command("Xvfb", "-r", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height), "-fbdir", s.dir, "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{write}
	if err := x.Start(); err != nil {
		t.Fatalf("Xvfb does not start: %v", err)
	}
	write.Close()
	t.Cleanup(func() { x.Process.Kill(); x.Wait() })
	line, err := bufio.NewReader(number).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb gives no display: %v", err)
	}
	s.display = ":" + strings.TrimSpace(line)
	return s
}

func (s *screen) start(bin, home string, args ...string) {
	s.t.Helper()
	s.program = exec.Command(bin, append([]string{"--addr", "", "--status"}, args...)...)
	s.program.Env = append(os.Environ(), "DISPLAY="+s.display, "WAYLAND_DISPLAY=", "GVPIE_GPU=off", "HOME="+home,
		"XDG_DATA_HOME="+home, "XDG_STATE_HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home)
	s.program.Dir = home
	var log bytes.Buffer
	s.program.Stderr = &log
	out, err := s.program.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.program.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.status, s.exited = make(chan Status, 64), make(chan error, 1)
	go func() {
		for lines := json.NewDecoder(out); ; {
			var st Status
			if lines.Decode(&st) != nil {
				break
			}
			s.status <- st
		}
		close(s.status)
		s.exited <- s.program.Wait()
	}()
	s.t.Cleanup(func() {
		s.program.Process.Kill()
		if s.t.Failed() {
			s.keep("failed")
			s.t.Logf("the program wrote: %s", log.String())
		}
	})
	s.poll("the window is there", func() bool {
		out, _ := s.xdotool("search", "--name", "GVPIE").Output()
		s.window, _, _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
		return s.window != ""
	})
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

// said waits until what the program last said of itself will do. It says nothing
// when nothing changed, as when a click leaves the caret where it was.
func (s *screen) said(what string, ok func(Status) bool) {
	s.t.Helper()
	deadline := time.After(2 * patience)
	for !ok(s.last) {
		select {
		case st, open := <-s.status:
			if !open {
				s.t.Fatalf("the program has ended before it came to this: %s", what)
			}
			s.last = st
		case <-deadline:
			s.t.Fatalf("in %v it never came to this: %s; it last said %+v", 4*patience, what, s.last)
		}
	}
	s.keep(strings.ReplaceAll(what, " ", "_"))
}

// poll looks at a condition again and again until it holds.
func (s *screen) poll(what string, ok func() bool) {
	s.t.Helper()
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(2 * patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			s.t.Fatalf("in %v it never came to this: %s", 4*patience, what)
		}
	}
}

// until looks at the screen until what it shows will do.
func (s *screen) until(what string, ok func(*image.RGBA) bool) {
	s.t.Helper()
	s.poll(what, func() bool {
		img, err := s.picture()
		return err == nil && ok(img)
	})
	s.keep(strings.ReplaceAll(what, " ", "_"))
}

// keep writes the screen to a file where GVPIE_SHOTS names a folder.
func (s *screen) keep(name string) {
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
