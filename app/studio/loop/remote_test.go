package loop

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/host"
)

// startDaemon runs the services of a folder as another process would, until stop is
// called or the test ends. It returns when the first cycle is over.
func startDaemon(t *testing.T, dir string) (stop func()) {
	t.Helper()
	h, err := host.Open(context.Background(), host.Config{Data: dir, Name: "gvpie daemon", Addr: "127.0.0.1:0", Clock: newHandClock()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	asleep := make(chan struct{})
	go func() {
		ended <- h.Run(ctx, func(l *agent.Agent) {
			events, leave := l.Watch()
			go func() {
				defer leave()
				for e := range events {
					if e.Status.Phase == agent.Sleeping {
						close(asleep)
						return
					}
				}
			}()
		})
	}()
	select {
	case <-asleep:
	case err := <-ended:
		t.Fatalf("the loop has ended: %v", err)
	}
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(stop)
	return stop
}

func TestADrivenLoopIsTakenOverWhenItsProcessEnds(t *testing.T) {
	dir := t.TempDir()
	stop := startDaemon(t, dir)
	clock := pulse{newHandClock(), make(chan time.Time)}
	d := newDesk(t, Config{Data: dir, Run: true, Clock: clock})
	d.beating(clock, "the loop is driven", func() bool { return d.State() == Driven && d.Listed() })
	if h := d.Holder(); h.What != "gvpie daemon" || h.PID != os.Getpid() || h.API == "" {
		t.Errorf("the loop is said to be of %+v", h)
	}
	d.Pause()
	d.until("it is paused", func() bool { return d.Status().Paused })
	stopped := make(chan struct{})
	go func() { stop(); close(stopped) }()
	d.beating(clock, "the loop runs here", func() bool { return d.State() == Running })
	<-stopped
	d.until("its first cycle is over", func() bool { return d.Status().Runs == 1 && d.Status().Phase == agent.Sleeping })
	if !d.Holder().Nobody() || d.LastError() != "" || d.Status().Paused {
		t.Errorf("held by %v, paused %v, last error %q", d.Holder(), d.Status().Paused, d.LastError())
	}
	d.Pause()
	d.until("it is paused", func() bool { return d.Status().Paused })
}

// held is a folder whose loop another process has, which answers at no API yet.
func held(t *testing.T) (string, *agent.Lock) {
	t.Helper()
	dir := t.TempDir()
	lock, err := agent.TakeLock(dir, "gvpie daemon", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lock.Release() })
	return dir, lock
}

// standIn is an API of which the test decides what it answers.
func standIn(t *testing.T, answer http.HandlerFunc) (addr string, s *httptest.Server) {
	t.Helper()
	s = httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://"), s
}

func TestAnAPIThatDoesNotAnswerIsASentence(t *testing.T) {
	dir, lock := held(t)
	addr, gone := standIn(t, nil)
	gone.Close()
	if err := lock.Answers(addr); err != nil {
		t.Fatal(err)
	}
	clock := pulse{newHandClock(), make(chan time.Time)}
	d := newDesk(t, Config{Data: dir, Run: true, Clock: clock})
	d.until("it is said", func() bool { return d.LastError() != "" && d.Listed() })
	if s := d.LastError(); !strings.HasPrefix(s, fmt.Sprintf("The loop of gvpie daemon (process %d) can only be looked at: the API does not answer: ", os.Getpid())) || d.MayWrite() || d.State() != ReadOnly {
		t.Errorf("%q in state %v", s, d.State())
	}
	if err := lock.Answers(""); err != nil {
		t.Fatal(err)
	}
	d.beating(clock, "there is no API to miss", func() bool { return d.LastError() == "" && d.Holder().API == "" })
}

func TestAnAPIThatIsBackIsFollowedAgain(t *testing.T) {
	dir, lock := held(t)
	ends := make(chan struct{}) // takes one for each stream that is to end
	var streams atomic.Int64
	refuses := make(chan bool, 1)
	refuses <- false
	addr, _ := standIn(t, func(w http.ResponseWriter, r *http.Request) {
		no := <-refuses
		refuses <- no
		switch {
		case no:
			http.Error(w, `{"success": false, "error": "it is too much"}`, http.StatusServiceUnavailable)
		case r.URL.Path == "/status":
			fmt.Fprintf(w, `{"loop": {"cycle": %d, "phase": "sleeping"}}`, streams.Load())
		case r.URL.Path == "/ready":
			io.WriteString(w, `{"ready": true}`)
		default:
			streams.Add(1)
			http.NewResponseController(w).Flush()
			select {
			case <-r.Context().Done():
			case <-ends:
			}
		}
	})
	if err := lock.Answers(addr); err != nil {
		t.Fatal(err)
	}
	clock := pulse{newHandClock(), make(chan time.Time)}
	d := newDesk(t, Config{Data: dir, Run: true, Clock: clock})
	d.until("it is followed", func() bool { return d.State() == Driven && d.Status().Cycle == 1 && d.Listed() })
	ends <- struct{}{}
	d.beating(clock, "it is followed again", func() bool {
		if d.LastError() != "" { // the process may be about to end
			t.Fatalf("a stream that has ended is a fault: %q", d.LastError())
		}
		return d.Status().Cycle == 2
	})
	<-refuses
	refuses <- true
	d.RunNow()
	d.until("the refusal is told", func() bool { return len(d.notices) == 1 })
	if !strings.Contains(d.notices[0], "it is too much") || d.State() != Driven {
		t.Errorf("%q in state %v", d.notices, d.State())
	}
	ends <- struct{}{}
	d.beating(clock, "it is said that it cannot be followed", func() bool { return d.State() == ReadOnly && strings.Contains(d.LastError(), "it is too much") })
	<-refuses
	refuses <- false
	d.beating(clock, "it is followed once more", func() bool { return d.State() == Driven && d.LastError() == "" })
}
