package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/assets"
)

// TestErrorsNameTheFileThatTheyAreIn: of an included file, by its path from the
// program's folder, when it is assembled and when it runs.
func TestErrorsNameTheFileThatTheyAreIn(t *testing.T) {
	inFolder(t, nil)
	treeOf(t, map[string]string{
		"games/main.pxl": "NOP\nINCLUDE \"lib/a.pxl\"\n", "games/lib/a.pxl": "NOP\nINCLUDE \"b.pxl\"\n", "games/lib/b.pxl": "\n\nASSERT frame\n",
		"games/bad.pxl": "INCLUDE \"lib/c.pxl\"\n", "games/lib/c.pxl": "NOP\nPLOT 1\n", "games/own.pxl": "ASSERT frame\n",
	})
	r, got := runJSON(t, "--backend", "cpu", "games/main.pxl")
	want := reportError{Code: "assert_failed", File: "lib/b.pxl", Line: 3, Column: 1, Message: "this does not hold: ASSERT frame"}
	if r.Error == nil || *r.Error != want || !strings.HasPrefix(got.errout, filepath.FromSlash("games/lib/b.pxl")+":3:1: ") {
		t.Errorf("%+v\n%s", r.Error, got.errout)
	}
	r, got = runJSON(t, "--backend", "cpu", "games/bad.pxl")
	if r.Error == nil || r.Error.File != "lib/c.pxl" || r.Error.Line != 2 || !strings.HasPrefix(got.errout, filepath.FromSlash("games/lib/c.pxl")+":2:1: ") {
		t.Errorf("%+v\n%s", r.Error, got.errout)
	}
	if _, got = runJSON(t, "--backend", "cpu", "games/own.pxl"); strings.Contains(got.out, `"file"`) {
		t.Error(got.out)
	}
	checked := world{}.run(t, "check", "games/bad.pxl", "games/main.pxl")
	if !strings.HasPrefix(checked.out, filepath.FromSlash("games/lib/c.pxl")+":2:1: ") || checked.code != exitFailed {
		t.Errorf("%+v", checked)
	}
	if listed := (world{}).run(t, "asm", "games/main.pxl"); !strings.Contains(listed.out, "lib/b.pxl:3  ASSERT frame") {
		t.Error(listed.out)
	}
}

// TestACartridgeHoldsAllFiles: it runs, with lines, where its program's folder is not.
func TestACartridgeHoldsAllFiles(t *testing.T) {
	inFolder(t, nil)
	treeOf(t, map[string]string{"main.pxl": "INCLUDE \"lib/a.pxl\"\nTXT 1 1 {N}\nFRAME\nASSERT frame < 2\n", "lib/a.pxl": ".const N 3\n"})
	data := t.TempDir()
	if got := (world{}).run(t, "cartridge", "make", "--data", data, "--backend", "cpu", "main.pxl"); got.code != exitOK {
		t.Fatal(got)
	}
	if err := os.RemoveAll("lib"); err != nil {
		t.Fatal(err)
	}
	shown := world{}.run(t, "cartridge", "show", "--data", data, "main")
	if !strings.Contains(shown.out, "lib/a.pxl, 1 line") {
		t.Error(shown.out)
	}
	ran := world{}.run(t, "cartridge", "run", "--data", data, "--backend", "cpu", "--frames", "5", "main")
	if ran.code != exitOK || ran.errout != "" {
		t.Errorf("%+v", ran)
	}
}

func TestStandardInputIncludesNothing(t *testing.T) {
	inFolder(t, map[string]string{"a.pxl": "NOP\n"})
	got := world{stdin: "INCLUDE \"a.pxl\"\n"}.run(t, "run", "-", "--backend", "cpu")
	if got.code != exitFailed || !strings.Contains(got.errout, "<stdin>:1:10: this program comes without a folder") {
		t.Errorf("%+v", got)
	}
}

// treeOf writes files, with their folders, where the program runs.
func treeOf(t *testing.T, texts map[string]string) {
	t.Helper()
	for name, text := range texts {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestARunIsGivenTheInputsOfAFile(t *testing.T) {
	inFolder(t, nil)
	treeOf(t, map[string]string{
		"a.pxl":  "loop:\nLOG {mx} {mb} {key('A')} {mw}\nFRAME\nJMP loop\n",
		"in":     "{\"frame\": 1, \"mx\": 3, \"mb\": 2, \"mw\": -1, \"keys\": [65]}\n{\"frame\": 3, \"keys\": []}\n",
		"broken": "{\"frame\": 1}\nmx 3\n",
	})
	r, _ := runJSON(t, "--backend", "cpu", "--frames", "4", "--inputs", "in", "a.pxl")
	if want := "0 0 0 0\n3 2 1 -1\n3 2 1 0\n3 2 0 0"; r.Log != want {
		t.Errorf("%q, want %q", r.Log, want)
	}
	got := world{}.run(t, "run", "--inputs", "broken", "a.pxl")
	if got.code != exitFailed || !strings.HasPrefix(got.errout, "gvpie: broken: line 2: it is no object") {
		t.Errorf("%+v", got)
	}
}

func TestTheReferenceIsPrinted(t *testing.T) {
	long, short := world{}.run(t, "reference"), world{}.run(t, "reference", "--short")
	if long.code != exitOK || !strings.HasPrefix(long.out, "# ") || short.out != assets.ShortReference() || len(short.out) > len(long.out)/3 {
		t.Errorf("%d and %d bytes", len(long.out), len(short.out))
	}
	if got := (world{}).run(t, "reference", "x"); got.code != exitUsage {
		t.Errorf("%+v", got)
	}
}
