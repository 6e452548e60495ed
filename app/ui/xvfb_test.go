//go:build linux

package ui

import (
	"bufio"
	"bytes"
	"encoding/binary"
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

	"gvpie/app/ui/kit"
	"gvpie/assets/theme"
)

// screen is a virtual display of the test's own, with the real program on it.
type screen struct {
	t       *testing.T
	display string
	dir     string // Xvfb keeps the picture of the screen here
	program *exec.Cmd
	window  string
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
	s.until("the window is drawn", func(img image.Image) bool { return drawn(img, img.Bounds()) })

	canvas := image.Rect(780, 80, 1430, 360)
	s.do("mousemove", "400", "300", "click", "1")
	s.do("key", "ctrl+Home")
	accent := color.RGBA(kit.NewPalette(&theme.Dark).Accent)
	s.until("the caret is before the first letter", func(img image.Image) bool {
		return holds(img, image.Rect(250, 48, 262, 68), accent)
	})
	s.do("type", "--delay", "20", "FILL 0 0 128 64 red")
	s.do("key", "Return")
	red := func(img image.Image) bool { return mostly(img, canvas, color.RGBA{B: 181, A: 255}) }
	s.until("the machine view shows the red paper's code", red)

	s.do("key", "ctrl+s")
	s.poll("the file is saved", func() bool {
		b, _ := os.ReadFile(file)
		return strings.HasPrefix(string(b), "FILL 0 0 128 64 red")
	})

	// Another program saves the file the way most editors do: by renaming.
	other := filepath.Join(home, ".first.pxl.new")
	if err := os.WriteFile(other, []byte("FILL 0 0 128 64 blue\nHALT\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(other, file); err != nil {
		t.Fatal(err)
	}
	s.until("the picture follows the file", func(img image.Image) bool {
		return mostly(img, canvas, color.RGBA{B: 6, A: 255})
	})

	s.do("windowsize", s.window, "400", "300")
	line := kit.NewPalette(&theme.Dark).Line
	s.until("the small window has its status line", func(img image.Image) bool {
		return img.At(300, 300-int(stateHeight)) == color.Color(color.RGBA(line)) && !drawn(img, image.Rect(500, 400, 1440, 900))
	})
	s.do("windowsize", s.window, "1440", "900")
	s.until("the large window is back", func(img image.Image) bool { return drawn(img, image.Rect(500, 400, 1440, 900)) })

	s.do("key", "ctrl+shift+p")
	s.until("the palette is open", func(img image.Image) bool {
		return !mostly(img, image.Rect(10, 700, 200, 860), color.RGBA(kit.NewPalette(&theme.Dark).Panel))
	})
	s.do("type", "--delay", "20", "light theme")
	s.do("key", "Return")
	s.until("the theme is light", func(img image.Image) bool {
		r, _, _, _ := img.At(100, 880).RGBA()
		return r>>8 > 200
	})
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
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height), "-fbdir", s.dir, "-nolisten", "tcp")
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
	s.program = exec.Command(bin, append([]string{"--addr", ""}, args...)...)
	s.program.Env = append(os.Environ(), "DISPLAY="+s.display, "WAYLAND_DISPLAY=", "GVPIE_GPU=off", "HOME="+home,
		"XDG_DATA_HOME="+home, "XDG_STATE_HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home)
	s.program.Dir = home
	var log bytes.Buffer
	s.program.Stdout, s.program.Stderr = &log, &log
	if err := s.program.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.exited = make(chan error, 1)
	go func() { s.exited <- s.program.Wait() }()
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
			s.t.Fatalf("in %v it never came to this: %s", 2*patience, what)
		}
	}
}

// until looks at the screen until what it shows will do.
func (s *screen) until(what string, ok func(image.Image) bool) {
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
func drawn(img image.Image, r image.Rectangle) bool {
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

// holds says whether a rectangle has a pixel of a colour.
func holds(img image.Image, r image.Rectangle, c color.RGBA) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if img.At(x, y) == color.Color(c) {
				return true
			}
		}
	}
	return false
}

// mostly says whether more than half of a rectangle is of a colour.
func mostly(img image.Image, r image.Rectangle, c color.RGBA) bool {
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if img.At(x, y) == color.Color(c) {
				n++
			}
		}
	}
	return 2*n > r.Dx()*r.Dy()
}
