package cli

import (
	"context"
	"flag"
	"path/filepath"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

var exportCommand = command{
	name: "export", args: "[--out DIR]", summary: "Write everything the loop remembers as JSON Lines and PNGs",
	help: `A table is a file of one JSON object a line; pictures are PNG files named by their
hash. The database is not changed. The folder appears when it is whole: an export
that is interrupted (exit code 130) leaves none. Old pictures that were dropped are
made again by replaying their runs. A picture that was altered, or does not come out
the same, is left out and named, and the exit code is then 1.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		data := addData(fs)
		out := fs.String("out", "", "write into `DIR`; by default gvpie-export- and the date, here")
		return func(c *invocation) error {
			if err := c.noArgs(); err != nil {
				return err
			}
			dir := *out
			if dir == "" {
				dir = "gvpie-export-" + time.Now().Format("2006-01-02-150405")
			}
			dir, err := filepath.Abs(dir)
			if err != nil {
				return err
			}
			return c.withStore(*data, func(s *store.Store) error {
				progress, end := c.progress()
				again := func(ctx context.Context, hash string) ([]byte, error) { return agent.Remake(ctx, s, hash) }
				leftOut, err := s.Export(c.ctx, dir, again, progress)
				end()
				if err != nil {
					return err
				}
				c.printf("exported to %s\n", dir)
				for _, what := range leftOut {
					c.say("left out: %s", what)
				}
				if len(leftOut) > 0 {
					return errFailed
				}
				return nil
			})
		}
	},
}
