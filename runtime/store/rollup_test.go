package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/store/sqlquery"
)

func TestOldFiguresAreOneRowADay(t *testing.T) {
	ctx := t.Context()
	s, _ := openAt(t, t.TempDir(), start)
	db := beside(t, s)
	var all []Metric
	const days = 5
	for day := range days {
		for i := range 10 {
			at := start.AddDate(0, 0, day-days+1).Add(time.Duration(i) * time.Minute)
			for _, script := range []string{"a", "b"} {
				all = append(all, Metric{Timestamp: at, Name: "success_rate", Value: float64(day*100 + i), Context: fmt.Sprintf(`{"script":%q,"runs":%d}`, script, i)})
			}
			all = append(all, Metric{Timestamp: at, Name: "ms", Value: float64(i), Context: `{"script":"a","backend":"CPU"}`}, Metric{Timestamp: at, Name: "ms", Value: 7, Context: `{"script":"a","backend":"GPU"}`},
				Metric{Timestamp: at, Name: "theirs", Value: 1, Context: "{}"}, Metric{Timestamp: at, Name: "ms", Value: 1, Context: "by hand"}, Metric{Timestamp: at, Name: "ms", Value: 1})
		}
	}
	must(t, s.AddMetrics(ctx, all))
	sqlExec(t, db, "INSERT INTO system_metrics (timestamp, metric_name, metric_value, context) VALUES ('', 'ms', 1, '{}'), (NULL, 'ms', 1, '{}'), (x'00', 'ms', 1, '{}'), ('2026', 'ms', 'x', '{'), (12, 'ms', 1, '7')")
	steps := 0
	for more := true; more && steps < 100; steps++ {
		var err error
		more, err = s.RollUpMetrics(ctx, "success_rate", "ms")
		must(t, err)
	}
	if steps > days+4 { // a day each, what a hand wrote for times, and one to see that there is no more
		t.Errorf("%d steps for %d days", steps, days)
	}
	count := func(where string, want int) {
		t.Helper()
		var n int
		must(t, db.QueryRow("SELECT count(*) FROM system_metrics WHERE "+where).Scan(&n))
		if n != want {
			t.Errorf("%d rows where %s, want %d", n, where, want)
		}
	}
	old := "timestamp LIKE '2026-%-%' AND timestamp < '" + sqlquery.FormatTime(start.Add(-wholeFigures))[:10] + "' AND "
	whole := "timestamp LIKE '2026-%-%' AND timestamp >= '" + sqlquery.FormatTime(start.Add(-wholeFigures))[:10] + "' AND "
	count(old+"metric_name = 'success_rate'", 2*(days-3))
	count(whole+"metric_name = 'success_rate'", 2*10*3)
	count(old+"metric_name = 'ms' AND context LIKE '{%'", 2*(days-3))
	count("metric_name = 'theirs' AND context = '{}'", 10*days)
	count("context = 'by hand' OR context IS NULL", 2*10*days)
	count("timestamp IS NULL OR timestamp NOT LIKE '2026-%-%'", 5)
	var value float64
	var context string
	must(t, db.QueryRow("SELECT metric_value, context FROM system_metrics WHERE metric_name = 'success_rate' ORDER BY timestamp, id LIMIT 1").Scan(&value, &context))
	if value != 4.5 || context != `{"script":"a","runs":9,"rows":10}` {
		t.Errorf("the mean of a day is %v, %s", value, context)
	}
	before := strings.Join(dump(t, s), "\n")
	sqlExec(t, db, "DELETE FROM rolled_up") // by hand: it begins again
	for range days + 4 {
		_, err := s.RollUpMetrics(ctx, "success_rate", "ms")
		must(t, err)
	}
	if now := strings.Join(dump(t, s), "\n"); now != before {
		t.Errorf("rolled up again it is another:\n%s\nand was\n%s", now, before)
	}
}

// dump is all figures, a line each.
func dump(t *testing.T, s *Store) (lines []string) {
	t.Helper()
	all, err := s.Metrics(t.Context(), Page{Limit: 10_000})
	must(t, err)
	for _, m := range all {
		lines = append(lines, fmt.Sprint(m.ID, " ", m.Name, " ", m.Value, " ", m.Context))
	}
	return lines
}
