package isa

import "math/bits"

// SinTable[k] is round(1024 sin(2πk/1024)), halves away from zero. It is a table
// of integers so that every processor and every GPU has the same one.
var SinTable = makeSinTable()

// Alu computes a data instruction of up to three inputs that needs no memory:
// SET, ADD … CLAMP, SIN, COS, SQRT, FMUL … MIX. Unused inputs are ignored. fault is
// DivByZero for / and % by zero, else FaultNone. ok is false for any other
// opcode.
func Alu(op Op, a, b, c int32) (v int32, fault Fault, ok bool) {
	switch op {
	case SET:
		return a, 0, true
	case ADD:
		return a + b, 0, true
	case SUB:
		return a - b, 0, true
	case MUL:
		return a * b, 0, true
	case DIV:
		if b == 0 {
			return 0, DivByZero, true
		}
		return a / b, 0, true // Go: -2³¹ / -1 wraps to -2³¹
	case MOD:
		if b == 0 {
			return 0, DivByZero, true
		}
		return a % b, 0, true // Go: -2³¹ % -1 is 0
	case AND:
		return a & b, 0, true
	case OR:
		return a | b, 0, true
	case XOR:
		return a ^ b, 0, true
	case SHL:
		return a << (uint32(b) & 31), 0, true
	case SHR:
		return a >> (uint32(b) & 31), 0, true
	case USHR:
		return int32(uint32(a) >> (uint32(b) & 31)), 0, true
	case EQ:
		return bit(a == b), 0, true
	case NE:
		return bit(a != b), 0, true
	case LT:
		return bit(a < b), 0, true
	case LE:
		return bit(a <= b), 0, true
	case GT:
		return bit(a > b), 0, true
	case GE:
		return bit(a >= b), 0, true
	case NEG:
		return -a, 0, true
	case NOT:
		return ^a, 0, true
	case ISZ:
		return bit(a == 0), 0, true
	case MIN:
		return min(a, b), 0, true
	case MAX:
		return max(a, b), 0, true
	case ABS:
		if a < 0 {
			return -a, 0, true
		}
		return a, 0, true
	case SGN:
		return bit(a > 0) - bit(a < 0), 0, true
	case CLAMP:
		return max(b, min(c, a)), 0, true
	case SIN:
		return SinTable[uint32(a)&1023], 0, true
	case COS:
		return SinTable[(uint32(a)+256)&1023], 0, true
	case SQRT:
		return Sqrt(a), 0, true
	case FMUL:
		return mulShift(a, b, c), 0, true
	case FDIV:
		if b == 0 {
			return 0, DivByZero, true
		}
		return divShift(a, b, c), 0, true
	case HASH:
		return Hash(a), 0, true
	case ATAN2:
		return Atan2(a, b), 0, true
	case HYPOT:
		return Hypot(a, b), 0, true
	case NOISE:
		return Noise(a, b), 0, true
	case RGBOF:
		return RGB(a, b, c), 0, true
	case HSVOF:
		return HSV(a, b, c), 0, true
	case MIX:
		return Mix(a, b, c), 0, true
	}
	return 0, 0, false
}

func bit(b bool) int32 {
	if b {
		return 1
	}
	return 0
}

// Sqrt is the floor of the square root; 0 below 1. Digit by digit: no floats.
func Sqrt(a int32) int32 {
	if a < 1 {
		return 0
	}
	n, root := uint32(a), uint32(0)
	for b := uint32(1) << ((bits.Len32(n) - 1) &^ 1); b != 0; b >>= 2 {
		if n >= root+b {
			n -= root + b
			root = root>>1 + b
		} else {
			root >>= 1
		}
	}
	return int32(root)
}

// Random steps the PCG32 state and gives rnd(n): 0…n-1, or 0 for n <= 0. The
// state steps either way.
func Random(state uint32, n int32) (next uint32, v int32) {
	next = state*747796405 + 2891336453
	w := ((next >> ((next >> 28) + 4)) ^ next) * 277803737
	w = w>>22 ^ w
	if n <= 0 {
		return next, 0
	}
	return next, int32(w % uint32(n))
}

// ColorCode gives the cell canvas's code 1…216 of a 24-bit colour: each channel
// rounded to the nearest of six levels.
func ColorCode(rgb uint32) uint32 {
	level := func(c uint32) uint32 { return (c*5 + 127) / 255 }
	return 1 + 36*level(rgb>>16&0xFF) + 6*level(rgb>>8&0xFF) + level(rgb&0xFF)
}

// CodeColor gives the 24-bit colour 0xRRGGBB that code 1…216 is shown as; any
// other code gives def.
func CodeColor(code uint8, def uint32) uint32 {
	if code < 1 || code > 216 {
		return def
	}
	c := uint32(code) - 1
	return c/36*51<<16 | c/6%6*51<<8 | c%6*51
}

// ClampFar clamps an end of a LINE or a corner of a TRI to FarMin…FarMax.
func ClampFar(v int32) int32 { return max(FarMin, min(FarMax, v)) }

// ClampCoord clamps a coordinate or size of a draw to CoordMin…CoordMax.
func ClampCoord(v int32) int32 { return max(CoordMin, min(CoordMax, v)) }
