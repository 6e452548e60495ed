package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gvpie/runtime/store/sqlquery"
)

// Metric is a row of system_metrics.
type Metric struct {
	ID        int64
	Timestamp time.Time
	Name      string
	Value     float64
	Context   string
}

var metricQuery = "SELECT " + sqlquery.Columns("id", "CAST(timestamp AS TEXT)", short("metric_name"), sqlquery.Decimal("metric_value"), fmt.Sprintf("substr(%s, 1, %d)", sqlquery.Text("context"), listRead)) + " FROM system_metrics "

func scanMetric(scan func(...any) error) (m Metric, err error) {
	var at sql.NullString
	err = scan(&m.ID, &at, &m.Name, &m.Value, &m.Context)
	m.Timestamp = sqlquery.ParseTime(at)
	return m, err
}

// AddMetric writes one figure. Several at once, AddMetrics and Finished.Metrics, cost
// one commit.
func (s *metricTable) AddMetric(ctx context.Context, name string, value float64, context string) error {
	return s.AddMetrics(ctx, []Metric{{Name: name, Value: value, Context: context}})
}

// AddMetrics writes figures; zero times are now.
func (s *metricTable) AddMetrics(ctx context.Context, all []Metric) error {
	return s.write(ctx, "write metrics", func(ctx context.Context, q querier) error {
		return addMetrics(ctx, q, all, s.o.Now())
	})
}

func addMetrics(ctx context.Context, q querier, all []Metric, now time.Time) error {
	for _, m := range all {
		if m.Timestamp.IsZero() {
			m.Timestamp = now
		}
		free, err := sqlquery.FreeID(ctx, q, "system_metrics")
		if err != nil {
			return err
		}
		if _, err := q.ExecContext(ctx, "INSERT INTO system_metrics (id, timestamp, metric_name, metric_value, context) VALUES (?, ?, ?, ?, nullif(?, ''))", free,
			sqlquery.FormatTime(m.Timestamp), m.Name, m.Value, m.Context); err != nil {
			return err
		}
	}
	return nil
}

// Metrics is a page of all figures.
func (s *metricTable) Metrics(ctx context.Context, p Page) ([]Metric, error) {
	return s.metrics(ctx, metricQuery+"WHERE id < ? ORDER BY id DESC LIMIT ?", p.args()...)
}

// MetricsOf is a page of the figures of one name.
func (s *metricTable) MetricsOf(ctx context.Context, name string, p Page) ([]Metric, error) {
	return s.metrics(ctx, metricQuery+"WHERE metric_name = ? AND id < ? ORDER BY id DESC LIMIT ?", append([]any{name}, p.args()...)...)
}

func (s *metricTable) metrics(ctx context.Context, query string, args ...any) (all []Metric, err error) {
	err = s.read(ctx, "read the metrics", func(ctx context.Context, q querier) (err error) {
		all, err = sqlquery.Collect(ctx, q, scanMetric, query, args...)
		return err
	})
	return all, err
}

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
		err := q.QueryRowContext(ctx, "SELECT "+sqlquery.Text("up_to")+" FROM rolled_up WHERE one = 1").Scan(&from)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		today := sqlquery.FormatTime(s.o.Now().Add(-wholeFigures))[:len(time.DateOnly)]
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
				FROM (SELECT max(id) AS last, avg(` + sqlquery.Decimal("metric_value") + `) AS mean, count(*) AS n FROM system_metrics WHERE ` + ours + each + ` HAVING count(*) > 1) g
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
