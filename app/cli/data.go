package cli

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"path/filepath"
	"strconv"
	"time"

	"gvpie/runtime/store"
)

// addData defines --data. It gives the folder, "" for the user's own.
func addData(fs *flag.FlagSet) *string {
	return fs.String("data", "", "keep everything in `DIR`; by default $XDG_DATA_HOME/gvpie or ~/.local/share/gvpie")
}

// dataDir is the data folder meant by --data, absolute.
func (c *invocation) dataDir(flag string) (string, error) {
	if flag == "" {
		return dataFolder(c.Getenv)
	}
	return filepath.Abs(flag)
}

// withStore opens the database of the data folder, calls use with it and closes it.
// What was found on opening is said. A damaged database, which opening puts aside,
// ends the command: what it asks of was in there.
func (c *invocation) withStore(data string, use func(*store.Store) error) error {
	dir, err := c.dataDir(data)
	if err != nil {
		return err
	}
	s, opened, err := c.openStore(dir, nil)
	if err != nil {
		return err
	}
	if opened.Quarantined == "" {
		err = use(s)
	} else {
		err = errFailed
	}
	if e := s.Close(); err == nil {
		err = e
	}
	return err
}

func (c *invocation) openStore(dir string, log *slog.Logger) (*store.Store, store.Opened, error) {
	progress, end := c.progress()
	s, opened, err := store.Open(c.ctx, dir, store.Options{Logger: log, Progress: progress})
	end()
	for _, text := range opened.Messages {
		c.say("%s", text)
	}
	return s, opened, err
}

// A verb is one of the things that a command with several does.
type verb struct {
	name string
	do   func(*invocation, []string) error
}

// choose runs the verb that the first argument names, with the other arguments.
func (c *invocation) choose(verbs ...verb) error {
	names := ""
	for i, v := range verbs {
		if i > 0 {
			names += ", "
		}
		names += v.name
	}
	if len(c.args) == 0 {
		return usagef("do what? %s", names)
	}
	for _, v := range verbs {
		if v.name == c.args[0] {
			return v.do(c, c.args[1:])
		}
	}
	return usagef("there is no %q: it may be %s", c.args[0], names)
}

// one is the only argument, which names a thing.
func one(args []string, thing string) (string, error) {
	switch len(args) {
	case 0:
		return "", usagef("which %s?", thing)
	case 1:
		return args[0], nil
	}
	return "", usagef("one %s at a time, not %q as well", thing, args[1])
}

// oneID is the only argument, a number.
func oneID(args []string, thing string) (int64, error) {
	text, err := one(args, thing)
	if err != nil {
		return 0, err
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		return 0, usagef("%q is no %s: a number is meant", text, thing)
	}
	return id, nil
}

// when writes a time for a person, "never" for none.
func when(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Local().Format("2006-01-02 15:04:05")
}

// percent writes a part of a whole, "–" of nothing.
func percent(part, whole int64) string {
	if whole == 0 {
		return "–"
	}
	return fmt.Sprintf("%d %%", part*100/whole)
}

// pages calls show with every row, a page at a time, until get gives none or show
// is false.
func pages[T any](ctx context.Context, get func(context.Context, store.Page) ([]T, error), id func(T) int64, show func(T) bool) error {
	for p := (store.Page{Limit: 500, Text: 4096}); ; {
		rows, err := get(ctx, p)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if !show(r) {
				return nil
			}
		}
		p.Before = id(rows[len(rows)-1])
	}
}
