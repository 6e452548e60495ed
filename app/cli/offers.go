package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"gvpie/app/studio/textdiff"
	"gvpie/runtime/agent"
	"gvpie/runtime/plaintext"
	"gvpie/runtime/store"
)

type offerFlags struct {
	data  *string
	state store.OfferState
	json  *bool
}

// offers is one use of gvpie offers.
type offers struct {
	*invocation
	f offerFlags
}

var offersCommand = command{
	name: "offers", args: "list | show ID | approve ID | reject ID [WHY…] | rollback ID", summary: "List, show and decide about better programs for scripts",
	help: `An offer is a program that is better than a script, checked, with the evidence for it.
It changes nothing until it is approved: then it is a new version of the script, which
comes from the one before, and the infinite map shows it with its proof. Of a script
that is a file in DIR/scripts the file is written as well. An offer for code that was
changed since is superseded instead.

rollback gives the script of an approved offer the code of before, again as a new
version. What was rejected is not offered again.

The setting approve_offers has the offers that need no question; at the start all wait.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		f := offerFlags{data: addData(fs)}
		fs.Func("state", "list: only those that are `"+stateNames()+"`", func(s string) error {
			f.state = store.OfferState(s)
			if !slices.Contains(store.OfferStates, f.state) {
				return errors.New("it is one of " + strings.ReplaceAll(stateNames(), "|", ", "))
			}
			return nil
		})
		f.json = fs.Bool("json", false, "list, show: print a JSON object a line for each offer")
		return func(c *invocation) error {
			return c.choose(
				verb{"list", func(c *invocation, args []string) error { return offers{c, f}.list(args) }},
				verb{"show", func(c *invocation, args []string) error { return offers{c, f}.show(args) }},
				verb{"approve", func(c *invocation, args []string) error { return offers{c, f}.approve(args) }},
				verb{"reject", func(c *invocation, args []string) error { return offers{c, f}.reject(args) }},
				verb{"rollback", func(c *invocation, args []string) error { return offers{c, f}.rollback(args) }},
			)
		}
	},
}

func stateNames() string {
	names := make([]string, len(store.OfferStates))
	for i, s := range store.OfferStates {
		names[i] = string(s)
	}
	return strings.Join(names, "|")
}

func (c offers) list(args []string) error {
	if len(args) > 0 {
		return usagef("%q is too much: list shows all offers", args[0])
	}
	return c.withStore(*c.f.data, func(s *store.Store) error {
		w := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
		if !*c.f.json {
			fmt.Fprintf(w, "ID\tSTATE\tSCRIPT\tCLAIM\tCOST\tEVIDENCE\tPROPOSER\tFOUND\n")
		}
		var failed error
		err := pages(c.ctx, func(ctx context.Context, p store.Page) ([]store.Offer, error) {
			return s.Offers(ctx, store.OfferFilter{State: c.f.state}, p)
		}, func(o store.Offer) int64 { return o.ID }, func(o store.Offer) bool {
			if *c.f.json {
				failed = c.printJSON(o)
				return failed == nil
			}
			cost := fmt.Sprintf("%d → %d", o.CostBefore, o.CostAfter)
			if o.Fault != "" {
				cost = plaintext.Line(o.Fault)
			}
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", o.ID, plaintext.Line(string(o.State)), plaintext.Line(o.Script), plaintext.Line(o.Claim), cost,
				plaintext.Line(o.Evidence), plaintext.Line(o.Proposer), when(o.FoundAt))
			return true
		})
		return errors.Join(err, failed, w.Flush())
	})
}

func (c offers) printJSON(o store.Offer) error {
	out := json.NewEncoder(c.Stdout)
	out.SetEscapeHTML(false)
	return out.Encode(o)
}

// onOffer does something with the offer whose ID is the first argument.
func (c offers) onOffer(args []string, do func(*store.Store, int64) error) error {
	id, err := oneID(args, "offer's ID")
	if err != nil {
		return err
	}
	return c.withStore(*c.f.data, func(s *store.Store) error {
		err := do(s, id)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("there is no offer %d; gvpie offers list shows them", id)
		}
		return err
	})
}

func (c offers) show(args []string) error {
	return c.onOffer(args, func(s *store.Store, id int64) error {
		o, err := s.Offer(c.ctx, id)
		if err != nil {
			return err
		}
		if *c.f.json {
			return c.printJSON(o)
		}
		c.tell(o)
		return nil
	})
}

// tell prints all of an offer for a person.
func (c offers) tell(o store.Offer) {
	name := plaintext.Line(o.Script)
	if o.New {
		name = "a script of its own"
	}
	c.printf("offer %d for %s: %s\n", o.ID, name, plaintext.Line(string(o.State)))
	if o.Fault != "" {
		c.printf("it cannot be used: %s\n", plaintext.Line(o.Fault))
	}
	if !o.DecidedAt.IsZero() {
		c.printf("decided %s\n", when(o.DecidedAt))
	}
	if o.Note != "" {
		c.printf("%s\n", plaintext.Line(o.Note))
	}
	words := o.Words()
	c.printf("\n%s.\n", strings.ToUpper(words[:1])+words[1:])
	if o.CostBefore > 0 {
		c.printf("  before  %s %d\n  after   %s %d\n", bar(o.CostBefore, o.CostBefore, o.CostAfter), o.CostBefore, bar(o.CostAfter, o.CostBefore, o.CostAfter), o.CostAfter)
	}
	c.printf("found %s by %s, among %s, with seed %d\n", when(o.FoundAt), plaintext.Line(o.Proposer), count(uint64(max(o.Candidates, 0)), "candidate"), o.Seed)
	for _, step := range o.Steps {
		c.printf("  - %s\n", plaintext.Line(step))
	}
	if o.Source == "" {
		return
	}
	c.printf("\n")
	for _, l := range changes(textdiff.Lines(o.Before, o.Source)) {
		c.printf("%s\n", l)
	}
}

// barWidth is how wide the longer of two costs is drawn.
const barWidth = 30

// bar draws a cost beside those before and after.
func bar(cost, before, after uint64) string {
	full := max(before, after)
	n := int(float64(cost) / float64(full) * barWidth)
	return strings.Repeat("#", max(min(n, barWidth), 1)) + strings.Repeat(" ", barWidth-max(min(n, barWidth), 1))
}

// near is how many lines of the same a change is shown with.
const near = 2

// changes are the lines of a comparison that are other, with those near them.
func changes(all []textdiff.Line) (out []string) {
	shown := make([]bool, len(all))
	for i, l := range all {
		if l.Op != textdiff.Same {
			for j := max(0, i-near); j <= min(len(all)-1, i+near); j++ {
				shown[j] = true
			}
		}
	}
	skipped := false
	for i, l := range all {
		if !shown[i] {
			skipped = true
			continue
		}
		if skipped && len(out) > 0 {
			out = append(out, "…")
		}
		skipped = false
		mark := map[textdiff.Op]string{textdiff.Removed: "-", textdiff.Same: " ", textdiff.Added: "+"}[l.Op]
		out = append(out, mark+" "+plaintext.Line(strings.ReplaceAll(l.Text, "\t", "  ")))
	}
	return out
}

func (c offers) approve(args []string) error {
	return c.onOffer(args, func(s *store.Store, id int64) error {
		o, err := agent.ApproveOffer(c.ctx, s, s.Dir(), id)
		switch {
		case err != nil:
		case o.New:
			c.printf("offer %d is approved: %s is a script now; gvpie offers rollback %d disables it\n", id, plaintext.Line(o.Script), id)
		default:
			c.printf("offer %d is approved: %s has a new version; gvpie offers rollback %d takes it back\n", id, plaintext.Line(o.Script), id)
		}
		return err
	})
}

func (c offers) reject(args []string) error {
	if len(args) == 0 {
		return usagef("which offer's ID?")
	}
	why := strings.TrimSpace(strings.Join(args[1:], " "))
	return c.onOffer(args[:1], func(s *store.Store, id int64) error {
		_, err := s.RejectOffer(c.ctx, id, why)
		if err == nil {
			c.printf("offer %d is rejected\n", id)
		}
		return err
	})
}

func (c offers) rollback(args []string) error {
	return c.onOffer(args, func(s *store.Store, id int64) error {
		o, err := agent.RollbackOffer(c.ctx, s, s.Dir(), id)
		switch {
		case err != nil:
		case o.New:
			c.printf("offer %d is rolled back: %s is disabled\n", id, plaintext.Line(o.Script))
		default:
			c.printf("offer %d is rolled back: %s is what it was before\n", id, plaintext.Line(o.Script))
		}
		return err
	})
}
