package difftest_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gvpie/assets/bench"
	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// TestProgramsGetShorterAndDrawTheSame: testdata/ports holds programs of the language's
// first step, and what procedures, sprites and short forms make of them; two of these
// are among the programs of gvpie bench.
func TestProgramsGetShorterAndDrawTheSame(t *testing.T) {
	before, err := filepath.Glob("testdata/ports/before/*.pxl")
	if err != nil || len(before) < 7 {
		t.Fatal(before, err)
	}
	for _, path := range before {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			was, is := read(t, path), ""
			if measured := map[string]string{"p5_voronoi.pxl": "voronoi", "p6_march.pxl": "raymarch"}[name]; measured != "" {
				is = bench.Program(measured)
			} else {
				is = read(t, filepath.Join("testdata/ports/after", name))
			}
			if len(is) >= len(was)*19/20 {
				t.Errorf("%d bytes, and before %d", len(is), len(was))
			}
			for _, frames := range []int{1, 9} {
				if !slices.Equal(display(t, name, was, frames), display(t, name, is, frames)) {
					t.Errorf("after %d frames the picture is another", frames)
				}
			}
		})
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// display is the display page of a program after some frames.
func display(t *testing.T, name, source string, frames int) []uint32 {
	t.Helper()
	a := pxl.Assemble(name, source)
	if !a.OK() {
		t.Fatal(a.Diagnostics)
	}
	e := engine.NewCPU()
	defer e.Close()
	if r, err := engine.Run(context.Background(), e, engine.RunOptions{Program: a.Program, Seed: 1, Frames: frames}); err != nil || r.Fault != nil {
		t.Fatal(r.Fault, err)
	}
	page, err := e.Read(context.Background(), machine.DisplayPage)
	if err != nil {
		t.Fatal(err)
	}
	return page
}
