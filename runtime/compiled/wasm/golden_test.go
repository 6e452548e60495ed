package wasm_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"gvpie/runtime/compiled/wasm"
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Operands of kernels that are written by hand.
func word(v int) kernel.Arg { return kernel.Arg{Var: v, Range: everything} }

func known(c int32) kernel.Arg {
	return kernel.Arg{Var: -1, Const: uint32(c), Range: kernel.Range{Lo: c, Hi: c}}
}

func set(dst int, op isa.Op, args ...kernel.Arg) kernel.Instr {
	return kernel.Instr{Op: op, Dst: dst, Args: args, Safe: true}
}

func put(pc uint32, a kernel.Arg) kernel.Instr {
	return kernel.Instr{Op: isa.PUT, PC: pc, Dst: -1, Args: []kernel.Arg{a}}
}

func goTo(b int) kernel.Exit { return kernel.Exit{Op: isa.JMP, Then: b} }

var done = kernel.Exit{Op: isa.DONE}

func byHand(vars []kernel.Var, blocks ...kernel.Block) *kernel.Kernel {
	for i := range vars {
		vars[i].Range = everything
	}
	return &kernel.Kernel{W: 64, H: 2, Pixel: true, Captures: 1, Vars: vars, Blocks: blocks, Steps: 10}
}

// handmade are small kernels for each way that texels go.
func handmade() map[string]*kernel.Kernel {
	px, py, n, c := 0, 1, 2, 3
	vars := func() []kernel.Var {
		return []kernel.Var{{Init: kernel.PX}, {Init: kernel.PY, Uniform: true}, {Init: kernel.Zero}, {Init: kernel.Unset}}
	}
	all := map[string]*kernel.Kernel{}

	// IF px < py: PUT 1, else PUT 2.
	all["if"] = byHand(vars(),
		kernel.Block{Exit: kernel.Exit{Op: isa.LT, Args: []kernel.Arg{word(px), word(py)}, Then: 1, Else: 2}},
		kernel.Block{Instrs: []kernel.Instr{put(5, known(1))}, Exit: goTo(3)},
		kernel.Block{Instrs: []kernel.Instr{put(6, known(2))}, Exit: goTo(3)},
		kernel.Block{Exit: done},
	)

	// WHILE n < px: n = n + 3.
	all["while"] = byHand(vars(),
		kernel.Block{Exit: goTo(1)},
		kernel.Block{Exit: kernel.Exit{Op: isa.LT, Args: []kernel.Arg{word(n), word(px)}, Then: 2, Else: 3}},
		kernel.Block{Instrs: []kernel.Instr{set(n, isa.ADD, word(n), known(3))}, Exit: goTo(1)},
		kernel.Block{Instrs: []kernel.Instr{put(7, word(n))}, Exit: done},
	)
	all["while"].Loops = []kernel.Loop{{Head: 1, Last: 2, Parent: -1, Steps: 4}}
	all["while"].Always = 7

	// The same loop, as often for all: n from 0 to the row's number, and the word
	// of an array at px + n put each time.
	row := byHand(vars(),
		kernel.Block{Uniform: true, Exit: goTo(1)},
		kernel.Block{Uniform: true, Exit: kernel.Exit{Op: isa.GT, Args: []kernel.Arg{word(n), word(py)}, Then: 3, Else: 2, Uniform: true}},
		kernel.Block{Uniform: true, Instrs: []kernel.Instr{
			set(c, isa.ADD, word(px), word(n)),
			{Op: isa.LD, PC: 4, Dst: c, Args: []kernel.Arg{word(c)}, Array: kernel.Array{Base: 8, Len: 64}, Next: true},
			put(7, word(c)),
			{Op: isa.ADD, Dst: n, Args: []kernel.Arg{word(n), known(1)}, Safe: true, Uniform: true},
		}, Exit: goTo(1)},
		kernel.Block{Uniform: true, Exit: done},
	)
	row.Vars[n].Uniform = true
	row.Loops = []kernel.Loop{{Head: 1, Last: 2, Parent: -1, Steps: 6}}
	row.Reads.Data = true
	all["for"] = row

	// A colour of a small table.
	pal := byHand(vars(),
		kernel.Block{Instrs: []kernel.Instr{
			set(c, isa.AND, word(px), known(3)),
			{Op: isa.LDT, Dst: c, Args: []kernel.Arg{word(c)}, Array: kernel.Array{Base: 20, Len: 4}, Safe: true},
			put(7, word(c)),
		}, Exit: done},
	)
	pal.Reads.Program = true
	pal.Always = 7
	all["table"] = pal
	return all
}

// The code of small kernels, as text.
func TestGoldenCode(t *testing.T) {
	for name, k := range handmade() {
		t.Run(name, func(t *testing.T) {
			code, err := wasm.Emit(k, wasm.NewLayout(k, 100, 40))
			if err != nil {
				t.Fatal(err)
			}
			got := text(t, code)
			file := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("it is not %s; -update writes it anew:\n%s", file, got)
			}
		})
	}
}
