//go:build unix

package agent

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/store"
)

func pipe(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestCartridgeThatIsNoFileIsAFailedRun(t *testing.T) {
	r := newRig(t)
	fifo := filepath.Join(CartridgeFolder(r.dir), "pipe.png")
	pipe(t, fifo)
	r.only("good", "pixel", "HALT")
	for name, code := range map[string]string{"pipe": "pipe.png", "device": "/dev/zero", "folder": r.dir} {
		r.add(name, "cartridge", code)
	}
	if err := r.store.SetSetting(t.Context(), store.ScriptsSetting, "9"); err != nil {
		t.Fatal(err)
	}
	r.run(2)
	for _, name := range []string{"pipe", "device", "folder"} {
		runs := r.runs(name)
		if len(runs) == 0 || runs[0].Success || !strings.Contains(runs[0].Stderr, "it is not a regular file") {
			t.Errorf("%s: %+v", name, runs)
		}
	}
	if n := len(r.runs("good")); n != 2 {
		t.Errorf("the good script ran %d times", n)
	}
}

func TestRunnerThatDoesNotComeBackIsAbandoned(t *testing.T) {
	r := newRig(t)
	r.only("good", "pixel", "HALT")
	r.add("stuck", "cartridge", "somewhere")
	r.cfg.Limit = time.Second
	a := New(r.cfg)
	a.cfg.Cycles, a.patience = 6, time.Millisecond
	a.runners["pixel"] = func(context.Context, *resources, store.Script, *scriptHistory) (o outcome) {
		o.success = true
		return o
	}
	release, ended := make(chan struct{}), make(chan struct{}, 9)
	var times atomic.Int32
	a.runners["cartridge"] = func(_ context.Context, x *resources, _ store.Script, m *scriptHistory) (o outcome) {
		times.Add(1)
		<-release // whatever its context says
		m.on("CPU").add(time.Second)
		x.engines.get(true)
		ended <- struct{}{}
		return o
	}
	if err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	runs, good := r.runs("stuck"), r.runs("good")
	if times.Load() != 1 || len(good) != 6 || len(runs) < 2 || !strings.Contains(runs[0].Stderr, "did not come back") || !strings.Contains(runs[1].Stderr, "has not come back") {
		t.Errorf("the runner began %d times; runs %+v, %d good ones", times.Load(), runs, len(good))
	}
	r.said("stuck: its runner did not come back and was abandoned")
	if !strings.Contains(r.rows()[1].Result, `"status":"abandoned"`) && !strings.Contains(r.rows()[0].Result, `"status":"abandoned"`) {
		t.Errorf("rows %+v", r.rows()[:2])
	}
	close(release)
	<-ended
}

// comingBack is a log that tells when an abandoned runner has come back.
type comingBack chan struct{}

func (c comingBack) Write(p []byte) (int, error) {
	if strings.Contains(string(p), "came back that had been abandoned") {
		close(c)
	}
	return len(p), nil
}

// What an abandoned runner has it keeps to itself, and its script runs again when it
// has come back.
func TestAbandonedRunnerSharesNothingAndItsScriptRunsWhenItIsBack(t *testing.T) {
	r := newRig(t)
	r.only("stuck", "cartridge", "somewhere")
	back := make(comingBack)
	r.cfg.Limit, r.cfg.Cycles, r.cfg.Logger = time.Second, 4, slog.New(slog.NewTextHandler(back, nil))
	a := New(r.cfg)
	a.patience = time.Millisecond
	release, closed := make(chan struct{}), new(atomic.Int32)
	a.cfg.CPU = func() engine.Engine { return closingEngine{engine.NewCPU(), closed} }
	type given struct {
		x *resources
		m *scriptHistory
	}
	runs := make(chan given, 9)
	var times atomic.Int32
	a.runners["cartridge"] = func(_ context.Context, x *resources, _ store.Script, m *scriptHistory) (o outcome) {
		runs <- given{x, m}
		if times.Add(1) == 1 {
			<-release
			x.engines.get(true)
		}
		o.success = true
		return o
	}
	r.clock.onSleep = func(n int) {
		switch n {
		case 1: // other code is run
			r.exec(`UPDATE improvement_scripts SET code = 'elsewhere' WHERE name = 'stuck'`)
		case 2: // this is not: it has not come back
			r.exec(`UPDATE improvement_scripts SET code = 'somewhere' WHERE name = 'stuck'`)
		case 3:
			close(release)
			<-back
			if closed.Load() != 1 {
				t.Error("the engine of a runner that came back late is not closed")
			}
			r.clock.jump(2 * backoffMost)
		}
	}
	if err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(runs) != 3 || len(r.runs("stuck")) != 4 {
		t.Fatalf("the runner began %d times in 4 cycles: %+v", len(runs), r.runs("stuck"))
	}
	first, second := <-runs, <-runs
	if first.x == second.x || first.m == second.m {
		t.Error("a run shares what the abandoned one has")
	}
}

func TestRunnerThatDoesNotComeBackHoldsUpNoStop(t *testing.T) {
	r := newRig(t)
	r.only("stuck", "cartridge", "somewhere")
	a := New(r.cfg)
	a.patience = time.Millisecond
	running, release := make(chan struct{}), make(chan struct{})
	a.runners["cartridge"] = func(context.Context, *resources, store.Script, *scriptHistory) (o outcome) {
		close(running)
		<-release
		return o
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- a.Run(ctx) }()
	<-running
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if runs := r.runs("stuck"); len(runs) != 1 || !runs[0].Cancelled {
		t.Errorf("runs %+v", runs)
	}
	close(release)
}

func TestScriptsFolderTakesInRegularFilesOfItsOwn(t *testing.T) {
	r := newRig(t)
	folder := ScriptFolder(r.dir)
	pipe(t, filepath.Join(folder, "pipe.pxl"))
	outside := filepath.Join(t.TempDir(), "outside.pxl")
	write(t, outside, "HALT")
	write(t, filepath.Join(folder, "good.pxl"), "HALT")
	for link, to := range map[string]string{"out.pxl": outside, "device.pxl": "/dev/zero", "pipelink.pxl": "pipe.pxl", "in.pxl": "good.pxl"} {
		if err := os.Symlink(to, filepath.Join(folder, link)); err != nil {
			t.Fatal(err)
		}
	}
	r.run(3)
	all, err := r.store.ScriptList(t.Context())
	var names []string
	for _, s := range all {
		names = append(names, s.Name)
	}
	if got := strings.Join(names, " "); err != nil || got != "good hello_gpu in" {
		t.Errorf("scripts %s, %v", got, err)
	}
	for _, name := range []string{"pipe.pxl is not taken in: it is not a regular file", "out.pxl is not taken in: it is a link to " + outside + ", out of the folder",
		"device.pxl is not taken in: it is a link to /dev/zero", "pipelink.pxl is not taken in: it is not a regular file"} {
		r.said(name)
	}
}

// filing counts the transactions that take files in, and those that notice that they
// are gone.
type filing struct {
	*store.Store
	taken, removed []int // files of each
}

func (f *filing) TakeFiles(ctx context.Context, all []store.FileScript) ([]store.TakenFile, error) {
	f.taken = append(f.taken, len(all))
	return f.Store.TakeFiles(ctx, all)
}

func (f *filing) RemoveFiles(ctx context.Context, names []string) ([]store.RemovedFile, error) {
	f.removed = append(f.removed, len(names))
	return f.Store.RemoveFiles(ctx, names)
}

// TestManyFilesAtOnceStarveNobody saves thousands while the loop sleeps, and removes
// them again.
func TestManyFilesAtOnceStarveNobody(t *testing.T) {
	files, cycles := 1000, 12
	if testing.Short() { // under the race detector
		files = 200
	}
	if os.Getenv("GVPIE_SOAK") == "1" {
		files = 5000
	}
	r := newRig(t)
	r.only("good", "pixel", "HALT")
	folder := ScriptFolder(r.dir)
	db := &filing{Store: r.store}
	r.cfg.Store, r.cfg.Cycles = db, cycles
	a := New(r.cfg)
	ran := map[int]int{} // by cycle
	onRun(a, func(store.Script) { ran[a.cycles]++ })
	r.clock.onSleep = func(n int) {
		if n > 1 {
			return
		}
		for n := range files {
			writeFile(t, filepath.Join(folder, fmt.Sprintf("many%04d.pxl", n)), "HALT")
		}
		a.folder.hint("", false) // before the next cycle, whenever the system tells
	}
	if err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(db.taken, []int{files}) {
		t.Errorf("the files were taken in in transactions of %v", db.taken)
	}
	for cycle := 1; cycle <= cycles; cycle++ {
		want := a.settings.scripts
		if cycle == 1 { // and none at once: they are too many
			want = 1
		}
		if ran[cycle] != want {
			t.Errorf("%d scripts ran in cycle %d and after it", ran[cycle], cycle)
		}
	}
	if n := len(r.runs("good")); n < 4 { // it takes turns with those of the files that have run
		t.Errorf("the good script ran %d times in %d cycles", n, cycles)
	}
	c, err := r.store.Counts(t.Context())
	if err != nil || c.Scripts != int64(2+files) || c.EnabledScripts != int64(1+files) {
		t.Errorf("%+v, %v", c, err)
	}

	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	db.taken, r.clock.onSleep = nil, nil
	r.run(3)
	if !slices.Equal(db.removed, []int{files}) || len(db.taken) != 0 {
		t.Errorf("that the files are gone was noticed in transactions of %v", db.removed)
	}
	if c, err = r.store.Counts(t.Context()); err != nil || c.Scripts != int64(2+files) || c.EnabledScripts != 1 {
		t.Errorf("after they were removed: %+v, %v", c, err)
	}
	r.said(fmt.Sprintf("%d more script files removed: the scripts are disabled", files-filesNamed))
}

// TestLargeFilesTakeSeveralLooks has more in them than one look reads.
func TestLargeFilesTakeSeveralLooks(t *testing.T) {
	r := newRig(t)
	db := &filing{Store: r.store}
	r.cfg.Store, r.cfg.Cycles = db, 3
	folder := ScriptFolder(r.dir)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	const text = "HALT\n"
	for n := range 7 {
		writeFile(t, filepath.Join(folder, fmt.Sprintf("many%d.pxl", n)), text)
	}
	a := New(r.cfg)
	a.bytesAtOnce = 3*len(text) - 1
	if err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(db.taken, []int{3, 3, 1}) {
		t.Errorf("the files were taken in in transactions of %v", db.taken)
	}
}

func TestScriptWhoseFileIsRemovedIsDisabledUntilItIsBack(t *testing.T) {
	r := newRig(t)
	folder := ScriptFolder(r.dir)
	mine, off := filepath.Join(folder, "mine.pxl"), filepath.Join(folder, "off.pxl")
	writeFile(t, mine, "HALT")
	writeFile(t, off, "HALT")
	enabled := func(name string, want bool) {
		t.Helper()
		if s := r.script(name); s.Enabled != want {
			t.Errorf("%s is enabled: %v", name, s.Enabled)
		}
	}
	r.run(1)
	if err := r.store.SetEnabled(t.Context(), r.script("off").ID, false); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(off); err != nil {
		t.Fatal(err)
	}
	r.clock.onSleep = func(n int) { // as an editor saves
		switch n {
		case 2:
			if err := os.Rename(mine, mine+"~"); err != nil {
				t.Error(err)
			}
		case 3:
			if err := os.Rename(mine+"~", mine); err != nil {
				t.Error(err)
			}
		}
	}
	r.run(4)
	enabled("mine", true)
	r.clock.onSleep = nil
	if err := os.Remove(mine); err != nil {
		t.Fatal(err)
	}
	r.run(2)
	enabled("mine", false)
	r.said("mine.pxl was removed: its script is disabled")
	writeFile(t, mine, "HALT")
	writeFile(t, off, "HALT")
	r.run(2)
	enabled("mine", true)
	enabled("off", false)
	r.run(3)
	enabled("mine", true)
}

// However often the folder is looked at in one cycle.
func TestFileThatIsAwayForLessThanACycleDisablesNothing(t *testing.T) {
	r := newRig(t)
	mine := filepath.Join(ScriptFolder(r.dir), "mine.pxl")
	writeFile(t, mine, "HALT")
	r.cfg.Cycles = 2
	a := New(r.cfg)
	r.clock.onSleep = func(int) { // on the loop's goroutine
		if err := os.Remove(mine); err != nil {
			t.Error(err)
		}
		for range 3 {
			if _, err := a.folder.take(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if !r.script("mine").Enabled {
			t.Error("it is disabled in the cycle in which its file went away")
		}
	}
	if err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
}
