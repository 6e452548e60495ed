package difftest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/generate"
	"gvpie/runtime/pxl"
)

// Random holds an engine to the reference over n random programs, from seed on.
// It stops at the first that differs, shrinks it, writes it to the running
// test's testdata/failures, and fails. Programs that the engine says it cannot
// run are passed over, but not all of them may be.
func Random(t *testing.T, open Open, n int, seed int64, withEach bool) {
	random(t, open, n, seed, func(seed int64) generate.Program { return generate.New(seed, withEach) })
}

func random(t *testing.T, open Open, n int, seed int64, program func(seed int64) generate.Program) {
	reference, e := engine.NewCPU(), open(t)
	ran := 0
	for i := range int64(n) {
		g := program(seed + i)
		err := compareSource(g, g.Source, reference, e)
		switch {
		case err == nil:
			ran++
		case errors.Is(err, engine.ErrUnsupported):
		case errors.Is(err, ErrDiffer):
			t.Fatal(failure(g, seed+i, reference, e, err))
		default:
			t.Fatalf("seed %d: %v\n%s", seed+i, err, g.Source)
		}
	}
	if ran < n/2 {
		t.Errorf("only %d of %d programs could be run", ran, n)
	}
}

// errInvalid is a program that does not assemble.
var errInvalid = errors.New("the program does not assemble")

// compareSource runs src, which is g's or a part of it, on both engines.
func compareSource(g generate.Program, src string, reference, e engine.Engine) error {
	a := pxl.AssembleBundle("random.pxl", src)
	if !a.OK() {
		for _, d := range a.Diagnostics {
			if d.Severity == pxl.Error {
				return fmt.Errorf("%w: line %d, column %d: %s", errInvalid, d.Pos.Line, d.Pos.Column, d.Message)
			}
		}
		return errInvalid
	}
	return Compare(context.Background(), reference, e, Run{
		Program: a.Program, Frames: g.Frames, Budget: generate.Budget, Inputs: g.Inputs,
	})
}

// failure shrinks a program that differs, saves it, and tells of it.
func failure(g generate.Program, seed int64, reference, e engine.Engine, err error) string {
	src := Shrink(g.Source, func(s string) bool {
		shorter := compareSource(g, s, reference, e)
		if errors.Is(shorter, ErrDiffer) {
			err = shorter
			return true
		}
		return false
	})
	name := filepath.Join("testdata", "failures", fmt.Sprintf("seed_%d.pxl", seed))
	saved := "saved as " + name
	text := fmt.Sprintf("; seed %d, %d frames: %s\n%s", seed, g.Frames, strings.ReplaceAll(err.Error(), "\n", " "), src)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		saved = "not saved: " + err.Error()
	} else if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		saved = "not saved: " + err.Error()
	}
	return fmt.Sprintf("seed %d: %v\n%s\n%s", seed, err, saved, src)
}

// Shrink drops lines from src for as long as it still fails, in smaller and
// smaller groups.
func Shrink(src string, fails func(string) bool) string {
	lines := strings.SplitAfter(src, "\n")
	for size := (len(lines) + 1) / 2; size > 0; {
		dropped := false
		for at := 0; at < len(lines); {
			rest := append(append([]string{}, lines[:at]...), lines[min(at+size, len(lines)):]...)
			if fails(strings.Join(rest, "")) {
				lines, dropped = rest, true
			} else {
				at += size
			}
		}
		if !dropped || size > 1 {
			size /= 2
		}
	}
	return strings.Join(lines, "")
}
