package wasm

import "gvpie/runtime/isa"

// draw pushes a word that the host has written for draws.
func (e *loopEmitter) draw(word uint32) {
	e.f.i32(0)
	e.f.load(opI32Load, e.draws+4*word)
}

// command appends the command of a draw, as the machine does.
func (e *loopEmitter) command(in isa.Instr) {
	f := e.f
	f.get(e.next)
	e.draw(DrawEnd)
	f.op(opI32Eq)
	e.leaveIf(uint32(in.Addr))

	op, kinds := in.Spec.Op, isa.Geometry[in.Spec.Op]
	colored := op != isa.BLIT && len(in.Args) > len(kinds)
	word := uint32(op)
	if op == isa.CLS && colored {
		word |= isa.CmdFlagColor << 8
	}
	store := func(word uint32, push func()) {
		f.get(e.next)
		push()
		f.load(opI32Store, 4*word)
	}
	store(isa.CmdOp, func() { f.i32(int32(word)) })
	store(isa.CmdPC, func() { f.i32(int32(in.Addr)) })
	store(isa.CmdCycle, func() {
		e.draw(DrawCycles)
		f.get(paramLeft)
		f.op(opI32Sub)
		f.i32(1 - int32(e.owed))
		f.op(opI32Add)
	})
	store(isa.CmdColor, func() {
		switch {
		case colored:
			e.color(in, len(kinds))
		case op == isa.BLIT:
			f.i32(0)
		default:
			e.draw(DrawColor)
		}
	})
	for i := range isa.CmdText - isa.CmdA {
		store(uint32(isa.CmdA+i), func() {
			if i < len(kinds) {
				e.coordinate(in, i, kinds[i])
			} else {
				f.i32(0)
			}
		})
	}
	f.get(e.next)
	f.i64(0)
	f.load(opI64Store, 4*isa.CmdText)
	f.get(e.next)
	f.i32(0)
	f.load(opI64Load, e.draws+4*DrawClipMin)
	f.load(opI64Store, 4*isa.CmdClipMin)
	f.get(e.next)
	f.i32(4 * isa.CommandWords)
	f.op(opI32Add)
	f.set(e.next)
}

// coordinate pushes a place or size, moved by the camera and held within bounds.
func (e *loopEmitter) coordinate(in isa.Instr, i int, kind byte) {
	f := e.f
	lo, hi := int32(isa.CoordMin), int32(isa.CoordMax)
	if kind == '.' && in.Mask>>i&1 == 0 {
		f.i32(isa.ClampCoord(int32(in.Args[i])))
		return
	}
	e.operand(in, i)
	switch kind {
	case 'X', 'Y':
		lo, hi = isa.FarMin, isa.FarMax
		fallthrough
	case 'x', 'y':
		f.get(e.camera[kind&^0x20-'X'])
		f.op(opI32Sub)
	}
	v := f.keep(i32)
	for _, bound := range []struct {
		at int32
		op opcode
	}{{hi, opI32LtS}, {lo, opI32GtS}} {
		f.get(v)
		f.i32(bound.at)
		f.get(v)
		f.i32(bound.at)
		f.op(bound.op, opSelect)
		f.set(v)
	}
	f.get(v)
	f.release(v)
}

// color pushes a colour as commands hold it.
func (e *loopEmitter) color(in isa.Instr, i int) {
	f := e.f
	switch {
	case e.k.Pixel:
		e.operand(in, i)
		f.i32(0xFFFFFF)
		f.op(opI32And)
		return
	case in.Mask>>i&1 == 0:
		f.i32(int32(isa.ColorCode(in.Args[i] & 0xFFFFFF)))
		return
	}
	f.i32(1)
	for _, channel := range []struct{ shift, times int32 }{{16, 36}, {8, 6}, {0, 1}} {
		// (5c + 127) / 255, the quotient by a product that is exact for so small a number.
		e.operand(in, i)
		f.i32(channel.shift)
		f.op(opI32ShrU)
		f.i32(0xFF)
		f.op(opI32And)
		f.i32(5)
		f.op(opI32Mul)
		f.i32(127)
		f.op(opI32Add)
		f.i32(0x8081)
		f.op(opI32Mul)
		f.i32(23)
		f.op(opI32ShrU)
		f.i32(channel.times)
		f.op(opI32Mul, opI32Add)
	}
}
