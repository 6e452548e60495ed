package recovery

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gvpie/app/studio/files"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// process is a Store whose writing goroutine the test is.
func process(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := open(dir, nil)
	must(t, err)
	return s
}

// kill lets go of all locks, as the system does for a process that was killed.
func kill(s *Store) {
	s.lock.Close()
	for _, f := range s.claims {
		f.Close()
	}
}

func names(s *Store) (names []string) {
	for _, l := range s.Left() {
		names = append(names, l.Name)
	}
	slices.Sort(names)
	return names
}

func entries(t *testing.T, dir string) int {
	t.Helper()
	e, err := os.ReadDir(dir)
	must(t, err)
	return len(e)
}

func TestTwoWindowsOnOneFileLeaveBothTexts(t *testing.T) {
	dir := t.TempDir()
	a, b := process(t, dir), process(t, dir)
	a.Put("p", Text{Name: "a", Path: "/p.pxl", Text: "one"})
	b.Put("p", Text{Name: "b", Path: "/p.pxl", Text: "two"})
	must(t, a.flush())
	must(t, b.flush())
	if c := process(t, dir); len(c.Left()) != 0 {
		t.Errorf("texts of processes that live are offered: %q", names(c))
	}
	kill(a)
	kill(b)
	c, late := process(t, dir), process(t, dir)
	if got := names(c); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("offered %q", got)
	}
	if got := names(late); len(got) != 0 {
		t.Errorf("two processes offer %q", got)
	}
	c.release() // it never answered
	d := process(t, dir)
	if got := names(d); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("offered later: %q", got)
	}
}

func TestATextThatIsTakenIsNeverNowhere(t *testing.T) {
	dir := t.TempDir()
	a := process(t, dir)
	a.Put("p", Text{Name: "a", Text: "one"})
	must(t, a.flush())
	a.release()
	b := process(t, dir)
	must(t, b.Take(b.Left()[0], "q"))
	if len(b.Left()) != 0 {
		t.Error("it is offered again")
	}
	kill(b) // before it wrote anything
	c := process(t, dir)
	if got := names(c); !slices.Equal(got, []string{"a"}) {
		t.Errorf("offered %q", got)
	}
	must(t, c.Drop(c.Left()[0]))
	c.release()
	if n := entries(t, dir); n != 0 {
		t.Errorf("%d entries remain where nothing is left", n)
	}
}

func TestNoTextIsLostToASlowDisk(t *testing.T) {
	dir := t.TempDir()
	s := process(t, dir) // nothing is written until the end
	for i := range 50 {
		s.Put(fmt.Sprint(i), Text{Name: "x", Text: fmt.Sprint(i)})
		s.Put(fmt.Sprint(i), Text{Name: "x", Text: fmt.Sprint("last ", i)})
	}
	must(t, s.flush())
	texts := map[string]bool{}
	for _, l := range textsIn(s.own) {
		texts[l.Text.Text] = true
	}
	if len(texts) != 50 || !texts["last 0"] || !texts["last 49"] {
		t.Errorf("%d texts were written", len(texts))
	}
}

func TestADiskThatRefusesIsToldOnceAndWhenItIsOver(t *testing.T) {
	dir := t.TempDir()
	told := make(chan error, 8)
	s, err := Open(dir, func(err error) { told <- err })
	must(t, err)
	must(t, os.Rename(s.own, s.own+".away"))
	s.Put("a", Text{Name: "a", Text: "x"})
	if err := <-told; !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	must(t, os.Rename(s.own+".away", s.own))
	s.Put("b", Text{Name: "b", Text: "y"})
	if err := <-told; err != nil {
		t.Error(err)
	}
	s.Close()
	if len(told) != 0 {
		t.Error("told twice")
	}
	if got := names(process(t, dir)); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("what was refused at first is lost: %q", got)
	}
	if _, err := Open(filepath.Join(os.DevNull, "x"), nil); err == nil {
		t.Error("a folder that cannot be made is no error")
	}
}

func TestWhatIsNoTextIsPassedOver(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) { must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644)) }
	write("good.json", `{"name":"good","text":"x"}`)
	write("empty.json", `{"name":"empty","text":""}`)
	write("half.json", `{"name":"half","te`)
	write(".part.json", `{"name":"part","text":"x"}`)
	write("text.txt", `{"name":"text","text":"x"}`)
	write("huge.json", `{"name":"huge","text":"`+strings.Repeat("x", mostBytes)+`"}`)
	// Of a version that went by the number of the process: it may be another's by now.
	write("old.json", fmt.Sprintf(`{"name":"old","text":"x","at":"2026-01-01T00:00:00Z","pid":%d}`, os.Getppid()))
	must(t, os.Mkdir(filepath.Join(dir, "folder.json"), 0o755))
	s := process(t, dir)
	if got := names(s); !slices.Equal(got, []string{"good", "old"}) {
		t.Errorf("found %q", got)
	}
	if last := s.Left()[1]; last.Name != "old" {
		t.Error("the oldest is not the first")
	}
}

func TestTheLargestTextComesBack(t *testing.T) {
	dir := t.TempDir()
	s := process(t, dir)
	text := strings.Repeat("<\n", files.MaxFile/2)
	s.Put("p", Text{Name: "large", Text: text})
	must(t, s.flush())
	kill(s)
	if left := process(t, dir).Left(); len(left) != 1 || left[0].Text.Text != text {
		t.Errorf("%d texts are left", len(left))
	}
}
