package mcp

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

const (
	dear   = ".canvas 16 16 pixel\nCLS navy\nCLS red\nRECT 2 2 4 4 white\nHALT\n"
	cheap  = ".canvas 16 16 pixel\nCLS red\nRECT 2 2 4 4 white\nHALT\n"
	wrong  = ".canvas 16 16 pixel\nCLS red\nRECT 2 2 4 5 white\nHALT\n"
	keyed  = ".canvas 16 16 pixel\nl:\nCLS navy\nCLS red\nRECT mx 2 4 4 white\nFRAME\nJMP l\n"
	keyed2 = ".canvas 16 16 pixel\nl:\nCLS red\nRECT mx 2 4 4 white\nFRAME\nJMP l\n"
)

// What an assistant proposes is judged: it is told why nothing came of it, and what is
// good waits for a person.
func TestAProposalIsJudgedAndOffered(t *testing.T) {
	s, data := assistantOf(t)
	for name, code := range map[string]string{"box": dear, "mouse": keyed} {
		use(t, s, "add_script", map[string]any{"name": name, "purpose": "a box", "source": code}, nil)
	}
	propose := func(in map[string]any) (out proposeOut) {
		t.Helper()
		use(t, s, "propose", in, &out)
		return out
	}
	for _, c := range []struct {
		in  map[string]any
		why string
	}{
		{map[string]any{"script": "box", "candidate": wrong}, "it is not equal: the picture differs after frame 0, first at texel 2,6"},
		{map[string]any{"script": "box", "candidate": dear}, "it is the program as it is"},
		{map[string]any{"script": "box", "candidate": strings.Replace(dear, "HALT", "NOP\nHALT", 1)}, "it is not cheaper: it costs "},
		{map[string]any{"script": "box", "candidate": ".canvas 8 8 pixel\nHALT\n"}, "the canvases differ"},
		{map[string]any{"script": "box", "candidate": "l:\nJMP l\n"}, "it is not equal: "},
		{map[string]any{"script": "box", "candidate": "x = 1 / 0\n"}, "it is not equal: "},
		{map[string]any{"script": "mouse", "candidate": keyed2}, "and no run that was tried shows a difference, and nothing proves that there is none"},
	} {
		if out := propose(c.in); out.Good || out.Offer != 0 || !strings.HasPrefix(out.Why, c.why) && !strings.Contains(out.Why, c.why) {
			t.Errorf("%v: %+v, want %s", c.in, out, c.why)
		}
	}
	if out := propose(map[string]any{"source": dear, "candidate": cheap}); !out.Good || out.Offer != 0 || !strings.Contains(out.Why, "nothing is offered") {
		t.Errorf("%+v", out)
	}
	out := propose(map[string]any{"script": "box", "candidate": cheap, "step": "the first CLS is painted over"})
	if !out.Good || out.Evidence != "complete" || out.CostAfter >= out.CostBefore || out.Offer != 1 || out.State != "offered" {
		t.Errorf("%+v", out)
	}
	if again := propose(map[string]any{"script": "box", "candidate": cheap}); again.Offer != 1 || !strings.Contains(again.Why, "it is offer 1 already") {
		t.Errorf("%+v", again)
	}
	if tried := propose(map[string]any{"script": "mouse", "candidate": keyed2, "trial": true}); tried.Evidence != "trial" || tried.Offer != 2 {
		t.Errorf("%+v", tried)
	}
	var listed offersOut
	use(t, s, "list_offers", map[string]any{"state": "offered"}, &listed)
	if len(listed.Offers) != 2 || listed.Offers[1].Script != "box" || !strings.Contains(listed.Offers[1].Words, "all of their future") {
		t.Errorf("%+v", listed)
	}
	var one offerOut
	use(t, s, "read_offer", map[string]any{"id": 1}, &one)
	if one.Source != cheap || one.Before != dear || len(one.Steps) != 1 || one.Proposer != "assistant" {
		t.Errorf("%+v", one)
	}
	for _, in := range []map[string]any{
		{"script": "nobody", "candidate": cheap}, {"candidate": cheap}, {"script": "box", "source": dear, "candidate": cheap},
		{"script": "box", "candidate": "TXTT"}, {"goal": 77, "candidate": cheap}, {"source": "TXTT", "candidate": cheap},
	} {
		refused(t, s, "propose", in)
	}
	db, _, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if script, err := db.Script(t.Context(), "box"); err != nil || script.Code != dear {
		t.Errorf("%+v %v: nothing is changed before a person approves", script, err)
	}
}

// A goal's check, picture and cost are what a candidate for it is judged by.
func TestAProposalForAGoalIsHeldToWhatItAsksFor(t *testing.T) {
	s, data := assistantOf(t)
	var checked addedOut
	use(t, s, "add_goal", map[string]any{"goal": "a white box", "check": "ASSERT peek(3, 3) == white\n", "max_cost": 1_000_000}, &checked)
	db, _, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	target := image.NewNRGBA(image.Rect(0, 0, 16, 16))
	for i := range target.Pix {
		target.Pix[i] = []uint8{255, 0, 0, 255}[i%4]
	}
	target.Set(0, 0, color.White)
	var b bytes.Buffer
	if err := png.Encode(&b, target); err != nil {
		t.Fatal(err)
	}
	picture, err := agent.AddGoal(t.Context(), db, agent.NewGoal{Words: "all red", Target: b.Bytes()})
	if err != nil {
		t.Fatal(err)
	}
	var plain addedOut
	use(t, s, "add_goal", map[string]any{"goal": "be nice"}, &plain)
	for _, c := range []struct {
		goal            int64
		candidate, why  string
		good            bool
		claim, evidence string
	}{
		{checked.ID, cheap, "it passes the goal's check", true, "passes", "complete"},
		{checked.ID, ".canvas 16 16 pixel\nl:\nCLS white\nFRAME\nJMP l\n", "it passes the goal's check", true, "passes", "trial"},
		{checked.ID, ".canvas 16 16 pixel\nCLS red\n", "it does not pass the goal's check: the check's line 1: this does not hold", false, "passes", ""},
		{checked.ID, "x = 1 / 0\n", "it ends with an error in frame 0", false, "passes", ""},
		{checked.ID, ".canvas 16 16 pixel\nFOR i = 0 TO 300000\n  x = i * i\nEND\nCLS white\n", "and the goal allows 1000000", false, "passes", ""},
		{picture, ".canvas 16 16 pixel\nCLS red\n", "it is nearer the goal's picture", true, "closer", "complete"},
		{picture, ".canvas 16 16 pixel\nCLS navy\nCLS red\n", "a program that was offered before leaves the same picture for", false, "closer", ""},
		{picture, ".canvas 16 16 pixel\nCLS white\nHALT\n", "it is no nearer the goal's picture", false, "closer", ""},
		{plain.ID, cheap, "there is nothing to judge it by", false, "", ""},
	} {
		var out proposeOut
		use(t, s, "propose", map[string]any{"goal": c.goal, "candidate": c.candidate}, &out)
		if out.Good != c.good || !strings.Contains(out.Why, c.why) || out.Claim != c.claim || out.Evidence != c.evidence || (out.Offer != 0) != c.good {
			t.Errorf("%q for goal %d: %+v", c.candidate, c.goal, out)
		}
	}
	all, err := db.Offers(t.Context(), store.OfferFilter{GoalID: picture}, store.Page{})
	if err != nil || len(all) != 1 || !all[0].New || all[0].Script != "goal_2" || all[0].DistanceAfter >= all[0].DistanceBefore {
		t.Errorf("%+v %v", all, err)
	}
}
