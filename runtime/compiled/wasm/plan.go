package wasm

import (
	"errors"

	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// maxBlocks bounds the work of a plan.
const maxBlocks = 1500

var (
	errTooLarge = errors.New("it has too many branches to compile")
	errShape    = errors.New("two of its loops begin at the same place")
	errPassed   = errors.New("its texels leave a loop in ways that part and meet again")
)

// all is the class of the blocks that every texel of a vector comes to whenever one
// does.
const all = 0

// plan says how the texels of a vector go through a kernel: where they branch as
// one, and by which masks they part.
//
// Blocks that the same texels come to, each time, are a class; they share a mask. A
// class is named by the number of its first block, plus one.
type plan struct {
	k      *kernel.Kernel
	before [][]int // of a block: those that lead to it from behind
	region []int   // of a block: its innermost loop, -1 for none
	headOf []int   // of a block: the loop that it is the head of, -1 for none
	live   []bool

	class []int
	owns  []bool // the block is the first of a class that has a mask of its own
	// real says that all texels that are in the block's region come to its end
	// together and go the same way: its exit is a branch.
	real []bool
	// lockstep says of a loop that all texels that enter it leave it together.
	lockstep []bool
	entry    []int // of a loop: the class of the texels that enter it; -1: those of its head's mask

	direct []bool // one edge alone comes to the block, and always before it: its mask is set, not added to
	spans  []span
}

// span is items [from, to) of a region that become a block of WebAssembly.
type span struct {
	region, from, to int
	skip             bool // it is left out when the mask of its first block is empty
}

// edges calls f for each block that b's exit leads to; len(k.Blocks) is the end.
func edges(k *kernel.Kernel, b int, f func(to int)) {
	switch x := &k.Blocks[b].Exit; x.Op {
	case isa.DONE:
		f(len(k.Blocks))
	case isa.JMP:
		f(x.Then)
	default:
		f(x.Then)
		if x.Else != x.Then {
			f(x.Else)
		}
	}
}

// newPlan makes a plan; scalar says which exits compare what all texels share.
func newPlan(k *kernel.Kernel, scalar func(b int) bool) (*plan, error) {
	n := len(k.Blocks)
	if n > maxBlocks {
		return nil, errTooLarge
	}
	p := &plan{
		k: k, region: make([]int, n), headOf: make([]int, n), live: make([]bool, n),
		before: make([][]int, n), class: make([]int, n), owns: make([]bool, n), real: make([]bool, n), direct: make([]bool, n),
		lockstep: make([]bool, len(k.Loops)), entry: make([]int, len(k.Loops)),
	}
	for b := range n {
		p.region[b], p.headOf[b] = -1, -1
	}
	for q, l := range k.Loops { // outer ones first
		for b := l.Head; b <= l.Last; b++ {
			p.region[b] = q
		}
		if p.headOf[l.Head] >= 0 {
			return nil, errShape
		}
		p.headOf[l.Head] = q
	}
	p.live[0] = true
	for b := range n {
		if p.live[b] {
			edges(k, b, func(to int) {
				if to < n {
					p.live[to] = true
				}
				if to > b && to < n {
					p.before[to] = append(p.before[to], b)
				}
			})
		}
	}
	p.findClasses(scalar)
	if p.passed() {
		return nil, errPassed
	}
	p.findSpans()
	p.findDirect()
	return p, nil
}

// passed says that texels which wait, by a mask, for a block ahead pass one that all
// texels come to or none does: it is not theirs, and there is no branch over it.
func (p *plan) passed() bool {
	next := len(p.k.Blocks) // that all come to, behind b
	over := false
	for b := len(p.k.Blocks) - 1; b >= 0; b-- {
		if p.live[b] && !p.real[b] {
			edges(p.k, b, func(to int) { over = over || next < to })
		}
		if p.live[b] && p.class[b] == all {
			next = b
		}
	}
	return over
}

func (p *plan) inLoop(b, loop int) bool {
	return loop < 0 || b >= p.k.Loops[loop].Head && b <= p.k.Loops[loop].Last
}

// bounds are the first and the last block of a region.
func (p *plan) bounds(region int) (first, last int) {
	if region < 0 {
		return 0, len(p.k.Blocks) - 1
	}
	return p.k.Loops[region].Head, p.k.Loops[region].Last
}

// leaving calls f for each edge that leaves a loop.
func (p *plan) leaving(loop int, f func(from, to int)) {
	first, last := p.bounds(loop)
	for b := first; b <= last; b++ {
		if p.live[b] {
			edges(p.k, b, func(to int) {
				if to < first || to > last {
					f(b, to)
				}
			})
		}
	}
}

// turn is how the blocks of a region, those of loops in it too, follow from one
// another in one turn.
type turn struct {
	before []int // the block that all ways from the region's first come by last; -1
	after  []int // the block that all ways to the turn's end come by next; len(k.Blocks) for none
}

func (p *plan) turn(region int) turn {
	n := len(p.k.Blocks)
	o := turn{make([]int, n+1), make([]int, n+1)}
	first, last := p.bounds(region)
	for b := range o.before {
		o.before[b], o.after[b] = -1, n
	}
	// next are b's edges in a turn; one back to the head of a loop in the region
	// stands for all that leave that loop.
	next := func(b int, f func(to int)) {
		edges(p.k, b, func(to int) {
			switch {
			case to > last || to < first || to == first && region >= 0:
				f(n)
			case to <= b:
				p.leaving(p.headOf[to], func(_, to int) {
					if to > last || to <= b {
						to = n
					}
					f(to)
				})
			default:
				f(to)
			}
		})
	}
	for b := last; b >= first; b-- {
		if !p.live[b] {
			continue
		}
		at := -1
		next(b, func(to int) {
			if at < 0 {
				at = to
			}
			for at != to { // where the ways meet again
				if at < to {
					at = o.after[at]
				} else {
					to = o.after[to]
				}
			}
		})
		if at < 0 {
			at = n // a loop that nothing leaves
		}
		o.after[b] = at
	}
	for b := first; b <= last; b++ {
		if !p.live[b] {
			continue
		}
		edges(p.k, b, func(to int) {
			if to <= b || to > last {
				return
			}
			if o.before[to] < 0 {
				o.before[to] = b
				return
			}
			x, y := o.before[to], b
			for x != y {
				if x > y {
					x = o.before[x]
				} else {
					y = o.before[y]
				}
			}
			o.before[to] = x
		})
	}
	return o
}

// same is a block before b, of the region, that the same texels come to in each turn;
// -1 if there is none.
func (p *plan) same(o turn, region, b int) int {
	for d := o.before[b]; d >= 0; d = o.before[d] {
		if p.region[d] != region {
			continue
		}
		at := d
		for at < b {
			at = o.after[at]
		}
		if at == b {
			return d
		}
	}
	return -1
}

// findClasses finds classes, real branches and loops in lockstep.
func (p *plan) findClasses(scalar func(b int) bool) {
	turns := map[int]turn{}
	at := func(region int) turn {
		o, ok := turns[region]
		if !ok {
			o = p.turn(region)
			turns[region] = o
		}
		return o
	}
	twin := make([]int, len(p.k.Blocks)) // same, within its own region
	for b := range p.k.Blocks {
		if !p.live[b] {
			continue
		}
		r := p.region[b]
		first, _ := p.bounds(r)
		twin[b] = -1
		if b != first {
			twin[b] = p.same(at(r), r, b)
		}
		whole := p.k.Blocks[b].Uniform || b == first || twin[b] == first
		if twin[b] >= 0 && !whole {
			root := b
			for twin[root] >= 0 {
				root = twin[root]
			}
			whole = root == first
		}
		p.real[b] = whole && (p.k.Blocks[b].Exit.Op == isa.JMP || p.k.Blocks[b].Exit.Op == isa.DONE || scalar(b))
		if p.real[b] && !p.k.Blocks[b].Uniform && r >= 0 {
			edges(p.k, b, func(to int) {
				if !p.inLoop(to, r) && (to != p.k.Loops[r].Last+1 || p.home(to) != p.k.Loops[r].Parent) {
					p.real[b] = false // others may wait before that
				}
			})
		}
	}
	for q := range p.k.Loops {
		p.lockstep[q] = true
		p.leaving(q, func(from, _ int) {
			p.lockstep[q] = p.lockstep[q] && p.real[from] && (p.region[from] == q || p.k.Blocks[from].Uniform)
		})
	}
	for b, block := range p.k.Blocks {
		if !p.live[b] {
			continue
		}
		own := b + 1
		p.class[b] = own
		q := p.headOf[b]
		switch {
		case q >= 0:
			outer := p.k.Loops[q].Parent
			p.entry[q] = -1
			if b == 0 || block.Uniform {
				p.entry[q] = all
			} else if d := p.same(at(outer), outer, b); d >= 0 {
				p.entry[q] = p.class[d]
			}
			if p.lockstep[q] && p.entry[q] >= 0 {
				p.class[b] = p.entry[q]
			}
		case b == 0 || block.Uniform:
			p.class[b] = all
		case twin[b] >= 0:
			p.class[b] = p.class[twin[b]]
		default:
			if c := p.classOfPreds(b); c >= 0 {
				p.class[b] = c
			}
		}
		p.owns[b] = p.class[b] == own
	}
}

// classOfPreds is the class of the blocks that lead to b, if they have one and all
// branch; else -1.
func (p *plan) classOfPreds(b int) int {
	c := -2
	for _, from := range p.before[b] {
		if !p.real[from] || c != -2 && c != p.class[from] {
			return -1
		}
		c = p.class[from]
	}
	return max(c, -1)
}
