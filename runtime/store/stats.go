package store

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"
	"time"

	"gvpie/runtime/store/sqlquery"
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

// ScriptStats are the figures of scripts over the last runs of each (0: 200): by
// script, one for each engine it ran on, by name. It is one query, however many
// scripts there are.
func (s *Store) ScriptStats(ctx context.Context, scripts []int64, last int) (map[int64][]ScriptStats, error) {
	if last <= 0 {
		last = 200
	}
	type run struct {
		script  int64
		backend string
		success bool
		ms      float64
	}
	runs := map[int64][]run{} // newest first
	err := s.read(ctx, "read the figures of scripts", func(ctx context.Context, q querier) error {
		clear(runs)
		ids, err := json.Marshal(scripts)
		if err != nil {
			return err
		}
		all, err := sqlquery.Collect(ctx, q, func(scan func(...any) error) (r run, err error) {
			err = scan(&r.script, &r.backend, &r.success, &r.ms)
			return r, err
		}, "SELECT "+sqlquery.Columns("i.value", sqlquery.Text("r.backend"), sqlquery.Truth("r.success"), sqlquery.Decimal("r.duration_ms"))+`
			FROM json_each(?) i JOIN improvement_runs r ON r.id IN (
				SELECT r.id FROM improvement_runs r LEFT JOIN run_details d ON d.run_id = r.id
				WHERE r.script_id = i.value AND r.finished_at IS NOT NULL AND coalesce(d.outcome, 0) = 0
				ORDER BY r.id DESC LIMIT ?)
			ORDER BY r.id DESC`, string(ids), last)
		for _, r := range all {
			runs[r.script] = append(runs[r.script], r)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	figures := make(map[int64][]ScriptStats, len(scripts))
	for script, runs := range runs {
		by := map[string]*ScriptStats{}
		for _, r := range slices.Backward(runs) {
			st := by[r.backend]
			if st == nil {
				st = &ScriptStats{ScriptID: script, Backend: r.backend}
				by[r.backend] = st
			}
			st.Runs++
			if r.success {
				st.Successes++
				st.Durations = append(st.Durations, time.Duration(r.ms*1e3)*time.Microsecond)
			}
		}
		for _, st := range by {
			st.sum()
			figures[script] = append(figures[script], *st)
		}
		slices.SortFunc(figures[script], func(a, b ScriptStats) int { return cmp.Compare(a.Backend, b.Backend) })
	}
	return figures, nil
}

// sum sums up the durations.
func (s *ScriptStats) sum() {
	s.Median = Median(s.Durations)
	if n := len(s.Durations); n >= trendMin {
		if older := Median(s.Durations[:n/2]); older > 0 {
			s.Trend = float64(Median(s.Durations[n/2:]))/float64(older) - 1
		}
	}
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

// milliseconds is a duration as duration_ms holds it.
func milliseconds(d time.Duration) float64 { return float64(d.Round(time.Microsecond)) / 1e6 }

// runTime is a number of milliseconds as a duration, the nearest there is.
func runTime(ms float64) time.Duration {
	us := math.Round(ms * 1000)
	if !(math.Abs(us) < math.MaxInt64/1000) {
		return 0 // of no run
	}
	return time.Duration(us) * time.Microsecond
}
