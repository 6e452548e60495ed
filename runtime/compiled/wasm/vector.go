package wasm

import (
	"math"

	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// computer writes what instructions compute.
type computer struct {
	*pages
	m *module // functions that are called, and tables

	atan2Func, hypotFunc *int // their numbers, once they are there
}

// vector pushes the words that an instruction computes for vector u. What it gives
// for texels that are not here is anything; it never traps.
func (c *computer) vector(in *kernel.Instr, u int) {
	f := c.f
	vec := func(i int) { c.vec(in.Args[i], u) }
	if op, ok := vectorOps[in.Op]; ok {
		vec(0)
		vec(1)
		f.op(op)
		if compares(in.Op) {
			f.all(1)
			f.op(opV128And)
		}
		return
	}
	switch in.Op {
	case isa.SET:
		vec(0)
	case isa.NEG:
		vec(0)
		f.op(opI32x4Neg)
	case isa.NOT:
		vec(0)
		f.op(opV128Not)
	case isa.ISZ:
		vec(0)
		f.all(0)
		f.op(opI32x4Eq)
		f.all(1)
		f.op(opV128And)
	case isa.ABS:
		vec(0)
		f.op(opI32x4Abs)
	case isa.SGN:
		vec(0)
		f.i32(31)
		f.op(opI32x4ShrS)
		vec(0)
		f.all(0)
		f.op(opI32x4GtS, opI32x4Sub)
	case isa.CLAMP:
		vec(0)
		vec(2)
		f.op(opI32x4MinS)
		vec(1)
		f.op(opI32x4MaxS)
	case isa.SHL, isa.SHR, isa.USHR:
		c.shift(in, u)
	case isa.DIV:
		c.quotient(in, u)
	case isa.MOD:
		c.rest(in, u)
	case isa.SQRT:
		c.root(in.Args[0], u)
	case isa.FMUL:
		c.mulShift(in, u)
	case isa.FDIV:
		c.divShift(in, u)
	case isa.SIN, isa.COS:
		vec(0)
		if in.Op == isa.COS {
			f.all(256)
			f.op(opI32x4Add)
		}
		f.all(1023)
		f.op(opV128And)
		c.gather(c.l.sin, nil, anyOrder)
	case isa.HYPOT:
		c.near(in, u, c.nearHypot)
	case isa.ATAN2:
		c.near(in, u, c.nearAtan2)
	case isa.HASH:
		vec(0)
		f.hash()
	case isa.NOISE:
		c.noise(in, u)
	case isa.RGBOF:
		c.rgb(in, u)
	case isa.HSVOF:
		c.hsv(in, u)
	case isa.MIX:
		c.mix(in, u)
	case isa.LD, isa.LDT, isa.LD2, isa.LDT2:
		c.load(in, u)
	case isa.PEEK:
		c.peek(in, u)
	default:
		c.lanes(in, u)
	}
}

// lanes pushes what an instruction computes, texel by texel.
func (c *computer) lanes(in *kernel.Instr, u int) {
	f := c.f
	for i := range lanes {
		c.scalar(in, func(arg int) {
			if a := in.Args[arg]; a.Var < 0 || c.vars[a.Var].scalar {
				c.word(a)
				return
			}
			c.vec(in.Args[arg], u)
			f.lane(opI32x4ExtractLane, i)
		})
		if i == 0 {
			f.op(opI32x4Splat)
		} else {
			f.lane(opI32x4ReplaceLane, i)
		}
	}
}

var shifts = map[isa.Op]opcode{isa.SHL: opI32x4Shl, isa.SHR: opI32x4ShrS, isa.USHR: opI32x4ShrU}

// shift pushes the shifted words; by as much each only where all texels share it.
func (c *computer) shift(in *kernel.Instr, u int) {
	b := in.Args[1]
	if b.Var >= 0 && !c.vars[b.Var].scalar {
		c.lanes(in, u)
		return
	}
	c.vec(in.Args[0], u)
	if b.Var < 0 && (b.Const&31 == 0 || in.Op == isa.SHL && b.Const&31 <= 4) {
		// Engines load the count of a shift each time: adding is quicker.
		c.f.twice(int(b.Const & 31))
		return
	}
	c.word(b)
	c.f.op(shifts[in.Op])
}

// root pushes the floors of square roots. The root of the word as a float is off by
// far less than a half, so that it rounds to the floor or one more.
func (c *computer) root(a kernel.Arg, u int) {
	f := c.f
	c.vec(a, u)
	if a.Range.Lo < 0 {
		f.all(0)
		f.op(opI32x4MaxS)
	}
	f.rootOf()
}

// rootOf is root of the words on the stack, which are not negative.
func (f *function) rootOf() {
	n := f.keep(v128)
	f.get(n)
	f.op(opF32x4ConvertI32x4S, opF32x4Sqrt)
	const magic = 0x4B000000 // 2²³: a float that has a whole number in its low bits
	f.all(magic)
	f.op(opF32x4Add)
	f.all(magic)
	f.op(opI32x4Sub)
	r := f.keep(v128)
	f.get(r)
	f.all(0) // greater than what is negative: a shift for the sign takes longer, see shift
	f.get(n, r, r)
	f.op(opI32x4Mul, opI32x4Sub, opI32x4GtS, opI32x4Add)
	f.release(n, r)
}

// hash replaces words by isa.Hash of them.
func (f *function) hash() {
	f.all(747796405)
	f.op(opI32x4Mul)
	f.all(2891336453)
	f.op(opI32x4Add)
	w := f.keep(v128)
	// With m = 2^(15 - w>>28), a float of that exponent made whole, w >> (w>>28 + 4)
	// is w·m >> 19, and that is put together of the halves of w.
	f.all(142 << 23)
	f.get(w)
	f.i32(5)
	f.op(opI32x4ShrU)
	f.all(15 << 23)
	f.op(opV128And, opI32x4Sub)
	f.all(wholeF32)
	f.op(opF32x4Add)
	f.all(wholeF32)
	f.op(opI32x4Sub)
	m := f.keep(v128)
	f.get(w)
	f.i32(16)
	f.op(opI32x4ShrU)
	f.get(m)
	f.op(opI32x4Mul)
	f.get(w)
	f.all(0xFFFF)
	f.op(opV128And)
	f.get(m)
	f.op(opI32x4Mul)
	f.i32(16)
	f.op(opI32x4ShrU, opI32x4Add)
	f.i32(3)
	f.op(opI32x4ShrU)
	f.get(w)
	f.op(opV128Xor)
	f.all(277803737)
	f.op(opI32x4Mul)
	f.set(w)
	f.get(w)
	f.i32(22)
	f.op(opI32x4ShrU)
	f.get(w)
	f.op(opV128Xor)
	f.release(w, m)
}

// hashWord is hash of one word.
func (f *function) hashWord() {
	f.i32(747796405)
	f.op(opI32Mul)
	w := f.temp(i32)
	f.i32(-1403630843)
	f.op(opI32Add)
	f.tee(w)
	f.get(w)
	f.i32(28)
	f.op(opI32ShrU)
	f.i32(4)
	f.op(opI32Add, opI32ShrU)
	f.get(w)
	f.op(opI32Xor)
	f.i32(277803737)
	f.op(opI32Mul)
	f.tee(w)
	f.i32(22)
	f.op(opI32ShrU)
	f.get(w)
	f.op(opI32Xor)
	f.release(w)
}

// Shuffles that make four words of two times two of 64 bits.
var (
	lowerHalves = [16]byte{0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27}
	upperHalves = [16]byte{4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31}
)

// mulShift pushes products shifted right.
func (c *computer) mulShift(in *kernel.Instr, u int) {
	f, s := c.f, in.Args[2]
	if s.Var >= 0 {
		c.lanes(in, u)
		return
	}
	shift := int32(s.Const & 63)
	if fits(in.Args[0].Range, in.Args[1].Range) || shift == 0 {
		c.vec(in.Args[0], u)
		c.vec(in.Args[1], u)
		f.op(opI32x4Mul)
		if shift > 0 {
			f.i32(min(31, shift))
			f.op(opI32x4ShrS)
		}
		return
	}
	for _, op := range []opcode{opI64x2ExtmulLowS, opI64x2ExtmulHighS} {
		c.vec(in.Args[0], u)
		c.vec(in.Args[1], u)
		f.op(op)
		if shift < 32 {
			f.i32(shift)
			f.op(opI64x2ShrU)
		}
	}
	if shift < 32 {
		f.shuffle(lowerHalves)
		return
	}
	f.shuffle(upperHalves)
	if shift > 32 {
		f.i32(shift - 32)
		f.op(opI32x4ShrS)
	}
}

// fits says whether products of two ranges are words.
func fits(a, b kernel.Range) bool {
	for _, x := range []int64{int64(a.Lo), int64(a.Hi)} {
		for _, y := range []int64{int64(b.Lo), int64(b.Hi)} {
			if x*y < math.MinInt32 || x*y > math.MaxInt32 {
				return false
			}
		}
	}
	return true
}
