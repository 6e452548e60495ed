package improve

import (
	"context"
	"crypto/sha256"
	"errors"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// Options say how long and with what a program is improved.
type Options struct {
	Proposers  []Proposer
	Seed       uint64
	Candidates int         // that are looked at, at most; 0: as many as there are
	Enough     EvidenceSet // the zero value: StrongEvidence
	Effort     Effort      // of the trial that every accepted candidate stands; the zero value: some
	// Check is asked about every candidate that is about to be accepted, when all else
	// was: another engine shows the same. nil: there is none.
	Check func(ctx context.Context, before, after *Program) (bool, error)
	// Stop is asked between jobs; nil: never.
	Stop func() bool
	// From is an equal program to begin with, which was found before, and Told what that
	// Offer said; nil: the program itself.
	From *Program
	Told Evidence
	// Workers is how many goroutines run candidates; 0: one a processor.
	Workers int
}

// jobSize is how many candidates are judged at once. Of each job the best is taken, and
// so it is part of what a seed means, and does not hang on the number of processors.
const jobSize = 8

// mostSeen is how many candidates are remembered not to be judged twice; then they are
// forgotten all at once.
const mostSeen = 1 << 18

// A search is the improving of one program.
type search struct {
	Options
	y     *yardstick
	best  *Program
	offer Offer
	told  Evidence // by which the proposers know that best is equal to the program
	seen  map[hash]bool
	runs  []run // one for each goroutine
	c     comparer
}

// Improve looks for a cheaper program that is equal. Where there is none, the offer is
// the program itself. The error is the context's, or of a program that no machine takes.
func Improve(ctx context.Context, p *Program, o Options) (Offer, error) {
	if o.Enough == 0 {
		o.Enough = StrongEvidence
	}
	if o.Effort == (Effort{}) {
		o.Effort = Effort{Frames: 60, Seeds: 2, Cost: 400_000_000}
	}
	y, err := newYardstick(ctx, p, o.Enough.Has(ByCompletion), o.Effort)
	if err != nil {
		return Offer{}, err
	}
	s := &search{Options: o, y: y, best: p, told: ByCompletion, seen: map[hash]bool{sha256.Sum256([]byte(p.Source)): true}}
	s.offer = Offer{Source: p.Source, Before: y.cost, After: y.cost, Claim: Cheaper, Told: ByCompletion, Steps: []string{}}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	s.runs = make([]run, o.Workers)
	if err := s.begin(ctx); err != nil {
		return Offer{}, err
	}
	for round := 0; !s.over(); round++ {
		found, asked, err := s.round(ctx, round)
		if err != nil {
			return s.offer, err
		}
		if found {
			round = -1
		} else if !asked {
			s.offer.Dry = true
			break
		}
	}
	s.offer.Work = y.work + s.c.a.work() + s.c.b.work()
	for i := range s.runs {
		s.offer.Work += s.runs[i].work()
	}
	return s.offer, nil
}

// begin takes the program to begin with.
func (s *search) begin(ctx context.Context) error {
	if s.From == nil {
		return nil
	}
	cost, equal, err := s.y.measure(ctx, &s.runs[0], s.From, math.MaxUint64)
	if err != nil {
		return err
	}
	if !equal {
		return errors.New("the program to begin with is not equal to the one that is to be improved")
	}
	s.best, s.told = s.From, s.Told
	s.seen[sha256.Sum256([]byte(s.From.Source))] = true
	s.offer.Source, s.offer.After, s.offer.Told = s.From.Source, cost, s.Told
	return nil
}

// over says that no more candidates may be looked at.
func (s *search) over() bool {
	return s.Candidates > 0 && s.offer.Candidates >= s.Candidates || s.Stop != nil && s.Stop()
}

// round asks every proposer about the best program. found says that there is a better
// one, asked that some proposer had something to say.
func (s *search) round(ctx context.Context, round int) (found, asked bool, err error) {
	job := Job{Seed: s.Seed, Round: round, Proved: s.y.course == nil && !s.Enough.Has(ByTrial)}
	for _, p := range s.Proposers {
		all := p.Propose(ctx, s.best, job)
		asked = asked || len(all) > 0
		for len(all) > 0 && !s.over() {
			n := min(jobSize, len(all))
			if s.Candidates > 0 {
				n = min(n, s.Candidates-s.offer.Candidates)
			}
			took, err := s.job(ctx, all[:n])
			if took || err != nil {
				return took, true, err
			}
			all = all[n:]
		}
	}
	return false, asked, ctx.Err()
}

// judged is what came of a candidate's runs.
type judged struct {
	p     *Program
	cost  uint64
	equal bool
	err   error
}

// job judges candidates and takes the best that stands, if one does.
func (s *search) job(ctx context.Context, all []Candidate) (took bool, err error) {
	results := make([]judged, len(all))
	var fresh []int
	for i := range all {
		key := hash(sha256.Sum256([]byte(all[i].Source)))
		if !s.seen[key] && s.useful(all[i].Evidence) {
			if len(s.seen) >= mostSeen {
				clear(s.seen)
			}
			s.seen[key] = true
			fresh = append(fresh, i)
		}
	}
	s.offer.Candidates += len(fresh)
	var next atomic.Int64
	var wg sync.WaitGroup
	for k := range min(len(s.runs), len(fresh)) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(fresh) {
					return
				}
				results[fresh[i]] = s.judge(ctx, &s.runs[k], all[fresh[i]])
			}
		})
	}
	wg.Wait()
	for range fresh {
		best := -1
		for i, r := range results {
			if r.err != nil {
				return false, r.err
			}
			if r.equal && (best < 0 || r.cost < results[best].cost) {
				best = i
			}
		}
		if best < 0 {
			return false, nil
		}
		if took, err := s.take(ctx, all[best], results[best]); took || err != nil {
			return took, err
		}
		results[best].equal = false
	}
	return false, nil
}

// useful says whether a candidate with such evidence can be accepted at all.
func (s *search) useful(e Evidence) bool {
	return s.y.course != nil || s.Enough.Has(ByTrial) || s.Enough.Has(min(s.told, e))
}

// judge is the cheap end of the cascade: it assembles, it shows the same frame by frame
// in the runs that it is counted in, and costs less than the best.
func (s *search) judge(ctx context.Context, r *run, c Candidate) (j judged) {
	p, err := Load(s.best.File, c.Source)
	if err != nil {
		return j
	}
	j.p = p
	j.cost, j.equal, j.err = s.y.measure(ctx, r, p, s.offer.After)
	return j
}

// take accepts a candidate if there is evidence for it.
func (s *search) take(ctx context.Context, c Candidate, j judged) (bool, error) {
	told := min(s.told, c.Evidence)
	found, err := s.y.evidence(ctx, &s.c, j.p, told, s.Enough)
	if found == NoEvidence || err != nil {
		return false, err
	}
	if s.Check != nil {
		if same, err := s.Check(ctx, s.y.p, j.p); !same || err != nil {
			return false, err
		}
	}
	s.best, s.told = j.p, told
	s.offer.Source, s.offer.After, s.offer.Evidence, s.offer.Told = c.Source, j.cost, found, told
	s.offer.Steps = append(s.offer.Steps, c.Step)
	return true, nil
}
