package ui

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gioui.org/io/event"
	"gioui.org/io/key"

	"gvpie/app/studio"
)

func TestTypingChangesThePicture(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.awaitPictures()
	before := d.pixels(machineSlot)
	d.Write("FILL 0 0 128 64 red\nHALT\n")
	d.Until("the canvas is red", func() bool { return d.pixels(machineSlot) != before })
	if !d.model.Active().Dirty() {
		t.Error("typed text does not count as unsaved")
	}
}

func TestClosingUnsavedTextAsks(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.awaitPictures()
	d.Write("; mine\n")
	d.Press("Ctrl-W")
	if len(d.model.Docs()) != 1 {
		t.Fatal("unsaved text was closed without a question")
	}
	d.Click("Cancel")
	if len(d.model.Docs()) != 1 || d.bench.dialogs.front != nil {
		t.Fatal("Cancel did not keep the text")
	}
	d.Press("Ctrl-W")
	d.Press("⎋")
	if len(d.model.Docs()) != 1 || d.bench.dialogs.front != nil {
		t.Fatal("Escape did not keep the text")
	}
	if d.bench.documents.mayClose() {
		t.Error("the window may close with unsaved text")
	}
	d.Frame()
	d.Click("Cancel")
	d.Press("Ctrl-W")
	d.Click("Don't save")
	if len(d.model.Docs()) != 0 {
		t.Error("the text was not given up")
	}
	if !d.bench.documents.mayClose() {
		t.Error("the window asks though nothing is unsaved")
	}
}

func TestSavingATextWithoutAPathAsksWhereTo(t *testing.T) {
	dir := t.TempDir()
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.awaitPictures()
	d.Write("HALT\n")
	d.Press("Ctrl-S")
	field := &d.bench.dialogs.front.(*pathDialog).path
	field.SetText(filepath.Join(dir, "new"))
	d.Frame()
	d.Click("Save")
	d.Until("it is on disk", func() bool { return d.model.Active().Path != "" })
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
	d.bench.side.files.Open(shown)
	d.model.NewDocument()
	d.awaitPictures()
	d.Write("HALT\n")
	d.Press("Ctrl-S")
	d.bench.dialogs.front.(*pathDialog).path.SetText("new")
	d.Frame()
	d.Click("Save")
	d.Until("it is saved", func() bool { return d.model.Active().Path != "" })
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
	d.Press("Ctrl-Shift-S")
	d.bench.dialogs.front.(*pathDialog).path.SetText(path)
	d.Frame()
	d.Click("Save")
	d.Until("it says that the file exists", func() bool { _, ok := d.Find("Replace"); return ok })
	if b, _ := os.ReadFile(path); string(b) != "NOP\n" {
		t.Fatal("the file was replaced without a question")
	}
	d.Click("Replace")
	d.Until("it is replaced", func() bool { return d.model.Active().Path == path })
}

func TestOpenRefusesWhatIsNotThereInWords(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.Frame()
	d.Press("Ctrl-O")
	d.bench.dialogs.front.(*pathDialog).path.SetText("/no/such/file.pxl")
	d.Frame()
	d.Click("Open")
	d.Until("it says so", func() bool {
		p, ok := d.bench.dialogs.front.(*pathDialog)
		return ok && strings.Contains(p.says, "There is no file")
	})
}

func TestAProblemLeadsToItsLineAndItsFixIsOneClick(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.awaitPictures()
	d.Write("CLS\nTXTT 1 1 hi\nHALT\n")
	d.Click("1 error") // what opens the panel
	d.Frame()
	d.Click("problem " + d.model.Problems()[0].Message)
	if line, _, _ := d.bench.code.caret(); line != 2 {
		t.Errorf("the caret is on line %d, want 2", line)
	}
	d.Click("fix: " + d.model.Problems()[0].Fix.Title)
	d.Until("it is mended", func() bool { return len(d.model.Problems()) == 0 })
	if got := d.model.Active().Text(); got != "CLS\nTXT 1 1 hi\nHALT\n" {
		t.Errorf("the text is %q", got)
	}
	d.Press("Ctrl-Z")
	d.Now = d.Now.Add(studio.TypingTime)
	d.Until("the fix is undone", func() bool { return len(d.model.Problems()) == 1 })
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
	d.Until("it is open", func() bool { return d.model.Active() != nil })
	d.awaitPictures()
	d.Write("; mine\n")
	write("NOP\nHALT\n")
	d.Until("it asks", func() bool { _, ok := d.Find("Take the file"); return ok })
	d.Click("Take the file")
	d.Until("the editor has the file's text", func() bool { return d.bench.code.front().edit.Text() == "NOP\nHALT\n" })
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
	d.Until("all are open", func() bool { return len(d.model.Docs()) == len(paths) })
	for i, doc := range d.model.Docs() {
		if doc.Path != paths[i] {
			t.Errorf("tab %d is %s, want %s", i, doc.Name, filepath.Base(paths[i]))
		}
	}
	if d.model.ActiveIndex() != 0 {
		t.Errorf("tab %d is in front, want the first", d.model.ActiveIndex())
	}
}

// answering is a desktop's file dialog that answers at once.
type answering struct {
	path string
	err  error
	from *string // where it was to begin
}

func (a answering) Listen(event.Event) {}
func (a answering) Open(_ fileKind, folder string) (string, error) {
	*a.from = folder
	return a.path, a.err
}
func (a answering) Save(suggested string) (string, error) {
	*a.from = suggested
	return a.path, a.err
}

func TestTheDesktopsOwnDialogsAreUsedWhenAskedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "elsewhere.pxl")
	var from string
	d := newDesk(t, 1440, 900, 1)
	d.bench.documents.native = newDesktopDialogs(answering{path: path, from: &from}, d.Wake)
	d.openExample("hello")
	d.awaitPictures()
	want := filepath.Join(d.bench.side.files.Dir, "hello.pxl")
	d.Press("Ctrl-Shift-S")
	d.Click("System dialog…")
	d.Until("it is saved", func() bool { return d.model.Active().Path == path })
	if from != want {
		t.Errorf("the dialog to save began with %s, not with %s", from, want)
	}
	d.bench.documents.native = newDesktopDialogs(answering{err: errors.New("there is no portal"), from: &from}, d.Wake)
	d.Press("Ctrl-O")
	d.Click("System dialog…")
	d.Until("it says that the dialog did not open", func() bool {
		n := d.model.Notices()
		return len(n) > 0 && n[len(n)-1].Text == "The desktop's file dialog did not open: there is no portal"
	})
	if want = filepath.Dir(path); from != want {
		t.Errorf("the dialog to open began in %s, not in %s", from, want)
	}
	told := len(d.model.Notices())
	d.bench.documents.native = newDesktopDialogs(answering{err: errDeclined, from: &from}, d.Wake)
	d.Press("Ctrl-O")
	d.Click("System dialog…")
	d.Frame()
	if now := len(d.model.Notices()); now > told {
		t.Error("a dialog that was declined is told as a fault")
	}
}

func TestAProgramJustOpenedCanBeTypedIn(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.awaitPictures()
	d.Click("New program")
	d.Write("HALT\n")
	if got := d.model.Active().Text(); got != "HALT\n" {
		t.Errorf("a new program has %q after typing", got)
	}
	d.Press("Ctrl-N")
	d.Write("NOP\n")
	if got := d.model.Active().Text(); got != "NOP\n" {
		t.Errorf("a program made by key has %q after typing", got)
	}
	d.Click("tab hello.pxl")
	d.Write("; mine\n")
	if got := d.model.Docs()[0].Text(); !strings.HasPrefix(got, "; mine\n") {
		t.Errorf("hello has %q after typing", got)
	}
}

// A busy machine has letters and the key that saves them come in one frame.
func TestWhatWasTypedBeforeItsKeyIsSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.pxl")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, 1440, 900, 1)
	d.model.Open(path)
	d.Until("it is open", func() bool { return d.model.Active() != nil && d.bench.code.typing(d.Context()) })
	d.Router.Queue(
		key.EditEvent{Text: "HALT"},
		key.Event{Name: "S", Modifiers: key.ModShortcut, State: key.Press},
		key.EditEvent{Range: key.Range{Start: 4, End: 4}, Text: "\n"},
	)
	d.Frame()
	d.Until("it is saved", func() bool { return !d.model.Saving(0) })
	if b, err := os.ReadFile(path); string(b) != "HALT" {
		t.Errorf("on disk is %q, %v", b, err)
	}
	if text := d.model.Active().Text(); text != "HALT\n" {
		t.Errorf("the text is %q", text)
	}
}

func TestTheEditorOfAClosedDocumentIsForgotten(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.model.Keep(0)
	d.openExample("panel")
	d.awaitPictures()
	d.Press("Ctrl-W")
	if n := len(d.bench.code.docs); n != 1 || len(d.model.Docs()) != 1 {
		t.Errorf("%d editors are kept for %d documents", n, len(d.model.Docs()))
	}
	d.Press("Ctrl-W")
	if n := len(d.bench.code.docs); n != 0 {
		t.Errorf("%d editors are kept though no document is open", n)
	}
}
