package agent

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/runtime/store"
)

// Of a script that is a file, the file follows what is decided, and the loop finds
// nothing to take in.
func TestApprovingAnOfferWritesTheScriptsFile(t *testing.T) {
	ctx := t.Context()
	r := newRig(t)
	path := filepath.Join(ScriptFolder(r.dir), "mine.pxl")
	writeFile(t, path, "CLS red\nCLS red\nLOG one\n")
	r.run(1)
	script, err := r.store.Script(ctx, "mine")
	if err != nil {
		t.Fatal(err)
	}
	o, isNew, err := AddOffer(ctx, r.store, r.dir, store.Offer{ScriptID: script.ID, Claim: "cheaper", Evidence: "rule", Source: "CLS red\nLOG one\n", CostBefore: 20, CostAfter: 10})
	if err != nil || !isNew || o.State != store.OfferOffered {
		t.Fatalf("%+v %v %v: no rule approves anything at the start", o, isNew, err)
	}
	holds := func(want string) {
		t.Helper()
		r.run(1)
		text, err := os.ReadFile(path)
		if err != nil || string(text) != want {
			t.Errorf("the file is %q, want %q: %v", text, want, err)
		}
		if s, err := r.store.Script(ctx, "mine"); err != nil || s.Code != want {
			t.Errorf("the row is %q, want %q: %v", s.Code, want, err)
		}
	}
	if o, err = ApproveOffer(ctx, r.store, r.dir, o.ID); err != nil {
		t.Fatal(err)
	}
	holds("CLS red\nLOG one\n")
	last, err := r.store.LastMapOf(ctx, script.ID)
	if err != nil || strings.Contains(last.Analysis, "new version") || last.Parent == 0 {
		t.Errorf("%+v %v", last, err)
	}
	if parent, err := r.store.MapIteration(ctx, last.Parent); err != nil || parent.ID != o.MapID {
		t.Errorf("the first run of the new version comes from %+v, not from row %d: %v", parent, o.MapID, err)
	}
	if _, err = RollbackOffer(ctx, r.store, r.dir, o.ID); err != nil {
		t.Fatal(err)
	}
	holds("CLS red\nCLS red\nLOG one\n")
}

// A rule approves what it names, and nothing else.
func TestARuleApprovesOffersByItself(t *testing.T) {
	ctx := t.Context()
	r := newRig(t)
	script, err := r.store.Script(ctx, "hello_gpu")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.store.SetSetting(ctx, store.ApproveSetting, "cheaper:complete, cheaper:rule"); err != nil {
		t.Fatal(err)
	}
	add := func(claim, evidence, source string, cost uint64) store.Offer {
		t.Helper()
		o, _, err := AddOffer(ctx, r.store, r.dir, store.Offer{ScriptID: script.ID, Claim: claim, Evidence: evidence, Source: source, CostBefore: 20, CostAfter: cost})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	for _, c := range []struct{ claim, evidence string }{{"cheaper", "trial"}, {"cheaper", "solver"}, {"passes", "rule"}} {
		if o := add(c.claim, c.evidence, "HALT ; "+c.claim+c.evidence, 10); o.State != store.OfferOffered {
			t.Errorf("%s by %s was approved by itself: %+v", c.claim, c.evidence, o)
		}
	}
	if o := add("cheaper", "rule", "HALT", 5); o.State != store.OfferApproved {
		t.Errorf("%+v", o)
	}
	if s, err := r.store.ScriptByID(ctx, script.ID); err != nil || s.Code != "HALT" {
		t.Errorf("%+v %v", s, err)
	}
	if _, err := ApproveOffer(ctx, r.store, r.dir, 77); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
}
