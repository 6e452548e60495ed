package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// wholeFigures is how long every row of a figure is kept; of days before, each figure
// has one row.
const wholeFigures = 48 * time.Hour

// RollUpMetrics makes of the rows that each of the named figures has of one old day one
// row, which has their mean, the day's last time, and in its context how many they were:
// "rows". A figure is told from another by its name, and by script and backend in its
// context. Rows of other names, and rows whose context is no JSON object, are not ours
// and stay. It does one day at a call, the oldest first, and says whether there may be
// more.
func (s *metricTable) RollUpMetrics(ctx context.Context, names ...string) (more bool, err error) {
	var from, day string
	err = s.read(ctx, "look for figures to roll up", func(ctx context.Context, q querier) error {
		err := q.QueryRowContext(ctx, "SELECT "+text("up_to")+" FROM rolled_up WHERE one = 1").Scan(&from)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		today := formatTime(s.o.Now().Add(-wholeFigures))[:len(time.DateOnly)]
		var first string
		err = q.QueryRowContext(ctx, "SELECT CAST(timestamp AS TEXT) FROM system_metrics WHERE timestamp > ? AND timestamp < ? ORDER BY timestamp LIMIT 1", from, today).Scan(&first)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		day = first[:min(len(first), len(time.DateOnly))]
		return err
	})
	if err != nil || day == "" {
		return false, err
	}
	next := day + "\U0010FFFF"         // after all times that begin so
	if len(day) < len(time.DateOnly) { // a hand wrote it: it is no day
		next = day + "\x01"
	}
	marks := ""
	args := []any{day, next}
	for i, name := range names {
		if i > 0 {
			marks += ", "
		}
		marks += "?"
		args = append(args, name)
	}
	ours := "timestamp >= ? AND timestamp < ? AND metric_name IN (" + marks + ") AND CASE WHEN json_valid(CAST(context AS TEXT)) THEN json_type(CAST(context AS TEXT)) = 'object' ELSE 0 END"
	const each = " GROUP BY metric_name, context ->> '$.script', context ->> '$.backend'"
	err = s.write(ctx, "roll up the figures of "+day, func(ctx context.Context, q querier) error {
		for _, step := range []struct {
			statement string
			args      []any
		}{
			{`UPDATE system_metrics SET metric_value = g.mean, context = json_set(context, '$.rows', g.n)
				FROM (SELECT max(id) AS last, avg(` + decimal("metric_value") + `) AS mean, count(*) AS n FROM system_metrics WHERE ` + ours + each + ` HAVING count(*) > 1) g
				WHERE id = g.last`, args},
			{"DELETE FROM system_metrics WHERE " + ours + " AND id NOT IN (SELECT max(id) FROM system_metrics WHERE " + ours + each + ")", append(args, args...)},
			{"INSERT INTO rolled_up VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET up_to = ?1", []any{next}},
		} {
			if _, err := q.ExecContext(ctx, step.statement, step.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.tally.recountSoon("system_metrics")
	}
	return err == nil, err
}
