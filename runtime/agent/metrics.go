package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"gvpie/runtime/store"
	"gvpie/runtime/store/disk"
)

// metricsEvery is how many cycles lie between two roll-ups of the figures: a row
// for each run would be most of the database before long. The first cycle and
// the end of the loop write them too.
const metricsEvery = 60

// The figures that the loop writes.
const (
	rateFigure     = "success_rate"
	durationFigure = "duration_ms_median"
	cycleFigure    = "cycle_ms_median"
	freeFigure     = "disk_free_mb"
)

// rollUp has the store make one row of what each figure had on an old day, a day at a
// cycle.
func rollUp(ctx context.Context, s Store) error {
	_, err := s.RollUpMetrics(ctx, rateFigure, durationFigure, cycleFigure, freeFigure)
	if err != nil {
		return fmt.Errorf("rolling up the figures: %w", err)
	}
	return nil
}

// about is the context of a metrics row.
type about struct {
	Script  string `json:"script,omitempty"`
	Backend string `json:"backend,omitempty"`
	Runs    int    `json:"runs,omitempty"`
	Trend   string `json:"trend,omitempty"`
	Cycles  int    `json:"cycles,omitempty"`
}

// writeMetrics writes the figures of every script that has run since the last
// time, and those of the loop.
func (a *Agent) writeMetrics(ctx context.Context) error {
	var all []store.Metric
	add := func(name string, value float64, of about) {
		text, err := json.Marshal(of)
		if err != nil { // there is nothing in it that has no JSON
			panic(err)
		}
		all = append(all, store.Metric{Name: name, Value: value, Context: string(text)})
	}
	for _, id := range slices.Sorted(maps.Keys(a.histories)) {
		m := a.histories[id]
		if m.runs == 0 {
			continue
		}
		add(rateFigure, m.rate, about{Script: m.name, Runs: m.runs})
		for _, backend := range slices.Sorted(maps.Keys(m.engines)) {
			h := m.engines[backend]
			if len(h.durations) == 0 {
				continue
			}
			ms := float64(h.median()) / float64(time.Millisecond)
			add(durationFigure, ms, about{Script: m.name, Backend: backend, Runs: len(h.durations), Trend: h.trend().String()})
		}
	}
	if len(a.took) > 0 {
		ms := float64(store.Median(a.took)) / float64(time.Millisecond)
		add(cycleFigure, ms, about{Cycles: len(a.took)})
	}
	if free, err := disk.FreeSpace(a.cfg.Data); err == nil {
		add(freeFigure, float64(free>>20), about{})
	}
	if err := a.store.AddMetrics(ctx, all); err != nil {
		return fmt.Errorf("writing the figures: %w", err)
	}
	for _, m := range a.histories {
		m.runs = 0
	}
	a.took = a.took[:0]
	return nil
}
