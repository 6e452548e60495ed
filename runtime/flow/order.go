package flow

import "slices"

// order puts the nodes in reverse postorder, finds through which nodes the ways to each
// lead, and says whether every cycle has one entry.
//
// Source: K. Cooper, T. Harvey, K. Kennedy, A Simple, Fast Dominance Algorithm.
func (l *Loop) order() (ok bool) {
	l.arrange(l.postorder())
	before := make([][]int, len(l.Nodes))
	for n := range l.Nodes {
		for _, e := range l.Nodes[n].Next {
			if e.Node >= 0 {
				before[e.Node] = append(before[e.Node], n)
			}
		}
	}
	for n := range l.Nodes {
		l.Nodes[n].Over = -1
	}
	l.Nodes[0].Over = 0
	for changed := true; changed; {
		changed = false
		for n := 1; n < len(l.Nodes); n++ {
			over := -1
			for _, b := range before[n] {
				switch {
				case l.Nodes[b].Over < 0: // not come to yet
				case over < 0:
					over = b
				default:
					over = l.meet(over, b)
				}
			}
			if over != l.Nodes[n].Over {
				l.Nodes[n].Over, changed = over, true
			}
		}
	}
	for n := range l.Nodes {
		for _, b := range before[n] {
			if b < n {
				l.Nodes[n].Ways++
				continue
			}
			l.Nodes[n].Head = true
			if !l.over(n, b) {
				return false
			}
		}
	}
	return true
}

// postorder gives the nodes, each behind those it leads to.
func (l *Loop) postorder() []int {
	type step struct{ node, edge int }
	seen := make([]bool, len(l.Nodes))
	seen[0] = true
	var out []int
	for todo := []step{{}}; len(todo) > 0; {
		s := &todo[len(todo)-1]
		if next := l.Nodes[s.node].Next; s.edge < len(next) {
			to := next[s.edge].Node
			if s.edge++; to >= 0 && !seen[to] {
				seen[to] = true
				todo = append(todo, step{node: to})
			}
			continue
		}
		out = append(out, s.node)
		todo = todo[:len(todo)-1]
	}
	return out
}

// arrange puts the nodes in the reverse of an order.
func (l *Loop) arrange(order []int) {
	slices.Reverse(order)
	at := make([]int, len(l.Nodes))
	nodes := make([]Node, len(order))
	for i, n := range order {
		at[n], nodes[i] = i, l.Nodes[n]
	}
	l.Nodes = nodes
	for i := range nodes {
		for k := range nodes[i].Next {
			if e := &nodes[i].Next[k]; e.Node >= 0 {
				e.Node = at[e.Node]
			}
		}
	}
}

// meet gives the last node that all ways to both lead through.
func (l *Loop) meet(a, b int) int {
	for a != b {
		for a > b {
			a = l.Nodes[a].Over
		}
		for b > a {
			b = l.Nodes[b].Over
		}
	}
	return a
}

// over says whether all ways to node n lead through node by.
func (l *Loop) over(by, n int) bool {
	for n > by {
		n = l.Nodes[n].Over
	}
	return n == by
}

// measure finds the most and the fewest instructions from each node to where the run is
// at a Head again.
func (l *Loop) measure() {
	for i := len(l.Nodes) - 1; i >= 0; i-- {
		n := &l.Nodes[i]
		for k, e := range n.Next {
			var steps, sure uint32
			if e.Node > i && !l.Nodes[e.Node].Head {
				steps, sure = l.Nodes[e.Node].Steps, l.Nodes[e.Node].Sure
			}
			if n.Steps = max(n.Steps, steps); k == 0 {
				n.Sure = sure
			}
			n.Sure = min(n.Sure, sure)
		}
		n.Steps += uint32(len(n.Instrs))
		n.Sure += uint32(len(n.Instrs))
	}
}
