package solver

// lit is a gate's output, twice its number, plus one if it is negated. Gate 0 is false.
type lit int32

const (
	no  lit = 0
	yes lit = 1
)

func (l lit) not() lit { return l ^ 1 }

func (l lit) gate() int32 { return int32(l >> 1) }

type gateKind uint8

const (
	input gateKind = iota
	and
	xor
	mux // b where a, else c
)

type gate struct {
	kind    gateKind
	a, b, c lit
}

// circuit is gates that only use earlier ones. Two gates of the same inputs are one, so
// that much of what two expressions have alike vanishes before a solver sees it.
type circuit struct {
	gates []gate
	known map[gate]lit
}

func newCircuit() *circuit {
	return &circuit{gates: make([]gate, 1), known: map[gate]lit{}}
}

func (c *circuit) input() lit {
	c.gates = append(c.gates, gate{})
	return lit(len(c.gates)-1) << 1
}

func (c *circuit) add(g gate) lit {
	l, ok := c.known[g]
	if !ok {
		c.gates = append(c.gates, g)
		l = lit(len(c.gates)-1) << 1
		c.known[g] = l
	}
	return l
}

func (c *circuit) and(a, b lit) lit {
	if a > b {
		a, b = b, a
	}
	switch {
	case a == no || a == b.not():
		return no
	case a == yes || a == b:
		return b
	}
	return c.add(gate{kind: and, a: a, b: b})
}

func (c *circuit) or(a, b lit) lit { return c.and(a.not(), b.not()).not() }

func (c *circuit) xor(a, b lit) lit {
	sign := (a ^ b) & 1
	a, b = a&^1, b&^1
	if a > b {
		a, b = b, a
	}
	switch {
	case a == b:
		return no ^ sign
	case a == no:
		return b ^ sign
	}
	return c.add(gate{kind: xor, a: a, b: b}) ^ sign
}

func (c *circuit) mux(s, a, b lit) lit {
	if s&1 == 1 {
		s, a, b = s.not(), b, a
	}
	switch {
	case s == no:
		return b
	case a == b:
		return a
	case a == b.not():
		return c.xor(s, b)
	case a == yes || a == s:
		return c.or(s, b)
	case a == no || a == s.not():
		return c.and(s.not(), b)
	case b == yes || b == s.not():
		return c.or(s.not(), a)
	case b == no || b == s:
		return c.and(s, a)
	}
	sign := a & 1
	return c.add(gate{kind: mux, a: s, b: a ^ sign, c: b ^ sign}) ^ sign
}

// majority is the carry of an adder.
func (c *circuit) majority(a, b, carry lit) lit { return c.mux(c.xor(a, b), carry, min(a, b)) }

// clauses puts what a gate and those that it uses mean into a solver.
func (c *circuit) clauses(s *sat, root lit) {
	need := make([]bool, len(c.gates))
	need[root.gate()] = true
	for i := len(c.gates) - 1; i > 0; i-- {
		if !need[i] {
			continue
		}
		g := c.gates[i]
		o := lit(i) << 1
		switch g.kind {
		case and:
			s.clause(o.not(), g.a)
			s.clause(o.not(), g.b)
			s.clause(o, g.a.not(), g.b.not())
		case xor:
			s.clause(o.not(), g.a, g.b)
			s.clause(o.not(), g.a.not(), g.b.not())
			s.clause(o, g.a.not(), g.b)
			s.clause(o, g.a, g.b.not())
		case mux:
			s.clause(g.a.not(), g.b.not(), o)
			s.clause(g.a.not(), g.b, o.not())
			s.clause(g.a, g.c.not(), o)
			s.clause(g.a, g.c, o.not())
			s.clause(g.b.not(), g.c.not(), o)
			s.clause(g.b, g.c, o.not())
			need[g.c.gate()] = true
		default:
			continue
		}
		need[g.a.gate()], need[g.b.gate()] = true, true
	}
}
