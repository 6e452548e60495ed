package wasm

import "gvpie/runtime/kernel"

// clampTo holds words within lo…hi.
func (f *function) clampTo(lo, hi uint32) {
	f.all(hi)
	f.op(opI32x4MinS)
	f.all(lo)
	f.op(opI32x4MaxS)
}

// channel pushes an operand held within 0…255.
func (c *computer) channel(a kernel.Arg, u int) {
	c.vec(a, u)
	if a.Range.Lo < 0 || a.Range.Hi > 255 {
		c.f.clampTo(0, 255)
	}
}

// rgb pushes isa.RGB.
func (c *computer) rgb(in *kernel.Instr, u int) {
	f := c.f
	for i := range 3 {
		if i > 0 {
			f.i32(8)
			f.op(opI32x4Shl)
		}
		c.channel(in.Args[i], u)
		if i > 0 {
			f.op(opV128Or)
		}
	}
}

// mix pushes isa.Mix: red and blue together, green by itself.
func (c *computer) mix(in *kernel.Instr, u int) {
	f := c.f
	c.vec(in.Args[2], u)
	f.clampTo(0, 256)
	t := f.keep(v128)
	f.all(256)
	f.get(t)
	f.op(opI32x4Sub)
	s := f.keep(v128)
	for _, bits := range []uint32{0xFF00FF, 0xFF00} {
		for i, weight := range []local{s, t} {
			c.vec(in.Args[i], u)
			f.all(bits)
			f.op(opV128And)
			f.get(weight)
			f.op(opI32x4Mul)
		}
		f.op(opI32x4Add)
		f.i32(8)
		f.op(opI32x4ShrU)
		f.all(bits)
		f.op(opV128And)
	}
	f.op(opV128Or)
	f.release(s, t)
}

// hsv pushes isa.HSV. With t the hue in 1024ths of a sixth, each channel is
// v·(261120 - s·g) / 261120, where g rises from 0 to 1024 and falls again: red is the
// lesser of t - 1024 and 5120 - t, green and blue the greater of two such.
func (c *computer) hsv(in *kernel.Instr, u int) {
	f := c.f
	c.vec(in.Args[0], u)
	f.all(1023)
	f.op(opV128And)
	f.all(6)
	f.op(opI32x4Mul)
	t := f.keep(v128)
	c.channel(in.Args[1], u)
	s := f.keep(v128)
	c.channel(in.Args[2], u)
	v := f.keep(v128)
	for i, g := range []struct {
		rises, falls uint32
		choose       opcode
	}{{1024, 5120, opI32x4MinS}, {3072, 1024, opI32x4MaxS}, {5120, 3072, opI32x4MaxS}} {
		if i > 0 {
			f.i32(8)
			f.op(opI32x4Shl)
		}
		f.all(261120)
		f.get(s, t)
		f.all(g.rises)
		f.op(opI32x4Sub)
		f.all(g.falls)
		f.get(t)
		f.op(opI32x4Sub, g.choose)
		f.clampTo(0, 1024)
		f.op(opI32x4Mul, opI32x4Sub)
		f.get(v)
		f.op(opI32x4Mul)
		f.i32(10)
		f.op(opI32x4ShrU)
		f.by255()
		if i > 0 {
			f.op(opV128Or)
		}
	}
	f.release(t, s, v)
}

// noise pushes isa.Noise.
func (c *computer) noise(in *kernel.Instr, u int) {
	f := c.f
	var cell, ease [2]local
	for i := range cell {
		c.vec(in.Args[i], u)
		f.i32(8)
		f.op(opI32x4ShrS)
		cell[i] = f.keep(v128)
		c.vec(in.Args[i], u)
		f.all(255)
		f.op(opV128And)
		t := f.keep(v128)
		f.get(t, t)
		f.op(opI32x4Mul)
		f.all(768)
		f.get(t, t)
		f.op(opI32x4Add, opI32x4Sub, opI32x4Mul)
		f.i32(16)
		f.op(opI32x4ShrS)
		ease[i] = f.keep(v128)
		f.release(t)
	}
	rows := [2]local{}
	for j := range rows {
		c.noiseRow(in.Args[1], cell[1], uint32(j))
		f.get(cell[0])
		f.op(opI32x4Add)
		at := f.keep(v128)
		f.get(at)
		f.hash()
		f.all(255)
		f.op(opV128And)
		left := f.keep(v128)
		f.get(at)
		f.all(1)
		f.op(opI32x4Add)
		f.hash()
		f.all(255)
		f.op(opV128And)
		f.lerp(left, ease[0])
		rows[j] = f.keep(v128)
		f.release(at, left)
	}
	f.get(rows[1])
	f.lerp(rows[0], ease[1])
	f.release(cell[0], cell[1], ease[0], ease[1], rows[0], rows[1])
}

// noiseRow pushes the hash of a row of noise's cells: that of y or the next.
func (c *computer) noiseRow(y kernel.Arg, cell local, next uint32) {
	f := c.f
	if c.scalars([]kernel.Arg{y}) {
		c.word(y)
		f.i32(8)
		f.op(opI32ShrS)
		f.i32(int32(next))
		f.op(opI32Add)
		f.hashWord()
		f.op(opI32x4Splat)
		return
	}
	f.get(cell)
	f.all(next)
	f.op(opI32x4Add)
	f.hash()
}

// lerp replaces b on the stack by a + (b-a)·t>>8.
func (f *function) lerp(a, t local) {
	f.get(a)
	f.op(opI32x4Sub)
	f.get(t)
	f.op(opI32x4Mul)
	f.i32(8)
	f.op(opI32x4ShrS)
	f.get(a)
	f.op(opI32x4Add)
}
