// Package improvement reads and writes what improving programs keeps: offers, the
// cheapest program of each picture, where a search is, and how much was searched. It
// begins no transaction and changes no script: what approving one means to those is the
// store's. Start reading at [Offer].
package improvement

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// State is what has become of an offer.
type State string

// The states, in the order that an offer may go through.
const (
	Found      State = "found"   // a candidate that looks better
	Checked    State = "checked" // the cascade is through with it
	Offered    State = "offered" // it waits for a person
	Approved   State = "approved"
	Rejected   State = "rejected"
	Superseded State = "superseded" // the script was changed, or a better one came
	RolledBack State = "rolled_back"
)

// States are all of them.
var States = []State{Found, Checked, Offered, Approved, Rejected, Superseded, RolledBack}

// Open says that nothing was decided yet.
func (s State) Open() bool { return s == Found || s == Checked || s == Offered }

// words are a state in a sentence: "offer 7 was rejected".
func (s State) words() string {
	switch s {
	case Found:
		return "is found, and not checked yet"
	case Checked:
		return "is checked, and not offered yet"
	case Offered:
		return "waits to be decided"
	case RolledBack:
		return "was rolled back"
	}
	return "was " + string(s)
}

// The claims that an offer may make, and the evidence for it from the weakest to the
// strongest, as package improve has them. All evidence but a trial is a proof.
var (
	Claims   = []string{"cheaper", "closer", "passes"}
	Proven   = []string{"rule", "solver", "exhaustive", "complete"}
	evidence = append([]string{"trial"}, Proven...)
)

// Offer is a program that is better than a script's, by what it claims.
type Offer struct {
	ID         int64    `json:"id"`
	ScriptID   int64    `json:"script_id"` // 0: it is of none, or of one that is gone; see New
	Script     string   `json:"script"`    // the script's name, or the one that approving adds it by
	GoalID     int64    `json:"goal_id"`   // 0: none
	State      State    `json:"state"`
	Claim      string   `json:"claim"`    // cheaper, closer or passes
	Evidence   string   `json:"evidence"` // by which that is known
	Proposer   string   `json:"proposer"`
	Source     string   `json:"source,omitempty"` // the program; "" in a list
	Before     string   `json:"before,omitempty"` // the script's code that it was made for; "" in a list
	CostBefore uint64   `json:"cost_before"`
	CostAfter  uint64   `json:"cost_after"`
	Steps      []string `json:"steps"`      // what was done to Before, in words
	Candidates int64    `json:"candidates"` // that were looked at
	Seed       uint64   `json:"seed"`
	Note       string   `json:"note"` // what a person should know, as why it was rejected
	// From the goal's picture; 0 where there is none.
	DistanceBefore float64 `json:"distance_before"`
	DistanceAfter  float64 `json:"distance_after"`
	// Content hashes of what it shows; "": none are kept.
	HumanPNG   string    `json:"human_png"`
	MachinePNG string    `json:"machine_png"`
	MapID      int64     `json:"map_id"` // the row of the map that tells what was decided last; 0: none
	FoundAt    time.Time `json:"found_at,omitzero"`
	DecidedAt  time.Time `json:"decided_at,omitzero"`

	// New says that it was made for no script: approving it adds one.
	New bool `json:"new"`
	// Fault is why it cannot be used as it is: somebody wrote the row otherwise, or a
	// text of it is lost. "": it can.
	Fault string `json:"fault,omitempty"`
}

// Gain is by which part of the cost an offer is cheaper: 0.41 is 41 %.
func (o *Offer) Gain() float64 {
	if o.CostBefore == 0 || o.CostAfter >= o.CostBefore {
		return 0
	}
	return 1 - float64(o.CostAfter)/float64(o.CostBefore)
}

// better says that nobody would choose other where o is: it is made for the same, claims
// the same, is at least as good and at least as sure.
func (o *Offer) better(other *Offer) bool {
	if o.Claim != other.Claim || o.GoalID != other.GoalID || rank(o.Evidence) < rank(other.Evidence) {
		return false
	}
	if o.Claim == "closer" && o.DistanceAfter != other.DistanceAfter {
		return o.DistanceAfter < other.DistanceAfter
	}
	return o.CostAfter <= other.CostAfter
}

// Renews says whether an offer of the same program takes the place of was: that was
// superseded, is not as far, or is less sure.
func (o *Offer) Renews(was *Offer) bool {
	return was.State == Superseded || was.State.Open() && (was.State != o.State && o.State == Offered || rank(o.Evidence) > rank(was.Evidence))
}

func rank(e string) int { return slices.Index(evidence, e) }

// Check says what is wrong with an offer that is to be kept, in a sentence.
func (o *Offer) Check() error {
	switch {
	case !o.State.Open():
		return fmt.Errorf("an offer begins as found, checked or offered, not as %q", string(o.State))
	case o.Source == "":
		return fmt.Errorf("an offer needs a program")
	case !slices.Contains(Claims, o.Claim):
		return fmt.Errorf("an offer claims to be cheaper, closer or passes, not %q", o.Claim)
	case rank(o.Evidence) < 0:
		return fmt.Errorf("the evidence for an offer is trial, rule, solver, exhaustive or complete, not %q", o.Evidence)
	case !o.New && o.Source == o.Before:
		return fmt.Errorf("what is offered is the script as it is")
	case math.IsNaN(o.DistanceBefore) || math.IsNaN(o.DistanceAfter):
		return fmt.Errorf("a distance from a picture is a number")
	}
	return nil
}

// Refused is why something cannot be done with an offer, in a sentence. Nothing is wrong
// with the database.
type Refused string

func (r Refused) Error() string { return string(r) }

// Must says that the offer is in a state; else it is a Refused that says what it is, and
// what it cannot be.
func (o *Offer) Must(be State, toBe string) error {
	if o.State == be {
		return nil
	}
	if !slices.Contains(States, o.State) {
		return o.Sound(toBe)
	}
	when := ""
	if !o.State.Open() && !o.DecidedAt.IsZero() {
		when = " on " + o.DecidedAt.Format("2006-01-02 15:04") + " UTC"
	}
	return Refused(fmt.Sprintf("offer %d %s%s: it cannot be %s", o.ID, o.State.words(), when, toBe))
}

// Sound says that nothing is wrong with the row of an offer; else it is a Refused.
func (o *Offer) Sound(toBe string) error {
	if o.Fault == "" {
		return nil
	}
	return Refused(fmt.Sprintf("offer %d cannot be %s: %s", o.ID, toBe, o.Fault))
}
