package kernel

import (
	"math/bits"

	"gvpie/runtime/isa"
)

// compute is the range of an instruction's result, for operands of these ranges. It
// is everything where the result may wrap.
func compute(op isa.Op, a, b, c Range) Range {
	switch op {
	case isa.SET:
		return a
	case isa.ADD:
		return fits(int64(a.Lo)+int64(b.Lo), int64(a.Hi)+int64(b.Hi))
	case isa.SUB:
		return fits(int64(a.Lo)-int64(b.Hi), int64(a.Hi)-int64(b.Lo))
	case isa.MUL:
		return product(a, b)
	case isa.NEG:
		return fits(-int64(a.Hi), -int64(a.Lo))
	case isa.NOT:
		return Range{^a.Hi, ^a.Lo}
	case isa.DIV:
		return quotient(a, b)
	case isa.MOD:
		return remainder(a, b)
	case isa.AND, isa.OR, isa.XOR:
		return bitwise(op, a, b)
	case isa.SHL, isa.SHR, isa.USHR:
		return shifted(op, a, b)
	case isa.EQ, isa.NE, isa.LT, isa.LE, isa.GT, isa.GE:
		return compare(op, a, b)
	case isa.MIN:
		return Range{min(a.Lo, b.Lo), min(a.Hi, b.Hi)}
	case isa.MAX:
		return Range{max(a.Lo, b.Lo), max(a.Hi, b.Hi)}
	case isa.CLAMP:
		return Range{max(b.Lo, min(c.Lo, a.Lo)), max(b.Hi, min(c.Hi, a.Hi))}
	case isa.ABS:
		switch {
		case a.Lo >= 0:
			return a
		case a.Lo == everything.Lo:
			return everything
		case a.Hi <= 0:
			return Range{-a.Hi, -a.Lo}
		}
		return Range{0, max(-a.Lo, a.Hi)}
	case isa.SGN:
		return Range{sign(a.Lo), sign(a.Hi)}
	case isa.SIN, isa.COS:
		return Range{-1024, 1024}
	case isa.SQRT:
		return Range{isa.Sqrt(a.Lo), isa.Sqrt(a.Hi)}
	case isa.ATAN2:
		return Range{0, 1023}
	case isa.HYPOT:
		return Range{0, everything.Hi}
	case isa.NOISE:
		return Range{0, 255}
	case isa.RGBOF, isa.HSVOF, isa.MIX:
		return Range{0, 1<<24 - 1}
	case isa.FMUL:
		return scaledProduct(a, b, c)
	}
	return everything
}

func sign(v int32) int32 {
	switch {
	case v < 0:
		return -1
	case v > 0:
		return 1
	}
	return 0
}

// fits is a range of 32 bits, or everything if it is more.
func fits(lo, hi int64) Range {
	if lo < int64(everything.Lo) || hi > int64(everything.Hi) {
		return everything
	}
	return Range{int32(lo), int32(hi)}
}

// corners are the smallest and the largest product.
func corners(a, b Range) (lo, hi int64) {
	p := int64(a.Lo) * int64(b.Lo)
	q := int64(a.Lo) * int64(b.Hi)
	r := int64(a.Hi) * int64(b.Lo)
	s := int64(a.Hi) * int64(b.Hi)
	return min(p, q, r, s), max(p, q, r, s)
}

func product(a, b Range) Range { return fits(corners(a, b)) }

// square is the product of a value and itself.
func square(a Range) Range {
	most := max(int64(a.Lo)*int64(a.Lo), int64(a.Hi)*int64(a.Hi))
	if a.Lo > 0 || a.Hi < 0 {
		return fits(min(int64(a.Lo)*int64(a.Lo), int64(a.Hi)*int64(a.Hi)), most)
	}
	return fits(0, most)
}

func scaledProduct(a, b, s Range) Range {
	if !s.Const() {
		return everything
	}
	lo, hi := corners(a, b)
	shift := uint32(s.Lo) & 63
	return fits(lo>>shift, hi>>shift)
}

func quotient(a, b Range) Range {
	if b.Lo > 0 {
		lo, hi := a.Lo/b.Hi, a.Hi/b.Hi
		if a.Lo < 0 {
			lo = a.Lo / b.Lo
		}
		if a.Hi > 0 {
			hi = a.Hi / b.Lo
		}
		return Range{lo, hi}
	}
	if a.Lo == everything.Lo {
		return everything
	}
	most := max(-a.Lo, a.Hi)
	return Range{-most, most}
}

func remainder(a, b Range) Range {
	most := everything.Hi
	if b.Lo > everything.Lo {
		most = max(-b.Lo, b.Hi) - 1
	}
	if most < 0 {
		return Range{0, 0} // it fails
	}
	r := Range{-most, most}
	if a.Lo >= 0 {
		r.Lo = 0
	} else if a.Lo > -most {
		r.Lo = a.Lo
	}
	if a.Hi <= 0 {
		r.Hi = 0
	} else if a.Hi < most {
		r.Hi = a.Hi
	}
	return r
}

func bitwise(op isa.Op, a, b Range) Range {
	if a.Lo >= 0 && b.Lo >= 0 {
		if op == isa.AND {
			return Range{0, min(a.Hi, b.Hi)}
		}
		all := int32(1<<bits.Len32(uint32(a.Hi|b.Hi)) - 1)
		if op == isa.OR {
			return Range{max(a.Lo, b.Lo), all}
		}
		return Range{0, all}
	}
	if op == isa.AND {
		switch {
		case a.Lo >= 0:
			return Range{0, a.Hi}
		case b.Lo >= 0:
			return Range{0, b.Hi}
		}
	}
	return everything
}

func shifted(op isa.Op, a, by Range) Range {
	if by.Lo < 0 || by.Hi > 31 {
		if !by.Const() {
			if op == isa.SHR {
				return Range{min(a.Lo, 0), max(a.Hi, -1)}
			}
			return everything
		}
		by.Lo &= 31
		by.Hi = by.Lo
	}
	switch op {
	case isa.SHL:
		return fits(min(int64(a.Lo)<<by.Lo, int64(a.Lo)<<by.Hi), max(int64(a.Hi)<<by.Lo, int64(a.Hi)<<by.Hi))
	case isa.USHR:
		if a.Lo < 0 {
			if by.Lo == 0 {
				return everything
			}
			return Range{0, int32(^uint32(0) >> by.Lo)}
		}
	}
	return Range{min(a.Lo>>by.Lo, a.Lo>>by.Hi), max(a.Hi>>by.Lo, a.Hi>>by.Hi)}
}

// compare is 1 or 0 where the ranges tell.
func compare(op isa.Op, a, b Range) Range {
	yes, no := Range{1, 1}, Range{0, 0}
	switch op {
	case isa.EQ:
		switch {
		case a.Hi < b.Lo || a.Lo > b.Hi:
			return no
		case a.Const() && a == b:
			return yes
		}
	case isa.NE:
		switch {
		case a.Hi < b.Lo || a.Lo > b.Hi:
			return yes
		case a.Const() && a == b:
			return no
		}
	case isa.LT:
		switch {
		case a.Hi < b.Lo:
			return yes
		case a.Lo >= b.Hi:
			return no
		}
	case isa.LE:
		switch {
		case a.Hi <= b.Lo:
			return yes
		case a.Lo > b.Hi:
			return no
		}
	case isa.GT:
		return compare(isa.LT, b, a)
	case isa.GE:
		return compare(isa.LE, b, a)
	}
	return Range{0, 1}
}
