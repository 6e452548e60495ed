package api

import (
	"bufio"
	"encoding/json"
	"fmt"
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
	id   string // of the last event
}

func (d *client) listen(t *testing.T) *stream {
	t.Helper()
	return d.listenFrom(t, "", "")
}

// listenFrom reads the events of a query, as who had the one of an id last.
func (d *client) listenFrom(t *testing.T, query, last string) *stream {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+d.addr+"/api/events"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	res, err := d.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%s %s", res.Status, res.Header.Get("Content-Type"))
	}
	t.Cleanup(func() { res.Body.Close() })
	s := &stream{t: t, res: res, text: bufio.NewReader(res.Body)}
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
			if v, ok := strings.CutPrefix(line, "id: "); ok {
				s.id = strings.TrimSpace(v)
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
	d.FrameFinished(7)
	if e := s.next(); e.Kind != "frame" || e.Frame != 7 {
		t.Errorf("%+v", e)
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

// A reader that does not read is dropped; those that do get everything.
func TestASlowReaderIsDroppedAndOthersAreNot(t *testing.T) {
	h := newHub(4)
	_, slow, leave, ok := h.join("")
	if !ok {
		t.Fatal("no room")
	}
	_, quick, quit, _ := h.join("")
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

func TestAReaderThatComesBackIsToldWhatItMissed(t *testing.T) {
	d := open(t, testConfig())
	s := d.listen(t)
	d.EngineLost("one")
	s.next()
	last := s.id
	s.res.Body.Close()
	d.EngineLost("two")
	d.EngineLost("three")
	s = d.listenFrom(t, "", last)
	for _, want := range []string{"two", "three"} {
		if e := s.next(); e.Text != want {
			t.Errorf("%+v, want %s", e, want)
		}
	}
	d.EngineLost("four")
	if e := s.next(); e.Text != "four" {
		t.Errorf("%+v: after what was missed comes what happens", e)
	}
	// Of what is not kept it is told how much there was.
	for range ringRoom + 10 {
		d.EngineLost("many")
	}
	s = d.listenFrom(t, "", last)
	if e := s.next(); e.Kind != "missed" || e.Missed != 3+10 || e.Text == "" {
		t.Errorf("%+v", e)
	}
	for range ringRoom {
		if e := s.next(); e.Text != "many" {
			t.Errorf("%+v", e)
		}
	}
}

// After a restart the numbers begin again: an id of before is none of them.
func TestARestartReadsAsMissedEvents(t *testing.T) {
	old := open(t, testConfig())
	s := old.listen(t)
	old.EngineLost("old")
	s.next()
	for name, last := range map[string]string{"an earlier start": s.id, "no id of ours": "7", "an id to come": ""} {
		d := open(t, testConfig())
		d.EngineLost("new")
		if last == "" {
			last = d.events.start + "-99"
		}
		s := d.listenFrom(t, "", last)
		if e := s.next(); e.Kind != "missed" || e.Missed == 0 {
			t.Errorf("%s: %+v", name, e)
		}
		if e := s.next(); e.Text != "new" {
			t.Errorf("%s: then %+v", name, e)
		}
		// Whoever asks for some kinds is told of it as well.
		if e := d.listenFrom(t, "?kinds=run", last).next(); e.Kind != "missed" {
			t.Errorf("%s: of some kinds %+v", name, e)
		}
	}
}

// What is told again begins with the first event that is kept, and with how many there
// were before it, to the one.
func TestTheRingTellsWhatItKeepsAndCountsTheRest(t *testing.T) {
	h := newHub(4)
	for range ringRoom + 2 {
		h.publish(event{Kind: "status"})
	}
	for had, want := range map[int]struct{ lost, kept int }{
		0: {2, ringRoom}, 1: {1, ringRoom}, 2: {0, ringRoom}, 3: {0, ringRoom - 1}, ringRoom + 1: {0, 1}, ringRoom + 2: {0, 0},
	} {
		missed, _, leave, _ := h.join(fmt.Sprintf("%s-%d", h.start, had))
		leave()
		lost := 0
		if len(missed) > 0 && missed[0].Kind == "missed" {
			lost, missed = int(missed[0].Missed), missed[1:]
		}
		if lost != want.lost || len(missed) != want.kept || len(missed) > 0 && missed[0].ID != uint64(had+want.lost+1) {
			t.Errorf("after event %d: %d are lost and %d kept, want %+v", had, lost, len(missed), want)
		}
	}
}

// Frames are many and each says all that the one before did: they push nothing else
// out of the ring, and none of them is missed.
func TestFramesLeaveTheRingToOthers(t *testing.T) {
	h := newHub(4)
	h.publish(event{Kind: "status", Text: "first"})
	for range 2 * ringRoom {
		h.frame = time.Time{}
		h.publish(event{Kind: "frame"})
	}
	missed, _, leave, _ := h.join(h.start + "-0")
	defer leave()
	if len(missed) != 2 || missed[0].Text != "first" || missed[1].ID != 2*ringRoom+1 {
		t.Errorf("%+v", missed)
	}
}

// Each kind of event is of one group, which says what it is about.
func TestEveryKindOfEventIsOfItsGroup(t *testing.T) {
	d := open(t, testConfig())
	groups := map[string][]string{
		"cycle": {"cycle_started", "cycle_finished", "status"}, "run": {"run_finished"}, "frame": {"frame"}, "engine": {"engine_lost", "engine_regained"},
	}
	readers := map[string]*stream{}
	for group := range groups {
		readers[group] = d.listenFrom(t, "?kinds="+group, "")
	}
	for _, kind := range []agent.EventKind{agent.CycleStarted, agent.CycleFinished, agent.StatusChanged, agent.RunFinished} {
		d.events.publish(eventOf(agent.Event{Kind: kind}))
	}
	d.FrameFinished(1)
	d.EngineLost("lost")
	d.EngineRegained("here")
	for group, kinds := range groups {
		for _, kind := range kinds {
			if e := readers[group].next(); e.Kind != kind {
				t.Errorf("of %s comes %+v, want %s", group, e, kind)
			}
		}
	}
}

func TestEventsOfTheKindsAskedFor(t *testing.T) {
	d := open(t, testConfig())
	s := d.listenFrom(t, "?kinds=engine,run", "")
	both := d.listenFrom(t, "?kinds=frame&kinds=cycle", "")
	d.FrameFinished(1)
	d.EngineLost("lost")
	d.events.publish(event{Kind: "cycle_started"})
	d.want(200, "POST", "/api/pixel/run", m{"source": hello})
	for _, want := range []string{"engine_lost", "run_finished"} {
		if e := s.next(); e.Kind != want {
			t.Errorf("%+v, want %s", e, want)
		}
	}
	for _, want := range []string{"frame", "cycle_started"} {
		if e := both.next(); e.Kind != want {
			t.Errorf("%+v, want %s", e, want)
		}
	}
	for _, bad := range []string{"", "cycles", "run,", "run_finished"} {
		d.want(400, "GET", "/api/events?kinds="+bad, nil)
	}
}
