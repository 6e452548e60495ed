package agent

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/store"
)

func ms(n ...int) (out []time.Duration) {
	for _, n := range n {
		out = append(out, time.Duration(n)*time.Millisecond)
	}
	return out
}

func TestMedianIsOfTheMiddle(t *testing.T) {
	for _, tt := range []struct {
		d    []time.Duration
		want time.Duration
	}{
		{nil, 0}, {ms(4), 4 * time.Millisecond}, {ms(9, 1, 5), 5 * time.Millisecond}, {ms(1, 9, 3, 5), 4 * time.Millisecond},
	} {
		before := slices.Clone(tt.d)
		if got := store.Median(tt.d); got != tt.want || !slices.Equal(tt.d, before) {
			t.Errorf("median of %v is %v, want %v", before, got, tt.want)
		}
	}
}

func TestHistoryKeepsTheNewest(t *testing.T) {
	h := &history{}
	for n := range 3 * historyLength {
		h.add(time.Duration(n))
	}
	if len(h.durations) != historyLength || h.durations[0] != 2*historyLength || h.durations[historyLength-1] != 3*historyLength-1 {
		t.Errorf("kept %v", h.durations)
	}
}

func TestSlowIsMuchSlowerThanItsOwnHistory(t *testing.T) {
	for _, tt := range []struct {
		history []time.Duration
		run     int
		want    bool
	}{
		{ms(10, 10, 10, 10), 1000, false}, // too little is known
		{ms(10, 10, 10, 10, 10), 30, false},
		{ms(10, 10, 10, 10, 10), 31, true},
		{ms(1, 1, 1, 1, 1), 6, false}, // six times, but by five milliseconds only
		{ms(1, 1, 1, 1, 1), 7, true},
		{ms(1, 1, 900, 1, 1, 900, 1), 7, true}, // outliers do not hide the next
	} {
		h := &history{durations: tt.history}
		if got := h.slow(time.Duration(tt.run) * time.Millisecond); got != tt.want {
			t.Errorf("%d ms after %v: slow is %v", tt.run, tt.history, got)
		}
	}
}

func TestTrendComparesTheHalves(t *testing.T) {
	for _, tt := range []struct {
		d    []time.Duration
		want trend
	}{
		{ms(1, 1, 1, 1, 9, 9, 9, 9), steady}, // too few
		{ms(4, 4, 4, 4, 4, 4, 4, 4, 4, 4), steady},
		{ms(4, 4, 4, 4, 4, 5, 5, 5, 5, 5), steady},
		{ms(4, 4, 4, 4, 4, 6, 6, 6, 6, 6), rising},
		{ms(6, 6, 6, 6, 6, 4, 4, 4, 4, 4), falling},
	} {
		if got := (&history{durations: tt.d}).trend(); got != tt.want {
			t.Errorf("%v is %v, want %v", tt.d, got, tt.want)
		}
	}
}

func TestBackoffDoublesToAnHourAndNeverEnds(t *testing.T) {
	const interval = 10 * time.Second
	var waits []time.Duration
	for failures := range 9 {
		waits = append(waits, backoff(failures, interval))
	}
	s := time.Second
	want := []time.Duration{0, 5 * s, 15 * s, 35 * s, 75 * s, 155 * s, 315 * s, 635 * s, 1275 * s}
	if !slices.Equal(waits, want) {
		t.Errorf("waits %v, want %v", waits, want)
	}
	if got := backoff(1_000_000, interval); got != time.Hour-interval/2 {
		t.Errorf("after a million failures %v", got)
	}
	if got := backoff(5, 2*time.Hour); got != time.Hour {
		t.Errorf("with cycles two hours apart %v", got)
	}
}

func TestAnalysisSaysWhatWasLearnt(t *testing.T) {
	const interval = 10 * time.Second
	script := store.Script{Name: "x", Code: "HALT", RunCount: 41, SuccessCount: 40}
	last := store.MapRow{ID: 7, Iteration: 17, Code: "HALT", Result: `{"machine_sha256":"aa"}`}
	good := outcome{success: true, backend: "CPU", duration: 1200 * time.Microsecond, result: result{Machine: "aa"}}
	for _, tt := range []struct {
		name    string
		change  func(s *store.Script, o *outcome, last *store.MapRow, m *scriptHistory)
		want    string
		verdict verdict
	}{
		{"as ever", func(*store.Script, *outcome, *store.MapRow, *scriptHistory) {},
			"succeeded as in 41 of 42 runs; 1.2 ms, median 1 ms", verdict{success: true, parent: 17}},
		{"first", func(s *store.Script, o *outcome, last *store.MapRow, m *scriptHistory) {
			s.RunCount, s.SuccessCount, *last, m.engines = 0, 0, store.MapRow{}, map[string]*history{}
		}, "succeeded in its first run; 1.2 ms", verdict{success: true}},
		{"edited", func(s *store.Script, o *outcome, last *store.MapRow, m *scriptHistory) { s.Code = "NOP" },
			"new version of iteration 17; succeeded as in 41 of 42 runs; 1.2 ms, median 1 ms", verdict{success: true, parent: 17, edited: true}},
		{"slow", func(s *store.Script, o *outcome, last *store.MapRow, m *scriptHistory) {
			o.duration = 40 * time.Millisecond
		},
			"succeeded as in 41 of 42 runs; 40 ms, median 1 ms; slow: 40.0 times its median", verdict{success: true, slow: true, parent: 17}},
		{"another picture", func(s *store.Script, o *outcome, last *store.MapRow, m *scriptHistory) { o.result.Machine = "bb" },
			"succeeded as in 41 of 42 runs; 1.2 ms, median 1 ms; another picture than iteration 17", verdict{success: true, parent: 17}},
		{"failing", func(s *store.Script, o *outcome, last *store.MapRow, m *scriptHistory) {
			o.success, s.ConsecutiveFailures, s.SuccessCount = false, 3, 20
		}, "failed as in 22 of 42 runs; 1.2 ms; 4 failures in a row: tried again in 1m20s", verdict{parent: 17, wait: 75 * time.Second}},
		{"failing anew", func(s *store.Script, o *outcome, last *store.MapRow, m *scriptHistory) {
			o.success, s.ConsecutiveFailures, s.SuccessCount, s.Code = false, 3, 20, "NOP"
		}, "new version of iteration 17; failed as in 22 of 42 runs; 1.2 ms", verdict{parent: 17, edited: true, wait: 5 * time.Second}},
		{"cancelled", func(s *store.Script, o *outcome, last *store.MapRow, m *scriptHistory) {
			o.success, o.cancelled = false, true
		},
			"cancelled before its end; counted neither way", verdict{parent: 17}},
		{"with a note", func(s *store.Script, o *outcome, last *store.MapRow, m *scriptHistory) { o.note = "on the CPU: no GPU" },
			"succeeded as in 41 of 42 runs; 1.2 ms, median 1 ms; on the CPU: no GPU", verdict{success: true, parent: 17}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newScriptHistory("x")
			m.on("CPU").durations = ms(1, 1, 1, 1, 1)
			s, o, last := script, good, last
			tt.change(&s, &o, &last, m)
			got := m.learn(s, &o, last, interval)
			tt.verdict.analysis = tt.want
			if got != tt.verdict {
				t.Errorf("learnt %+v\nwant   %+v", got, tt.verdict)
			}
		})
	}
}

func TestVerdictsAreGrammar(t *testing.T) {
	for _, tt := range []struct {
		success         bool
		runs, successes int64
		want            string
	}{
		{true, 1, 1, "succeeded in its first run"},
		{false, 1, 0, "failed in its first run"},
		{true, 9, 9, "succeeded as in all 9 runs"},
		{true, 9, 1, "succeeded for the first time in 9 runs"},
		{false, 9, 8, "failed for the first time in 9 runs"},
		{false, 9, 2, "failed as in 7 of 9 runs"},
	} {
		if got := ranking(tt.success, tt.runs, tt.successes); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

func TestSpansAndMilliseconds(t *testing.T) {
	var got []string
	for _, d := range []time.Duration{40 * time.Millisecond, 9998 * time.Millisecond, 1500 * time.Millisecond, 2*time.Minute + 30*time.Second, 2 * time.Minute, time.Hour, 90 * time.Minute} {
		got = append(got, span(d))
	}
	for _, d := range []time.Duration{time.Millisecond, 1234 * time.Microsecond, 40 * time.Microsecond, 12_400 * time.Microsecond, 2 * time.Second} {
		got = append(got, milliseconds(d))
	}
	const want = "40ms 10s 1.5s 2m30s 2m 1h 1h30m 1 ms 1.2 ms 0.04 ms 12 ms 2000 ms"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("%s\nwant %s", s, want)
	}
}

func TestRestKeepsCyclesAnIntervalApartWhateverTheClockDoes(t *testing.T) {
	began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct{ took, want time.Duration }{
		{0, 10 * time.Second}, {time.Second, 9 * time.Second}, {time.Minute, time.Second},
		{24 * time.Hour, time.Second}, {-24 * time.Hour, 10 * time.Second},
	} {
		if got := rest(10*time.Second, began, began.Add(tt.took)); got != tt.want {
			t.Errorf("after a cycle of %v: %v, want %v", tt.took, got, tt.want)
		}
	}
}
