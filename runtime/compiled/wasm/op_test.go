package wasm_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// everything is the range of a word of which nothing is known.
var everything = kernel.Range{Lo: -1 << 31, Hi: 1<<31 - 1}

// opCase is an instruction with what a compiler is told of its operands.
type opCase struct {
	op      isa.Op
	ranges  [3]kernel.Range
	shared  [3]bool // the operand is the same for all texels
	consts  [3]bool // and known
	uniform bool    // all operands are shared
	safe    bool
}

func (c opCase) String() string {
	return fmt.Sprintf("%s of %v shared %v known %v", isa.Table[c.op].Mnemonic, c.ranges, c.shared, c.consts)
}

const opWidth = 256

// kernel computes the instruction of words that lie in the data page, and puts the
// upper or the lower bytes of what comes out.
func (c opCase) kernel(args [3][]int32, upper bool) *kernel.Kernel {
	k := &kernel.Kernel{W: opWidth, H: 1, Pixel: true, Captures: 3}
	k.Reads.Data, k.Reads.Sin, k.Reads.Atan = true, true, true
	variable := func(v kernel.Var) int {
		k.Vars = append(k.Vars, v)
		return len(k.Vars) - 1
	}
	px := variable(kernel.Var{Init: kernel.PX, Range: kernel.Range{Lo: 0, Hi: opWidth - 1}})
	var block kernel.Block
	add := func(in kernel.Instr) { block.Instrs = append(block.Instrs, in) }
	op := kernel.Instr{Op: c.op, PC: 1, Uniform: c.uniform, Safe: c.safe}
	for i := range inputsOf(c.op) {
		a := kernel.Arg{Var: -1, Range: c.ranges[i]}
		switch {
		case c.consts[i]:
			a.Const = uint32(args[i][0])
			a.Range = kernel.Range{Lo: args[i][0], Hi: args[i][0]}
		case c.shared[i]:
			a.Var = variable(kernel.Var{Init: kernel.Capture, Index: i, Uniform: true, Range: c.ranges[i]})
		default:
			a.Var = variable(kernel.Var{Init: kernel.Unset, Range: c.ranges[i]})
			add(kernel.Instr{Op: isa.LD, Dst: a.Var, Array: kernel.Array{Base: uint32(i * opWidth), Len: opWidth}, Args: []kernel.Arg{{Var: px, Range: k.Vars[px].Range}}, Safe: true})
		}
		op.Args = append(op.Args, a)
	}
	op.Dst = variable(kernel.Var{Init: kernel.Unset, Uniform: c.uniform, Range: everything})
	add(op)
	out := kernel.Arg{Var: op.Dst, Range: everything}
	if upper {
		d := variable(kernel.Var{Init: kernel.Unset, Range: everything})
		add(kernel.Instr{Op: isa.USHR, Dst: d, Args: []kernel.Arg{out, {Var: -1, Const: 8, Range: kernel.Range{Lo: 8, Hi: 8}}}})
		out.Var = d
	}
	add(kernel.Instr{Op: isa.PUT, PC: 9, Dst: -1, Args: []kernel.Arg{out}})
	k.Always = 9
	block.Exit.Op = isa.DONE
	k.Blocks = []kernel.Block{block}
	return k
}

// inputsOf is how many operands an instruction computes with.
func inputsOf(op isa.Op) int { return len(isa.Table[op].Operands) - 1 }

// edges are words at which instructions change what they do.
var edges = []int32{0, 1, -1, 2, -2, 3, 5, 7, 8, 9, 10, 16, 31, 32, 33, 63, 64, 255, 256, 257, 511, 512, 1023, 1024, 32767, 32768, 46340, 46341, 65535, 65536,
	1<<24 - 1, 1 << 24, 1<<24 + 1, 1<<30 - 1, 1 << 30, 1<<31 - 2, 1<<31 - 1, -1 << 31, -1<<31 + 1, -1 << 30, -65536, -32768, -32767, -1024, -255, -3, -7}

// words are numbers of a range: edges, and random ones of every size.
func words(rng *rand.Rand, r kernel.Range) []int32 {
	out := make([]int32, opWidth)
	for i := range out {
		for {
			v := rng.Uint32()
			switch rng.IntN(3) {
			case 0:
				out[i] = edges[rng.IntN(len(edges))]
			case 1:
				out[i] = int32(v) >> rng.IntN(32)
			default:
				out[i] = int32(int64(r.Lo) + rng.Int64N(int64(r.Hi)-int64(r.Lo)+1))
			}
			if out[i] >= r.Lo && out[i] <= r.Hi {
				break
			}
		}
	}
	return out
}

// try holds what a case computes, for a row of operands, to isa.Alu.
func (c *compiler) try(o opCase, rng *rand.Rand) error {
	var args [3][]int32
	for i := range args {
		args[i] = words(rng, o.ranges[i])
		for o.shared[i] && args[i][0] == 0 && divides(o.op) && i == 1 {
			args[i] = words(rng, o.ranges[i])
		}
		for j := range args[i] {
			if o.shared[i] {
				args[i][j] = args[i][0]
			}
			if args[i][j] == 0 && divides(o.op) && i == 1 {
				args[i][j] = max(1, o.ranges[i].Lo)
			}
		}
	}
	return c.check(o, args)
}

// check does so for given operands.
func (c *compiler) check(o opCase, args [3][]int32) error {
	var got [2][opWidth]uint32
	for half := range got {
		m, err := c.compile(o.kernel(args, half == 1), 3*opWidth, isa.HeaderWords)
		if err != nil {
			return err
		}
		in := m.open()
		for i := range args {
			in.write(m.l.Captures+uint32(4*i), []uint32{uint32(args[i][0])})
			for j, v := range args[i] {
				in.write(m.l.Data+uint32(4*(i*opWidth+j)), []uint32{uint32(v)})
			}
		}
		if end := in.run(0, opWidth, 0); end != opWidth {
			return fmt.Errorf("it stops at texel %d", end)
		}
		in.read(got[half][:], m.l.Color)
		in.mod.Close(c.tb.Context())
		m.compiled.Close(c.tb.Context())
	}
	for i := range opWidth {
		want, _, _ := isa.Alu(o.op, args[0][i], args[1][i], args[2][i])
		is := swapped(got[0][i]) | swapped(got[1][i])<<8
		if is != uint32(want) {
			return fmt.Errorf("of %d, %d, %d it is %d, not %d", args[0][i], args[1][i], args[2][i], int32(is), want)
		}
	}
	return nil
}

func divides(op isa.Op) bool { return op == isa.DIV || op == isa.MOD || op == isa.FDIV }

// swapped is a display texel as 0xRRGGBB.
func swapped(t uint32) uint32 { return t&0xFF<<16 | t&0xFF00 | t>>16&0xFF }

// computing are the instructions that isa.Alu has.
func computing() (ops []isa.Op) {
	for _, s := range isa.Specs {
		if _, _, ok := isa.Alu(s.Op, 1, 1, 1); ok && s.InEach {
			ops = append(ops, s.Op)
		}
	}
	return ops
}

// Every instruction is exact for every word: with words that texels share, or that
// are known, and whatever is known of their ranges.
func TestEveryInstructionIsExact(t *testing.T) {
	ranges := []kernel.Range{everything, everything, {Lo: 0, Hi: 1<<31 - 1}, {Lo: 0, Hi: 255}, {Lo: -255, Hi: 256}, {Lo: -32767, Hi: 32767}, {Lo: -1 << 20, Hi: 1 << 20}, {Lo: -1 << 22, Hi: 1 << 22}, {Lo: -1 << 25, Hi: 1 << 25}, {Lo: 1, Hi: 1000}, {Lo: 0, Hi: 3000}, {Lo: 700, Hi: 1000}}
	rounds := 14
	if testing.Short() {
		rounds = 4
	}
	for _, op := range computing() {
		t.Run(isa.Table[op].Mnemonic, func(t *testing.T) {
			c := newCompiler(t)
			rng := rand.New(rand.NewPCG(uint64(op), 1))
			for round := range rounds {
				o := opCase{op: op, safe: round%3 == 0, uniform: true}
				for i := range o.ranges {
					o.ranges[i] = ranges[rng.IntN(len(ranges))]
					if round == 0 {
						o.ranges[i] = everything
					}
					o.consts[i] = round > 1 && rng.IntN(3) == 0
					o.shared[i] = o.consts[i] || round > 1 && rng.IntN(3) == 0 || round == 1
					o.uniform = o.uniform && (o.shared[i] || i >= inputsOf(op))
				}
				if err := c.try(o, rng); err != nil {
					t.Errorf("%v: %v", o, err)
				}
			}
		})
	}
}

// A multiple of a constant divided by it is not cut off below.
func TestMultiplesDivideExactly(t *testing.T) {
	c := newCompiler(t)
	for d := int32(3); d < 110; d += 2 {
		for _, most := range []int32{1 << 20, 1<<31 - 1} {
			o := opCase{op: isa.DIV, ranges: [3]kernel.Range{{Lo: -most, Hi: most}, {Lo: d, Hi: d}, everything}, shared: [3]bool{1: true}, consts: [3]bool{1: true}}
			var args [3][]int32
			for i := range args {
				args[i] = make([]int32, opWidth)
			}
			for j := range opWidth {
				args[0][j] = (most/d - most/d>>(j%32)) * d
				if j >= 32 {
					args[0][j] = d * int32(j-144)
				}
				args[1][j] = d
			}
			if err := c.check(o, args); err != nil {
				t.Errorf("%v: %v", o, err)
			}
		}
	}
}

// Words of more bits than a 32-bit float has are not divided as such.
func TestWideWordsDivideExactly(t *testing.T) {
	c := newCompiler(t)
	for _, known := range []bool{false, true} {
		o := opCase{op: isa.DIV, ranges: [3]kernel.Range{{Lo: -1 << 25, Hi: 1 << 25}, {Lo: 1, Hi: 3}, everything}, shared: [3]bool{1: known}, consts: [3]bool{1: known}}
		var args [3][]int32
		for i := range args {
			args[i] = make([]int32, opWidth)
		}
		for j := range opWidth {
			args[0][j], args[1][j] = 1<<24+1+2*int32(j), 1+2*int32(j&1)
			if known {
				args[0][j], args[1][j] = 1<<24+int32(j), 3
			}
		}
		if err := c.check(o, args); err != nil {
			t.Errorf("%v: %v", o, err)
		}
	}
}

// SIN and COS are the table, for each angle.
func TestEverySineIsThatOfTheTable(t *testing.T) {
	c := newCompiler(t)
	for _, op := range []isa.Op{isa.SIN, isa.COS} {
		for first := int32(-512); first < 2048; first += opWidth {
			o := opCase{op: op, ranges: [3]kernel.Range{{Lo: first, Hi: first + opWidth - 1}, everything, everything}}
			var args [3][]int32
			for i := range args {
				args[i] = make([]int32, opWidth)
				for j := range args[i] {
					args[i][j] = first + int32(j)
				}
			}
			if err := c.check(o, args); err != nil {
				t.Errorf("%v: %v", o, err)
			}
		}
	}
}

// A word divided by a constant is multiplied by a float next to its inverse.
func TestConstantsDivideExactly(t *testing.T) {
	c := newCompiler(t)
	rng := rand.New(rand.NewPCG(1, 2))
	for _, d := range []int32{1, -1, 2, -2, 3, 5, 7, -7, 10, 40, 100, 255, 628, 641, 1000, 1024, -1024, 3200, 65535, 65536, 1<<20 - 1, 6700417, 1<<31 - 1, -1 << 31, -1<<31 + 1} {
		for _, r := range []kernel.Range{everything, {Lo: -1 << 20, Hi: 1 << 20}, {Lo: 0, Hi: 1 << 18}} {
			for _, op := range []isa.Op{isa.DIV, isa.MOD} {
				o := opCase{op: op, ranges: [3]kernel.Range{r, {Lo: d, Hi: d}, everything}, shared: [3]bool{1: true}, consts: [3]bool{1: true}}
				if err := c.try(o, rng); err != nil {
					t.Errorf("%v: %v", o, err)
				}
			}
		}
	}
}
