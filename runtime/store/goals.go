package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gvpie/runtime/store/sqlquery"
)

// Goal is a row of development_goals.
type Goal struct {
	ID                     int64
	Goal                   string
	Priority               int64 // the higher, the sooner; 5 when nothing is said
	Completed              bool
	CreatedAt, CompletedAt time.Time
}

// goalColumns is the query for goals, with an expression for what they are.
func goalColumns(goal string) string {
	return "SELECT " + sqlquery.Columns("id", goal, "CAST(coalesce(priority, 5) AS INTEGER)", sqlquery.Truth("completed"),
		"CAST(created_at AS TEXT)", "CAST(completed_at AS TEXT)") + " FROM development_goals "
}

var goalListQuery, goalQuery = goalColumns(opening("goal")), goalColumns(sqlquery.Text("goal"))

func scanGoal(scan func(...any) error) (g Goal, err error) {
	var created, done sql.NullString
	err = scan(&g.ID, &g.Goal, &g.Priority, &g.Completed, &created, &done)
	g.CreatedAt, g.CompletedAt = sqlquery.ParseTime(created), sqlquery.ParseTime(done)
	return g, err
}

// AddGoal adds a goal; priority 0 is 5.
func (s *goalTable) AddGoal(ctx context.Context, goal string, priority int64) (id int64, err error) {
	if priority == 0 {
		priority = 5
	}
	err = s.write(ctx, "add a goal", func(ctx context.Context, q querier) error {
		if goal == "" {
			return errors.New("a goal needs words")
		}
		free, err := sqlquery.FreeID(ctx, q, "development_goals")
		if err != nil {
			return err
		}
		res, err := q.ExecContext(ctx, "INSERT INTO development_goals (id, goal, priority, completed, created_at) VALUES (?, ?, ?, 0, ?)", free, goal, priority, s.now())
		if err != nil {
			return err
		}
		id, err = res.LastInsertId()
		return err
	})
	return id, err
}

// DoneGoal marks a goal as reached; one that is already keeps its time. ErrNotFound.
func (s *goalTable) DoneGoal(ctx context.Context, id int64) error {
	return s.write(ctx, fmt.Sprintf("goal %d", id), func(ctx context.Context, q querier) error {
		return changedOne(q.ExecContext(ctx, "UPDATE development_goals SET completed = 1, completed_at = coalesce(completed_at, ?) WHERE id = ?", s.now(), id))
	})
}

// Goals is a page of all goals as a list shows them: of a long one the beginning.
func (s *goalTable) Goals(ctx context.Context, p Page) ([]Goal, error) {
	return s.goals(ctx, goalListQuery+"WHERE id < ?1 ORDER BY id DESC LIMIT ?2", p.listArgs()...)
}

// OpenGoals are the goals not reached yet, the highest priority first, then the oldest.
func (s *goalTable) OpenGoals(ctx context.Context) ([]Goal, error) {
	return s.goals(ctx, goalQuery+"WHERE NOT coalesce(completed, 0) ORDER BY coalesce(priority, 5) DESC, id")
}

func (s *goalTable) goals(ctx context.Context, query string, args ...any) (all []Goal, err error) {
	err = s.read(ctx, "read the goals", func(ctx context.Context, q querier) (err error) {
		all, err = sqlquery.Collect(ctx, q, scanGoal, query, args...)
		return err
	})
	return all, err
}
