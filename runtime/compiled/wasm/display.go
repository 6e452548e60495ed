package wasm

import "gvpie/runtime/isa"

// seen makes display texels what PEEK gives.
func (p *pages) seen() {
	if p.k.Pixel {
		p.f.v128(0xFF000102, 0xFF040506, 0xFF08090A, 0xFF0C0D0E)
		p.f.op(opI8x16Swizzle)
		return
	}
	p.f.all(0xFFFFFF)
	p.f.op(opV128And)
}

// display makes colours the display's texels.
func (p *pages) display() {
	f := p.f
	if p.k.Pixel {
		f.v128(0xFF000102, 0xFF040506, 0xFF08090A, 0xFF0C0D0E)
		f.op(opI8x16Swizzle)
		f.all(isa.ColorSet)
		f.op(opV128Or)
		return
	}
	// A paper: 1 + 36·r + 6·g + b of the channels' levels, 0 to 5, which are
	// (5·channel + 127) / 255.
	rgb := f.keep(v128)
	for i, shift := range []int32{16, 8, 0} {
		f.get(rgb)
		if shift > 0 {
			f.i32(shift)
			f.op(opI32x4ShrU)
		}
		f.all(255)
		f.op(opV128And)
		f.all(5)
		f.op(opI32x4Mul)
		f.all(127)
		f.op(opI32x4Add)
		f.by255()
		if weight := []uint32{36, 6, 1}[i]; weight > 1 {
			f.all(weight)
			f.op(opI32x4Mul)
		}
		if i > 0 {
			f.op(opI32x4Add)
		}
	}
	f.all(1)
	f.op(opI32x4Add)
	f.i32(16)
	f.op(opI32x4Shl)
	f.all(isa.ColorSet)
	f.op(opV128Or)
	f.release(rgb)
}

// by255 divides 0…65535 by 255.
func (f *function) by255() {
	f.all(0x8081)
	f.op(opI32x4Mul)
	f.i32(23)
	f.op(opI32x4ShrU)
}
