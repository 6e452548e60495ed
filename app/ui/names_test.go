package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gioui.org/io/key"
)

// openGame opens a program of three files, the program itself alone.
func openGame(t *testing.T) (d *desk, dir string) {
	dir = t.TempDir()
	for name, text := range map[string]string{
		"lib.pxl":  "INCLUDE \"deep.pxl\"\nDEF mark(x)\n  PLOT x deep(x) red\nEND\n",
		"deep.pxl": "DEF deep(x)\n  IF x > 3 mark(1)\n  RETURN x\nEND\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d = newDesk(t, 1000, 700, 1)
	d.model.OpenText("main.pxl", filepath.Join(dir, "main.pxl"), "INCLUDE \"lib.pxl\"\nSET x = 3\nmark(x)\n")
	d.Frame()
	d.bench.code.focus()
	d.Frame()
	return d, dir
}

func (d *desk) front() string { return filepath.Base(d.model.Active().Path) }

// texts are those of the open documents, by the names of their files.
func (d *desk) texts() map[string]string {
	out := map[string]string{}
	for _, doc := range d.model.Docs() {
		out[filepath.Base(doc.Path)] = doc.Text()
	}
	return out
}

func TestADefinitionInAnotherFileOpensIt(t *testing.T) {
	d, _ := openGame(t)
	d.bench.code.gotoLine(3, 2)
	d.Frame()
	d.Press("F12")
	d.Until("lib.pxl is in front", func() bool { return d.front() == "lib.pxl" })
	d.Frame()
	if line, column, _ := d.bench.code.caret(); line != 2 || column != 5 {
		t.Errorf("the caret is at %d:%d", line, column)
	}
	d.bench.code.gotoLine(1, 12)
	d.Frame()
	d.Press("F12") // on the path of an INCLUDE
	d.Until("deep.pxl is in front", func() bool { return d.front() == "deep.pxl" })
	d.bench.code.gotoLine(2, 13)
	d.Frame()
	d.Press("F12") // it is a part of main.pxl
	d.Until("lib.pxl is in front again", func() bool { return d.front() == "lib.pxl" })
}

func TestReferencesAreListedAndGoneTo(t *testing.T) {
	d, _ := openGame(t)
	d.bench.code.gotoLine(3, 2)
	d.Frame()
	d.Press("Shift-F12")
	d.Frame()
	p, ok := d.bench.dialogs.front.(*commandPalette)
	if !ok {
		t.Fatalf("%T is in front", d.bench.dialogs.front)
	}
	var titles []string
	for _, a := range p.found {
		titles = append(titles, strings.TrimSpace(a.Title+" "+a.Keys))
	}
	if got, want := strings.Join(titles, "\n"), "main.pxl:3: mark(x)\nlib.pxl:2: DEF mark(x) declared\ndeep.pxl:2: IF x > 3 mark(1)"; got != want {
		t.Errorf("listed\n%s\nnot\n%s", got, want)
	}
	d.Click("action deep.pxl:2: IF x > 3 mark(1)")
	d.Until("it is gone to", func() bool { return d.front() == "deep.pxl" })
	d.Frame()
	if line, column, _ := d.bench.code.caret(); line != 2 || column != 12 {
		t.Errorf("the caret is at %d:%d", line, column)
	}
}

func TestARenameIsOneUndoOverAllFiles(t *testing.T) {
	d, _ := openGame(t)
	before := d.texts()["main.pxl"]
	d.bench.code.gotoLine(3, 2)
	d.Frame()
	d.Press("F2")
	d.Frame()
	d.Write("x") // in the place of mark
	d.Click("Rename")
	d.Frame()
	if r, ok := d.bench.dialogs.front.(*renameDialog); !ok || r.says == "" {
		t.Fatalf("the name was taken: %+v", d.bench.dialogs.front)
	}
	d.bench.dialogs.front.(*renameDialog).field.SetText("dot")
	d.Click("Rename")
	d.Until("all files are changed", func() bool { return len(d.model.Docs()) == 3 && len(d.bench.code.renaming.rewrites) == 0 })
	d.Frame()
	after := d.texts()
	want := map[string]string{
		"main.pxl": "INCLUDE \"lib.pxl\"\nSET x = 3\ndot(x)\n", "lib.pxl": "INCLUDE \"deep.pxl\"\nDEF dot(x)\n  PLOT x deep(x) red\nEND\n",
		"deep.pxl": "DEF deep(x)\n  IF x > 3 dot(1)\n  RETURN x\nEND\n",
	}
	for name := range want {
		if after[name] != want[name] {
			t.Errorf("%s is now\n%s", name, after[name])
		}
	}
	if d.front() != "main.pxl" {
		t.Errorf("%s is in front", d.front())
	}
	d.Press("Ctrl-Z")
	d.Frame()
	for name, text := range d.texts() {
		if text == want[name] {
			t.Errorf("%s was not taken back", name)
		}
	}
	if d.texts()["main.pxl"] != before {
		t.Errorf("main.pxl is\n%s", d.texts()["main.pxl"])
	}
	d.Press("Ctrl-Shift-Z")
	d.Frame()
	for name, text := range d.texts() {
		if text != want[name] {
			t.Errorf("%s was not changed again:\n%s", name, text)
		}
	}
	// One that was edited since stays as it is.
	d.model.SetActive(1)
	d.Frame()
	d.bench.code.front().edit.Replace(0, 0, "; note\n")
	d.Frame()
	d.model.SetActive(0)
	d.Frame()
	d.Press("Ctrl-Z")
	d.Frame()
	if texts := d.texts(); texts["main.pxl"] != before || texts["lib.pxl"] != "; note\n"+want["lib.pxl"] && texts["deep.pxl"] != "; note\n"+want["deep.pxl"] {
		t.Errorf("%v", texts)
	}
}

// TestNamesOfIncludedFilesAreOffered: in the program, and in a file that it includes those
// of the program, as they are in the tabs.
func TestNamesOfIncludedFilesAreOffered(t *testing.T) {
	d, _ := openGame(t)
	d.bench.code.gotoLine(4, 1)
	d.Frame()
	d.Write("ma")
	d.Press("Ctrl-Space")
	d.Press("⏎")
	d.Frame()
	if got := d.texts()["main.pxl"]; got != "INCLUDE \"lib.pxl\"\nSET x = 3\nmark(x)\nmark" {
		t.Errorf("it is\n%s", got)
	}
	d.Write(" 1")
	d.bench.code.front().edit.Replace(0, 0, ".const LATELY 4\n")
	d.Frame()
	d.bench.code.gotoFile(filepath.Join(filepath.Dir(d.model.Active().Path), "lib.pxl"), 5, 1)
	d.Until("lib.pxl is in front", func() bool { return d.front() == "lib.pxl" })
	d.Frame()
	d.Write("PLOT LA")
	d.Press("Ctrl-Space")
	d.Press("⏎")
	d.Frame()
	if got := d.texts()["lib.pxl"]; !strings.HasSuffix(got, "PLOT LATELY") {
		t.Errorf("it is\n%s", got)
	}
	d.bench.code.front().edit.Replace(0, 0, ".const FRESHLY 9\n") // and not saved
	d.Frame()
	d.model.SetActive(0)
	d.Frame()
	d.bench.code.gotoLine(6, 1)
	d.Frame()
	d.Write("PLOT FR")
	d.Press("Ctrl-Space")
	d.Press("⏎")
	d.Frame()
	if got := d.texts()["main.pxl"]; !strings.Contains(got, "PLOT FRESHLY") {
		t.Errorf("it is\n%s", got)
	}
}

func TestWhereNoNameStandsThatIsTold(t *testing.T) {
	d, _ := openGame(t)
	d.bench.code.gotoLine(2, 1) // on SET
	d.Frame()
	for _, keys := range []string{"F2", "Shift-F12"} {
		d.Press(keys)
		if n := d.model.Notices(); d.bench.dialogs.front != nil || len(n) != 1 || n[0].Text != "No name of the program stands at the caret." {
			t.Errorf("%s: %T is in front, and %v", keys, d.bench.dialogs.front, n)
		}
		for _, n := range d.model.Notices() {
			d.model.Dismiss(n.ID)
		}
		d.Frame()
	}
}

func TestARenameFollowsTheListOfReferences(t *testing.T) {
	for _, leave := range [][]string{{"⎋"}, {"↓", "⎋"}, {"⏎"}, {"⎋", "F2", "⎋"}} {
		d, _ := openGame(t)
		d.bench.code.gotoLine(2, 5)
		d.Frame()
		d.Press("Shift-F12")
		for _, keys := range leave {
			d.Press(keys)
		}
		d.Press("F2")
		if _, ok := d.bench.dialogs.front.(*renameDialog); !ok {
			t.Errorf("after %v %T is in front", leave, d.bench.dialogs.front)
		}
	}
}

// TestAKeyThatComesWithTheEndOfADialogCounts: both in one frame, as fast hands and slow
// frames have it.
func TestAKeyThatComesWithTheEndOfADialogCounts(t *testing.T) {
	d, _ := openGame(t)
	d.bench.code.gotoLine(2, 5)
	d.Frame()
	d.Press("Shift-F12")
	for _, name := range []key.Name{key.NameEscape, key.NameF2} {
		d.Router.Queue(key.Event{Name: name, State: key.Press}, key.Event{Name: name, State: key.Release})
	}
	d.Frame()
	d.Frame()
	if _, ok := d.bench.dialogs.front.(*renameDialog); !ok {
		t.Errorf("%T is in front", d.bench.dialogs.front)
	}
	d.Press("F4") // under a dialog it does nothing
	d.Frame()
	if _, ok := d.bench.dialogs.front.(*renameDialog); !ok || len(d.model.Notices()) != 0 {
		t.Errorf("%T is in front, and %v", d.bench.dialogs.front, d.model.Notices())
	}
}
