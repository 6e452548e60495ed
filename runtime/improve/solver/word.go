package solver

import (
	"slices"

	"gvpie/runtime/isa"
)

// word is 32 bits of a circuit, the lowest first.
type word [32]lit

const sign = 31

func constant(v int32) (w word) {
	for i := range w {
		w[i] = lit(uint32(v) >> i & 1)
	}
	return w
}

func bitWord(l lit) (w word) {
	w[0] = l
	return w
}

// known gives the number that a word is, if it is one.
func (w *word) known() (v int32, ok bool) {
	for i, l := range w {
		if l > yes {
			return 0, false
		}
		v |= int32(l) << i
	}
	return v, true
}

func (c *circuit) not(a word) (w word) {
	for i := range w {
		w[i] = a[i].not()
	}
	return w
}

// sum is a + b + carry, and the carry out of it.
func (c *circuit) sum(a, b word, carry lit) (w word, out lit) {
	for i := range w {
		w[i] = c.xor(c.xor(a[i], b[i]), carry)
		carry = c.majority(a[i], b[i], carry)
	}
	return w, carry
}

func (c *circuit) minus(a, b word) word {
	w, _ := c.sum(a, c.not(b), yes)
	return w
}

func (c *circuit) negate(a word) word { return c.minus(word{}, a) }

// below is a < b of words without a sign.
func (c *circuit) below(a, b word) lit {
	_, carry := c.sum(a, c.not(b), yes)
	return carry.not()
}

// less is a < b.
func (c *circuit) less(a, b word) lit {
	a[sign], b[sign] = a[sign].not(), b[sign].not()
	return c.below(a, b)
}

func (c *circuit) same(a, b word) lit {
	all := yes
	for i := range a {
		all = c.and(all, c.xor(a[i], b[i]).not())
	}
	return all
}

func (c *circuit) isZero(a word) lit { return c.same(a, word{}) }

func (c *circuit) choose(s lit, a, b word) (w word) {
	for i := range w {
		w[i] = c.mux(s, a[i], b[i])
	}
	return w
}

// times adds up a, shifted, for each bit of b.
func (c *circuit) times(a, b word) (w word) {
	if d := free(&a) - free(&b); d < 0 || d == 0 && slices.Compare(a[:], b[:]) < 0 {
		a, b = b, a // one order for both, so that a product is one whichever way it is written
	}
	if v, ok := b.known(); ok && v < 0 && v != -v {
		return c.negate(c.times(a, constant(-v)))
	}
	for i := range b {
		var row word
		for k := i; k < len(row); k++ {
			row[k] = c.and(a[k-i], b[i])
		}
		w, _ = c.sum(w, row, no)
	}
	return w
}

// free counts the bits that are no numbers.
func free(w *word) (n int) {
	for _, l := range w {
		if l > yes {
			n++
		}
	}
	return n
}

// divide is a / b and its rest; what it is for 0 does not matter, since that faults.
func (c *circuit) divide(a, b word) (quotient, rest word) {
	na, nb := a[sign], b[sign]
	ua, ub := c.choose(na, c.negate(a), a), c.choose(nb, c.negate(b), b)
	for i := len(ua) - 1; i >= 0; i-- {
		top := rest[sign]
		copy(rest[1:], rest[:])
		rest[0] = ua[i]
		fits := c.or(top, c.below(rest, ub).not())
		quotient[i] = fits
		rest = c.choose(fits, c.minus(rest, ub), rest)
	}
	return c.choose(c.xor(na, nb), c.negate(quotient), quotient), c.choose(na, c.negate(rest), rest)
}

// shift moves bits by a count of which five bits are looked at: to the right, or to the
// left; fill comes in.
func (c *circuit) shift(a, count word, right bool, fill lit) word {
	for stage := range 5 {
		by := 1 << stage
		var moved word
		for i := range moved {
			from := i - by
			if right {
				from = i + by
			}
			moved[i] = fill
			if from >= 0 && from < len(a) {
				moved[i] = a[from]
			}
		}
		a = c.choose(count[stage], moved, a)
	}
	return a
}

// root is the floor of the square root, digit by digit as isa.Sqrt has it.
func (c *circuit) root(a word) (w word) {
	n := c.choose(a[sign], word{}, a)
	for b := 30; b >= 0; b -= 2 {
		try := w
		try[b] = yes // that bit of w is free
		fits := c.below(n, try).not()
		n = c.choose(fits, c.minus(n, try), n)
		copy(w[:], w[1:])
		w[sign] = no
		w[b] = c.or(w[b], fits)
	}
	return w
}

// alu is an operation; ok is false for one that has no circuit here.
func (c *circuit) alu(op isa.Op, x, y, z word) (w word, ok bool) {
	switch op {
	case isa.SET:
		return x, true
	case isa.ADD:
		w, _ = c.sum(x, y, no)
	case isa.SUB:
		w = c.minus(x, y)
	case isa.MUL:
		w = c.times(x, y)
	case isa.DIV:
		w, _ = c.divide(x, y)
	case isa.MOD:
		_, w = c.divide(x, y)
	case isa.AND:
		for i := range w {
			w[i] = c.and(x[i], y[i])
		}
	case isa.OR:
		for i := range w {
			w[i] = c.or(x[i], y[i])
		}
	case isa.XOR:
		for i := range w {
			w[i] = c.xor(x[i], y[i])
		}
	case isa.SHL:
		w = c.shift(x, y, false, no)
	case isa.SHR:
		w = c.shift(x, y, true, x[sign])
	case isa.USHR:
		w = c.shift(x, y, true, no)
	case isa.EQ:
		w = bitWord(c.same(x, y))
	case isa.NE:
		w = bitWord(c.same(x, y).not())
	case isa.LT:
		w = bitWord(c.less(x, y))
	case isa.LE:
		w = bitWord(c.less(y, x).not())
	case isa.GT:
		w = bitWord(c.less(y, x))
	case isa.GE:
		w = bitWord(c.less(x, y).not())
	case isa.NEG:
		w = c.negate(x)
	case isa.NOT:
		w = c.not(x)
	case isa.ISZ:
		w = bitWord(c.isZero(x))
	case isa.MIN:
		w = c.choose(c.less(x, y), x, y)
	case isa.MAX:
		w = c.choose(c.less(x, y), y, x)
	case isa.ABS:
		w = c.choose(x[sign], c.negate(x), x)
	case isa.SGN:
		for i := range w {
			w[i] = x[sign]
		}
		w[0] = c.isZero(x).not()
	case isa.CLAMP:
		low := c.choose(c.less(z, x), z, x)
		w = c.choose(c.less(low, y), y, low)
	case isa.SQRT:
		w = c.root(x)
	default:
		return w, false
	}
	return w, true
}
