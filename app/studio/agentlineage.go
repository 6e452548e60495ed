package studio

import (
	"encoding/json"
	"hash/maphash"
	"sort"
	"strings"

	"gvpie/runtime/store"
)

// Verdict is how a run of the map came out.
type Verdict uint8

const (
	Unknown   Verdict = iota // the row does not say
	Succeeded                // halted, or ran its frames, or exited with 0
	Failure
	CutShort // cancelled or interrupted: neither
)

// Node is one row of the map in the lineage, small enough for hundreds of
// thousands of them.
type Node struct {
	ID, Iteration, Parent int64  // Parent: an iteration; 0 none
	Code                  uint64 // equal for equal code, in this process
	Lane                  uint16
	Verdict               Verdict
	Version               bool // the code is another than that of the lane's row before
}

// Lineage is the map as a graph: rows in the order they were made, on one lane
// for each script.
type Lineage struct {
	Nodes []Node // oldest first; never changed once handed over
	Lanes []string
	Older bool // there are rows before the first node
	Ready bool // all that is to be read has been
}

// maxNodes bounds the lineage; older rows are in the list alone.
const maxNodes = 200_000

// Find gives the index of an iteration's node; ok is false when it is not among
// them. Iterations that do not grow with the rows are not found.
func (l *Lineage) Find(iteration int64) (int, bool) {
	i := sort.Search(len(l.Nodes), func(i int) bool { return l.Nodes[i].Iteration >= iteration })
	return i, i < len(l.Nodes) && l.Nodes[i].Iteration == iteration
}

// FindID gives the index of a row's node.
func (l *Lineage) FindID(id int64) (int, bool) {
	i := sort.Search(len(l.Nodes), func(i int) bool { return l.Nodes[i].ID >= id })
	return i, i < len(l.Nodes) && l.Nodes[i].ID == id
}

// Lineage is the map as a graph. The first call begins to read it.
func (a *Agent) Lineage() Lineage {
	if a == nil {
		return Lineage{}
	}
	if !a.tracing && a.listed {
		a.tracing = true
		if a.rows.Len() == 0 {
			a.lineage.Ready = true
		} else {
			a.traces.put(a.rows.top)
		}
	}
	return a.lineage
}

// trace reads the lineage and follows it as it grows; one goroutine.
func (a *Agent) trace(s *store.Store) {
	t := tracer{seed: maphash.MakeSeed(), lanes: map[string]uint16{}}
	for {
		select {
		case <-a.ctx.Done():
			return
		case top := <-a.traces.ch:
			for done := false; !done && a.ctx.Err() == nil; {
				var err error
				if done, err = t.read(a, s, top); err != nil {
					break // read again when the map has grown
				}
				l := t.lineage
				l.Ready = done
				a.tell(func(a *Agent) { a.lineage = l })
			}
		}
	}
}

// A tracer builds the lineage. The rows there are when it begins are read newest
// first, so that a picture comes early; later ones are added behind. A slice that
// was handed over is only ever appended to.
type tracer struct {
	seed     maphash.Seed
	lanes    map[string]uint16
	lineage  Lineage
	old      []Node // newest first, while the past is read
	complete bool
	next     int // rows to read before the next picture
}

// tracePage is how many rows are read at once.
const tracePage = 500

// read reads a part; done says that the lineage is whole up to top.
func (t *tracer) read(a *Agent, s *store.Store, top int64) (done bool, err error) {
	if t.complete {
		return t.follow(a, s, top)
	}
	t.next = max(tracePage, 2*len(t.old))
	for len(t.old) < t.next && !done {
		p := store.Page{Limit: tracePage, Before: top + 1}
		if n := len(t.old); n > 0 {
			p.Before = t.old[n-1].ID
		}
		rows, err := s.Map(a.ctx, p)
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
func (t *tracer) follow(a *Agent, s *store.Store, top int64) (done bool, err error) {
	last := int64(0)
	if n := len(t.lineage.Nodes); n > 0 {
		last = t.lineage.Nodes[n-1].ID
	}
	var fresh []Node
	for before := top + 1; ; {
		rows, err := s.Map(a.ctx, store.Page{Limit: 64, Before: before})
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

// TaskScript is the script that a map row's task begins with: "name: purpose".
func TaskScript(task string) string {
	name, _, _ := strings.Cut(task, ":")
	if name = strings.TrimSpace(name); name == "" {
		return "by hand"
	}
	return name
}

// ReadLang reads from a map row's result which language was run; "" when it does
// not say.
func ReadLang(result string) string {
	var r struct {
		Lang string `json:"lang"`
	}
	if json.Unmarshal([]byte(result), &r) != nil {
		return ""
	}
	return r.Lang
}

// ReadVerdict reads from a map row's result how it came out.
func ReadVerdict(result string) Verdict {
	var r struct {
		Status string `json:"status"`
		Exit   *int   `json:"exit"`
	}
	if json.Unmarshal([]byte(result), &r) != nil {
		return Unknown
	}
	switch r.Status {
	case "halted", "framed":
		return Succeeded
	case "exited":
		if r.Exit == nil || *r.Exit == 0 {
			return Succeeded
		}
		return Failure
	case "cancelled", "interrupted":
		return CutShort
	case "":
		return Unknown
	}
	return Failure
}
