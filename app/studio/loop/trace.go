package loop

import (
	"context"

	"gvpie/runtime/store"
)

// A tracer builds the lineage. The rows there are when it begins are read newest
// first, so that a picture comes early; later ones are added behind. A slice that
// was handed over is only ever appended to.
type tracer struct {
	store    *store.Store
	lanes    map[string]uint16
	lineage  Lineage
	codes    []laneCode // of each lane's newest node
	old      []Node     // newest first, while the past is read
	complete bool
	next     int // rows to read before the next picture
	most     int // nodes to keep
}

// laneCode is the code of a lane's newest node.
type laneCode struct {
	code  uint64
	known bool
}

func newTracer(s *store.Store) *tracer {
	return &tracer{store: s, lanes: map[string]uint16{}, most: maxNodes}
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
		rows, err := t.store.MapPoints(ctx, 0, p)
		if err != nil {
			return false, err
		}
		for i := range rows {
			t.old = append(t.old, t.node(&rows[i]))
		}
		done = len(rows) < tracePage || len(t.old) >= t.most
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
	for before := top + 1; len(fresh) < t.most; {
		rows, err := t.store.MapPoints(ctx, last, store.Page{Limit: 64, Before: before})
		if err != nil {
			return false, err
		}
		if len(rows) == 0 {
			break
		}
		for i := range rows {
			fresh = append(fresh, t.node(&rows[i]))
		}
		before = rows[len(rows)-1].ID
	}
	t.drop(len(fresh))
	from := len(t.lineage.Nodes)
	for i := len(fresh) - 1; i >= 0; i-- {
		t.lineage.Nodes = append(t.lineage.Nodes, fresh[i])
	}
	t.versions(t.lineage.Nodes, from)
	return true, nil
}

// drop makes room for more nodes: once there would be too many, the oldest go and
// what is left begins anew, so that the slice handed over before stays as it is.
func (t *tracer) drop(more int) {
	n := len(t.lineage.Nodes)
	if n+more <= t.most+t.most/8 {
		return
	}
	gone := min(n, n+more-t.most)
	kept := make([]Node, n-gone, t.most+t.most/8)
	copy(kept, t.lineage.Nodes[gone:])
	t.lineage.Nodes = kept
	t.lineage.Dropped += gone
	t.lineage.Older = true
}

// versions marks the nodes, from one on, whose code is new in its lane. What
// several scripts share has no versions.
func (t *tracer) versions(nodes []Node, from int) {
	if from == 0 {
		clear(t.codes)
	}
	for len(t.codes) < len(t.lineage.Lanes) {
		t.codes = append(t.codes, laneCode{})
	}
	for i := from; i < len(nodes); i++ {
		n := &nodes[i]
		before := &t.codes[n.Lane]
		n.Version = n.Lane != maxLanes-1 && (!before.known || before.code != n.Code)
		*before = laneCode{n.Code, true}
	}
}

func (t *tracer) node(r *store.MapPoint) Node {
	name := TaskScript(r.Task)
	lane, ok := t.lanes[name]
	if !ok {
		if lane = maxLanes - 1; len(t.lanes) < maxLanes-1 {
			lane = uint16(len(t.lanes))
			t.lanes[name] = lane
			t.lineage.Lanes = append(t.lineage.Lanes, name)
		} else if len(t.lineage.Lanes) < maxLanes {
			t.lineage.Lanes = append(t.lineage.Lanes, "others")
		}
	}
	return Node{ID: r.ID, Iteration: r.Iteration, Parent: r.Parent, Code: r.Code, Lane: lane, Verdict: ReadVerdict(r.Result)}
}

// maxLanes bounds the lanes; scripts beyond share the last.
const maxLanes = 8192
