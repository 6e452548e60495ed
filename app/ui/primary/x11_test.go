//go:build linux

package primary

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// newServer starts an X server of the test's own, which DISPLAY names.
func newServer(t *testing.T) *os.Process {
	t.Helper()
	for _, tool := range []string{"Xvfb", "xclip"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is missing; on Debian or Ubuntu: apt-get install xvfb xclip", tool)
		}
	}
	number, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer number.Close()
	x := exec.Command("Xvfb", "-noreset", "-displayfd", "3", "-screen", "0", "64x64x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{write}
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	t.Cleanup(func() { x.Process.Kill(); x.Wait() })
	line, err := bufio.NewReader(number).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb gives no display: %v", err)
	}
	t.Setenv("DISPLAY", ":"+strings.TrimSpace(line))
	return x.Process
}

func openX11(t *testing.T) Desktop {
	t.Helper()
	s, err := OpenX11()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// selectElsewhere has xclip select a text, as what target says.
func selectElsewhere(t *testing.T, s Desktop, text, target string) {
	t.Helper()
	owner := func() xproto.Window {
		reply, err := xproto.GetSelectionOwner(s.(*x11).conn, xproto.AtomPrimary).Reply()
		if err != nil {
			t.Fatal(err)
		}
		return reply.Owner
	}
	before := owner()
	c := exec.Command("xclip", "-in", "-selection", "primary", "-target", target)
	c.Stdin = strings.NewReader(text)
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	// It stays in the background, and takes the selection there.
	for deadline := time.Now().Add(time.Minute); owner() == before; {
		if time.Now().After(deadline) {
			t.Fatal("xclip does not take the selection")
		}
	}
}

// pasteElsewhere has xclip paste until it pastes what is wanted: a selection is taken a
// little later.
func pasteElsewhere(t *testing.T, target, want string) {
	t.Helper()
	var got []byte
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		got, _ = exec.Command("xclip", "-out", "-selection", "primary", "-target", target).Output()
		if string(got) == want {
			return
		}
	}
	t.Fatalf("as %s another program pastes %.80q, want %.80q", target, got, want)
}

// read reads the selection.
func read(t *testing.T, s Desktop) (string, error) {
	t.Helper()
	type answer struct {
		text string
		err  error
	}
	got := make(chan answer, 1)
	s.Read(func(text string, err error) { got <- answer{text, err} })
	a := <-got
	return a.text, a.err
}

func TestOtherProgramsHaveWhatIsSelectedHere(t *testing.T) {
	newServer(t)
	s := openX11(t)
	s.Own("TXT 1 1 é→\n")
	pasteElsewhere(t, "UTF8_STRING", "TXT 1 1 é→\n")
	pasteElsewhere(t, "STRING", "TXT 1 1 \xe9?\n")
	pasteElsewhere(t, "text/plain;charset=utf-8", "TXT 1 1 é→\n")
	pasteElsewhere(t, "TARGETS", "TARGETS\nTIMESTAMP\nUTF8_STRING\ntext/plain;charset=utf-8\ntext/plain\nTEXT\nSTRING\n")
	long := strings.Repeat("RECT 1 2 3 4\n", 3*requestRoom/13)
	s.Own(long)
	pasteElsewhere(t, "UTF8_STRING", long)
	if text, err := read(t, s); text != long || err != nil {
		t.Errorf("what is selected here is read as %.80q, %v", text, err)
	}
}

func TestWhatIsSelectedElsewhereIsRead(t *testing.T) {
	newServer(t)
	s := openX11(t)
	if text, err := read(t, s); !errors.Is(err, ErrNone) {
		t.Errorf("with nothing selected it reads %q, %v", text, err)
	}
	s.Own("ours")
	pasteElsewhere(t, "UTF8_STRING", "ours")
	long := strings.Repeat("RECT 1 2 3 4\n", 1<<21/13) // comes in parts
	for _, c := range []struct {
		text, target, want string
		err                error
	}{
		{"CLS é→", "UTF8_STRING", "CLS é→", nil},
		{"CLS \xe9", "STRING", "CLS é", nil},
		{long, "UTF8_STRING", long, nil},
		{strings.Repeat("x", MaxText+1), "UTF8_STRING", "", ErrTooLong},
		{"after it", "UTF8_STRING", "after it", nil},
		{"PNG", "image/png", "", ErrNone},
	} {
		selectElsewhere(t, s, c.text, c.target)
		if text, err := read(t, s); text != c.want || !errors.Is(err, c.err) {
			t.Errorf("%.20q as %s is read as %.80q, %v", c.text, c.target, text, err)
		}
	}
}

func TestAProgramThatDoesNotAnswerIsNotWaitedFor(t *testing.T) {
	defer func(d time.Duration) { patience = d }(patience)
	patience = 50 * time.Millisecond
	newServer(t)
	conn, err := xgb.NewConn() // owns the selection, and never looks at a request
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	silent := x11{conn: conn}
	w, err := silent.newWindow()
	if err != nil {
		t.Fatal(err)
	}
	if err := xproto.SetSelectionOwnerChecked(conn, w, xproto.AtomPrimary, xproto.TimeCurrentTime).Check(); err != nil {
		t.Fatal(err)
	}
	s := openX11(t)
	for range 2 {
		if text, err := read(t, s); !errors.Is(err, ErrSilent) {
			t.Errorf("it reads %q, %v", text, err)
		}
	}
}

func TestALostServerEndsItsSelection(t *testing.T) {
	server := newServer(t)
	s, err := OpenX11()
	if err != nil {
		t.Fatal(err)
	}
	server.Kill()
	for range s.(*x11).events {
	}
	s.Own("nobody's")
	s.Read(func(string, error) {})
	s.Close()
}
