package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gvpie/runtime/store/improvement"
	"gvpie/runtime/store/sqlquery"
)

// Goal is a row of development_goals.
type Goal struct {
	ID                     int64
	Goal                   string
	Priority               int64 // the higher, the sooner; 5 when nothing is said
	Completed              bool
	CreatedAt, CompletedAt time.Time
	Aim                    GoalAim // what it asks for beside its words
}

// GoalAim is what a goal may ask for beside its words.
type GoalAim = improvement.Aim

// CheckMost is how many bytes a goal's check may have.
const CheckMost = improvement.CheckMost

// goalColumns is the query for goals, with an expression for what they are.
func goalColumns(goal string) string {
	return "SELECT " + sqlquery.Columns("g.id", goal, "CAST(coalesce(g.priority, 5) AS INTEGER)", sqlquery.Truth("g.completed"),
		"CAST(g.created_at AS TEXT)", "CAST(g.completed_at AS TEXT)", improvement.AimColumns) + " FROM development_goals g" + improvement.AimJoins
}

var goalListQuery, goalQuery = goalColumns(opening("g.goal")), goalColumns(sqlquery.Text("g.goal"))

func scanGoal(scan func(...any) error) (g Goal, err error) {
	var created, done sql.NullString
	to, aim := improvement.ScanAim()
	err = scan(append([]any{&g.ID, &g.Goal, &g.Priority, &g.Completed, &created, &done}, to...)...)
	g.CreatedAt, g.CompletedAt, g.Aim = sqlquery.ParseTime(created), sqlquery.ParseTime(done), aim()
	return g, err
}

// AddGoal adds a goal of words alone; priority 0 is 5.
func (s *goalTable) AddGoal(ctx context.Context, goal string, priority int64) (id int64, err error) {
	return s.AddGoalWith(ctx, Goal{Goal: goal, Priority: priority})
}

// AddGoalWith adds a goal with what it asks for: g.Aim.Target is a hash that PutPicture
// gave. Priority 0 is 5; nothing else of g is read. ErrNotFound when it is about a script
// that there is not.
func (s *goalTable) AddGoalWith(ctx context.Context, g Goal) (id int64, err error) {
	if g.Priority == 0 {
		g.Priority = 5
	}
	err = s.write(ctx, "add a goal", func(ctx context.Context, q querier) error {
		if g.Goal == "" {
			return errors.New("a goal needs words")
		}
		free, err := sqlquery.FreeID(ctx, q, "development_goals")
		if err != nil {
			return err
		}
		res, err := q.ExecContext(ctx, "INSERT INTO development_goals (id, goal, priority, completed, created_at) VALUES (?, ?, ?, 0, ?)", free, g.Goal, g.Priority, s.now())
		if err != nil {
			return err
		}
		if id, err = res.LastInsertId(); err != nil || g.Aim.Empty() {
			return err
		}
		return setAim(ctx, q, id, g.Aim)
	})
	return id, err
}

func setAim(ctx context.Context, q querier, goalID int64, a GoalAim) error {
	if a.ScriptID != 0 {
		if _, err := codeOf(ctx, q, a.ScriptID); err != nil {
			return err
		}
	}
	target, err := pictureID(ctx, q, a.Target)
	if err != nil {
		return err
	}
	if id, is := target.(int64); is {
		if err := keepPicture(ctx, q, id); err != nil {
			return err
		}
	}
	if len(a.Check) > CheckMost {
		return fmt.Errorf("the check has %d bytes, and may have %d", len(a.Check), CheckMost)
	}
	check := ""
	if a.Check != "" {
		if check, err = enterCode(ctx, q, a.Check); err != nil {
			return err
		}
	}
	return improvement.SetAim(ctx, q, goalID, target, check, a.MaxCost, a.ScriptID)
}

// DoneGoal marks a goal as reached; one that is already keeps its time. ErrNotFound.
func (s *goalTable) DoneGoal(ctx context.Context, id int64) error {
	return s.write(ctx, fmt.Sprintf("goal %d", id), func(ctx context.Context, q querier) error {
		return changedOne(q.ExecContext(ctx, "UPDATE development_goals SET completed = 1, completed_at = coalesce(completed_at, ?) WHERE id = ?", s.now(), id))
	})
}

// Goal is the goal with that id, whole; ErrNotFound.
func (s *goalTable) Goal(ctx context.Context, id int64) (g Goal, err error) {
	all, err := s.goals(ctx, fmt.Sprintf("goal %d", id), true, goalQuery+"WHERE g.id = ?", id)
	if err == nil && len(all) == 0 {
		return g, &Error{fmt.Sprintf("goal %d", id), s.Path(), ErrNotFound, nil}
	}
	if err == nil {
		g = all[0]
	}
	return g, err
}

// Goals is a page of all goals as a list shows them: of a long one the beginning, and of
// a check only that there is one.
func (s *goalTable) Goals(ctx context.Context, p Page) ([]Goal, error) {
	return s.goals(ctx, "read the goals", false, goalListQuery+"WHERE g.id < ?1 ORDER BY g.id DESC LIMIT ?2", p.listArgs()...)
}

// OpenGoals are the goals not reached yet, the highest priority first, then the oldest.
func (s *goalTable) OpenGoals(ctx context.Context) ([]Goal, error) {
	return s.goals(ctx, "read the goals", true, goalQuery+"WHERE NOT coalesce(g.completed, 0) ORDER BY coalesce(g.priority, 5) DESC, g.id")
}

func (s *goalTable) goals(ctx context.Context, op string, whole bool, query string, args ...any) (all []Goal, err error) {
	err = s.read(ctx, op, func(ctx context.Context, q querier) (err error) {
		all, err = sqlquery.Collect(ctx, q, scanGoal, query, args...)
		for i := 0; whole && err == nil && i < len(all); i++ {
			err = all[i].Aim.ReadCheck(ctx, q)
		}
		return err
	})
	return all, err
}
