package improve

import "context"

// Proposer gives candidates. It runs nothing and judges nothing: the cascade does. It is
// asked by one goroutine at a time, and what it answers hangs on nothing but what it is
// given.
type Proposer interface {
	// Name is one word, as --proposers has it.
	Name() string
	// Propose gives candidates made of a program, the most promising first. job.Round
	// counts how often it was asked about this parent; where it has nothing more to say
	// it gives none.
	Propose(ctx context.Context, parent *Program, job Job) []Candidate
}

// Job says what candidates are asked for.
type Job struct {
	Seed  uint64
	Round int
	// Proved: a candidate is of use only if its Evidence says that it is equal, because
	// running the program cannot.
	Proved bool
}

// Candidate is a program that may be an improvement of its parent.
type Candidate struct {
	Source   string
	Step     string   // what was done to the parent, in words
	Evidence Evidence // by which the proposer knows that it is equal; NoEvidence: it does not
}

// Offer is a checked candidate, or the program itself where nothing better was found.
type Offer struct {
	Source     string
	Before     uint64 // cost of the program
	After      uint64 // and of the candidate, in the same runs
	Evidence   Evidence
	Claim      Claim
	Told       Evidence // by which its steps alone are known to change nothing; what Options.Told takes
	Steps      []string
	Candidates int    // that were looked at
	Work       uint64 // that all runs took, in about 0.4 ns
	Dry        bool   // the proposers had nothing more to say
}

// Claim is what a candidate is said to be.
type Claim string

const (
	// Cheaper: the same pictures, log and ending for a lower cost.
	Cheaper Claim = "cheaper"
	// Closer: its picture is nearer that of a goal.
	Closer Claim = "closer"
	// Passing: it meets a goal's check.
	Passing Claim = "passes"
)
