package kernel

import (
	"slices"

	"gvpie/runtime/isa"
)

// divergence is what texels of a row do not share: which values, and where in the
// code they are apart. They are taken to run as a compiler has them run, those that
// are furthest behind first, each turn of a loop together.
type divergence struct {
	*function
	exitVaries []bool // by node: texels leave it different ways
	joinVaries []bool // by node: its phis differ though their args do not
	apart      []bool // by node: texels come there and others do not
	loopVaries []bool // by loop: texels leave it after different turns
	inLoop     []int  // by node: the innermost loop, -1
}

// uniform finds what all texels of a row share.
func (f *function) uniform() *divergence {
	n := len(f.nodes)
	d := &divergence{
		function: f, exitVaries: make([]bool, n), joinVaries: make([]bool, n), apart: make([]bool, n),
		loopVaries: make([]bool, len(f.loops)), inLoop: make([]int, n),
	}
	for i := range d.inLoop {
		d.inLoop[i] = -1
	}
	for l := range f.loops {
		for i := f.loops[l].Head; i <= f.loops[l].Last; i++ {
			d.inLoop[i] = l
		}
	}
	f.shared()
	for again := true; again; {
		again = false
		for i := range f.nodes {
			if !f.nodes[i].dead && d.node(i) {
				again = true
			}
		}
	}
	return d
}

// shared finds the instructions that can be executed once for a row, before it is
// known where its texels go: what branches say does not count there.
func (f *function) shared() {
	for _, v := range f.values[1:] {
		v.row = v.kind == constantValue || v.kind == startValue && v.init != PX
		v.vary = v.kind == startValue && v.init == PX
	}
	for i := range f.nodes {
		if f.nodes[i].dead {
			continue
		}
		for _, v := range f.code[i] {
			x := f.values[v]
			if !x.safe || !result(x.op) || slices.ContainsFunc(x.args, func(a id) bool { return !f.values[a].row }) {
				continue
			}
			x.row = f.move(x, 0)
		}
	}
}

// result says whether an instruction has one.
func result(op isa.Op) bool { return op != isa.PUT && op != isa.ASSERT && op != isa.LOG }

// node looks at a node again, and says whether more varies now.
func (d *divergence) node(i int) (more bool) {
	vary := func(x *value, does bool) {
		if does && !x.vary {
			x.vary, more = true, true
		}
	}
	for _, p := range d.phis[i] {
		x := d.values[p]
		vary(x, d.joinVaries[i] || slices.ContainsFunc(x.args, func(a id) bool { return d.varies(a, i) }))
	}
	for _, v := range d.code[i] {
		x := d.values[v]
		vary(x, slices.ContainsFunc(x.args, func(a id) bool { return d.varies(a, i) }))
	}
	if !d.exitVaries[i] && slices.ContainsFunc(d.exits[i].args, func(a id) bool { return d.varies(a, i) }) {
		d.exitVaries[i], more = true, true
		d.spread(i)
	}
	return more
}

// varies says whether texels that are in a node together see different values: those
// that left a loop in different turns have different ones from there.
func (d *divergence) varies(v id, node int) bool {
	x := d.values[v]
	if x.vary || x.row || x.kind != phiValue && x.kind != instrValue {
		return x.vary
	}
	for l := d.inLoop[x.block]; l >= 0 && !d.holds(l, node); l = d.loops[l].Parent {
		if d.loopVaries[l] {
			return true
		}
	}
	return false
}

// holds says whether a node is in a loop.
func (d *divergence) holds(loop, node int) bool {
	return node >= d.loops[loop].Head && node <= d.loops[loop].Last
}

// way is where texels go that parted; equal labels stand for texels that are together.
type way struct{ to, label int }

// spread follows texels that part behind a node until all are in one place again.
func (d *divergence) spread(from int) {
	n := &d.nodes[from]
	out := []way{{n.then, 1}, {n.els, 2}}
	ended := false
	for loop := d.inLoop[from]; ; loop = d.loops[loop].Parent {
		back, left, end, together := d.turn(loop, out, ended)
		if together || loop < 0 {
			return
		}
		ended = end
		if slices.ContainsFunc(back, func(label int) bool { return label != back[0] }) {
			d.joinVaries[d.loops[loop].Head] = true
		}
		switch {
		case len(back) > 0 && len(left) == 0 && !ended:
			return // all are at the head
		case len(back) > 0:
			left, end = d.leave(loop)
			ended = ended || end
		}
		out = left
	}
}

// leave makes a loop one that texels leave in different turns, and gives the ways out.
func (d *divergence) leave(loop int) (out []way, ended bool) {
	l := &d.loops[loop]
	d.loopVaries[loop] = true
	for i := l.Head; i <= l.Last; i++ {
		if d.nodes[i].dead {
			continue
		}
		d.apart[i] = true
		ended = ended || d.nodes[i].done
		for _, to := range d.nodes[i].ways() {
			if to < l.Head || to > l.Last {
				out = append(out, way{to, len(d.nodes) + len(out)})
			}
		}
	}
	return out, ended
}

// turn follows texels to the end of a turn of a loop, or of the block for -1: back are
// the labels of those that begin another, left the ways out; ended says that some
// texels end. together says that all met before.
func (d *divergence) turn(loop int, ways []way, over bool) (back []int, left []way, ended, together bool) {
	ended = over
	label := map[int]int{}
	next := len(d.nodes)
	send := func(from int, w way) {
		switch {
		case loop >= 0 && w.to == d.loops[loop].Head:
			back = append(back, w.label)
		case loop >= 0 && !d.holds(loop, w.to):
			left = append(left, w)
		case w.to <= from: // the head of a loop that is all ahead
		case label[w.to] != 0 && label[w.to] != w.label:
			d.joinVaries[w.to] = true
			label[w.to] = -w.to - 1
		default:
			label[w.to] = w.label
			next = min(next, w.to)
		}
	}
	for _, w := range ways {
		send(-1, w)
	}
	for len(label) > 0 {
		i := next
		here := label[i]
		delete(label, i)
		if len(label) == 0 && len(back) == 0 && len(left) == 0 && !ended {
			return nil, nil, false, true
		}
		d.apart[i] = true
		ended = ended || d.nodes[i].done
		next = len(d.nodes)
		for to := range label {
			next = min(next, to)
		}
		for _, to := range d.nodes[i].ways() {
			send(i, way{to, here})
		}
	}
	return back, left, ended, false
}
