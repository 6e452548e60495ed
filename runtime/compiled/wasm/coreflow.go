package wasm

import (
	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
)

// The graph of a loop becomes blocks within blocks: behind a node come those to which
// ways meet that all lead through it, the last of them outermost, so that each can be
// branched to from wherever it is led to.
//
// Source: N. Ramsey, Beyond Relooper.
//
// Instructions are paid for as soon as it is sure that they will be executed, if none
// leaves the loop, so that most nodes need not count: at a head all that are sure from
// there to the next, and along an edge what it makes sure beyond that.

// tree writes a node and all to which every way leads through it.
func (e *loopEmitter) tree(n int) {
	node := &e.loop.Nodes[n]
	if node.Head {
		e.heads[n] = e.f.open(opLoop)
		e.at, e.owed = node, 0
		e.f.get(paramLeft)
		e.f.i32(int32(node.Steps))
		e.f.op(opI32LtU)
		e.leaveIf(uint32(node.Instrs[0].Addr))
		e.pay(node.Sure)
	}
	var meets []int
	for k := n + 1; k < len(e.loop.Nodes); k++ {
		if m := &e.loop.Nodes[k]; m.Over == n && m.Ways > 1 {
			meets = append(meets, k)
		}
	}
	e.within(n, meets)
	if node.Head {
		e.f.end()
	}
}

// within writes a node inside of a block for each of those that branches go to.
func (e *loopEmitter) within(n int, meets []int) {
	if len(meets) == 0 {
		e.node(n)
		return
	}
	last := meets[len(meets)-1]
	e.merges[last] = e.f.open(opBlock)
	e.within(n, meets[:len(meets)-1])
	e.f.end()
	e.tree(last)
}

// node writes a node's instructions, and where it leads.
func (e *loopEmitter) node(n int) {
	node, f := &e.loop.Nodes[n], e.f
	e.at = node
	last := len(node.Instrs) - 1
	for i := range last {
		e.owed = node.Sure - uint32(i)
		if i == last-1 && e.decides(node) {
			break
		}
		e.instr(node.Instrs[i])
	}
	in := node.Instrs[last]
	e.owed = node.Sure - uint32(last)
	if len(node.Next) == 1 {
		e.instr(in)
		e.branch(n, node.Next[0])
		return
	}
	jump, on := node.Next[0], node.Next[1]
	if e.decides(node) {
		test := node.Instrs[last-1]
		e.compute(test)
		f.open(opIf)
		f.i32(1)
		e.set(test.Args[0])
		e.branch(n, on)
		f.op(opElse)
		f.i32(0)
		e.set(test.Args[0])
		e.branch(n, jump)
		f.end()
		return
	}
	switch in.Spec.Op {
	case isa.JZ:
		e.operand(in, 0)
		jump, on = on, jump
	case isa.JNZ:
		e.operand(in, 0)
	case isa.LOOP:
		e.passed(in)
	}
	f.open(opIf)
	e.branch(n, jump)
	f.op(opElse)
	e.branch(n, on)
	f.end()
}

// decides says whether a node ends with a comparison and a JZ of its result.
func (e *loopEmitter) decides(node *flow.Node) bool {
	last := len(node.Instrs) - 1
	if last < 1 {
		return false
	}
	in, test := node.Instrs[last], node.Instrs[last-1]
	return in.Spec.Op == isa.JZ && in.Mask&1 == 1 && (compares(test.Spec.Op) || test.Spec.Op == isa.ISZ) && test.Args[0] == in.Args[0] && !e.words[test.Args[0]].memory
}

// branch goes along an edge of a node.
func (e *loopEmitter) branch(n int, to flow.Edge) {
	if to.Node > n && !e.loop.Nodes[to.Node].Head {
		from := &e.loop.Nodes[n]
		e.pay(e.loop.Nodes[to.Node].Sure - (from.Sure - uint32(len(from.Instrs))))
	}
	switch {
	case to.Node < 0:
		e.stop(to.Addr, to.Depth)
	case to.Node <= n:
		e.f.br(opBr, e.heads[to.Node])
	case e.loop.Nodes[to.Node].Ways > 1:
		e.f.br(opBr, e.merges[to.Node])
	default:
		e.tree(to.Node)
	}
}

// pay takes so many instructions off those that are left.
func (e *loopEmitter) pay(instructions uint32) {
	if instructions == 0 {
		return
	}
	f := e.f
	f.get(paramLeft)
	f.i32(int32(instructions))
	f.op(opI32Sub)
	f.set(paramLeft)
}

// stop leaves the loop, to go on at an address.
func (e *loopEmitter) stop(addr uint32, depth int) {
	f := e.f
	f.i32(int32(addr))
	f.set(e.pc)
	if e.loop.Depth > 0 {
		f.i32(int32(depth))
		f.set(e.depth)
	}
	f.br(opBr, e.out)
}

// leaveIf leaves the loop before the instruction at an address, which is the one that is
// written, if the word on the stack is not 0.
func (e *loopEmitter) leaveIf(addr uint32) {
	f := e.f
	f.open(opIf)
	e.pay(-e.owed)
	e.stop(addr, e.at.Depth)
	f.end()
}

// passed pushes whether a FOR loop's i has passed the limit in the step's direction.
func (e *loopEmitter) passed(in isa.Instr) {
	f := e.f
	test := func(op opcode) {
		e.operand(in, 0)
		e.operand(in, 1)
		f.op(op)
	}
	switch {
	case in.Mask>>2&1 == 1:
		test(opI32LtS)
		test(opI32GtS)
		e.operand(in, 2)
		f.i32(0)
		f.op(opI32LtS, opSelect)
	case int32(in.Args[2]) < 0:
		test(opI32LtS)
	default:
		test(opI32GtS)
	}
}
