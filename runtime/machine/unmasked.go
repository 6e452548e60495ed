package machine

import "gvpie/runtime/isa"

// pure are the instructions that cannot fail and look at nothing but their
// operands: they may be executed for texels that do not want them.
var pure = func() (p [256]bool) {
	for _, op := range []isa.Op{
		isa.SET, isa.ADD, isa.SUB, isa.MUL, isa.AND, isa.OR, isa.XOR, isa.SHL, isa.SHR, isa.USHR,
		isa.EQ, isa.NE, isa.LT, isa.LE, isa.GT, isa.GE, isa.NEG, isa.NOT, isa.ISZ, isa.MIN, isa.MAX, isa.SIN, isa.COS,
	} {
		p[op] = true
	}
	return p
}()

// unmasked executes a pure instruction for all texels of a wave, its group's or
// not; known is false for anything else.
func (w *wave) unmasked(in *instr) (known bool) {
	d, a, b := w.at(in.x[0]), w.at(in.x[1]), w.at(in.x[2])
	switch in.op {
	case isa.SET:
		*d = *a
	case isa.ADD:
		for i := range d {
			d[i] = a[i] + b[i]
		}
	case isa.SUB:
		for i := range d {
			d[i] = a[i] - b[i]
		}
	case isa.MUL:
		for i := range d {
			d[i] = a[i] * b[i]
		}
	case isa.AND:
		for i := range d {
			d[i] = a[i] & b[i]
		}
	case isa.OR:
		for i := range d {
			d[i] = a[i] | b[i]
		}
	case isa.XOR:
		for i := range d {
			d[i] = a[i] ^ b[i]
		}
	case isa.SHL:
		for i := range d {
			d[i] = a[i] << (b[i] & 31)
		}
	case isa.SHR:
		for i := range d {
			d[i] = uint32(int32(a[i]) >> (b[i] & 31))
		}
	case isa.USHR:
		for i := range d {
			d[i] = a[i] >> (b[i] & 31)
		}
	case isa.EQ:
		for i := range d {
			d[i] = bit(a[i] == b[i])
		}
	case isa.NE:
		for i := range d {
			d[i] = bit(a[i] != b[i])
		}
	case isa.LT:
		for i := range d {
			d[i] = bit(int32(a[i]) < int32(b[i]))
		}
	case isa.LE:
		for i := range d {
			d[i] = bit(int32(a[i]) <= int32(b[i]))
		}
	case isa.GT:
		for i := range d {
			d[i] = bit(int32(a[i]) > int32(b[i]))
		}
	case isa.GE:
		for i := range d {
			d[i] = bit(int32(a[i]) >= int32(b[i]))
		}
	case isa.NEG:
		for i := range d {
			d[i] = -a[i]
		}
	case isa.NOT:
		for i := range d {
			d[i] = ^a[i]
		}
	case isa.ISZ:
		for i := range d {
			d[i] = bit(a[i] == 0)
		}
	case isa.MIN:
		for i := range d {
			d[i] = uint32(min(int32(a[i]), int32(b[i])))
		}
	case isa.MAX:
		for i := range d {
			d[i] = uint32(max(int32(a[i]), int32(b[i])))
		}
	case isa.SIN:
		for i := range d {
			d[i] = uint32(isa.SinTable[a[i]&1023])
		}
	case isa.COS:
		for i := range d {
			d[i] = uint32(isa.SinTable[(a[i]+256)&1023])
		}
	default:
		return false
	}
	return true
}
