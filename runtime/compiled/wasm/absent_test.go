package wasm_test

import (
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// What a kernel says of an instruction is said of the texels that come to it. These
// kernels have texels, or a whole vector, that do not, and whose words are anything.

// results runs a row of a kernel whose data page holds its own indices, and gives
// where it stops and the colours of its texels.
func results(t *testing.T, k *kernel.Kernel, captures ...uint32) (end int, colors []uint32) {
	t.Helper()
	k.Captures = len(captures)
	const page = 200
	m, err := newCompiler(t).compile(k, page, isa.HeaderWords)
	if err != nil {
		t.Fatal(err)
	}
	in := m.open()
	in.write(m.l.Captures, captures)
	if k.Reads.Data {
		for i := range page {
			in.write(m.l.Data+uint32(4*i), []uint32{uint32(i)})
		}
	}
	if k.Reads.Began {
		for i := range k.W * k.H {
			in.write(m.l.Began+uint32(4*i), []uint32{swapped(uint32(i)) | 0xFF<<24})
		}
	}
	end = in.run(0, k.W, 1)
	colors = make([]uint32, k.W)
	in.read(colors, m.l.Color)
	for i := range colors {
		colors[i] = swapped(colors[i])
	}
	return end, colors
}

// Vars of the kernels below.
const (
	varX = iota
	varY
	varN // zero
	varC
	varU // a captured word
	varD // another
)

func vars() []kernel.Var {
	return []kernel.Var{
		varX: {Init: kernel.PX}, varY: {Init: kernel.PY, Uniform: true}, varN: {Init: kernel.Zero}, varC: {Init: kernel.Zero},
		varU: {Init: kernel.Capture, Index: 0, Uniform: true}, varD: {Init: kernel.Capture, Index: 1, Uniform: true},
	}
}

func within(v int, lo, hi int32) kernel.Arg {
	return kernel.Arg{Var: v, Range: kernel.Range{Lo: lo, Hi: hi}}
}

// only is a kernel whose texels for which the condition holds run instructions, and
// then all put varC.
func only(when kernel.Exit, instrs ...kernel.Instr) *kernel.Kernel {
	when.Then, when.Else = 1, 2
	k := byHand(vars(),
		kernel.Block{Exit: when},
		kernel.Block{Instrs: instrs, Exit: goTo(2)},
		kernel.Block{Instrs: []kernel.Instr{put(9, word(varC))}, Exit: done},
	)
	k.Always = 9
	return k
}

func where(op isa.Op, a, b kernel.Arg) kernel.Exit {
	return kernel.Exit{Op: op, Args: []kernel.Arg{a, b}}
}

func expect(t *testing.T, k *kernel.Kernel, captures []uint32, color func(x int) uint32) {
	t.Helper()
	end, colors := results(t, k, captures...)
	if end != k.W {
		t.Fatalf("it stops at texel %d", end)
	}
	for x, c := range colors {
		if want := color(x); c != want {
			t.Fatalf("texel %d is %d, not %d: %v", x, c, want, colors)
		}
	}
}

func TestADivisorThatNobodyMeetsIsNoError(t *testing.T) {
	uniform := kernel.Instr{Op: isa.DIV, Dst: varU, Args: []kernel.Arg{known(7), word(varU)}, Uniform: true}
	expect(t, only(where(isa.LT, word(varX), known(0)), uniform), []uint32{0, 0}, func(int) uint32 { return 0 })
	safe := uniform
	safe.Safe, safe.Args = true, []kernel.Arg{known(7), within(varU, 1, 9)}
	expect(t, only(where(isa.LT, word(varX), known(0)), safe), []uint32{0, 0}, func(int) uint32 { return 0 })
	most := safe
	most.Args = []kernel.Arg{within(varD, 0, 9), within(varU, -9, -1)}
	expect(t, only(where(isa.LT, word(varX), known(0)), most), []uint32{1<<32 - 1, 1 << 31}, func(int) uint32 { return 0 })
}

func TestASharedWordIsWrittenOnlyWhereATexelIs(t *testing.T) {
	k := only(where(isa.LT, word(varX), known(0)), kernel.Instr{Op: isa.ADD, Dst: varU, Args: []kernel.Arg{word(varU), known(5)}, Uniform: true, Safe: true})
	k.Blocks[2].Instrs = []kernel.Instr{put(9, word(varU))}
	expect(t, k, []uint32{3, 0}, func(int) uint32 { return 3 })
}

func TestIndicesOfOthersAreNoAddresses(t *testing.T) {
	far := []kernel.Instr{
		set(varN, isa.SHR, word(varX), known(1)), set(varN, isa.MUL, word(varN), known(1<<28)), set(varN, isa.ADD, word(varN), word(varX)),
	}
	load := kernel.Instr{Op: isa.LD, Dst: varC, Args: []kernel.Arg{within(varN, 0, 1)}, Array: kernel.Array{Base: 10, Len: 100}, Safe: true}
	k := only(where(isa.LT, word(varX), known(2)), load)
	k.Blocks[0].Instrs = far
	k.Reads.Data = true
	first2 := func(x int) uint32 {
		if x < 2 {
			return uint32(10 + x)
		}
		return 0
	}
	expect(t, k, []uint32{0, 0}, first2)

	// The texels that are here are in order, and the first of the vector is not one.
	load.Args[0] = within(varN, 0, 63)
	load.Next = true
	k = only(where(isa.EQ, word(varC), known(0)), load)
	k.Blocks[0].Instrs = []kernel.Instr{
		set(varC, isa.AND, word(varX), known(3)), set(varC, isa.ISZ, word(varC)),
		set(varN, isa.MUL, word(varC), known(1<<28)), set(varN, isa.ADD, word(varN), word(varX)),
	}
	k.Reads.Data = true
	expect(t, k, []uint32{0, 0}, func(x int) uint32 {
		if x%4 == 0 {
			return 1
		}
		return uint32(10 + x)
	})

	// PEEK, at columns and in a row that are outside for the others.
	peek := kernel.Instr{Op: isa.PEEK, Dst: varC, Args: []kernel.Arg{within(varN, 0, 1), within(varY, 0, 1)}, Safe: true}
	k = only(where(isa.LT, word(varX), known(2)), peek)
	k.Blocks[0].Instrs = far
	k.Reads.Began = true
	expect(t, k, []uint32{0, 0}, func(x int) uint32 {
		if x < 2 {
			return uint32(64 + x)
		}
		return 0
	})
	peek.Args = []kernel.Arg{within(varX, 0, 63), within(varU, 0, 1)}
	k = only(where(isa.LT, word(varX), known(0)), peek)
	k.Reads.Began = true
	expect(t, k, []uint32{1 << 24, 0}, func(int) uint32 { return 0 })
}

// Blocks that are passed over leave no texel of the vector before behind.
func TestMasksAreOfTheirOwnVector(t *testing.T) {
	// For rows, or texels, of which u is 0: IF px & 4: GOTO 5. Block 5 adds 1.
	for _, shared := range []bool{true, false} {
		costly := make([]kernel.Instr, 12) // so that it is skipped
		for i := range costly {
			costly[i] = set(varN, isa.ADD, word(varN), word(varX))
		}
		k := byHand(vars(),
			kernel.Block{Uniform: true, Instrs: []kernel.Instr{set(varN, isa.AND, word(varX), known(8)), set(varD, isa.AND, word(varX), known(4))}, Exit: kernel.Exit{Op: isa.NE, Args: []kernel.Arg{word(varN), known(0)}, Then: 4, Else: 1}},
			kernel.Block{Instrs: costly, Exit: kernel.Exit{Op: isa.NE, Args: []kernel.Arg{word(varD), known(0)}, Then: 2, Else: 3}},
			kernel.Block{Exit: goTo(5)},
			kernel.Block{Exit: goTo(4)},
			kernel.Block{Instrs: []kernel.Instr{set(varC, isa.ADD, word(varC), known(16))}, Exit: goTo(6)},
			kernel.Block{Instrs: []kernel.Instr{set(varC, isa.ADD, word(varC), known(1))}, Exit: goTo(6)},
			kernel.Block{Instrs: []kernel.Instr{put(9, word(varC))}, Exit: done},
		)
		k.Vars[varD] = kernel.Var{Init: kernel.Zero, Range: everything}
		k.Always = 9
		if shared {
			k.Blocks[1].Exit.Then, k.Blocks[2].Exit = 5, goTo(3)
		}
		expect(t, k, []uint32{0, 0}, func(x int) uint32 {
			if x&8 == 0 && x&4 != 0 {
				return 1
			}
			return 16
		})
	}
}

// Texels that wait ahead are not passed over by those that all leave a loop.
func TestALoopIsLeftForWhereOthersWait(t *testing.T) {
	count := kernel.Instr{Op: isa.ADD, Dst: varN, Args: []kernel.Arg{word(varN), known(1)}, Uniform: true, Safe: true}
	leave := where(isa.GT, word(varN), known(2))
	leave.Then, leave.Else, leave.Uniform = 4, 2, true
	in := where(isa.NE, word(varD), known(0))
	in.Then, in.Else = 1, 3
	k := byHand(vars(),
		kernel.Block{Instrs: []kernel.Instr{set(varD, isa.AND, word(varX), known(2))}, Exit: in},
		kernel.Block{Exit: leave},
		kernel.Block{Instrs: []kernel.Instr{count, set(varC, isa.ADD, word(varC), known(1))}, Exit: goTo(1)},
		kernel.Block{Instrs: []kernel.Instr{set(varC, isa.ADD, word(varC), known(16))}, Exit: goTo(4)},
		kernel.Block{Instrs: []kernel.Instr{put(9, word(varC))}, Exit: done},
	)
	k.Vars[varD] = kernel.Var{Init: kernel.Zero, Range: everything}
	k.Vars[varN].Uniform = true
	k.Loops = []kernel.Loop{{Head: 1, Last: 2, Parent: -1, Steps: 5}}
	k.Always = 9
	expect(t, k, []uint32{0}, func(x int) uint32 {
		if x&2 != 0 {
			return 3
		}
		return 16
	})
}

// A branch that all take over where some parted in the turn before finds none there.
func TestMasksAreOfTheirOwnTurn(t *testing.T) {
	leave, over, part := where(isa.GT, word(varN), known(1)), where(isa.EQ, word(varN), known(1)), where(isa.NE, word(varD), known(0))
	leave.Then, leave.Else, leave.Uniform = 7, 2, true
	over.Then, over.Else, over.Uniform = 4, 3, true
	part.Then, part.Else = 5, 4
	k := byHand(vars(),
		kernel.Block{Uniform: true, Instrs: []kernel.Instr{set(varD, isa.AND, word(varX), known(4))}, Exit: goTo(1)},
		kernel.Block{Uniform: true, Exit: leave},
		kernel.Block{Uniform: true, Exit: over},
		kernel.Block{Uniform: true, Exit: part},
		kernel.Block{Instrs: []kernel.Instr{set(varC, isa.ADD, word(varC), known(16))}, Exit: goTo(6)},
		kernel.Block{Instrs: []kernel.Instr{set(varC, isa.ADD, word(varC), known(1))}, Exit: goTo(6)},
		kernel.Block{Uniform: true, Instrs: []kernel.Instr{{Op: isa.ADD, Dst: varN, Args: []kernel.Arg{word(varN), known(1)}, Uniform: true, Safe: true}}, Exit: goTo(1)},
		kernel.Block{Uniform: true, Instrs: []kernel.Instr{put(9, word(varC))}, Exit: done},
	)
	k.Vars[varD] = kernel.Var{Init: kernel.Zero, Range: everything}
	k.Vars[varN].Uniform = true
	k.Loops = []kernel.Loop{{Head: 1, Last: 6, Parent: -1, Steps: 9}}
	k.Always = 9
	expect(t, k, []uint32{0}, func(x int) uint32 {
		if x&4 != 0 {
			return 17
		}
		return 32
	})
}
