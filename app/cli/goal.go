package cli

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"strings"
	"text/tabwriter"

	"gvpie/runtime/agent"
	"gvpie/runtime/plaintext"
	"gvpie/runtime/regularfile"
	"gvpie/runtime/store"
)

type goalFlags struct {
	data                  *string
	priority              int64
	target, check, script string
	maxCost               int64
	all                   *bool
}

// goals is one use of gvpie goal.
type goals struct {
	*invocation
	f goalFlags
}

var goalCommand = command{
	name: "goal", args: "add WORDS… | done ID | list", summary: "Add, finish and list development goals",
	help: `Goals are for whoever writes the programs; the loop keeps and shows them.

A goal may ask for more than its words: a picture that is to be drawn (a PNG of at most
1024 × 1024 pixels), a check, a cost that is not to be exceeded, and the script that it
is about. A check is a program with ASSERTs that is run after a candidate, on the display
that it left, of which peek(x, y) tells; or a file of the log lines that are wanted, each
behind a >.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		f := goalFlags{data: addData(fs), priority: 5}
		fs.Func("priority", "add: from 1 to 10, `N` is how much it matters, default 5", number(1, 10, func(n int64) { f.priority = n }))
		fs.StringVar(&f.target, "target", "", "add: the picture that is to be drawn, a `PNG`")
		fs.StringVar(&f.check, "check", "", "add: what a candidate must pass, a `FILE`")
		fs.Func("max-cost", "add: what it may cost at most, `N` as gvpie improve counts", number(1, math.MaxInt64, func(n int64) { f.maxCost = n }))
		fs.StringVar(&f.script, "script", "", "add: the script that it is about, by its `NAME`")
		f.all = fs.Bool("all", false, "list: those that are done as well")
		return func(c *invocation) error {
			return c.choose(
				verb{"add", func(c *invocation, args []string) error { return goals{c, f}.add(args) }},
				verb{"done", func(c *invocation, args []string) error { return goals{c, f}.done(args) }},
				verb{"list", func(c *invocation, args []string) error { return goals{c, f}.list(args) }},
			)
		}
	},
}

func (c goals) add(args []string) error {
	text := strings.TrimSpace(strings.Join(args, " "))
	if text == "" {
		return usagef("which goal? say it in WORDS")
	}
	goal := agent.NewGoal{Words: text, Priority: c.f.priority, MaxCost: uint64(c.f.maxCost), Script: c.f.script}
	if c.f.target != "" {
		var err error
		if goal.Target, err = regularfile.Read(c.f.target, agent.TargetMost); err != nil {
			return onFile(c.f.target, err)
		}
	}
	if c.f.check != "" {
		_, check, err := c.source(c.f.check)
		if err != nil {
			return err
		}
		goal.Check = check
	}
	return c.withStore(*c.f.data, func(s *store.Store) error {
		id, err := agent.AddGoal(c.ctx, s, goal)
		if err == nil {
			c.printf("goal %d\n", id)
		}
		return err
	})
}

// aims say what a goal asks for beside its words.
func aims(a store.GoalAim) (text string) {
	for _, part := range []struct {
		there bool
		words string
	}{
		{a.Target != "", fmt.Sprintf("as picture %.12s", a.Target)},
		{a.Checked, "with a check"},
		{a.MaxCost > 0, fmt.Sprintf("cost at most %d", a.MaxCost)},
		{a.ScriptID != 0, "about " + plaintext.Line(a.Script)},
		{a.Fault != "", plaintext.Line(a.Fault)},
	} {
		if part.there {
			text += " · " + part.words
		}
	}
	return text
}

func (c goals) done(args []string) error {
	id, err := oneID(args, "goal's ID")
	if err != nil {
		return err
	}
	return c.withStore(*c.f.data, func(s *store.Store) error {
		err := s.DoneGoal(c.ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("there is no goal %d; gvpie goal list shows them", id)
		}
		if err == nil {
			c.printf("goal %d is done\n", id)
		}
		return err
	})
}

func (c goals) list(args []string) error {
	if len(args) > 0 {
		return usagef("%q is too much: list shows all goals", args[0])
	}
	return c.withStore(*c.f.data, func(s *store.Store) error {
		w := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintf(w, "ID\tPRIORITY\tDONE\tGOAL\n")
		err := pages(c.ctx, s.Goals, func(g store.Goal) int64 { return g.ID }, func(g store.Goal) bool {
			if !g.Completed || *c.f.all {
				fmt.Fprintf(w, "%d\t%d\t%s\t%s\n", g.ID, g.Priority, map[bool]string{true: "yes", false: "no"}[g.Completed], plaintext.Line(g.Goal)+aims(g.Aim))
			}
			return true
		})
		if err != nil {
			return err
		}
		return w.Flush()
	})
}
