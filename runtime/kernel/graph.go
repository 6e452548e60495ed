package kernel

import (
	"slices"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
)

// graph is a block's control flow as the program page has it, in address order.
type graph struct {
	nodes []node
}

// node is instructions that run one after the other.
type node struct {
	pc     uint32
	instrs []isa.Instr // without the one that branches
	branch *isa.Instr  // JZ, JNZ or LOOP; nil where there is one way or none
	done   bool        // the texel ends here
	steps  int32       // instructions executed
	// then is where the way leads, or the branch if it is taken; els where it goes
	// if not.
	then, els int
}

// ways are the nodes that may come after, one of them or two.
func (n *node) ways() []int {
	switch {
	case n.done:
		return nil
	case n.branch == nil:
		return []int{n.then}
	}
	return []int{n.then, n.els}
}

// newGraph takes over the blocks of flow. Ways back are then those of nodes
// without a branch alone.
func newGraph(code *flow.Code) (*graph, error) {
	g := &graph{}
	for i := range code.Blocks {
		b := &code.Blocks[i]
		n := node{pc: b.Start, instrs: b.Instrs, steps: int32(len(b.Instrs))}
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
		n.then = code.BlockAt(behind)
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
			n.els, n.then = n.then, code.BlockAt(to)
			if op != isa.JMP && n.els != n.then {
				n.branch = last
			}
		}
		g.nodes = append(g.nodes, n)
	}
	g.splitWaysBack()
	return g, nil
}

// splitWaysBack puts a node behind each one whose branch leads back.
func (g *graph) splitWaysBack() {
	for i := 0; i < len(g.nodes); i++ {
		for _, way := range []func(*node) *int{(*node).thenWay, (*node).elseWay} {
			if n := &g.nodes[i]; n.branch != nil && *way(n) <= i {
				g.insert(i+1, node{pc: n.pc, then: *way(n)})
				*way(&g.nodes[i]) = i + 1
			}
		}
	}
}

func (n *node) thenWay() *int { return &n.then }
func (n *node) elseWay() *int { return &n.els }

// insert puts a node before another, to which no way leads yet.
func (g *graph) insert(at int, n node) {
	g.nodes = slices.Insert(g.nodes, at, n)
	for i := range g.nodes {
		for _, to := range []*int{&g.nodes[i].then, &g.nodes[i].els} {
			if *to >= at {
				*to++
			}
		}
	}
}

// findLoops gives the loops, outer ones first.
func (g *graph) findLoops() ([]Loop, error) {
	last := make([]int, len(g.nodes)) // of the loop with that head, 0: none
	for i := range g.nodes {
		for _, to := range g.nodes[i].ways() {
			if to <= i {
				last[to] = i + 1
			}
		}
	}
	var loops []Loop
	open := -1
	for head, l := range last {
		for open >= 0 && loops[open].Last < head {
			open = loops[open].Parent
		}
		if l > 0 {
			loops = append(loops, Loop{Head: head, Last: l - 1, Parent: open})
			open = len(loops) - 1
		}
	}
	for _, l := range loops {
		for i := range g.nodes {
			if i >= l.Head && i <= l.Last {
				continue
			}
			for _, to := range g.nodes[i].ways() {
				if to > l.Head && to <= l.Last {
					return nil, refuse(g.nodes[i].pc, "leads into the loop at %d", g.nodes[l.Head].pc)
				}
			}
		}
	}
	return loops, nil
}

// measure finds the most instructions of the ways that do not go back: of a whole
// run, and of a turn of each loop.
func (g *graph) measure(k *Kernel) {
	k.Steps = g.longest(0, len(g.nodes)-1, func(*node) bool { return true })
	for i := range k.Loops {
		l := &k.Loops[i]
		l.Steps = g.longest(l.Head, l.Last, func(n *node) bool { return slices.Contains(n.ways(), l.Head) })
	}
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
