package campaign

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"gvpie/runtime/improve"
)

// Job is so many candidates of one proposer, and all that it takes to look at them.
type Job struct {
	ID      string // of all that follows
	Version string // of the gvpie that made it; another may count, propose and judge otherwise

	Generation, Index int

	File, Source string // the program
	Parent       string // the equal program that candidates are made of; "": the program itself
	Told         improve.Evidence

	Proposer   string
	Seed       uint64
	Candidates int
	Enough     improve.EvidenceSet
}

// identified gives the job with its ID.
func (j Job) identified() Job {
	j.ID = ""
	text, err := json.Marshal(j)
	if err != nil { // a job holds nothing that has no JSON
		panic(err)
	}
	sum := sha256.Sum256(text)
	j.ID = hex.EncodeToString(sum[:16])
	return j
}

// Whole says whether the job is the one that its ID names.
func (j Job) Whole() bool { return j.ID == j.identified().ID }

// seedOf is the seed of a job: another for each, and none that hangs on how many there
// are.
func seedOf(seed uint64, generation, index int) uint64 {
	var b [24]byte
	binary.LittleEndian.PutUint64(b[:], seed)
	binary.LittleEndian.PutUint64(b[8:], uint64(generation))
	binary.LittleEndian.PutUint64(b[16:], uint64(index))
	sum := sha256.Sum256(b[:])
	return binary.LittleEndian.Uint64(sum[:])
}

// Result is what came of a job.
type Result struct {
	Job    string // its ID
	Offer  improve.Offer
	Failed string // why nothing came of it: a sentence; "": it was done
}

// Improves says that the job came to another program, by steps that are told. No other
// result can win, whatever cost it says.
func (r Result) Improves() bool { return r.Failed == "" && len(r.Offer.Steps) > 0 }

// Hash tells results apart.
func (r Result) Hash() string {
	text, err := json.Marshal(r)
	if err != nil { // a result holds nothing that has no JSON
		panic(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Kit is what jobs are done with.
type Kit struct {
	// Proposer gives a new proposer by its name; nil: there is none.
	Proposer func(name string) improve.Proposer
	// Check makes what candidates are checked by at last; see improve.Options. Nil: nothing.
	Check func(ctx context.Context, before, after *improve.Program) (bool, error)
}

// Do does a job. What cannot be done, and what panics, is a result too: nobody else could
// do it. The error is the context's.
func Do(ctx context.Context, j Job, kit Kit) (r Result, err error) {
	r.Job = j.ID
	defer func() {
		if p := recover(); p != nil {
			r = Result{Job: j.ID, Failed: fmt.Sprintf("the proposer %s met an error of its own: %v", j.Proposer, p)}
		}
	}()
	r.Offer, err = do(ctx, j, kit)
	if ctx.Err() != nil {
		return Result{}, ctx.Err()
	}
	if err != nil {
		return Result{Job: j.ID, Failed: err.Error()}, nil
	}
	return r, nil
}

func do(ctx context.Context, j Job, kit Kit) (improve.Offer, error) {
	p := kit.Proposer(j.Proposer)
	if p == nil {
		return improve.Offer{}, fmt.Errorf("there is no proposer %q here", j.Proposer)
	}
	program, err := improve.Load(j.File, j.Source)
	if err != nil {
		return improve.Offer{}, err
	}
	o := improve.Options{
		Proposers: []improve.Proposer{p}, Seed: j.Seed, Candidates: j.Candidates, Enough: j.Enough, Check: kit.Check,
		Told: j.Told, Workers: 1,
	}
	if j.Parent != "" {
		if o.From, err = improve.Load(j.File, j.Parent); err != nil {
			return improve.Offer{}, err
		}
	}
	return improve.Improve(ctx, program, o)
}
