package agent

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/store"
)

func TestDatabaseLockedForThirtySecondsLosesNothing(t *testing.T) {
	r := newRig(t)
	other := r.sql()
	lock := func() {
		if _, err := other.Exec("BEGIN IMMEDIATE"); err != nil {
			t.Error(err)
		}
	}
	unlock := func() {
		if _, err := other.Exec("ROLLBACK"); err != nil {
			t.Error(err)
		}
	}
	r.clock.onSleep = func(n int) {
		switch n {
		case 2: // after cycle 2, for 30 s: cycles 3, 4 and 5 find it locked
			lock()
		case 5:
			unlock()
		}
	}
	a := r.run(8)
	if n := len(r.runs("hello_gpu")); n != 5 {
		t.Errorf("%d runs in the 5 cycles that could save them", n)
	}
	if n := strings.Count(r.console.String(), "⚠️  Health: CPU "); n != 3 {
		t.Errorf("%d cycles were not healthy:\n%s", n, r.console)
	}
	r.said("locked by another program")
	if s := a.Status(); !s.Healthy || s.LastError != "" || s.Unsaved != 0 {
		t.Errorf("status %+v", s)
	}
	r.sound()
}

// TestRunThatEndsWhileTheDatabaseIsLockedIsSavedLater locks it between the start
// of a run and its end.
func TestRunThatEndsWhileTheDatabaseIsLockedIsSavedLater(t *testing.T) {
	r := newRig(t)
	r.cfg.Cycles = 4
	a := New(r.cfg)
	other := r.sql()
	locked := false
	pixel := a.runners["pixel"]
	a.runners["pixel"] = func(ctx context.Context, x *resources, s store.Script, m *scriptHistory) outcome {
		if !locked {
			locked = true
			if _, err := other.Exec("BEGIN IMMEDIATE"); err != nil {
				t.Error(err)
			}
		}
		return pixel(ctx, x, s, m)
	}
	unsaved := 0
	r.clock.onSleep = func(n int) {
		if n == 2 {
			unsaved = a.Status().Unsaved
			if _, err := other.Exec("ROLLBACK"); err != nil {
				t.Error(err)
			}
		}
	}
	if err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	runs := r.runs("hello_gpu")
	if unsaved != 1 || len(runs) != 3 || !runs[0].Success || !runs[0].StartedAt.Equal(epoch) || !runs[0].FinishedAt.Equal(epoch) {
		t.Errorf("%d were unsaved; runs %+v", unsaved, runs)
	}
	r.said("saving a run of hello_gpu, which is kept and saved later")
	r.sound()
}

// A fullStore is one whose disk is full for a while.
type fullStore struct {
	*store.Store
	failures int
}

func (s *fullStore) FinishRun(ctx context.Context, id int64, f store.Finished) (int64, error) {
	if s.failures--; s.failures >= 0 {
		return 0, &store.Error{Op: "finish run", Path: s.Path(), Kind: store.ErrFull}
	}
	return s.Store.FinishRun(ctx, id, f)
}

func TestFullDiskHoldsTheLoopUpAndLosesNothing(t *testing.T) {
	r := newRig(t)
	r.add("other", "pixel", "HALT")
	r.cfg.Store = &fullStore{r.store, 5}
	r.run(8)
	r.said("the disk is full: make room")
	hello, other := r.runs("hello_gpu"), r.runs("other")
	if len(hello)+len(other) != 1+2*3 { // one waited from cycle 1 to cycle 6
		t.Errorf("%d and %d runs", len(hello), len(other))
	}
	for _, run := range append(hello, other...) {
		if !run.Success || run.Running() {
			t.Errorf("run %+v", run)
		}
	}
	r.sound()
}

// A pictureless store cannot keep pictures.
type pictureless struct{ *store.Store }

func (s pictureless) PutPicture([]byte) (string, error) {
	return "", &store.Error{Op: "keep a picture", Kind: store.ErrFull}
}

func TestRunIsKeptWithoutItsPictureWhenThereIsNoRoom(t *testing.T) {
	r := newRig(t)
	r.cfg.Store = pictureless{r.store}
	r.run(1)
	run, row := r.runs("hello_gpu")[0], r.rows()[0]
	if !run.Success || run.HumanPNG != "" || !strings.Contains(row.Result, `"human_sha256":"`) || strings.Contains(row.Result, `"picture"`) {
		t.Errorf("run %+v, result %s", run, row.Result)
	}
	r.said("a picture could not be kept")
}

func TestDatabaseDeletedBetweenCyclesIsSalvagedAndAFreshOneStarted(t *testing.T) {
	r := newRig(t)
	file := filepath.Join(ScriptFolder(r.dir), "file.pxl")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, file, "HALT\n")
	r.clock.onSleep = func(n int) {
		if n == 3 {
			removeDatabase(t, r.store.Path())
		}
	}
	r.run(5)
	if n := len(r.runs("file")); n != 2 {
		t.Errorf("a script that is a file ran %d times in the last two cycles", n)
	}
	if n := len(r.runs("hello_gpu")); n != 2 {
		t.Errorf("the fresh database has %d runs of the last two cycles", n)
	}
	r.said("was deleted or replaced while in use")
	salvaged, _ := filepath.Glob(filepath.Join(r.dir, "db", "*salvaged*.db"))
	if len(salvaged) != 1 {
		t.Fatalf("salvaged: %v", salvaged)
	}
	r.sound()
	old := &rig{t: t, dir: t.TempDir(), clock: r.clock}
	if err := os.MkdirAll(filepath.Join(old.dir, "db"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(salvaged[0], filepath.Join(old.dir, "db", "daemon.db")); err != nil {
		t.Fatal(err)
	}
	old.open()
	defer old.store.Close()
	if n := len(old.runs("hello_gpu")); n != 3 {
		t.Errorf("the salvaged database has %d runs of the first three cycles", n)
	}
	old.sound()
}

func TestDatabaseDamagedUnderTheLoopIsPutAsideAndAFreshOneStarted(t *testing.T) {
	r := newRig(t)
	r.clock.onSleep = func(n int) {
		if n != 3 {
			return
		}
		for _, path := range []string{r.store.Path(), r.store.Path() + "-wal"} { // in place, as a failing disk does
			info, err := os.Stat(path)
			if err != nil {
				t.Error(err)
				return
			}
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := f.Write([]byte(strings.Repeat("damaged ", int(info.Size())/8))); err != nil {
				t.Error(err)
			}
			f.Close()
		}
	}
	a := r.run(10)
	aside, _ := filepath.Glob(filepath.Join(r.dir, "db", "daemon-quarantined-*.db"))
	if len(aside) != 1 {
		t.Errorf("put aside: %v\n%s", aside, r.console)
	}
	if n := len(r.runs("hello_gpu")); n == 0 || !a.Status().Healthy {
		t.Errorf("%d runs in the fresh database; %+v", n, a.Status())
	}
	r.sound()
}

func TestDataFolderDeletedUnderTheLoopIsMadeAnew(t *testing.T) {
	r := newRig(t)
	r.clock.onSleep = func(n int) {
		switch n {
		case 2:
			if err := os.RemoveAll(r.dir); err != nil {
				t.Error(err)
			}
		case 3:
			write(t, filepath.Join(ScriptFolder(r.dir), "new.pxl"), "HALT\n")
		}
	}
	r.run(5)
	if n := len(r.runs("hello_gpu")); n != 3 {
		t.Errorf("%d runs in the last three cycles", n)
	}
	if n := len(r.runs("new")); n < 2 || n > 3 { // once more when the system told of it at once
		t.Errorf("a script file saved after that ran %d times in the last two", n)
	}
	r.sound()
}

func TestRunWhoseDatabaseIsDeletedIsSavedInTheFreshOne(t *testing.T) {
	r := newRig(t)
	s := &fullStore{r.store, 0}
	r.cfg.Store = s
	r.cfg.Cycles = 3
	a := New(r.cfg)
	deleted := false
	pixel := a.runners["pixel"]
	a.runners["pixel"] = func(ctx context.Context, x *resources, sc store.Script, m *scriptHistory) outcome {
		if !deleted {
			deleted = true
			removeDatabase(t, r.store.Path())
			s.failures = 1
		}
		return pixel(ctx, x, sc, m)
	}
	if err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if runs := r.runs("hello_gpu"); len(runs) != 3 || !runs[0].Success || !runs[0].StartedAt.Equal(epoch) {
		t.Errorf("runs %+v", runs)
	}
	r.sound()
}

// A lostEngine loses its processor in the first frames it runs.
type lostEngine struct {
	engine.Engine
	losses *int
	err    error
	closed *int
}

func (e lostEngine) Kind() engine.Kind { return engine.GPU }
func (e lostEngine) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	if *e.losses > 0 {
		*e.losses--
		return machine.Report{}, e.err
	}
	return e.Engine.Frame(ctx, in, budget)
}
func (e lostEngine) Close() error { *e.closed++; return e.Engine.Close() }

func TestEngineLostMidRunIsRecordedAndTheRunRepeatedOnTheCPU(t *testing.T) {
	r := newRig(t)
	losses, closed, made := 1, 0, 0
	r.cfg.Engine = func() engine.Engine {
		made++
		return lostEngine{engine.NewCPU(), &losses, engine.ErrLost, &closed}
	}
	r.run(3)
	runs, rows := r.runs("hello_gpu"), r.rows()
	if len(runs) != 3 || !runs[0].Success || runs[0].Backend != "CPU" || runs[1].Backend != "GPU" {
		t.Errorf("runs %+v", runs)
	}
	if !strings.HasSuffix(rows[0].Analysis, "; the GPU was lost during the run, which was repeated on the CPU") {
		t.Errorf("the row says %q", rows[0].Analysis)
	}
	if made != 2 || closed != 2 {
		t.Errorf("%d engines were made, %d closed", made, closed)
	}
}

func TestProgramThatTheGPUCannotRunIsRunOnTheCPU(t *testing.T) {
	r := newRig(t)
	losses, closed := 99, 0
	r.cfg.Engine = func() engine.Engine { return lostEngine{engine.NewCPU(), &losses, engine.ErrUnsupported, &closed} }
	r.run(1)
	if run, row := r.runs("hello_gpu")[0], r.rows()[0]; !run.Success || run.Backend != "CPU" || !strings.HasSuffix(row.Analysis, "; on the CPU: "+engine.ErrUnsupported.Error()) {
		t.Errorf("run %+v, analysis %q", run, row.Analysis)
	}
}

// A slowEngine's frames take until their context ends.
type slowEngine struct {
	engine.Engine
	running chan struct{}
}

func (e slowEngine) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	if e.running != nil {
		close(e.running)
	}
	<-ctx.Done()
	return machine.Report{}, ctx.Err()
}

func TestStopDuringALongRunIsPromptAndRecorded(t *testing.T) {
	r := newRig(t)
	running := make(chan struct{})
	r.cfg.Engine = func() engine.Engine { return slowEngine{engine.NewCPU(), running} }
	ctx, stop := context.WithCancel(t.Context())
	a := New(r.cfg)
	ended := make(chan error)
	go func() { ended <- a.Run(ctx) }()
	<-running
	stop() // the clock stands still: no limit of the run's own ends it
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	runs, row := r.runs("hello_gpu"), r.rows()[0]
	if len(runs) != 1 || !runs[0].Cancelled || runs[0].Success || runs[0].Stderr != "cancelled: the loop was stopped while this ran" {
		t.Errorf("runs %+v", runs)
	}
	if row.Analysis != "cancelled before its end; counted neither way" || r.script("hello_gpu").ConsecutiveFailures != 0 {
		t.Errorf("row %+v, script %+v", row, r.script("hello_gpu"))
	}
	if s := a.Status(); s.Phase != Stopped || s.Failures != 0 {
		t.Errorf("status %+v", s)
	}
}

func TestRunThatTakesTooLongIsEnded(t *testing.T) {
	r := newRig(t)
	r.cfg.Engine = func() engine.Engine { return slowEngine{Engine: engine.NewCPU()} }
	r.cfg.Limit = 20 * time.Millisecond
	r.run(2)
	runs := r.runs("hello_gpu")
	if len(runs) != 2 || runs[0].Success || runs[0].Cancelled || runs[0].Stderr != "the program was not done after 20ms of its run: it was ended" {
		t.Errorf("runs %+v", runs)
	}
}

// A brokenEngine fails to load, as one does whose driver is odd.
type brokenEngine struct{ engine.Engine }

func (brokenEngine) Load(context.Context, isa.Program, int32) error {
	return errors.New("the driver says no")
}

func TestEngineThatFailsIsAFailedRun(t *testing.T) {
	r := newRig(t)
	r.cfg.Engine = func() engine.Engine { return brokenEngine{engine.NewCPU()} }
	r.run(1)
	if run := r.runs("hello_gpu")[0]; run.Success || run.Stderr != "the program could not be run: the driver says no" {
		t.Errorf("run %+v", run)
	}
}

func TestAutoTakesAProgramFromAGPUThatIsNotDone(t *testing.T) {
	r := newRig(t)
	r.cfg.Engine = func() engine.Engine { return slowEngine{Engine: engine.NewCPU()} }
	r.cfg.CPU = func() engine.Engine { return lateEngine{engine.NewCPU(), 5 * time.Millisecond} }
	r.cfg.Limit = 200 * time.Millisecond
	r.run(5)
	runs, rows := r.runs("hello_gpu"), r.rows()
	if len(runs) != 5 || len(rows) != 5 {
		t.Fatalf("runs %+v", runs)
	}
	for i, row := range rows { // after three on the CPU the GPU is measured, once
		tried := strings.HasSuffix(row.Analysis, "; on the CPU: the GPU was not done in half of the time limit")
		if !runs[i].Success || runs[i].Backend != "CPU" || tried != (i == 3) {
			t.Errorf("run %d: %+v, %q", i, runs[i], row.Analysis)
		}
	}
}
