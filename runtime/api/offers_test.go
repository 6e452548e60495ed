package api

import (
	"encoding/base64"
	"strings"
	"testing"

	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

// redDot is a PNG of one red pixel.
const redDot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"

// addOffer adds one for a script, which is of use beside others of a lower cost where its
// evidence is stronger.
func addOffer(t *testing.T, db *store.Store, script int64, source string, cost uint64) int64 {
	t.Helper()
	evidence := "rule"
	if cost > 20 {
		evidence = "complete"
	}
	id, _, err := db.AddOffer(t.Context(), store.Offer{ScriptID: script, Claim: "cheaper", Evidence: evidence, Proposer: "rules", Source: source, CostBefore: 100, CostAfter: cost, Steps: []string{"less"}})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestOffersAreDecidedOverHTTP(t *testing.T) {
	c := withStore(t)
	script, _ := seed(t, c.Store)
	addOffer(t, c.Store, script, "CLS red\nHALT\n", 20)
	d := open(t, c)
	all := d.want(200, "GET", "/api/offers?state=offered", nil)["offers"].([]any)
	if len(all) != 1 || all[0].(m)["words"] != "the same for 80 % less, cost 20 instead of 100; every step is a rewriting rule that changes nothing but the cost" {
		t.Errorf("%v", all)
	}
	if v := d.want(200, "GET", "/api/improve", nil); len(v["waiting"].([]any)) != 1 || v["report"].(m)["offers"] != 1.0 || v["report"].(m)["best"].([]any)[0].(m)["script"] != "seeded" {
		t.Errorf("%v", v)
	}
	v := d.want(200, "POST", "/api/offers/1/approve", nil)
	if v["state"] != "approved" || v["source"] != "CLS red\nHALT\n" || v["before"] != hello {
		t.Errorf("%v", v)
	}
	if s, err := c.Store.ScriptByID(t.Context(), script); err != nil || s.Code != "CLS red\nHALT\n" {
		t.Errorf("%+v %v", s, err)
	}
	if v := d.want(409, "POST", "/api/offers/1/reject", m{}); !strings.HasPrefix(v["error"].(string), "offer 1 was approved on ") {
		t.Errorf("%v", v)
	}
	d.want(200, "POST", "/api/offers/1/rollback", nil)
	if v := d.want(404, "POST", "/api/offers/9/approve", nil); v["error"] == "" {
		t.Errorf("%v", v)
	}
}

func TestGoalsAskForPicturesOverHTTP(t *testing.T) {
	c := withStore(t)
	d := open(t, c)
	d.want(201, "POST", "/api/goals", m{"goal": "a red dot", "target": redDot, "max_cost": 5000})
	row := d.want(200, "GET", "/api/goals", nil)["goals"].([]any)[0].(m)
	if len(row["target"].(string)) != 64 || row["check"] != false || row["max_cost"] != 5000.0 {
		t.Errorf("%v", row)
	}
	want, _ := base64.StdEncoding.DecodeString(redDot)
	if res, b := d.do("GET", "/api/goals/1/target.png", nil); res.StatusCode != 200 || string(b) != string(want) {
		t.Errorf("%s %q", res.Status, b)
	}
	for _, body := range []m{
		{"goal": "x", "target": "AAAA"}, {"goal": "x", "target": redDot[:60]}, {"goal": "x", "check": "CLS red"}, {"goal": "x", "check": strings.Repeat("ASSERT 1\n", 9000)},
		{"goal": "x", "max_cost": 0}, {"goal": "x", "script": "nobody"},
	} {
		d.want(422, "POST", "/api/goals", body)
	}
}

// An offer that comes while somebody listens is told of, whichever process made it.
func TestAnOfferThatComesIsAnEvent(t *testing.T) {
	c := withStore(t)
	script, _ := seed(t, c.Store)
	addOffer(t, c.Store, script, "CLS red\nHALT\n", 20)
	c.Agent = agent.New(agent.Config{Store: c.Store, Data: c.Store.Dir()})
	d := open(t, c)
	s := d.listenFrom(t, "?kinds=offer,cycle", "")
	c.Agent.Pause() // the loop tells of that, after which offers are looked for
	for s.next().Kind != "status" {
	}
	if v := d.want(200, "GET", "/api/improve", nil)["search"].(m); v["on"] != false || len(v["proposers"].([]any)) != 0 {
		t.Errorf("%v", v)
	}
	id := addOffer(t, c.Store, script, "HALT\n", 10)
	c.Agent.Resume()
	for {
		e := s.next()
		if e.Kind == "offer" {
			if e.Offer == nil || e.Offer.ID != id || e.Offer.Script != "seeded" || e.Offer.CostAfter != 10 {
				t.Errorf("%+v", e.Offer)
			}
			return
		}
	}
}
