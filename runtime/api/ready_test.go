package api

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

// moody is a loop's database that can be made to refuse runs.
type moody struct {
	*store.Store
	refuses error
}

func (m *moody) FinishRun(ctx context.Context, id int64, f store.Finished) (int64, error) {
	if m.refuses != nil {
		return 0, m.refuses
	}
	return m.Store.FinishRun(ctx, id, f)
}

// A stepClock wakes whoever sleeps at once, that much later, after telling of it.
type stepClock struct {
	now   time.Time
	sleep func()
}

func (c *stepClock) Now() time.Time { return c.now }
func (c *stepClock) After(d time.Duration) <-chan time.Time {
	c.sleep()
	c.now = c.now.Add(d)
	woken := make(chan time.Time, 1)
	woken <- c.now
	return woken
}

// readiness asks both calls, and holds them to each other.
func (d *client) readiness() (status int, reason string) {
	d.t.Helper()
	res, b := d.do("GET", "/ready", nil)
	var v m
	if err := json.Unmarshal(b, &v); err != nil {
		d.t.Fatalf("/ready: %v: %s", err, b)
	}
	reason, _ = v["reason"].(string)
	if v["ready"] != (res.StatusCode == 200) || (reason == "") != (res.StatusCode == 200) {
		d.t.Errorf("/ready: %s %s", res.Status, b)
	}
	if loop, ok := d.want(200, "GET", "/status", nil)["loop"].(m); ok {
		if also, _ := loop["reason"].(string); loop["ready"] != v["ready"] || also != reason {
			d.t.Errorf("/ready says %s, /status %v", b, loop)
		}
	}
	return res.StatusCode, reason
}

func TestReadySaysWhetherTheLoopDoesItsWork(t *testing.T) {
	c := withStore(t)
	if status, reason := open(t, c).readiness(); status != 503 || reason != "no loop runs here" {
		t.Errorf("without a loop: %d %q", status, reason)
	}
	db, clock := &moody{Store: c.Store}, &stepClock{now: time.Now()}
	c.Agent = agent.New(agent.Config{Store: db, Data: c.Store.Dir(), Clock: clock, Interval: 10 * time.Second, Cycles: 7})
	d := open(t, c)
	if _, b := d.do("GET", "/ready", nil); string(b) != `{"ready":true}` {
		t.Errorf("/ready: %s", b)
	}
	sleeps := 0
	clock.sleep = func() {
		sleeps++
		status, reason := d.readiness()
		v := d.want(200, "GET", "/status", nil)
		switch sleeps {
		case 2:
			db.refuses = &store.Error{Op: "finish run", Kind: store.ErrFull}
		case 3, 4: // … is tried to be saved
			if loop := v["loop"].(m); status != 503 || !strings.Contains(reason, "the disk is full") || v["database"] != reason || loop["healthy"] != false {
				t.Errorf("with a full disk: %d %q, %v", status, reason, v)
			}
			if _, b := d.do("GET", "/health", nil); string(b) != "✅ AI Runtime Healthy" {
				t.Errorf("/health: %s", b)
			}
			db.refuses = nil
			if sleeps == 3 {
				db.refuses = &store.Error{Op: "finish run", Kind: store.ErrFull}
			}
		default:
			if status != 200 || v["database"] != "ok" {
				t.Errorf("after cycle %d: %d %q, %v", sleeps, status, reason, v)
			}
		}
	}
	if err := c.Agent.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if status, reason := d.readiness(); status != 503 || reason != "the loop has stopped" {
		t.Errorf("after its end: %d %q", status, reason)
	}
}

func TestWhatIsHistoryIsAWarning(t *testing.T) {
	c := withStore(t)
	db, clock := &moody{Store: c.Store, refuses: errors.New("refused by a trigger")}, &stepClock{now: time.Now()}
	c.Agent = agent.New(agent.Config{Store: db, Data: c.Store.Dir(), Clock: clock, Interval: 10 * time.Second, Cycles: 6})
	d := open(t, c)
	sleeps := 0
	clock.sleep = func() {
		if sleeps++; sleeps < 4 {
			return
		}
		if sleeps == 4 { // the run has gone to the dead letters
			if err := c.Store.SetEnabled(t.Context(), 1, false); err != nil {
				t.Error(err)
			}
			foreign(t, c.Store, `INSERT INTO infinite_map (iteration, task_description) VALUES (7, 'mine'), (8, 'mine')`)
			return
		}
		if status, reason := d.readiness(); status != 200 {
			t.Errorf("after cycle %d: %q", sleeps, reason)
		}
		loop := d.want(200, "GET", "/status", nil)["loop"].(m)
		if w, _ := loop["warnings"].([]any); len(w) != 2 || !strings.Contains(w[0].(string), "dead_letters.jsonl") || !strings.HasPrefix(w[1].(string), "2 rows of the infinite map are from another program") {
			t.Errorf("after cycle %d: %v", sleeps, loop)
		}
	}
	if err := c.Agent.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// foreign is another program's statement.
func foreign(t *testing.T, s *store.Store, query string) {
	t.Helper()
	db, err := sql.Open("sqlite", s.Path()+"?_pragma=busy_timeout(60000)")
	if err == nil {
		_, err = db.Exec(query)
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		t.Error(err)
	}
}
