package wasm

import "gvpie/runtime/isa"

// blocks writes the kernel's blocks.
func (e *emitter) blocks() {
	n := len(e.k.Blocks)
	for b := range n {
		if e.p.live[b] && e.p.class[b] != all {
			e.maskOf(e.p.class[b])
		}
	}
	e.full = []int{all}
	e.region(-1)
}

// maskOf is the mask of a class; nil for all.
func (e *emitter) maskOf(class int) []local {
	if class == all {
		return nil
	}
	if e.masks[class] == nil {
		e.masks[class] = e.vectorLocals()
	}
	return e.masks[class]
}

func (e *emitter) vectorLocals() (ls []local) {
	for range e.n {
		ls = append(ls, e.f.local(v128))
	}
	return ls
}

// entryMask is the mask of the texels that enter a loop.
func (e *emitter) entryMask(q int) []local {
	if c := e.p.entry[q]; c >= 0 {
		return e.maskOf(c)
	}
	return e.maskOf(e.p.k.Loops[q].Head + 1)
}

// gathers says whether texels are added, edge by edge, to the mask of block b.
func (e *emitter) gathers(b int) bool {
	if b == len(e.k.Blocks) || !e.p.live[b] || !e.p.owns[b] {
		return false
	}
	q := e.p.headOf[b]
	return q < 0 || e.p.entry[q] < 0
}

// region writes the blocks of a loop, or of the kernel for -1, with its spans.
func (e *emitter) region(r int) {
	f := e.f
	first, last := e.p.bounds(r)
	for b := first; b <= last; b++ {
		if e.p.home(b) == r && e.gathers(b) && !e.p.direct[b] {
			e.zero(e.maskOf(e.p.class[b]))
		}
	}
	var open []span
	full := len(e.full)
	closeAt := func(b int) {
		for len(open) > 0 && open[len(open)-1].to <= b {
			s := open[len(open)-1]
			if s.skip {
				e.full = e.full[:len(e.full)-1]
			} else {
				delete(e.targets, s.to)
			}
			f.end()
			open = open[:len(open)-1]
		}
	}
	for b := first; b <= last; b++ {
		closeAt(b)
		for _, s := range e.p.spans {
			if s.region != r || s.from != b {
				continue
			}
			open = append(open, s)
			l := f.open(opBlock)
			if !s.skip {
				e.targets[s.to] = l
				continue
			}
			mask := e.maskOf(e.p.class[b])
			if q := e.p.headOf[b]; q >= 0 && q != r {
				mask = e.entryMask(q)
			}
			e.anyOf(mask)
			f.op(opI32Eqz)
			f.br(opBrIf, l)
			e.full = append(e.full, e.p.class[b])
		}
		if q := e.p.headOf[b]; q >= 0 && q != r {
			if e.p.live[b] {
				e.loop(q)
			}
			b = e.k.Loops[q].Last
			continue
		}
		if e.p.live[b] {
			e.block(b)
		}
	}
	closeAt(last + 1)
	e.full = e.full[:full]
}

func (e *emitter) zero(ls []local) {
	for _, l := range ls {
		e.f.all(0)
		e.f.set(l)
	}
}

// loop writes a loop: turns while a texel is left in it.
func (e *emitter) loop(q int) {
	f, p := e.f, e.p
	l := e.k.Loops[q]
	mask := e.maskOf(p.class[l.Head])
	if !p.lockstep[q] && p.entry[q] >= 0 {
		entry := e.entryMask(q)
		for u, m := range mask {
			if entry == nil {
				f.all(^uint32(0))
			} else {
				f.get(entry[u])
			}
			f.set(m)
		}
	}
	turn := f.open(opLoop)
	e.loops[q] = turn
	latch := e.latch(q)
	if !p.lockstep[q] && latch < 0 {
		if e.next[q] == nil {
			e.next[q] = e.vectorLocals()
		}
		e.zero(e.next[q])
	}
	e.region(q)
	switch {
	case p.lockstep[q]:
		e.spend(q)
		f.br(opBr, turn)
	case latch < 0:
		e.anyOf(e.next[q])
		f.open(opIf)
		e.again(q, e.next[q])
		f.end()
	}
	f.end()
}

// latch is the one block that goes back to the head of a loop that is not in
// lockstep, if it does nothing else and is the last; else -1.
func (e *emitter) latch(q int) int {
	l, one := e.k.Loops[q], -1
	for b := l.Head; b <= l.Last; b++ {
		if e.p.live[b] {
			edges(e.k, b, func(to int) {
				if to == l.Head {
					if one >= 0 || b != l.Last || e.p.region[b] != q || e.k.Blocks[b].Exit.Op != isa.JMP {
						one = len(e.k.Blocks)
						return
					}
					one = b
				}
			})
		}
	}
	if one == len(e.k.Blocks) {
		return -1
	}
	return one
}

// again begins the next turn of a loop for the texels of a mask.
func (e *emitter) again(q int, mask []local) {
	for u, m := range e.maskOf(e.p.class[e.k.Loops[q].Head]) {
		if mask == nil {
			e.f.all(^uint32(0))
		} else {
			e.f.get(mask[u])
		}
		e.f.set(m)
	}
	e.spend(q)
	e.f.br(opBr, e.loops[q])
}

// spend takes a turn of a loop from the budget.
func (e *emitter) spend(q int) {
	f := e.f
	f.get(e.budget)
	f.i32(max(1, e.k.Loops[q].Steps))
	f.op(opI32Sub)
	f.tee(e.budget)
	f.i32(0)
	f.op(opI32LtS)
	e.leaveIf()
}

// block writes a block and its exit.
func (e *emitter) block(b int) {
	e.class = e.p.class[b]
	e.mask = e.maskOf(e.class)
	block := &e.k.Blocks[b]
	e.instrs(block.Instrs)
	switch x := &block.Exit; {
	case e.p.real[b] && (x.Op == isa.JMP || x.Op == isa.DONE):
		to := len(e.k.Blocks)
		if x.Op == isa.JMP {
			to = x.Then
		}
		e.arrive(b, to, nil, false)
		e.jump(b, to)
	case e.p.real[b]:
		e.branch(b, x)
	case x.Op == isa.DONE:
	case x.Op == isa.JMP || x.Then == x.Else:
		e.part(b, x.Then, nil, false)
	default:
		var conds []local
		if e.wants(b, x.Then) || e.wants(b, x.Else) {
			// What is one instruction of the processor is asked: GE is not LT.
			asked, not := *x, true
			switch x.Op {
			case isa.GE:
				asked.Op = isa.LT
			case isa.LE:
				asked.Op = isa.GT
			case isa.NE:
				asked.Op = isa.EQ
			default:
				not = false
			}
			for u := range e.n {
				e.condition(&asked, u)
				conds = append(conds, e.f.keep(v128))
			}
			e.part(b, x.Then, conds, not)
			e.part(b, x.Else, conds, !not)
			e.f.release(conds...)
		}
	}
}

// wants says whether an edge has to be written down.
func (e *emitter) wants(b, to int) bool {
	if e.p.back(b, to) {
		return !e.p.lockstep[e.p.headOf[to]]
	}
	return e.gathers(to)
}

// part sends the texels of block b's mask of which the condition holds, or does not,
// to a block where they wait.
func (e *emitter) part(b, to int, conds []local, not bool) {
	if !e.p.back(b, to) {
		e.arrive(b, to, conds, not)
		return
	}
	q := e.p.headOf[to]
	switch {
	case e.p.lockstep[q]:
	case e.latch(q) == b:
		if e.isFull(e.class) {
			e.again(q, e.mask)
			return
		}
		e.anyHere()
		e.f.open(opIf)
		e.again(q, e.mask)
		e.f.end()
	default:
		e.add(e.next[q], false, conds, not)
	}
}

// isFull says whether a texel is at the blocks of a class for sure.
func (e *emitter) isFull(class int) bool {
	for _, c := range e.full {
		if c == class {
			return true
		}
	}
	return false
}

// arrive adds texels of block b to the mask of a block ahead.
func (e *emitter) arrive(b, to int, conds []local, not bool) {
	if !e.p.back(b, to) && e.gathers(to) {
		e.add(e.maskOf(e.p.class[to]), e.p.direct[to], conds, not)
	}
}

// add adds to a mask, or sets it to, the texels of the block for which conds hold, or
// do not.
func (e *emitter) add(to []local, set bool, conds []local, not bool) {
	f := e.f
	for u := range to {
		switch {
		case conds == nil && e.mask == nil:
			f.all(^uint32(0))
		case conds == nil:
			f.get(e.mask[u])
		case e.mask == nil:
			f.get(conds[u])
			if not {
				f.op(opV128Not)
			}
		default:
			f.get(e.mask[u], conds[u])
			if not {
				f.op(opV128Andnot)
			} else {
				f.op(opV128And)
			}
		}
		if !set {
			f.get(to[u])
			f.op(opV128Or)
		}
		f.set(to[u])
	}
}
