package wasm

import (
	"cmp"
	"slices"

	"gvpie/runtime/isa"
)

// minSkip is the cost, about instructions of the processor, from which on blocks are
// skipped when no texel comes to them.
const minSkip = 16

// home is the region in which b is an item: a block of it, or the head of a loop that
// stands in it.
func (p *plan) home(b int) int {
	if b == len(p.k.Blocks) {
		return -1
	}
	if q := p.headOf[b]; q >= 0 {
		return p.k.Loops[q].Parent
	}
	return p.region[b]
}

// item is the block of the region, or the head of the loop in it, that b is or is in.
func (p *plan) item(b, region int) int {
	q := p.region[b]
	if q == region {
		return b
	}
	for p.k.Loops[q].Parent != region {
		q = p.k.Loops[q].Parent
	}
	return p.k.Loops[q].Head
}

// back says whether an edge goes back to the head of a loop.
func (p *plan) back(from, to int) bool { return to <= from }

// findSpans decides what is skipped, and makes room for the branches.
func (p *plan) findSpans() {
	n := len(p.k.Blocks)
	first := map[int]int{} // of the items that branch to a block
	for b := range n {
		if p.live[b] && p.real[b] {
			edges(p.k, b, func(to int) {
				if p.back(b, to) || to == b+1 && p.home(to) == p.region[b] {
					return
				}
				from := p.item(b, p.home(to))
				if at, ok := first[to]; !ok || from < at {
					first[to] = from
				}
			})
		}
	}
	for to, from := range first {
		p.spans = append(p.spans, span{region: p.home(to), from: from, to: to})
	}
	cost := make([]int, n)
	for b := range n {
		cost[b] = p.cost(b)
	}
	for b := n - 1; b > 0; b-- {
		if !p.live[b] || !p.owns[b] {
			continue
		}
		if q := p.headOf[b]; q >= 0 && p.entry[q] == all {
			continue
		}
		to, sum := p.dominated(b), 0
		for i := b; i < to; i++ {
			if p.live[i] {
				sum += cost[i]
			}
		}
		if sum < minSkip {
			continue
		}
		p.spans = append(p.spans, span{p.home(b), b, to, true})
		for i := b; i < to; i++ {
			cost[i] = 0
		}
		cost[b] = 3
	}
	p.nest()
}

// dominated is the block behind those, from b on and of b's home, that texels come to
// through b alone.
func (p *plan) dominated(b int) int {
	_, last := p.bounds(p.home(b))
	next := b + 1
	if q := p.headOf[b]; q >= 0 {
		next = p.k.Loops[q].Last + 1
	}
	for t := next; t <= last; t++ {
		for _, from := range p.before[t] {
			if from < b {
				return t
			}
		}
	}
	return last + 1
}

// nest makes spans that overlap lie in one another, a branch's beginning earlier, and
// puts outer ones first.
func (p *plan) nest() {
	for changed := true; changed; {
		changed = false
		for i := range p.spans {
			s := &p.spans[i]
			for _, o := range p.spans {
				if !s.skip && o.region == s.region && o.from < s.from && s.from < o.to && o.to < s.to {
					s.from, changed = o.from, true
				}
			}
		}
	}
	slices.SortFunc(p.spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to), skipsLast(a.skip, b.skip))
	})
}

func skipsLast(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// findDirect finds the blocks whose mask one edge sets.
func (p *plan) findDirect() {
	until := map[int]int{} // the last block of a class
	for b := range p.k.Blocks {
		if p.live[b] {
			until[p.class[b]] = b
			if q := p.headOf[b]; q >= 0 && p.entry[q] >= 0 {
				until[p.entry[q]] = b
			}
		}
	}
	for b := range p.k.Blocks {
		if !p.live[b] || !p.owns[b] {
			continue
		}
		last := until[p.class[b]]
		if len(p.before[b]) != 1 || p.region[p.before[b][0]] != p.home(b) {
			continue
		}
		from := p.before[b][0]
		p.direct[b] = true
		for _, s := range p.spans {
			p.direct[b] = p.direct[b] && !(s.skip && s.from <= from && from < s.to && last >= s.to)
		}
		for i := range from {
			if x := p.k.Blocks[i].Exit; p.live[i] && p.real[i] && x.Op != isa.DONE {
				p.direct[b] = p.direct[b] && !between(x.Then, from, last) && !between(x.Else, from, last)
			}
		}
	}
}

func between(b, after, last int) bool { return b > after && b <= last }

// cost is about how many instructions of the processor a block is.
func (p *plan) cost(b int) (sum int) {
	for _, in := range p.k.Blocks[b].Instrs {
		if in.Uniform {
			sum += 3
			continue
		}
		switch in.Op {
		case isa.LD, isa.LDT, isa.LD2, isa.LDT2, isa.PEEK, isa.DIV, isa.MOD, isa.SIN, isa.COS:
			sum += 14
		case isa.FMUL, isa.FDIV, isa.HASH, isa.ATAN2, isa.HYPOT, isa.NOISE, isa.HSVOF, isa.SQRT, isa.RGBOF, isa.MIX:
			sum += 30
		case isa.LOG, isa.ASSERT:
			sum += 4
		default:
			sum += 2
			if !in.Whole {
				sum += 3
			}
		}
	}
	if p.region[b] >= 0 && p.headOf[b] >= 0 {
		sum += minSkip // a loop
	}
	return sum + 2
}
