package api

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
)

// stream reads /api/events.
type stream struct {
	t    *testing.T
	res  *http.Response
	text *bufio.Reader
}

func (d *client) listen(t *testing.T) *stream {
	t.Helper()
	res, err := d.client.Get("http://" + d.addr + "/api/events")
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%s %s", res.Status, res.Header.Get("Content-Type"))
	}
	t.Cleanup(func() { res.Body.Close() })
	s := &stream{t, res, bufio.NewReader(res.Body)}
	if !strings.Contains(s.block(), "retry:") {
		t.Error("the stream begins without saying when to come back")
	}
	return s
}

// block reads up to an empty line.
func (s *stream) block() string {
	s.t.Helper()
	var b strings.Builder
	for {
		line, err := s.text.ReadString('\n')
		if err != nil {
			s.t.Fatalf("the stream ended: %v", err)
		}
		if line == "\n" {
			return b.String()
		}
		b.WriteString(line)
	}
}

// next gives the next event.
func (s *stream) next() event {
	s.t.Helper()
	for {
		block := s.block()
		kind, data := "", ""
		for line := range strings.Lines(block) {
			if v, ok := strings.CutPrefix(line, "event: "); ok {
				kind = strings.TrimSpace(v)
			}
			if v, ok := strings.CutPrefix(line, "data: "); ok {
				data = v
			}
		}
		if kind == "" {
			continue // a sign of life
		}
		var e event
		if err := json.Unmarshal([]byte(data), &e); err != nil || e.Kind != kind {
			s.t.Fatalf("%q: %v", block, err)
		}
		return e
	}
}

func TestEventsTellOfRunsFramesAndEngines(t *testing.T) {
	d := open(t, testConfig())
	s := d.listen(t)
	d.want(200, "POST", "/api/pixel/run", m{"source": hello, "backend": "gpu"})
	if e := s.next(); e.Kind != "run_finished" || e.Run == nil || e.Run.Source != "api" || !e.Run.Success || e.Run.Backend != "GPU" || e.Run.Cycles != 2 || e.At.IsZero() {
		t.Errorf("%+v", e)
	}
	d.EngineLost("the driver ended")
	if e := s.next(); e.Kind != "engine_lost" || e.Text != "the driver ended" {
		t.Errorf("%+v", e)
	}
	d.EngineRegained("test adapter")
	if e := s.next(); e.Kind != "engine_regained" {
		t.Errorf("%+v", e)
	}
	for f := range uint32(100) { // in a row: some are told
		d.FrameFinished(f)
	}
	d.EngineLost("again")
	frames := 0
	for e := s.next(); e.Kind != "engine_lost"; e = s.next() {
		if e.Kind != "frame" {
			t.Errorf("%+v", e)
		}
		frames++
	}
	if frames < 1 || frames > 50 {
		t.Errorf("%d frames of 100 were told", frames)
	}
}

func TestEventsTellOfTheLoop(t *testing.T) {
	c := withStore(t)
	loop := agent.New(agent.Config{Store: c.Store, Data: c.Store.Dir(), Engine: func() engine.Engine { return engine.NewCPU() }, Cycles: 1, Interval: time.Second})
	c.Agent = loop
	d := open(t, c)
	s := d.listen(t)
	// The server watches the loop before it listens to anybody: what it does from
	// now on is told.
	ended := make(chan error, 1)
	go func() { ended <- loop.Run(t.Context()) }()
	seen := map[string]bool{}
	for !seen["cycle_finished"] {
		e := s.next()
		seen[e.Kind] = true
		if e.Loop == nil || e.Loop.Phase == "" {
			t.Errorf("an event of the loop without its status: %+v", e)
		}
	}
	if !seen["cycle_started"] || !seen["run_finished"] {
		t.Errorf("seen: %v", seen)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if v := d.want(200, "GET", "/status", nil); v["cycle"] != 1.0 || v["loop"].(m)["runs"].(float64) < 1 {
		t.Errorf("/status: %v", v)
	}
}

func TestASignOfLifeWhereNothingHappens(t *testing.T) {
	c := testConfig()
	c.limits.heartbeat = time.Millisecond
	d := open(t, c)
	if b := d.listen(t).block(); !strings.HasPrefix(b, ":") {
		t.Errorf("%q", b)
	}
}

// A reader that does not read is dropped; those that do get everything.
func TestASlowReaderIsDroppedAndOthersAreNot(t *testing.T) {
	h := newHub(4)
	slow, leave, ok := h.join()
	if !ok {
		t.Fatal("no room")
	}
	quick, quit, _ := h.join()
	defer quit()
	got := 0
	for range 3 * readerRoom {
		h.publish(event{Kind: "status"})
		<-quick
		got++
	}
	for range readerRoom {
		<-slow
	}
	if _, ok := <-slow; ok {
		t.Error("the slow reader is still served")
	}
	leave() // after it was dropped: nothing happens
	if len(h.readers) != 1 {
		t.Errorf("%d readers are left", len(h.readers))
	}
}

// One that takes nothing from its connection keeps neither a goroutine nor a
// place: writing to it fails in time.
func TestAReaderThatTakesNothingIsLetGo(t *testing.T) {
	c := testConfig()
	c.limits.event = 50 * time.Millisecond
	d := open(t, c)
	conn, err := net.Dial("tcp", d.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.(*net.TCPConn).SetReadBuffer(1 << 10); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	readers := func() int {
		d.events.mu.Lock()
		defer d.events.mu.Unlock()
		return len(d.events.readers)
	}
	for readers() == 0 {
		d.do("GET", "/health", nil)
	}
	long := strings.Repeat("x", 64<<10)
	for readers() > 0 {
		d.EngineLost(long)
		d.do("GET", "/health", nil)
	}
}

func TestOnlySoManyReadEvents(t *testing.T) {
	c := testConfig()
	c.limits.readers = 1
	d := open(t, c)
	d.listen(t)
	d.want(503, "GET", "/api/events", nil)
}

func TestStoppingEndsTheStreams(t *testing.T) {
	d := open(t, testConfig())
	s := d.listen(t)
	d.stop()
	if _, err := s.text.ReadString('\n'); err == nil {
		t.Error("the stream goes on")
	}
}
