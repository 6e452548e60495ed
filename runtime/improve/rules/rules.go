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

// A rule makes candidates of a program, each of a copy of it.
type rule func(p *program, out *proposals)

// table lists the rules, those that gain most first.
var table = []rule{
	countedLoop, rectOfLoop, rectOfLine, rectOfEach, mergeRects,
	drawnOnce, pictureOnce, coveredDraws, elseOfCover,
	inlineCalls, simplify, minMaxOfIf, together, trimmedLoop, countOf, tableOfArray, deadSets, deadColors, unusedNames,
	substituted, commonParts, invariants, columnsAndRows, tablesOfPure,
}

// guesses are rules whose conditions nobody looks at: they are for programs all of whose
// future is compared.
var guesses = []rule{without, oneBranch, smaller, guarded}

// Propose gives a candidate for each place where a rule fits.
func (*Rules) Propose(_ context.Context, parent *improve.Program, job improve.Job) []improve.Candidate {
	if job.Round > 0 {
		return nil
	}
	p := read(parent.Source)
	if p == nil {
		return nil
	}
	out := &proposals{proved: job.Proved}
	for _, r := range table {
		r(p, out)
	}
	if !job.Proved {
		for _, r := range guesses {
			r(p, out)
		}
	}
	return out.all
}

// proposals collects candidates.
type proposals struct {
	all    []improve.Candidate
	proved bool // those that are not proved are of no use
}

// add proposes q; proved says that the conditions hold under which it is the same.
func (o *proposals) add(q *program, proved bool, step string) {
	if o.proved && !proved || q.takes() != q.taken {
		return
	}
	c := improve.Candidate{Source: q.String(), Step: step}
	if proved {
		c.Evidence = improve.ByRule
	}
	o.all = append(o.all, c)
}
