package agent

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"gvpie/runtime/store"
)

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestEditingAndRemovingAScriptThatIsAFile(t *testing.T) {
	ctx := t.Context()
	r := newRig(t)
	folder := ScriptFolder(r.dir)
	writeFile(t, filepath.Join(folder, "mine.pxl"), "LOG one")
	r.run(1)
	s, err := r.store.Script(ctx, "mine")
	if err != nil {
		t.Fatal(err)
	}
	code, name := "LOG two", "yours"
	if err := EditScript(ctx, r.store, r.dir, s.ID, store.ScriptEdit{Code: &code}); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(folder, "mine.pxl")); err != nil || string(text) != code {
		t.Errorf("the file after an edit: %q %v", text, err)
	}
	writeFile(t, filepath.Join(folder, "there.pxl"), "NOP")
	for taken, want := range map[string]error{"there": store.ErrTaken, "hello_gpu": store.ErrTaken, "../up": ErrFileName, ".hidden": ErrFileName} {
		if err := EditScript(ctx, r.store, r.dir, s.ID, store.ScriptEdit{Name: &taken}); !errors.Is(err, want) {
			t.Errorf("renamed to %q: %v", taken, err)
		}
	}
	if err := EditScript(ctx, r.store, r.dir, s.ID, store.ScriptEdit{Name: &name}); err != nil {
		t.Fatal(err)
	}
	// The loop finds nothing to take in: file and row are as one.
	r.run(1)
	if got, err := r.store.Script(ctx, name); err != nil || got.ID != s.ID || got.Code != code {
		t.Errorf("renamed: %+v %v", got, err)
	}
	if _, err := r.store.Script(ctx, "mine"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the old name: %v", err)
	}
	writeFile(t, filepath.Join(folder, ".removed", "yours.pxl"), "an earlier one")
	if err := RemoveScript(ctx, r.store, r.dir, s.ID); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(folder, ".removed", "yours.2.pxl")); err != nil || string(text) != code {
		t.Errorf("the file of a removed script: %q %v", text, err)
	}
	r.run(1)
	if _, err := r.store.Script(ctx, name); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("removed, and there again: %v", err)
	}
	runs, err := r.store.Runs(ctx, store.Page{})
	named := 0
	for _, run := range runs {
		if run.ScriptID == 0 && run.Script == name {
			named++
		}
	}
	if err != nil || named != 2 {
		t.Errorf("%d runs of the removed script: %+v %v", named, runs, err)
	}
	if err := RemoveScript(ctx, r.store, r.dir, s.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("removed again: %v", err)
	}
}

func TestAScriptOfTheDatabaseNeedsNoFile(t *testing.T) {
	ctx := t.Context()
	r := newRig(t)
	name, code := "a/b: c", "NOP"
	if err := EditScript(ctx, r.store, r.dir, 1, store.ScriptEdit{Name: &name, Code: &code}); err != nil {
		t.Fatal(err)
	}
	if s, err := r.store.ScriptByID(ctx, 1); err != nil || s.Name != name || s.Code != code {
		t.Errorf("%+v %v", s, err)
	}
	if _, err := os.Lstat(ScriptFolder(r.dir)); err == nil {
		t.Error("a folder was made")
	}
	if err := RemoveScript(ctx, r.store, r.dir, 1); err != nil {
		t.Fatal(err)
	}
}
