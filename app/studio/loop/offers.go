package loop

import (
	"context"
	"image"
	"time"

	"gvpie/app/studio/mailbox"
	"gvpie/app/studio/notice"
	"gvpie/app/studio/textdiff"
	"gvpie/runtime/agent/idle"
	"gvpie/runtime/engine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

// reportSpan is what the morning report is of.
const reportSpan = 24 * time.Hour

// offerFrames is how far an offer and what it was made for are run to be shown, and
// offerCycles at most for each frame.
const (
	offerFrames = 60
	offerCycles = 2_000_000
)

// OfferDetail is an offer in full, with what both programs show.
type OfferDetail struct {
	Offer  store.Offer
	Goal   string          // that it is made for; "" for none
	Diff   []textdiff.Line // of the programs
	Before *image.RGBA     // what each shows after its first frames; nil where it cannot be shown
	After  *image.RGBA
	// Picture is where they differ; nil unless there are two.
	Picture   *image.RGBA
	Different int // in how many pixels
	Frames    int // after so many
	Err       string
}

// offers reads the offer that was asked for last.
type offers struct {
	m      *Monitor // has what is decided done
	shown  int64
	detail *OfferDetail
	asks   mailbox.Latest[int64]
}

func newOffers(m *Monitor) offers { return offers{m: m, asks: mailbox.New[int64]()} }

// Offers are the better programs that were found: those that wait for a person first,
// then the others, the newest first.
func (l *lists) Offers() []store.Offer { return l.offers }

// Waiting counts the offers that wait for a person.
func (l *lists) Waiting() (n int) {
	for i := range l.offers {
		if l.offers[i].State == store.OfferOffered {
			n++
		}
	}
	return n
}

// Report is what improving came to in the last day.
func (l *lists) Report() store.ImproveFigures { return l.report }

// readOffers reads the offers, those that wait first.
func readOffers(ctx context.Context, s *store.Store) (all []store.Offer, report store.ImproveFigures, err error) {
	list, err := s.Offers(ctx, store.OfferFilter{}, store.Page{Limit: 500})
	if err != nil {
		return nil, report, err
	}
	for _, waiting := range []bool{true, false} {
		for _, o := range list {
			if (o.State == store.OfferOffered) == waiting {
				all = append(all, o)
			}
		}
	}
	now := time.Now()
	report, err = s.ImproveFigures(ctx, now.Add(-reportSpan), now)
	report.From, report.To = time.Time{}, time.Time{} // a report of the same is the same
	return all, report, err
}

// ShowOffer asks for an offer in full.
func (o *offers) ShowOffer(id int64) {
	if o.shown != id {
		o.shown = id
		o.asks.Put(id)
	}
}

// ShownOffer is the offer that was asked for last; 0: none.
func (o *offers) ShownOffer() int64 { return o.shown }

// OfferDetail is what ShowOffer asked for; nil until it has been read.
func (o *offers) OfferDetail() *OfferDetail {
	if o.detail == nil || o.detail.Offer.ID != o.shown {
		return nil
	}
	return o.detail
}

// reread reads again what is shown, where the lists say that it is otherwise.
func (o *offers) reread(all []store.Offer) {
	for i := range all {
		if d := o.detail; d != nil && all[i].ID == o.shown && d.Offer.ID == o.shown && d.Offer.State != all[i].State {
			o.asks.Put(o.shown)
		}
	}
}

// serve reads offers; one goroutine.
func (o *offers) serve(b *background, s *store.Store, cpu func() engine.Engine) {
	answer(b, o.asks, func(id int64) *OfferDetail { return readOffer(b.ctx, s, cpu, id) }, func(id int64, d *OfferDetail) {
		if o.shown == id {
			o.detail = d
		}
	})
}

func readOffer(ctx context.Context, s *store.Store, cpu func() engine.Engine, id int64) *OfferDetail {
	d := &OfferDetail{Frames: offerFrames}
	var err error
	if d.Offer, err = s.Offer(ctx, id); err != nil {
		d.Offer.ID, d.Err = id, err.Error()
		return d
	}
	if d.Offer.GoalID != 0 {
		goals, err := s.Goals(ctx, store.Page{Before: d.Offer.GoalID + 1, Limit: 1})
		if err == nil && len(goals) == 1 && goals[0].ID == d.Offer.GoalID {
			d.Goal = goals[0].Goal
		}
	}
	d.Diff = textdiff.Lines(d.Offer.Before, d.Offer.Source)
	d.After = shows(ctx, cpu, d.Offer.Source)
	if d.Offer.Before != "" {
		d.Before = shows(ctx, cpu, d.Offer.Before)
		d.Picture, d.Different = DiffPictures(d.Before, d.After)
	}
	return d
}

// shows is what a program shows after its first frames, or where it ends before; nil
// where it cannot be run.
func shows(ctx context.Context, cpu func() engine.Engine, source string) *image.RGBA {
	a := pxl.AssembleBundle("offer.pxl", source)
	if !a.OK() {
		return nil
	}
	e := cpu()
	defer e.Close()
	if _, err := engine.Run(ctx, e, engine.RunOptions{Program: a.Program, Frames: offerFrames, Budget: offerCycles}); err != nil {
		return nil
	}
	img, err := e.Human(ctx)
	if err != nil {
		return nil
	}
	return img
}

// Approve makes an offer the next version of its script.
func (o *offers) Approve(id int64) { o.decide(id, "approve") }

// Reject puts an offer aside for good.
func (o *offers) Reject(id int64) { o.decide(id, "reject") }

// RollBack gives the script of an approved offer the code that it had before.
func (o *offers) RollBack(id int64) { o.decide(id, "rollback") }

// decide has the process that runs the loop decide about an offer.
func (o *offers) decide(id int64, what string) {
	o.m.order(func(d driver, ctx context.Context) error { return d.DecideOffer(ctx, id, what) })
}

// OpenOffer opens the program that is offered in a tab of its own, to be tried.
func (o *offers) OpenOffer() {
	if d := o.OfferDetail(); d != nil && d.Offer.Source != "" {
		o.m.bg.window.OpenText(offerName(&d.Offer), "", d.Offer.Source)
	}
}

func offerName(o *store.Offer) string {
	name := o.Script
	if name == "" {
		name = "program"
	}
	return name + " as offered.pxl"
}

// SetImproving switches improving in idle time on or off, in this process's loop.
func (o *offers) SetImproving(on bool) {
	if o.m.store == nil || !o.OwnLoop() {
		return
	}
	s, value := o.m.store, "0"
	if on {
		value = "1"
	}
	o.m.background(func() (notice.Kind, string) {
		if err := s.SetSetting(o.m.bg.ctx, store.ImproveSetting, value); err != nil {
			return notice.Problem, err.Error()
		}
		return notice.Done, ""
	})
}

// OwnLoop says whether the loop is this process's.
func (o *offers) OwnLoop() bool { return o.m.state == Running }

// Search is what idle time is being spent on, where the loop is this process's.
func (o *offers) Search() idle.Status {
	if own, ok := o.m.driver.(ownLoop); ok {
		return own.loop.Status().Improve
	}
	return idle.Status{}
}

// Improving says whether idle time goes to improving scripts, as the settings say.
func (l *lists) Improving() bool { return l.improving }
