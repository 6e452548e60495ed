package store

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/pxl/include"
	"gvpie/runtime/store/improvement"
)

const (
	slow = "loop:\nCLS red\nCLS red\nFRAME\nJMP loop\n"
	fast = "loop:\nCLS red\nFRAME\nJMP loop\n"
)

// offered adds a script, and an offer for it.
func offered(t *testing.T, s *Store, name string) (scriptID, id int64) {
	t.Helper()
	scriptID, _, err := s.UpsertScript(t.Context(), Script{Name: name, Lang: "pixel", Purpose: "to burn", Code: slow, Enabled: true})
	must(t, err)
	id, isNew, err := s.AddOffer(t.Context(), offerOf(scriptID))
	must(t, err)
	if !isNew {
		t.Fatal("the offer is known already")
	}
	return scriptID, id
}

func offerOf(scriptID int64) Offer {
	return Offer{ScriptID: scriptID, Claim: "cheaper", Evidence: "rule", Proposer: "rules", Source: fast, CostBefore: 1000, CostAfter: 590,
		Steps: []string{"line 3: the second CLS paints over the first"}, Candidates: 12, Seed: 1<<64 - 1}
}

// refusal is the sentence of an OfferRefused.
func refusal(t *testing.T, err error) string {
	t.Helper()
	var r OfferRefused
	if !errors.As(err, &r) {
		t.Fatalf("not refused: %v", err)
	}
	return string(r)
}

func hasCode(t *testing.T, s *Store, id int64, code string) {
	t.Helper()
	script, err := s.ScriptByID(t.Context(), id)
	must(t, err)
	if script.Code != code {
		t.Errorf("the code is %q, want %q", script.Code, code)
	}
}

// An approved offer is a new version of the script, which comes from the one before, with
// its proof; it can be taken back.
func TestAnApprovedOfferIsANewVersionThatCanBeTakenBack(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	script, id := offered(t, s, "fire")
	was, err := s.Offer(ctx, id)
	must(t, err)
	if was.State != improvement.Offered || was.Source != fast || was.Before != slow || was.Script != "fire" || was.Seed != 1<<64-1 || len(was.Steps) != 1 || was.Fault != "" {
		t.Fatalf("%+v", was)
	}
	f := hello()
	f.Code, f.Task = slow, "fire: to burn"
	run(t, s, script, start, f)
	last, err := s.LastMapOf(ctx, script)
	must(t, err)

	o, err := s.ApproveOffer(ctx, id)
	must(t, err)
	hasCode(t, s, script, fast)
	row, err := s.MapRow(ctx, o.MapID)
	must(t, err)
	if row.Parent != last.Iteration || row.Code != fast || row.Task != "fire: to burn" || !strings.Contains(row.Analysis, "41 % less") || !strings.Contains(row.Analysis, "rewriting rule") {
		t.Errorf("%+v", row)
	}
	if next, err := s.LastMapOf(ctx, script); err != nil || next.ID != row.ID {
		t.Errorf("the next run comes from row %d, not from %d: %v", next.ID, row.ID, err)
	}
	if why := refusal(t, second(s.ApproveOffer(ctx, id))); !strings.Contains(why, "was approved on 2026-11-22") {
		t.Error(why)
	}
	if why := refusal(t, second(s.RejectOffer(ctx, id, ""))); !strings.Contains(why, "cannot be rejected") {
		t.Error(why)
	}

	o, err = s.RollbackOffer(ctx, id)
	must(t, err)
	hasCode(t, s, script, slow)
	back, err := s.MapRow(ctx, o.MapID)
	must(t, err)
	if back.Parent != row.Iteration || back.Code != slow || o.State != improvement.RolledBack {
		t.Errorf("%+v %+v", back, o)
	}
	verified(t, s, 3)
	isErr(t, second(s.ApproveOffer(ctx, 99)), ErrNotFound)
}

func second[T any](_ T, err error) error { return err }

// What a person changed meanwhile is never written over.
func TestAnOfferForOtherCodeIsSuperseded(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	script, id := offered(t, s, "fire")
	mine := slow + "; mine\n"
	must(t, s.EditScript(ctx, script, ScriptEdit{Code: &mine}))
	if why := refusal(t, second(s.ApproveOffer(ctx, id))); !strings.Contains(why, "the script fire was changed since") {
		t.Error(why)
	}
	hasCode(t, s, script, mine)
	if o, err := s.Offer(ctx, id); err != nil || o.State != improvement.Superseded || !strings.Contains(o.Note, "changed since") {
		t.Errorf("%+v %v", o, err)
	}
	if why := refusal(t, third(s.AddOffer(ctx, Offer{ScriptID: script, Claim: "cheaper", Evidence: "rule", Source: fast, Before: slow}))); !strings.Contains(why, "changed meanwhile") {
		t.Error(why)
	}
	again := slow
	must(t, s.EditScript(ctx, script, ScriptEdit{Code: &again}))
	if same, isNew, err := s.AddOffer(ctx, offerOf(script)); err != nil || !isNew || same != id {
		t.Errorf("a superseded offer does not come again: %d %v %v", same, isNew, err)
	}
	_, err := s.ApproveOffer(ctx, id)
	must(t, err)
	mine = fast + "; mine\n"
	must(t, s.EditScript(ctx, script, ScriptEdit{Code: &mine}))
	if why := refusal(t, second(s.RollbackOffer(ctx, id))); !strings.Contains(why, "changed since") {
		t.Error(why)
	}
	hasCode(t, s, script, mine)
	must(t, s.RemoveScript(ctx, script))
	if why := refusal(t, second(s.RollbackOffer(ctx, id))); !strings.Contains(why, "not there any more") {
		t.Error(why)
	}
}

func third[A, B any](_ A, _ B, err error) error { return err }

// Of offers that say the same of the same, the best is left to be decided, and what was
// rejected does not come again.
func TestTheInboxHoldsNoTwoOffersOfWhichOneIsWorse(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	script, first := offered(t, s, "fire")
	add := func(source, evidence string, cost uint64) (int64, bool) {
		t.Helper()
		o := offerOf(script)
		o.Source, o.Evidence, o.CostAfter = source, evidence, cost
		id, isNew, err := s.AddOffer(ctx, o)
		must(t, err)
		return id, isNew
	}
	waiting := func(want ...int64) {
		t.Helper()
		all, err := s.Offers(ctx, OfferFilter{State: improvement.Offered, ScriptID: script}, Page{})
		must(t, err)
		var ids []int64
		for _, o := range all {
			ids = append(ids, o.ID)
		}
		if !slices.Equal(ids, want) {
			t.Errorf("offers %v wait, want %v", ids, want)
		}
	}
	tried, isNew := add(fast+"; a", "trial", 500) // cheaper and less sure: both are of use
	if !isNew {
		t.Error("not taken")
	}
	waiting(tried, first)
	if by, isNew := add(fast+"; b", "rule", 600); isNew || by != first {
		t.Errorf("a dearer offer is taken: %d", by)
	}
	waiting(tried, first)
	if same, isNew := add(fast+"; a", "rule", 550); !isNew || same != tried { // it is better known now
		t.Errorf("offer %d: %v", same, isNew)
	}
	if o, err := s.Offer(ctx, tried); err != nil || o.Evidence != "rule" || o.CostAfter != 550 {
		t.Errorf("%+v %v", o, err)
	}
	best, _ := add(fast+"; c", "complete", 400)
	waiting(best)
	must(t, second(s.RejectOffer(ctx, best, "too clever")))
	waiting()
	if id, isNew := add(fast+"; c", "complete", 400); isNew || id != best {
		t.Error("what was rejected came again")
	}
	if o, err := s.Offer(ctx, best); err != nil || o.Note != "too clever" || o.State != improvement.Rejected {
		t.Errorf("%+v %v", o, err)
	}
	left, _ := add(fast+"; d", "rule", 300)
	other, _ := add(fast+"; e", "trial", 200)
	must(t, second(s.ApproveOffer(ctx, left)))
	waiting()
	if o, err := s.Offer(ctx, other); err != nil || o.Note != "offer 5 was approved" {
		t.Errorf("%+v %v", o, err)
	}
}

// An offer of no script becomes one.
func TestAnOfferOfNoScriptBecomesAScript(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	goal, err := s.AddGoalWith(ctx, Goal{Goal: "draw it", Aim: GoalAim{Check: "ASSERT peek(0, 0) == 1\nHALT\n"}})
	must(t, err)
	taken, _, err := s.AddOffer(ctx, Offer{Script: "hello_gpu", Claim: "passes", Evidence: "complete", Source: "CLS red\nHALT\n"})
	must(t, err)
	if why := refusal(t, second(s.ApproveOffer(ctx, taken))); !strings.Contains(why, "there is a script hello_gpu already") {
		t.Error(why)
	}
	id, _, err := s.AddOffer(ctx, Offer{GoalID: goal, Claim: "passes", Evidence: "complete", Source: fast})
	must(t, err)
	o, err := s.ApproveOffer(ctx, id)
	must(t, err)
	script, err := s.Script(ctx, "offer_2")
	must(t, err)
	if script.Code != fast || !script.Enabled || o.ScriptID != script.ID {
		t.Errorf("%+v %+v", script, o)
	}
	if g, err := s.Goal(ctx, goal); err != nil || !g.Completed || g.Aim.Check == "" {
		t.Errorf("%+v %v", g, err)
	}
	must(t, second(s.RollbackOffer(ctx, id)))
	if script, err = s.Script(ctx, "offer_2"); err != nil || script.Enabled {
		t.Errorf("%+v %v", script, err)
	}
	if g, err := s.Goal(ctx, goal); err != nil || g.Completed {
		t.Errorf("%+v %v", g, err)
	}
	far, _, err := s.AddOffer(ctx, Offer{GoalID: goal, Claim: "closer", Evidence: "trial", Source: "CLS red", DistanceBefore: 0.5, DistanceAfter: 0.2})
	must(t, err)
	near, isNew, err := s.AddOffer(ctx, Offer{GoalID: goal, Claim: "closer", Evidence: "trial", Source: "CLS navy", DistanceBefore: 0.5, DistanceAfter: 0.1, CostAfter: 9})
	must(t, err)
	if o, err := s.Offer(ctx, far); err != nil || !isNew || o.State != improvement.Superseded {
		t.Errorf("beside offer %d, which is nearer: %+v %v", near, o, err)
	}
	isErr(t, third(s.AddOffer(ctx, Offer{GoalID: 77, Claim: "passes", Evidence: "complete", Source: fast})), ErrNotFound)
	for _, o := range []Offer{{Claim: "cheaper", Evidence: "rule"}, {Claim: "nicer", Evidence: "rule", Source: fast}, {Claim: "cheaper", Evidence: "faith", Source: fast}, {Claim: "cheaper", Evidence: "rule", Source: fast, State: improvement.Approved}} {
		refusal(t, third(s.AddOffer(ctx, o)))
	}
}

// Programs with the files that they include are kept as those of scripts are.
func TestAnOfferKeepsIncludedFilesOnce(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	lib := strings.Repeat("; a library\n", 2000) + "DEF f(x)\n  RETURN x\nEND\n"
	with := func(program string) string {
		return include.Bundle(program, include.Files{Texts: map[string]string{"lib.pxl": lib}})
	}
	before, after := with("INCLUDE \"lib.pxl\"\nx = f(1) + 0\nHALT\n"), with("INCLUDE \"lib.pxl\"\nx = f(1)\nHALT\n")
	script, _, err := s.UpsertScript(ctx, Script{Name: "with files", Lang: "pixel", Code: before, Enabled: true})
	must(t, err)
	o := offerOf(script)
	o.Source = after
	id, _, err := s.AddOffer(ctx, o)
	must(t, err)
	must(t, second(s.ApproveOffer(ctx, id)))
	hasCode(t, s, script, after)
	got, err := s.Offer(ctx, id)
	must(t, err)
	if got.Source != after || got.Before != before {
		t.Error("its programs are not what they were")
	}
	var bytes int
	must(t, beside(t, s).QueryRow("SELECT total(octet_length(body)) FROM contents").Scan(&bytes))
	if bytes > len(lib)+2000 {
		t.Errorf("%d bytes of contents for a library of %d", bytes, len(lib))
	}
	verified(t, s, 1)
}

// Pictures of an approved offer, and of the runs that it came from, are no old pictures.
func TestPicturesOfApprovedOffersStay(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	script, _ := offered(t, s, "fire")
	put := func(text string) string {
		hash, err := s.PutPicture([]byte(text))
		must(t, err)
		return hash
	}
	f := hello()
	f.Code, f.HumanPNG, f.MachinePNG = slow, put("seen"), put("meant")
	run(t, s, script, start, f)
	o := offerOf(script)
	o.Source, o.HumanPNG, o.CostAfter = fast+"; x", put("new"), 1
	id, _, err := s.AddOffer(ctx, o)
	must(t, err)
	if old, err := s.OldPictures(ctx, 0, 10); err != nil || len(old) != 2 {
		t.Fatalf("%v %v", old, err)
	}
	must(t, second(s.ApproveOffer(ctx, id)))
	if old, err := s.OldPictures(ctx, 0, 10); err != nil || len(old) != 0 {
		t.Errorf("%v %v", old, err)
	}
	var kept int
	must(t, beside(t, s).QueryRow("SELECT count(*) FROM picture_files WHERE fate = 1").Scan(&kept))
	if kept != 3 {
		t.Errorf("%d pictures are kept for ever", kept)
	}
}

// Whatever a person can write with sqlite3 is input: odd rows are listed and shown with a
// sentence, and nothing can be done with them.
func TestOddOffersAreShownWithASentence(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	_, id := offered(t, s, "fire")
	db := beside(t, s)
	sqlExec(t, db, "PRAGMA foreign_keys = OFF")
	for set, want := range map[string]string{
		"state = 'wonderful'":               `its state is "wonderful", which is none of an offer`,
		"state = x'00ff'":                   "which is none of an offer",
		"state = zeroblob(100000)":          "which is none of an offer",
		"claim = 7":                         `its claim is "7", which is none of an offer`,
		"evidence = 'faith'":                `its evidence is "faith", which is none that there is`,
		"source = ''":                       "its program is not in the database",
		"source = x'00ff'":                  "its program is not in the database",
		"source = 'abc'":                    "its program is not in the database",
		"source = 9223372036854775807":      "its program is not in the database",
		"cost_before = -9e300":              "it has a cost below 0",
		"cost_after = 'much'":               "",
		"cost_before = 9e300":               "",
		"steps = 'none'":                    "its steps are no list of sentences",
		"steps = zeroblob(100000)":          "its steps are no list of sentences",
		"steps = '[1]'":                     "its steps are no list of sentences",
		"seed = 'x', candidates = -1e300":   "",
		"distance_after = 9e999":            "",
		"script = NULL, proposer = x'ff'":   "",
		"goal_id = 'none'":                  "",
		"human_png = 'a', map_id = 'b'":     "",
		"found_at = x'00', decided_at = 12": "",
		"note = zeroblob(10000000)":         "",
	} {
		sqlExec(t, db, "CREATE TEMP TABLE was AS SELECT * FROM improve_offers")
		sqlExec(t, db, "UPDATE improve_offers SET "+set)
		all, err := s.Offers(ctx, OfferFilter{}, Page{})
		if err != nil || len(all) != 1 || !strings.Contains(all[0].Fault, want) || (want == "") != (all[0].Fault == "") {
			t.Errorf("%s: listed as %+v, %v", set, all, err)
		}
		o, err := s.Offer(ctx, id)
		if err != nil || !strings.Contains(o.Fault, want) || len(o.Words()) == 0 {
			t.Errorf("%s: shown as %+v, %v", set, o, err)
		}
		if want != "" {
			if why := refusal(t, second(s.ApproveOffer(ctx, id))); !strings.Contains(why, "cannot be approved: ") || !strings.Contains(why, want) {
				t.Errorf("%s: %s", set, why)
			}
			rep, err := s.Verify(ctx)
			if err != nil || !rep.OK() || len(rep.Unusable) != 1 || !strings.Contains(rep.Unusable[0], want) {
				t.Errorf("%s: verified as %+v, %v", set, rep, err)
			}
		}
		sqlExec(t, db, "DELETE FROM improve_offers")
		sqlExec(t, db, "INSERT INTO improve_offers SELECT * FROM temp.was")
		sqlExec(t, db, "DROP TABLE temp.was")
	}
	sqlExec(t, db, "DROP TRIGGER contents_no_update")
	sqlExec(t, db, "UPDATE contents SET body = body || 'x' WHERE hash = (SELECT source FROM improve_offers)")
	if why := refusal(t, second(s.ApproveOffer(ctx, id))); !strings.Contains(why, "is in the database otherwise than it was") {
		t.Error(why)
	}
	must(t, second(s.RejectOffer(ctx, id, "")))
}

func TestOddGoalsAndSearchesAreReadAsFarAsTheyCan(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	goal, err := s.AddGoalWith(ctx, Goal{Goal: "draw", Aim: GoalAim{Check: "ASSERT 1", MaxCost: 5}})
	must(t, err)
	db := beside(t, s)
	sqlExec(t, db, "PRAGMA foreign_keys = OFF")
	for set, want := range map[string]string{
		"target = 77": "its target is no picture", "target = x'00'": "its target is no picture", "check_pxl = 'gone'": "its check is not in the database",
		"max_cost = -5, script_id = 'x'": "", "max_cost = 9e300": "",
	} {
		sqlExec(t, db, "UPDATE goal_aims SET target = NULL, check_pxl = NULL")
		sqlExec(t, db, "UPDATE goal_aims SET "+set)
		all, err := s.Goals(ctx, Page{})
		if err != nil || len(all) != 1 || !strings.Contains(all[0].Aim.Fault, want) || (want == "") != (all[0].Aim.Fault == "") {
			t.Errorf("%s: %+v %v", set, all, err)
		}
		if g, err := s.Goal(ctx, goal); err != nil || !strings.Contains(g.Aim.Fault, want[:min(len(want), 6)]) {
			t.Errorf("%s: %+v %v", set, g, err)
		}
	}
	must(t, s.SaveCampaign(ctx, 1, []byte(`{"at":1}`), 5))
	for _, set := range []string{"state = 'no JSON'", "state = x'00ff'", "state = zeroblob(20000000)"} {
		sqlExec(t, db, "UPDATE improve_campaigns SET "+set)
		isErr(t, second(s.Campaign(ctx, 1)), ErrNotFound)
	}
	sqlExec(t, db, "UPDATE improve_hours SET candidates = 'many'")
	must(t, s.CountCandidates(ctx, 3))
	sqlExec(t, db, "INSERT INTO improve_hours VALUES ('2026-11-22 19', 9e300), ('2026-11-22 18', x'00'), ('zzz', 1)")
	if f, err := s.ImproveFigures(ctx, start.Add(-time.Hour), start.Add(time.Hour)); err != nil || f.Candidates < 3 {
		t.Errorf("%+v %v", f, err)
	}
	must(t, second(s.KeepCheapest(ctx, Cheapest{Picture: "a", Source: "HALT", Cost: 5})))
	for _, set := range []string{"cost = -1", "cost = 'x'", "source = x'00'"} {
		sqlExec(t, db, "UPDATE improve_archive SET "+set)
		isErr(t, second(s.CheapestOf(ctx, "a")), ErrNotFound)
	}
	if kept, err := s.KeepCheapest(ctx, Cheapest{Picture: "a", Source: "HALT", Cost: 500}); err != nil || !kept {
		t.Error(kept, err)
	}
}

// What a search keeps is replaced by what it keeps next, and counted by the hour.
func TestASearchIsKeptAndCounted(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	isErr(t, second(s.Campaign(ctx, 1)), ErrNotFound)
	must(t, s.SaveCampaign(ctx, 1, []byte(`{"generation":1}`), 1000))
	must(t, s.SaveCampaign(ctx, 1, []byte(`{"generation":2}`), 500))
	if state, err := s.Campaign(ctx, 1); err != nil || string(state) != `{"generation":2}` {
		t.Errorf("%s %v", state, err)
	}
	if s.SaveCampaign(ctx, 1, []byte("{"), 1) == nil || s.SaveCampaign(ctx, 77, []byte("{}"), 1) == nil {
		t.Error("a state that is no JSON, or of no script, is kept")
	}
	for _, c := range []struct {
		cost uint64
		kept bool
	}{{50, true}, {60, false}, {50, false}, {40, true}} {
		if kept, err := s.KeepCheapest(ctx, Cheapest{Picture: "p", Source: "HALT", Cost: c.cost, Proposer: "rules"}); err != nil || kept != c.kept {
			t.Errorf("%d: %v %v", c.cost, kept, err)
		}
	}
	if c, err := s.CheapestOf(ctx, "p"); err != nil || c.Cost != 40 || c.Source != "HALT" {
		t.Errorf("%+v %v", c, err)
	}
	_, id := offered(t, s, "fire")
	must(t, second(s.ApproveOffer(ctx, id)))
	_, other := offered(t, s, "water")
	goal, err := s.AddGoal(ctx, "draw", 0)
	must(t, err)
	must(t, s.DoneGoal(ctx, goal))
	f, err := s.ImproveFigures(ctx, start.Add(-time.Minute), start.Add(time.Minute))
	must(t, err)
	if f.Candidates != 1500 || f.Offers != 2 || f.Approved != 1 || f.Goals != 1 || len(f.Best) != 2 || f.Best[0].ID != id || f.Best[1].ID != other {
		t.Errorf("%+v", f)
	}
	if f, err = s.ImproveFigures(ctx, start.Add(time.Hour), start.Add(2*time.Hour)); err != nil || f.Candidates+f.Offers+f.Goals != 0 {
		t.Errorf("%+v %v", f, err)
	}
	must(t, s.RemoveScript(ctx, 1))
	isErr(t, second(s.Campaign(ctx, 1)), ErrNotFound)
}

// What improving keeps goes where the rest of the memory goes: out and into another data
// folder, out of a damaged database, and from an earlier version on.
func TestOffersAreBroughtAlong(t *testing.T) {
	ctx := t.Context()
	path, _ := lived(t)
	dir := filepath.Dir(filepath.Dir(path))
	s, _ := open(t, dir)
	picture, err := s.PutPicture([]byte("a picture"))
	must(t, err)
	must(t, s.Close())
	from := exported(t, dir)

	to := filepath.Join(t.TempDir(), "data")
	must(t, second(Import(ctx, to, from, Options{})))
	alike(t, from, exported(t, to))
	s, _ = open(t, to)
	offersAre(t, s, picture)

	s = fresh(t) // other ids
	for i := range 7 {
		must(t, third(s.UpsertScript(ctx, Script{Name: "mine " + strings.Repeat("x", i), Lang: "pixel", Code: "NOP"})))
		must(t, second(s.AddGoal(ctx, "mine", 1)))
	}
	must(t, second(s.PutPicture([]byte("another"))))
	must(t, third(s.AddOffer(ctx, Offer{ScriptID: 5, Claim: "cheaper", Evidence: "rule", Source: "HALT"})))
	must(t, second(s.RejectOffer(ctx, 1, "")))
	data := s.Dir()
	must(t, s.Close())
	must(t, second(Import(ctx, data, from, Options{})))
	must(t, second(Import(ctx, data, from, Options{}))) // which brings nothing twice
	s, _ = open(t, data)
	if all, err := s.Offers(ctx, OfferFilter{}, Page{}); err != nil || len(all) != 4 {
		t.Errorf("%+v %v", all, err)
	}
	sqlExec(t, beside(t, s), "DELETE FROM improve_offers WHERE script LIKE 'mine%'")
	offersAre(t, s, picture)
}

func TestOffersAreSalvaged(t *testing.T) {
	path, _ := lived(t)
	b, err := os.ReadFile(path)
	must(t, err)
	copy(b[16:], "\xff\xff") // the size of a page makes no sense: nothing is opened
	must(t, os.WriteFile(path, b, 0o600))
	s, v := salvage(t, path)
	if len(v.Report.Refused) > 0 {
		t.Errorf("%+v", v.Report)
	}
	picture, err := s.PutPicture([]byte("a picture"))
	must(t, err)
	offersAre(t, s, picture)
}

func TestADatabaseOfBeforeOffersGetsThem(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	dir := s.Dir()
	script, _, err := s.UpsertScript(ctx, Script{Name: "fire", Lang: "pixel", Code: slow, Enabled: true})
	must(t, err)
	must(t, s.Close())
	db := beside(t, s)
	for _, table := range []string{"improve_offers", "goal_aims", "improve_archive", "improve_campaigns", "improve_hours"} {
		sqlExec(t, db, "DROP TABLE "+table)
	}
	sqlExec(t, db, "CREATE TABLE improve_hours (theirs)") // another program's
	sqlExec(t, db, "DELETE FROM settings WHERE key = 'approve_offers'")
	sqlExec(t, db, "UPDATE schema_version SET version = 14")
	if rep, err := VerifyFolder(ctx, dir, nil); err != nil || !rep.OK() {
		t.Errorf("%+v %v", rep, err)
	}
	s, done := open(t, dir)
	if !done.Migrated || done.Backup == "" {
		t.Errorf("%+v", done)
	}
	id, _, err := s.AddOffer(ctx, offerOf(script))
	must(t, err)
	must(t, second(s.ApproveOffer(ctx, id)))
	if rule, err := s.Setting(ctx, ApproveSetting, ""); err != nil || rule != NoApproval {
		t.Errorf("%q %v", rule, err)
	}
	if n := one[int](t, beside(t, s), "SELECT count(*) FROM earlier_improve_hours"); n != 0 {
		t.Error(n)
	}
}
