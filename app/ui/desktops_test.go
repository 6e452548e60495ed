//go:build linux

package ui

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/app/ui/display"
)

// A desktop is where the program's window is, and how it is used there. The keys
// are X keysyms, or the codes of keys, whatever they stand for.
type desktop interface {
	open(bin, home string, env []string, args ...string)
	do(xdotool ...string)
	layouts(names, variants string)
	said(what string, ok func(Status) bool)
	end() (code int, log string)
	resize(width, height int)
	endSession()
	kill()
	now() Status
	// selecting and pasting are programs that select what they read, and that write what is
	// selected.
	selecting() *exec.Cmd
	pasting() *exec.Cmd
}

// desktops are those that the window has to be at home on.
var desktops = []struct {
	name string
	make func(*testing.T) desktop
}{
	{"X11", func(t *testing.T) desktop { return &xorg{newScreen(t, 1440, 900)} }},
	{"Wayland", func(t *testing.T) desktop { return newSway(t) }},
}

// onEveryDesktop runs a test on each, with the program built once.
func onEveryDesktop(t *testing.T, use func(t *testing.T, bin string, newDesktop func(*testing.T) desktop)) {
	if testing.Short() {
		t.Skip("builds the program and opens windows: not in a short run")
	}
	bin := build(t)
	for _, d := range desktops {
		t.Run(d.name, func(t *testing.T) { use(t, bin, d.make) })
	}
}

func TestAWindowOnEveryDesktop(t *testing.T) {
	onEveryDesktop(t, func(t *testing.T, bin string, newDesktop func(*testing.T) desktop) {
		d, home := newDesktop(t), t.TempDir()
		text := filepath.Join(home, "first.pxl")
		write(t, text, "HALT\n")
		// For Hindi, libxkbcommon has no compose table.
		d.open(bin, home, []string{"LC_ALL=hi_IN"}, "--addr", "", text)
		d.said("the window is drawn", func(st Status) bool { return st.Document == "first.pxl" && st.Width == 1440 && st.Height == 900 })
		d.do("mousemove", "400", "300", "click", "1")
		d.do("key", "ctrl+Home")
		d.said("the caret is before the first letter", func(st Status) bool { return st.Editing && st.Line == 1 && st.Column == 1 })

		d.do("key", "ctrl+v") // there is nothing in the clipboard: it shall not be the last paste
		d.do("type", "--delay", "20", "CLS red")
		d.said("it is typed", func(st Status) bool { return st.Column == 8 })
		if _, wayland := d.(*sway); display.Mended || !wayland {
			d.do("key", "shift+Home", "ctrl+x")
			d.said("it is cut", func(st Status) bool { return st.Column == 1 })
			// The desktop has taken the clipboard when it has answered twice since.
			d.do("key", "End", "x")
			d.said("a letter is typed", func(st Status) bool { return st.Column > 1 })
			d.do("key", "BackSpace", "ctrl+Home")
			d.said("it is gone again", func(st Status) bool { return st.Column == 1 })
			d.do("key", "ctrl+v")
			d.said("it is pasted", func(st Status) bool { return st.Column == 8 })
		} else {
			t.Log("the toolkit is not mended in this build: it pastes no more after a paste without text, see app/ui/display/mend")
		}
		d.do("key", "ctrl+s")
		d.said("the file is saved", func(st Status) bool { return !st.Unsaved })
		read(t, text, "CLS redHALT\n")
		d.said("the loop has begun", func(st Status) bool { return st.Loop == "running" && st.Scripts > 0 })
		d.do("key", "ctrl+q")
		d.said("it asks, as the loop stops with it", func(st Status) bool { return st.Over == "question" })
		d.do("key", "Return")
		if code, log := d.end(); code != 0 || log != "" {
			t.Errorf("the program ended with %d: %s", code, log)
		}
	})
}

func TestTheMiddleButtonOnEveryDesktop(t *testing.T) {
	onEveryDesktop(t, func(t *testing.T, bin string, newDesktop func(*testing.T) desktop) {
		d, home := newDesktop(t), t.TempDir()
		text := filepath.Join(home, "first.pxl")
		write(t, text, "HALT\n")
		d.open(bin, home, nil, "--addr", "", text)
		d.said("the window is drawn", func(st Status) bool { return st.Document == "first.pxl" && st.Width == 1440 })
		others := func(want string) {
			t.Helper()
			poll(t, "another program pastes "+want, func() bool {
				out, err := d.pasting().Output()
				return err == nil && string(out) == want
			})
		}
		other := d.selecting()
		other.Stdin = strings.NewReader("TXT 1 1 é→")
		if err := other.Run(); err != nil {
			t.Fatalf("%v: %v", other, err)
		}
		others("TXT 1 1 é→")
		d.do("mousemove", "400", "300", "click", "2")
		d.said("the selection is pasted", func(st Status) bool { return st.Line == 2 && st.Column == 11 && st.Unsaved })
		d.do("key", "shift+Home")
		d.do("key", "shift+Right")
		others("XT 1 1 é→")
		d.do("key", "ctrl+z")
		d.said("it is taken back in one step", func(st Status) bool { return st.Column == 1 && !st.Unsaved })
		d.do("mousemove", "400", "300", "click", "2")
		d.said("what was selected here is pasted", func(st Status) bool { return st.Line == 2 && st.Column == 10 })
	})
}

func TestThePointerOnEveryDesktop(t *testing.T) {
	if !display.Mended {
		t.Skip("the toolkit is not mended in this build: it does not say that the pointer left, see app/ui/display/mend")
	}
	onEveryDesktop(t, func(t *testing.T, bin string, newDesktop func(*testing.T) desktop) {
		d, home := newDesktop(t), t.TempDir()
		text := filepath.Join(home, "long.pxl")
		write(t, text, strings.Repeat("NOP\n", 200)+"HALT\n")
		d.open(bin, home, nil, "--addr", "", text)
		d.said("the window is drawn", func(st Status) bool { return st.Document == "long.pxl" && st.Width == 1440 && st.Top == 1 })
		d.do("mousemove", "400", "300", "click", "5")
		d.said("a notch of the wheel is three lines", func(st Status) bool { return st.Top == 4 })
		d.do("click", "5", "click", "5", "click", "4")
		d.said("so is each of three more", func(st Status) bool { return st.Top == 7 })
		d.resize(1000, 700)
		d.said("the window is smaller", func(st Status) bool { return st.Width == 1000 && st.Height == 700 })
		d.do("mousemove", "40", "20") // its tab
		d.said("a tooltip is to be seen", func(st Status) bool { return st.Tip != "" })
		d.do("mousemove", "1300", "850")
		d.said("the tooltip is gone with the pointer", func(st Status) bool { return st.Tip == "" })
	})
}

func TestASessionThatEndsKeepsTheText(t *testing.T) {
	onEveryDesktop(t, func(t *testing.T, bin string, newDesktop func(*testing.T) desktop) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		addr, home := l.Addr().String(), t.TempDir()
		l.Close()
		text := filepath.Join(home, "first.pxl")
		write(t, text, "HALT\n")
		d := newDesktop(t)
		d.open(bin, home, nil, "--addr", addr, text)
		d.said("the window is drawn", func(st Status) bool { return st.Document == "first.pxl" && st.Width == 1440 })
		d.do("mousemove", "400", "300", "click", "1")
		d.do("key", "ctrl+Home")
		d.do("type", "--delay", "20", "CLS")
		d.said("it is typed", func(st Status) bool { return st.Unsaved && st.Column == 4 })
		// The pointer has another shape here and there: the toolkit asks for it as the desktop
		// goes.
		var moves []string
		for range 20 {
			moves = append(moves, "mousemove", "400", "300", "mousemove", "1000", "300", "mousemove", "20", "300")
		}
		d.do(moves...)
		d.endSession()
		if code, log := d.end(); code != 1 || !strings.Contains(log, "gvpie: the display is gone, and the window with it") || !strings.HasSuffix(log, "; unsaved text is kept and offered at the next start\n") {
			t.Errorf("the program ended with %d: %s", code, log)
		}
		if l, err = net.Listen("tcp", addr); err != nil {
			t.Fatalf("its port is not free: %v", err)
		}
		l.Close()
		read(t, text, "HALT\n")

		next := newDesktop(t)
		next.open(bin, home, nil, "--addr", "", text)
		next.said("the text is offered", func(st Status) bool { return st.Document == "first.pxl" && st.Offered == 1 })
	})
}

func TestWithoutOpenGLItSaysWhy(t *testing.T) {
	if !display.Mended {
		t.Skip("the toolkit is not mended in this build: it does not say why it closes a window, see app/ui/display/mend")
	}
	onEveryDesktop(t, func(t *testing.T, bin string, newDesktop func(*testing.T) desktop) {
		d := newDesktop(t)
		d.open(bin, t.TempDir(), []string{"__EGL_VENDOR_LIBRARY_DIRS=/nowhere", "VK_DRIVER_FILES=/nowhere"}, "--addr", "")
		if code, log := d.end(); code != 1 || !strings.Contains(log, "gvpie: the window could not be drawn: ") {
			t.Errorf("the program ended with %d: %s", code, log)
		}
	})
}

// The keys of four signs that some keyboards compose of a dead key and a space.
const (
	keyGrave, keyMinus, keyEqual = "49", "20", "21" // the row of digits, where an American keyboard has them
	key2, key4, key6, key7       = "11", "13", "15", "16"
	keyA, keyS, keyBracket       = "38", "39", "34"
	keyQuote, keyBackslash       = "48", "51"
	keyX, keyBackspace           = "53", "22"
	keyCapsLock                  = "66"
	keySpace, keyShift, keyCtrl  = "65", "50", "37"
	keyCloseBracket, keyAltGr    = "35", "108"
)

// strokes of keys, each with those that are held down for it.
type stroke []string

func (s stroke) on(d desktop) {
	var words []string
	for _, held := range s[:len(s)-1] {
		words = append(words, "keydown", held)
	}
	words = append(words, "key", s[len(s)-1])
	for _, held := range s[:len(s)-1] {
		words = append(words, "keyup", held)
	}
	d.do(words...)
}

func TestEveryKeyboardHasEverySign(t *testing.T) {
	if !display.Mended {
		t.Skip("the toolkit is not mended in this build: dead keys do not work, see app/ui/display/mend")
	}
	keyboards := []struct {
		layout, variant string
		strokes         []stroke // for ' ^ ~ ` and é
	}{
		{"us", "", []stroke{{keyQuote}, {keyShift, key6}, {keyShift, keyGrave}, {keyGrave}}},
		{"us", "intl", []stroke{{keyQuote}, {keySpace}, {keyShift, key6}, {keySpace}, {keyShift, keyGrave}, {keySpace}, {keyGrave}, {keySpace}}},
		{"de", "", []stroke{{keyShift, keyBackslash}, {keyGrave}, {keySpace}, {keyAltGr, keyCloseBracket}, {keyShift, keyEqual}, {keySpace}}},
		{"fr", "", []stroke{{key4}, {keyBracket}, {keySpace}, {keyAltGr, key2}, {keyAltGr, key7}}},
	}
	onEveryDesktop(t, func(t *testing.T, bin string, newDesktop func(*testing.T) desktop) {
		d, home := newDesktop(t), t.TempDir()
		text := filepath.Join(home, "first.pxl")
		write(t, text, "")
		d.open(bin, home, []string{"LC_ALL=C.UTF-8"}, "--addr", "", text)
		d.said("the window is drawn", func(st Status) bool { return st.Document == "first.pxl" && st.Width == 1440 })
		d.do("mousemove", "400", "300", "click", "1")
		d.said("the caret is in the text", func(st Status) bool { return st.Editing })
		empty := func() {
			t.Helper()
			stroke{keyCtrl, "Home"}.on(d)
			stroke{keyCtrl, keyShift, "End"}.on(d)
			d.do("key", "Delete")
			// The caret is there before the text is gone, which is not as it was saved.
			d.said("the text is empty", func(st Status) bool { return st.Column == 1 && st.Unsaved })
		}
		saved := func(want string) {
			t.Helper()
			stroke{keyCtrl, keyS}.on(d)
			d.said("the file is saved", func(st Status) bool { return !st.Unsaved })
			read(t, text, want)
		}
		for _, k := range keyboards {
			d.layouts(k.layout, k.variant)
			d.do("key", keyX) // the same on all: then the window knows the layout
			d.said("a letter is typed", func(st Status) bool { return st.Column == 2 })
			d.do("key", keyBackspace)
			for _, s := range k.strokes {
				s.on(d)
			}
			d.said(k.layout+" "+k.variant+" types four signs", func(st Status) bool { return st.Column == 5 })
			saved("'^~`")
			empty()
		}
		if _, wayland := d.(*sway); wayland {
			// In the window of another display sway takes the effective modifiers for the
			// number of the layout: Caps Lock is 2, the third.
			d.layouts("us,de,ru", ",,")
			d.do("key", keyCapsLock, keyA, keyCapsLock)
			d.said("a letter of the third layout is typed", func(st Status) bool { return st.Column == 2 })
			saved("Ф")
		}
		d.layouts("ru", "")
		empty()
		d.do("key", keyS)
		d.said("a letter of the only layout is typed", func(st Status) bool { return st.Column == 2 })
		saved("ы")
	})
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// read looks whether a file says what it should.
func read(t *testing.T, file, want string) {
	t.Helper()
	if b, err := os.ReadFile(file); string(b) != want {
		t.Fatalf("%s says %q, want %q: %v", filepath.Base(file), b, want, err)
	}
}
