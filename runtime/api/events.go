package api

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"gvpie/runtime/agent"
)

// readerRoom is how many events a reader may be behind before it is dropped.
const readerRoom = 64

// frameEvery is the least time between two events about frames.
const frameEvery = 100 * time.Millisecond

// event is something that happened, as /api/events tells it.
type event struct {
	ID    uint64      `json:"id" doc:"counts up from 1"`
	Kind  string      `json:"kind" doc:"cycle_started, cycle_finished, run_finished, frame, engine_lost, engine_regained, status"`
	At    time.Time   `json:"at"`
	Run   *runEvent   `json:"run,omitempty"`
	Loop  *loopStatus `json:"loop,omitempty" doc:"the loop right after it"`
	Frame uint32      `json:"frame,omitempty" doc:"frames ended by the window's program"`
	Text  string      `json:"text,omitempty" doc:"what a person should know"`
}

type runEvent struct {
	ID         int64   `json:"id,omitempty" doc:"its row, if it has one"`
	Source     string  `json:"source" doc:"api, or the name of a script"`
	Success    bool    `json:"success"`
	Backend    string  `json:"backend"`
	Cycles     uint64  `json:"cycles_executed,omitempty"`
	DurationMS float64 `json:"duration_ms"`
	Summary    string  `json:"summary,omitempty"`
}

// A hub tells every reader of events what happened, and waits for none: a reader
// that is too far behind is dropped.
type hub struct {
	mu      sync.Mutex
	most    int
	last    uint64
	frame   time.Time
	readers map[chan event]struct{}
}

func newHub(most int) *hub { return &hub{most: most, readers: map[chan event]struct{}{}} }

// join gives the events from now on; the channel is closed when its reader is
// dropped. ok is false when there are too many readers.
func (h *hub) join() (events <-chan event, leave func(), ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.readers) >= h.most {
		return nil, nil, false
	}
	c := make(chan event, readerRoom)
	h.readers[c] = struct{}{}
	return c, func() { h.drop(c) }, true
}

func (h *hub) drop(c chan event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.dropLocked(c)
}

func (h *hub) dropLocked(c chan event) {
	if _, ok := h.readers[c]; ok {
		delete(h.readers, c)
		close(c)
	}
}

func (h *hub) publish(e event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e.At = time.Now().UTC()
	if e.Kind == "frame" {
		if e.At.Sub(h.frame) < frameEvery {
			return
		}
		h.frame = e.At
	}
	h.last++
	e.ID = h.last
	for c := range h.readers {
		select {
		case c <- e:
		default:
			h.dropLocked(c)
		}
	}
}

// watch begins to tell readers of events what the loop does, and returns what
// goes on telling until ctx ends.
func (s *Server) watch(ctx context.Context) (forward func()) {
	if s.config.Agent == nil {
		return func() {}
	}
	events, cancel := s.config.Agent.Watch()
	return func() {
		defer cancel()
		for {
			select {
			case <-ctx.Done():
				return
			case e := <-events:
				s.events.publish(eventOf(e))
			}
		}
	}
}

// eventOf is an event of the loop on the wire.
func eventOf(e agent.Event) event {
	out := event{Kind: "status", Loop: loopOf(e.Status)}
	switch e.Kind {
	case agent.CycleStarted:
		out.Kind = "cycle_started"
	case agent.CycleFinished:
		out.Kind = "cycle_finished"
	case agent.RunFinished:
		out.Kind = "run_finished"
	}
	if r := e.Run; r != nil {
		out.Run = &runEvent{ID: r.ID, Source: r.Script, Success: r.Success, Backend: r.Backend, DurationMS: milliseconds(r.Duration), Summary: r.Summary}
	}
	return out
}

// FrameFinished tells readers of events that the window's program has ended a
// frame; of many in a row it tells of some. It never waits.
func (s *Server) FrameFinished(frame uint32) { s.events.publish(event{Kind: "frame", Frame: frame}) }

// EngineLost tells readers of events that the GPU went away, and why.
func (s *Server) EngineLost(why string) { s.events.publish(event{Kind: "engine_lost", Text: why}) }

// EngineRegained tells readers of events that the GPU is back.
func (s *Server) EngineRegained(adapter string) {
	s.events.publish(event{Kind: "engine_regained", Text: adapter})
}

// getEvents streams events until the caller leaves, falls behind, or the Server
// stops.
func (c *request) getEvents() error {
	events, leave, ok := c.events.join()
	if !ok {
		return later(http.StatusServiceUnavailable, 10, "%d programs read events already", c.limits.readers)
	}
	defer leave()
	out := http.NewResponseController(c.w)
	c.w.Header().Set("Content-Type", "text/event-stream")
	c.w.WriteHeader(http.StatusOK)
	write := func(b []byte) bool {
		_ = out.SetWriteDeadline(time.Now().Add(c.limits.event))
		if _, err := c.w.Write(b); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	if !write([]byte("retry: 2000\n: events of gvpie\n\n")) || c.r.Method == http.MethodHead {
		return nil
	}
	alive := time.NewTicker(c.limits.heartbeat)
	defer alive.Stop()
	for {
		var b []byte
		select {
		case <-c.r.Context().Done():
			return nil
		case <-alive.C:
			b = []byte(": alive\n\n")
		case e, ok := <-events:
			if !ok {
				return nil // too far behind
			}
			text, err := marshal(e)
			if err != nil {
				return nil
			}
			b = append(b, "id: "...)
			b = strconv.AppendUint(b, e.ID, 10)
			b = append(append(append(b, "\nevent: "...), e.Kind...), "\ndata: "...)
			b = append(append(b, text...), "\n\n"...)
		}
		if !write(b) {
			return nil
		}
	}
}
