package wasm

import (
	"math"
	"math/bits"

	"gvpie/runtime/kernel"
)

// Words are divided as floats: 32-bit ones where both are small, else 64-bit ones.
// A quotient that is not whole is further from the next whole number than rounding
// moves it, so that cutting it off is exact.

// wholeF64 and wholeF32 are, added to a float that is a whole number, what leaves it
// as an integer in the float's low bits.
const (
	wholeF64 = 0x4338000000000000 // 1.5 · 2⁵²
	wholeF32 = 0x4B400000         // 1.5 · 2²³
)

// smallF32 is the largest magnitude of words that are divided as 32-bit floats, and
// of those that are multiplied by the inverse of a constant.
const smallF32, smallInverse = 1 << 22, 1 << 20

func within(r kernel.Range, most int32) bool { return r.Lo >= -most && r.Hi <= most }

// quotient pushes a / b.
func (c *computer) quotient(in *kernel.Instr, u int) {
	a, b := in.Args[0], in.Args[1]
	if b.Var < 0 && c.byConstant(a, int32(b.Const), u) {
		return
	}
	f := c.f
	if within(a.Range, smallF32) && within(b.Range, smallF32) {
		c.vec(a, u)
		f.op(opF32x4ConvertI32x4S)
		c.vec(b, u)
		f.op(opF32x4ConvertI32x4S, opF32x4Div)
		f.cutF32()
		return
	}
	for _, half := range []int{0, 1} {
		c.vec(a, u)
		f.double(half)
		c.vec(b, u)
		f.double(half)
		f.op(opF64x2Div)
		f.cutF64()
	}
	f.shuffle(lowerHalves)
}

// double makes doubles of the lower or upper two words.
func (f *function) double(half int) {
	if half == 0 {
		f.op(opF64x2ConvertLowS)
		return
	}
	f.op(opI64x2ExtendHighS)
	f.all64(wholeF64)
	f.op(opI64x2Add)
	f.all64(wholeF64)
	f.op(opF64x2Sub)
}

// all64 is a constant of two equal 64-bit words.
func (f *function) all64(w uint64) { f.v128(uint32(w), uint32(w>>32), uint32(w), uint32(w>>32)) }

// cutF64 makes doubles integers, toward zero, of which the lower halves are right.
func (f *function) cutF64() {
	f.op(opF64x2Trunc)
	f.all64(wholeF64)
	f.op(opF64x2Add)
}

// cutF32 makes floats integers, toward zero.
func (f *function) cutF32() {
	f.op(opF32x4Trunc)
	f.all(wholeF32)
	f.op(opF32x4Add)
	f.all(wholeF32)
	f.op(opI32x4Sub)
}

// byConstant pushes a / d; it says no if there is no quick way.
func (c *computer) byConstant(a kernel.Arg, d int32, u int) bool {
	f := c.f
	switch size := uint32(max(d, -d)); {
	case d == 0:
		return false
	case d == math.MinInt32:
		return false
	case size&(size-1) == 0:
		c.byPower(a, bits.TrailingZeros32(size), u)
		if d < 0 {
			f.op(opI32x4Neg)
		}
		return true
	case within(a.Range, smallInverse) && size < smallInverse:
		c.vec(a, u)
		f.op(opF32x4ConvertI32x4S)
		f.all(math.Float32bits(inverseF32(d)))
		f.op(opF32x4Mul)
		f.cutF32()
		return true
	}
	for _, half := range []int{0, 1} {
		c.vec(a, u)
		f.double(half)
		f.all64(math.Float64bits(inverseF64(d)))
		f.op(opF64x2Mul)
		f.cutF64()
	}
	f.shuffle(lowerHalves)
	return true
}

// inverseF64 is the float next to 1/c that is not nearer to 0. A word times it is at
// least the quotient, and too large by less than what is missing to the next whole
// number.
func inverseF64(c int32) float64 {
	r := 1 / float64(c)
	if math.FMA(r, float64(c), -1) < 0 {
		r = math.Nextafter(r, math.Copysign(2, r))
	}
	return r
}

func inverseF32(c int32) float32 {
	r := float32(1 / float64(c))
	if float64(r)*float64(c) < 1 {
		r = math.Nextafter32(r, float32(math.Copysign(2, float64(r))))
	}
	return r
}

// byPower pushes a / 2^k.
func (c *computer) byPower(a kernel.Arg, k, u int) {
	f := c.f
	c.vec(a, u)
	if k == 0 {
		return
	}
	if a.Range.Lo < 0 { // what is negative is rounded up
		if k > 1 {
			c.vec(a, u)
			f.i32(31)
			f.op(opI32x4ShrS)
			f.all(1<<k - 1)
			f.op(opV128And)
		} else {
			c.vec(a, u)
			f.i32(31)
			f.op(opI32x4ShrU)
		}
		f.op(opI32x4Add)
	}
	f.i32(int32(k))
	f.op(opI32x4ShrS)
}

// rest pushes a % b.
func (c *computer) rest(in *kernel.Instr, u int) {
	f := c.f
	a, b := in.Args[0], in.Args[1]
	switch lo := int64(b.Range.Lo); {
	case a.Range.Lo >= 0 && int64(a.Range.Hi) < lo:
		c.vec(a, u)
		return
	case b.Var < 0 && a.Range.Lo >= 0 && b.Const != 0 && b.Const&(b.Const-1) == 0:
		c.vec(a, u)
		f.all(b.Const - 1)
		f.op(opV128And)
		return
	case a.Range.Lo >= 0 && lo > 0 && int64(a.Range.Hi) < 3*lo:
		// a, or a - b where that is not below 0, which as an unsigned word is large.
		c.vec(a, u)
		for most := int64(a.Range.Hi); most >= lo; most -= lo {
			t := f.keep(v128)
			f.get(t, t)
			c.vec(b, u)
			f.op(opI32x4Sub, opI32x4MinU)
			f.release(t)
		}
		return
	}
	c.quotient(in, u)
	q := f.keep(v128)
	c.vec(a, u)
	f.get(q)
	c.vec(b, u)
	f.op(opI32x4Mul, opI32x4Sub)
	f.release(q)
}

// divShift pushes (a << s) / b, as doubles where they hold it.
func (c *computer) divShift(in *kernel.Instr, u int) {
	f := c.f
	a, b, s := in.Args[0], in.Args[1], in.Args[2]
	shift := s.Const & 31
	most := max(int64(a.Range.Hi), -int64(a.Range.Lo))
	if s.Var >= 0 || most<<shift > 1<<50 {
		c.lanes(in, u)
		return
	}
	for _, half := range []int{0, 1} {
		c.vec(a, u)
		f.double(half)
		f.all64(math.Float64bits(float64(int64(1) << shift)))
		f.op(opF64x2Mul)
		c.vec(b, u)
		f.double(half)
		f.op(opF64x2Div)
		f.cutF64()
	}
	f.shuffle(lowerHalves)
}
