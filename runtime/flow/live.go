package flow

import "gvpie/runtime/isa"

// Liveness says of every point of the core which data words matter there: those
// that a run may read before it writes them. What a word that is not live holds
// is seen by nobody but who looks at the data page itself.
//
// A word that an array's index can reach is taken to be live everywhere, and so are
// those that are kept when a procedure is called again before it returns.
type Liveness struct {
	code  *Code
	array []bool         // data words that an index can reach
	slot  map[uint32]int // of each word that is read by name: its bit in a set
	rows  int            // uint64s of a set
	in    []uint64       // the set live before each block, and those behind every RET and every RETURN
}

// Live finds which data words are live at the points that a run can come to.
func (g *Graph) Live() *Liveness {
	l := &Liveness{code: g.Core, slot: map[uint32]int{}}
	l.array = g.arrays()
	for _, b := range g.Core.Blocks {
		for _, in := range b.Instrs {
			reads(in, func(word uint32) {
				if _, ok := l.slot[word]; !ok {
					l.slot[word] = len(l.slot)
				}
			})
		}
	}
	l.rows = (len(l.slot) + 63) / 64
	l.solve()
	return l
}

// At gives the words that are live before the instruction at an address, as what
// says so of a word. Where a run cannot come, or ends, none is.
func (l *Liveness) At(addr uint32) func(word uint32) bool {
	i := l.code.BlockAt(addr)
	if i < 0 || len(l.code.Blocks[i].Instrs) == 0 {
		return func(uint32) bool { return false }
	}
	set := make([]uint64, l.rows)
	l.leave(set, i)
	l.back(set, i, addr)
	return func(word uint32) bool {
		if word < uint32(len(l.array)) && l.array[word] {
			return true
		}
		slot, ok := l.slot[word]
		return ok && set[slot/64]>>(slot%64)&1 == 1
	}
}

// arrays marks the words that an LD or LD2, of the core or of a block, may read, and those
// that an INVOKE keeps and a RETURN brings back.
func (g *Graph) arrays() []bool {
	edges := make([]int, g.header.DataWords+1) // ranges that begin, less those that end
	words := uint64(g.header.DataWords)
	mark := func(from, n uint64) {
		if from < words {
			edges[from]++
			edges[min(from+n, words)]--
		}
	}
	note := func(c *Code) {
		for _, b := range c.Blocks {
			for _, in := range b.Instrs {
				switch x := in.Args; {
				case in.Spec.Op == isa.LD:
					mark(uint64(x[1]), uint64(x[2]))
				case in.Spec.Op == isa.LD2:
					mark(uint64(x[1]), uint64(x[2])*uint64(x[3]))
				case in.Spec.Op == isa.INVOKE && x[3] != 0:
					mark(uint64(x[1]), uint64(x[2]))
					mark(uint64(x[3]), isa.StackDepth*uint64(x[4])+uint64(x[2]))
				}
			}
		}
	}
	note(g.Core)
	for _, s := range g.Each {
		note(g.Block(s))
	}
	out := make([]bool, g.header.DataWords)
	depth := 0
	for i := range out {
		depth += edges[i]
		out[i] = depth > 0
	}
	return out
}

// solve follows each word from where it is read back to where it is written: a
// block before one that the word is live in has it live too, unless it writes it.
func (l *Liveness) solve() {
	n := len(l.code.Blocks)
	l.in = make([]uint64, (n+2)*l.rows)
	before := l.before()
	reads, writes := l.accesses()
	wrote := make([]int, n+2) // the last slot, from 1, that was seen to be written
	var todo []int
	for slot := range len(l.slot) {
		for _, i := range writes[slot] {
			wrote[i] = slot + 1
		}
		live := func(i int) {
			if row, bit := &l.set(i)[slot/64], uint64(1)<<(slot%64); *row&bit == 0 {
				*row |= bit
				todo = append(todo, i)
			}
		}
		for _, i := range reads[slot] {
			live(i)
		}
		for len(todo) > 0 {
			i := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, b := range before[i] {
				if wrote[b] != slot+1 {
					live(b)
				}
			}
		}
	}
}

// before gives for each block those it may run after. All RETs lead to the same
// blocks, and so do all RETURNs, so that two more stand between, behind the blocks.
func (l *Liveness) before() [][]int {
	blocks := l.code.Blocks
	out := make([][]int, len(blocks)+2)
	for i, b := range blocks {
		back, ok := l.returns(i)
		if !ok {
			for _, next := range b.Next {
				out[next] = append(out[next], i)
			}
			continue
		}
		if len(out[back]) == 0 {
			for _, next := range b.Next {
				out[next] = append(out[next], back)
			}
		}
		out[back] = append(out[back], i)
	}
	return out
}

// accesses gives for each slot the blocks that read its word before they write
// it, and those that write it.
func (l *Liveness) accesses() (read, written [][]int) {
	read, written = make([][]int, len(l.slot)), make([][]int, len(l.slot))
	last := func(s []int) int {
		if len(s) == 0 {
			return -1
		}
		return s[len(s)-1]
	}
	for i, b := range l.code.Blocks {
		for _, in := range b.Instrs {
			reads(in, func(word uint32) {
				if slot := l.slot[word]; last(written[slot]) != i && last(read[slot]) != i {
					read[slot] = append(read[slot], i)
				}
			})
			writes(in, func(word uint32) {
				if slot, ok := l.slot[word]; ok && last(written[slot]) != i {
					written[slot] = append(written[slot], i)
				}
			})
		}
	}
	return read, written
}

func (l *Liveness) set(i int) []uint64 { return l.in[i*l.rows:][:l.rows] }

// returns gives, of a block that ends in a RET or RETURN, where the set behind all of
// those is.
func (l *Liveness) returns(i int) (set int, ok bool) {
	in := l.code.Blocks[i].Instrs
	if len(in) == 0 {
		return 0, false
	}
	switch in[len(in)-1].Spec.Op {
	case isa.RET:
		return len(l.code.Blocks), true
	case isa.RETURN:
		return len(l.code.Blocks) + 1, true
	}
	return 0, false
}

// leave makes set what is live behind a block.
func (l *Liveness) leave(set []uint64, i int) {
	clear(set)
	if back, ok := l.returns(i); ok {
		merge(set, l.set(back))
		return
	}
	for _, next := range l.code.Blocks[i].Next {
		merge(set, l.set(next))
	}
}

// back takes a set from behind a block to before its instruction at an address.
func (l *Liveness) back(set []uint64, i int, addr uint32) {
	in := l.code.Blocks[i].Instrs
	for k := len(in) - 1; k >= 0 && uint32(in[k].Addr) >= addr; k-- {
		writes(in[k], func(word uint32) {
			if slot, ok := l.slot[word]; ok {
				set[slot/64] &^= 1 << (slot % 64)
			}
		})
		reads(in[k], func(word uint32) {
			slot := l.slot[word]
			set[slot/64] |= 1 << (slot % 64)
		})
	}
}

// merge adds a set to another.
func merge(into, from []uint64) {
	for i, w := range from {
		into[i] |= w
	}
}

// reads gives the data words that an instruction of the core reads by name.
func reads(in isa.Instr, yield func(word uint32)) {
	for i, arg := range in.Args {
		if in.Mask>>i&1 == 1 {
			yield(arg)
		}
	}
	switch in.Spec.Tail {
	case isa.CaptureTail:
		for _, w := range in.Tail {
			yield(w)
		}
	case isa.ArgTail:
		for i := 1; i < len(in.Tail); i += 2 {
			if in.Tail[i-1] == 1 {
				yield(in.Tail[i])
			}
		}
	case isa.TextTail:
		for _, p := range isa.TextParts(in.Tail) {
			if p.IsValue {
				yield(p.Index)
			}
		}
	}
}

// writes gives the data words that an instruction writes whatever they held: an INVOKE
// all of an activation that it does not keep.
func writes(in isa.Instr, yield func(word uint32)) {
	switch {
	case in.Spec.Op == isa.INVOKE:
		if in.Args[3] == 0 {
			for k := range min(in.Args[2], isa.MaxActivation) {
				yield(in.Args[1] + k)
			}
		}
	case len(in.Args) > 0 && in.Spec.Operands[0].Kind == isa.Out:
		yield(in.Args[0])
	}
}
