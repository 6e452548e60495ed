package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"modernc.org/sqlite"
)

// A driver for tests, which writes down the queries that go through it.

type asked struct {
	query string
	args  []any
}

// asking are the queries since it was cleared. Tests of this package that use it do
// not run beside each other.
var asking struct {
	sync.Mutex
	all []asked
}

const counting = "sqlite-counting"

func init() { sql.Register(counting, countingDriver{&sqlite.Driver{}}) }

type countingDriver struct{ driver.Driver }

func (d countingDriver) Open(name string) (driver.Conn, error) {
	c, err := d.Driver.Open(name)
	return countingConn{c}, err
}

type countingConn struct{ driver.Conn }

func (c countingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	one := asked{query: query}
	for _, a := range args {
		one.args = append(one.args, a.Value)
	}
	asking.Lock()
	asking.all = append(asking.all, one)
	asking.Unlock()
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

func (c countingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
}

// queries are those that f asks.
func queries(f func()) []asked {
	asking.Lock()
	asking.all = nil
	asking.Unlock()
	f()
	asking.Lock()
	defer asking.Unlock()
	return asking.all
}

// listening is a fresh store whose queries are written down.
func listening(t *testing.T) *Store {
	t.Helper()
	s, _, err := Open(t.Context(), t.TempDir(), Options{driver: counting})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// plan is how SQLite answers a query, a step a line.
func plan(t *testing.T, db *sql.DB, a asked) (steps []string) {
	t.Helper()
	rows, err := db.Query("EXPLAIN QUERY PLAN "+a.query, a.args...)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		must(t, rows.Scan(&id, &parent, &unused, &detail))
		steps = append(steps, detail)
	}
	must(t, rows.Err())
	return steps
}

// bytesRead is how many bytes this process reads from files while f runs. Where the
// system does not tell, the test is skipped.
func bytesRead(t *testing.T, f func()) int64 {
	t.Helper()
	count := func() (n int64) {
		b, err := os.ReadFile("/proc/self/io")
		if err != nil {
			t.Skip("this system does not count what a process reads:", err)
		}
		for line := range strings.Lines(string(b)) {
			if v, ok := strings.CutPrefix(line, "rchar: "); ok {
				n, err = strconv.ParseInt(strings.TrimSpace(v), 10, 64)
				must(t, err)
			}
		}
		return n
	}
	before := count()
	f()
	return count() - before
}
