package rules

import (
	"context"

	"gvpie/runtime/improve"
)

// Rules proposes what the rewriting rules make of a program.
type Rules struct{}

// New gives the proposer.
func New() *Rules { return &Rules{} }

// Name is rules.
func (*Rules) Name() string { return "rules" }

// Propose gives a candidate for each place where a rule fits.
func (*Rules) Propose(_ context.Context, parent *improve.Program, job improve.Job) []improve.Candidate {
	return nil
}
