package flow

import (
	"slices"

	"gvpie/runtime/isa"
)

// Loop is a loop of the core as one piece: what a run does from its head until it
// leaves it. Procedures and subroutines that are called in the loop stand in it, once
// for each place that they are called from.
//
// A run leaves the loop where it goes elsewhere, and before every instruction that is
// not for it: see [Graph.Loops].
type Loop struct {
	Head  uint32
	Nodes []Node // in reverse postorder: an edge to a node that does not come later leads back
	Depth int    // the most calls that a run in the loop is in, beyond those it entered it with
}

// Node is a stretch of instructions that run one after the other.
type Node struct {
	Instrs []isa.Instr
	// Next is where the run goes behind the last of Instrs: one edge; or, behind a JZ,
	// JNZ or LOOP, the one it jumps along and the other.
	Next  []Edge
	Depth int    // calls that it is in
	Head  bool   // edges lead back here
	Over  int    // the node through which all ways to this one come last; 0 of the first
	Ways  int    // edges that lead here and not back
	Steps uint32 // the most instructions from here to the next Head, or until the loop is left
	Sure  uint32 // the fewest, if the loop is left along edges alone
}

// Edge leads to a node, or out of the loop.
type Edge struct {
	Node  int    // -1: the loop is left
	Addr  uint32 // where the run goes on
	Depth int    // calls that it is in there
}

// What is looked at of one loop, and how deep its calls may be.
const (
	mostLoopInstrs = 4000
	mostLoopDepth  = 8
)

// Loops gives the loops of the core that a run can come to, by address, whose every
// cycle has one entry. takes says which instructions may be in a loop at all; an
// instruction that it is not asked for, because executing it is an error or because of
// what it does to the stack, is in none.
func (g *Graph) Loops(takes func(in isa.Instr) bool) []*Loop {
	last := map[uint32]uint32{} // the furthest instruction that jumps back to an address
	var heads []uint32
	for _, b := range g.Core.Blocks {
		for _, in := range b.Instrs {
			to, ok := Target(in)
			if !ok || to > uint32(in.Addr) || in.Spec.Op == isa.CALL || in.Spec.Op == isa.INVOKE || in.Spec.Op == isa.EACH {
				continue
			}
			if _, seen := last[to]; !seen {
				heads = append(heads, to)
			}
			last[to] = max(last[to], uint32(in.Addr))
		}
	}
	slices.Sort(heads)
	var out []*Loop
	for _, head := range heads {
		b := loopBuilder{
			walk: walk{p: g.program, h: g.header, Span: g.Core.Span}, takes: takes,
			head: head, last: last[head], known: map[place]int{},
		}
		if l := b.loop(); l != nil {
			out = append(out, l)
		}
	}
	return out
}

// loopBuilder follows one loop.
type loopBuilder struct {
	walk
	takes      func(isa.Instr) bool
	head, last uint32 // outside of calls, the loop is what lies between these
	calls      []call
	points     []point
	known      map[place]int // index of points
}

// place is an address, in a call: 0, or an index of calls + 1.
type place struct {
	addr uint32
	call int
}

// call is a call that goes on.
type call struct {
	behind uint32 // where it goes back
	invoke bool   // INVOKE made it
	in     int    // another call
	depth  int
}

// point is an instruction of the loop.
type point struct {
	place
	in   isa.Instr
	to   []next
	ways int  // that lead here
	lead bool // a node begins here
}

// next is where a point leads: to another, or out.
type next struct {
	place
	point int // -1: out
}

func (b *loopBuilder) depth(call int) int {
	if call == 0 {
		return 0
	}
	return b.calls[call-1].depth
}

// loop gives the loop; nil if there is none, or it is too large or has an odd shape.
func (b *loopBuilder) loop() *Loop {
	start := b.reach(place{b.head, 0})
	if start.point < 0 {
		return nil
	}
	b.points[0].lead = true
	for i := 0; i < len(b.points); i++ {
		if len(b.points) > mostLoopInstrs {
			return nil
		}
		in, at := b.points[i].in, b.points[i].place
		ways, _ := b.leads(in, at.call)
		to := make([]next, len(ways))
		for k, w := range ways {
			to[k] = b.reach(w)
			if n := to[k].point; n >= 0 {
				b.points[n].ways++
				_, jumps := Target(in)
				b.points[n].lead = b.points[n].lead || jumps || len(ways) > 1 || in.Spec.Op == isa.RET || in.Spec.Op == isa.RETURN || b.points[n].ways > 1
			}
		}
		b.points[i].to = to
	}
	if b.points[0].ways == 0 {
		return nil
	}
	l := &Loop{Head: b.head}
	b.nodes(l)
	if !l.order() {
		return nil
	}
	l.measure()
	return l
}

// reach gives the point at a place, made if it is not there.
func (b *loopBuilder) reach(at place) next {
	if n, ok := b.known[at]; ok {
		return next{at, n}
	}
	n := -1
	if at.call != 0 || at.addr >= b.head && at.addr <= b.last {
		if in, ok := b.take(at); ok {
			n = len(b.points)
			b.points = append(b.points, point{place: at, in: in})
		}
	}
	b.known[at] = n
	return next{at, n}
}

// take gives the instruction at a place, if it can be in the loop.
func (b *loopBuilder) take(at place) (in isa.Instr, ok bool) {
	if at.addr < isa.HeaderWords || at.addr >= b.End {
		return in, false
	}
	if in, ok = b.decode(at.addr); !ok || !b.takes(in) {
		return in, false
	}
	if to, jumps := Target(in); jumps && (to < isa.HeaderWords || to > b.End) {
		return in, false
	}
	_, ok = b.leads(in, at.call)
	return in, ok
}

// leads gives where an instruction leads that runs in a call; ok is false if it is
// none for a loop.
func (b *loopBuilder) leads(in isa.Instr, in0 int) (to []place, ok bool) {
	behind := uint32(in.Addr + in.Size)
	target, jumps := Target(in)
	switch in.Spec.Op {
	case isa.HALT, isa.FRAME, isa.EACH:
		return nil, false
	case isa.JMP:
		return []place{{target, in0}}, true
	case isa.CALL, isa.INVOKE:
		c := call{behind: behind, invoke: in.Spec.Op == isa.INVOKE, in: in0, depth: b.depth(in0) + 1}
		if c.depth > mostLoopDepth || c.invoke && !b.activates(in.Args[1:]) {
			return nil, false
		}
		n := slices.Index(b.calls, c)
		if n < 0 {
			n = len(b.calls)
			b.calls = append(b.calls, c)
		}
		return []place{{target, n + 1}}, true
	case isa.RET:
		if in0 == 0 || b.calls[in0-1].invoke {
			return nil, false
		}
		c := b.calls[in0-1]
		return []place{{c.behind, c.in}}, true
	case isa.RETURN:
		for in0 != 0 && !b.calls[in0-1].invoke {
			in0 = b.calls[in0-1].in
		}
		if in0 == 0 || !b.activates(in.Args[2:]) {
			return nil, false
		}
		c := b.calls[in0-1]
		return []place{{c.behind, c.in}}, true
	}
	if jumps {
		return []place{{target, in0}, {behind, in0}}, true
	}
	return []place{{behind, in0}}, true
}

// activates says whether operands are an activation that no call of itself comes to.
func (b *loopBuilder) activates(x []uint32) bool {
	return x[1] <= isa.MaxActivation && uint64(x[0])+uint64(x[1]) <= uint64(b.h.DataWords) && x[2] == 0
}

// nodes makes nodes of the points, the loop's head first.
func (b *loopBuilder) nodes(l *Loop) {
	node := make([]int, len(b.points))
	for i := range b.points {
		if b.points[i].lead {
			node[i] = len(l.Nodes)
			l.Nodes = append(l.Nodes, Node{Depth: b.depth(b.points[i].call)})
		}
	}
	for i := range b.points {
		if !b.points[i].lead {
			continue
		}
		n := &l.Nodes[node[i]]
		p := &b.points[i]
		for {
			n.Instrs = append(n.Instrs, p.in)
			if len(p.to) != 1 || p.to[0].point < 0 || b.points[p.to[0].point].lead {
				break
			}
			p = &b.points[p.to[0].point]
		}
		for _, to := range p.to {
			e := Edge{Node: -1, Addr: to.addr, Depth: b.depth(to.call)}
			if to.point >= 0 {
				e.Node = node[to.point]
			}
			l.Depth = max(l.Depth, e.Depth)
			n.Next = append(n.Next, e)
		}
	}
}

// Stores says whether the loop writes to an array.
func (l *Loop) Stores() bool {
	return l.has(func(s *isa.Spec) bool { return s.Op == isa.ST || s.Op == isa.ST2 })
}

// Draws says whether the loop draws.
func (l *Loop) Draws() bool {
	return l.has(func(s *isa.Spec) bool { return s.Group == isa.GroupDraw })
}

func (l *Loop) has(one func(*isa.Spec) bool) bool {
	for i := range l.Nodes {
		for _, in := range l.Nodes[i].Instrs {
			if one(in.Spec) {
				return true
			}
		}
	}
	return false
}
