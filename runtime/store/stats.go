package store

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// ScriptStats are the figures of one script on one engine, over its latest runs.
type ScriptStats struct {
	ScriptID        int64
	Backend         string
	Runs, Successes int             // finished runs looked at; cancelled and interrupted ones are left out
	Median          time.Duration   // of the successful runs; 0 when there are none
	Trend           float64         // the median of the newer half over that of the older half, less 1: 0.1 is 10 % slower; 0 under 8 runs
	Durations       []time.Duration // of the successful runs, oldest first
}

// Rate is the share of runs that succeeded, 0 to 1.
func (s *ScriptStats) Rate() float64 {
	if s.Runs == 0 {
		return 0
	}
	return float64(s.Successes) / float64(s.Runs)
}

// trendMin is how many successful runs a trend needs.
const trendMin = 8

// ScriptStats are a script's figures over its last runs (0: 200), one for each engine
// it ran on, by name.
func (s *Store) ScriptStats(ctx context.Context, scriptID int64, last int) ([]ScriptStats, error) {
	if last <= 0 {
		last = 200
	}
	type run struct {
		backend string
		success bool
		ms      float64
	}
	var runs []run
	err := s.read(ctx, "read a script's figures", func(ctx context.Context, q querier) (err error) {
		runs, err = collect(ctx, q, func(scan func(...any) error) (r run, err error) {
			err = scan(&r.backend, &r.success, &r.ms)
			return r, err
		}, "SELECT "+columns(text("r.backend"), truth("r.success"), decimal("r.duration_ms"))+`
			FROM improvement_runs r LEFT JOIN run_details d ON d.run_id = r.id
			WHERE r.script_id = ? AND r.finished_at IS NOT NULL AND coalesce(d.outcome, 0) = 0
			ORDER BY r.id DESC LIMIT ?`, scriptID, last)
		return err
	})
	if err != nil {
		return nil, err
	}
	by := map[string]*ScriptStats{}
	for _, r := range slices.Backward(runs) {
		st := by[r.backend]
		if st == nil {
			st = &ScriptStats{ScriptID: scriptID, Backend: r.backend}
			by[r.backend] = st
		}
		st.Runs++
		if r.success {
			st.Successes++
			st.Durations = append(st.Durations, time.Duration(r.ms*1e3)*time.Microsecond)
		}
	}
	all := make([]ScriptStats, 0, len(by))
	for _, st := range by {
		st.Median = Median(st.Durations)
		if n := len(st.Durations); n >= trendMin {
			if older := Median(st.Durations[:n/2]); older > 0 {
				st.Trend = float64(Median(st.Durations[n/2:]))/float64(older) - 1
			}
		}
		all = append(all, *st)
	}
	slices.SortFunc(all, func(a, b ScriptStats) int { return cmp.Compare(a.Backend, b.Backend) })
	return all, nil
}

// Median is the middle of the durations, which stay as they are; 0 of none.
func Median(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	all = slices.Sorted(slices.Values(all))
	n := len(all)
	return (all[(n-1)/2] + all[n/2]) / 2
}
