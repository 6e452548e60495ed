package agent

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gvpie/runtime/agent/sandbox"
	"gvpie/runtime/store"
)

func TestMain(m *testing.M) {
	sandbox.Child()
	goleak.VerifyTestMain(m)
}

var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// A skipClock does not wait: whoever sleeps wakes at once, that much later.
type skipClock struct {
	mu      sync.Mutex
	now     time.Time
	sleeps  int
	onSleep func(n int) // called before the nth sleep ends, from 1
}

func (c *skipClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *skipClock) jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *skipClock) After(d time.Duration) <-chan time.Time {
	c.jump(d)
	c.sleeps++ // by the loop alone
	if c.onSleep != nil {
		c.onSleep(c.sleeps)
	}
	woken := make(chan time.Time, 1)
	woken <- c.Now()
	return woken
}

// A stillClock stands still until it is told to wake the sleeper.
type stillClock struct {
	wakeup chan time.Time
	asleep chan time.Duration // a sleep has begun
}

func newStillClock() *stillClock {
	return &stillClock{make(chan time.Time), make(chan time.Duration, 100)}
}
func (c *stillClock) Now() time.Time { return epoch }
func (c *stillClock) After(d time.Duration) <-chan time.Time {
	c.asleep <- d
	return c.wakeup
}

// A screen is a console that may be read while it is written.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// A rig is a data folder with a real database and what a loop needs to run on it.
type rig struct {
	t       *testing.T
	dir     string
	store   *store.Store
	clock   *skipClock
	console *screen
	cfg     Config
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir(), clock: &skipClock{now: epoch}, console: &screen{}}
	r.open()
	t.Cleanup(func() { r.store.Close() })
	r.cfg = Config{Store: r.store, Data: r.dir, Clock: r.clock, Interval: 10 * time.Second, Console: r.console}
	return r
}

func (r *rig) open() {
	r.t.Helper()
	s, _, err := store.Open(context.Background(), r.dir, store.Options{Now: r.clock.Now, Patience: 30 * time.Millisecond})
	if err != nil {
		r.t.Fatal(err)
	}
	r.store, r.cfg.Store = s, s
}

// run runs a loop for so many cycles.
func (r *rig) run(cycles int) *Agent {
	r.t.Helper()
	r.cfg.Cycles = cycles
	a := New(r.cfg)
	a.dropTime, a.remakeTime = time.Hour, time.Hour // what a slow computer does must not show
	if err := a.Run(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	return a
}

// sql is another program's connection to the database.
func (r *rig) sql() *sql.DB {
	r.t.Helper()
	db, err := sql.Open("sqlite", r.store.Path()+"?_pragma=busy_timeout(60000)")
	if err != nil {
		r.t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	r.t.Cleanup(func() { db.Close() })
	return db
}

func (r *rig) exec(query string, args ...any) {
	r.t.Helper()
	if _, err := r.sql().Exec(query, args...); err != nil {
		r.t.Fatal(err)
	}
}

// add makes a script and gives its row.
func (r *rig) add(name, lang, code string) store.Script {
	r.t.Helper()
	if _, _, err := r.store.UpsertScript(r.t.Context(), store.Script{Name: name, Lang: lang, Code: code, Enabled: true}); err != nil {
		r.t.Fatal(err)
	}
	return r.script(name)
}

// only makes a script and disables the one that every database begins with.
func (r *rig) only(name, lang, code string) store.Script {
	r.t.Helper()
	if err := r.store.SetEnabled(r.t.Context(), r.script("hello_gpu").ID, false); err != nil {
		r.t.Fatal(err)
	}
	return r.add(name, lang, code)
}

func (r *rig) script(name string) store.Script {
	r.t.Helper()
	s, err := r.store.Script(r.t.Context(), name)
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// runs gives every run of a script, the oldest first.
func (r *rig) runs(name string) []store.Run {
	r.t.Helper()
	all, err := r.store.RunListOf(r.t.Context(), r.script(name).ID, store.Page{Limit: 100_000})
	if err != nil {
		r.t.Fatal(err)
	}
	for i := range all { // whole, which a list does not have them
		if all[i], err = r.store.Run(r.t.Context(), all[i].ID); err != nil {
			r.t.Fatal(err)
		}
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all
}

// rows gives the map, the oldest row first.
func (r *rig) rows() []store.MapRow {
	r.t.Helper()
	all, err := r.store.Map(r.t.Context(), store.Page{Limit: 100_000})
	if err != nil {
		r.t.Fatal(err)
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all
}

func (r *rig) sound() {
	r.t.Helper()
	rep, err := r.store.Verify(r.t.Context())
	if err != nil || !rep.OK() {
		r.t.Errorf("the map is not sound: %+v, %v", rep, err)
	}
}

func (r *rig) said(text string) {
	r.t.Helper()
	if !strings.Contains(r.console.String(), text) {
		r.t.Errorf("the console does not say %q:\n%s", text, r.console)
	}
}

// await gives the next event that is meant, and fails the test when none comes
// before its deadline.
func await(t *testing.T, events <-chan Event, meant func(Event) bool) Event {
	t.Helper()
	deadline, ok := t.Deadline()
	if !ok {
		deadline = time.Now().Add(time.Minute)
	}
	late := time.NewTimer(time.Until(deadline) - 5*time.Second)
	defer late.Stop()
	for {
		select {
		case e, ok := <-events:
			if !ok {
				t.Fatal("the events ended")
			}
			if meant(e) {
				return e
			}
		case <-late.C:
			t.Fatal("the event did not come")
		}
	}
}

func removeDatabase(t *testing.T, path string) {
	t.Helper()
	for _, ext := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + ext); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
}
