package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"gvpie/runtime/improve"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// source is a program with much that can be left out.
var source = ".canvas 8 8 pixel\n" + strings.Repeat("CLS red\n", 20) + "CLS blue\nHALT\n"

// shortening proposes a program without one of its lines, which chance names.
type shortening struct {
	name string
	at   int // from the line on
}

func (s shortening) Name() string { return s.name }

func (s shortening) Propose(_ context.Context, p *improve.Program, job improve.Job) []improve.Candidate {
	if s.name == "rash" && job.Round > 2 {
		panic("too rash")
	}
	r := rand.New(rand.NewPCG(job.Seed, uint64(job.Round)))
	lines := strings.SplitAfter(p.Source, "\n")
	i := s.at + r.IntN(len(lines)-s.at)
	return []improve.Candidate{{Source: strings.Join(slices.Delete(slices.Clone(lines), i, i+1), "") + fmt.Sprintf("; %s %d\n", s.name, r.IntN(1000))}}
}

var kit = Kit{Proposer: func(name string) improve.Proposer {
	switch name {
	case "early", "rash":
		return shortening{name, 1}
	case "late":
		return shortening{name, 8}
	}
	return nil
}}

func begun() *State {
	return New(Config{Version: "1", File: "p", Source: source, Seed: 7, Proposers: []string{"early", "late", "rash", "missing"}, Candidates: 6, Most: 160})
}

func always() bool { return true }

func kept(bool) error { return nil }

// end is what must be the same however a campaign went.
type end struct {
	chain, source    string
	accepted, looked int
	work             uint64
}

func endOf(s *State) end { return end{s.Chain, s.Offer().Source, s.Accepted, s.Looked, s.Work} }

func TestTheChainHangsOnSeedAndCandidatesAlone(t *testing.T) {
	var want end
	for _, workers := range []int{1, 2, 8} {
		s := begun()
		if err := Run(t.Context(), s, &Local{Kit: kit, Workers: workers, Background: workers == 2}, always, kept); err != nil {
			t.Fatal(err)
		}
		got := endOf(s)
		if workers == 1 {
			want = got
		}
		if got != want || got.accepted < 3 || got.looked != 160 {
			t.Errorf("%d workers: %+v, want %+v", workers, got, want)
		}
		if !strings.Contains(s.Failed, "missing") && !strings.Contains(s.Failed, "too rash") {
			t.Errorf("what failed is not told: %q", s.Failed)
		}
	}
	other := begun()
	other.Seed++
	if err := Run(t.Context(), other, &Local{Kit: kit}, always, kept); err != nil {
		t.Fatal(err)
	}
	if other.Chain == want.chain {
		t.Error("another seed accepted the same")
	}
	// Work that is lost, done twice, late, or ends in another order changes nothing, and
	// neither does a process that begins again at its last checkpoint.
	results := map[string]Result{}
	for n := range 20 {
		r := rand.New(rand.NewPCG(1, uint64(n)))
		s := begun()
		var late []Result
		for jobs := s.Next(); len(jobs) > 0; jobs = s.Next() {
			checkpoint, err := json.Marshal(s)
			if err != nil {
				t.Fatal(err)
			}
			r.Shuffle(len(jobs), func(i, j int) { jobs[i], jobs[j] = jobs[j], jobs[i] })
			for _, j := range jobs[:r.IntN(len(jobs)+1)] {
				done, ok := results[j.ID]
				if !ok || n == 1 {
					if done, err = Do(t.Context(), j, kit); err != nil {
						t.Fatal(err)
					}
					if ok && done.Hash() != results[j.ID].Hash() {
						t.Fatalf("a job came to two results:\n%+v\n%+v", done, results[j.ID])
					}
					results[j.ID] = done
				}
				late = append(late, done)
				if _, err := s.Merge(done, late[r.IntN(len(late))]); err != nil {
					t.Fatal(err)
				}
			}
			if r.IntN(3) == 0 { // killed before it could keep its state
				s = new(State)
				if err := json.Unmarshal(checkpoint, s); err != nil {
					t.Fatal(err)
				}
			}
		}
		if got := endOf(s); got != want {
			t.Fatalf("run %d: %+v, want %+v", n, got, want)
		}
	}
}

func TestALocalQueueEndsWithTheFirstError(t *testing.T) {
	full := errors.New("the disk is full")
	s := begun()
	saves := 0
	err := Run(t.Context(), s, &Local{Kit: kit, Workers: 3}, always, func(bool) error {
		if saves++; saves == 2 {
			return full
		}
		return nil
	})
	if err != full || saves != 2 {
		t.Errorf("%d saves, %v", saves, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Run(ctx, s, &Local{Kit: kit}, always, kept); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := Run(ctx, s, &Local{Kit: kit}, func() bool { return false }, kept); err != nil {
		t.Error(err)
	}
}

func TestWorkersThatCountOtherwiseAreMet(t *testing.T) {
	s := begun()
	jobs := s.Next()
	a, b := Result{Job: jobs[0].ID}, Result{Job: jobs[1].ID}
	a.Offer.Before, b.Offer.Before = 100, 101
	if _, err := s.Merge(a); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Merge(b); !errors.Is(err, ErrDisagree) || len(s.Pending) != 1 {
		t.Errorf("%v, %d results are taken", err, len(s.Pending))
	}
}

// A cost that no step led to is no improvement: a home machine does such a result not again.
func TestACostWithoutAStepWinsNothing(t *testing.T) {
	s := begun()
	for n, j := range s.Next() {
		r := Result{Job: j.ID, Offer: improve.Offer{Source: "HALT\n", Before: 1000, After: 1}}
		if n == 1 {
			r.Offer.Source, r.Offer.After, r.Offer.Steps = "CLS\nHALT\n", 900, []string{"shorter"}
		}
		if _, err := s.Merge(r); err != nil {
			t.Fatal(err)
		}
	}
	if s.Accepted != 1 || s.Best.Cost != 900 || s.Best.Source != "CLS\nHALT\n" {
		t.Errorf("accepted %d: %+v", s.Accepted, s.Best)
	}
}

func TestAJobIsNamedByAllThatItIs(t *testing.T) {
	j := begun().Next()[0]
	if !j.Whole() {
		t.Error("a job is not whole")
	}
	for _, change := range []func(*Job){
		func(j *Job) { j.Version = "2" }, func(j *Job) { j.Parent = "x" }, func(j *Job) { j.Seed++ }, func(j *Job) { j.Candidates++ },
	} {
		other := j
		if change(&other); other.Whole() {
			t.Errorf("a changed job is taken for %s: %+v", j.ID, other)
		}
	}
}

func TestWorkGoesWhereItGains(t *testing.T) {
	all := []Yield{{Proposer: "poor", Full: true}, {Proposer: "rich", Full: true}}
	count := map[string]int{}
	for range 50 {
		for _, name := range slots(all, 4) {
			count[name]++
			y := &all[slices.IndexFunc(all, func(y Yield) bool { return y.Proposer == name })]
			r := Result{Offer: improve.Offer{Before: 1000, After: 1000, Work: 1e8, Candidates: 5}}
			if name == "rich" {
				r.Offer.After = 990
			}
			y.learn(1000, &r, 5)
		}
		decay(all)
	}
	if count["poor"] < 40 || count["rich"] < 2*count["poor"] {
		t.Errorf("jobs: %v", count)
	}
	all[1].Dry = true
	all[0].Full = false
	if got := slots(all, 4); !slices.Equal(got, []string{"poor"}) {
		t.Errorf("jobs for %v", got)
	}
}

func TestALongCampaignStaysSmall(t *testing.T) {
	s := New(Config{File: "p", Source: source, Proposers: []string{"any"}})
	size := 0
	for i := range 3000 {
		jobs := s.Next()
		for _, j := range jobs {
			r := Result{Job: j.ID, Offer: improve.Offer{Source: source, Before: 1e9, After: uint64(1e9 - i - 1), Candidates: 1000, Work: 1e6, Steps: []string{"one less"}}}
			if _, err := s.Merge(r); err != nil {
				t.Fatal(err)
			}
		}
		if i == 500 {
			text, _ := json.Marshal(s)
			size = len(text)
		}
	}
	text, err := json.Marshal(s)
	if err != nil || s.Accepted != 3000 || len(text) > size+200 {
		t.Errorf("%d accepted, from %d to %d bytes, %v", s.Accepted, size, len(text), err)
	}
}
