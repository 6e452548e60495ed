package campaign

import "math/bits"

// Yield is what the jobs of a proposer came to, and how much of the next it gets.
type Yield struct {
	Proposer   string
	Jobs       int
	Candidates int
	Failures   int
	Gain       uint64 // in millionths of the parent's cost, of all its jobs

	// What counts is fresh: of each generation less is left in the next.
	FreshGain uint64
	FreshWork uint64

	Dry  bool // it has nothing more to say about this parent
	Full bool // its last job ended at its number of candidates, so that two at once differ
}

// Every proposer is trusted with a small gain for some work.
const (
	trustedGain   = 1000          // millionths
	trustedWork   = 1_000_000_000 // cost
	candidateWork = 2000          // what it costs to make one, which nobody counts
)

// learn takes the result of a job in, of a parent of that cost and so many candidates at
// most.
func (y *Yield) learn(parent uint64, r *Result, most int) {
	y.Jobs++
	y.FreshWork += r.Offer.Work + candidateWork*uint64(r.Offer.Candidates)
	if r.Failed != "" {
		y.Failures++
		y.Dry, y.Full = true, false
		return
	}
	y.Candidates += r.Offer.Candidates
	y.Full = r.Offer.Candidates >= most
	if r.Offer.After < parent {
		gain := millionths(parent-r.Offer.After, parent)
		y.Gain += gain
		y.FreshGain += gain
	}
	y.Dry = y.Dry || r.Offer.Dry
}

// millionths is how much of a whole a part is.
func millionths(part, whole uint64) uint64 {
	high, low := bits.Mul64(part, 1_000_000)
	q, _ := bits.Div64(high, low, whole)
	return q
}

// decay makes what was learnt count less.
func decay(all []Yield) {
	for i := range all {
		y := &all[i]
		y.FreshGain -= y.FreshGain / 8
		y.FreshWork -= y.FreshWork / 8
	}
}

// slots gives n jobs to proposers, by gain for work, and the last of them to the one with
// the least work: fewer where all have little to say. It counts in whole numbers, which
// are the same on every machine.
func slots(all []Yield, n int) (out []string) {
	planned := make([]uint64, len(all))
	taken := make([]int, len(all))
	for slot := range n {
		better := better
		if slot > 0 && slot == n-1 {
			better = idler
		}
		best := -1
		for i := range all {
			y := &all[i]
			if y.Dry || taken[i] > 0 && !y.Full {
				continue
			}
			if best < 0 || better(y, planned[i], &all[best], planned[best]) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		taken[best]++
		planned[best] += trustedWork
		out = append(out, all[best].Proposer)
	}
	return out
}

// better compares gain for work, with the work that is planned already.
func better(a *Yield, plannedA uint64, b *Yield, plannedB uint64) bool {
	if never := a.Jobs == 0 && plannedA == 0; never || b.Jobs == 0 && plannedB == 0 {
		return never && (b.Jobs > 0 || plannedB > 0)
	}
	high, low := bits.Mul64(a.FreshGain+trustedGain, b.FreshWork+plannedB+trustedWork)
	otherHigh, otherLow := bits.Mul64(b.FreshGain+trustedGain, a.FreshWork+plannedA+trustedWork)
	return high > otherHigh || high == otherHigh && low > otherLow
}

// idler compares work.
func idler(a *Yield, plannedA uint64, b *Yield, plannedB uint64) bool {
	return a.FreshWork+plannedA < b.FreshWork+plannedB
}
