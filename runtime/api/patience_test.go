package api

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// How long the Server waits for whom, by a clock that stands still while anything
// runs.

// pipes is a listener on nothing but this process.
type pipes struct {
	calls  chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.calls:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	close(p.closed)
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

// A patient speaks to a Server in a bubble of its own time.
type patient struct {
	*Server
	t     *testing.T
	pipes *pipes
}

// inItsOwnTime runs a test beside a Server whose clock is the test's.
func inItsOwnTime(t *testing.T, c Config, test func(*patient)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		p := &patient{s, t, &pipes{make(chan net.Conn), make(chan struct{})}}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Serve(ctx, p.pipes) }()
		test(p)
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the server ended: %v", err)
		}
	})
}

// call sends what is written, of which the server takes as much as it likes.
func (p *patient) call(request string) net.Conn {
	ours, theirs := net.Pipe()
	p.pipes.calls <- theirs
	go io.WriteString(ours, request)
	p.t.Cleanup(func() { ours.Close() })
	return ours
}

// post sends a body, and has the answer in time.
func (p *patient) post(path, body string) net.Conn {
	return p.call(fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", path, len(body), body))
}

// answer reads an answer: its status, 0 for none, and its JSON.
func (p *patient) answer(c net.Conn) (status int, retry string, v m) {
	p.t.Helper()
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0, "", nil
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil {
		p.t.Errorf("the answer: %v", err)
	}
	return res.StatusCode, res.Header.Get("Retry-After"), v
}

// took is how long f takes.
func took(f func()) time.Duration {
	began := time.Now()
	f()
	return time.Since(began)
}

// What comes too slowly is given up, not waited for.
func TestSlowRequestsAreGivenUp(t *testing.T) {
	inItsOwnTime(t, testConfig(), func(p *patient) {
		c := p.call("GET /health HTTP/1.1\r\nHost: loc")
		status := -1
		if d := took(func() { status, _, _ = p.answer(c) }); status != 0 || d != p.limits.header {
			t.Errorf("headers that never end are answered with %d after %v", status, d)
		}
		c = p.call("POST /api/pixel/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
		if d := took(func() { status, _, _ = p.answer(c) }); status != 400 || d != p.limits.request {
			t.Errorf("a body that never comes is answered with %d after %v", status, d)
		}
		c = p.call("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
		if _, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil {
			t.Error(err)
		}
		if d := took(func() { io.Copy(io.Discard, c) }); d != p.limits.idle {
			t.Errorf("a connection that is not used is ended after %v", d)
		}
	})
}

// Who asks for much and takes none of it does not keep its memory.
func TestAnAnswerThatNobodyTakesIsGivenUp(t *testing.T) {
	inItsOwnTime(t, testConfig(), func(p *patient) {
		c := p.post("/api/pixel/run", `{"source":".canvas 512 512 pixel\nCLS white\n"}`)
		if _, err := c.Read(make([]byte, 1)); err != nil { // the answer has begun
			t.Fatal(err)
		}
		free := func() int64 {
			p.quota.mu.Lock()
			defer p.quota.mu.Unlock()
			return p.quota.free
		}
		if free() == p.limits.memory {
			t.Error("the answer holds nothing")
		}
		<-time.After(p.limits.answer)
		synctest.Wait()
		if free() != p.limits.memory {
			t.Errorf("%d bytes are held", p.limits.memory-free())
		}
	})
}

// An endless engine runs a first frame, and never ends the next.
type endless struct{ engine.Engine }

func (e endless) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	if r, err := e.Engine.Frame(ctx, in, budget); err != nil || r.Status != isa.Framed {
		return r, err
	}
	<-ctx.Done()
	return machine.Report{}, ctx.Err()
}

func TestARunThatTakesTooLongIsEnded(t *testing.T) {
	config := testConfig()
	config.Engine = func(engine.Kind) (engine.Engine, error) { return endless{engine.NewCPU()}, nil }
	inItsOwnTime(t, config, func(p *patient) {
		c := p.post("/api/pixel/run", `{"source":"TXT 0 0 A\nloop:\nFRAME\nJMP loop\n","frames":10}`)
		var status int
		var v m
		d := took(func() { status, _, v = p.answer(c) })
		if status != 200 || d != p.limits.run || v["success"] != false || v["error_code"] != "time_limit" {
			t.Fatalf("%d after %v: %.300v", status, d, v)
		}
		if data := v["canvas_data"].([]any); len(data) != 32768 || data[0] != float64('A') {
			t.Errorf("%d numbers, the picture so far is %v", len(data), data[:4])
		}
	})
}

func TestARunThatWaitsTooLongIsToldToComeBack(t *testing.T) {
	config := testConfig()
	config.Runs = 1
	config.Engine = func(engine.Kind) (engine.Engine, error) { return endless{engine.NewCPU()}, nil }
	inItsOwnTime(t, config, func(p *patient) {
		const run = `{"source":"loop:\nFRAME\nJMP loop\n","frames":10}`
		first := p.post("/api/pixel/run", run)
		synctest.Wait()
		var status int
		var retry string
		second := p.post("/api/pixel/run", run)
		if d := took(func() { status, retry, _ = p.answer(second) }); status != 503 || retry == "" || d != p.limits.patience {
			t.Errorf("%d after %v", status, d)
		}
		if status, _, _ = p.answer(first); status != 200 {
			t.Errorf("the first: %d", status)
		}
	})
}

func TestASignOfLifeWhereNothingHappens(t *testing.T) {
	inItsOwnTime(t, testConfig(), func(p *patient) {
		res, err := http.ReadResponse(bufio.NewReader(p.call("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")), nil)
		if err != nil {
			t.Fatal(err)
		}
		s := &stream{t: t, text: bufio.NewReader(res.Body)}
		s.block()
		for range 3 {
			var b string
			if d := took(func() { b = s.block() }); b != ": alive\n" || d != p.limits.heartbeat {
				t.Errorf("%q after %v", b, d)
			}
		}
	})
}

// readers are those who read events now.
func (p *patient) readers() int {
	synctest.Wait()
	p.events.mu.Lock()
	defer p.events.mu.Unlock()
	return len(p.events.readers)
}

// Who asks only what would come is told that, and keeps no place.
func TestAHeadOfTheEventsEnds(t *testing.T) {
	inItsOwnTime(t, testConfig(), func(p *patient) {
		res, err := http.ReadResponse(bufio.NewReader(p.call("HEAD /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")), &http.Request{Method: "HEAD"})
		if err != nil || res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
			t.Fatalf("%v %v", res, err)
		}
		if n := p.readers(); n != 0 {
			t.Errorf("%d readers", n)
		}
	})
}

// A reader that takes nothing from its connection keeps no place: writing to it fails
// in time.
func TestAReaderThatTakesNothingIsLetGo(t *testing.T) {
	inItsOwnTime(t, testConfig(), func(p *patient) {
		p.call("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
		if n := p.readers(); n != 1 {
			t.Fatalf("%d readers", n)
		}
		p.EngineLost(strings.Repeat("x", 100))
		<-time.After(p.limits.event - 1)
		if n := p.readers(); n != 1 {
			t.Errorf("%d readers while there is time", n)
		}
		<-time.After(1)
		if n := p.readers(); n != 0 {
			t.Errorf("%d readers are left", n)
		}
	})
}

// Of frames in a row some are told.
func TestFramesAreToldNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(1)
		_, events, leave, _ := h.join("")
		defer leave()
		for range 10 {
			h.publish(event{Kind: "frame"})
			<-time.After(frameEvery / 4)
		}
		h.publish(event{Kind: "status"}) // nothing else waits for frames
		h.publish(event{Kind: "status"})
		if len(events) != 5 {
			t.Errorf("%d events of 10 frames and 2 others", len(events))
		}
	})
}
