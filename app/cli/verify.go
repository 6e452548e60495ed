package cli

import (
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"strings"

	"gvpie/runtime/store"
)

var verifyCommand = command{
	name: "verify", summary: "Say whether the infinite map is as it was written",
	help: `Every row of the map carries a hash over all its columns and over the row before
it. This walks them all and names each that was altered or removed; the exit code
is then 1. Rows that another program or a person put in have no hash: they are
counted and named, and are no fault. Rows brought in from a damaged database or
an export, and those lost with one, are counted apart. The database is read only,
whatever is found, and may be in use. Interrupted, it ends with exit code 130.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		data := addData(fs)
		return func(c *invocation) error {
			if err := c.noArgs(); err != nil {
				return err
			}
			dir, err := c.dataDir(*data)
			if err != nil {
				return err
			}
			return verifyMap(c, dir)
		}
	},
}

func verifyMap(c *invocation, dir string) error {
	progress, end := c.progress()
	r, err := store.VerifyFolder(c.ctx, dir, progress)
	end()
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("there is no database in %s", filepath.Join(dir, "db"))
	}
	if err != nil {
		return err
	}
	for _, f := range r.Faults {
		c.printf("%s\n", f.Why)
	}
	if r.OK() {
		c.printf("%s of the map, all as they were written\n", count(uint64(r.Rows), "row"))
	} else {
		c.printf("%s of the map as they were written, %s\n", count(uint64(r.Rows), "row"), count(uint64(len(r.Faults)), "fault"))
	}
	if r.Outside > 0 {
		c.printf("%s from outside, without a hash%s\n", count(uint64(r.Outside), "row"), spans(r.OutsideIDs))
	}
	if r.Imported > 0 {
		c.printf("%s brought in from a damaged database or an export, as they were then; the chain cannot vouch for them\n", count(uint64(r.Imported), "row"))
	}
	for _, why := range r.Unusable {
		c.printf("it cannot be used as it is: %s\n", why)
	}
	if r.Lost > 0 {
		c.printf("%s lost in a damaged database\n", count(uint64(r.Lost), "row"))
	}
	if r.Unsettled {
		c.printf("rows of a damaged database have yet to be brought in by the loop; they were not looked at\n")
	}
	if !r.OK() {
		return errFailed
	}
	return nil
}

// spans writes the ids of rows: ": 3, 7 to 9".
func spans(all []store.Span) string {
	var b strings.Builder
	for i, s := range all {
		between := ", "
		if i == 0 {
			between = ": "
		}
		b.WriteString(between)
		fmt.Fprint(&b, s.First)
		if s.Last != s.First {
			fmt.Fprintf(&b, " to %d", s.Last)
		}
	}
	return b.String()
}
