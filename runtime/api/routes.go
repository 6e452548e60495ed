package api

import (
	"net/http"
	"time"
)

// A route is one call of the API: what serves it, and all that its description
// says. The body and answer are zero values of what is read and written.
type route struct {
	method, path string
	id           string // operationId
	doc          string
	query        []param
	body         any    // nil: none is read
	answer       any    // nil: media says what comes
	media        string // of an answer that is not JSON
	status       int    // when it went well; 0: 200
	refusals     []int  // beside those of every call
	open         bool   // comes without the token
	handle       func(*call) error
}

// param is a parameter of a query.
type param struct {
	name, kind, doc string
}

var pngMedia = "image/png"

// routes is the whole API.
func (s *Server) routes() []route {
	return []route{
		{method: "GET", path: "/", id: "page", doc: "The status page: a window into this program for a browser.", media: "text/html; charset=utf-8", open: true, handle: (*call).page},
		{method: "GET", path: "/health", id: "health", doc: "Says that the program lives.", media: "text/plain; charset=utf-8", open: true, handle: (*call).health},
		{method: "GET", path: "/status", id: "status", doc: "What this program is and does.", answer: statusAnswer{}, handle: (*call).status},
		{method: "GET", path: "/api/openapi.json", id: "describe", doc: "This description.", media: "application/json", handle: (*call).describe},
		{method: "GET", path: "/api/events", id: "events", doc: "Server-sent events: cycles, runs, frames. A reader that falls behind is let go; it may come back.", media: "text/event-stream", refusals: []int{503}, handle: (*call).getEvents},
		{method: "GET", path: "/api/canvas/human.png", id: "canvasHuman", doc: "The human texture of what the window shows, or of the last run.", media: pngMedia, refusals: []int{404, 429, 503}, handle: (*call).canvasHuman},
		{method: "GET", path: "/api/canvas/machine.png", id: "canvasMachine", doc: "Its display page: the codes as red, green and blue.", media: pngMedia, refusals: []int{404, 429, 503}, handle: (*call).canvasMachine},

		{method: "GET", path: "/api/pixel/backends", id: "backends", doc: "What programs can run on, the best first.", answer: backendsAnswer{}, handle: (*call).getBackends},
		{method: "POST", path: "/api/pixel/assemble", id: "assemble", doc: "Assembles a source text. A program that is refused is an answer with success false.", body: assembleRequest{}, answer: assembleAnswer{}, refusals: []int{429, 503}, handle: (*call).assemble},
		{method: "POST", path: "/api/pixel/run", id: "run", doc: "Runs a program to its end, its first FRAME (or as many as frames says), or max_cycles. A program that fails is an answer with success false, the error, and the picture as far as it came.", body: runRequest{}, answer: runAnswer{}, refusals: []int{422, 429, 503}, handle: (*call).run},
	}
}

func (c *call) health() error {
	send(c.w, http.StatusOK, "text/plain; charset=utf-8", []byte("✅ AI Runtime Healthy"))
	return nil
}

func (c *call) describe() error {
	send(c.w, http.StatusOK, "application/json", c.spec)
	return nil
}

type statusAnswer struct {
	Version      string      `json:"version"`
	GPUAvailable bool        `json:"gpu_available"`
	Adapter      string      `json:"adapter" doc:"the GPU by name, empty without one"`
	Uptime       int64       `json:"uptime" doc:"seconds"`
	StartedAt    time.Time   `json:"started_at"`
	Runs         int         `json:"runs_in_hand"`
	Waiting      int         `json:"runs_waiting"`
	Cycle        int         `json:"cycle" doc:"of the loop, from 1; 0 before the first or without one"`
	Scripts      int64       `json:"scripts" doc:"in the database"`
	Database     string      `json:"database" doc:"ok, none, or what is wrong"`
	Loop         *loopStatus `json:"loop,omitempty"`
}

type loopStatus struct {
	Cycle     int        `json:"cycle"`
	Phase     string     `json:"phase" doc:"starting, checking, running, saving, sleeping, paused, stopped"`
	Script    string     `json:"script,omitempty"`
	NextAt    *time.Time `json:"next_at,omitempty"`
	Paused    bool       `json:"paused"`
	Health    string     `json:"health"`
	Healthy   bool       `json:"healthy"`
	LastError string     `json:"last_error,omitempty"`
	Runs      int        `json:"runs"`
	Failures  int        `json:"failures"`
}

func (c *call) status() error {
	adapter, gpu := c.config.GPU()
	out := statusAnswer{
		Version: c.config.Version, GPUAvailable: gpu, Adapter: adapter,
		Uptime: int64(time.Since(c.began).Seconds()), StartedAt: c.began.UTC().Truncate(time.Second),
		Runs: len(c.queue.slots), Waiting: len(c.queue.waiting), Database: "none",
	}
	answer(c.w, http.StatusOK, out)
	return nil
}

func (c *call) page() error {
	send(c.w, http.StatusOK, "text/html; charset=utf-8", []byte("<!doctype html><title>gvpie</title>"))
	return nil
}
