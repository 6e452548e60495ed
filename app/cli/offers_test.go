package cli

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/runtime/store"
)

// withOffer makes a data folder with the script fire and an offer for it.
func withOffer(t *testing.T) (data string) {
	t.Helper()
	data = t.TempDir()
	s, _, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := "; fire\nCLS red\nCLS red\nLOG a\nLOG b\nLOG c\nLOG d\nLOG e\nx = 1 + 1\nHALT\n"
	id, _, err := s.UpsertScript(t.Context(), store.Script{Name: "fire", Lang: "pixel", Code: before, Enabled: true})
	if err == nil {
		_, _, err = s.AddOffer(t.Context(), store.Offer{ScriptID: id, Claim: "cheaper", Evidence: "rule", Proposer: "rules", Candidates: 1200, Seed: 7, CostBefore: 1000, CostAfter: 590,
			Source: strings.NewReplacer("CLS red\nCLS red", "CLS red", "1 + 1", "2").Replace(before), Steps: []string{"line 3: painted over", "line 8: folded"}})
	}
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestOffersAreListedShownAndDecided(t *testing.T) {
	data := withOffer(t)
	got := in(t, data, "offers", "list")
	if got.code != 0 || !strings.Contains(got.out, "offered  fire    cheaper  1000 → 590  rule      rules     2") {
		t.Errorf("%+v", got)
	}
	in(t, data, "offers", "list", "--state", "approved").want(t, ended{out: "ID  STATE  SCRIPT  CLAIM  COST  EVIDENCE  PROPOSER  FOUND\n"})
	got = in(t, data, "offers", "show", "1")
	for _, want := range []string{
		"offer 1 for fire: offered\n",
		"The same for 41 % less, cost 590 instead of 1000; every step is a rewriting rule that changes nothing but the cost.\n",
		"  before  ############################## 1000\n  after   #################              590\n",
		"by rules, among 1 200 candidates, with seed 7\n  - line 3: painted over\n  - line 8: folded\n",
		"\n  ; fire\n  CLS red\n- CLS red\n  LOG a\n  LOG b\n…\n",
		"…\n  LOG d\n  LOG e\n- x = 1 + 1\n+ x = 2\n  HALT\n",
	} {
		if !strings.Contains(got.out, want) {
			t.Errorf("%s\nhas no %q", got.out, want)
		}
	}
	var o store.Offer
	got = in(t, data, "offers", "show", "1", "--json")
	if err := json.Unmarshal([]byte(got.out), &o); err != nil || o.CostAfter != 590 || !strings.Contains(o.Source, "x = 2") {
		t.Errorf("%v %s", err, got.out)
	}
	in(t, data, "offers", "approve", "1").want(t, ended{out: "offer 1 is approved: fire has a new version; gvpie offers rollback 1 takes it back\n"})
	if got = in(t, data, "script", "show", "fire"); !strings.Contains(got.out, "x = 2") {
		t.Errorf("%+v", got)
	}
	if got = in(t, data, "offers", "reject", "1", "too", "late"); got.code != exitFailed || !strings.HasPrefix(got.errout, "gvpie: offer 1 was approved on 2") {
		t.Errorf("%+v", got)
	}
	in(t, data, "offers", "rollback", "1").want(t, ended{out: "offer 1 is rolled back: fire is what it was before\n"})
	in(t, data, "offers", "approve", "9").want(t, ended{code: exitFailed, errout: "gvpie: there is no offer 9; gvpie offers list shows them\n"})
	in(t, data, "verify").want(t, ended{out: "2 rows of the map, all as they were written\n"})
	for args, want := range map[string]string{
		"offers": "do what? list, show, approve, reject, rollback", "offers show": "which offer's ID?", "offers reject": "which offer's ID?",
		"offers list 1": "too much", "offers list --state new": "it is one of found, checked",
	} {
		if got := in(t, data, strings.Fields(args)...); got.code != exitUsage || !strings.Contains(got.errout, want) {
			t.Errorf("%s: %+v", args, got)
		}
	}
}

// A goal's picture and check are looked at before they are kept.
func TestGoalsAskForPicturesChecksAndCosts(t *testing.T) {
	data := withOffer(t)
	picture := func(w, h int) []byte {
		m := image.NewNRGBA(image.Rect(0, 0, w, h))
		m.Set(w/2, h/2, color.White)
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	good := picture(32, 18)
	flipped := bytes.Clone(good)
	flipped[len(flipped)-20] ^= 1
	dir := t.TempDir()
	file := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	target := file("a.png", good)
	in(t, data, "goal", "add", "draw", "it", "--target", target, "--check", file("c.pxl", []byte("ASSERT peek(1, 1) == red\n")), "--max-cost", "5000", "--script", "fire").want(t, ended{out: "goal 1\n"})
	in(t, data, "goal", "add", "say it", "--check", file("log.txt", []byte("> hello\n"))).want(t, ended{out: "goal 2\n"})
	got := in(t, data, "goal", "list")
	for _, want := range []string{"draw it · as picture ", " · with a check · cost at most 5000 · about fire\n", "say it · with a check\n"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("%s\nhas no %q", got.out, want)
		}
	}
	for _, c := range []struct{ flag, value, want string }{
		{"--target", file("b.png", []byte("GIF89a and more")), "the target is no PNG that can be read: invalid format: not a PNG file"},
		{"--target", file("c.png", good[:20]), "the target is no PNG that can be read: it ends too early"},
		{"--target", file("d.png", good[:len(good)-20]), "the target is a damaged PNG: it ends too early"},
		{"--target", file("e.png", flipped), "the target is a damaged PNG: "},
		{"--target", file("f.png", picture(1025, 1)), "the target has 1025 × 1 pixels, and a canvas has 1024 × 1024 at most"},
		{"--target", file("g.png", nil), "the target is no PNG that can be read: it ends too early"},
		{"--target", dir, "not a regular file"},
		{"--target", filepath.Join(dir, "none.png"), "no such file"},
		{"--check", file("x.pxl", []byte("TXTT\n")), "the check does not assemble: check:1:1: unknown opcode"},
		{"--check", file("y.pxl", []byte("CLS red\n")), "the check asserts nothing"},
		{"--script", "nobody", `there is no script "nobody" that the goal could be about`},
	} {
		if got := in(t, data, "goal", "add", "x", c.flag, c.value); got.code != exitFailed || !strings.Contains(got.errout, c.want) {
			t.Errorf("%s %s: %+v, want %s", c.flag, c.value, got, c.want)
		}
	}
	if got := in(t, data, "goal", "add", "x", "--max-cost", "0"); got.code != exitUsage || !strings.Contains(got.errout, "it is a number from 1") {
		t.Errorf("%+v", got)
	}
}
