package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

const (
	pageDefault = 50
	pageMost    = 200
	pageBytes   = 8 << 20 // of texts in a page; one that would hold more ends early
	nameMost    = 200     // characters of a name
	textMost    = 4096    // bytes of a purpose, a goal, a description
)

var pageQuery = []param{
	{"before", "integer", "rows with an id below this; next of the page before"},
	{"limit", "integer", "rows at most, 1 to 200; default 50"},
}

// pageOf reads what page is asked for.
func (c *call) pageOf() (store.Page, error) {
	p := store.Page{Limit: pageDefault}
	q, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return p, refuse(http.StatusBadRequest, "the query cannot be read: %v", err)
	}
	if text := q.Get("before"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			return p, refuse(http.StatusBadRequest, "before is an id, not %q", clip(text))
		}
		p.Before = n
	}
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > pageMost {
			return p, refuse(http.StatusBadRequest, "limit is 1 to %d, not %q", pageMost, clip(text))
		}
		p.Limit = n
	}
	return p, nil
}

// memory gives the database, if there is one.
func (c *call) memory() (*store.Store, error) {
	if c.config.Store == nil {
		return nil, refuse(http.StatusServiceUnavailable, "this program runs without a database")
	}
	return c.config.Store, nil
}

// stored makes a refusal of what the database said.
func stored(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrNotFound):
		return refuse(http.StatusNotFound, "there is no such row")
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return later(http.StatusServiceUnavailable, 2, "the database took too long")
	}
	for _, trouble := range []error{store.ErrLocked, store.ErrFull, store.ErrCorrupt, store.ErrGone, store.ErrNewer, store.ErrClosed} {
		if errors.Is(err, trouble) {
			return later(http.StatusServiceUnavailable, 5, "%v", trouble)
		}
	}
	return err
}

// pageRows reads a page and makes rows of the answer of it. next is what before
// is for the page after it, 0 when this is the last.
func pageRows[S, R any](c *call, read func(context.Context, store.Page) ([]S, error), row func(S) (r R, id int64, bytes int)) (rows []R, next int64, err error) {
	p, err := c.pageOf()
	if err != nil {
		return nil, 0, err
	}
	if err := c.hold(2 * pageBytes); err != nil {
		return nil, 0, err
	}
	all, err := read(c.r.Context(), p)
	if err != nil {
		return nil, 0, stored(err)
	}
	rows = make([]R, 0, len(all))
	size := 0
	for _, s := range all {
		r, id, bytes := row(s)
		if size += bytes; size > pageBytes && len(rows) > 0 {
			return rows, next, nil
		}
		rows = append(rows, r)
		next = id
	}
	if len(all) < p.Limit {
		next = 0
	}
	return rows, next, nil
}

// when is a time that may not have come.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

type script struct {
	ID           int64      `json:"id"`
	Name         string     `json:"name"`
	Lang         string     `json:"lang" doc:"pixel, cartridge or python"`
	Purpose      string     `json:"purpose"`
	Code         string     `json:"code"`
	Enabled      bool       `json:"enabled"`
	CreatedAt    *time.Time `json:"created_at"`
	LastRunAt    *time.Time `json:"last_run_at"`
	RunCount     int64      `json:"run_count"`
	SuccessCount int64      `json:"success_count"`
	Failures     int        `json:"consecutive_failures"`
	NotBefore    *time.Time `json:"not_before" doc:"it backs off until then"`
}

type scriptsAnswer struct {
	Success bool     `json:"success"`
	Scripts []script `json:"scripts" doc:"newest first"`
	Next    int64    `json:"next" doc:"before of the next page; 0: this is the last"`
}

func (c *call) getScripts() error {
	db, err := c.memory()
	if err != nil {
		return err
	}
	read := func(ctx context.Context, p store.Page) ([]store.Script, error) {
		all, err := db.Scripts(ctx)
		if p.Before > 0 {
			all = slices.DeleteFunc(all, func(s store.Script) bool { return s.ID >= p.Before })
		}
		slices.SortFunc(all, func(a, b store.Script) int { return int(b.ID - a.ID) })
		return all[:min(len(all), p.Limit)], err
	}
	rows, next, err := pageRows(c, read, func(s store.Script) (script, int64, int) {
		return script{
			s.ID, s.Name, s.Lang, s.Purpose, s.Code, s.Enabled, when(s.CreatedAt), when(s.LastRunAt),
			s.RunCount, s.SuccessCount, s.ConsecutiveFailures, when(s.NotBefore),
		}, s.ID, len(s.Code)
	})
	if err != nil {
		return err
	}
	answer(c.w, http.StatusOK, scriptsAnswer{true, rows, next})
	return nil
}

type scriptRequest struct {
	Name    string  `json:"name" need:"yes"`
	Lang    string  `json:"lang" doc:"pixel (the default), cartridge or python"`
	Purpose string  `json:"purpose"`
	Code    *string `json:"code" need:"yes"`
	Enabled *bool   `json:"enabled" doc:"default true; counts for a new script"`
	Replace bool    `json:"replace" doc:"give a script of that name this code"`
}

type addedAnswer struct {
	Success bool  `json:"success"`
	ID      int64 `json:"id"`
}

func (c *call) addScript() error {
	db, err := c.memory()
	if err != nil {
		return err
	}
	req, err := decode[scriptRequest](c)
	if err != nil {
		return err
	}
	if req.Lang == "" {
		req.Lang = "pixel"
	}
	switch {
	case strings.TrimSpace(req.Name) == "" || len(req.Name) > nameMost || strings.ContainsFunc(req.Name, func(r rune) bool { return r < ' ' }):
		return refuse(http.StatusUnprocessableEntity, "name is missing, too long, or of more than one line")
	case req.Lang != "pixel" && req.Lang != "cartridge" && req.Lang != "python":
		return refuse(http.StatusUnprocessableEntity, "lang is %q; it may be pixel, cartridge or python", clip(req.Lang))
	case req.Code == nil || strings.TrimSpace(*req.Code) == "":
		return refuse(http.StatusUnprocessableEntity, "code is missing")
	case len(req.Purpose) > textMost:
		return refuse(http.StatusUnprocessableEntity, "purpose is longer than %d bytes", textMost)
	}
	if req.Lang == "pixel" {
		leave, err := c.enterFor(int64(16 * len(*req.Code)))
		if err != nil {
			return err
		}
		a := pxl.Assemble(req.Name, *req.Code)
		leave()
		if !a.OK() {
			return refuse(http.StatusUnprocessableEntity, "%s", *refusal(diagnostics(a, 0)))
		}
	}
	ctx := c.r.Context()
	old, err := db.Script(ctx, req.Name)
	known := err == nil
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return stored(err)
	}
	if known && !req.Replace && (old.Code != *req.Code || old.Lang != req.Lang || old.Purpose != req.Purpose) {
		return refuse(http.StatusConflict, "there is a script %q already; say \"replace\": true to give it this code", clip(req.Name))
	}
	enabled := req.Enabled == nil || *req.Enabled
	id, _, err := db.UpsertScript(ctx, store.Script{Name: req.Name, Lang: req.Lang, Purpose: req.Purpose, Code: *req.Code, Enabled: enabled})
	if err != nil {
		return stored(err)
	}
	status := http.StatusCreated
	if known {
		status = http.StatusOK
	}
	answer(c.w, status, addedAnswer{true, id})
	return nil
}

type runRow struct {
	ID            int64      `json:"id"`
	ScriptID      int64      `json:"script_id"`
	Script        string     `json:"script"`
	StartedAt     *time.Time `json:"started_at"`
	FinishedAt    *time.Time `json:"finished_at" doc:"null: in hand, or interrupted"`
	Success       bool       `json:"success"`
	Stdout        string     `json:"stdout"`
	Stderr        string     `json:"stderr"`
	DurationMS    float64    `json:"duration_ms"`
	Backend       string     `json:"backend"`
	CartridgePath string     `json:"cartridge_path"`
	MapID         int64      `json:"map_id" doc:"the row of the map that tells of it; 0: none"`
	HumanPNG      string     `json:"human_png" doc:"where its picture is; empty: it has none"`
	MachinePNG    string     `json:"machine_png"`
	Interrupted   bool       `json:"interrupted"`
	Cancelled     bool       `json:"cancelled"`
	Slow          bool       `json:"slow" doc:"much slower than its own history"`
}

type runsAnswer struct {
	Success bool     `json:"success"`
	Runs    []runRow `json:"runs" doc:"newest first"`
	Next    int64    `json:"next" doc:"before of the next page; 0: this is the last"`
}

func (c *call) getRuns() error {
	db, err := c.memory()
	if err != nil {
		return err
	}
	rows, next, err := pageRows(c, db.Runs, func(r store.Run) (runRow, int64, int) {
		row := runRow{
			ID: r.ID, ScriptID: r.ScriptID, Script: r.Script, StartedAt: when(r.StartedAt), FinishedAt: when(r.FinishedAt),
			Success: r.Success, Stdout: r.Stdout, Stderr: r.Stderr, DurationMS: milliseconds(r.Duration), Backend: r.Backend,
			CartridgePath: r.CartridgePath, MapID: r.MapID, Interrupted: r.Interrupted, Cancelled: r.Cancelled, Slow: r.Slow,
		}
		if r.HumanPNG != "" {
			row.HumanPNG = fmt.Sprintf("/api/runs/%d/human.png", r.ID)
		}
		if r.MachinePNG != "" {
			row.MachinePNG = fmt.Sprintf("/api/runs/%d/machine.png", r.ID)
		}
		return row, r.ID, len(r.Stdout) + len(r.Stderr)
	})
	if err != nil {
		return err
	}
	answer(c.w, http.StatusOK, runsAnswer{true, rows, next})
	return nil
}

func (c *call) runHuman() error { return c.runPicture(func(r store.Run) string { return r.HumanPNG }) }
func (c *call) runMachine() error {
	return c.runPicture(func(r store.Run) string { return r.MachinePNG })
}

// runPicture answers a picture of a run. The request names a row; the row names
// the picture.
func (c *call) runPicture(which func(store.Run) string) error {
	db, err := c.memory()
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(c.r.PathValue("id"), 10, 64)
	if err != nil {
		return notFound(c.r)
	}
	r, err := db.Run(c.r.Context(), id)
	if err != nil {
		return stored(err)
	}
	hash := which(r)
	if hash == "" {
		return refuse(http.StatusNotFound, "run %d has no such picture", id)
	}
	b, err := db.Picture(hash)
	if err != nil {
		return stored(err)
	}
	send(c.w, http.StatusOK, pngMedia, b)
	return nil
}

type goal struct {
	ID          int64      `json:"id"`
	Goal        string     `json:"goal"`
	Priority    int64      `json:"priority"`
	Completed   bool       `json:"completed"`
	CreatedAt   *time.Time `json:"created_at"`
	CompletedAt *time.Time `json:"completed_at"`
}

type goalsAnswer struct {
	Success bool   `json:"success"`
	Goals   []goal `json:"goals" doc:"newest first"`
	Next    int64  `json:"next" doc:"before of the next page; 0: this is the last"`
}

func (c *call) getGoals() error {
	db, err := c.memory()
	if err != nil {
		return err
	}
	rows, next, err := pageRows(c, db.Goals, func(g store.Goal) (goal, int64, int) {
		return goal{g.ID, g.Goal, g.Priority, g.Completed, when(g.CreatedAt), when(g.CompletedAt)}, g.ID, len(g.Goal)
	})
	if err != nil {
		return err
	}
	answer(c.w, http.StatusOK, goalsAnswer{true, rows, next})
	return nil
}

type goalRequest struct {
	Goal     string `json:"goal" need:"yes"`
	Priority whole  `json:"priority" doc:"1 to 10, the higher the sooner; default 5"`
}

func (c *call) addGoal() error {
	db, err := c.memory()
	if err != nil {
		return err
	}
	req, err := decode[goalRequest](c)
	if err != nil {
		return err
	}
	priority, err := req.Priority.in("priority", 1, 10, 5)
	if err != nil {
		return err
	}
	if strings.TrimSpace(req.Goal) == "" || len(req.Goal) > textMost {
		return refuse(http.StatusUnprocessableEntity, "goal is missing, or longer than %d bytes", textMost)
	}
	id, err := db.AddGoal(c.r.Context(), req.Goal, priority)
	if err != nil {
		return stored(err)
	}
	answer(c.w, http.StatusCreated, addedAnswer{true, id})
	return nil
}

type mapRow struct {
	ID        int64      `json:"id"`
	Iteration int64      `json:"iteration"`
	Task      string     `json:"task_description"`
	Code      string     `json:"code"`
	Result    string     `json:"result" doc:"JSON, as text"`
	Analysis  string     `json:"analysis"`
	Timestamp *time.Time `json:"timestamp"`
	Parent    int64      `json:"parent_iteration" doc:"0: none"`
	Hash      string     `json:"hash" doc:"its link of the chain"`
	RunID     int64      `json:"run_id" doc:"0: none"`
}

type mapAnswer struct {
	Success bool     `json:"success"`
	Map     []mapRow `json:"map" doc:"newest first"`
	Next    int64    `json:"next" doc:"before of the next page; 0: this is the last"`
}

func (c *call) getMap() error {
	db, err := c.memory()
	if err != nil {
		return err
	}
	rows, next, err := pageRows(c, db.Map, func(r store.MapRow) (mapRow, int64, int) {
		return mapRow{r.ID, r.Iteration, r.Task, r.Code, r.Result, r.Analysis, when(r.Timestamp), r.Parent, r.Hash, r.RunID},
			r.ID, len(r.Task) + len(r.Code) + len(r.Result) + len(r.Analysis)
	})
	if err != nil {
		return err
	}
	answer(c.w, http.StatusOK, mapAnswer{true, rows, next})
	return nil
}

type metric struct {
	ID        int64      `json:"id"`
	Timestamp *time.Time `json:"timestamp"`
	Name      string     `json:"metric_name"`
	Value     float64    `json:"metric_value"`
	Context   string     `json:"context"`
}

type metricsAnswer struct {
	Success bool     `json:"success"`
	Metrics []metric `json:"metrics" doc:"newest first"`
	Next    int64    `json:"next" doc:"before of the next page; 0: this is the last"`
}

func (c *call) getMetrics() error {
	db, err := c.memory()
	if err != nil {
		return err
	}
	rows, next, err := pageRows(c, db.Metrics, func(m store.Metric) (metric, int64, int) {
		return metric{m.ID, when(m.Timestamp), m.Name, finite(m.Value), m.Context}, m.ID, len(m.Context)
	})
	if err != nil {
		return err
	}
	answer(c.w, http.StatusOK, metricsAnswer{true, rows, next})
	return nil
}

// finite is a figure as JSON can hold it.
func finite(v float64) float64 {
	if v-v != 0 {
		return 0
	}
	return v
}
