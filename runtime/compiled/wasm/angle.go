package wasm

import (
	"encoding/binary"

	"gvpie/runtime/isa"
)

// atanWords is the size of isa.AtanTable.
const atanWords = (len(isa.AtanTable) + 3) / 4

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
		c.m.data = append(c.m.data, segment{c.l.atan, isa.AtanTable[:]})
	}
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
		f.load(opI32Load8U, c.l.atan)
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
