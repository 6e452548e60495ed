package kernel_test

import (
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
	"gvpie/runtime/pxl/pxltest"
)

// build makes the kernel of the only EACH of a source.
func build(t *testing.T, source string) *kernel.Kernel {
	t.Helper()
	a := pxltest.Assemble(t, source)
	k, err := kernel.Build(a.Program, a.Header, eaches(a.Program, a.Header)[0])
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// all gives a kernel's instructions with an opcode, those of the row first.
func all(k *kernel.Kernel, op isa.Op) (out []kernel.Instr) {
	code := slices.Clone(k.Row)
	for _, b := range k.Blocks {
		code = append(code, b.Instrs...)
	}
	for _, in := range code {
		if in.Op == op {
			out = append(out, in)
		}
	}
	return out
}

// TestWhatIsFound: what the kernels of some blocks claim, and what is not in them any
// more.
func TestWhatIsFound(t *testing.T) {
	const head = ".canvas 100 60 pixel\n.table t 10 20 30 40\n.array a 100 60\nq = frame\n"
	for _, c := range []struct {
		claim, block string
		holds        func(k *kernel.Kernel) bool
	}{
		{"constants are computed", "x = 3\nPUT x * W + t[2]", func(k *kernel.Kernel) bool {
			put := all(k, isa.PUT)[0].Args[0]
			return put.Var < 0 && put.Const == 330
		}},
		{"copies are gone", "x = px\ny = x\nPUT y", func(k *kernel.Kernel) bool {
			return len(all(k, isa.SET)) == 0 && k.Vars[all(k, isa.PUT)[0].Args[0].Var].Init == kernel.PX
		}},
		{"what nobody reads is gone", "x = px * 5\nPUT 1", func(k *kernel.Kernel) bool { return len(all(k, isa.MUL)) == 0 }},
		{"but what may fail is not", "x = px / q\nPUT 1", func(k *kernel.Kernel) bool { return len(all(k, isa.DIV)) == 1 }},
		{"the same is computed once", "PUT (px * 3 + q) * (px * 3 + q)", func(k *kernel.Kernel) bool { return len(all(k, isa.MUL)) == 2 }},
		{"what a row shares is computed for it", "PUT px + sin(q + py)", func(k *kernel.Kernel) bool {
			return len(k.Row) == 2 && k.Row[1].Op == isa.SIN
		}},
		{"not if it may fail", "PUT px + 9 / q", func(k *kernel.Kernel) bool { return len(k.Row) == 0 }},
		{"nor where a branch keeps it from that", "x = 0\nIF py > 9\nx = 9 / (py - 5)\nEND\nPUT x", func(k *kernel.Kernel) bool {
			return len(all(k, isa.DIV)) == 1 && all(k, isa.DIV)[0].Safe && !slices.ContainsFunc(k.Row, func(in kernel.Instr) bool { return in.Op == isa.DIV })
		}},
		{"a masked index is safe", "PUT t[px & 3]", func(k *kernel.Kernel) bool { return all(k, isa.LDT)[0].Safe }},
		{"another is not", "PUT t[px & 7]", func(k *kernel.Kernel) bool { return !all(k, isa.LDT)[0].Safe }},
		{"a clamped one is", "PUT t[clamp(px - q, 0, 3)]", func(k *kernel.Kernel) bool { return all(k, isa.LDT)[0].Safe }},
		{"so is one that branches guard", "x = px - q\nIF x >= 0 && x < 4\nPUT t[x]\nEND", func(k *kernel.Kernel) bool { return all(k, isa.LDT)[0].Safe }},
		{"and a counter", "s = 0\nFOR i = 0 TO 59\ns = s + a[px, i]\nEND\nPUT s", func(k *kernel.Kernel) bool {
			ld := all(k, isa.LD2)[0]
			return len(k.Loops) == 1 && ld.Safe && ld.Next
		}},
		{"a table's words bound what they index", "PUT a[t[px & 3], 0]", func(k *kernel.Kernel) bool { return all(k, isa.LD2)[0].Safe }},
		{"multiples of the divisor are taken from a remainder", "PUT peek((px + 1 + W) % W, py)", func(k *kernel.Kernel) bool {
			mod := all(k, isa.MOD)[0].Args
			return mod[0].Range == kernel.Range{Lo: 1, Hi: 100} && mod[1].Const == 100 && all(k, isa.PEEK)[0].Near
		}},
		{"a remainder that is none is gone", "PUT (px + W) % W", func(k *kernel.Kernel) bool { return len(all(k, isa.MOD)) == 0 }},
		{"not from what may be negative", "PUT (px - py + W) % W", func(k *kernel.Kernel) bool {
			return all(k, isa.MOD)[0].Args[0].Range.Lo == 41
		}},
		{"nor from what may wrap", "PUT ((q & 0x7FFFFFFF) + W) % W", func(k *kernel.Kernel) bool { return len(all(k, isa.ADD)) == 1 }},
		{"both indices have to be inside", "PUT a[px, q]", func(k *kernel.Kernel) bool { return !all(k, isa.LD2)[0].Safe }},
		{"a division by a power of two is a shift", "PUT px / 8", func(k *kernel.Kernel) bool { return len(all(k, isa.SHR)) == 1 }},
		{"not of what may be negative", "PUT (px - 50) / 8", func(k *kernel.Kernel) bool { return len(all(k, isa.DIV)) == 1 && all(k, isa.DIV)[0].Safe }},
		{"neighbours read the next words", "PUT peek(px + q, py - 1)", func(k *kernel.Kernel) bool { return all(k, isa.PEEK)[0].Next }},
		{"not if they pass over some", "PUT peek(px * 2, py)", func(k *kernel.Kernel) bool { return !all(k, isa.PEEK)[0].Next }},
		{"not if they read other rows", "PUT peek(px, px)", func(k *kernel.Kernel) bool { return !all(k, isa.PEEK)[0].Next }},
		{"short loops are written out", "s = 0\nFOR y = -1 TO 1\nFOR x = -1 TO 1\ns = s + peek(px + x, py + y)\nEND\nEND\nPUT s", func(k *kernel.Kernel) bool {
			return len(k.Loops) == 0 && len(all(k, isa.PEEK)) == 9
		}},
		{"what loops repeat is moved before them", "s = 0\nFOR i = 0 TO 99\ns = s + px * 3 * i\nEND\nPUT s", func(k *kernel.Kernel) bool {
			in := k.Blocks[0].Instrs
			return len(k.Loops) == 1 && slices.ContainsFunc(in, func(in kernel.Instr) bool { return in.Op == isa.MUL })
		}},
		{"one PUT is the last of all", "PUT 1\nPUT px", func(k *kernel.Kernel) bool { return k.Always == all(k, isa.PUT)[len(all(k, isa.PUT))-1].PC }},
		{"none if one may end before", "IF px\nPUT 1\nEND", func(k *kernel.Kernel) bool { return k.Always == 0 }},
		{"a loop that texels leave in other turns has counters of its own behind it", "n = 0\nWHILE n < px\nn = n + 1\nEND\nPUT n", func(k *kernel.Kernel) bool {
			return !k.Blocks[k.Loops[0].Head].Uniform && !k.Vars[all(k, isa.PUT)[0].Args[0].Var].Uniform
		}},
		{"one that all leave together shares its counter", "FOR i = 1 TO 99\nPUT px * i\nEND", func(k *kernel.Kernel) bool {
			e := k.Blocks[k.Loops[0].Head].Exit
			return e.Uniform && k.Vars[e.Args[0].Var].Uniform
		}},
		{"a branch on what varies parts the texels", "IF px > q\nPUT 1\nELSE\nPUT 2\nEND", func(k *kernel.Kernel) bool {
			return !k.Blocks[0].Exit.Uniform && !k.Blocks[1].Uniform && k.Blocks[len(k.Blocks)-1].Uniform
		}},
		{"one on what they share does not", "IF py > q\nPUT 1\nELSE\nPUT 2\nEND", func(k *kernel.Kernel) bool {
			return !slices.ContainsFunc(k.Blocks, func(b kernel.Block) bool { return !b.Uniform })
		}},
	} {
		if k := build(t, head+"EACH\n"+c.block+"\nEND\n"); !c.holds(k) {
			t.Errorf("%s: not of\n%s\n%s", c.claim, c.block, dump(k))
		}
	}
}

// TestStepsAreThoseOfTheCode: what is counted is what stands in the program, whatever
// is left of it.
func TestStepsAreThoseOfTheCode(t *testing.T) {
	k := build(t, "EACH\nx = 1\nx = 2\nIF px\nx = 3\nx = 4\nEND\nWHILE x < px\nx = x + 1\nFOR i = 0 TO 99\nNOP\nEND\nEND\nPUT x\nEND\n")
	// SET SET JZ SET SET, LT JZ, ADD SET, LOOP, NOP ADD JMP; LT JZ, ADD SET, LOOP, JMP;
	// LOOP, NOP ADD JMP
	if k.Steps != 13 || len(k.Loops) != 2 || k.Loops[0].Steps != 6 || k.Loops[1].Steps != 4 {
		t.Error(dump(k))
	}
}

func TestHashesNameTheCode(t *testing.T) {
	const source = "x = frame\nEACH\nPUT px * x + 3\nEND\n"
	k := build(t, source)
	for changed, same := range map[string]bool{
		"y = frame\nEACH\nPUT px * y + 3\nEND\nCLS\n":         true,
		"x = frame\nEACH\nPUT px * x + 4\nEND\n":              false,
		".canvas 9 9\nx = frame\nEACH\nPUT px * x + 3\nEND\n": false,
	} {
		if got := build(t, changed).Hash == k.Hash; got != same {
			t.Errorf("%q: the same hash: %v", changed, got)
		}
	}
}

// TestBlocksThatAreRefused: words that no source makes.
func TestBlocksThatAreRefused(t *testing.T) {
	const first = isa.HeaderWords
	op := isa.InstrHeader
	const lane = isa.LaneFlag
	each := func(words ...uint32) (isa.Program, isa.Header) {
		code := append([]uint32{op(isa.EACH, 5, 0), 0, 0, 4, 4, uint32(first + 7 + len(words)), 0}, words...)
		h := isa.Header{W: 4, H: 4, DataWords: isa.SysWords, CodeEnd: first + len(code)}
		head := isa.NewHeader(h)
		return append(isa.Program(head[:]), code...), h
	}
	for _, c := range []struct {
		why   string
		words []uint32
	}{
		{"15 is always an error", []uint32{0xFF}},
		{"15 jumps out of the block, to 8", []uint32{op(isa.JMP, 1, 0), first}},
		{"20 begins in the middle of another", []uint32{op(isa.JZ, 2, 1), lane, first + 12, op(isa.SET, 2, 0), lane | 5, uint32(isa.NOP)}},
		{"15 leads into the loop at", []uint32{op(isa.JZ, 2, 1), lane, first + 11, op(isa.NOP, 0, 0), op(isa.NOP, 0, 0), op(isa.JZ, 2, 1), lane | 1, first + 10}},
	} {
		p, h := each(c.words...)
		_, err := kernel.Build(p, h, first)
		if err == nil || !strings.Contains(err.Error(), "the instruction at "+c.why) {
			t.Errorf("%v, not %s", err, c.why)
		}
	}
	p, h := each()
	if _, err := kernel.Build(p, h, first+1); err == nil || !strings.Contains(err.Error(), "is no EACH") {
		t.Error(err)
	}
}

// TestWhatLeadsBackIsAJump: a branch that leads back goes by way of a block.
func TestWhatLeadsBackIsAJump(t *testing.T) {
	const first = isa.HeaderWords
	op := isa.InstrHeader
	const lane = isa.LaneFlag
	code := []uint32{op(isa.EACH, 5, 0), 0, 0, 4, 4, first + 14, 0, op(isa.ADD, 3, 6), lane | 5, lane | 5, lane, op(isa.JZ, 2, 1), lane | 5, first + 7}
	h := isa.Header{W: 4, H: 4, DataWords: isa.SysWords, CodeEnd: first + len(code)}
	head := isa.NewHeader(h)
	k, err := kernel.Build(append(isa.Program(head[:]), code...), h, first)
	if err != nil {
		t.Fatal(err)
	}
	if len(k.Loops) != 1 || k.Blocks[k.Loops[0].Last].Exit.Op != isa.JMP {
		t.Error(dump(k))
	}
}
