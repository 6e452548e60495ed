package ui

import (
	"os"
	"path/filepath"
	"testing"

	"gvpie/editor"
)

// TestAProblemOfAnIncludedFileOpensIt: at its line, and it is not underlined in the
// program that includes it.
func TestAProblemOfAnIncludedFileOpensIt(t *testing.T) {
	dir := t.TempDir()
	lib := filepath.Join(dir, "lib.pxl")
	if err := os.WriteFile(lib, []byte("NOP\nNOP\n  PLOT 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, 1000, 700, 1)
	d.model.OpenText("main.pxl", filepath.Join(dir, "main.pxl"), "INCLUDE \"lib.pxl\"\nHALT\n")
	d.Until("the problem is known", func() bool { return len(d.model.Problems()) == 1 })
	d.Click("1 error") // what opens the panel
	d.Frame()
	if o := d.bench.code.front(); len(o.problems) != 0 {
		t.Errorf("underlined in the program: %v", o.problems)
	}
	d.Click("problem " + d.model.Problems()[0].Message)
	d.Until("the file is in front", func() bool { return d.model.Active().Path == lib })
	d.Frame()
	if line, _, _ := d.bench.code.caret(); line != 3 {
		t.Errorf("the caret is on line %d", line)
	}
}

// TestAProgramStopsInAFileThatItIncludes: at a breakpoint of that file's tab, which comes to
// the front with the program behind it, as long as it is in front.
func TestAProgramStopsInAFileThatItIncludes(t *testing.T) {
	dir := t.TempDir()
	lib, main := filepath.Join(dir, "lib.pxl"), filepath.Join(dir, "main.pxl")
	for path, text := range map[string]string{
		lib:  "DEF dot(x)\n  LOCAL y\n  y = x + 3\n  PLOT x y red\nEND\n",
		main: "INCLUDE \"lib.pxl\"\nn = 0\nloop:\n  n += 1\n  CLS\n  dot(n & 15)\n  FRAME\nJMP loop\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	session := filepath.Join(t.TempDir(), "session.json")
	d := newSessionDesk(t, session, false, lib, main)
	d.model.SetActive(0)
	d.Frame()
	breaks := &d.bench.code.front().edit.Breaks
	breaks.Set(editor.Break{Line: 4, Condition: "x == 9"})
	breaks.Set(editor.Break{Line: 3, Condition: "1 / (x - 5)", Hits: "> 99999"})
	d.model.SetActive(1)
	look := d.model.Debugger()
	there := func(doc, line int) func() bool {
		return func() bool {
			return look.Now() != nil && !look.Busy() && d.model.ActiveIndex() == doc && d.bench.code.front().edit.Notes.Stop == line
		}
	}
	d.Until("it stops in the file", there(0, 4))
	program, run := d.model.Program(), d.model.RunState()
	if program.Path != main || run.Paused() != "stopped at a breakpoint" {
		t.Errorf("%s is %s", program.Name, run.Paused())
	}
	notes := &d.bench.code.front().edit.Notes
	if notes.Beside[4] != "x = 9  y = 12" || notes.Failing[3] != "1 is divided by zero" || notes.Failing[4] != "" {
		t.Errorf("it says %v, failing %v", notes.Beside, notes.Failing)
	}
	d.Until("what its lines took is known", func() bool { _, cycles, ok := notes.Costs(4); return ok && cycles > 0 })
	d.MustFind("Stopped at a breakpoint · main.pxl")
	first := look.Now().At.Frame
	d.Press("F5")
	d.Until("it runs on, and stops again", func() bool { return there(0, 4)() && look.Now().At.Frame == first+16 })
	d.bench.code.gotoLine(3, 1)
	d.Frame()
	d.Press("Ctrl-Shift-F10")
	d.Until("it goes back to the caret's line there", there(0, 3))
	d.Press("Ctrl-F5")
	d.Until("and on to the breakpoint", there(0, 4))
	d.bench.code.front().edit.Replace(0, 0, "; a line more\n")
	d.Frame()
	d.Press("F5")
	d.Until("what is not saved yet is not asked for", func() bool { return look.Now() != nil && !look.Busy() && look.Now().At.Frame == first+32 })
	d.Press("Ctrl-F7")
	d.Until("out of the call it is in the program's own file", there(1, 7))
	if d.model.Program() != program || d.model.Active() != program {
		t.Error("another program is in front")
	}
	kept := d.bench.snapshot().Tabs[0].Breaks
	if len(kept) != 2 || kept[1].Line != 5 {
		t.Errorf("the session keeps %+v", kept)
	}
	d.bench.leave()

	d = newSessionDesk(t, session, false)
	d.model.SetActive(1)
	look = d.model.Debugger()
	d.Until("breakpoints of a tab that was not in front stop it too", func() bool { return look.Now() != nil && !look.Busy() })
	d.model.SetActive(0)
	d.Frame()
	if d.model.Program().Path != main {
		t.Error("the file that the debugger looks at is not the program's any more")
	}
	d.bench.leave()
}
