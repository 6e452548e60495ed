package loop

import (
	"context"
	"testing"
)

func TestNodesAreFoundByWhatTheyAre(t *testing.T) {
	l := Lineage{Nodes: []Node{{ID: 1, Iteration: 10}, {ID: 3, Iteration: 30}}}
	for _, c := range []struct {
		id, at int64
		ok     bool
	}{{1, 0, true}, {2, 1, false}, {3, 1, true}, {4, 2, false}, {0, 0, false}} {
		if at, ok := l.FindID(c.id); at != int(c.at) || ok != c.ok {
			t.Errorf("row %d is found at %d: %v", c.id, at, ok)
		}
		if at, ok := l.Find(10 * c.id); at != int(c.at) || ok != c.ok {
			t.Errorf("iteration %d is found at %d: %v", 10*c.id, at, ok)
		}
	}
}

func TestARowsResultIsRead(t *testing.T) {
	for result, want := range map[string]Verdict{
		``: Unknown, `{}`: Unknown, `{"status":"halted"}`: Succeeded, `{"status":"framed"}`: Succeeded, `{"status":"exited"}`: Succeeded,
		`{"status":"exited","exit":0}`: Succeeded, `{"status":"exited","exit":1}`: Failure, `{"status":"cancelled"}`: CutShort,
		`{"status":"interrupted"}`: CutShort, `{"status":"faulted"}`: Failure, `{"status":"halted","exit":"x"}`: Unknown,
	} {
		if got := ReadVerdict(result); got != want {
			t.Errorf("%s: %v, want %v", result, got, want)
		}
	}
	for result, want := range map[string]string{`{"lang":"python"}`: "python", `{}`: "", `[]`: "", `{"lang":"a","lang":5}`: ""} {
		if got := ReadLang(result); got != want {
			t.Errorf("%s: %q, want %q", result, got, want)
		}
	}
	for task, want := range map[string]string{"sky: stars": "sky", " sky ": "sky", ": stars": "by hand", "": "by hand"} {
		if got := TaskScript(task); got != want {
			t.Errorf("%q: %q, want %q", task, got, want)
		}
	}
}

func TestALineageIsAskedForOnce(t *testing.T) {
	l := newLineages()
	l.grown(7)
	l.Lineage()
	taken(l.traces)
	l.Lineage()
	if top, ok := taken(l.traces); ok {
		t.Errorf("it is read up to %d again", top)
	}
}

func TestOfALongMapTheNewestRowsAreTheLineage(t *testing.T) {
	tr := newTracer(opened(t, history(t, 1300)))
	tr.most = 600
	for done := false; !done; {
		var err error
		if done, err = tr.read(context.Background(), 1300); err != nil {
			t.Fatal(err)
		}
	}
	if l := tr.lineage; len(l.Nodes) != 1000 || !l.Older || l.Nodes[0].ID != 301 {
		t.Errorf("%d nodes from %d; older %v", len(l.Nodes), l.Nodes[0].ID, l.Older)
	}
}

func TestTheSecondRowFollowsTheFirst(t *testing.T) {
	tr := newTracer(opened(t, history(t, 20)))
	for _, top := range []int64{1, 2, 2} {
		if done, err := tr.read(context.Background(), top); !done || err != nil {
			t.Fatal(done, err)
		}
	}
	if n := len(tr.lineage.Nodes); n != 2 {
		t.Errorf("%d nodes of two rows", n)
	}
}
