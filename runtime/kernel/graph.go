package kernel

import (
	"slices"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
)

// graph is a block's control flow, in address order. Node 0 is empty, and what has
// two ways leads to nodes with no other way in.
type graph struct {
	nodes []node
	loops []Loop
}

// node is instructions that run one after the other.
type node struct {
	pc     uint32
	instrs []isa.Instr // without the one that branches
	branch *isa.Instr  // JZ, JNZ or LOOP; nil where there is one way or none
	done   bool        // the texel ends here
	dead   bool        // no texel comes here
	steps  int32       // instructions executed
	// then is where the way leads, or the branch if it is taken; els where it goes
	// if not, -1 if there is no other way.
	then, els int
	raw       int   // its number before ways were split; -1: it was put there then
	preds     []int // nodes that lead here
	idom      int   // the last that every way here passes; of node 0 itself
	in, out   int   // the dominator tree's visits
}

// ways are the nodes that may come after, none, one or two.
func (n *node) ways() []int {
	switch {
	case n.done || n.dead:
		return nil
	case n.els < 0:
		return []int{n.then}
	}
	return []int{n.then, n.els}
}

// newGraph takes over the blocks of flow, with ways as they are.
func newGraph(code *flow.Code) (*graph, error) {
	g := &graph{nodes: []node{{pc: code.Start, then: 1, els: -1}}}
	for i := range code.Blocks {
		b := &code.Blocks[i]
		n := node{pc: b.Start, instrs: b.Instrs, steps: int32(len(b.Instrs)), els: -1}
		if len(b.Instrs) == 0 {
			if b.Start != code.End {
				return nil, refuse(b.Start, "is always an error")
			}
			n.done = true
			g.nodes = append(g.nodes, n)
			continue
		}
		last := &b.Instrs[len(b.Instrs)-1]
		behind := uint32(last.Addr + last.Size)
		if i+1 < len(code.Blocks) && code.Blocks[i+1].Start < behind {
			return nil, refuse(code.Blocks[i+1].Start, "begins in the middle of another")
		}
		n.then = code.BlockAt(behind) + 1
		switch op := last.Spec.Op; op {
		case isa.DONE:
			n.done = true
			n.instrs = b.Instrs[:len(b.Instrs)-1]
		case isa.JMP, isa.JZ, isa.JNZ, isa.LOOP:
			to, _ := flow.Target(*last)
			if to < code.Start || to > code.End {
				return nil, refuse(uint32(last.Addr), "jumps out of the block, to %d", to)
			}
			n.instrs = b.Instrs[:len(b.Instrs)-1]
			next := n.then
			if n.then = code.BlockAt(to) + 1; op != isa.JMP && next != n.then {
				n.branch, n.els = last, next
			}
		}
		g.nodes = append(g.nodes, n)
	}
	return g, nil
}

// split gives the graph with a node on every way from where there are two to where
// there are other ways in, or back.
func (g *graph) split() *graph {
	into := make([]int, len(g.nodes))
	extra := make([]int, len(g.nodes)) // nodes that go behind each
	critical := func(i, to int) bool { return to >= 0 && (into[to] > 1 || to <= i) }
	for i := range g.nodes {
		for _, to := range g.nodes[i].ways() {
			into[to]++
		}
	}
	for i := range g.nodes {
		if n := &g.nodes[i]; n.branch != nil {
			for _, to := range n.ways() {
				if critical(i, to) {
					extra[i]++
				}
			}
		}
	}
	place, at := make([]int, len(g.nodes)), 0 // where each goes
	for i := range g.nodes {
		place[i] = at
		at += 1 + extra[i]
	}
	out := &graph{nodes: make([]node, 0, at)}
	for i, n := range g.nodes {
		n.raw = i
		branch := n.branch != nil
		wasThen, wasElse := n.then, n.els
		var behind []node
		move := func(to int) int {
			if to < 0 {
				return to
			}
			if branch && critical(i, to) {
				behind = append(behind, node{pc: n.pc, then: place[to], els: -1, raw: -1})
				return place[i] + len(behind)
			}
			return place[to]
		}
		if !n.done {
			n.then, n.els = move(wasThen), move(wasElse)
		}
		out.nodes = append(append(out.nodes, n), behind...)
	}
	for i := range out.nodes {
		for _, to := range out.nodes[i].ways() {
			out.nodes[to].preds = append(out.nodes[to].preds, i)
		}
	}
	return out
}

// findLoops finds the loops, outer ones first.
func (g *graph) findLoops() error {
	last := make([]int, len(g.nodes)) // of the loop with that head, and one; 0: none
	for i := range g.nodes {
		for _, to := range g.nodes[i].ways() {
			if to <= i {
				last[to] = i + 1
			}
		}
	}
	open := -1
	for head, l := range last {
		for open >= 0 && g.loops[open].Last < head {
			open = g.loops[open].Parent
		}
		if l > 0 {
			g.loops = append(g.loops, Loop{Head: head, Last: l - 1, Parent: open})
			open = len(g.loops) - 1
		}
	}
	for i := range g.loops {
		l := &g.loops[i]
		for j := l.Head + 1; j <= l.Last; j++ {
			for _, from := range g.nodes[j].preds {
				if from < l.Head || from > l.Last {
					return refuse(g.nodes[from].pc, "leads into the loop at %d", g.nodes[l.Head].pc)
				}
			}
		}
		l.Steps = g.longest(l.Head, l.Last, func(n *node) bool { return slices.Contains(n.ways(), l.Head) })
	}
	return nil
}

// longest is the most instructions of the ways forward from one node to those up to
// another that end says one may end at.
func (g *graph) longest(from, to int, end func(*node) bool) (most int32) {
	far := make([]int32, to+1-from) // behind the nodes before; -1: no way
	for i := range far {
		far[i] = -1
	}
	far[0] = 0
	for i := from; i <= to; i++ {
		n := &g.nodes[i]
		if far[i-from] < 0 {
			continue
		}
		steps := far[i-from] + n.steps
		if end(n) {
			most = max(most, steps)
		}
		for _, next := range n.ways() {
			if next > i && next <= to {
				far[next-from] = max(far[next-from], steps)
			}
		}
	}
	return most
}

// dominators finds for each node the last before it that every way from the first
// passes. Ways back change nothing there: they come from what the head dominates.
func (g *graph) dominators() {
	children := make([][]int, len(g.nodes))
	for i := 1; i < len(g.nodes); i++ {
		n := &g.nodes[i]
		if n.dead {
			continue
		}
		d := -1
		for _, p := range n.preds {
			switch {
			case p >= i:
			case d < 0:
				d = p
			default:
				for d != p {
					if d > p {
						d = g.nodes[d].idom
					} else {
						p = g.nodes[p].idom
					}
				}
			}
		}
		n.idom = d
		children[d] = append(children[d], i)
	}
	clock := 0
	var visit func(i int)
	visit = func(i int) {
		clock++
		g.nodes[i].in = clock
		for _, c := range children[i] {
			visit(c)
		}
		g.nodes[i].out = clock
	}
	visit(0)
}

// dominates says whether every way to node b passes a.
func (g *graph) dominates(a, b int) bool {
	return !g.nodes[a].dead && g.nodes[a].in <= g.nodes[b].in && g.nodes[b].in <= g.nodes[a].out
}

// cut takes away the way from one node to another, and what is then never reached.
// gone is told which of a node's preds is no more.
func (g *graph) cut(from, to int, gone func(node, pred int)) {
	n := &g.nodes[to]
	at := slices.Index(n.preds, from)
	n.preds = slices.Delete(n.preds, at, at+1)
	gone(to, at)
	if g.reached(to) {
		return
	}
	ways := n.ways()
	n.dead = true
	for _, next := range ways {
		if !g.nodes[next].dead {
			g.cut(to, next, gone)
		}
	}
}

// reached says whether a way forward leads to a node.
func (g *graph) reached(i int) bool {
	return i == 0 || slices.ContainsFunc(g.nodes[i].preds, func(p int) bool { return p < i })
}
