package machine

import "gvpie/runtime/isa"

// Programs spend their time in arithmetic, arrays and jumps. These run in a loop of
// their own that has nothing else: instructions of 16 bytes with operands of 16 bits,
// which need no bounds check in a data page that always has room for 65 536 words.
// Whatever it does not know, and whatever faults, it leaves to run in core.go, before
// anything of it is done.

// Ops that only tight code has, beside those of isa.
const (
	tightOther isa.Op = 0    // not decoded, or for run alone; NOP has tightNop
	tightNop   isa.Op = 0x01 // HALT is for run alone

	// tightIf + isa.EQ … isa.GE are a comparison and the JZ behind it of its result, in
	// one.
	tightIf = 0x60 - isa.EQ
)

// tight is one instruction, ready to execute. An operand is the word of code.mem
// that holds its value, or that the result goes to.
type tight struct {
	op      isa.Op
	d, a, b uint16
	k       uint32 // length of an array or table, or width | height<<16; the third operand of CLAMP and so on
	t       uint32 // where a jump goes, or an array or table begins
}

// memory is what code.mem has at least.
type memory = [isa.MaxDataWords]uint32

// tighten gives the tight form of a decoded instruction of the core, if it has one.
func (c *code) tighten(addr int) {
	in := &c.at[addr]
	out := &c.fast[addr]
	word := func(i int) uint16 { return uint16(in.x[i]) }
	jump := func(i int) bool {
		out.t = in.x[i]
		return out.t >= isa.HeaderWords && out.t < uint32(len(c.at))
	}
	array := func(base, length, page uint32) bool {
		out.t, out.k = base, length
		return uint64(base)+uint64(length) <= uint64(page)
	}
	array2 := func(a []uint32, page uint32) bool {
		out.t, out.k = a[0], a[1]|a[2]<<16
		return a[1] < 1<<16 && uint64(a[0])+uint64(a[1])*uint64(a[2]) <= uint64(page)
	}
	if len(c.mem) > isa.MaxDataWords {
		return // constants lie beyond the reach of 16 bits
	}
	ok := true
	op := in.op
	switch op {
	case isa.NOP:
		op = tightNop
	case isa.JMP:
		ok = jump(0)
	case isa.JZ, isa.JNZ:
		out.a, ok = word(0), jump(1)
	case isa.LOOP:
		out.a, out.b, out.d, ok = word(0), word(1), word(2), jump(3)
	case isa.ASSERT:
		out.a = word(0)
	case isa.LD:
		out.d, out.a, ok = word(0), word(3), array(in.x[1], in.x[2], c.scalars)
	case isa.LDT:
		out.d, out.a, ok = word(0), word(3), array(in.x[1], in.x[2], uint32(len(c.words)))
	case isa.ST:
		out.a, out.b, ok = word(2), word(3), array(in.x[0], in.x[1], c.scalars)
	case isa.LD2:
		out.d, out.a, out.b, ok = word(0), word(4), word(5), array2(in.x[1:4], c.scalars)
	case isa.LDT2:
		out.d, out.a, out.b, ok = word(0), word(4), word(5), array2(in.x[1:4], uint32(len(c.words)))
	case isa.ST2:
		out.d, out.a, out.b, ok = word(5), word(3), word(4), array2(in.x[0:3], c.scalars)
	case isa.EQ, isa.NE, isa.LT, isa.LE, isa.GT, isa.GE:
		out.d, out.a, out.b = word(0), word(1), word(2)
		if t, yes := c.decides(addr); yes {
			op, out.t = op+tightIf, t
		}
	case isa.SET, isa.ADD, isa.SUB, isa.MUL, isa.DIV, isa.MOD, isa.AND, isa.OR, isa.XOR, isa.SHL, isa.SHR, isa.USHR,
		isa.NEG, isa.NOT, isa.ISZ, isa.MIN, isa.MAX, isa.ABS, isa.SGN, isa.CLAMP, isa.SIN, isa.COS, isa.FMUL, isa.FDIV, isa.HASH:
		out.d, out.a, out.b, out.k = word(0), word(1), word(2), in.x[3]
	default:
		return
	}
	if ok {
		out.op = op
	}
}

// decides says whether the comparison at an address decides the jump behind it, and
// where that goes when it is false.
func (c *code) decides(addr int) (target uint32, yes bool) {
	next := addr + int(c.at[addr].size)
	if c.at[next].op == opFetch {
		c.decode(next)
	}
	jz := &c.at[next]
	if jz.op != isa.JZ || jz.x[0] != c.at[addr].x[0] || c.fast[next].op != isa.JZ {
		return 0, false
	}
	return jz.x[1], true
}

// sprint executes tight code from an address until it has taken so many cycles or
// comes to what it leaves to run, such as stores while blocks are pending. It gives the
// address and the cycles it stands at.
func (c *code) sprint(pc, cycles, stop uint32, pending bool) (uint32, uint32) {
	fast, program := c.fast, c.words
	mem := (*memory)(c.mem[:isa.MaxDataWords])
	for cycles != stop {
		in := &fast[pc]
		switch in.op {
		case tightNop:
			pc++
		case isa.JMP:
			pc = in.t
		case isa.JZ:
			pc += 3
			if mem[in.a] == 0 {
				pc = in.t
			}
		case isa.JNZ:
			pc += 3
			if mem[in.a] != 0 {
				pc = in.t
			}
		case isa.LOOP:
			pc += 5
			if passed(int32(mem[in.a]), int32(mem[in.b]), int32(mem[in.d])) {
				pc = in.t
			}
		case isa.ASSERT:
			if mem[in.a] == 0 {
				return pc, cycles
			}
			pc += 2

		case isa.SET:
			mem[in.d] = mem[in.a]
			pc += 3
		case isa.ADD:
			mem[in.d] = mem[in.a] + mem[in.b]
			pc += 4
		case isa.SUB:
			mem[in.d] = mem[in.a] - mem[in.b]
			pc += 4
		case isa.MUL:
			mem[in.d] = mem[in.a] * mem[in.b]
			pc += 4
		case isa.DIV:
			b := int32(mem[in.b])
			if b == 0 {
				return pc, cycles
			}
			mem[in.d] = uint32(int32(mem[in.a]) / b)
			pc += 4
		case isa.MOD:
			b := int32(mem[in.b])
			if b == 0 {
				return pc, cycles
			}
			mem[in.d] = uint32(int32(mem[in.a]) % b)
			pc += 4
		case isa.AND:
			mem[in.d] = mem[in.a] & mem[in.b]
			pc += 4
		case isa.OR:
			mem[in.d] = mem[in.a] | mem[in.b]
			pc += 4
		case isa.XOR:
			mem[in.d] = mem[in.a] ^ mem[in.b]
			pc += 4
		case isa.SHL:
			mem[in.d] = mem[in.a] << (mem[in.b] & 31)
			pc += 4
		case isa.SHR:
			mem[in.d] = uint32(int32(mem[in.a]) >> (mem[in.b] & 31))
			pc += 4
		case isa.USHR:
			mem[in.d] = mem[in.a] >> (mem[in.b] & 31)
			pc += 4
		case isa.EQ:
			mem[in.d] = bit(mem[in.a] == mem[in.b])
			pc += 4
		case isa.NE:
			mem[in.d] = bit(mem[in.a] != mem[in.b])
			pc += 4
		case isa.LT:
			mem[in.d] = bit(int32(mem[in.a]) < int32(mem[in.b]))
			pc += 4
		case isa.LE:
			mem[in.d] = bit(int32(mem[in.a]) <= int32(mem[in.b]))
			pc += 4
		case isa.GT:
			mem[in.d] = bit(int32(mem[in.a]) > int32(mem[in.b]))
			pc += 4
		case isa.GE:
			mem[in.d] = bit(int32(mem[in.a]) >= int32(mem[in.b]))
			pc += 4
		case isa.NEG:
			mem[in.d] = -mem[in.a]
			pc += 3
		case isa.NOT:
			mem[in.d] = ^mem[in.a]
			pc += 3
		case isa.ISZ:
			mem[in.d] = bit(mem[in.a] == 0)
			pc += 3
		case isa.MIN:
			mem[in.d] = uint32(min(int32(mem[in.a]), int32(mem[in.b])))
			pc += 4
		case isa.MAX:
			mem[in.d] = uint32(max(int32(mem[in.a]), int32(mem[in.b])))
			pc += 4
		case isa.ABS:
			a := int32(mem[in.a])
			mem[in.d] = uint32(max(a, -a))
			pc += 3
		case isa.SGN:
			a := int32(mem[in.a])
			mem[in.d] = bit(a > 0) - bit(a < 0)
			pc += 3
		case isa.CLAMP:
			mem[in.d] = uint32(max(int32(mem[in.b]), min(int32(mem[uint16(in.k)]), int32(mem[in.a]))))
			pc += 5
		case isa.SIN:
			mem[in.d] = uint32(isa.SinTable[mem[in.a]&1023])
			pc += 3
		case isa.COS:
			mem[in.d] = uint32(isa.SinTable[(mem[in.a]+256)&1023])
			pc += 3
		case isa.FMUL:
			product := int64(int32(mem[in.a])) * int64(int32(mem[in.b]))
			mem[in.d] = uint32(product >> (mem[uint16(in.k)] & 63))
			pc += 5
		case isa.FDIV:
			b := int64(int32(mem[in.b]))
			if b == 0 {
				return pc, cycles
			}
			mem[in.d] = uint32(int64(int32(mem[in.a])) << (mem[uint16(in.k)] & 31) / b)
			pc += 5
		case isa.HASH:
			mem[in.d] = uint32(isa.Hash(int32(mem[in.a])))
			pc += 3
		case isa.LD2:
			x, y, w := mem[in.a], mem[in.b], in.k&0xFFFF
			if x >= w || y >= in.k>>16 {
				return pc, cycles
			}
			mem[in.d] = mem[uint16(in.t+x+w*y)]
			pc += 7
		case isa.LDT2:
			x, y, w := mem[in.a], mem[in.b], in.k&0xFFFF
			if x >= w || y >= in.k>>16 {
				return pc, cycles
			}
			mem[in.d] = program[in.t+x+w*y]
			pc += 7
		case isa.ST2:
			x, y, w := mem[in.a], mem[in.b], in.k&0xFFFF
			if x >= w || y >= in.k>>16 || pending {
				return pc, cycles
			}
			mem[uint16(in.t+x+w*y)] = mem[in.d]
			pc += 7
		case isa.LD:
			i := mem[in.a]
			if i >= in.k {
				return pc, cycles
			}
			mem[in.d] = mem[uint16(in.t+i)]
			pc += 5
		case isa.LDT:
			i := mem[in.a]
			if i >= in.k {
				return pc, cycles
			}
			mem[in.d] = program[in.t+i]
			pc += 5
		case isa.ST:
			i := mem[in.a]
			if i >= in.k || pending {
				return pc, cycles
			}
			mem[uint16(in.t+i)] = mem[in.b]
			pc += 5

		case tightIf + isa.EQ:
			yes := mem[in.a] == mem[in.b]
			mem[in.d] = bit(yes)
			if cycles++; cycles == stop {
				return pc + 4, cycles
			}
			if pc += 7; !yes {
				pc = in.t
			}
		case tightIf + isa.NE:
			yes := mem[in.a] != mem[in.b]
			mem[in.d] = bit(yes)
			if cycles++; cycles == stop {
				return pc + 4, cycles
			}
			if pc += 7; !yes {
				pc = in.t
			}
		case tightIf + isa.LT:
			yes := int32(mem[in.a]) < int32(mem[in.b])
			mem[in.d] = bit(yes)
			if cycles++; cycles == stop {
				return pc + 4, cycles
			}
			if pc += 7; !yes {
				pc = in.t
			}
		case tightIf + isa.LE:
			yes := int32(mem[in.a]) <= int32(mem[in.b])
			mem[in.d] = bit(yes)
			if cycles++; cycles == stop {
				return pc + 4, cycles
			}
			if pc += 7; !yes {
				pc = in.t
			}
		case tightIf + isa.GT:
			yes := int32(mem[in.a]) > int32(mem[in.b])
			mem[in.d] = bit(yes)
			if cycles++; cycles == stop {
				return pc + 4, cycles
			}
			if pc += 7; !yes {
				pc = in.t
			}
		case tightIf + isa.GE:
			yes := int32(mem[in.a]) >= int32(mem[in.b])
			mem[in.d] = bit(yes)
			if cycles++; cycles == stop {
				return pc + 4, cycles
			}
			if pc += 7; !yes {
				pc = in.t
			}

		default:
			return pc, cycles
		}
		cycles++
	}
	return pc, cycles
}
