package kernel

import "slices"

// hoist moves what is the same in every turn of a loop to before it, if it cannot
// fail there.
func (f *function) hoist() {
	for l := len(f.loops) - 1; l >= 0; l-- { // inner ones first
		head, last := f.loops[l].Head, f.loops[l].Last
		if f.nodes[head].dead || !f.turning(head) {
			continue
		}
		to := f.before(head)
		later := func(a id) bool {
			x := f.values[a]
			return (x.kind == instrValue || x.kind == phiValue) && !f.dominates(x.block, to)
		}
		for i := head; i <= last; i++ {
			f.code[i] = slices.DeleteFunc(f.code[i], func(v id) bool {
				x := f.values[v]
				if !x.safe || !result(x.op) || slices.ContainsFunc(x.args, later) || !f.move(x, to) {
					return false
				}
				f.code[to] = append(f.code[to], v)
				return true
			})
		}
	}
}

// before is the last node that every way to a loop's head passes and that is in no
// loop that the head is not in.
func (f *function) before(head int) int {
	to := f.nodes[head].idom
	for i := 0; i < len(f.loops); i++ {
		if l := &f.loops[i]; to >= l.Head && to <= l.Last && (head < l.Head || head > l.Last) {
			to, i = f.nodes[l.Head].idom, -1
		}
	}
	return to
}

// turning says whether anything still leads back to a head.
func (f *function) turning(head int) bool {
	return slices.ContainsFunc(f.nodes[head].preds, func(p int) bool { return p >= head && !f.nodes[p].dead })
}

// move makes an instruction one of a node that every way to it passes, unless it may
// fail there, where branches have said less of its operands.
func (f *function) move(x *value, to int) bool {
	moved := *x
	moved.block = to
	if canFail(x.op) && !f.cannotFail(&moved) {
		return false
	}
	moved.rng = f.result(&moved, to)
	*x = moved
	return true
}
