package kernel

import "gvpie/runtime/isa"

// layout gives the kernel its blocks: those that say anything, in order.
func (k *Kernel) layout(blocks []Block, g *graph) {
	n := len(blocks)
	live := make([]bool, n)
	for i := range n {
		live[i] = !g.nodes[i].dead
	}
	head := make([]int, n) // 1 + the loop with that head
	inLoop := make([]int, n)
	for i := range g.loops {
		l := &g.loops[i]
		head[l.Head] = i + 1
		for j := l.Head; j <= l.Last; j++ {
			inLoop[j] = i + 1
		}
	}
	// An empty block that goes on ahead is passed over.
	onward := make([]int, n)
	for i := n - 1; i >= 0; i-- {
		onward[i] = i
		b := &blocks[i]
		if live[i] && len(b.Instrs) == 0 && b.Exit.Op == isa.JMP && b.Exit.Then > i && head[i] == 0 {
			onward[i] = onward[b.Exit.Then]
			live[i] = false
		}
	}
	into := make([]int, n)
	for i := range blocks {
		e := &blocks[i].Exit
		if !live[i] || e.Op == isa.DONE {
			continue
		}
		e.Then = onward[e.Then]
		if e.Op != isa.JMP {
			if e.Else = onward[e.Else]; e.Else == e.Then {
				*e = Exit{Op: isa.JMP, PC: e.PC, Then: e.Then, Uniform: true}
			} else {
				into[e.Else]++
			}
		}
		into[e.Then]++
	}
	// A block that alone leads to another takes it in.
	for i := n - 1; i >= 0; i-- {
		b := &blocks[i]
		for live[i] && b.Exit.Op == isa.JMP && b.Exit.Then > i {
			t := b.Exit.Then
			if into[t] != 1 || head[t] != 0 || inLoop[t] != inLoop[i] {
				break
			}
			b.Instrs = append(b.Instrs, blocks[t].Instrs...)
			b.Exit = blocks[t].Exit
			live[t] = false
		}
	}
	place := make([]int, n)
	for i := range blocks {
		place[i] = len(k.Blocks)
		if live[i] {
			k.Blocks = append(k.Blocks, blocks[i])
		}
	}
	last := make([]int, len(g.loops)) // 1 + the last block that leads back
	for i := range k.Blocks {
		e := &k.Blocks[i].Exit
		if e.Op == isa.DONE {
			continue
		}
		was := e.Then
		e.Then = place[e.Then]
		if e.Op != isa.JMP {
			e.Else = place[e.Else]
		}
		if e.Then <= i {
			last[head[was]-1] = i + 1
		}
	}
	renamed := make([]int, len(g.loops)) // 1 + the loop's number in the kernel
	for i, l := range g.loops {
		if last[i] == 0 {
			continue
		}
		parent := l.Parent
		for parent >= 0 && renamed[parent] == 0 {
			parent = g.loops[parent].Parent
		}
		up := -1
		if parent >= 0 {
			up = renamed[parent] - 1
		}
		k.Loops = append(k.Loops, Loop{Head: place[l.Head], Last: last[i] - 1, Parent: up, Steps: l.Steps})
		renamed[i] = len(k.Loops)
	}
}
