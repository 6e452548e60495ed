package improve

import "fmt"

// Evidence is how it is known that two programs are equal, from the weakest to the
// strongest.
type Evidence uint8

const (
	NoEvidence Evidence = iota
	// ByTrial: equal in every run that was tried. It proves nothing.
	ByTrial
	// ByRule: every step is a rewriting rule whose conditions held.
	ByRule
	// BySolver: an SMT solver proved what was changed equal for all inputs.
	BySolver
	// ByExhaustion: every case of what was changed was compared.
	ByExhaustion
	// ByCompletion: the programs read no input and no seed, and were run until both had
	// ended or their states came round: all of their future was compared.
	ByCompletion
)

var evidenceNames = [...]string{"", "trial", "rule", "solver", "exhaustive", "complete"}

func (e Evidence) String() string { return evidenceNames[e] }

// MarshalText gives the name that ParseEvidence reads.
func (e Evidence) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// ParseEvidence reads an evidence's name. Its error is a sentence for a user.
func ParseEvidence(s string) (Evidence, error) {
	for e := ByTrial; e <= ByCompletion; e++ {
		if e.String() == s {
			return e, nil
		}
	}
	return NoEvidence, fmt.Errorf("there is no evidence %q: it may be trial, rule, solver, exhaustive or complete", s)
}

// EvidenceSet is which kinds of evidence do.
type EvidenceSet uint8

// StrongEvidence is every kind but a trial.
const StrongEvidence EvidenceSet = 1<<ByRule | 1<<BySolver | 1<<ByExhaustion | 1<<ByCompletion

// With is the set with e in it.
func (s EvidenceSet) With(e Evidence) EvidenceSet { return s | 1<<e }

// Has says whether e does.
func (s EvidenceSet) Has(e Evidence) bool { return e != NoEvidence && s>>e&1 == 1 }

// UnmarshalText reads a name, or "" as NoEvidence.
func (e *Evidence) UnmarshalText(text []byte) (err error) {
	if *e = NoEvidence; len(text) > 0 {
		*e, err = ParseEvidence(string(text))
	}
	return err
}
