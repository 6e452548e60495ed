package agent

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/store"
)

// TestAScriptBringsTheFilesThatItIncludes: they are run and replayed with it, and one
// that changes makes another version of it.
func TestAScriptBringsTheFilesThatItIncludes(t *testing.T) {
	ctx := t.Context()
	r := newRig(t)
	folder := ScriptFolder(r.dir)
	lib := filepath.Join(folder, "lib", "shapes.pxl")
	writeFile(t, lib, ".const N 1\nRECT N 2 3 4 red\n")
	writeFile(t, filepath.Join(folder, "mine.pxl"), "INCLUDE \"lib/shapes.pxl\"\nLOG {N}\nHALT")
	r.cfg.Cycles = 4
	a := New(r.cfg)
	pixel, changed := a.runners["pixel"], false
	a.runners["pixel"] = func(ctx context.Context, x *resources, s store.Script, m *scriptHistory) outcome {
		o := pixel(ctx, x, s, m)
		if s.Name == "mine" && !changed {
			changed = true
			writeFile(t, lib, ".const N 22\nRECT N 2 3 4 blue\n")
		}
		return o
	}
	if err := a.Run(ctx); err != nil {
		t.Fatal(err)
	}
	runs := r.runs("mine")
	last := len(runs) - 1
	if last < 1 || runs[0].Stdout != "1" || runs[last].Stdout != "22" {
		t.Fatalf("%+v", runs)
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{0, last} {
		row, err := r.store.MapRow(ctx, runs[i].MapID)
		if err != nil {
			t.Fatal(err)
		}
		e := engine.NewCPU()
		defer e.Close()
		again, err := Replay(ctx, r.store, r.dir, e, row)
		if err != nil || len(again.Divergences) > 0 {
			t.Errorf("run %d again: %+v %v", i, again, err)
		}
	}
}

// TestARowWhoseFilesAreLostIsNotReplayed: it says which is.
func TestARowWhoseFilesAreLostIsNotReplayed(t *testing.T) {
	ctx := t.Context()
	r := newRig(t)
	folder := ScriptFolder(r.dir)
	writeFile(t, filepath.Join(folder, "lib", "shapes.pxl"), ".const N 1\n"+strings.Repeat("; words\n", 40))
	writeFile(t, filepath.Join(folder, "mine.pxl"), "INCLUDE \"lib/shapes.pxl\"\nLOG {N}\nHALT")
	r.run(1)
	runs := r.runs("mine")
	if len(runs) != 1 || runs[0].Stdout != "1" {
		t.Fatalf("%+v", runs)
	}
	r.exec("DROP TRIGGER contents_no_delete; DELETE FROM contents WHERE body LIKE '.const N 1%'")
	row, err := r.store.MapRow(ctx, runs[0].MapID)
	if err != nil {
		t.Fatal(err)
	}
	e := engine.NewCPU()
	defer e.Close()
	if _, err := Replay(ctx, r.store, r.dir, e, row); !errors.Is(err, ErrNoReplay) || !strings.Contains(err.Error(), "its file lib/shapes.pxl (") {
		t.Error(err)
	}
	r.run(1)
	if n := len(r.runs("mine")); n != 1 {
		t.Errorf("it ran %d times", n)
	}
	r.exec("UPDATE improvement_scripts SET code = 'HALT' WHERE name = 'mine'")
	r.run(1)
	if n := len(r.runs("mine")); n != 2 {
		t.Errorf("with other code it ran %d times", n)
	}
}

// TestAMissingIncludedFileIsWaitedFor: what was taken in before stays, and it is said.
func TestAMissingIncludedFileIsWaitedFor(t *testing.T) {
	r := newRig(t)
	folder := ScriptFolder(r.dir)
	writeFile(t, filepath.Join(folder, "mine.pxl"), "INCLUDE \"lib/late.pxl\"\nLOG {N}\nHALT")
	r.run(3)
	if s, err := r.store.Script(t.Context(), "mine"); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("it was taken in without its file: %+v %v", s, err)
	}
	writeFile(t, filepath.Join(folder, "lib", "late.pxl"), ".const N 7\n")
	r.run(2)
	if runs := r.runs("mine"); len(runs) == 0 || runs[0].Stdout != "7" {
		t.Errorf("%+v", runs)
	}
}

func TestEditingAScriptThatIncludes(t *testing.T) {
	ctx := t.Context()
	r := newRig(t)
	folder := ScriptFolder(r.dir)
	file := filepath.Join(folder, "mine.pxl")
	writeFile(t, filepath.Join(folder, "lib", "a.pxl"), ".const N 1\n")
	writeFile(t, file, "INCLUDE \"lib/a.pxl\"\nLOG {N}\nHALT\n")
	r.run(1)
	s, err := r.store.Script(ctx, "mine")
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(s.Code, "N 1", "N 2", 1)
	if err := EditScript(ctx, r.store, r.dir, s.ID, store.ScriptEdit{Code: &other}); !errors.Is(err, ErrIncluded) {
		t.Errorf("another included file: %v", err)
	}
	mine := strings.Replace(s.Code, "LOG {N}", "LOG {N + 5}", 1)
	if err := EditScript(ctx, r.store, r.dir, s.ID, store.ScriptEdit{Code: &mine}); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "INCLUDE \"lib/a.pxl\"\nLOG {N + 5}\nHALT\n" {
		t.Errorf("the file: %q %v", text, err)
	}
	r.run(1)
	if now, err := r.store.Script(ctx, "mine"); err != nil || now.Code != mine {
		t.Errorf("%q %v", now.Code, err)
	}
	if runs := r.runs("mine"); runs[len(runs)-1].Stdout != "6" {
		t.Errorf("%+v", runs)
	}
}
