package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gioui.org/io/event"

	"gvpie/app/studio"
)

func TestTypingChangesThePicture(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.settled()
	before := d.pixels(machineSlot)
	d.write("FILL 0 0 128 64 red\nHALT\n")
	d.until("the canvas is red", func() bool { return d.pixels(machineSlot) != before })
	if !d.model.Active().Dirty() {
		t.Error("typed text does not count as unsaved")
	}
}

func TestClosingUnsavedTextAsks(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.settled()
	d.write("; mine\n")
	d.press("Ctrl-W")
	if len(d.model.Docs()) != 1 {
		t.Fatal("unsaved text was closed without a question")
	}
	d.click("Cancel")
	if len(d.model.Docs()) != 1 || d.bench.modal != nil {
		t.Fatal("Cancel did not keep the text")
	}
	d.press("Ctrl-W")
	d.press("⎋")
	if len(d.model.Docs()) != 1 || d.bench.modal != nil {
		t.Fatal("Escape did not keep the text")
	}
	if d.bench.mayClose() {
		t.Error("the window may close with unsaved text")
	}
	d.frame()
	d.click("Cancel")
	d.press("Ctrl-W")
	d.click("Don't save")
	if len(d.model.Docs()) != 0 {
		t.Error("the text was not given up")
	}
	if !d.bench.mayClose() {
		t.Error("the window asks though nothing is unsaved")
	}
}

func TestSavingATextWithoutAPathAsksWhereTo(t *testing.T) {
	dir := t.TempDir()
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.settled()
	d.write("HALT\n")
	d.press("Ctrl-S")
	field := &d.bench.modal.(*pathDialog).path
	field.SetText(filepath.Join(dir, "new"))
	d.frame()
	d.click("Save")
	d.until("it is on disk", func() bool { return d.model.Active().Path != "" })
	if b, err := os.ReadFile(filepath.Join(dir, "new.pxl")); err != nil || string(b) != "HALT\n" {
		t.Errorf("on disk is %q, %v", b, err)
	}
	if d.model.Active().Dirty() {
		t.Error("the text still counts as unsaved")
	}
}

// A bare name is meant for the folder that the dialog shows, wherever the program
// was started.
func TestABareNameIsSavedIntoTheFolderShown(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	shown := t.TempDir()
	d.bench.side.files.open(shown)
	d.model.NewDocument()
	d.settled()
	d.write("HALT\n")
	d.press("Ctrl-S")
	d.bench.modal.(*pathDialog).path.SetText("new")
	d.frame()
	d.click("Save")
	d.until("it is saved", func() bool { return d.model.Active().Path != "" })
	if got, want := d.model.Active().Path, filepath.Join(shown, "new.pxl"); got != want {
		t.Errorf("it was saved as %s, not %s", got, want)
	}
}

func TestSaveAsAsksBeforeItReplaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "there.pxl")
	if err := os.WriteFile(path, []byte("NOP\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.press("Ctrl-Shift-S")
	d.bench.modal.(*pathDialog).path.SetText(path)
	d.frame()
	d.click("Save")
	d.until("it says that the file exists", func() bool { _, ok := d.find("Replace"); return ok })
	if b, _ := os.ReadFile(path); string(b) != "NOP\n" {
		t.Fatal("the file was replaced without a question")
	}
	d.click("Replace")
	d.until("it is replaced", func() bool { return d.model.Active().Path == path })
}

func TestOpenRefusesWhatIsNotThereInWords(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.frame()
	d.press("Ctrl-O")
	d.bench.modal.(*pathDialog).path.SetText("/no/such/file.pxl")
	d.frame()
	d.click("Open")
	d.until("it says so", func() bool {
		p, ok := d.bench.modal.(*pathDialog)
		return ok && strings.Contains(p.says, "There is no file")
	})
}

func TestAProblemLeadsToItsLineAndItsFixIsOneClick(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.settled()
	d.write("CLS\nTXTT 1 1 hi\nHALT\n")
	d.click("problem " + d.model.Problems()[0].Message)
	if line, _, _ := d.bench.code.caret(); line != 2 {
		t.Errorf("the caret is on line %d, want 2", line)
	}
	d.click("fix: " + d.model.Problems()[0].Fix.Title)
	d.until("it is mended", func() bool { return len(d.model.Problems()) == 0 })
	if got := d.model.Active().Text(); got != "CLS\nTXT 1 1 hi\nHALT\n" {
		t.Errorf("the text is %q", got)
	}
	d.press("Ctrl-Z")
	d.until("the fix is undone", func() bool { return len(d.model.Problems()) == 1 })
}

func TestAFileChangedElsewhereIsAskedAbout(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shared.pxl")
	write := func(s string) {
		if err := os.WriteFile(path, []byte(s), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("HALT\n")
	d := newDesk(t, 1440, 900, 1)
	d.bench.OpenAll([]string{path})
	d.until("it is open", func() bool { return d.model.Active() != nil })
	d.settled()
	d.write("; mine\n")
	write("NOP\nHALT\n")
	d.until("it asks", func() bool { _, ok := d.find("Take the file"); return ok })
	d.click("Take the file")
	d.until("the editor has the file's text", func() bool { return d.bench.code.front().edit.Text() == "NOP\nHALT\n" })
}

func TestTextLeftByAnEarlierRunIsOffered(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.bench.Recovered([]studio.Recovered{{Name: "night.pxl", Text: "TXT 1 1 night\n"}})
	d.bench.OpenAll(nil)
	d.frame()
	d.click("Open it")
	d.until("it is open", func() bool { a := d.model.Active(); return a != nil && a.Text() == "TXT 1 1 night\n" })
	if !d.model.Active().Dirty() {
		t.Error("recovered text does not count as unsaved")
	}
}

func TestTypedPathsAreUnderstood(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	for typed, want := range map[string]string{
		"/a/b.pxl":             "/a/b.pxl",
		"~/b.pxl":              home + "/b.pxl",
		"/tmp/x//etc/b.pxl":    "/etc/b.pxl",
		"/tmp/x/~/b.pxl":       home + "/b.pxl",
		"":                     "",
		"/a/b/":                "/a/b/",
		"~":                    home,
		home + "/deep/one.pxl": home + "/deep/one.pxl",
		"b.pxl":                "/shown/b.pxl",
		"../b/":                "/b/",
	} {
		if got := expand(typed, "/shown"); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
	if got := shorten(home + "/deep/one.pxl"); got != "~/deep/one.pxl" {
		t.Errorf("the home folder is written %q", got)
	}
}

func TestFilesOpenedTogetherKeepTheirOrder(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for _, name := range []string{"c.pxl", "a.pxl", "d.pxl", "b.pxl"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("HALT\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	d := newDesk(t, 1440, 900, 1)
	d.bench.OpenAll(paths)
	d.until("all are open", func() bool { return len(d.model.Docs()) == len(paths) })
	for i, doc := range d.model.Docs() {
		if doc.Path != paths[i] {
			t.Errorf("tab %d is %s, want %s", i, doc.Name, filepath.Base(paths[i]))
		}
	}
	if d.model.ActiveIndex() != 0 {
		t.Errorf("tab %d is in front, want the first", d.model.ActiveIndex())
	}
}

// portal is a desktop's file dialog that answers at once.
type portal struct {
	path string
	why  string
}

func (p portal) answer(chosen, failed func(string)) {
	if p.why != "" {
		failed(p.why)
		return
	}
	chosen(p.path)
}

func (p portal) Listen(event.Event)                            {}
func (p portal) Pump()                                         {}
func (p portal) Open(chosen, failed func(string))              { p.answer(chosen, failed) }
func (p portal) Save(name string, chosen, failed func(string)) { p.answer(chosen, failed) }

func TestTheDesktopsOwnDialogsAreUsedWhenAskedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "elsewhere.pxl")
	d := newDesk(t, 1440, 900, 1)
	d.bench.native = portal{path: path}
	d.openExample("hello")
	d.settled()
	d.press("Ctrl-Shift-S")
	d.click("System dialog…")
	d.until("it is saved", func() bool { return d.model.Active().Path == path })
	d.bench.native = portal{why: "there is no portal"}
	d.press("Ctrl-O")
	d.click("System dialog…")
	n := d.model.Notices()
	if len(n) == 0 || n[len(n)-1].Text != "there is no portal" {
		t.Errorf("that the dialog did not open is told as %+v", n)
	}
}

func TestAProgramJustOpenedCanBeTypedIn(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.settled()
	d.click("New program")
	d.write("HALT\n")
	if got := d.model.Active().Text(); got != "HALT\n" {
		t.Errorf("a new program has %q after typing", got)
	}
	d.press("Ctrl-N")
	d.write("NOP\n")
	if got := d.model.Active().Text(); got != "NOP\n" {
		t.Errorf("a program made by key has %q after typing", got)
	}
	d.click("tab hello.pxl")
	d.write("; mine\n")
	if got := d.model.Docs()[0].Text(); !strings.HasPrefix(got, "; mine\n") {
		t.Errorf("hello has %q after typing", got)
	}
}
