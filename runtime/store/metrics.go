package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Metric is a row of system_metrics.
type Metric struct {
	ID        int64
	Timestamp time.Time
	Name      string
	Value     float64
	Context   string
}

var metricQuery = "SELECT " + columns("id", "CAST(timestamp AS TEXT)", short("metric_name"), decimal("metric_value"), fmt.Sprintf("substr(%s, 1, %d)", text("context"), listRead)) + " FROM system_metrics "

func scanMetric(scan func(...any) error) (m Metric, err error) {
	var at sql.NullString
	err = scan(&m.ID, &at, &m.Name, &m.Value, &m.Context)
	m.Timestamp = parseTime(at)
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
		free, err := freeID(ctx, q, "system_metrics")
		if err != nil {
			return err
		}
		if _, err := q.ExecContext(ctx, "INSERT INTO system_metrics (id, timestamp, metric_name, metric_value, context) VALUES (?, ?, ?, ?, nullif(?, ''))", free,
			formatTime(m.Timestamp), m.Name, m.Value, m.Context); err != nil {
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
		all, err = collect(ctx, q, scanMetric, query, args...)
		return err
	})
	return all, err
}
