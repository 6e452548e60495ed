package improvement

import "fmt"

// Words say what an offer claims and how that is known, as the map and lists have it.
func (o *Offer) Words() string {
	text := ""
	switch o.Claim {
	case "cheaper":
		text = fmt.Sprintf("the same for %s less, cost %d instead of %d", percent(o.Gain()), o.CostAfter, o.CostBefore)
	case "closer":
		text = fmt.Sprintf("nearer the goal's picture, distance %.4f instead of %.4f, cost %d", o.DistanceAfter, o.DistanceBefore, o.CostAfter)
	case "passes":
		text = fmt.Sprintf("it meets the goal's checks, cost %d", o.CostAfter)
	default:
		text = "it claims nothing that there is"
	}
	return text + "; " + o.Proof()
}

// Proof is how the claim is known, in one plain sentence without its full stop.
func (o *Offer) Proof() string {
	if o.Claim == "cheaper" {
		if s := proofs[o.Evidence]; s != "" {
			return s
		}
	}
	switch o.Evidence {
	case "complete":
		return "it was run until all of its future had been seen"
	case "trial":
		return "it was measured in the runs that were tried"
	}
	if s := proofs[o.Evidence]; s != "" {
		return s
	}
	return "nothing is known of how that was found"
}

var proofs = map[string]string{
	"trial":      "it was equal in every run that was tried, which proves nothing",
	"rule":       "every step is a rewriting rule that changes nothing but the cost",
	"solver":     "a solver proved what was changed equal for all inputs",
	"exhaustive": "every case of what was changed was compared",
	"complete":   "both were run until all of their future had been compared",
}

// percent is a part as people read it: never 0 or 100 for what is not quite.
func percent(part float64) string {
	switch p := part * 100; {
	case p > 0 && p < 1:
		return "under 1 %"
	case p > 99 && p < 100:
		return "over 99 %"
	default:
		return fmt.Sprintf("%.0f %%", p)
	}
}
