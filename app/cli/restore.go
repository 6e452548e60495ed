package cli

import (
	"errors"
	"flag"
	"fmt"
	"text/tabwriter"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

var restoreCommand = command{
	name: "restore", args: "--list | SNAPSHOT", summary: "Go back to a snapshot of the database",
	help: `While the loop runs, the database is copied to DIR/db/snapshots, hourly while it is
under 200 MB, else daily. The settings snapshots (how many are kept, 3 at most) and
snapshot_interval say otherwise; together they never take more than a tenth of the
free disk. SNAPSHOT is the name of one, or the path of another copy. It is refused
while a loop runs on the folder. The database that is there is put aside under a
dated name; pictures stay as they are.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		data := addData(fs)
		list := fs.Bool("list", false, "list the snapshots, the newest first")
		return func(c *invocation) error {
			dir, err := c.dataDir(*data)
			if err != nil {
				return err
			}
			if *list {
				if err := c.noArgs(); err != nil {
					return err
				}
				return listSnapshots(c, dir)
			}
			return restoreSnapshot(c, dir)
		}
	},
}

func listSnapshots(c *invocation, dir string) error {
	all, err := store.Snapshots(dir)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SNAPSHOT\tMADE\tSIZE")
	for _, s := range all {
		fmt.Fprintf(w, "%s\t%s\t%.1f MB\n", s.Name, when(s.Made), float64(s.Size)/1e6)
	}
	return w.Flush()
}

func restoreSnapshot(c *invocation, dir string) (err error) {
	name, err := one(c.args, "SNAPSHOT")
	if err != nil {
		return err
	}
	lock, err := agent.TakeLock(dir, "gvpie restore", time.Now())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	aside, err := store.Restore(c.ctx, dir, name, time.Now())
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("there is no snapshot %q; gvpie restore --list shows them", name)
	}
	if err != nil {
		return err
	}
	c.printf("the database is that of %s\n", name)
	if aside != "" {
		c.printf("the one that was there is %s\n", aside)
	}
	return nil
}
