package api

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

type runRow struct {
	ID            int64      `json:"id"`
	ScriptID      int64      `json:"script_id" doc:"0: it was removed"`
	Script        string     `json:"script" doc:"its name, also when it was removed"`
	StartedAt     *time.Time `json:"started_at"`
	FinishedAt    *time.Time `json:"finished_at" doc:"null: in hand, or interrupted"`
	Success       bool       `json:"success"`
	Stdout        string     `json:"stdout" doc:"in a list how it begins"`
	Stderr        string     `json:"stderr" doc:"in a list how it begins"`
	StdoutBytes   int64      `json:"stdout_bytes" doc:"of the whole text"`
	StderrBytes   int64      `json:"stderr_bytes"`
	DurationMS    float64    `json:"duration_ms"`
	Backend       string     `json:"backend"`
	CartridgePath string     `json:"cartridge_path"`
	Confined      string     `json:"confined" doc:"what held a python script, as landlock, seccomp; nothing: it ran unconfined; empty: a program, which needs none, or not known"`
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

func getRuns(c *request) error {
	db, err := c.database()
	if err != nil {
		return err
	}
	rows, next, err := pageRows(c, db.RunList, func(r store.Run) (runRow, int64) { return runRowOf(r), r.ID })
	if err != nil {
		return err
	}
	answer(c.w, http.StatusOK, runsAnswer{true, rows, next})
	return nil
}

func runRowOf(r store.Run) runRow {
	row := runRow{
		ID: r.ID, ScriptID: r.ScriptID, Script: r.Script, StartedAt: when(r.StartedAt), FinishedAt: when(r.FinishedAt),
		Success: r.Success, Stdout: r.Stdout, Stderr: r.Stderr, StdoutBytes: r.StdoutBytes, StderrBytes: r.StderrBytes,
		DurationMS: milliseconds(r.Duration), Backend: r.Backend,
		CartridgePath: r.CartridgePath, Confined: r.Confined, MapID: r.MapID, Interrupted: r.Interrupted, Cancelled: r.Cancelled, Slow: r.Slow,
	}
	if r.HumanPNG != "" {
		row.HumanPNG = fmt.Sprintf("/api/runs/%d/human.png", r.ID)
	}
	if r.MachinePNG != "" {
		row.MachinePNG = fmt.Sprintf("/api/runs/%d/machine.png", r.ID)
	}
	return row
}

type runRowAnswer struct {
	Success bool   `json:"success"`
	Run     runRow `json:"run"`
}

// getRun answers one run with its texts whole.
func getRun(c *request) error {
	db, r, err := listedRun(c)
	if err != nil {
		return err
	}
	if err := c.wholeRow(r.StdoutBytes + r.StderrBytes); err != nil {
		return err
	}
	if r, err = db.Run(c.r.Context(), r.ID); err != nil {
		return stored(err)
	}
	answer(c.w, http.StatusOK, runRowAnswer{true, runRowOf(r)})
	return nil
}

// listedRun is the run that a path names, as a list has it.
func listedRun(c *request) (*store.Store, store.Run, error) {
	db, err := c.database()
	if err != nil {
		return nil, store.Run{}, err
	}
	id, err := c.rowID()
	if err != nil {
		return nil, store.Run{}, err
	}
	runs, err := db.RunList(c.r.Context(), store.Page{Before: id + 1, Limit: 1})
	if err == nil && (len(runs) == 0 || runs[0].ID != id) {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, store.Run{}, stored(err)
	}
	return db, runs[0], nil
}

func runHuman(c *request) error {
	return c.runPicture(func(r store.Run) string { return r.HumanPNG })
}
func runMachine(c *request) error {
	return c.runPicture(func(r store.Run) string { return r.MachinePNG })
}

// runPicture answers a picture of a run. The request names a row; the row names
// the picture. One that was dropped is made again, which the header Picture says.
func (c *request) runPicture(which func(store.Run) string) error {
	db, r, err := listedRun(c)
	if err != nil {
		return err
	}
	hash := which(r)
	if hash == "" {
		return refuse(http.StatusNotFound, "run %d has no such picture", r.ID)
	}
	b, err := db.Picture(hash)
	if errors.Is(err, store.ErrNotFound) {
		leave, full := c.enterFor(64 << 20) // a machine, and its pictures
		if full != nil {
			return full
		}
		defer leave()
		b, err = agent.Remake(c.r.Context(), db, hash)
		switch {
		case err == nil:
			c.w.Header().Set("Picture", "made again by replay")
		case !errors.Is(err, store.ErrNotFound) && !store.Whole(err):
			return refuse(http.StatusConflict, "%v", err)
		}
	}
	if err != nil {
		return stored(err)
	}
	send(c.w, http.StatusOK, pngMedia, b)
	return nil
}
