package idle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"time"

	"gvpie/runtime/improve"
	"gvpie/runtime/improve/campaign"
	"gvpie/runtime/store"
)

// turn is where the Improver is among the scripts.
type turn struct {
	last  int64 // the script whose turn was last; the next is the one below it
	idle  bool  // nothing was left to do of any script,
	edits int64 // while there were so many edits
}

// scriptPage is how many scripts are looked at for the next one at once.
const scriptPage = 50

// work paints for the next goal, or improves the next script for a stint; worked is false where there is nothing to
// do.
func (i *Improver) work(ctx context.Context) (worked bool, err error) {
	if worked, err := i.paint(ctx); worked || err != nil {
		return worked, err
	}
	edits, err := i.cfg.Store.ScriptEdits(ctx)
	if err != nil {
		return false, err
	}
	if i.turn.idle && edits >= 0 && edits == i.turn.edits {
		return false, nil
	}
	i.turn.idle = false
	for range 2 { // from where it was, then all
		for {
			page, err := i.cfg.Store.ScriptPage(ctx, store.Page{Before: i.turn.last, Limit: scriptPage})
			if err != nil {
				return false, err
			}
			if len(page) == 0 {
				break
			}
			for _, s := range page {
				i.turn.last = s.ID
				if !s.Enabled || s.Lang != "pixel" || s.Fault != "" {
					continue
				}
				if worked, err := i.improve(ctx, s.ID); worked || err != nil {
					return worked, err
				}
			}
		}
		i.turn.last = 0
	}
	i.turn = turn{idle: true, edits: edits}
	return false, nil
}

// checkpoint is what the database keeps of the search for a script.
type checkpoint struct {
	*campaign.State
	Offered uint64 // cost of what was offered last; 0: nothing was
}

// search is the search for one script while it has its turn.
type search struct {
	*Improver
	script   store.Script
	at       checkpoint
	saved    time.Time
	counted  int // candidates that the database knows of
	began    time.Time
	lookedAt int // candidates then
	told     int // candidates that the status knows of
}

// improve works on a script for a stint; worked is false where there is nothing left to
// do.
func (i *Improver) improve(ctx context.Context, id int64) (worked bool, err error) {
	script, err := i.cfg.Store.ScriptByID(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && (!script.Enabled || script.Fault != "") {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, err := improve.Load(script.Name, script.Code); err != nil {
		return false, nil // it does not assemble, as its runs say
	}
	s := &search{Improver: i, script: script, began: i.cfg.Clock.Now()}
	if err := s.resume(ctx); err != nil {
		return false, err
	}
	s.counted, s.lookedAt, s.told, s.saved = s.at.Looked, s.at.Looked, s.at.Looked, s.began
	for n := 0; n < stintMost && ctx.Err() == nil; n++ {
		next := s.at.Next()
		if len(next) == 0 {
			break
		}
		if worked = true; n > 0 && i.cfg.Clock.Now().Sub(s.began) >= stint {
			break
		}
		if err = campaign.Generation(ctx, s.at.State, i.queue(), next, func(better bool) error { return s.took(ctx, better) }); err != nil {
			break
		}
	}
	if !worked || err != nil || ctx.Err() != nil {
		return worked, err
	}
	return worked, s.end(ctx)
}

// queue is what does jobs now.
func (i *Improver) queue() campaign.Queue {
	i.mu.Lock()
	share := i.settings.Share
	i.mu.Unlock()
	return i.cfg.Queue(max(1, runtime.GOMAXPROCS(0)*share/100))
}

// resume takes the search up where it was, or begins it: where the script is another
// since, this gvpie is, or nothing was kept that can be read.
func (s *search) resume(ctx context.Context) error {
	fresh := campaign.New(campaign.Config{
		Version: s.cfg.Version, File: s.script.Name, Source: s.script.Code, Seed: uint64(s.script.ID), Proposers: s.cfg.Proposers, Jobs: jobs, Candidates: s.cfg.candidates,
	})
	s.at = checkpoint{State: fresh}
	kept, err := s.cfg.Store.Campaign(ctx, s.script.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	was := checkpoint{State: new(campaign.State)}
	if json.Unmarshal(kept, &was) == nil && was.Same(fresh) {
		s.at = was
	}
	return nil
}

// took keeps what a job came to.
func (s *search) took(ctx context.Context, better bool) error {
	s.tell()
	if better && s.worthWhile() {
		if err := s.offer(ctx); err != nil {
			return err
		}
	} else if s.cfg.Clock.Now().Sub(s.saved) < saveEvery {
		return nil
	}
	return s.keep(ctx)
}

// end offers what is best when a script's turn is over, if that was not offered.
func (s *search) end(ctx context.Context) error {
	if s.at.Accepted > 0 && (s.at.Offered == 0 || s.at.Best.Cost < s.at.Offered) && (s.worthWhile() || len(s.at.Next()) == 0) {
		if err := s.offer(ctx); err != nil {
			return err
		}
	}
	return s.keep(ctx)
}

// worthWhile says whether the best program is to be offered though the search goes on:
// each offer is a row that stays.
func (s *search) worthWhile() bool {
	last := s.at.Offered
	if last == 0 {
		last = s.at.Before
	}
	return s.at.Best.Cost < last-last/worthWhile
}

// became is what may have become of an offer at once.
var became = map[store.OfferState]string{
	store.OfferOffered: "waits for you", store.OfferApproved: "is approved, as the settings say", store.OfferSuperseded: "is superseded: the script was changed meanwhile",
}

// offer offers the best program. That the script was changed meanwhile is no error: its
// search begins again.
func (s *search) offer(ctx context.Context) error {
	o := s.at.Offer()
	kept, isNew, err := s.cfg.Offer(ctx, store.Offer{
		ScriptID: s.script.ID, Before: s.script.Code, Source: o.Source, Claim: string(o.Claim), Evidence: o.Evidence.String(), Proposer: s.at.Best.Proposer,
		CostBefore: o.Before, CostAfter: o.After, Steps: o.Steps, Candidates: int64(o.Candidates), Seed: s.at.Seed,
	})
	if errors.As(err, new(store.OfferRefused)) || errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("keeping an offer for %s: %w", s.script.Name, err)
	}
	s.at.Offered = o.After
	if isNew {
		s.cfg.Told(fmt.Sprintf("%s can be had for %.1f %% less: offer %d %s", s.script.Name, 100*kept.Gain(), kept.ID, became[kept.State]))
	}
	return nil
}

// keep writes the checkpoint.
func (s *search) keep(ctx context.Context) error {
	text, err := json.Marshal(s.at)
	if err != nil { // a checkpoint holds nothing that has no JSON
		panic(err)
	}
	if err := s.cfg.Store.SaveCampaign(ctx, s.script.ID, text, int64(s.at.Looked-s.counted)); err != nil {
		return fmt.Errorf("keeping where the search for %s is: %w", s.script.Name, err)
	}
	s.saved, s.counted = s.cfg.Clock.Now(), s.at.Looked
	return nil
}
