package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gvpie/runtime/agent"
)

// frameEvery is the least time between two events about frames.
const frameEvery = 100 * time.Millisecond

// event is something that happened, as /api/events tells it.
type event struct {
	ID     uint64      `json:"id" doc:"counts up from 1 since this program was started"`
	Kind   string      `json:"kind" doc:"cycle_started, cycle_finished, run_finished, frame, offer, engine_lost, engine_regained, status; missed, which comes first where events were lost to the reader"`
	At     time.Time   `json:"at"`
	Run    *runEvent   `json:"run,omitempty"`
	Offer  *offerEvent `json:"offer,omitempty" doc:"one that has come, and waits for a person"`
	Loop   *loopStatus `json:"loop,omitempty" doc:"the loop right after it"`
	Frame  uint32      `json:"frame,omitempty" doc:"frames ended by the window's program"`
	Text   string      `json:"text,omitempty" doc:"what a person should know"`
	Missed uint64      `json:"missed,omitempty" doc:"how many events the reader cannot be told any more; after a restart at least so many"`
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

// eventGroups are the groups that ?kinds= names, and the events of each.
var eventGroups = map[string][]string{
	"cycle":  {"cycle_started", "cycle_finished", "status"},
	"run":    {"run_finished"},
	"frame":  {"frame"},
	"offer":  {"offer"},
	"engine": {"engine_lost", "engine_regained"},
}

// kindsOf reads which events are asked for; nil is all of them.
func kindsOf(c *request) (map[string]bool, error) {
	q, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "the query cannot be read: %v", err)
	}
	if !q.Has("kinds") {
		return nil, nil
	}
	wanted := map[string]bool{"missed": true}
	for group := range strings.SplitSeq(strings.Join(q["kinds"], ","), ",") {
		kinds, ok := eventGroups[strings.TrimSpace(group)]
		if !ok {
			return nil, refuse(http.StatusBadRequest, "kinds are some of cycle, run, frame, offer, engine, with commas between, not %q", clip(group))
		}
		for _, kind := range kinds {
			wanted[kind] = true
		}
	}
	return wanted, nil
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
		offers := offerTeller{s: s}
		offers.look(ctx)
		for {
			select {
			case <-ctx.Done():
				return
			case e := <-events:
				s.events.publish(eventOf(e))
				if e.Kind == agent.CycleFinished || e.Kind == agent.StatusChanged {
					offers.look(ctx)
				}
			}
		}
	}
}

// loopEvents are the events of the loop by their names on the wire.
var loopEvents = map[string]agent.EventKind{
	"status":         agent.StatusChanged,
	"cycle_started":  agent.CycleStarted,
	"cycle_finished": agent.CycleFinished,
	"run_finished":   agent.RunFinished,
}

// eventOf is an event of the loop on the wire.
func eventOf(e agent.Event) event {
	out := event{Loop: loopOf(e.Status, skippedTold)}
	for name, kind := range loopEvents {
		if kind == e.Kind {
			out.Kind = name
		}
	}
	if r := e.Run; r != nil {
		out.Run = &runEvent{ID: r.ID, Source: clipTo(r.Script, nameMost), Success: r.Success, Backend: r.Backend, DurationMS: milliseconds(r.Duration), Summary: clipTo(r.Summary, sentenceMost)}
	}
	return out
}

// FrameFinished tells readers of events that the window's program has ended a
// frame; of many in a row it tells of some. It never waits.
func (s *Server) FrameFinished(frame uint32) { s.events.publish(event{Kind: "frame", Frame: frame}) }

// EngineLost tells readers of events that the GPU went away, and why.
func (s *Server) EngineLost(why string) {
	s.events.publish(event{Kind: "engine_lost", Text: clipTo(why, sentenceMost)})
}

// EngineRegained tells readers of events that the GPU is back.
func (s *Server) EngineRegained(adapter string) {
	s.events.publish(event{Kind: "engine_regained", Text: adapter})
}

// getEvents streams events until the caller leaves, falls behind, or the Server
// stops.
func (c *request) getEvents() error {
	wanted, err := kindsOf(c)
	if err != nil {
		return err
	}
	missed, events, leave, ok := c.events.join(c.r.Header.Get("Last-Event-ID"))
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
	tell := func(e event) bool {
		if wanted != nil && !wanted[e.Kind] {
			return true
		}
		b, err := c.events.encode(e)
		return err == nil && write(b)
	}
	for _, e := range missed {
		if !tell(e) {
			return nil
		}
	}
	alive := time.NewTicker(c.limits.heartbeat)
	defer alive.Stop()
	for {
		select {
		case <-c.r.Context().Done():
			return nil
		case <-alive.C:
			if !write([]byte(": alive\n\n")) {
				return nil
			}
		case e, ok := <-events:
			if !ok || !tell(e) { // too far behind, or gone
				return nil
			}
		}
	}
}
