package lanes

import "gvpie/runtime/isa"

// loops are Does without the processor's own vectors.
var loops = [256]func(d, a, b *Vector){
	isa.SET: func(d, a, _ *Vector) {
		*d = *a
	},
	isa.ADD: func(d, a, b *Vector) {
		for i := range d {
			d[i] = a[i] + b[i]
		}
	},
	isa.SUB: func(d, a, b *Vector) {
		for i := range d {
			d[i] = a[i] - b[i]
		}
	},
	isa.MUL: func(d, a, b *Vector) {
		for i := range d {
			d[i] = a[i] * b[i]
		}
	},
	isa.AND: func(d, a, b *Vector) {
		for i := range d {
			d[i] = a[i] & b[i]
		}
	},
	isa.OR: func(d, a, b *Vector) {
		for i := range d {
			d[i] = a[i] | b[i]
		}
	},
	isa.XOR: func(d, a, b *Vector) {
		for i := range d {
			d[i] = a[i] ^ b[i]
		}
	},
	isa.SHL: func(d, a, b *Vector) {
		for i := range d {
			d[i] = a[i] << (b[i] & 31)
		}
	},
	isa.SHR: func(d, a, b *Vector) {
		for i := range d {
			d[i] = uint32(int32(a[i]) >> (b[i] & 31))
		}
	},
	isa.USHR: func(d, a, b *Vector) {
		for i := range d {
			d[i] = a[i] >> (b[i] & 31)
		}
	},
	isa.EQ: func(d, a, b *Vector) {
		for i := range d {
			d[i] = isTrue(a[i] == b[i])
		}
	},
	isa.NE: func(d, a, b *Vector) {
		for i := range d {
			d[i] = isTrue(a[i] != b[i])
		}
	},
	isa.LT: func(d, a, b *Vector) {
		for i := range d {
			d[i] = isTrue(int32(a[i]) < int32(b[i]))
		}
	},
	isa.LE: func(d, a, b *Vector) {
		for i := range d {
			d[i] = isTrue(int32(a[i]) <= int32(b[i]))
		}
	},
	isa.GT: func(d, a, b *Vector) {
		for i := range d {
			d[i] = isTrue(int32(a[i]) > int32(b[i]))
		}
	},
	isa.GE: func(d, a, b *Vector) {
		for i := range d {
			d[i] = isTrue(int32(a[i]) >= int32(b[i]))
		}
	},
	isa.NEG: func(d, a, _ *Vector) {
		for i := range d {
			d[i] = -a[i]
		}
	},
	isa.NOT: func(d, a, _ *Vector) {
		for i := range d {
			d[i] = ^a[i]
		}
	},
	isa.ISZ: func(d, a, _ *Vector) {
		for i := range d {
			d[i] = isTrue(a[i] == 0)
		}
	},
	isa.MIN: func(d, a, b *Vector) {
		for i := range d {
			d[i] = uint32(min(int32(a[i]), int32(b[i])))
		}
	},
	isa.MAX: func(d, a, b *Vector) {
		for i := range d {
			d[i] = uint32(max(int32(a[i]), int32(b[i])))
		}
	},
	isa.ABS: func(d, a, _ *Vector) {
		for i := range d {
			d[i] = uint32(max(int32(a[i]), -int32(a[i])))
		}
	},
	isa.SIN: func(d, a, _ *Vector) {
		for i := range d {
			d[i] = uint32(isa.SinTable[a[i]&1023])
		}
	},
	isa.COS: func(d, a, _ *Vector) {
		for i := range d {
			d[i] = uint32(isa.SinTable[(a[i]+256)&1023])
		}
	},
}

func isTrue(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

func fillLoop(d *Vector, word uint32) {
	for i := range d {
		d[i] = word
	}
}

func pixelsLoop(d, a *Vector) {
	for i, rgb := range a {
		d[i] = rgb>>16&0xFF | rgb&0xFF00 | rgb&0xFF<<16 | 0xFF000000
	}
}
