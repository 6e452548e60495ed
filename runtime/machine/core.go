package machine

import (
	"context"

	"gvpie/runtime/isa"
)

// yieldEvery is how many cycles pass between two looks at the context.
const yieldEvery = 1 << 14

// run executes instructions until the frame ends or faults, or has taken so many
// cycles (then the status is Running), and leaves the state page as it is there
// but for its status and fault. The error is the context's. Most instructions are
// executed by sprint; here are those that it leaves.
func (m *Core) run(ctx context.Context, cycle uint32) (isa.Status, *Fault, error) {
	m.loops.prepare(m, 0)
	var (
		st     = m.state
		pc     = st[isa.StPC]
		sp     = st[isa.StSP]
		code   = m.code.at
		mem    = m.code.mem
		cycles = st[isa.StCycles]
		budget = st[isa.StBudget]
		limit  = max(cycles, min(cycle, budget))
		stop   = cycles + min(limit-cycles, yieldEvery)
		began  = cycles
		fault  *Fault
		status isa.Status
		trace  = m.trace
		told   = cycles // of which the compiler knows
	)
loop:
	for {
		if m.code.fast[pc].op != tightOther && trace == nil {
			pc, cycles = m.code.sprint(pc, cycles, stop, m.pending)
			if m.code.fast[pc].op == tightLoop && cycles < limit {
				st[isa.StSP] = sp
				from := cycles
				var failed bool
				var err error
				if pc, cycles, failed, err = m.loops.enter(ctx, m, pc, cycles, limit); err != nil {
					return 0, nil, err
				}
				if failed {
					m.loops.again(m)
					return m.run(ctx, cycle)
				}
				sp = st[isa.StSP]
				told += cycles - from
				stop = max(stop, cycles)
			}
		}
		in := &code[pc]
		if cycles == stop && in.op != opEnd {
			if cycles == budget {
				fault = &Fault{Code: isa.CycleLimit, A: int32(budget)}
				break loop
			}
			if cycles == limit {
				status = isa.Running
				break loop
			}
			if err := ctx.Err(); err != nil {
				return 0, nil, err
			}
			m.loops.prepare(m, cycles-told)
			st, mem, told = m.state, m.code.mem, cycles
			stop = cycles + min(limit-cycles, yieldEvery)
		}
		cycles++
		trace.note(pc, in.op)
		target := pc + uint32(in.size)
	again:
		switch in.op {
		case opStop:
			if cycles--; cycles != began {
				status = isa.Running
				break loop
			}
			cycles++
			stopped := m.code.stops[pc]
			in = &stopped
			goto again
		case opFetch:
			cycles--
			m.code.decode(int(pc))
			mem = m.code.mem
			continue
		case opEnd:
			cycles--
			status = isa.Halted
			break loop
		case opBad:
			fault = &Fault{Code: isa.BadOpcode, A: int32(in.x[0])}
			break loop
		case opRange:
			fault = m.outOfData(in.x[0])
			break loop

		case isa.NOP:
		case isa.HALT:
			pc = target
			status = isa.Halted
			break loop
		case isa.FRAME:
			pc = target
			status = isa.Framed
			st[isa.StFrame]++
			mem[isa.SysFrame] = st[isa.StFrame]
			break loop
		case isa.JMP:
			target = in.x[0]
			goto jump
		case isa.JZ:
			if mem[in.x[0]] == 0 {
				target = in.x[1]
				goto jump
			}
		case isa.JNZ:
			if mem[in.x[0]] != 0 {
				target = in.x[1]
				goto jump
			}
		case isa.LOOP:
			if passed(int32(mem[in.x[0]]), int32(mem[in.x[1]]), int32(mem[in.x[2]])) {
				target = in.x[3]
				goto jump
			}
		case isa.CALL:
			if sp == isa.StackDepth {
				fault = &Fault{Code: isa.StackOverflow, A: isa.StackDepth}
				break loop
			}
			if target = in.x[0]; target < isa.HeaderWords || target >= uint32(len(code)) {
				fault = m.outOfCode(target)
				break loop
			}
			st[isa.StStack+sp] = pc + uint32(in.size)
			sp++
		case isa.RET:
			if sp == 0 {
				fault = &Fault{Code: isa.StackUnderflow}
				break loop
			}
			if target = st[isa.StStack+sp-1]; target&isa.StackProc != 0 {
				fault = &Fault{Code: isa.StackUnderflow}
				break loop
			}
			sp--
		case isa.INVOKE:
			if fault = m.invoke(sp, in, m.code.tail(int(pc), in)); fault != nil {
				break loop
			}
			trace.where(sp)
			st[isa.StStack+sp] = target | isa.StackProc
			sp++
			target = in.x[0]
		case isa.RETURN:
			if sp, fault = m.leave(sp, in); fault != nil {
				break loop
			}
			trace.where(sp)
			target = st[isa.StStack+sp] & isa.StackAddr
		case isa.ASSERT:
			if mem[in.x[0]] == 0 {
				fault = &Fault{Code: isa.AssertFailed}
				break loop
			}

		case isa.SET, isa.ADD, isa.SUB, isa.MUL, isa.DIV, isa.MOD, isa.AND, isa.OR, isa.XOR, isa.SHL, isa.SHR, isa.USHR,
			isa.EQ, isa.NE, isa.LT, isa.LE, isa.GT, isa.GE, isa.NEG, isa.NOT, isa.ISZ, isa.MIN, isa.MAX, isa.ABS, isa.SGN,
			isa.CLAMP, isa.SIN, isa.COS, isa.SQRT, isa.FMUL, isa.FDIV, isa.HASH, isa.ATAN2, isa.HYPOT, isa.NOISE, isa.RGBOF,
			isa.HSVOF, isa.MIX:
			// x[2] and x[3] are 0 where there is no such operand.
			a := int32(mem[in.x[1]])
			v, f, _ := isa.Alu(in.op, a, int32(mem[in.x[2]]), int32(mem[in.x[3]]))
			if f != isa.FaultNone {
				fault = &Fault{Code: f, A: a}
				break loop
			}
			mem[in.x[0]] = uint32(v)
		case isa.RND:
			var v int32
			st[isa.StRandom], v = isa.Random(st[isa.StRandom], int32(mem[in.x[1]]))
			mem[in.x[0]] = uint32(v)
		case isa.SEED:
			st[isa.StRandom] = mem[in.x[0]]
		case isa.PEEK:
			if m.began == nil {
				var err error
				if m.began, err = m.surface.Began(ctx); err != nil {
					return 0, nil, err
				}
			}
			mem[in.x[0]] = m.peek(int32(mem[in.x[1]]), int32(mem[in.x[2]]))
		case isa.KEY:
			mem[in.x[0]] = held(st, mem[in.x[1]])
		case isa.KEYP:
			mem[in.x[0]] = pressed(st, mem[in.x[1]])
		case isa.INPUT:
			mem[in.x[0]] = inputOf(st, mem[in.x[1]])
		case isa.LD2:
			at, f := element2(in.x[1:4], mem[in.x[4]], mem[in.x[5]], uint32(m.header.DataWords))
			if f != nil {
				fault = f
				break loop
			}
			mem[in.x[0]] = mem[at]
		case isa.LDT2:
			at, f := element2(in.x[1:4], mem[in.x[4]], mem[in.x[5]], uint32(len(m.program)))
			if f != nil {
				fault = f
				break loop
			}
			mem[in.x[0]] = m.program[at]
		case isa.LD:
			at, f := element(in.x[1], in.x[2], mem[in.x[3]], uint32(m.header.DataWords))
			if f != nil {
				fault = f
				break loop
			}
			mem[in.x[0]] = mem[at]
		case isa.LDT:
			at, f := element(in.x[1], in.x[2], mem[in.x[3]], uint32(len(m.program)))
			if f != nil {
				fault = f
				break loop
			}
			mem[in.x[0]] = m.program[at]
		case isa.ST:
			at, f := element(in.x[0], in.x[1], mem[in.x[2]], uint32(m.header.DataWords))
			if f != nil {
				fault = f
				break loop
			}
			if err := m.settle(ctx); err != nil {
				return 0, nil, err
			}
			trace.where(at)
			mem[at] = mem[in.x[3]]
		case isa.ST2:
			at, f := element2(in.x[0:3], mem[in.x[3]], mem[in.x[4]], uint32(m.header.DataWords))
			if f != nil {
				fault = f
				break loop
			}
			if err := m.settle(ctx); err != nil {
				return 0, nil, err
			}
			trace.where(at)
			mem[at] = mem[in.x[5]]

		case isa.COLOR:
			st[isa.StInk] = isa.ColorSet | mem[in.x[0]]&0xFFFFFF
			if in.args > 1 {
				st[isa.StPaper] = isa.ColorSet | mem[in.x[1]]&0xFFFFFF
			}
		case isa.EACH:
			if fault = m.appendEach(int(pc), cycles, in); fault != nil {
				break loop
			}
			target = in.x[4]
		case isa.TXT, isa.LOG:
			if fault = m.appendText(int(pc), cycles, in); fault != nil {
				break loop
			}
		case isa.CLS, isa.RECT, isa.BOX, isa.FILL, isa.PLOT, isa.LINE, isa.CIRC, isa.RING, isa.BLIT, isa.TRI:
			if fault = m.appendDraw(int(pc), cycles, in); fault != nil {
				break loop
			}
		case isa.SPR:
			if fault = m.appendSprite(int(pc), cycles, in); fault != nil {
				break loop
			}
		case isa.CLIP:
			m.setClip(in)
		case isa.CAMERA:
			m.setCamera(in)
		default: // isa has it, and somebody has forgotten it here
			fault = &Fault{Code: isa.BadOpcode, A: int32(m.program[pc])}
			break loop
		}
		pc = target
		continue

	jump:
		if target < isa.HeaderWords || target >= uint32(len(code)) {
			fault = m.outOfCode(target)
			break loop
		}
		pc = target
	}
	if fault != nil {
		status = isa.Faulted
		fault.PC, fault.X, fault.Y = int(pc), -1, -1
	}
	st[isa.StPC], st[isa.StSP], st[isa.StCycles] = pc, sp, cycles
	m.loops.prepare(m, cycles-told)
	return status, fault, nil
}

func bit(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

// passed says whether a FOR loop's i has passed the limit in step's direction.
func passed(i, limit, step int32) bool {
	if step < 0 {
		return i < limit
	}
	return i > limit
}

// element is the word that array[i] names: base and length as the instruction
// has them, i signed, in a page of the given length.
func element(base, length, i, page uint32) (at uint32, fault *Fault) {
	if int32(i) < 0 || i >= length {
		return 0, &Fault{Code: isa.AddressOutOfRange, A: int32(i), B: int32(length)}
	}
	if at = base + i; at < base || at >= page {
		return 0, &Fault{Code: isa.AddressOutOfRange, A: int32(at), B: int32(page)}
	}
	return at, nil
}

func (m *Core) outOfData(index uint32) *Fault {
	return &Fault{Code: isa.AddressOutOfRange, A: int32(index), B: int32(m.header.DataWords)}
}

func (m *Core) outOfCode(addr uint32) *Fault {
	return &Fault{Code: isa.AddressOutOfRange, A: int32(addr), B: int32(m.header.CodeEnd)}
}

// peek is the texel at (x, y) as the frame began: 0 off the canvas; glyph +
// 256 ink + 65536 paper on a cell canvas, 0xRRGGBB on a pixel canvas.
func (m *Core) peek(x, y int32) uint32 { return peekIn(m.header, m.began, x, y) }

// peekIn is peek of any display.
func peekIn(h isa.Header, display []uint32, x, y int32) uint32 {
	if uint32(x) >= uint32(h.W) || uint32(y) >= uint32(h.H) {
		return 0
	}
	t := display[int(y)*h.W+int(x)]
	if h.Pixel {
		return t&0xFF<<16 | t&0xFF00 | t>>16&0xFF
	}
	return t & 0xFFFFFF
}

// held is 1 while the key with code c is held.
func held(state []uint32, c uint32) uint32 {
	if c > 255 {
		return 0
	}
	return state[isa.StKeys+c>>5] >> (c & 31) & 1
}
