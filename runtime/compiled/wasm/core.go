package wasm

import (
	"fmt"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// Loops of the core are compiled each as a function of its own, which the host calls
// where the loop begins. Memory begins with the data page; the state page, which the
// machine is to have there too, and the tables follow.

// CoreLayout says where in the memory of a core's module what lies: byte offsets.
type CoreLayout struct {
	State   uint32 // the state page
	Program uint32 // the program page, if HasProgram: the host writes it once
	// Draws, if HasDraws, is where a loop that draws finds what it needs, by the words
	// that are named Draw…, and Commands where it appends: MostCommands at a time.
	Draws, Commands uint32
	Size            uint32 // bytes in all

	HasProgram, HasDraws bool
	sin, atan            uint32
}

// What the host writes before it runs a loop that draws, and DrawNext it reads behind it.
const (
	DrawNext    = iota // address of the next command
	DrawEnd            // address behind the last that there is room for
	DrawClipMin        // as commands have them
	DrawClipMax
	DrawColor  // of those that have none of their own
	DrawCycles // cycle of the frame at which nothing is left
	drawWords
)

// MostCommands is how many commands there is room for.
const MostCommands = 512

// LoopName is the export that runs the i-th loop: loop(left) -> (pc, left). It runs the
// loop from its head on, for at most so many instructions as left says, on the data and
// state pages in memory; both are then as they are where it stopped: at the instruction
// at pc, with so many instructions left of those it was given. That is where the loop is
// left, where an instruction would fail, or where the next turn might need more than is
// left; or where there is no room for a command. The machine must have room for the calls of the loop on its stack. StPC and
// StCycles are not its business.
func LoopName(i int) string { return fmt.Sprint("loop", i) }

// InLoops says whether compiled loops may have an instruction in them.
func InLoops(p isa.Program, h isa.Header) func(in isa.Instr) bool {
	return func(in isa.Instr) bool {
		x := in.Args
		inside := func(base, length, page uint64) bool { return length > 0 && base+length <= page }
		data, program := uint64(h.DataWords), uint64(len(p))
		switch in.Spec.Op {
		case isa.LD:
			return inside(uint64(x[1]), uint64(x[2]), data)
		case isa.ST:
			return inside(uint64(x[0]), uint64(x[1]), data)
		case isa.LDT:
			return inside(uint64(x[1]), uint64(x[2]), program)
		case isa.LD2:
			return inside(uint64(x[1]), uint64(x[2])*uint64(x[3]), data)
		case isa.ST2:
			return inside(uint64(x[0]), uint64(x[1])*uint64(x[2]), data)
		case isa.LDT2:
			return inside(uint64(x[1]), uint64(x[2])*uint64(x[3]), program)
		case isa.INVOKE:
			return x[2] <= mostActivation
		}
		return loopOps[in.Spec.Op]
	}
}

// mostActivation is how many words the activation of a procedure may have that stands in
// a loop.
const mostActivation = 64

// loopOps are the other instructions that may be in a loop.
var loopOps = func() map[isa.Op]bool {
	ops := map[isa.Op]bool{}
	for op := range simple {
		ops[op] = true
	}
	for _, op := range []isa.Op{isa.PEEK} {
		delete(ops, op)
	}
	for op, kinds := range isa.Geometry {
		ops[isa.Op(op)] = ops[isa.Op(op)] || kinds != "" && isa.Op(op) != isa.EACH
	}
	for _, op := range []isa.Op{
		isa.CLS, isa.NOP, isa.JMP, isa.JZ, isa.JNZ, isa.LOOP, isa.CALL, isa.RET, isa.RETURN, isa.ASSERT, isa.SEED, isa.RND,
		isa.SQRT, isa.NOISE, isa.RGBOF, isa.HSVOF, isa.MIX,
	} {
		ops[op] = true
	}
	return ops
}()

// EmitCore writes loops of a program, whose instructions are all InLoops.
func EmitCore(loops []*flow.Loop, p isa.Program, h isa.Header) ([]byte, CoreLayout) {
	l := CoreLayout{State: 4 * isa.MaxDataWords}
	l.Size = l.State + 4*isa.StateWords
	room := func(words int) uint32 {
		at := l.Size
		l.Size += (uint32(words)*4 + 15) &^ 15
		return at
	}
	l.sin, l.atan = room(len(isa.SinTable)), room(atanWords)
	for _, loop := range loops {
		for i := range loop.Nodes {
			for _, in := range loop.Nodes[i].Instrs {
				l.HasProgram = l.HasProgram || in.Spec.Op == isa.LDT || in.Spec.Op == isa.LDT2
				l.HasDraws = l.HasDraws || in.Spec.Group == isa.GroupDraw
			}
		}
	}
	if l.HasProgram {
		l.Program = room(len(p))
	}
	if l.HasDraws {
		l.Draws, l.Commands = room(drawWords), room(MostCommands*isa.CommandWords)
	}
	k := &kernel.Kernel{W: h.W, H: h.H, Pixel: h.Pixel}
	k.Reads.Sin, k.Reads.Atan = true, true
	layout := Layout{State: l.State, Program: l.Program, Size: l.Size, DataWords: h.DataWords, ProgramWords: len(p), sin: l.sin, atan: l.atan}
	m := &module{bytes: l.Size}
	var shared computer
	for i, loop := range loops {
		c := &computer{pages: &pages{operands: &operands{k: k, l: layout, n: 1}}, m: m, atan2Func: shared.atan2Func, hypotFunc: shared.hypotFunc}
		e := &loopEmitter{computer: c, loop: loop, draws: l.Draws, words: map[uint32]*coreWord{}}
		e.function()
		m.exports = append(m.exports, export{LoopName(i), m.add(e.f)})
		shared = *c
	}
	shared.tables()
	return m.encode(), l
}

// loopEmitter writes the function of one loop.
type loopEmitter struct {
	*computer
	loop *flow.Loop

	words  map[uint32]*coreWord // data words that instructions name
	order  []uint32             // they, as they were found
	random local                // the state of the random numbers
	rolls  bool                 // it is used
	stack  local                // address of the first entry of the stack that is free as the loop begins
	depth  local                // calls that the run is in as it leaves
	pc     local                // where it goes on then
	out    label

	draws  uint32   // CoreLayout.Draws
	paints bool     // the loop draws
	next   local    // address of the next command
	camera [2]local // its place

	heads  map[int]label // of loops, while they are open
	merges map[int]label // of nodes that several ways lead to
	owed   uint32        // instructions that are paid for but not executed before the one that is written
	at     *flow.Node    // that is written
}

// coreWord is where a data word is that instructions name.
type coreWord struct {
	local   local
	memory  bool // it stays in memory: an array has it too
	written bool
}

const paramLeft local = 0

// function writes all of it.
func (e *loopEmitter) function() {
	e.f = newFunction([]valueType{i32}, []valueType{i32, i32})
	f := e.f
	e.heads, e.merges = map[int]label{}, map[int]label{}
	e.pc = f.local(i32)
	e.findWords()
	if e.loop.Depth > 0 {
		e.stack, e.depth = f.local(i32), f.local(i32)
		e.state(isa.StSP)
		f.i32(2)
		f.op(opI32Shl)
		f.set(e.stack)
	}
	if e.rolls {
		e.random = f.local(i32)
		e.state(isa.StRandom)
		f.set(e.random)
	}
	if e.paints {
		e.next = f.local(i32)
		e.draw(DrawNext)
		f.set(e.next)
		for i := range e.camera {
			e.camera[i] = f.local(i32)
			e.state(isa.StCameraX + int32(i))
			f.set(e.camera[i])
		}
	}
	for _, w := range e.order {
		if v := e.words[w]; !v.memory {
			v.local = f.local(i32)
			f.i32(0)
			f.load(opI32Load, 4*w)
			f.set(v.local)
		}
	}
	e.out = f.open(opBlock)
	e.tree(0)
	f.end()
	for _, w := range e.order {
		if v := e.words[w]; !v.memory && v.written {
			f.i32(0)
			f.get(v.local)
			f.load(opI32Store, 4*w)
		}
	}
	if e.rolls {
		f.i32(0)
		f.get(e.random)
		f.load(opI32Store, e.l.State+4*isa.StRandom)
	}
	if e.paints {
		f.i32(0)
		f.get(e.next)
		f.load(opI32Store, e.draws+4*DrawNext)
	}
	if e.loop.Depth > 0 {
		f.i32(0)
		f.get(e.stack)
		f.i32(2)
		f.op(opI32ShrU)
		f.get(e.depth)
		f.op(opI32Add)
		f.load(opI32Store, e.l.State+4*isa.StSP)
	}
	f.get(e.pc, paramLeft)
}

// findWords finds the data words that the loop's instructions name, and which of them
// its arrays have too.
func (e *loopEmitter) findWords() {
	type span struct{ from, to uint64 }
	var arrays []span
	word := func(w uint32, written bool) {
		v := e.words[w]
		if v == nil {
			v = &coreWord{}
			e.words[w] = v
			e.order = append(e.order, w)
		}
		v.written = v.written || written
	}
	for i := range e.loop.Nodes {
		for _, in := range e.loop.Nodes[i].Instrs {
			e.paints = e.paints || in.Spec.Group == isa.GroupDraw
			for k, x := range in.Args {
				switch {
				case in.Spec.Operands[k].Kind == isa.Out:
					word(x, true)
				case in.Mask>>k&1 == 1:
					word(x, false)
				}
			}
			x := in.Args
			switch in.Spec.Op {
			case isa.LD:
				arrays = append(arrays, span{uint64(x[1]), uint64(x[1]) + uint64(x[2])})
			case isa.ST:
				arrays = append(arrays, span{uint64(x[0]), uint64(x[0]) + uint64(x[1])})
			case isa.LD2:
				arrays = append(arrays, span{uint64(x[1]), uint64(x[1]) + uint64(x[2])*uint64(x[3])})
			case isa.ST2:
				arrays = append(arrays, span{uint64(x[0]), uint64(x[0]) + uint64(x[1])*uint64(x[2])})
			case isa.RND, isa.SEED:
				e.rolls = true
			case isa.INVOKE:
				for k := 0; k < len(in.Tail); k += 2 {
					if in.Tail[k] == 1 {
						word(in.Tail[k+1], false)
					}
				}
				for k := range x[2] {
					word(x[1]+k, true)
				}
			}
		}
	}
	for w, v := range e.words {
		for _, a := range arrays {
			v.memory = v.memory || uint64(w) >= a.from && uint64(w) < a.to
		}
	}
}

// get pushes a data word.
func (e *loopEmitter) get(w uint32) {
	if v := e.words[w]; !v.memory {
		e.f.get(v.local)
		return
	}
	e.f.i32(0)
	e.f.load(opI32Load, 4*w)
}

// set takes a data word from the stack.
func (e *loopEmitter) set(w uint32) {
	f := e.f
	if v := e.words[w]; !v.memory {
		f.set(v.local)
		return
	}
	t := f.keep(i32)
	f.i32(0)
	f.get(t)
	f.load(opI32Store, 4*w)
	f.release(t)
}

// operand pushes operand i of an instruction.
func (e *loopEmitter) operand(in isa.Instr, i int) {
	if in.Mask>>i&1 == 1 {
		e.get(in.Args[i])
		return
	}
	e.f.i32(int32(in.Args[i]))
}
