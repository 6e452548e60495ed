package api

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

// fill gives every field of a struct a value that is not its zero.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; name == "pulse" || name == "Database" || name == "Improve" {
			continue // what the loop judges itself by, and what is told beside the loop, of which one has a call of its own
		}
		switch f := v.Field(i); f.Interface().(type) {
		case time.Time:
			f.Set(reflect.ValueOf(time.Date(2026, 11, 27, 12, 0, i, 7, time.UTC)))
		case agent.Phase:
			f.Set(reflect.ValueOf(agent.Sleeping))
		case int, int64:
			f.SetInt(int64(i + 1))
		case bool:
			f.SetBool(true)
		case string:
			f.SetString(fmt.Sprintf("text %d", i))
		case []string:
			f.Set(reflect.ValueOf([]string{"a sentence"}))
		case []store.Skipped:
			f.Set(reflect.ValueOf([]store.Skipped{{}}))
			fill(t, f.Index(0))
		default:
			t.Fatalf("%s is a %s, which this test cannot fill", v.Type().Field(i).Name, f.Type())
		}
	}
}

func TestTheLoopsStatusComesOverTheWireAsItIs(t *testing.T) {
	var s agent.Status
	fill(t, reflect.ValueOf(&s).Elem())
	if got := statusOf(*loopOf(s, 1)); !reflect.DeepEqual(got, s) {
		t.Errorf("%+v\nbecame %+v", s, got)
	}
	for p := agent.Starting; p <= agent.Stopped; p++ {
		if got := statusOf(*loopOf(agent.Status{Phase: p}, 1)); !reflect.DeepEqual(got, agent.Status{Phase: p}) {
			t.Errorf("%v became %+v", p, got)
		}
	}
	for _, k := range []agent.EventKind{agent.StatusChanged, agent.CycleStarted, agent.CycleFinished, agent.RunFinished} {
		if e := eventOf(agent.Event{Kind: k}); e.Kind == "" || loopEvents[e.Kind] != k {
			t.Errorf("event %d is %q on the wire", k, e.Kind)
		}
	}
}

// steered is a Server with a loop that has not begun, and a Client of it.
func steered(t *testing.T, token string) (*client, *Client) {
	t.Helper()
	c := withStore(t)
	c.Token = always(token)
	c.Agent = agent.New(agent.Config{Store: c.Store, Data: c.Store.Dir(), Cycles: 2, Interval: 10 * time.Millisecond})
	d := open(t, c)
	remote := NewClient(c.Store.Dir(), d.addr)
	t.Cleanup(remote.Close)
	return d, remote
}

func TestAClientSteersTheLoop(t *testing.T) {
	ctx := t.Context()
	d, c := steered(t, "")
	db := d.config.Store
	if err := c.Pause(ctx); err != nil || !d.config.Agent.Status().Paused {
		t.Errorf("paused: %+v, %v", d.config.Agent.Status(), err)
	}
	if err := c.Resume(ctx); err != nil || d.config.Agent.Status().Paused {
		t.Errorf("resumed: %+v, %v", d.config.Agent.Status(), err)
	}
	hello, err := db.Script(ctx, "hello_gpu")
	if err != nil {
		t.Fatal(err)
	}
	for _, on := range []bool{false, true, false} {
		if err := c.EnableScript(ctx, hello.ID, on); err != nil {
			t.Error(err)
		}
		if s, err := db.ScriptByID(ctx, hello.ID); err != nil || s.Enabled != on || s.Code != hello.Code {
			t.Errorf("on %v: %+v, %v", on, s, err)
		}
	}
	if err := errors.Join(c.AddGoal(ctx, "draw a house", 7), c.AddGoal(ctx, "and a tree", 1), c.FinishGoal(ctx, 1)); err != nil {
		t.Error(err)
	}
	if goals, err := db.Goals(ctx, store.Page{Limit: 9}); err != nil || len(goals) != 2 || goals[1].Goal != "draw a house" || goals[1].Priority != 7 || !goals[1].Completed || goals[0].Completed {
		t.Errorf("%+v, %v", goals, err)
	}
	// The script is off: what it runs is what was asked for, and the second cycle too.
	if err := errors.Join(c.RunScript(ctx, hello.ID), c.RunCycle(ctx)); err != nil {
		t.Fatal(err)
	}
	if err := d.config.Agent.Run(ctx); err != nil {
		t.Error(err)
	}
	if s, err := db.ScriptByID(ctx, hello.ID); err != nil || s.RunCount != 1 || d.config.Agent.Status().Cycle != 2 {
		t.Errorf("%d runs in %d cycles, %v", s.RunCount, d.config.Agent.Status().Cycle, err)
	}
}

func TestWhatTheAPIRefusesAClientIsASentence(t *testing.T) {
	ctx := t.Context()
	d, c := steered(t, strings.Repeat("secret", 8))
	said := func(err error) string {
		t.Helper()
		if err == nil {
			t.Fatal("no error")
		}
		return err.Error()
	}
	if s := said(c.Pause(ctx)); !strings.Contains(s, "needs the token") {
		t.Error(s)
	}
	if err := os.WriteFile(filepath.Join(d.config.Store.Dir(), tokenName), []byte(d.config.Token(t.Context())+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Pause(ctx); err != nil {
		t.Error(err)
	}
	if s := said(c.RunScript(ctx, 99)); !strings.HasPrefix(s, "the API refuses it: ") || strings.Contains(s, "404") {
		t.Error(s)
	}
	if s := said(c.AddGoal(ctx, "", 5)); !strings.Contains(s, "goal is missing") {
		t.Error(s)
	}
	d.config.Agent = nil
	if s := said(c.Pause(ctx)); !strings.Contains(s, "no loop runs here") {
		t.Error(s)
	}
	if err := c.Follow(ctx, func(agent.Event) { t.Error("there is news of a loop that is not there") }); !errors.Is(err, errNoLoop) {
		t.Error(err)
	}
	d.stop()
	if s := said(c.Pause(ctx)); !strings.HasPrefix(s, "the API does not answer: ") {
		t.Error(s)
	}
}

func TestAClientFollowsTheLoopUntilTheAPIEnds(t *testing.T) {
	d, c := steered(t, "")
	events, ended := make(chan agent.Event, 64), make(chan error, 1)
	go func() { ended <- c.Follow(t.Context(), func(e agent.Event) { events <- e }) }()
	if e := <-events; e.Kind != agent.StatusChanged || e.Status.Phase != agent.Starting {
		t.Errorf("first %+v", e)
	}
	if err := c.RunCycle(t.Context()); err != nil { // the second cycle comes at once
		t.Fatal(err)
	}
	if err := d.config.Agent.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	kinds := map[agent.EventKind]int{}
	for last := (agent.Event{}); last.Status.Phase != agent.Stopped; {
		last = <-events
		kinds[last.Kind]++
	}
	if kinds[agent.CycleStarted] != 2 || kinds[agent.CycleFinished] != 2 || kinds[agent.RunFinished] != 2 || kinds[agent.StatusChanged] == 0 {
		t.Errorf("events by their kind: %v", kinds)
	}
	d.stop()
	if err := <-ended; err == nil {
		t.Error("it has ended without an error")
	}
}

func TestAClientIsToldWhetherTheLoopIsReady(t *testing.T) {
	d, c := steered(t, "")
	if why, err := c.Ready(t.Context()); why != "" || err != nil {
		t.Errorf("%q, %v", why, err)
	}
	if err := d.config.Agent.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if why, err := c.Ready(t.Context()); why != "the loop has stopped" || err != nil {
		t.Errorf("%q, %v", why, err)
	}
	for _, path := range []string{"/health?", "/status?"} {
		other := NewClient("", d.addr+path)
		if why, err := other.Ready(t.Context()); why != "" || err == nil {
			t.Errorf("%q of %s is taken for an answer, %v", why, path, err)
		}
		other.Close()
	}
}

func TestAClientOfWhoListensEverywhereCallsThisComputer(t *testing.T) {
	for addr, want := range map[string]string{
		"[::]:8081": "http://[::1]:8081", "0.0.0.0:81": "http://127.0.0.1:81", "127.0.0.1:9": "http://127.0.0.1:9", "192.0.2.1:80": "http://192.0.2.1:80",
	} {
		if c := NewClient("", addr); c.base != want {
			t.Errorf("%s is called %s", addr, c.base)
		}
	}
}

// An API that takes a call and says nothing is given up.
func TestAClientWaitsForNobodyForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClient("", "127.0.0.1:8081")
		var begun atomic.Bool // the stream of events begins, and brings nothing but some signs of life
		var others []net.Conn
		c.calls.Transport.(*http.Transport).DialContext = func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			others = append(others, theirs)
			go func() {
				b := make([]byte, 1<<12)
				n, _ := theirs.Read(b)
				answer, beats := "", 0 // signs of life
				switch {
				case begun.Load() && strings.HasPrefix(string(b[:n]), "GET /api/events"):
					answer, beats = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", 10
				case begun.Load():
					answer = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"loop\":{}}"
				}
				theirs.Write([]byte(answer))
				for range beats {
					time.Sleep(clientSilence / 3)
					theirs.Write([]byte(": alive\n\n"))
				}
			}()
			return ours, nil
		}
		began := time.Now()
		if err := c.Pause(t.Context()); err == nil || time.Since(began) != clientPatience {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		begun.Store(true)
		began = time.Now()
		told := 0
		if err := c.Follow(t.Context(), func(agent.Event) { told++ }); err == nil || told != 1 || time.Since(began) != 10*clientSilence/3+clientSilence {
			t.Errorf("after %v and %d events: %v", time.Since(began), told, err)
		}
		c.Close()
		for _, o := range others {
			o.Close()
		}
	})
}
