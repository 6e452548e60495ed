package kernel

import (
	"gvpie/runtime/isa"
)

// The code of a block in static single assignment form: each value is computed by
// one instruction, or is one of others where ways meet. Copies are gone in it, and
// what a lane word held before that nobody reads.

// id is a value's index in function.values; 0 is none.
type id int32

type valueKind uint8

const (
	constantValue valueKind = iota + 1
	startValue              // what a lane word holds as the block begins
	phiValue                // one of its args, by the way that the texel came
	instrValue
)

type value struct {
	kind  valueKind
	op    isa.Op
	pc    uint32
	block int
	args  []id // of a phi by the node's preds
	same  id   // the value that this one turned out to be; 0: none

	word  uint32 // of a constant
	init  Init   // of a start value
	index int
	array Array

	rng    Range
	vary   bool  // texels of a row see different ones
	stride int32 // by how much more the next texel's is, where known
	step   bool  // stride is known
	near   bool  // it is 1 for most
	safe   bool
	row    bool // computed once for a row
	used   bool
	web    id // the value whose Var it shares
}

// exit is how a node is left, in terms of values.
type exit struct {
	op   isa.Op
	pc   uint32
	args []id
}

type function struct {
	*graph
	p      isa.Program
	h      isa.Header
	values []*value
	slab   []value
	consts map[uint32]id
	code   [][]id // by node: its instructions
	phis   [][]id // and its phis
	exits  []exit

	steps    int32 // the most instructions outside loops
	captures []uint32
	given    []Given
	lanes    map[uint32]int // number of a lane word
	now      [][]id         // by node, then lane: the value at its end; 0: not looked for yet
	waiting  map[int][]id   // phis of heads whose loop isn't read yet, by node
	laneOf   map[id]int     // of those
	written  [][]bool       // by loop, then lane
	headOf   map[int]int    // the loop with that head
	ranged   bool           // rng is known
	said     [][]guard      // by value: what branches say of it
}

func newFunction(g *graph, p isa.Program, h isa.Header, captures []uint32) *function {
	n := len(g.nodes)
	f := &function{
		graph: g, p: p, h: h, captures: captures,
		values: make([]*value, 1, 256), consts: map[uint32]id{},
		code: make([][]id, n), phis: make([][]id, n), exits: make([]exit, n),
		lanes: map[uint32]int{}, now: make([][]id, n), waiting: map[int][]id{}, laneOf: map[id]int{}, headOf: map[int]int{},
	}
	f.nameLanes()
	for i := range g.loops {
		f.headOf[g.loops[i].Head] = i
	}
	ends := map[int]int{} // the loop that ends with a node
	for i := range g.loops {
		ends[g.loops[i].Last] = i
	}
	for i := range g.nodes {
		f.read(i)
		if l, ok := ends[i]; ok {
			f.close(g.loops[l].Head)
		}
	}
	return f
}

// nameLanes numbers the lane words, and finds which each loop writes.
func (f *function) nameLanes() {
	number := func(lane uint32) int {
		lane &= isa.LaneFlag - 1
		n, ok := f.lanes[lane]
		if !ok {
			n = len(f.lanes)
			f.lanes[lane] = n
		}
		return n
	}
	type write struct{ node, lane int }
	var writes []write
	note := func(i int, in isa.Instr) {
		for k, a := range in.Args {
			switch {
			case in.Spec.Operands[k].Kind == isa.Out:
				writes = append(writes, write{i, number(a)})
			case in.Mask>>k&1 == 1:
				number(a)
			}
		}
	}
	for i := range f.nodes {
		for _, in := range f.nodes[i].instrs {
			note(i, in)
		}
		if b := f.nodes[i].branch; b != nil {
			note(i, *b)
		}
	}
	f.written = make([][]bool, len(f.loops))
	for l := range f.loops {
		f.written[l] = make([]bool, len(f.lanes))
		for _, w := range writes {
			if w.node >= f.loops[l].Head && w.node <= f.loops[l].Last {
				f.written[l][w.lane] = true
			}
		}
	}
	for i := range f.now {
		f.now[i] = make([]id, len(f.lanes))
	}
	for lane, n := range f.lanes {
		f.now[0][n] = f.start(lane)
	}
}

// start is what a lane word holds as the block begins.
func (f *function) start(lane uint32) id {
	v := value{kind: startValue, rng: everything}
	switch {
	case lane == 0:
		v.init, v.rng = PX, Range{0, int32(f.h.W) - 1}
	case lane == 1:
		v.init, v.rng = PY, Range{0, int32(f.h.H) - 1}
	case int(lane) < 2+len(f.captures):
		v.init, v.index = Capture, int(lane)-2
		is := Given{Index: v.index}
		switch f.captures[v.index] {
		case isa.SysW:
			is.Word = uint32(f.h.W)
		case isa.SysH:
			is.Word = uint32(f.h.H)
		default:
			return f.add(v)
		}
		f.given = append(f.given, is)
		return f.constant(is.Word)
	default:
		return f.constant(0)
	}
	return f.add(v)
}

func (f *function) add(v value) id {
	if len(f.slab) == 0 {
		f.slab = make([]value, 128)
	}
	f.slab[0] = v
	f.values = append(f.values, &f.slab[0])
	f.slab = f.slab[1:]
	return id(len(f.values) - 1)
}

func (f *function) constant(word uint32) id {
	if v, ok := f.consts[word]; ok {
		return v
	}
	v := f.add(value{kind: constantValue, word: word, rng: Range{int32(word), int32(word)}})
	f.consts[word] = v
	return v
}

// is gives the value that v turned out to be.
func (f *function) is(v id) id {
	for f.values[v].same != 0 {
		v = f.values[v].same
	}
	return v
}

// read takes in the instructions of a node.
func (f *function) read(i int) {
	n := &f.nodes[i]
	for _, in := range n.instrs {
		if in.Spec.Op == isa.NOP {
			continue
		}
		v := value{kind: instrValue, op: in.Spec.Op, pc: uint32(in.Addr), block: i, rng: everything}
		dst := -1
		for k := range in.Args {
			switch in.Spec.Operands[k].Kind {
			case isa.In:
				v.args = append(v.args, f.operand(in, k, i))
			case isa.Out:
				dst = f.lane(in.Args[k])
			}
		}
		switch v.op {
		case isa.SET:
			f.now[i][dst] = v.args[0]
			continue
		case isa.LD, isa.LDT:
			v.array = Array{Base: in.Args[1], Len: in.Args[2]}
		case isa.LD2, isa.LDT2:
			v.array = Array{Base: in.Args[1], W: in.Args[2], H: in.Args[3]}
		}
		v.safe = !canFail(v.op)
		made := f.add(v)
		f.code[i] = append(f.code[i], made)
		if dst >= 0 {
			f.now[i][dst] = made
		}
	}
	f.exits[i] = f.exit(i)
}

func (f *function) lane(index uint32) int { return f.lanes[index&(isa.LaneFlag-1)] }

func (f *function) operand(in isa.Instr, k, node int) id {
	if in.Mask>>k&1 == 0 {
		return f.constant(in.Args[k])
	}
	return f.at(f.lane(in.Args[k]), node)
}

func (f *function) exit(i int) exit {
	n := &f.nodes[i]
	switch {
	case n.done:
		return exit{op: isa.DONE, pc: n.pc}
	case n.branch == nil:
		return exit{op: isa.JMP, pc: n.pc}
	}
	in := *n.branch
	e := exit{op: isa.EQ, pc: uint32(in.Addr)}
	switch in.Spec.Op {
	case isa.LOOP:
		e.op = isa.LOOP
		e.args = []id{f.operand(in, 0, i), f.operand(in, 1, i), f.operand(in, 2, i)}
		return e
	case isa.JNZ:
		e.op = isa.NE
	}
	e.args = []id{f.operand(in, 0, i), f.constant(0)}
	return e
}

// at is the value of a lane word at the end, so far, of a node.
func (f *function) at(lane, i int) id {
	if v := f.now[i][lane]; v != 0 {
		return f.is(v)
	}
	var v id
	n := &f.nodes[i]
	l, head := f.headOf[i]
	switch {
	case head && !f.written[l][lane]:
		v = f.entering(lane, i)
	case head && !f.closed(i):
		v = f.add(value{kind: phiValue, block: i, rng: everything})
		f.phis[i] = append(f.phis[i], v)
		f.waiting[i] = append(f.waiting[i], v)
		f.laneOf[v] = lane
	case len(n.preds) == 1:
		v = f.at(lane, n.preds[0])
	default:
		v = f.add(value{kind: phiValue, block: i, rng: everything})
		f.now[i][lane] = v
		v = f.fill(v, lane)
	}
	f.now[i][lane] = v
	return v
}

// entering is the value of a word that a loop does not write: ways back bring what
// the head had.
func (f *function) entering(lane, head int) id {
	v := f.add(value{kind: phiValue, block: head, rng: everything})
	for _, p := range f.nodes[head].preds {
		arg := v
		if p < head {
			arg = f.at(lane, p)
		}
		f.values[v].args = append(f.values[v].args, arg)
	}
	return f.keep(v)
}

func (f *function) closed(head int) bool {
	_, ok := f.waiting[head]
	return ok && f.waiting[head] == nil
}

// close completes the phis of a head once its loop is read.
func (f *function) close(head int) {
	for len(f.waiting[head]) > 0 {
		todo := f.waiting[head]
		f.waiting[head] = f.waiting[head][len(todo):]
		for _, v := range todo {
			for _, p := range f.nodes[head].preds {
				arg := f.at(f.laneOf[v], p)
				f.values[v].args = append(f.values[v].args, arg)
			}
		}
	}
	f.waiting[head] = nil
}

// fill gives a phi its args, and tells what it is.
func (f *function) fill(v id, lane int) id {
	b := f.values[v].block
	for _, p := range f.nodes[b].preds {
		arg := f.at(lane, p)
		f.values[v].args = append(f.values[v].args, arg)
	}
	return f.keep(v)
}

// keep adds a phi to its node, unless it is another value.
func (f *function) keep(v id) id {
	if same := f.only(v); same != 0 {
		f.values[v].same = same
		return same
	}
	b := f.values[v].block
	f.phis[b] = append(f.phis[b], v)
	return v
}

// only is the value that a phi always is, beside itself; 0 if there is more than one.
func (f *function) only(v id) id {
	one := id(0)
	for _, a := range f.values[v].args {
		if a = f.is(a); a == v || a == one {
			continue
		}
		if one != 0 {
			return 0
		}
		one = a
	}
	return one
}
