package cli

import (
	"errors"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"

	"gvpie/runtime/plaintext"
	"gvpie/runtime/store"
)

type goalFlags struct {
	data     *string
	priority int64
	all      *bool
}

// goals is one use of gvpie goal.
type goals struct {
	*invocation
	f goalFlags
}

var goalCommand = command{
	name: "goal", args: "add WORDS… | done ID | list", summary: "Add, finish and list development goals",
	help: `Goals are for whoever writes the programs; the loop keeps and shows them.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		f := goalFlags{data: addData(fs), priority: 5}
		fs.Func("priority", "add: from 1 to 10, `N` is how much it matters, default 5", number(1, 10, func(n int64) { f.priority = n }))
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
	return c.withStore(*c.f.data, func(s *store.Store) error {
		id, err := s.AddGoal(c.ctx, text, c.f.priority)
		if err == nil {
			c.printf("goal %d\n", id)
		}
		return err
	})
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
				fmt.Fprintf(w, "%d\t%d\t%s\t%s\n", g.ID, g.Priority, map[bool]string{true: "yes", false: "no"}[g.Completed], plaintext.Line(g.Goal))
			}
			return true
		})
		if err != nil {
			return err
		}
		return w.Flush()
	})
}
