package agent

import (
	"fmt"
	"testing"
	"time"

	"gvpie/runtime/store"
)

// The loop's own figures are the ones that it has rolled up.
func TestTheLoopRollsItsOldFiguresUp(t *testing.T) {
	r := newRig(t)
	r.run(1) // writes one of each
	names := map[string]bool{}
	all, err := r.store.Metrics(t.Context(), store.Page{})
	if err != nil {
		t.Fatal(err)
	}
	var old []store.Metric
	for _, m := range all {
		names[m.Name] = true
		for i := range 5 {
			old = append(old, store.Metric{Timestamp: epoch.AddDate(0, 0, -9).Add(time.Duration(i) * time.Minute), Name: m.Name, Value: m.Value, Context: m.Context})
		}
	}
	if err := r.store.AddMetrics(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	r.run(2)
	var n int
	if err := r.sql().QueryRow("SELECT count(*) FROM system_metrics WHERE timestamp < ?", epoch.AddDate(0, 0, -8).Format(time.DateOnly)).Scan(&n); err != nil {
		t.Fatal(err)
	}
	if len(names) < 4 || n != len(names) {
		t.Errorf("%d rows of an old day are left of %d figures: %s", n, len(names), fmt.Sprint(names))
	}
}
