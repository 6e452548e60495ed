package generate

import "fmt"

// number is a literal; the interesting ones more often than others.
func (g *generator) number() string {
	switch g.IntN(8) {
	case 0:
		return one(g, "0", "1", "-1", "2", "31", "32", "255", "0x7FFFFFFF", "0x80000000", "-2147483648", "0xFFFFFFFF")
	case 1:
		return fmt.Sprintf("0x%06X", g.IntN(1<<24))
	case 2:
		return one(g, "'A'", "'z'", "0b1011", "red", "navy", "white")
	case 3:
		return fmt.Sprint(g.IntN(100000) - 50000)
	}
	return fmt.Sprint(g.IntN(24) - 6)
}

// index is an index of l, or two; a few are out of range, so that the fault is tried too.
func (g *generator) index(l list) string {
	if l.cols > 0 && g.in100(60) {
		return g.within(l.cols) + ", " + g.within(l.len/l.cols)
	}
	return g.within(l.len)
}

// within is a number from 0 to n-1; one in a few is outside.
func (g *generator) within(n int) string {
	switch {
	case g.in100(70):
		return fmt.Sprint(g.IntN(n))
	case g.in100(90):
		return fmt.Sprintf("clamp(%s, 0, %d)", g.expr(1), n-1)
	}
	return g.expr(1)
}

// expr is an expression at most so many operators deep.
func (g *generator) expr(depth int) string {
	if depth == 0 || g.in100(25) {
		return g.atom()
	}
	sub := func() string {
		e := g.expr(depth - 1)
		if g.in100(60) {
			return "(" + e + ")"
		}
		return e
	}
	switch n := g.IntN(20); {
	case n < 8:
		return sub() + " " + one(g, "+", "-", "*", "&", "|", "^", "<<", ">>", ">>>") + " " + sub()
	case n < 10:
		op := one(g, "/", "%")
		if g.in100(90) { // never 0
			return fmt.Sprintf("%s %s (%s | 1)", sub(), op, sub())
		}
		return fmt.Sprintf("(%s) %s (%s)", sub(), op, sub())
	case n < 12:
		return sub() + " " + one(g, "==", "!=", "<", "<=", ">", ">=") + " " + sub()
	case n < 13:
		return sub() + " " + one(g, "&&", "||") + " " + sub()
	case n < 15:
		return one(g, "-", "~", "!") + "(" + g.expr(depth-1) + ")"
	}
	return g.call(depth - 1)
}

func (g *generator) atom() string {
	switch n := g.IntN(10); {
	case n < 3:
		return g.number()
	case n < 7:
		if (g.each || g.texel) && g.in100(50) {
			return one(g, "px", "py")
		}
		return one(g, g.vars...)
	case n == 7 && len(g.arrays) > 0:
		a := one(g, g.arrays...)
		return fmt.Sprintf("%s[%d]", a.name, g.IntN(a.len))
	case n == 8 && len(g.tables) > 0:
		t := one(g, g.tables...)
		return fmt.Sprintf("%s[%d]", t.name, g.IntN(t.len))
	}
	return one(g, "frame", "W", "H", "mx", "my", "mb", "mw", "mbp", "seed", "K")
}

func (g *generator) call(depth int) string {
	e := func() string { return g.expr(depth) }
	if can := g.callable(); len(can) > 0 && g.in100(25) {
		return g.invocation(one(g, can...), min(depth, 1))
	}
	switch n := g.IntN(20); {
	case n >= 13:
		return g.function(e)
	case n == 0:
		return fmt.Sprintf("min(%s, %s)", e(), e())
	case n == 1:
		return fmt.Sprintf("max(%s, %s)", e(), e())
	case n < 6:
		return fmt.Sprintf("%s(%s)", one(g, "abs", "sgn", "sin", "cos", "sqrt", "key"), e())
	case n == 6:
		return fmt.Sprintf("clamp(%s, %s, %s)", e(), e(), e())
	case n < 9 && !g.each && !g.pure:
		return fmt.Sprintf("rnd(%s)", e())
	case n < 11:
		return fmt.Sprintf("peek(%s, %s)", e(), e())
	case n == 11 && len(g.arrays) > 0:
		a := one(g, g.arrays...)
		return fmt.Sprintf("%s[%s]", a.name, g.index(a))
	case n == 12 && len(g.tables) > 0:
		t := one(g, g.tables...)
		return fmt.Sprintf("%s[%s]", t.name, g.index(t))
	}
	return fmt.Sprintf("peek(%s, %s)", g.atom(), g.atom())
}

// function is a call of one of the functions that the language has learnt.
func (g *generator) function(e func() string) string {
	switch g.IntN(7) {
	case 0:
		return fmt.Sprintf("%s(%s)", one(g, "hash", "keyp"), e())
	case 1:
		return fmt.Sprintf("%s(%s, %s)", one(g, "atan2", "hypot", "noise"), e(), e())
	case 2:
		return fmt.Sprintf("mul(%s, %s, %s)", e(), e(), g.number())
	case 3:
		return fmt.Sprintf("%s(%s, %s, %s)", one(g, "rgb", "hsv", "mix"), e(), e(), e())
	case 4:
		return g.size()
	}
	if g.in100(95) { // not by zero
		return fmt.Sprintf("div(%s, (%s) | 1, %s)", e(), e(), g.number())
	}
	return fmt.Sprintf("div(%s, %s, %s)", e(), e(), e())
}
