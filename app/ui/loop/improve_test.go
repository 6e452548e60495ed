package loop

import (
	"context"
	"image"
	"strings"
	"testing"

	"gioui.org/layout"

	"gvpie/app/studio/loop/fixture"
	"gvpie/app/ui/kit/kittest"
	"gvpie/runtime/store"
)

// offer keeps an offer for a script in a data folder: the same program with a remark.
func offer(t *testing.T, dir, script string, o store.Offer) int64 {
	t.Helper()
	ctx := context.Background()
	s, _, err := store.Open(ctx, dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Script(ctx, script)
	if err != nil {
		t.Fatal(err)
	}
	o.ScriptID, o.Source = r.ID, "; cheaper\n"+r.Code
	o.Claim, o.Evidence, o.Proposer = "cheaper", "rule", "rules"
	if o.CostBefore == 0 {
		o.CostBefore, o.CostAfter = 1_200_000, 480_000
	}
	o.Steps = []string{"moved a term out of the block: it hangs on the row alone", "an unused variable is not set"}
	o.Candidates = 212_000
	id, _, err := s.AddOffer(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CountCandidates(ctx, 212_000); err != nil {
		t.Fatal(err)
	}
	return id
}

// improveDesk is a desk that shows the panel Improve.
func improveDesk(t *testing.T, dir string, live bool) *desk {
	t.Helper()
	d := newDeskOn(t, dir, live)
	p := NewImprove(d.panel.Window)
	d.Widget = func(gtx layout.Context) {
		d.model.Pump()
		p.Update(gtx)
		p.Layout(gtx)
	}
	d.Frame()
	return d
}

func (d *desk) untilOffer(state store.OfferState) {
	d.T.Helper()
	d.Until("the offer is "+stateWords[state], func() bool {
		det := d.model.Agent().OfferDetail()
		return det != nil && det.Offer.State == state
	})
}

// A person reads an offer, approves it, and takes that back; the script's code follows.
func TestAnOfferIsApprovedAndRolledBack(t *testing.T) {
	dir := t.TempDir()
	if err := fixture.Fill(context.Background(), dir, 50, fixture.Noon.Time); err != nil {
		t.Fatal(err)
	}
	offer(t, dir, "hello_gpu", store.Offer{})
	d := improveDesk(t, dir, true)
	d.untilOffer(store.OfferOffered)
	d.Frame()
	if det := d.model.Agent().OfferDetail(); det.Different != 0 || det.Picture == nil {
		t.Errorf("%d pixels differ between two programs that are the same", det.Different)
	}
	img := d.Shoot("improve")
	if n := kittest.Colors(img); n < 24 {
		t.Errorf("the picture has %d colours", n)
	}
	d.CheckLayout()
	code := func() string {
		return fixture.Text(t, dir+"/db/daemon.db", "SELECT code FROM improvement_scripts WHERE name = 'hello_gpu'")
	}
	before := code()
	d.Click("approve the offer")
	d.untilOffer(store.OfferApproved)
	d.Until("the script is the one that was offered", func() bool { return code() != before })
	if now := code(); now != "; cheaper\n"+before {
		t.Errorf("the script is now\n%s", now)
	}
	d.Frame()
	d.Click("roll the script back")
	d.untilOffer(store.OfferRolledBack)
	if now := code(); now != before {
		t.Errorf("rolled back, the script is\n%s", now)
	}
	d.Click("blink between the pictures")
	d.Frame()
	d.Click("try it in the editor")
	d.Until("a tab is open with the program", func() bool {
		doc := d.model.Active()
		return doc != nil && strings.HasPrefix(doc.Text(), "; cheaper\n")
	})
}

func TestARejectedOfferStaysInTheList(t *testing.T) {
	dir := t.TempDir()
	offer(t, dir, "hello_gpu", store.Offer{})
	d := improveDesk(t, dir, true)
	d.untilOffer(store.OfferOffered)
	d.Frame()
	if a := d.model.Agent(); a.Waiting() != 1 {
		t.Errorf("%d wait", a.Waiting())
	}
	d.Click("reject the offer")
	d.untilOffer(store.OfferRejected)
	if a := d.model.Agent(); a.Waiting() != 0 || len(a.Offers()) != 1 {
		t.Errorf("%d of %d wait", a.Waiting(), len(a.Offers()))
	}
}

func TestImprovingIsSwitchedOnAndOff(t *testing.T) {
	dir := t.TempDir()
	d := improveDesk(t, dir, true)
	a := d.model.Agent()
	for _, on := range []bool{true, false} {
		d.Click("improve scripts in idle time")
		d.Until("the setting is written", func() bool { return a.Improving() == on })
		d.Frame()
	}
}

// A window whose loop is another's decides nothing, and says so by what it does not offer.
func TestOffersAreOnlyLookedAtWhereTheLoopIsNotOurs(t *testing.T) {
	dir := t.TempDir()
	offer(t, dir, "hello_gpu", store.Offer{})
	d := improveDesk(t, dir, false)
	d.untilOffer(store.OfferOffered)
	d.Frame()
	if b, ok := d.Find("approve the offer"); !ok || !b.Disabled {
		t.Error("it can be approved")
	}
	if _, ok := d.Find("improve scripts in idle time"); ok {
		t.Error("there is a switch that does nothing")
	}
}

func TestTheMorningReportIsASentence(t *testing.T) {
	best := []store.Offer{{Script: "fire", Claim: "cheaper", CostBefore: 100, CostAfter: 59}}
	for _, tt := range []struct {
		f    store.ImproveFigures
		want string
	}{
		{store.ImproveFigures{}, "Nothing was looked for in the last day"},
		{store.ImproveFigures{Candidates: 212_000, Offers: 3, Goals: 1, Best: best}, "In the last day: 212 000 candidates, 3 offers, 1 goal reached, 41 % less cost on fire"},
		{store.ImproveFigures{Candidates: 1, Offers: 1, Approved: 1}, "In the last day: 1 candidate, 1 offer, 1 approved"},
	} {
		if got := strings.ReplaceAll(morning(tt.f), "\u2009", " "); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestNoSizeBreaksImprove(t *testing.T) {
	dir := t.TempDir()
	offer(t, dir, "hello_gpu", store.Offer{})
	d := improveDesk(t, dir, false)
	d.untilOffer(store.OfferOffered)
	for _, size := range []image.Point{{1, 1}, {30, 2000}, {3000, 20}, {400, 300}, {640, 480}, {900, 700}} {
		for _, scale := range []float32{1, 3} {
			d.Size, d.Metric.PxPerDp, d.Metric.PxPerSp = size, scale, scale
			d.Frame()
			d.Frame()
		}
	}
}
