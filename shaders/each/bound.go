package each

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// bounded says that no texel can use up its budget, nor make so many turns that a
// driver leaves its loops: nothing needs to be counted then.
func bounded(k *kernel.Kernel) bool {
	cost := make([]int64, len(k.Loops)) // of one turn, without the loops in it
	for l := range k.Loops {
		cost[l] = int64(max(k.Loops[l].Steps, leastCharge))
	}
	left := int64(isa.LaneBudget - k.Steps)
	for l := len(k.Loops) - 1; l >= 0; l-- { // inner ones first
		n := turns(k, l)
		if n < 0 {
			return false
		}
		all := n * cost[l]
		if all > isa.LaneBudget {
			return false
		}
		if parent := k.Loops[l].Parent; parent >= 0 {
			cost[parent] += all
		} else {
			left -= all
		}
	}
	return left >= 0
}

// turns is how many turns a loop makes at most each time, -1 if that is not known: one
// of a variable that the first block compares with a constant, and that the way back
// takes nearer to it.
func turns(k *kernel.Kernel, l int) int64 {
	loop := k.Loops[l]
	e := &k.Blocks[loop.Head].Exit
	if len(e.Args) != 2 || e.Args[0].Var < 0 || e.Args[1].Var >= 0 {
		return -1
	}
	op := e.Op
	if inside := func(b int) bool { return b >= loop.Head && b <= loop.Last }; inside(e.Then) == inside(e.Else) {
		return -1
	} else if inside(e.Then) {
		op = contrary[op]
	}
	v := e.Args[0].Var
	step := stepOf(k, loop, v)
	limit, r := int64(int32(e.Args[1].Const)), k.Vars[v].Range
	switch {
	case step > 0 && (op == isa.GT || op == isa.GE) && limit+step < 1<<31:
		return max(0, limit-int64(r.Lo))/step + 2
	case step < 0 && (op == isa.LT || op == isa.LE) && limit+step >= -1<<31:
		return max(0, int64(r.Hi)-limit)/-step + 2
	}
	return -1
}

// stepOf is what each turn adds to a variable: 0 if that is not one constant, added in
// the blocks that lead back, and nowhere else in the loop.
func stepOf(k *kernel.Kernel, loop kernel.Loop, v int) (step int64) {
	for i := loop.Head; i <= loop.Last; i++ {
		b := &k.Blocks[i]
		back := b.Exit.Op == isa.JMP && b.Exit.Then == loop.Head
		here := int64(0)
		for j := range b.Instrs {
			in := &b.Instrs[j]
			if in.Dst != v {
				continue
			}
			by, ok := added(in, v)
			if !ok || here != 0 || !back {
				return 0
			}
			here = by
		}
		if !back {
			continue
		}
		if here == 0 || step != 0 && step != here {
			return 0
		}
		step = here
	}
	return step
}

// added is what an instruction adds to a variable that it changes, if it does no
// more.
func added(in *kernel.Instr, v int) (by int64, ok bool) {
	if len(in.Args) != 2 {
		return 0, false
	}
	a, b := in.Args[0], in.Args[1]
	if in.Op == isa.ADD && a.Var < 0 {
		a, b = b, a
	}
	switch {
	case a.Var != v || b.Var >= 0:
		return 0, false
	case in.Op == isa.ADD:
		return int64(int32(b.Const)), true
	case in.Op == isa.SUB:
		return -int64(int32(b.Const)), true
	}
	return 0, false
}
