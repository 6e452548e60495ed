package kernel

import (
	"slices"

	"gvpie/runtime/isa"
)

// A loop of few turns, as many for every texel, is written out turn by turn: what
// depends on its counter is then constant, and what the turns share is computed once.
const (
	mostTurns  = 8
	mostInTurn = 256 // instructions, in all turns
)

// turns is a loop that may be written out.
type turns struct {
	head, last int // nodes before ways were split
	n          int
	leaves     bool // the branch of the head leaves the loop where it is taken
}

// turns finds loops whose head counts constants.
func (f *function) turns() (out []turns) {
	for i := range f.loops {
		l := &f.loops[i]
		if f.nodes[l.Head].dead || f.nodes[l.Head].els < 0 {
			continue
		}
		stays := f.goesBack(l, f.nodes[l.Head].then)
		if stays == f.goesBack(l, f.nodes[l.Head].els) {
			continue
		}
		last := l.Last
		for f.nodes[last].raw < 0 {
			last--
		}
		if n, ok := f.counted(l, !stays); ok {
			out = append(out, turns{f.nodes[l.Head].raw, f.nodes[last].raw, n, !stays})
		}
	}
	return out
}

// goesBack says whether a way leads from a node to the head of a loop it is in.
func (f *function) goesBack(l *Loop, from int) bool {
	seen := map[int]bool{from: true}
	for i := from; i <= l.Last; i++ {
		if !seen[i] {
			continue
		}
		for _, to := range f.nodes[i].ways() {
			if to == l.Head {
				return true
			}
			seen[to] = true
		}
	}
	return false
}

// counted is how many turns a loop has if its head's counter alone ends it; leaves says
// that its branch ends it where it is taken.
func (f *function) counted(l *Loop, leaves bool) (n int, ok bool) {
	e := &f.exits[l.Head]
	if !compares(e.op) || f.values[e.args[1]].kind != constantValue {
		return 0, false
	}
	i := f.values[e.args[0]]
	if i.kind != phiValue || i.block != l.Head {
		return 0, false
	}
	first, next := id(0), id(0)
	for k, from := range f.nodes[l.Head].preds {
		to := &first
		if from >= l.Head {
			to = &next
		}
		if a := f.is(i.args[k]); *to == 0 {
			*to = a
		} else if *to != a {
			return 0, false
		}
	}
	step := f.values[next]
	if first == 0 || f.values[first].kind != constantValue || step.kind != instrValue || step.op != isa.ADD ||
		f.is(step.args[0]) != f.is(e.args[0]) || f.values[step.args[1]].kind != constantValue {
		return 0, false
	}
	at, by, limit := int32(f.values[first].word), int32(f.values[step.args[1]].word), int32(f.values[e.args[1]].word)
	for n = 0; n <= mostTurns; n++ {
		if v, _, _ := isa.Alu(e.op, at, limit, 0); (v != 0) == leaves {
			return n, true
		}
		at += by
	}
	return 0, false
}

// unroll writes out the loops that are short enough, inner ones first, and says
// whether there are any.
func (g *graph) unroll(loops []turns) (any bool) {
	for i := len(loops) - 1; i >= 0; i-- {
		l := &loops[i]
		size := 0
		for j := l.head; j <= l.last; j++ {
			size += int(g.nodes[j].steps)
			for _, to := range g.nodes[j].ways() {
				if to <= j && to > l.head {
					size = mostInTurn + 1 // a loop in it stays
				}
			}
		}
		h := &g.nodes[l.head]
		out := h.then
		if !l.leaves {
			out = h.els
		}
		if size*max(l.n, 1) > mostInTurn || h.branch == nil || out <= l.last {
			continue
		}
		more := g.writeOut(l)
		any = true
		for j := range i {
			if loops[j].last >= l.last {
				loops[j].last += more
			}
		}
	}
	return any
}

// writeOut puts a copy of a loop for each turn in its place, and one of its head that
// leaves it. It gives how many nodes more those are.
func (g *graph) writeOut(l *turns) (more int) {
	size := l.last - l.head + 1
	more = (l.n-1)*size + 1
	move := func(to, turn int) int {
		switch {
		case to < l.head:
			return to
		case to > l.last:
			return to + more
		case to == l.head && turn >= 0: // on to the next turn
			return l.head + (turn+1)*size
		}
		return to + max(turn, 0)*size
	}
	moved := func(n node, turn int) node {
		if n.then >= 0 {
			n.then = move(n.then, turn)
		}
		if n.els >= 0 {
			n.els = move(n.els, turn)
		}
		return n
	}
	out := make([]node, 0, len(g.nodes)+more)
	for i := range l.head {
		out = append(out, moved(g.nodes[i], -1))
	}
	for turn := range l.n {
		for i := l.head; i <= l.last; i++ {
			out = append(out, moved(g.nodes[i], turn))
		}
	}
	end := g.nodes[l.head]
	if !l.leaves {
		end.then = end.els
	}
	end.els, end.branch = -1, nil
	out = append(out, moved(end, -1))
	for i := l.last + 1; i < len(g.nodes); i++ {
		out = append(out, moved(g.nodes[i], -1))
	}
	g.nodes = slices.Clip(out)
	return more
}
