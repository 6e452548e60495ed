package api

import (
	"encoding/base64"
	"errors"
	"math"
	"net/http"
	"strings"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

type goal struct {
	ID          int64      `json:"id"`
	Goal        string     `json:"goal"`
	Priority    int64      `json:"priority"`
	Completed   bool       `json:"completed"`
	CreatedAt   *time.Time `json:"created_at"`
	CompletedAt *time.Time `json:"completed_at"`
	Target      string     `json:"target" doc:"hash of the picture that it asks for; empty: of none"`
	Check       bool       `json:"check" doc:"it asks that a check holds"`
	MaxCost     uint64     `json:"max_cost" doc:"0: any"`
	Script      string     `json:"script" doc:"that it is about; empty: none"`
	Fault       string     `json:"fault" doc:"what it asks for and is not there; empty: all is"`
}

type goalsAnswer struct {
	Success bool   `json:"success"`
	Goals   []goal `json:"goals" doc:"newest first"`
	Next    int64  `json:"next" doc:"before of the next page; 0: this is the last"`
}

func getGoals(c *request) error {
	db, err := c.database()
	if err != nil {
		return err
	}
	rows, next, err := pageRows(c, db.Goals, func(g store.Goal) (goal, int64) {
		return goal{g.ID, g.Goal, g.Priority, g.Completed, when(g.CreatedAt), when(g.CompletedAt),
			g.Aim.Target, g.Aim.Checked, g.Aim.MaxCost, g.Aim.Script, g.Aim.Fault}, g.ID
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
	Target   string `json:"target" doc:"a PNG of what is to be drawn, in base64"`
	Check    string `json:"check" doc:"a program with ASSERTs that is run after a candidate on its display, or log lines behind > each"`
	MaxCost  whole  `json:"max_cost" doc:"what it may cost at most, as gvpie improve counts"`
	Script   string `json:"script" doc:"the name of the script that it is about"`
}

func (c *request) addGoal() error {
	db, err := c.database()
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
	most, err := req.MaxCost.in("max_cost", 1, math.MaxInt64, 0)
	if err != nil {
		return err
	}
	wanted := agent.NewGoal{Words: req.Goal, Priority: priority, Check: req.Check, MaxCost: uint64(most), Script: req.Script}
	if req.Target != "" {
		if wanted.Target, err = base64.StdEncoding.DecodeString(req.Target); err != nil {
			return refuse(http.StatusUnprocessableEntity, "target is a PNG in base64: %v", err)
		}
	}
	if wanted.Target != nil || wanted.Check != "" {
		leave, err := c.enterFor(16 << 20) // what the largest take to be looked at
		if err != nil {
			return err
		}
		defer leave()
	}
	id, err := agent.AddGoal(c.r.Context(), db, wanted)
	var refused agent.GoalRefused
	if errors.As(err, &refused) {
		return refuse(http.StatusUnprocessableEntity, "%s", string(refused))
	}
	if err != nil {
		return stored(err)
	}
	answer(c.w, http.StatusCreated, addedAnswer{true, id})
	return nil
}

// goalTarget answers the picture that a goal asks for.
func goalTarget(c *request) error {
	db, err := c.database()
	if err != nil {
		return err
	}
	id, err := c.rowID()
	if err != nil {
		return err
	}
	g, err := db.Goal(c.r.Context(), id)
	if err != nil {
		return stored(err)
	}
	if g.Aim.Target == "" {
		return refuse(http.StatusNotFound, "goal %d asks for no picture", id)
	}
	b, err := db.Picture(g.Aim.Target)
	if err != nil {
		return stored(err)
	}
	send(c.w, http.StatusOK, pngMedia, b)
	return nil
}

// finishGoal marks a goal as reached; one that is stays so.
func finishGoal(c *request) error {
	db, err := c.database()
	if err != nil {
		return err
	}
	id, err := c.rowID()
	if err != nil {
		return err
	}
	if err := db.DoneGoal(c.r.Context(), id); err != nil {
		return stored(err)
	}
	answer(c.w, http.StatusOK, doneAnswer{true})
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

func getMetrics(c *request) error {
	db, err := c.database()
	if err != nil {
		return err
	}
	rows, next, err := pageRows(c, db.Metrics, func(m store.Metric) (metric, int64) {
		return metric{m.ID, when(m.Timestamp), m.Name, finite(m.Value), m.Context}, m.ID
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
