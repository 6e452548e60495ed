package api

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

// health says that the program lives, which is all that its callers ask: one that must
// be told of a full disk or a loop that stands still asks for ready.
func (c *request) health() error {
	send(c.w, http.StatusOK, "text/plain; charset=utf-8", []byte("✅ AI Runtime Healthy"))
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
	Database     string      `json:"database" doc:"ok, none, or what is wrong with it or its disk"`
	Loop         *loopStatus `json:"loop,omitempty"`
	Salvage      *salvage    `json:"salvage,omitempty" doc:"of the database that was damaged last; absent where none was"`
}

// salvage is how far the rows of a damaged database have been brought into the new one.
type salvage struct {
	Path       string     `json:"path" doc:"of the damaged database, which is kept"`
	Percent    int        `json:"percent" doc:"of it that was read"`
	BeganAt    *time.Time `json:"began_at"`
	FinishedAt *time.Time `json:"finished_at,omitempty" doc:"absent while it is under way"`
	store.ImportReport
}

// salvaged tells of the latest salvage; nil where there was none.
func (c *request) salvaged() *salvage {
	v, err := c.config.Store.Salvaged(c.r.Context())
	if err != nil { // none, or a database that can tell of nothing now
		return nil
	}
	return &salvage{v.Path, v.Done, when(v.BeganAt), when(v.FinishedAt), v.Report}
}

type loopStatus struct {
	Cycle     int        `json:"cycle"`
	Phase     string     `json:"phase" doc:"starting, checking, running, saving, sleeping, paused, stopped"`
	Script    string     `json:"script,omitempty"`
	NextAt    *time.Time `json:"next_at,omitempty"`
	Paused    bool       `json:"paused"`
	Health    string     `json:"health"`
	Healthy   bool       `json:"healthy"`
	Ready     bool       `json:"ready" doc:"as /ready says"`
	Reason    string     `json:"reason,omitempty" doc:"why it is not ready"`
	LastError string     `json:"last_error,omitempty"`
	Runs      int        `json:"runs"`
	Failures  int        `json:"failures"`

	Unsaved     int             `json:"unsaved" doc:"runs that wait for the database to take them"`
	DeadLetters int             `json:"dead_letters" doc:"runs it never took: they are in dead_letters.jsonl"`
	Skipped     []store.Skipped `json:"skipped,omitempty" doc:"rows that can't be used, and why: the first hundred"`
	LogHeld     string          `json:"log_held,omitempty" doc:"who keeps the log of the database from being folded in, so that it grows: a sentence"`
	OddSettings []string        `json:"odd_settings,omitempty" doc:"settings that make no sense, a sentence each: they count as their defaults"`
	Warnings    []string        `json:"warnings,omitempty" doc:"what has gone wrong and keeps nothing from its work: runs that were not saved, rows of the map from outside"`
}

func (c *request) status() error {
	adapter, gpu := c.config.GPU()
	out := statusAnswer{
		Version: c.config.Version, GPUAvailable: gpu, Adapter: adapter,
		Uptime: int64(time.Since(c.began).Seconds()), StartedAt: c.began.UTC().Truncate(time.Second),
		Runs: len(c.queue.slots), Waiting: len(c.queue.waiting),
	}
	if c.config.Agent != nil {
		s := c.config.Agent.Status()
		out.Loop, out.Database = loopOf(s, skippedShown), s.Database
		out.Cycle = out.Loop.Cycle
	}
	if c.config.Store != nil {
		counts, err := c.config.Store.Counts(c.r.Context())
		out.Scripts, out.Salvage = counts.Scripts, c.salvaged()
		switch {
		case err != nil:
			out.Database = troubleOf(err)
		case out.Database == "":
			out.Database = "ok"
		}
		if out.Loop != nil && counts.Outside > 0 {
			out.Loop.Warnings = append(out.Loop.Warnings, fmt.Sprintf("%d rows of the infinite map are from another program: gvpie verify names them", counts.Outside))
		}
	}
	if out.Database == "" {
		out.Database = "none"
	}
	answer(c.w, http.StatusOK, out)
	return nil
}

// troubleOf is what is wrong with the database, in words.
func troubleOf(err error) string {
	var f *fail
	if errors.As(stored(err), &f) {
		return f.why
	}
	return "trouble"
}

type readyAnswer struct {
	Ready  bool   `json:"ready"`
	Reason string `json:"reason,omitempty" doc:"why it is not"`
}

func (c *request) ready() error {
	out := readyAnswer{Reason: "no loop runs here"}
	if c.config.Agent != nil {
		out.Reason = clipTo(c.config.Agent.Status().Unready, sentenceMost)
	}
	out.Ready = out.Reason == ""
	status := http.StatusOK
	if !out.Ready {
		status = http.StatusServiceUnavailable
	}
	answer(c.w, status, out)
	return nil
}

// Of what is wrong, /status and the events tell some.
const (
	skippedShown = 100
	skippedTold  = 10
	sentenceMost = 1000 // bytes of a sentence
)

// loopOf is the loop's status on the wire, with so many of the rows that are skipped.
// Names and sentences may hold what somebody put into the database.
func loopOf(s agent.Status, skipped int) *loopStatus {
	out := &loopStatus{
		Cycle: s.Cycle, Phase: s.Phase.String(), Script: clipTo(s.Script, nameMost), NextAt: when(s.NextAt), Paused: s.Paused,
		Health: clipTo(s.Health, sentenceMost), Healthy: s.Healthy, LastError: clipTo(s.LastError, sentenceMost), Runs: s.Runs, Failures: s.Failures,
		Unsaved: s.Unsaved, DeadLetters: s.DeadLetters, LogHeld: clipTo(s.LogHeld, sentenceMost), OddSettings: s.OddSettings,
		Ready: s.Unready == "", Reason: clipTo(s.Unready, sentenceMost), Warnings: s.Warnings(),
	}
	for _, row := range s.Skipped[:min(len(s.Skipped), skipped)] {
		row.Name, row.Why = clipTo(row.Name, nameMost), clipTo(row.Why, sentenceMost)
		out.Skipped = append(out.Skipped, row)
	}
	return out
}
