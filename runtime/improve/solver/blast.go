package solver

import (
	"math/bits"

	"gvpie/runtime/isa"
)

// blaster makes a circuit of a code, step by step.
type blaster struct {
	*circuit
	words  []word
	faults []lit
	asked  []lit // what must hold besides: the ranges of the variables, and what follows
	unread map[isa.Op][]application
}

// application is an operation that has no circuit. Of what it gives only this is known:
// for equal operands it is equal.
type application struct {
	in  [3]word
	out word
}

// solve asks whether the two roots can differ. A witness is given only if they do.
func (c *code) solve(vars []Range, work uint64) (w []int32, status status) {
	b := &blaster{circuit: newCircuit(), words: make([]word, len(c.steps)), faults: make([]lit, len(c.steps)), unread: map[isa.Op][]application{}}
	for i := range c.steps {
		b.step(c, i, vars)
	}
	x, y := c.roots[0], c.roots[1]
	differ := b.and(b.same(b.words[x], b.words[y]).not(), b.or(b.faults[x], b.faults[y]).not())
	differ = b.or(differ, b.xor(b.faults[x], b.faults[y]))
	for _, l := range b.asked {
		differ = b.and(differ, l)
	}
	if differ == no {
		return nil, unsatisfiable
	}
	s := newSAT(len(b.gates))
	s.clause(no.not())
	b.clauses(s, differ)
	s.clause(differ)
	if status = s.solve(work); status != satisfiable {
		return nil, status
	}
	return b.witness(c, s, vars), status
}

// witness reads the values of the variables; nil: with them the roots do not differ,
// because an operation without a circuit is not what it was taken for.
func (b *blaster) witness(c *code, s *sat, vars []Range) []int32 {
	in := make([]values, len(vars))
	for i, r := range vars {
		in[i][0] = r.Lo
	}
	for i, st := range c.steps {
		if st.kind != Variable {
			continue
		}
		v := int32(0)
		for k, l := range b.words[i] {
			if s.holds(l) {
				v |= 1 << k
			}
		}
		in[st.val][0] = v
	}
	r := newRunner(c)
	r.run(func(v int32) *values { return &in[v] })
	if r.differ(1) < 0 {
		return nil
	}
	return witness(vars, in, 0)
}

func (b *blaster) step(c *code, i int, vars []Range) {
	s := &c.steps[i]
	x, y, z := b.words[s.a], b.words[s.b], b.words[s.c]
	fx, fy, fz := b.faults[s.a], b.faults[s.b], b.faults[s.c]
	switch s.kind {
	case Number:
		b.words[i] = constant(s.val)
	case Variable:
		b.words[i] = b.variable(vars[s.val])
	case Apply:
		w, ok := b.alu(s.op, x, y, z)
		if !ok {
			w = b.applied(s.op, x, y, z)
		}
		b.words[i] = w
		for k, f := range [...]lit{fx, fy, fz} {
			if k < int(s.n) {
				b.faults[i] = b.or(b.faults[i], f)
			}
		}
		if s.op == isa.DIV || s.op == isa.MOD || s.op == isa.FDIV {
			b.faults[i] = b.or(b.faults[i], b.isZero(y))
		}
	case Both:
		left := b.isZero(x).not()
		b.words[i] = bitWord(b.and(left, b.isZero(y).not()))
		b.faults[i] = b.or(fx, b.and(left, fy))
	case Either:
		left := b.isZero(x).not()
		b.words[i] = bitWord(b.or(left, b.isZero(y).not()))
		b.faults[i] = b.or(fx, b.and(left.not(), fy))
	case Choice:
		first := b.isZero(x).not()
		b.words[i] = b.choose(first, y, z)
		b.faults[i] = b.or(fx, b.mux(first, fy, fz))
	}
}

// variable is a word of the range's numbers: its high bits are 0, or its sign, where all
// of them have that, and what else must hold is asked.
func (b *blaster) variable(r Range) (w word) {
	width := max(bits.Len32(uint32(r.Hi^(r.Hi>>31))), bits.Len32(uint32(r.Lo^(r.Lo>>31))))
	if r.Lo == r.Hi {
		return constant(r.Lo)
	}
	for i := range width {
		w[i] = b.input()
	}
	top := no
	switch {
	case r.Lo < 0 && r.Hi < 0:
		top = yes
	case r.Lo < 0:
		top = b.input()
	}
	for i := width; i < len(w); i++ {
		w[i] = top
	}
	b.asked = append(b.asked, b.less(w, constant(r.Lo)).not(), b.less(constant(r.Hi), w).not())
	return w
}

// applied is an operation that has no circuit.
func (b *blaster) applied(op isa.Op, x, y, z word) word {
	a := application{in: [3]word{x, y, z}}
	for _, o := range b.unread[op] {
		if o.in == a.in {
			return o.out
		}
	}
	for i := range a.out {
		a.out[i] = b.input()
	}
	for _, o := range b.unread[op] {
		alike := yes
		for i := range a.in {
			alike = b.and(alike, b.same(a.in[i], o.in[i]))
		}
		b.asked = append(b.asked, b.or(alike.not(), b.same(a.out, o.out)))
	}
	b.unread[op] = append(b.unread[op], a)
	return a.out
}
