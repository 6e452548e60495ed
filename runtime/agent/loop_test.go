package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/store"
)

const hello = "TXT 10 10 HELLO GPU\nHALT"

func TestCyclesRunTheFirstScriptAndShowIt(t *testing.T) {
	r := newRig(t)
	r.cfg.Health = func() string { return "GPU llvmpipe" }
	a := r.run(2)
	const script = `🚀 Executing 1 improvement script(s)
📝 hello_gpu (pixel): Test GPU pipeline with simple text rendering
   ✅ succeeded · 2 cycles · CPU · N ms
`
	const want = "🤖 AUTONOMOUS CYCLE #1\n✅ Health: GPU llvmpipe · database ok\n" + script + "⏸️  next cycle in 10s\n" +
		"🤖 AUTONOMOUS CYCLE #2\n✅ Health: GPU llvmpipe · database ok\n" + script
	if got := regexp.MustCompile(`[\d.]+ ms`).ReplaceAllString(r.console.String(), "N ms"); got != want {
		t.Errorf("the console shows\n%swant\n%s", got, want)
	}
	runs := r.runs("hello_gpu")
	if len(runs) != 2 || !runs[0].Success || runs[0].Backend != "CPU" || runs[0].HumanPNG == "" || runs[0].MachinePNG == "" || runs[0].MapID == 0 ||
		!runs[1].StartedAt.Equal(epoch.Add(10*time.Second)) {
		t.Errorf("runs %+v", runs)
	}
	rows := r.rows()
	var res result
	if len(rows) != 2 || json.Unmarshal([]byte(rows[0].Result), &res) != nil || rows[0].Result != rows[1].Result {
		t.Fatalf("map %+v", rows)
	}
	if res.Status != "halted" || res.Cycles != 2 || res.Frames != 1 || res.Seed != 1 || len(res.Machine) != 64 || len(res.Human) != 64 ||
		!strings.HasPrefix(res.Picture, "pictures/") || res.Error != nil {
		t.Errorf("result %+v", res)
	}
	if rows[0].Parent != 0 || rows[1].Parent != rows[0].Iteration || rows[0].Code != hello ||
		!strings.HasPrefix(rows[0].Analysis, "succeeded in its first run; ") || !strings.HasPrefix(rows[1].Analysis, "succeeded as in all 2 runs; ") {
		t.Errorf("map %+v", rows)
	}
	if s := a.Status(); s.Phase != Stopped || s.Cycle != 2 || s.Runs != 2 || s.Failures != 0 || s.LastError != "" || !s.Healthy {
		t.Errorf("status %+v", s)
	}
	metrics, err := r.store.Metrics(t.Context(), store.Page{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range metrics {
		names = append(names, m.Name)
	}
	for _, want := range []string{"success_rate", "duration_ms_median", "cycle_ms_median"} {
		if !slices.Contains(names, want) {
			t.Errorf("no metric %s among %q", want, names)
		}
	}
	r.sound()
}

func TestRunMayBeCalledOnce(t *testing.T) {
	r := newRig(t)
	if err := r.run(1).Run(t.Context()); !errors.Is(err, ErrRan) {
		t.Errorf("the second Run gives %v", err)
	}
}

func TestRowInsertedByHandIsRunInTheNextCycle(t *testing.T) {
	r := newRig(t)
	r.clock.onSleep = func(n int) {
		switch n {
		case 1:
			r.exec(`INSERT INTO improvement_scripts (name, lang, purpose, code, enabled, created_at) VALUES ('test_rectangle', 'pixel',
				'Test rectangle rendering', 'RECT 10 10 50 30' || char(10) || 'HALT', 1, datetime('now'))`)
		case 3:
			r.exec(`UPDATE improvement_scripts SET enabled = 0 WHERE name = 'test_rectangle'`)
		}
	}
	r.run(5)
	runs := r.runs("test_rectangle")
	if len(runs) != 2 || !runs[0].Success || !runs[0].StartedAt.Equal(epoch.Add(10*time.Second)) {
		t.Errorf("inserted after cycle 1, disabled after cycle 3: %+v", runs)
	}
	if n := len(r.runs("hello_gpu")); n != 5 {
		t.Errorf("hello_gpu ran %d times in 5 cycles", n)
	}
}

func TestThreeScriptsACycleTakeTurns(t *testing.T) {
	r := newRig(t)
	for n := range 6 {
		r.add(fmt.Sprint("script", n), "pixel", "HALT")
	}
	r.run(7) // seven scripts, three a cycle: 21 runs
	for n := range 6 {
		if runs := r.runs(fmt.Sprint("script", n)); len(runs) != 3 {
			t.Errorf("script%d ran %d times of 3", n, len(runs))
		}
	}
	r.exec(`UPDATE settings SET value = '7' WHERE key = 'scripts_per_cycle'`)
	r.run(1)
	if runs := r.runs("script0"); len(runs) != 4 {
		t.Errorf("with seven a cycle script0 ran %d times of 4", len(runs))
	}
}

func TestFailingScriptBacksOffAndIsTriedAtOnceWhenItsCodeChanges(t *testing.T) {
	r := newRig(t)
	r.only("bad", "pixel", "SET z = 0\nSET q = 1 / z\n")
	r.run(100) // 1000 s
	var at []int
	for _, run := range r.runs("bad") {
		at = append(at, int(run.StartedAt.Sub(epoch)/(10*time.Second)))
	}
	if !slices.Equal(at, []int{0, 1, 3, 7, 15, 31, 63}) {
		t.Errorf("a failing script was run in cycles %v", at)
	}
	first := r.runs("bad")[0]
	if first.Success || first.Stderr != "bad.pxl:2:1: 1 is divided by zero [div_by_zero]" || first.HumanPNG == "" {
		t.Errorf("its run is %+v", first)
	}
	r.said("❌ failed · bad.pxl:2:1: 1 is divided by zero [div_by_zero] · 2 cycles · CPU")
	r.said("💤 No improvement script is due")

	r.add("bad", "pixel", "SET q = 1\n")
	r.run(3)
	runs, rows := r.runs("bad"), r.rows()
	if len(runs) != 10 || !runs[7].Success || !runs[9].Success {
		t.Fatalf("mended: %+v", runs[7:])
	}
	if rows[7].Parent != rows[6].Iteration || !strings.HasPrefix(rows[7].Analysis, fmt.Sprintf("new version of iteration %d; succeeded for the first time in 8 runs", rows[6].Iteration)) {
		t.Errorf("the new version's row is %+v", rows[7])
	}
	if rows[6].Analysis == "" || !strings.Contains(rows[6].Analysis, "7 failures in a row: tried again in 10m40s") {
		t.Errorf("the last failure's row says %q", rows[6].Analysis)
	}
	r.sound()
}

func TestProgramThatDoesNotAssembleIsAFailedRunWithItsDiagnostics(t *testing.T) {
	r := newRig(t)
	r.only("slip", "pixel", "TXTT 1 1 hi\nHALT\n")
	r.run(1)
	run, row := r.runs("slip")[0], r.rows()[0]
	if run.Success || !strings.HasPrefix(run.Stderr, "slip.pxl:1:1: unknown opcode `TXTT`") || !strings.Contains(run.Stderr, "(fix: replace with TXT)") {
		t.Errorf("run %+v", run)
	}
	if !strings.Contains(row.Result, `"status":"not_assembled"`) || !strings.Contains(row.Result, `"line":1`) {
		t.Errorf("result %s", row.Result)
	}
}

func TestASettingThatMakesNoSenseIsNamedOnce(t *testing.T) {
	r := newRig(t)
	r.exec(`UPDATE settings SET value = 'many' WHERE key = 'scripts_per_cycle'`)
	r.run(3)
	const said = `the setting scripts_per_cycle is "many": it is a number from 1 to 100; it counts as 3`
	if n := strings.Count(r.console.String(), said); n != 1 {
		t.Errorf("said %d times:\n%s", n, r.console.String())
	}
}

func TestAFlagBeatsItsSetting(t *testing.T) {
	r := newRig(t)
	r.exec(`UPDATE settings SET value = '1h' WHERE key = 'interval'`)
	for _, c := range []struct{ flag, want time.Duration }{{0, time.Hour}, {10 * time.Second, 10 * time.Second}} {
		r.cfg.Interval = c.flag
		before := r.clock.Now()
		r.run(2)
		if got := r.clock.Now().Sub(before); got.Round(time.Second) != c.want {
			t.Errorf("with --interval %v cycles begin %v apart", c.flag, got)
		}
	}
}

func TestAnIntervalThatIsSetCountsForTheSleepUnderWay(t *testing.T) {
	r := newRig(t)
	r.cfg.Interval = 0
	r.set("interval", "24h")
	r.clock.onSleep = func(n int) {
		switch n {
		case 3:
			r.set("interval", "1m")
		case 12:
			r.set("interval", "5s")
		}
	}
	r.run(4)
	// The first sleep ends a minute after its cycle began, of which thirty seconds had
	// passed when that was set; the second once it is over, and the third after 5 s.
	if got := r.clock.Now().Sub(epoch); got < 105*time.Second || got > 135*time.Second {
		t.Errorf("four cycles took %v", got)
	}
}

func TestLogGoesToStdoutAndFramesAreASetting(t *testing.T) {
	r := newRig(t)
	r.only("count", "pixel", "again:\nLOG frame {frame}\nFRAME\nJMP again\n")
	r.run(1)
	r.exec(`INSERT INTO settings (key, value) VALUES ('script_frames', '3') ON CONFLICT (key) DO UPDATE SET value = '3'`)
	r.run(1)
	runs := r.runs("count")
	if !runs[0].Success || runs[0].Stdout != "frame 0" || !runs[1].Success || runs[1].Stdout != "frame 0\nframe 1\nframe 2" {
		t.Errorf("runs %+v", runs)
	}
}

func TestUnknownLanguageIsAFailedRun(t *testing.T) {
	r := newRig(t)
	a := New(r.cfg)
	o := a.run(t.Context(), store.Script{Name: "x", Lang: "cobol"}, newScriptHistory("x"))
	if o.success || !strings.Contains(o.stderr, `"cobol"`) || o.result.Status != "refused" {
		t.Errorf("%+v", o)
	}
}

func TestPanickingRunnerIsAFailedRunAndTheLoopGoesOn(t *testing.T) {
	r := newRig(t)
	r.add("after", "pixel", "HALT")
	r.cfg.Cycles = 3
	a := New(r.cfg)
	pixel := a.runners["pixel"]
	a.runners["pixel"] = func(ctx context.Context, x *resources, s store.Script, m *scriptHistory) outcome {
		if s.Name == "hello_gpu" {
			panic("index out of range")
		}
		return pixel(ctx, x, s, m)
	}
	if err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	bad := r.runs("hello_gpu")
	if len(bad) != 2 || bad[0].Success || bad[0].Stderr != "the runner of this script met an error of its own: index out of range; the loop goes on" {
		t.Errorf("the panicking runs: %+v", bad)
	}
	if good := r.runs("after"); len(good) != 3 || !good[0].Success {
		t.Errorf("the others: %+v", good)
	}
}

// A panickyStore panics where no runner is at work.
type panickyStore struct {
	*store.Store
	left int
}

func (s *panickyStore) DueScripts(ctx context.Context, now time.Time, max int) ([]store.Script, []store.Skipped, error) {
	if s.left--; s.left >= 0 {
		panic("a broken invariant")
	}
	return s.Store.DueScripts(ctx, now, max)
}

func TestPanicInACycleEndsTheCycleAlone(t *testing.T) {
	r := newRig(t)
	r.cfg.Store = &panickyStore{r.store, 2}
	r.run(4)
	if n := len(r.runs("hello_gpu")); n != 2 {
		t.Errorf("%d runs in the two cycles that were left", n)
	}
	r.said("⚠️  the cycle met an error of its own: a broken invariant; the loop goes on")
}

func TestClockThatJumpsADayNeitherStallsNorStorms(t *testing.T) {
	for _, day := range []time.Duration{24 * time.Hour, -24 * time.Hour} {
		t.Run(day.String(), func(t *testing.T) {
			r := newRig(t)
			r.add("bad", "pixel", "SET z = 0\nSET q = 1 / z\n")
			r.clock.onSleep = func(n int) {
				if n == 5 {
					r.clock.jump(day)
				}
			}
			r.run(10)
			if r.clock.sleeps != 9 {
				t.Errorf("%d sleeps in 10 cycles", r.clock.sleeps)
			}
			if n := len(r.runs("hello_gpu")); n != 10 {
				t.Errorf("hello_gpu ran %d times in 10 cycles", n)
			}
			if n := len(r.runs("bad")); n < 4 || n > 8 {
				t.Errorf("the failing script ran %d times in 10 cycles", n)
			}
			r.sound()
		})
	}
}

func TestRunsOfAnEarlierProcessAreMarkedExactlyOnce(t *testing.T) {
	r := newRig(t)
	id, err := r.store.BeginRun(t.Context(), r.script("hello_gpu").ID, epoch, "CPU")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.store.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r.open()
		r.run(2)
		r.store.Close()
	}
	r.open()
	marked := 0
	for _, run := range r.runs("hello_gpu") {
		if run.Interrupted {
			marked++
			if run.ID != id || run.Success {
				t.Errorf("marked: %+v", run)
			}
		}
	}
	if n := len(r.rows()); marked != 1 || n != 5 {
		t.Errorf("%d runs are marked, the map has %d rows", marked, n)
	}
	if n := strings.Count(r.console.String(), "1 run of an earlier process had not been finished: marked as interrupted"); n != 1 {
		t.Errorf("said %d times:\n%s", n, r.console)
	}
	r.sound()
}

// TestNamesForgeNoLine has names, words and errors that would write lines of their own.
func TestNamesForgeNoLine(t *testing.T) {
	r := newRig(t)
	var log screen
	r.cfg.Logger = slog.New(slog.NewTextHandler(&log, nil))
	const forged = "x\n🤖 AUTONOMOUS CYCLE #99\r\x1b[2J\u009b2J\u2028y"
	r.only(forged, "pixel", "BOGUS")
	r.exec(`UPDATE improvement_scripts SET purpose = ?`, forged)
	r.add("odd "+forged, "pixel", "HALT")
	r.exec(`UPDATE improvement_scripts SET enabled = ? WHERE name LIKE 'odd%'`, forged)
	r.add("no purpose "+forged, "pixel", "HALT")
	a := r.run(2)
	texts := map[string]string{"console": r.console.String(), "log": log.String(), "notice": a.Status().Notice(),
		"readiness": Status{Phase: Running, Script: forged}.unready(epoch)}
	if a.guard("it", func() error { return errors.New("saving " + forged) }); a.Status().LastError == "" {
		t.Error("an error is not told")
	}
	texts["error"] = a.Status().LastError
	texts["summary"] = summary(&outcome{stderr: "\n" + strings.ReplaceAll(forged, "\n", "") + "\nmore"}, false)
	a.panicked("it", forged)
	texts["panic"] = a.Status().LastError
	for what, text := range texts {
		if !strings.Contains(text, `\u009b2J`) {
			t.Errorf("the %s lacks what was forged: %q", what, text)
		}
		if strings.ContainsAny(text, "\r\x1b\u009b\u2028") || strings.Contains(text, "\n🤖 AUTONOMOUS CYCLE #99") {
			t.Errorf("the %s shows %q", what, text)
		}
	}
	r.said(`x\n🤖 AUTONOMOUS CYCLE #99\r\x1b[2J\u009b2J\u2028y`)
}

// closingEngine counts how often engines are closed.
type closingEngine struct {
	engine.Engine
	closed *atomic.Int32
}

func (e closingEngine) Close() error {
	e.closed.Add(1)
	return e.Engine.Close()
}

// What another processor holds is given up when programs run there no more.
func TestTheEngineIsGivenUpWhenTheBackendChanges(t *testing.T) {
	r := newRig(t)
	r.exec(`UPDATE settings SET value = 'gpu' WHERE key = 'backend'`)
	var closed atomic.Int32
	r.cfg.Engine = func() engine.Engine { return closingEngine{engine.NewCPU(), &closed} }
	r.clock.onSleep = func(n int) {
		if n == 2 {
			r.exec(`UPDATE settings SET value = 'cpu' WHERE key = 'backend'`)
		}
		if want := int32(n / 3); closed.Load() != want {
			t.Errorf("after cycle %d %d engines are closed", n, closed.Load())
		}
	}
	r.run(4)
}
