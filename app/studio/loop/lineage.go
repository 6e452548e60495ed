package loop

import (
	"encoding/json"
	"sort"
	"strings"
	"sync/atomic"

	"gvpie/app/studio/mailbox"
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
	Nodes   []Node // oldest first; never changed once handed over
	Lanes   []string
	Dropped int  // nodes that made way for newer ones since the reading was done
	Older   bool // there are rows before the first node
	Ready   bool // all that is to be read has been
}

// maxNodes bounds the lineage; older rows are in the list alone. As it grows it
// holds an eighth more before the oldest are dropped.
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

// lineages reads the lineage once it has been asked for, and follows it.
type lineages struct {
	lineage Lineage
	asked   bool
	known   bool  // the newest row is known
	newest  int64 // its id; 0: there is none
	traces  mailbox.Latest[int64]
	shown   atomic.Bool  // it has been asked for, and is read for whatever is new
	traced  atomic.Int64 // the newest row that it is read to ahead of grown
}

func newLineages() lineages { return lineages{traces: mailbox.New[int64]()} }

// Lineage is the map as a graph. The first call begins to read it.
func (l *lineages) Lineage() Lineage {
	if !l.asked && l.known {
		l.asked = true
		l.shown.Store(true)
		if l.newest == 0 {
			l.lineage.Ready = true
		} else {
			l.traces.Put(l.newest)
		}
	}
	return l.lineage
}

// grown says which row of the map is the newest now.
func (l *lineages) grown(newest int64) {
	l.known, l.newest = true, newest
	if l.asked && l.traced.Load() != newest {
		l.traces.Put(newest)
	}
}

// ahead begins to read up to a row before grown does, and says whether it did: then
// the window is told when that is read. The goroutine that reads the lists calls it.
func (l *lineages) ahead(newest int64) bool {
	if !l.shown.Load() || l.traced.Load() == newest {
		return false
	}
	l.traced.Store(newest)
	l.traces.Offer(newest)
	return true
}

// serve reads the lineage and follows it as it grows; one goroutine.
func (l *lineages) serve(b *background, s *store.Store) {
	t := newTracer(s)
	for {
		select {
		case <-b.ctx.Done():
			return
		case top := <-l.traces.C:
			top = max(top, l.traced.Load())
			for done := false; !done; {
				var err error
				if done, err = t.read(b.ctx, top); err != nil {
					l.traced.Store(0)
					b.window.Post(func() {}) // for what was left to be told with it
					break                    // read again when the map has grown
				}
				now := t.lineage
				now.Ready = done
				b.window.Post(func() { l.lineage = now })
			}
		}
	}
}

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
