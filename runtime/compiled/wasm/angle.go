package wasm

import (
	"encoding/binary"

	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// atanWords is the size of isa.AtanTable.
const atanWords = len(isa.AtanTable)

// tables are the bytes of the tables of functions.
func (c *computer) tables() {
	if c.k.Reads.Sin {
		var b []byte
		for _, v := range isa.SinTable {
			b = binary.LittleEndian.AppendUint32(b, uint32(v))
		}
		c.m.data = append(c.m.data, segment{c.l.sin, b})
	}
	if c.k.Reads.Atan {
		var b []byte
		for _, v := range isa.AtanTable {
			b = append(b, v, 0, 0, 0)
		}
		c.m.data = append(c.m.data, segment{c.l.atan, b})
	}
}

// near pushes, for vector u, what fast does of two operands where both are within
// ±32767, or what is computed texel by texel where one is not.
func (c *computer) near(in *kernel.Instr, u int, fast func(a, b kernel.Arg, u int)) {
	f, a, b := c.f, in.Args[0], in.Args[1]
	const most = 32767
	if c.mask == nil && within(a.Range, most) && within(b.Range, most) {
		fast(a, b, u)
		return
	}
	v := f.temp(v128)
	c.vec(a, u)
	f.op(opI32x4Abs)
	c.vec(b, u)
	f.op(opI32x4Abs, opI32x4MaxU)
	f.all(most)
	f.op(opI32x4GtU, opV128AnyTrue)
	f.open(opIf)
	c.lanes(in, u)
	f.set(v)
	f.op(opElse)
	fast(a, b, u)
	f.set(v)
	f.end()
	f.get(v)
	f.release(v)
}

// nearHypot pushes roots of sums of squares.
func (c *computer) nearHypot(a, b kernel.Arg, u int) {
	for i, x := range []kernel.Arg{a, b} {
		c.vec(x, u)
		c.vec(x, u)
		c.f.op(opI32x4Mul)
		if i > 0 {
			c.f.op(opI32x4Add)
		}
	}
	c.f.rootOf()
}

// nearAtan2 pushes isa.Atan2. The place in the table is a quotient of floats, which is
// wrong by at most one, and put right by what is left.
func (c *computer) nearAtan2(y, x kernel.Arg, u int) {
	f := c.f
	var size [2]local
	for i, v := range []kernel.Arg{x, y} {
		c.vec(v, u)
		f.op(opI32x4Abs)
		size[i] = f.keep(v128)
	}
	f.get(size[0], size[1])
	f.op(opI32x4MaxS)
	f.all(1)
	f.op(opI32x4MaxS)
	most := f.keep(v128)
	f.get(size[0], size[1])
	f.op(opI32x4MinS)
	f.all(1024)
	f.op(opI32x4Mul)
	f.get(most)
	f.i32(1)
	f.op(opI32x4ShrU, opI32x4Add)
	n := f.keep(v128)
	f.get(n)
	f.op(opF32x4ConvertI32x4S)
	f.get(most)
	f.op(opF32x4ConvertI32x4S, opF32x4Div)
	f.cutF32()
	q := f.keep(v128)
	f.get(n, q, most)
	f.op(opI32x4Mul, opI32x4Sub)
	f.set(n)
	f.get(q, n)
	f.i32(31)
	f.op(opI32x4ShrS, opI32x4Add)
	f.get(n, most)
	f.op(opI32x4GeS, opI32x4Sub)
	c.gather(c.l.atan, nil, anyOrder)
	f.set(q)
	flip := func(from uint32, when func()) {
		f.all(from)
		f.get(q)
		f.op(opI32x4Sub)
		f.get(q)
		when()
		f.op(opV128Bitselect)
		f.set(q)
	}
	negative := func(a kernel.Arg) func() {
		return func() {
			c.vec(a, u)
			f.i32(31)
			f.op(opI32x4ShrS)
		}
	}
	flip(256, func() {
		f.get(size[1], size[0])
		f.op(opI32x4GtS)
	})
	flip(512, negative(x))
	flip(1024, negative(y))
	f.get(q)
	f.all(1023)
	f.op(opV128And)
	f.release(size[0], size[1], most, n, q)
}

// scaled begins a function of two words with their magnitudes, shifted right together
// until both are at most 32767, and by how much that is.
func scaled() (f *function, a, b, k local) {
	f = newFunction([]valueType{i32, i32}, []valueType{i32})
	a, b, k = f.local(i32), f.local(i32), f.local(i32)
	for i, to := range []local{a, b} {
		x := local(i)
		f.get(x, x)
		f.i32(31)
		f.op(opI32ShrS)
		f.tee(k)
		f.op(opI32Xor)
		f.get(k)
		f.op(opI32Sub)
		f.tee(to)
		f.get(to)
		f.i32(31)
		f.op(opI32ShrU, opI32Sub) // -2³¹ has no magnitude: 2³¹ - 1
		f.set(to)
	}
	f.i32(17)
	f.get(a, b)
	f.op(opI32Or, opI32Clz, opI32Sub)
	f.tee(k)
	f.i32(0)
	f.get(k)
	f.i32(0)
	f.op(opI32GtS, opSelect)
	f.set(k)
	for _, l := range []local{a, b} {
		f.get(l, k)
		f.op(opI32ShrU)
		f.set(l)
	}
	return f, a, b, k
}

// atan2 gives the number of a function that is isa.Atan2.
func (c *computer) atan2() int {
	if c.atan2Func == nil {
		f, y, x, k := scaled()
		least, most := f.local(i32), f.local(i32)
		f.get(x, y, x, y)
		f.op(opI32GtS, opSelect)
		f.tee(most)
		f.op(opI32Eqz)
		f.open(opIf)
		f.i32(0)
		f.op(opReturn)
		f.end()
		f.get(x, y, x, y)
		f.op(opI32LtS, opSelect)
		f.set(least)
		f.get(least)
		f.i32(10)
		f.op(opI32Shl)
		f.get(most)
		f.i32(1)
		f.op(opI32ShrU, opI32Add)
		f.get(most)
		f.op(opI32DivU)
		f.i32(2)
		f.op(opI32Shl)
		f.load(opI32Load, c.l.atan)
		f.set(k)
		flip := func(from int32, when func()) {
			f.i32(from)
			f.get(k)
			f.op(opI32Sub)
			f.get(k)
			when()
			f.op(opSelect)
			f.set(k)
		}
		flip(256, func() {
			f.get(y, x)
			f.op(opI32GtS)
		})
		negative := func(l local) func() {
			return func() {
				f.get(l)
				f.i32(0)
				f.op(opI32LtS)
			}
		}
		flip(512, negative(1))
		flip(1024, negative(0))
		f.get(k)
		f.i32(1023)
		f.op(opI32And)
		n := c.m.add(f)
		c.atan2Func = &n
	}
	return *c.atan2Func
}

// hypot gives the number of a function that is isa.Hypot.
func (c *computer) hypot() int {
	if c.hypotFunc == nil {
		f, a, b, k := scaled()
		f.get(a, a)
		f.op(opI32Mul)
		f.get(b, b)
		f.op(opI32Mul, opI32Add, opF64ConvertI32S, opF64Sqrt, opI32TruncF64S)
		f.get(k)
		f.op(opI32Shl) // of 32 bits without a sign: it fits
		f.tee(a)
		f.i32(1<<31 - 1)
		f.get(a)
		f.i32(0)
		f.op(opI32GeS, opSelect)
		n := c.m.add(f)
		c.hypotFunc = &n
	}
	return *c.hypotFunc
}
