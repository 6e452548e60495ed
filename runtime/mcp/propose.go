package mcp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"strings"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/runtime/agent"
	"gvpie/runtime/improve"
	"gvpie/runtime/improve/judge"
	"gvpie/runtime/improve/proposers"
	"gvpie/runtime/improve/search"
	"gvpie/runtime/store"
)

// The tools that put a candidate before a person: judged, with the evidence for it.

type proposeIn struct {
	Candidate string `json:"candidate" jsonschema:"the text of the program that is proposed"`
	Script    string `json:"script,omitempty" jsonschema:"the name of the script that it is better than; or source, or the goal's own"`
	Source    string `json:"source,omitempty" jsonschema:"the program that it is better than, where that is no script: it is judged, and nothing is offered"`
	Goal      *int64 `json:"goal,omitempty" jsonschema:"the goal that it meets or is nearer to; absent: it does the same for a lower cost"`
	Step      string `json:"step,omitempty" jsonschema:"what was done, in a sentence, for the person who decides"`
	Trial     bool   `json:"trial,omitempty" jsonschema:"offer it also where it was equal in every run that was tried and nothing proves it"`
}

type proposeOut struct {
	Good           bool    `json:"good" jsonschema:"it is what it claims to be"`
	Why            string  `json:"why" jsonschema:"in a sentence: what is wrong with it, or how it is known to be good"`
	Claim          string  `json:"claim" jsonschema:"cheaper, closer or passes"`
	Evidence       string  `json:"evidence" jsonschema:"trial, rule, solver, exhaustive or complete; empty where it is not good"`
	CostBefore     uint64  `json:"cost_before" jsonschema:"0: not known"`
	CostAfter      uint64  `json:"cost_after"`
	DistanceBefore float64 `json:"distance_before" jsonschema:"from the goal's picture, 0 to 1"`
	DistanceAfter  float64 `json:"distance_after"`
	Offer          int64   `json:"offer" jsonschema:"the id of the offer that it is; 0: none"`
	State          string  `json:"state" jsonschema:"of that offer: offered waits for a person"`
}

// A proposal is what is judged: the program and the goal that a candidate is for.
type proposal struct {
	db     *store.Store
	script store.Script // ID 0: none
	goal   store.Goal   // ID 0: none
	before *improve.Program
}

func (s *toolbox) propose(ctx context.Context, _ *sdk.CallToolRequest, in proposeIn) (*sdk.CallToolResult, proposeOut, error) {
	var out proposeOut
	ctx, cancel := context.WithTimeout(ctx, proposeLimit)
	defer cancel()
	candidate, err := improve.Load("candidate", in.Candidate)
	if err != nil {
		return nil, out, fmt.Errorf("the candidate does not assemble: %w", err)
	}
	p, err := s.proposal(ctx, in)
	if err != nil {
		return nil, out, err
	}
	v, err := s.judged(ctx, &p, candidate, in.Trial)
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("it could not be judged within %v", proposeLimit)
	}
	if err != nil {
		return nil, out, err
	}
	out = proposeOut{Good: v.Good, Why: v.Why, Claim: string(v.Claim), CostBefore: v.CostBefore, CostAfter: v.CostAfter, DistanceBefore: v.DistanceBefore, DistanceAfter: v.DistanceAfter}
	if v.Good && p.goal.ID != 0 {
		if out.Good, err = p.isNew(ctx, v, &out); err != nil {
			return nil, out, err
		}
	}
	if !out.Good {
		return nil, out, nil
	}
	out.Evidence = v.Evidence.String()
	if p.db == nil || p.script.ID == 0 && p.goal.ID == 0 {
		out.Why += "; no script has this program, so nothing is offered"
		return nil, out, nil
	}
	return nil, out, p.offer(ctx, in, v, &out)
}

// proposal finds what a candidate is to be held against.
func (s *toolbox) proposal(ctx context.Context, in proposeIn) (p proposal, err error) {
	if in.Script != "" && in.Source != "" {
		return p, errors.New("say script or source, not both")
	}
	if in.Script == "" && in.Goal == nil {
		if in.Source == "" {
			return p, errors.New("say what it is better than: script, source or goal")
		}
		p.before, err = improve.Load("source", in.Source)
		return p, err
	}
	if p.db, err = s.database(); err != nil {
		return p, err
	}
	name := in.Script
	if in.Goal != nil {
		if p.goal, err = p.db.Goal(ctx, *in.Goal); err != nil {
			return p, err
		}
		if p.goal.Aim.Fault != "" {
			return p, fmt.Errorf("goal %d cannot be judged by: %s", p.goal.ID, p.goal.Aim.Fault)
		}
		if about := p.goal.Aim.Script; name == "" && in.Source == "" {
			name = about
		}
	}
	if name != "" {
		p.script, err = p.db.Script(ctx, name)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return p, fmt.Errorf("there is no script %q", name)
		case err != nil:
			return p, err
		case p.script.Lang != "pixel":
			return p, fmt.Errorf("the script %q is no pixel program", name)
		}
		p.before, err = improve.Load(p.script.Name, p.script.Code)
	} else if in.Source != "" {
		p.before, err = improve.Load("source", in.Source)
	}
	if err != nil {
		return p, fmt.Errorf("what it is held against does not assemble: %w", err)
	}
	return p, nil
}

// proposeLimit is how long judging may take.
const proposeLimit = 30 * time.Second

func (s *toolbox) judged(ctx context.Context, p *proposal, candidate *improve.Program, trial bool) (judge.Verdict, error) {
	j := judge.Judge{Effort: improve.DefaultEffort, Provers: []improve.Prover{search.Prover{}}, Trial: trial, Check: func(ctx context.Context, before, after *improve.Program) (bool, error) {
		return proposers.SameOn(ctx, s.config.CPU, before, after)
	}}
	if p.goal.ID == 0 {
		return j.Cheaper(ctx, p.before, candidate)
	}
	aim := judge.Aim{MaxCost: p.goal.Aim.MaxCost}
	if p.goal.Aim.Check != "" {
		check, err := improve.ParseCheck(p.goal.Aim.Check)
		if err != nil {
			return judge.Verdict{}, err
		}
		aim.Check = &check
	}
	if p.goal.Aim.Target != "" {
		b, err := p.db.Picture(p.goal.Aim.Target)
		if err != nil {
			return judge.Verdict{}, err
		}
		if err := agent.CheckTarget(b); err != nil {
			return judge.Verdict{}, err
		}
		if aim.Target, err = png.Decode(bytes.NewReader(b)); err != nil {
			return judge.Verdict{}, err
		}
	}
	return j.Goal(ctx, aim, p.before, candidate)
}

// isNew says whether no program that was offered leaves the same picture for less.
func (p *proposal) isNew(ctx context.Context, v judge.Verdict, out *proposeOut) (bool, error) {
	known, err := p.db.CheapestOf(ctx, v.Picture)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	if err == nil && known.Cost < v.CostAfter {
		out.Why = fmt.Sprintf("%s, and a program that was offered before leaves the same picture for %d", out.Why, known.Cost)
		return false, nil
	}
	return true, err
}

// offer keeps what was judged good.
func (p *proposal) offer(ctx context.Context, in proposeIn, v judge.Verdict, out *proposeOut) error {
	o := store.Offer{
		ScriptID: p.script.ID, GoalID: p.goal.ID, Claim: string(v.Claim), Evidence: v.Evidence.String(), Proposer: "assistant",
		Source: in.Candidate, CostBefore: v.CostBefore, CostAfter: v.CostAfter, DistanceBefore: v.DistanceBefore, DistanceAfter: v.DistanceAfter, Candidates: 1,
	}
	if p.script.ID != 0 {
		o.Before = p.script.Code
	} else {
		o.Script = fmt.Sprintf("goal_%d", p.goal.ID)
	}
	if step := strings.TrimSpace(in.Step); step != "" {
		o.Steps = []string{clip(step, maxText)}
	}
	kept, isNew, err := agent.AddOffer(ctx, p.db, p.db.Dir(), o)
	if err != nil {
		return err
	}
	out.Offer, out.State = kept.ID, string(kept.State)
	switch {
	case isNew:
	case kept.Source == in.Candidate:
		out.Why += fmt.Sprintf("; it is offer %d already", kept.ID)
	default:
		out.Why += fmt.Sprintf("; offer %d, which waits, is better", kept.ID)
	}
	return nil
}

type offersIn struct {
	listIn
	State string `json:"state,omitempty" jsonschema:"found, checked, offered, approved, rejected, superseded or rolled_back; absent: all"`
}

type offerRow struct {
	ID         int64  `json:"id"`
	Script     string `json:"script"`
	Goal       int64  `json:"goal"`
	State      string `json:"state"`
	Words      string `json:"words" jsonschema:"what it claims, and how that is known"`
	Proposer   string `json:"proposer"`
	CostBefore uint64 `json:"cost_before"`
	CostAfter  uint64 `json:"cost_after"`
	Note       string `json:"note" jsonschema:"as why it was rejected"`
	Fault      string `json:"fault,omitempty"`
}

func offerRowOf(o store.Offer) offerRow {
	return offerRow{o.ID, o.Script, o.GoalID, clip(string(o.State), maxText), o.Words(), o.Proposer, o.CostBefore, o.CostAfter, clip(o.Note, maxText), o.Fault}
}

type offersOut struct {
	Offers []offerRow `json:"offers"`
	Next   int64      `json:"next" jsonschema:"before of the next page; 0: this is the last"`
}

func (s *toolbox) listOffers(ctx context.Context, _ *sdk.CallToolRequest, in offersIn) (*sdk.CallToolResult, offersOut, error) {
	state := store.OfferState(in.State)
	rows, next, err := list(ctx, s, in.listIn, func(db *store.Store, ctx context.Context, p store.Page) ([]store.Offer, error) {
		return db.Offers(ctx, store.OfferFilter{State: state}, p)
	}, func(o store.Offer) (offerRow, int64) { return offerRowOf(o), o.ID })
	return nil, offersOut{rows, next}, err
}

type offerOut struct {
	offerRow
	Steps  []string `json:"steps"`
	Source string   `json:"source" jsonschema:"the program that is offered"`
	Before string   `json:"before" jsonschema:"the script's code that it was made for"`
}

func (s *toolbox) readOffer(ctx context.Context, _ *sdk.CallToolRequest, in rowIn) (*sdk.CallToolResult, offerOut, error) {
	db, err := s.database()
	if err != nil {
		return nil, offerOut{Steps: []string{}}, err
	}
	o, err := db.Offer(ctx, in.ID)
	out := offerOut{offerRow: offerRowOf(o), Steps: []string{}, Source: clip(o.Source, maxCode), Before: clip(o.Before, maxCode)}
	for _, step := range o.Steps[:min(len(o.Steps), maxRows)] {
		out.Steps = append(out.Steps, clip(step, maxText))
	}
	return nil, out, err
}
