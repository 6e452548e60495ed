package kernel

import (
	"math/bits"
	"slices"

	"gvpie/runtime/isa"
)

// simplify makes less of the code: it computes what is constant, leaves out what
// changes nothing or was computed before, and follows branches that always go one
// way, until nothing is left to do.
func (f *function) simplify() {
	s := &simplifier{function: f}
	for again := true; again; {
		f.dominators()
		again = f.joins()
		s.known = map[key][]id{}
		for i := range f.nodes {
			if !f.nodes[i].dead && s.node(i) {
				again = true
			}
		}
	}
}

// joins takes away the phis that are one value, and says whether there were any.
func (f *function) joins() (any bool) {
	for again := true; again; {
		again = false
		for i := range f.phis {
			f.phis[i] = slices.DeleteFunc(f.phis[i], func(v id) bool {
				same := f.only(v)
				if same == 0 {
					return false
				}
				f.values[v].same = same
				again, any = true, true
				return true
			})
		}
	}
	for i := range f.phis {
		for _, v := range f.phis[i] {
			f.resolve(f.values[v].args)
		}
	}
	return any
}

func (f *function) resolve(args []id) {
	for k, a := range args {
		args[k] = f.is(a)
	}
}

// key is what makes two instructions compute the same.
type key struct {
	op      isa.Op
	a, b, c id
	array   Array
}

// simplifier is one time through the code.
type simplifier struct {
	*function
	known map[key][]id // instructions that were simplified
	out   []id         // of the node that is
}

// node simplifies a node's instructions and its exit, and says whether that may help
// others.
func (s *simplifier) node(i int) (more bool) {
	code := s.code[i]
	s.out = make([]id, 0, len(code))
	for _, v := range code {
		s.resolve(s.values[v].args)
		same := s.instr(v)
		if same == 0 {
			same = s.before(v)
		}
		if same == 0 {
			s.out = append(s.out, v)
			continue
		}
		s.values[v].same = same
		more = more || s.values[same].kind == constantValue
	}
	s.code[i] = s.out
	e := &s.exits[i]
	s.resolve(e.args)
	s.fuse(i, e)
	if holds, ok := s.decided(i, e); ok {
		n := &s.nodes[i]
		stays, goes := n.then, n.els
		if !holds {
			stays, goes = goes, stays
		}
		n.then, n.els = stays, -1
		*e = exit{op: isa.JMP, pc: e.pc}
		s.cut(i, goes, s.leftOut)
		return true
	}
	return more
}

// leftOut takes a way from the phis of a node.
func (f *function) leftOut(node, pred int) {
	for _, v := range f.phis[node] {
		f.values[v].args = slices.Delete(f.values[v].args, pred, pred+1)
	}
}

// before finds an instruction that did the same and that every way here passes.
func (s *simplifier) before(v id) id {
	x := s.values[v]
	switch x.op {
	case isa.PUT, isa.ASSERT, isa.LOG:
		return 0
	}
	k := key{op: x.op, array: x.array}
	for n, a := range x.args {
		*[]*id{&k.a, &k.b, &k.c}[n] = a
	}
	for _, other := range s.known[k] {
		if s.dominates(s.values[other].block, x.block) {
			return other
		}
	}
	s.known[k] = append(s.known[k], v)
	return 0
}

// fuse makes a branch look at what its condition compares.
func (s *simplifier) fuse(i int, e *exit) {
	for {
		if e.op == isa.LOOP {
			step := s.values[e.args[2]]
			if step.kind != constantValue {
				return
			}
			e.op = isa.GT
			if int32(step.word) < 0 {
				e.op = isa.LT
			}
			e.args = e.args[:2:2]
		}
		if e.op != isa.EQ && e.op != isa.NE || !s.zero(e.args[1]) {
			return
		}
		c := s.values[e.args[0]]
		if c.kind != instrValue || !compares(c.op) {
			return
		}
		op := c.op
		if e.op == isa.EQ {
			op = opposite(op)
		}
		e.op, e.args = op, slices.Clone(c.args)
	}
}

func (s *simplifier) zero(v id) bool {
	return s.values[v].kind == constantValue && s.values[v].word == 0
}

func compares(op isa.Op) bool { return op >= isa.EQ && op <= isa.GE }

// opposite is the comparison that holds where another does not.
func opposite(op isa.Op) isa.Op {
	switch op {
	case isa.EQ:
		return isa.NE
	case isa.NE:
		return isa.EQ
	case isa.LT:
		return isa.GE
	case isa.GE:
		return isa.LT
	case isa.GT:
		return isa.LE
	}
	return isa.GT
}

// turned is the comparison of the same operands in the other order.
func turned(op isa.Op) isa.Op {
	switch op {
	case isa.LT:
		return isa.GT
	case isa.GT:
		return isa.LT
	case isa.LE:
		return isa.GE
	case isa.GE:
		return isa.LE
	}
	return op
}

// decided says which way a branch always goes; ok is false if it may go both.
func (s *simplifier) decided(i int, e *exit) (holds, ok bool) {
	if !compares(e.op) {
		return false, false
	}
	if e.args[0] == e.args[1] {
		return e.op == isa.EQ || e.op == isa.LE || e.op == isa.GE, true
	}
	r := compare(e.op, s.rangeAt(e.args[0], i), s.rangeAt(e.args[1], i))
	return r.Lo == 1, r.Const()
}

// instr gives the value that an instruction is, in simpler words; 0 if it must be
// executed. It may make it another one that computes the same.
func (s *simplifier) instr(v id) id {
	x := s.values[v]
	if x.op == isa.ISZ {
		x.op, x.args = isa.EQ, []id{x.args[0], s.constant(0)}
	}
	if word, ok := s.computed(x); ok {
		return s.constant(word)
	}
	if x.rng.Const() && x.safe && result(x.op) {
		return s.constant(uint32(x.rng.Lo))
	}
	switch len(x.args) {
	case 1:
		return s.unary(v)
	case 2:
		return s.binary(v)
	case 3:
		if x.op == isa.CLAMP {
			a, lo, hi := s.rangeAt(x.args[0], x.block), s.rangeAt(x.args[1], x.block), s.rangeAt(x.args[2], x.block)
			if a.Lo >= lo.Hi && a.Hi <= hi.Lo {
				return x.args[0]
			}
		}
	}
	return 0
}

// computed is the result of an instruction whose operands are constants.
func (s *simplifier) computed(x *value) (word uint32, ok bool) {
	var c [3]int32
	for k, a := range x.args {
		if s.values[a].kind != constantValue {
			return 0, false
		}
		c[k] = int32(s.values[a].word)
	}
	if x.op == isa.LDT && c[0] >= 0 && uint32(c[0]) < x.array.Len {
		at := uint64(x.array.Base) + uint64(c[0])
		if at < uint64(len(s.p)) {
			return s.p[at], true
		}
	}
	r, fault, ok := isa.Alu(x.op, c[0], c[1], c[2])
	return uint32(r), ok && fault == isa.FaultNone
}

func (s *simplifier) unary(v id) id {
	x := s.values[v]
	switch r := s.rangeAt(x.args[0], x.block); {
	case x.op == isa.ABS && r.Lo >= 0:
		return x.args[0]
	case x.op == isa.SGN && r.Lo >= 0 && r.Hi <= 1:
		return x.args[0]
	}
	return 0
}

func (s *simplifier) binary(v id) id {
	x := s.values[v]
	a, b := x.args[0], x.args[1]
	if s.values[a].kind == constantValue && s.values[b].kind != constantValue {
		switch x.op {
		case isa.ADD, isa.MUL, isa.AND, isa.OR, isa.XOR, isa.MIN, isa.MAX, isa.EQ, isa.NE, isa.LT, isa.LE, isa.GT, isa.GE:
			x.op = turned(x.op)
			x.args = []id{b, a}
			a, b = b, a
		}
	}
	if a == b {
		switch x.op {
		case isa.SUB, isa.XOR, isa.NE, isa.LT, isa.GT:
			return s.constant(0)
		case isa.EQ, isa.LE, isa.GE:
			return s.constant(1)
		case isa.AND, isa.OR, isa.MIN, isa.MAX:
			return a
		}
	}
	if s.values[b].kind == constantValue {
		return s.withConstant(v, a, int32(s.values[b].word))
	}
	return 0
}

// withConstant simplifies an instruction of a and a constant.
func (s *simplifier) withConstant(v, a id, c int32) id {
	x := s.values[v]
	become := func(op isa.Op, a id, c int32) {
		x.op, x.args, x.safe = op, []id{a, s.constant(uint32(c))}, true
	}
	power := -1 // c is 2^power
	if c > 0 && c&(c-1) == 0 {
		power = bits.TrailingZeros32(uint32(c))
	}
	switch x.op {
	case isa.SUB:
		become(isa.ADD, a, -c)
		return s.withConstant(v, a, -c)
	case isa.ADD:
		if c == 0 {
			return a
		}
		if in := s.values[a]; in.kind == instrValue && in.op == isa.ADD && s.values[in.args[1]].kind == constantValue {
			sum := c + int32(s.values[in.args[1]].word)
			if sum == 0 {
				return in.args[0]
			}
			become(isa.ADD, in.args[0], sum)
		}
	case isa.MUL:
		switch {
		case c == 0:
			return s.constant(0)
		case c == 1:
			return a
		case power > 0:
			become(isa.SHL, a, int32(power))
		default:
			if in := s.values[a]; in.kind == instrValue && in.op == isa.MUL && s.values[in.args[1]].kind == constantValue {
				become(isa.MUL, in.args[0], c*int32(s.values[in.args[1]].word))
			}
		}
	case isa.AND:
		switch c {
		case 0:
			return s.constant(0)
		case -1:
			return a
		}
		if r := s.rangeAt(a, x.block); r.Lo >= 0 && c > 0 && c&(c+1) == 0 && r.Hi <= c {
			return a
		}
	case isa.OR, isa.XOR, isa.SHL, isa.SHR, isa.USHR:
		if c == 0 || x.op >= isa.SHL && c&31 == 0 {
			return a
		}
	case isa.DIV, isa.MOD:
		return s.divided(v, a, c, power, become)
	case isa.EQ, isa.NE:
		if in := s.values[a]; c == 0 && in.kind == instrValue && compares(in.op) {
			if x.op == isa.NE {
				return a
			}
			x.op, x.args = opposite(in.op), slices.Clone(in.args)
		}
	}
	return 0
}
