package loop

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"gvpie/runtime/store"
)

func TestALineageKeepsToItsCapAsItGrows(t *testing.T) {
	s := opened(t, history(t, 300))
	ctx := context.Background()
	tr := newTracer(s)
	tr.most = 80
	for done := false; !done; {
		var err error
		if done, err = tr.read(ctx, 300); err != nil {
			t.Fatal(err)
		}
	}
	first := tr.lineage
	if n := len(first.Nodes); n < 80 || n > tracePage || !first.Older && n < 300 {
		t.Fatalf("%d nodes are read, older ones %v", n, first.Older)
	}
	was := slices.Clone(first.Nodes)
	newest := int64(0)
	for round := range 5 {
		for i := range 30 {
			id, err := s.AddMap(ctx, store.MapRow{Task: "by hand: a thought", Code: fmt.Sprint(round, i)})
			if err != nil {
				t.Fatal(err)
			}
			newest = id
		}
		if _, err := tr.read(ctx, newest); err != nil {
			t.Fatal(err)
		}
		l := tr.lineage
		if n := len(l.Nodes); n > 90 || n < 80 || l.Nodes[n-1].ID != newest {
			t.Fatalf("%d nodes up to row %d, want 80 to 90 up to %d", n, l.Nodes[n-1].ID, newest)
		}
		if n := len(l.Nodes); l.Dropped+n != len(was)+30*(round+1) || !l.Older {
			t.Fatalf("%d nodes and %d dropped of %d", n, l.Dropped, len(was)+30*(round+1))
		}
	}
	if !slices.Equal(was, first.Nodes) {
		t.Error("a lineage that was handed over has changed")
	}
}

func TestLanesAreBounded(t *testing.T) {
	tr := newTracer(nil)
	var nodes []Node
	for i := range maxLanes + 2000 {
		n := tr.node(&store.MapPoint{ID: int64(i + 1), Task: fmt.Sprintf("script %d: of many", i), Code: uint64(i)})
		if want := min(i, maxLanes-1); int(n.Lane) != want {
			t.Fatalf("script %d is on lane %d, want %d", i, n.Lane, want)
		}
		nodes = append(nodes, n)
	}
	if len(tr.lineage.Lanes) != maxLanes || len(tr.lanes) >= maxLanes || tr.lineage.Lanes[maxLanes-1] != "others" {
		t.Errorf("%d lanes, %d names, the last %q", len(tr.lineage.Lanes), len(tr.lanes), tr.lineage.Lanes[maxLanes-1])
	}
	tr.versions(nodes, 0)
	for i, n := range nodes {
		if want := i < maxLanes-1; n.Version != want {
			t.Fatalf("the run of script %d is a new version: %v", i, n.Version)
		}
	}
}
