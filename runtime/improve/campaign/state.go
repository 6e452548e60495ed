package campaign

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"gvpie/runtime/improve"
)

// Config is what a campaign is begun with. With the same, the same is accepted.
type Config struct {
	Version      string // of this gvpie
	File, Source string // the program; a source without a folder
	Seed         uint64
	Proposers    []string
	Enough       improve.EvidenceSet // the zero value: improve.StrongEvidence
	Jobs         int                 // of a generation; 0: 4
	Candidates   int                 // of a job; 0: 1000
	Most         int                 // candidates of the whole campaign; 0: no limit
}

// State is a campaign, as far as it has come. Its JSON is its checkpoint.
type State struct {
	Config
	Generation int
	Before     uint64 // cost of the program; 0: not known yet
	Best       Found
	Links      []Link // the newest, at most mostLinks
	Accepted   int    // how many there were
	Chain      string // hash over all of them
	Looked     int    // candidates of all jobs
	Work       uint64 // cost of all runs
	Failed     string // why the last job that failed did
	Yields     []Yield
	Pending    []Result // of the generation that is not whole yet
}

// Found is the best program so far.
type Found struct {
	Source   string // "": the program itself
	Cost     uint64
	Evidence improve.Evidence
	Told     improve.Evidence
	Proposer string
	Steps    []string // at most mostSteps
}

// Link is an accepted candidate.
type Link struct {
	Generation int
	Job        string
	Proposer   string
	Cost       uint64
	Evidence   improve.Evidence
	Source     string // its SHA-256
	Hash       string // of the links up to this one
}

// What a state keeps of a long campaign.
const (
	mostLinks = 64
	mostSteps = 256
)

// New begins a campaign.
func New(c Config) *State {
	if c.Enough == 0 {
		c.Enough = improve.StrongEvidence
	}
	if c.Jobs <= 0 {
		c.Jobs = 4
	}
	if c.Candidates <= 0 {
		c.Candidates = 1000
	}
	s := &State{Config: c, Best: Found{Told: improve.ByCompletion, Steps: []string{}}}
	for _, name := range c.Proposers {
		s.Yields = append(s.Yields, Yield{Proposer: name})
	}
	return s
}

// Same says whether another campaign was begun with the same.
func (c Config) Same(other *State) bool { return reflect.DeepEqual(c, other.Config) }

// generation gives all jobs of the generation, in their order.
func (s *State) generation() (jobs []Job) {
	left := s.Candidates * s.Jobs
	if s.Most > 0 {
		left = min(left, s.Most-s.Looked)
	}
	for i, proposer := range slots(s.Yields, s.Jobs) {
		n := min(s.Candidates, left)
		if n <= 0 {
			break
		}
		left -= n
		jobs = append(jobs, Job{
			Version: s.Version, Generation: s.Generation, Index: i, File: s.File, Source: s.Source, Parent: s.Best.Source, Told: s.Best.Told,
			Proposer: proposer, Seed: seedOf(s.Seed, s.Generation, i), Candidates: n, Enough: s.Enough,
		}.identified())
	}
	return jobs
}

// Next gives the jobs that are to be done now, in their order; none: there is nothing
// more to do.
func (s *State) Next() []Job {
	return slices.DeleteFunc(s.generation(), func(j Job) bool { return s.has(j.ID) })
}

func (s *State) has(job string) bool {
	return slices.ContainsFunc(s.Pending, func(r Result) bool { return r.Job == job })
}

// ErrDisagree: workers count the same program otherwise.
var ErrDisagree = errors.New("two workers do not agree on what a program costs: they are not of one version")

// Merge takes results in, in any order; one that came before, or is of no job of this
// generation, changes nothing. better says that a better program was accepted by it.
func (s *State) Merge(results ...Result) (better bool, err error) {
	jobs := s.generation()
	for _, r := range results {
		ofThis := slices.ContainsFunc(jobs, func(j Job) bool { return j.ID == r.Job })
		if !ofThis || s.has(r.Job) {
			continue
		}
		if before := r.Offer.Before; r.Failed == "" {
			if s.Before != 0 && before != s.Before {
				return false, fmt.Errorf("%w: job %s says %d, and %d was said before", ErrDisagree, r.Job, before, s.Before)
			}
			if s.Before == 0 {
				s.Before, s.Best.Cost = before, before
			}
		}
		s.Pending = append(s.Pending, r)
	}
	if len(jobs) == 0 || len(s.Pending) < len(jobs) {
		return false, nil
	}
	return s.fold(jobs), nil
}

// fold takes a whole generation in.
func (s *State) fold(jobs []Job) (better bool) {
	best := -1
	results := make([]Result, len(jobs))
	decay(s.Yields)
	for i, j := range jobs {
		results[i] = s.Pending[slices.IndexFunc(s.Pending, func(r Result) bool { return r.Job == j.ID })]
		r := &results[i]
		s.Looked += r.Offer.Candidates
		s.Work += r.Offer.Work
		if r.Failed != "" {
			s.Failed = r.Failed
		}
		s.yield(j.Proposer).learn(s.Best.Cost, r, j.Candidates)
		if r.Improves() && r.Offer.After < s.Best.Cost && (best < 0 || r.Offer.After < results[best].Offer.After) {
			best = i
		}
	}
	if best >= 0 {
		s.accept(jobs[best], results[best])
	}
	s.Generation++
	s.Pending = nil
	return best >= 0
}

// accept makes a result the next parent.
func (s *State) accept(j Job, r Result) {
	sum := sha256.Sum256([]byte(r.Offer.Source))
	l := Link{s.Generation, j.ID, j.Proposer, r.Offer.After, r.Offer.Evidence, hex.EncodeToString(sum[:]), ""}
	chain := sha256.Sum256(fmt.Appendf(nil, "%s %d %s %s %d %s %s", s.Chain, l.Generation, l.Job, l.Proposer, l.Cost, l.Evidence, l.Source))
	s.Chain = hex.EncodeToString(chain[:])
	l.Hash = s.Chain
	if s.Accepted++; len(s.Links) == mostLinks {
		s.Links = slices.Delete(s.Links, 0, 1)
	}
	s.Links = append(s.Links, l)
	steps := append(s.Best.Steps, r.Offer.Steps...)
	s.Best = Found{r.Offer.Source, r.Offer.After, r.Offer.Evidence, r.Offer.Told, j.Proposer, steps[:min(len(steps), mostSteps)]}
	for i := range s.Yields {
		y := &s.Yields[i]
		y.Dry = y.Proposer == j.Proposer && r.Offer.Dry // of the new parent
	}
}

func (s *State) yield(proposer string) *Yield {
	return &s.Yields[slices.IndexFunc(s.Yields, func(y Yield) bool { return y.Proposer == proposer })]
}

// Offer is the best program so far as an offer.
func (s *State) Offer() improve.Offer {
	o := improve.Offer{
		Source: s.Best.Source, Before: s.Before, After: s.Best.Cost, Evidence: s.Best.Evidence, Claim: improve.Cheaper, Told: s.Best.Told,
		Steps: s.Best.Steps, Candidates: s.Looked, Work: s.Work,
	}
	if o.Source == "" {
		o.Source = s.Source
	}
	return o
}
