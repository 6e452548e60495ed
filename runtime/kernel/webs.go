package kernel

import "slices"

// A phi is no instruction: its Var is written on the ways that lead to it. Where a
// value that comes so is not needed for anything else meanwhile, it is computed in
// the phi's Var at once; such values are a web. Others are copied.

// webs decides which values share a Var.
type webs struct {
	*divergence
	place   []place       // by value: where it is computed
	live    [][]uint64    // by node: the values live at its end
	last    map[useAt]int // where in a node a value is used last
	members map[id][]id   // of a web of several, by its name
}

type place struct{ node, at int } // at: 0 for phis, then from 1

type useAt struct {
	v    id
	node int
}

// shares says whether a value has a Var that is written where it is computed.
func (f *function) shares(v id) bool {
	x := f.values[v]
	return x.used && !x.row && (x.kind == phiValue || x.kind == instrValue)
}

// mark finds the values that matter.
func (f *function) mark() {
	var todo []id
	use := func(args []id) {
		for _, a := range args {
			if x := f.values[a]; !x.used {
				x.used = true
				todo = append(todo, a)
			}
		}
	}
	for i := range f.nodes {
		if f.nodes[i].dead {
			continue
		}
		use(f.exits[i].args)
		for _, v := range f.code[i] {
			if x := f.values[v]; !x.safe || !result(x.op) {
				use([]id{v})
			}
		}
	}
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		use(f.values[v].args)
	}
	unused := func(v id) bool { return !f.values[v].used }
	for i := range f.nodes {
		f.code[i] = slices.DeleteFunc(f.code[i], unused)
		f.phis[i] = slices.DeleteFunc(f.phis[i], unused)
	}
}

func (d *divergence) findWebs() *webs {
	w := &webs{divergence: d, place: make([]place, len(d.values)), last: map[useAt]int{}, members: map[id][]id{}}
	for i := range d.nodes {
		for _, p := range d.phis[i] {
			w.place[p] = place{i, 0}
		}
		for k, v := range d.code[i] {
			w.place[v] = place{i, k + 1}
			for _, a := range d.values[v].args {
				w.last[useAt{a, i}] = k + 1
			}
		}
		for _, a := range d.exits[i].args {
			w.last[useAt{a, i}] = len(d.code[i]) + 1
		}
	}
	w.liveness()
	for v := 1; v < len(d.values); v++ { // there may be none
		d.values[v].web = id(v)
	}
	for i := range d.nodes {
		for _, p := range d.phis[i] {
			for _, a := range d.values[p].args {
				if d.shares(a) {
					w.join(p, a)
				}
			}
		}
	}
	return w
}

// liveness finds which values are live at the end of each node, those that the phis
// behind take from there among them.
func (w *webs) liveness() {
	n := len(w.nodes)
	words := (len(w.values) + 63) / 64
	sets := make([]uint64, 2*n*words)
	set := func(k int) []uint64 { return sets[k*words:][:words] }
	w.live = make([][]uint64, n)
	in := make([][]uint64, n)
	for i := range n {
		w.live[i], in[i] = set(2*i), set(2*i+1)
		for _, next := range w.nodes[i].ways() {
			k := slices.Index(w.nodes[next].preds, i)
			for _, p := range w.phis[next] {
				if a := w.values[p].args[k]; w.shares(a) {
					w.live[i][a/64] |= 1 << (a % 64)
				}
			}
		}
	}
	for u := range w.last {
		if w.shares(u.v) && w.place[u.v].node != u.node {
			in[u.node][u.v/64] |= 1 << (u.v % 64)
		}
	}
	for again := true; again; {
		again = false
		for i := n - 1; i >= 0; i-- {
			for _, next := range w.nodes[i].ways() {
				merge(w.live[i], in[next])
			}
			was := slices.Clone(in[i])
			merge(in[i], w.live[i])
			for _, p := range w.phis[i] {
				in[i][p/64] &^= 1 << (p % 64)
			}
			for _, v := range w.code[i] {
				in[i][v/64] &^= 1 << (v % 64)
			}
			again = again || !slices.Equal(was, in[i])
		}
	}
}

func merge(into, from []uint64) {
	for i, w := range from {
		into[i] |= w
	}
}

// join makes a web of those of two values, unless both are needed at one time.
func (w *webs) join(p, a id) {
	x, y := w.values[p].web, w.values[a].web
	if x == y {
		return
	}
	of := func(web id) []id {
		if m := w.members[web]; m != nil {
			return m
		}
		return []id{web}
	}
	one, other := of(x), of(y)
	for _, u := range one {
		for _, v := range other {
			if w.liveBehind(u, w.place[v]) || w.liveBehind(v, w.place[u]) {
				return
			}
		}
	}
	for _, v := range other {
		w.values[v].web = x
	}
	w.members[x] = append(slices.Clip(one), other...)
	delete(w.members, y)
}

// liveBehind says whether a value is still needed behind a place.
func (w *webs) liveBehind(v id, at place) bool {
	def := w.place[v]
	switch {
	case def.node == at.node && def.at > at.at:
		return false
	case def.node != at.node && !w.dominates(def.node, at.node):
		return false
	}
	if w.live[at.node][v/64]>>(v%64)&1 == 1 {
		return true
	}
	return w.last[useAt{v, at.node}] > at.at
}
