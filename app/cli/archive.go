package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
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

var replayCommand = command{
	name: "replay", args: "[FLAGS] ROW", summary: "Run a row of the infinite map again, and say whether it comes out the same",
	help: `ROW is the id of a row of infinite_map. Its code is run with the same seed and for
as many frames; status, cycles and the hashes of both textures are compared. The
exit code is 1 when they differ. What a python script did cannot be replayed.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		data, backend := addData(fs), addBackend(fs)
		return func(c *invocation) error { return c.replay(*data, *backend) }
	},
}

func (c *invocation) replay(data string, b engine.Backend) error {
	id, err := oneID(c.args, "ROW")
	if err != nil {
		return err
	}
	dir, err := c.dataDir(data)
	if err != nil {
		return err
	}
	return c.withStore(data, func(s *store.Store) error {
		row, err := s.MapRow(c.ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("the map has no row %d", id)
		}
		if err != nil {
			return err
		}
		var r agent.Replayed
		// What the loop ran is short enough for the CPU.
		if err := c.withEngine(b, engine.Work{}, func(e engine.Engine) (err error) {
			r, err = agent.Replay(c.ctx, s, dir, e, row)
			return err
		}); err != nil {
			return err
		}
		if !r.Agrees() {
			c.printf("row %d comes out otherwise on the %s:\n", id, r.Engine)
			for _, what := range r.Divergences {
				c.printf("  %s\n", what)
			}
			return errFailed
		}
		c.printf("row %d comes out the same on the %s: %s after %s and %s\n  machine %s\n  human   %s\n", id, r.Engine,
			r.Now.Status, count(r.Now.Cycles, "cycle"), count(uint64(r.Now.Frames), "frame"), r.Now.Machine, r.Now.Human)
		return nil
	})
}
