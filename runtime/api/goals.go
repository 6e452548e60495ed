package api

import (
	"net/http"
	"strings"
	"time"

	"gvpie/runtime/store"
)

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

func getGoals(c *request) error {
	db, err := c.database()
	if err != nil {
		return err
	}
	rows, next, err := pageRows(c, db.Goals, func(g store.Goal) (goal, int64) {
		return goal{g.ID, g.Goal, g.Priority, g.Completed, when(g.CreatedAt), when(g.CompletedAt)}, g.ID
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
	id, err := db.AddGoal(c.r.Context(), req.Goal, priority)
	if err != nil {
		return stored(err)
	}
	answer(c.w, http.StatusCreated, addedAnswer{true, id})
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
