package wasm_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// agree runs frames of a program with compiled blocks and without, and holds the
// pages and the reports together.
func (c *compiler) agree(p isa.Program, frames int, budget uint32, inputs []machine.Input) error {
	ctx := context.Background()
	plain, err := machine.New(p, 1)
	if err != nil {
		return nil // is no program
	}
	fast, _ := machine.New(p, 1)
	fast.CompileWith(c)
	for frame := range frames {
		in := machine.Input{}
		if len(inputs) > 0 {
			in = inputs[frame%len(inputs)]
		}
		want, err := plain.Frame(ctx, in, budget)
		if err != nil {
			return err
		}
		got, err := fast.Frame(ctx, in, budget)
		if err != nil {
			return err
		}
		if !reflect.DeepEqual(got, want) {
			return fmt.Errorf("frame %d: %+v, not %+v", frame, got, want)
		}
		for _, page := range []machine.Page{machine.DisplayPage, machine.WriterPage} {
			a, b := plain.Page(page), fast.Page(page)
			for i := range a {
				if a[i] != b[i] {
					w := plain.Header().W
					return fmt.Errorf("frame %d: texel %d, %d of page %v is %08x, not %08x", frame, i%w, i/w, page, b[i], a[i])
				}
			}
		}
		if want.Status != isa.Framed {
			break
		}
	}
	return nil
}

func TestTheCorpusIsTheSameCompiled(t *testing.T) {
	files, err := filepath.Glob("../../difftest/testdata/corpus/*.pxl")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r := pxl.AssembleFile(file, file, string(source))
		if r.Program == nil || !r.Program.HasEach() {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			c := newCompiler(t)
			if err := c.agree(r.Program, 6, isa.DefaultBudget, nil); err != nil {
				t.Error(err)
			}
			for _, err := range c.refused {
				t.Log("refused:", err)
			}
			t.Log(c.rows, "calls", c.bailed, "bailed")
		})
	}
}

func TestRandomProgramsAreTheSameCompiled(t *testing.T) {
	n := 300
	if testing.Short() {
		n = 50
	}
	c := newCompiler(t)
	for seed := range n {
		g := generate.New(int64(seed), true)
		a := g.Assemble()
		if err := c.agree(a.Program, g.Frames, generate.Budget, g.Inputs); err != nil {
			t.Errorf("seed %d: %v\n%s", seed, err, g.Source)
		}
	}
	t.Log(c.rows, "calls", c.bailed, "bailed", len(c.refused), "refused")
	if c.rows < n || c.bailed > c.rows/2 {
		t.Errorf("of %d calls %d bailed", c.rows, c.bailed)
	}
}
