package search

import (
	"slices"

	"gvpie/runtime/improve/solver"
	"gvpie/runtime/isa"
)

// width is how many inputs expressions are told apart by.
const width = 16

type vector [width]int32

// A leaf is what expressions are made of: a name or a number.
type leaf struct {
	text   string
	number bool
	meant  *solver.Expr
	values vector
}

// entry is an expression of a bank: a leaf, or an operation of earlier entries.
type entry struct {
	op   isa.Op
	n    int8 // how many operands
	a, b int32
}

// bank holds one expression for each list of values, the smallest.
type bank struct {
	leaves  []leaf
	entries []entry
	columns [width][]int32 // the values, input by input
	from    []int32        // from[s] is where the entries of s operations begin
	slots   []int32        // entries by the hash of their values, plus one
	most    int            // entries that are kept
	work    uint64         // expressions that were made
	limit   uint64         // and may be
}

// ops are the operations that are tried. a > b is b < a.
var (
	unary  = []isa.Op{isa.NEG, isa.NOT, isa.ISZ, isa.ABS, isa.SGN}
	binary = []isa.Op{isa.ADD, isa.SUB, isa.AND, isa.OR, isa.XOR, isa.SHL, isa.SHR, isa.USHR, isa.MUL, isa.LT, isa.LE, isa.EQ, isa.NE, isa.MIN, isa.MAX, isa.DIV, isa.MOD}
)

func commutes(op isa.Op) bool {
	switch op {
	case isa.ADD, isa.AND, isa.OR, isa.XOR, isa.MUL, isa.EQ, isa.NE, isa.MIN, isa.MAX:
		return true
	}
	return false
}

// plain says that the right operand of an operation is tried only as a leaf: people shift
// by, multiply with and divide by nothing else that would be found here.
func plain(op isa.Op) bool {
	switch op {
	case isa.SHL, isa.SHR, isa.USHR, isa.MUL, isa.DIV, isa.MOD:
		return true
	}
	return false
}

func newBank(leaves []leaf, most int, limit uint64) *bank {
	b := &bank{leaves: leaves, most: most, limit: limit, slots: make([]int32, 1024)}
	b.from = []int32{0}
	for i := range leaves {
		b.add(entry{a: int32(i)}, &leaves[i].values)
	}
	b.from = append(b.from, int32(len(b.entries)))
	return b
}

func hashOf(v *vector) uint64 {
	h := uint64(14695981039346656037)
	for _, x := range v {
		h = (h ^ uint64(uint32(x))) * 0x9E3779B97F4A7C15
		h ^= h >> 29
	}
	return h
}

// slot is where values are or belong.
func (b *bank) slot(v *vector) *int32 {
	mask := uint64(len(b.slots) - 1)
	for i := hashOf(v) & mask; ; i = (i + 1) & mask {
		if s := &b.slots[i]; *s == 0 || b.is(*s-1, v) {
			return s
		}
	}
}

func (b *bank) is(e int32, v *vector) bool {
	for k := range v {
		if b.columns[k][e] != v[k] {
			return false
		}
	}
	return true
}

func (b *bank) values(e int32) (v vector) {
	for k := range v {
		v[k] = b.columns[k][e]
	}
	return v
}

// find gives the entry with such values, or -1.
func (b *bank) find(v *vector) int32 { return *b.slot(v) - 1 }

// add keeps an expression, unless there is one with its values.
func (b *bank) add(e entry, v *vector) {
	s := b.slot(v)
	if *s != 0 {
		return
	}
	b.entries = append(b.entries, e)
	*s = int32(len(b.entries))
	for k := range v {
		b.columns[k] = append(b.columns[k], v[k])
	}
	if 2*len(b.entries) > len(b.slots) {
		b.slots = make([]int32, 4*len(b.slots))
		for i := range b.entries {
			v := b.values(int32(i))
			*b.slot(&v) = int32(i) + 1
		}
	}
}

// sizes is how many operations the largest entries have.
func (b *bank) sizes() int { return len(b.from) - 2 }

func (b *bank) span(size int) (from, to int32) { return b.from[size], b.from[size+1] }

// grow adds all expressions of one operation more; false: they are too many.
func (b *bank) grow() bool {
	size := b.sizes() + 1
	var v vector
	from, to := b.span(size - 1)
	for _, op := range unary {
		for e := from; e < to; e++ {
			for k := range v {
				v[k] = compute(op, b.columns[k][e], 0)
			}
			b.add(entry{op: op, n: 1, a: e}, &v)
		}
	}
	for _, p := range pairs(size) {
		fromA, toA := b.span(p.a)
		fromB, toB := b.span(p.b)
		for _, op := range binary {
			if p.a < p.b && commutes(op) || p.b > 0 && plain(op) {
				continue
			}
			for i := fromA; i < toA; i++ {
				x := b.values(i)
				last := toB
				if commutes(op) && p.a == p.b {
					last = i + 1
				}
				for j := fromB; j < last; j++ {
					if b.odd(op, i, j) || !b.combine(op, &x, j, &v) {
						continue
					}
					b.add(entry{op: op, n: 2, a: i, b: j}, &v)
				}
				b.work += uint64(last - fromB)
				if len(b.entries) > b.most || b.work > b.limit {
					b.cut(b.from[size])
					return false
				}
			}
		}
	}
	b.from = append(b.from, int32(len(b.entries)))
	return true
}

// odd says that nobody would write an operation of two entries: both are numbers, a number
// is taken away that could be added, divides and is negative, or shifts by none of 1 to 31.
func (b *bank) odd(op isa.Op, i, j int32) bool {
	if !b.number(j) {
		return false
	}
	switch op {
	case isa.SUB:
		return true
	case isa.DIV, isa.MOD:
		return b.columns[0][j] < 0 || b.number(i)
	case isa.SHL, isa.SHR, isa.USHR:
		if v := b.columns[0][j]; v < 1 || v > 31 {
			return true
		}
	}
	return b.number(i)
}

func (b *bank) number(e int32) bool {
	x := &b.entries[e]
	return x.n == 0 && b.leaves[x.a].number
}

// cut forgets the entries of a size that is not all there: which of them there are would
// hang on the order that they were made in.
func (b *bank) cut(n int32) {
	b.entries = b.entries[:n]
	for k := range b.columns {
		b.columns[k] = b.columns[k][:n]
	}
	clear(b.slots)
	for i := range b.entries {
		v := b.values(int32(i))
		*b.slot(&v) = int32(i) + 1
	}
}

// combine computes an operation of values and an entry; false: it faults for some input.
func (b *bank) combine(op isa.Op, x *vector, e int32, v *vector) bool {
	for k := range v {
		y := b.columns[k][e]
		if y == 0 && (op == isa.DIV || op == isa.MOD) {
			return false
		}
		v[k] = compute(op, x[k], y)
	}
	return true
}

// compute is isa.Alu for the operations that are tried; a division is not by zero.
func compute(op isa.Op, a, b int32) int32 {
	switch op {
	case isa.ADD:
		return a + b
	case isa.SUB:
		return a - b
	case isa.AND:
		return a & b
	case isa.OR:
		return a | b
	case isa.XOR:
		return a ^ b
	case isa.MIN:
		return min(a, b)
	case isa.MAX:
		return max(a, b)
	}
	v, _, _ := isa.Alu(op, a, b, 0)
	return v
}

type pair struct{ a, b int }

// pairs lists the sizes of two operands that make an expression of a size.
func pairs(size int) (out []pair) {
	for a := size - 1; a >= 0; a-- {
		out = append(out, pair{a, size - 1 - a})
	}
	return out
}

// expr is an entry as an expression of what the leaves mean.
func (b *bank) expr(e int32) *solver.Expr {
	x := &b.entries[e]
	switch x.n {
	case 0:
		return b.leaves[x.a].meant
	case 1:
		return solver.Of(x.op, b.expr(x.a))
	}
	return solver.Of(x.op, b.expr(x.a), b.expr(x.b))
}

// term is an entry as it is written.
func (b *bank) term(e int32) term {
	x := &b.entries[e]
	switch x.n {
	case 0:
		l := &b.leaves[x.a]
		return term{text: l.text, level: atomLevel(l.text)}
	case 1:
		return written(x.op, b.term(x.a))
	}
	return written(x.op, b.term(x.a), b.term(x.b))
}

// A match is an expression with the values that were asked for.
type match struct {
	meant *solver.Expr
	term  term
	size  int
}

func (b *bank) matched(op isa.Op, of ...int32) match {
	m := match{size: 1}
	var args []*solver.Expr
	var terms []term
	for _, e := range of {
		args, terms = append(args, b.expr(e)), append(terms, b.term(e))
		m.size += b.sizeOf(e)
	}
	m.meant, m.term = solver.Of(op, args...), written(op, terms...)
	return m
}

func (b *bank) sizeOf(e int32) int {
	i, found := slices.BinarySearch(b.from, e)
	for found && i+1 < len(b.from) && b.from[i+1] == e {
		i++ // no entries have that size
	}
	if !found {
		i--
	}
	return i
}
