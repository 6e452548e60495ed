package store

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if childMain() {
		return
	}
	goleak.VerifyTestMain(m)
}

// start is the time at which the tests' clocks begin.
var start = time.Date(2026, 11, 22, 20, 15, 0, 0, time.UTC)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func isErr(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("%v, want %v", err, want)
	}
}

// open opens the memory in dir with a clock that stands still, and closes it after the test.
func open(t testing.TB, dir string) (*Store, Opened) {
	t.Helper()
	return openAt(t, dir, start)
}

func openAt(t testing.TB, dir string, now time.Time) (*Store, Opened) {
	t.Helper()
	s, done, err := Open(t.Context(), dir, Options{Now: func() time.Time { return now }, Patience: 2 * time.Second})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s, done
}

// fresh is a store on a new data folder.
func fresh(t testing.TB) *Store {
	s, _ := open(t, filepath.Join(t.TempDir(), "data"))
	return s
}

// run begins and finishes a run of a script with the given end.
func run(t testing.TB, s *Store, scriptID int64, at time.Time, f Finished) (runID, mapID int64) {
	t.Helper()
	ctx := context.Background()
	runID, err := s.BeginRun(ctx, scriptID, at, "CPU")
	must(t, err)
	mapID, err = s.FinishRun(ctx, runID, f)
	must(t, err)
	return runID, mapID
}

// hello is the end of a good run of the first script.
func hello() Finished {
	return Finished{Success: true, Duration: 1500 * time.Microsecond, Backend: "GPU", Task: "hello_gpu: Test GPU pipeline with simple text rendering",
		Code: firstScript.Code, ResultJSON: `{"status":"halted","cycles":2}`, Analysis: "as before"}
}

func TestAFirstStartMakesHelloGPU(t *testing.T) {
	s, done := open(t, filepath.Join(t.TempDir(), "a b?c#d%41", "data"))
	if !done.Created || done.Migrated || done.Backup != "" || len(done.Messages) != 1 {
		t.Errorf("%+v", done)
	}
	all, err := s.ScriptList(t.Context())
	must(t, err)
	if len(all) != 1 {
		t.Fatal(all)
	}
	h, err := s.ScriptByID(t.Context(), all[0].ID)
	must(t, err)
	if h.Name != "hello_gpu" || h.Lang != "pixel" || h.Purpose != "Test GPU pipeline with simple text rendering" ||
		h.Code != "TXT 10 10 HELLO GPU\nHALT" || !h.Enabled || !h.CreatedAt.Equal(start) || !h.LastRunAt.IsZero() {
		t.Errorf("%+v", h)
	}
	if v, err := s.Setting(t.Context(), "interval", ""); v != "10s" || err != nil {
		t.Error(v, err)
	}
	if v, err := s.Setting(t.Context(), "nothing", "def"); v != "def" || err != nil {
		t.Error(v, err)
	}
	must(t, s.SetSetting(t.Context(), "interval", "1s"))
	if v, _ := s.Setting(t.Context(), "interval", ""); v != "1s" {
		t.Error(v)
	}
}

func TestARunIsKeptWhole(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	sc, err := s.Script(ctx, "hello_gpu")
	must(t, err)
	hash, err := s.PutPicture([]byte("a picture"))
	must(t, err)
	f := hello()
	f.HumanPNG, f.Stdout, f.Metrics = hash, "out", []Metric{{Name: "duration", Value: 1.5}}
	id, err := s.BeginRun(ctx, sc.ID, start, "auto")
	must(t, err)
	r, err := s.Run(ctx, id)
	must(t, err)
	if !r.Running() || r.Script != "hello_gpu" || r.Backend != "auto" {
		t.Errorf("%+v", r)
	}
	mapID, err := s.FinishRun(ctx, id, f)
	must(t, err)
	_, err = s.FinishRun(ctx, id, f)
	isErr(t, err, ErrNotRunning)

	r, err = s.Run(ctx, id)
	must(t, err)
	want := Run{ID: id, ScriptID: sc.ID, Script: "hello_gpu", StartedAt: start, FinishedAt: start, Success: true, Stdout: "out", StdoutBytes: 3,
		Duration: 1500 * time.Microsecond, Backend: "GPU", MapID: mapID, HumanPNG: hash}
	if r != want {
		t.Errorf("%+v", r)
	}
	m, err := s.MapRow(ctx, mapID)
	must(t, err)
	if m.Iteration != 1 || m.Code != firstScript.Code || m.RunID != id || len(m.Hash) != 64 || m.Parent != 0 || !m.Timestamp.Equal(start) {
		t.Errorf("%+v", m)
	}
	sc, err = s.Script(ctx, "hello_gpu")
	must(t, err)
	if sc.RunCount != 1 || sc.SuccessCount != 1 || !sc.LastRunAt.Equal(start) || sc.Fresh() {
		t.Errorf("%+v", sc)
	}
	b, err := s.Picture(hash)
	if err != nil || string(b) != "a picture" {
		t.Error(string(b), err)
	}
	c, err := s.Counts(ctx)
	must(t, err)
	if c != (Counts{Scripts: 1, EnabledScripts: 1, Runs: 1, Map: 1, Metrics: 1}) {
		t.Errorf("%+v", c)
	}
	rep, err := s.Verify(ctx)
	if err != nil || !rep.OK() || rep.Rows != 1 {
		t.Errorf("%+v %v", rep, err)
	}
	must(t, s.Check(ctx))
}
