package kernel

import "gvpie/runtime/isa"

// lowering makes the kernel's code of values.
type lowering struct {
	*webs
	k      *Kernel
	vars   map[id]int // by web
	blocks []Block    // by node
}

func (w *webs) lower(k *Kernel) []Block {
	l := &lowering{webs: w, k: k, vars: map[id]int{}, blocks: make([]Block, len(w.nodes))}
	for i := range w.nodes {
		n := &w.nodes[i]
		if n.dead {
			continue
		}
		b := &l.blocks[i]
		*b = Block{PC: n.pc, Uniform: !w.apart[i]}
		for _, v := range w.code[i] {
			in := l.instr(v)
			if w.values[v].row {
				k.Row = append(k.Row, in)
			} else {
				b.Instrs = append(b.Instrs, in)
			}
		}
		b.Exit = l.exit(i)
		if n.els < 0 && !n.done {
			b.Instrs = append(b.Instrs, l.copies(i, n.then)...)
		}
	}
	l.describe()
	return l.blocks
}

// varOf is the Var of a value that is no constant.
func (l *lowering) varOf(v id) int {
	x := l.values[v]
	n, ok := l.vars[x.web]
	if !ok {
		n = len(l.k.Vars)
		l.vars[x.web] = n
		l.k.Vars = append(l.k.Vars, Var{Init: x.init, Index: x.index, Uniform: true, Range: none})
	}
	return n
}

func (l *lowering) arg(v id, node int) Arg {
	x := l.values[v]
	if x.kind == constantValue {
		return constant(x.word)
	}
	a := Arg{Var: l.varOf(v), Range: l.rangeAt(v, node)}
	if l.varies(v, node) {
		l.k.Vars[a.Var].Uniform = false
	}
	return a
}

func constant(v uint32) Arg {
	return Arg{Var: -1, Const: v, Range: Range{int32(v), int32(v)}}
}

func (l *lowering) args(args []id, node int) (out []Arg, uniform bool) {
	uniform = true
	for _, a := range args {
		out = append(out, l.arg(a, node))
		uniform = uniform && !l.varies(a, node)
	}
	return out, uniform
}

func (l *lowering) instr(v id) Instr {
	x := l.values[v]
	in := Instr{Op: x.op, PC: x.pc, Dst: -1, Array: x.array, Safe: x.safe}
	in.Args, in.Uniform = l.args(x.args, x.block)
	in.Next, in.Near = l.neighbours(x)
	if result(x.op) {
		in.Dst = l.varOf(v)
	}
	return in
}

func (l *lowering) exit(i int) Exit {
	e, n := &l.exits[i], &l.nodes[i]
	out := Exit{Op: e.op, PC: e.pc, Then: n.then, Else: max(n.els, 0)}
	out.Args, out.Uniform = l.args(e.args, i)
	if e.op == isa.DONE {
		out.Then = 0
	}
	return out
}

// copies gives the phis of a node what they are for those who come from another, all
// at once: what one copy takes no other has overwritten.
func (l *lowering) copies(from, to int) (out []Instr) {
	at := 0
	for l.nodes[to].preds[at] != from {
		at++
	}
	var waiting []Instr
	for _, p := range l.phis[to] {
		a := l.values[p].args[at]
		if l.varies(a, to) { // also of those that need no copy
			l.k.Vars[l.varOf(p)].Uniform = false
		}
		if l.shares(a) && l.values[a].web == l.values[p].web {
			continue
		}
		in := Instr{Op: isa.SET, PC: l.exits[from].pc, Dst: l.varOf(p), Safe: true}
		in.Args, in.Uniform = l.args([]id{a}, from)
		if v := &l.k.Vars[in.Dst]; true {
			v.Range = join(v.Range, in.Args[0].Range)
		}
		waiting = append(waiting, in)
	}
	for len(waiting) > 0 {
		free := -1
		for i, in := range waiting {
			needed := false
			for j, other := range waiting {
				needed = needed || i != j && other.Args[0].Var == in.Dst
			}
			if !needed {
				free = i
				break
			}
		}
		if free < 0 { // they go round: one is kept aside
			first := &waiting[0]
			aside := first.Args[0]
			from := l.k.Vars[aside.Var]
			l.k.Vars = append(l.k.Vars, Var{Uniform: from.Uniform, Range: aside.Range})
			keep := *first
			keep.Dst = len(l.k.Vars) - 1
			out = append(out, keep)
			first.Args = []Arg{aside}
			first.Args[0].Var = keep.Dst
			continue
		}
		out = append(out, waiting[free])
		waiting = append(waiting[:free], waiting[free+1:]...)
	}
	return out
}

// describe completes what the Vars are, from the values in each.
func (l *lowering) describe() {
	for v := 1; v < len(l.values); v++ {
		x := l.values[v]
		n, ok := l.vars[x.web]
		if !ok || x.kind == constantValue || !x.used {
			continue
		}
		to := &l.k.Vars[n]
		to.Range = join(to.Range, x.rng)
		to.Uniform = to.Uniform && !x.vary
	}
}
