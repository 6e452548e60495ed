package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

type offer struct {
	ID             int64      `json:"id"`
	ScriptID       int64      `json:"script_id" doc:"0: of none, or of one that was removed"`
	Script         string     `json:"script"`
	GoalID         int64      `json:"goal_id" doc:"0: none"`
	State          string     `json:"state" doc:"found, checked, offered, approved, rejected, superseded or rolled_back"`
	Claim          string     `json:"claim" doc:"cheaper, closer or passes"`
	Evidence       string     `json:"evidence" doc:"trial, rule, solver, exhaustive or complete"`
	Words          string     `json:"words" doc:"claim and evidence in a sentence"`
	Proposer       string     `json:"proposer"`
	CostBefore     uint64     `json:"cost_before"`
	CostAfter      uint64     `json:"cost_after"`
	DistanceBefore float64    `json:"distance_before" doc:"from the goal's picture"`
	DistanceAfter  float64    `json:"distance_after"`
	Steps          []string   `json:"steps"`
	Candidates     int64      `json:"candidates" doc:"that were looked at"`
	Seed           uint64     `json:"seed"`
	Note           string     `json:"note"`
	New            bool       `json:"new" doc:"approving it adds a script"`
	Fault          string     `json:"fault" doc:"why it cannot be used as it is; empty: it can"`
	MapID          int64      `json:"map_id" doc:"the row of the map that tells what was decided last"`
	FoundAt        *time.Time `json:"found_at"`
	DecidedAt      *time.Time `json:"decided_at"`
}

func offerOf(o store.Offer) offer {
	return offer{o.ID, o.ScriptID, o.Script, o.GoalID, string(o.State), o.Claim, o.Evidence, o.Words(), o.Proposer, o.CostBefore, o.CostAfter,
		finite(o.DistanceBefore), finite(o.DistanceAfter), o.Steps, o.Candidates, o.Seed, o.Note, o.New, o.Fault, o.MapID, when(o.FoundAt), when(o.DecidedAt)}
}

type offersAnswer struct {
	Success bool    `json:"success"`
	Offers  []offer `json:"offers" doc:"newest first"`
	Next    int64   `json:"next" doc:"before of the next page; 0: this is the last"`
}

var offerQuery = append(slices.Clone(pageQuery), param{"state", "string", "only offers in this state"})

func getOffers(c *request) error {
	db, err := c.database()
	if err != nil {
		return err
	}
	q, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return refuse(http.StatusBadRequest, "the query cannot be read: %v", err)
	}
	state := store.OfferState(q.Get("state"))
	if state != "" && !slices.Contains(store.OfferStates, state) {
		return refuse(http.StatusBadRequest, "state is found, checked, offered, approved, rejected, superseded or rolled_back, not %q", clip(string(state)))
	}
	rows, next, err := pageRows(c, func(ctx context.Context, p store.Page) ([]store.Offer, error) {
		return db.Offers(ctx, store.OfferFilter{State: state}, p)
	}, func(o store.Offer) (offer, int64) { return offerOf(o), o.ID })
	if err != nil {
		return err
	}
	answer(c.w, http.StatusOK, offersAnswer{true, rows, next})
	return nil
}

type offerAnswer struct {
	Success bool `json:"success"`
	offer
	Source string `json:"source" doc:"the program that is offered"`
	Before string `json:"before" doc:"the script's code that it was made for"`
}

func answerOffer(c *request, o store.Offer) error {
	if err := c.wholeRow(int64(len(o.Source) + len(o.Before))); err != nil {
		return err
	}
	answer(c.w, http.StatusOK, offerAnswer{true, offerOf(o), o.Source, o.Before})
	return nil
}

func getOffer(c *request) error {
	return c.onOffer(func(ctx context.Context, db *store.Store, id int64) (store.Offer, error) { return db.Offer(ctx, id) })
}

func approveOffer(c *request) error {
	return c.onOffer(func(ctx context.Context, db *store.Store, id int64) (store.Offer, error) {
		return agent.ApproveOffer(context.WithoutCancel(ctx), db, db.Dir(), id) // row and file belong together
	})
}

func rollbackOffer(c *request) error {
	return c.onOffer(func(ctx context.Context, db *store.Store, id int64) (store.Offer, error) {
		return agent.RollbackOffer(context.WithoutCancel(ctx), db, db.Dir(), id)
	})
}

type rejectRequest struct {
	Why string `json:"why" doc:"kept with the offer"`
}

func rejectOffer(c *request) error {
	req, err := decode[rejectRequest](c)
	if err != nil {
		return err
	}
	if len(req.Why) > textMost {
		return refuse(http.StatusUnprocessableEntity, "why is longer than %d bytes", textMost)
	}
	return c.onOffer(func(ctx context.Context, db *store.Store, id int64) (store.Offer, error) {
		return db.RejectOffer(ctx, id, strings.TrimSpace(req.Why))
	})
}

// onOffer does something with the offer that a path names, and answers with it.
func (c *request) onOffer(do func(context.Context, *store.Store, int64) (store.Offer, error)) error {
	db, err := c.database()
	if err != nil {
		return err
	}
	id, err := c.rowID()
	if err != nil {
		return err
	}
	o, err := do(c.r.Context(), db, id)
	if errors.As(err, new(store.OfferRefused)) || errors.Is(err, agent.ErrIncluded) {
		return refuse(http.StatusConflict, "%s", err.Error())
	}
	if err != nil {
		return stored(err)
	}
	return answerOffer(c, o)
}

// reportSpan is the time that the morning report is of, unless a query says since when.
const reportSpan = 24 * time.Hour

type report struct {
	From       *time.Time `json:"from"`
	To         *time.Time `json:"to"`
	Candidates int64      `json:"candidates" doc:"that were looked at, in whole hours"`
	Offers     int64      `json:"offers" doc:"that were made, without those that better ones came after"`
	Approved   int64      `json:"approved"`
	Goals      int64      `json:"goals" doc:"that were reached"`
	Best       []offer    `json:"best" doc:"of the offers the three that saved the largest part of their cost"`
}

// searching is what is being improved now.
type searching struct {
	On         bool        `json:"on" doc:"the setting is"`
	Works      bool        `json:"works" doc:"now, and not only when the next idle time comes"`
	Input      bool        `json:"input" doc:"it stands still, since somebody uses a window"`
	Battery    bool        `json:"battery" doc:"it stands still, since the computer runs on its battery"`
	Script     string      `json:"script" doc:"the last that had its turn; empty: none had"`
	CostBefore uint64      `json:"cost_before" doc:"of that script"`
	Cost       uint64      `json:"cost" doc:"of the best program so far"`
	Candidates int         `json:"candidates" doc:"looked at for it, ever"`
	Looked     int         `json:"looked" doc:"candidates for all scripts since this program was started"`
	Rate       float64     `json:"rate" doc:"candidates a second, lately"`
	Failed     string      `json:"failed" doc:"why the last job that failed did"`
	Proposers  []proposing `json:"proposers"`
}

// proposing is what a proposer's jobs came to for a script.
type proposing struct {
	Name       string  `json:"name"`
	Jobs       int     `json:"jobs"`
	Candidates int     `json:"candidates"`
	Failures   int     `json:"failures"`
	Gain       float64 `json:"gain" doc:"of all its jobs, each as a part of the cost of what it began with"`
}

type improveAnswer struct {
	Success bool       `json:"success"`
	Waiting []int64    `json:"waiting" doc:"ids of the newest offers that wait for a person, at most 50"`
	Search  *searching `json:"search,omitempty" doc:"what is searched now; absent where no loop runs here"`
	Report  report     `json:"report"`
}

// search is what the loop improves now; nil without one.
func (c *request) search() *searching {
	if c.config.Agent == nil {
		return nil
	}
	i := c.config.Agent.Status().Improve
	out := &searching{i.On, i.Works, i.Input, i.Battery, clipTo(i.Script, nameMost), i.Before, i.Cost, i.Candidates, i.Looked, finite(i.Rate), clipTo(i.Failed, sentenceMost), []proposing{}}
	for _, y := range i.Yields {
		out.Proposers = append(out.Proposers, proposing{y.Proposer, y.Jobs, y.Candidates, y.Failures, float64(y.Gain) / 1e6})
	}
	return out
}

func getImprove(c *request) error {
	db, err := c.database()
	if err != nil {
		return err
	}
	ctx := c.r.Context()
	waiting, err := db.Offers(ctx, store.OfferFilter{State: store.OfferOffered}, store.Page{Limit: pageDefault})
	if err != nil {
		return stored(err)
	}
	to := time.Now()
	from := to.Add(-reportSpan)
	if text := c.r.URL.Query().Get("since"); text != "" {
		if from, err = time.Parse(time.RFC3339, text); err != nil {
			return refuse(http.StatusBadRequest, "since is a time, as 2026-11-28T18:00:00Z, not %q", clip(text))
		}
	}
	f, err := db.ImproveFigures(ctx, from, to)
	if err != nil {
		return stored(err)
	}
	out := improveAnswer{Success: true, Waiting: []int64{}, Search: c.search(), Report: report{when(f.From), when(f.To), f.Candidates, f.Offers, f.Approved, f.Goals, []offer{}}}
	for _, o := range waiting {
		out.Waiting = append(out.Waiting, o.ID)
	}
	for _, o := range f.Best {
		out.Report.Best = append(out.Report.Best, offerOf(o))
	}
	answer(c.w, http.StatusOK, out)
	return nil
}

// An offerTeller tells readers of events of the offers that have come, whoever made
// them. It belongs to one goroutine.
type offerTeller struct {
	s     *Server
	known bool
	last  int64 // the newest offer that is known
}

// offersAtOnce is how many offers are told of at most at one look.
const offersAtOnce = 20

// look tells of what has come since it looked last; the first look tells of nothing.
func (t *offerTeller) look(ctx context.Context) {
	if t.s.config.Store == nil {
		return
	}
	all, err := t.s.config.Store.Offers(ctx, store.OfferFilter{}, store.Page{Limit: offersAtOnce})
	if err != nil {
		return // the loop tells of a database that cannot be read
	}
	for _, o := range slices.Backward(all) {
		if o.ID > t.last && t.known && o.State == store.OfferOffered && o.Fault == "" {
			t.s.events.publish(event{Kind: "offer", Offer: &offerEvent{o.ID, clipTo(o.Script, nameMost), o.Claim, o.Evidence, o.CostBefore, o.CostAfter, o.Words()}})
		}
		t.last = max(t.last, o.ID)
	}
	t.known = true
}

type offerEvent struct {
	ID         int64  `json:"id"`
	Script     string `json:"script"`
	Claim      string `json:"claim"`
	Evidence   string `json:"evidence"`
	CostBefore uint64 `json:"cost_before"`
	CostAfter  uint64 `json:"cost_after"`
	Words      string `json:"words"`
}
