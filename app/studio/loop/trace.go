package loop

import (
	"context"
	"hash/maphash"

	"gvpie/runtime/store"
)

// A tracer builds the lineage. The rows there are when it begins are read newest
// first, so that a picture comes early; later ones are added behind. A slice that
// was handed over is only ever appended to.
type tracer struct {
	store    *store.Store
	seed     maphash.Seed
	lanes    map[string]uint16
	lineage  Lineage
	old      []Node // newest first, while the past is read
	complete bool
	next     int // rows to read before the next picture
}

func newTracer(s *store.Store) *tracer {
	return &tracer{store: s, seed: maphash.MakeSeed(), lanes: map[string]uint16{}}
}

// tracePage is how many rows are read at once.
const tracePage = 500

// read reads a part; done says that the lineage is whole up to top.
func (t *tracer) read(ctx context.Context, top int64) (done bool, err error) {
	if t.complete {
		return t.follow(ctx, top)
	}
	t.next = max(tracePage, 2*len(t.old))
	for len(t.old) < t.next && !done {
		p := store.Page{Limit: tracePage, Before: top + 1}
		if n := len(t.old); n > 0 {
			p.Before = t.old[n-1].ID
		}
		rows, err := t.store.Map(ctx, p)
		if err != nil {
			return false, err
		}
		for i := range rows {
			t.old = append(t.old, t.node(&rows[i]))
		}
		done = len(rows) < tracePage || len(t.old) >= maxNodes
		t.lineage.Older = len(rows) == tracePage && done
	}
	nodes := make([]Node, len(t.old))
	for i, n := range t.old {
		nodes[len(nodes)-1-i] = n
	}
	t.versions(nodes, 0)
	t.lineage.Nodes = nodes
	if done {
		t.complete, t.old = true, nil
	}
	return done, nil
}

// follow adds the rows that are newer than the last.
func (t *tracer) follow(ctx context.Context, top int64) (done bool, err error) {
	last := int64(0)
	if n := len(t.lineage.Nodes); n > 0 {
		last = t.lineage.Nodes[n-1].ID
	}
	var fresh []Node
	for before := top + 1; ; {
		rows, err := t.store.Map(ctx, store.Page{Limit: 64, Before: before})
		if err != nil {
			return false, err
		}
		for i := range rows {
			if rows[i].ID <= last {
				rows = nil
				break
			}
			fresh = append(fresh, t.node(&rows[i]))
		}
		if len(rows) == 0 {
			break
		}
		before = rows[len(rows)-1].ID
	}
	from := len(t.lineage.Nodes)
	for i := len(fresh) - 1; i >= 0; i-- {
		t.lineage.Nodes = append(t.lineage.Nodes, fresh[i])
	}
	t.versions(t.lineage.Nodes, from)
	return true, nil
}

// versions marks the nodes, from one on, whose code is new in its lane.
func (t *tracer) versions(nodes []Node, from int) {
	before := make([]int, len(t.lanes))
	for i := range before {
		before[i] = -1
	}
	for found, i := 0, from-1; i >= 0 && found < len(before); i-- {
		if lane := nodes[i].Lane; before[lane] < 0 {
			before[lane] = i
			found++
		}
	}
	for i := from; i < len(nodes); i++ {
		n := &nodes[i]
		b := before[n.Lane]
		n.Version = b < 0 || nodes[b].Code != n.Code
		before[n.Lane] = i
	}
}

func (t *tracer) node(r *store.MapRow) Node {
	name := TaskScript(r.Task)
	lane, ok := t.lanes[name]
	if !ok {
		if lane = uint16(len(t.lanes)); lane == maxLanes-1 {
			name = "others"
		}
		lane = min(lane, maxLanes-1)
		t.lanes[TaskScript(r.Task)] = lane
		if int(lane) == len(t.lineage.Lanes) {
			t.lineage.Lanes = append(t.lineage.Lanes, name)
		}
	}
	return Node{ID: r.ID, Iteration: r.Iteration, Parent: r.Parent, Code: maphash.String(t.seed, r.Code), Lane: lane, Verdict: ReadVerdict(r.Result)}
}

// maxLanes bounds the lanes; scripts beyond share the last.
const maxLanes = 256
