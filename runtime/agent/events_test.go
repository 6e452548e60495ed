package agent

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gvpie/runtime/store"
)

// A live loop runs in its own goroutine, and its clock stands still.
type live struct {
	*rig
	agent  *Agent
	still  *stillClock
	events <-chan Event
}

// start starts a loop and waits until it sleeps after its first cycle.
func (r *rig) start() *live {
	r.t.Helper()
	l := &live{rig: r, still: newStillClock()}
	r.cfg.Clock = l.still
	l.agent = New(r.cfg)
	events, unwatch := l.agent.Watch()
	l.events = events
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- l.agent.Run(ctx) }()
	r.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			r.t.Error(err)
		}
		unwatch()
		if _, open := <-events; open {
			for range events { // what was not read
			}
		}
	})
	<-l.still.asleep
	return l
}

func ranScript(name string) func(Event) bool {
	return func(e Event) bool { return e.Kind == RunFinished && e.Run.Script == name }
}

func inPhase(p Phase) func(Event) bool {
	return func(e Event) bool { return e.Kind == StatusChanged && e.Status.Phase == p }
}

func TestEventsTellACycle(t *testing.T) {
	l := newRig(t).start()
	var kinds []EventKind
	await(t, l.events, func(e Event) bool {
		if e.Kind != StatusChanged {
			kinds = append(kinds, e.Kind)
		}
		return e.Status.Phase == Sleeping
	})
	if len(kinds) != 3 || kinds[0] != CycleStarted || kinds[1] != RunFinished || kinds[2] != CycleFinished {
		t.Errorf("events %v", kinds)
	}
	if s := l.agent.Status(); s.Cycle != 1 || s.Phase != Sleeping || !s.NextAt.After(epoch) || s.NextAt.After(epoch.Add(10*time.Second)) {
		t.Errorf("status %+v", s)
	}
	l.still.wakeup <- epoch
	e := await(t, l.events, ranScript("hello_gpu"))
	if e.Run.ID != 2 || e.Run.MapID != 2 || !e.Run.Success || e.Run.Lang != "pixel" || e.Run.Backend != "CPU" || e.Run.Summary == "" || e.Status.Cycle != 2 || e.Status.Runs != 2 {
		t.Errorf("event %+v, run %+v", e, e.Run)
	}
}

func TestPauseResumeAndRunNow(t *testing.T) {
	l := newRig(t).start()
	l.agent.Pause()
	await(t, l.events, inPhase(Paused))
	l.still.wakeup <- epoch // the cycle's time comes, and nothing happens

	l.agent.RunNow(l.script("hello_gpu").ID)
	if e := await(t, l.events, ranScript("hello_gpu")); e.Status.Cycle != 1 || !e.Status.Paused {
		t.Errorf("a script asked for while paused: %+v", e.Status)
	}
	await(t, l.events, inPhase(Paused))

	l.agent.RunNow(0)
	if e := await(t, l.events, ranScript("hello_gpu")); e.Status.Cycle != 2 || !e.Status.Paused {
		t.Errorf("a cycle asked for while paused: %+v", e.Status)
	}
	<-l.still.asleep
	await(t, l.events, inPhase(Paused))

	l.agent.Resume()
	if e := await(t, l.events, ranScript("hello_gpu")); e.Status.Cycle != 3 || e.Status.Paused {
		t.Errorf("resumed: %+v", e.Status)
	}
}

func TestLoopThatIsPausedFromTheStartWaits(t *testing.T) {
	r := newRig(t)
	r.cfg.Cycles = 1
	a := New(r.cfg)
	a.Pause()
	r.clock.onSleep = func(int) {
		if n := len(r.runs("hello_gpu")); n != 0 {
			t.Errorf("%d runs before Resume", n)
		}
		a.Resume()
	}
	if err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(r.runs("hello_gpu")); n != 1 || r.clock.sleeps != 1 {
		t.Errorf("%d runs after %d sleeps", n, r.clock.sleeps)
	}
}

func TestRunNowRunsWhatIsNotDue(t *testing.T) {
	r := newRig(t)
	s := r.add("off", "pixel", "LOG here\n")
	if err := r.store.SetEnabled(t.Context(), s.ID, false); err != nil {
		t.Fatal(err)
	}
	l := r.start()
	l.agent.RunNow(s.ID)
	l.agent.RunNow(99) // there is no such script
	await(t, l.events, ranScript("off"))
	await(t, l.events, inPhase(Sleeping))
	if runs := r.runs("off"); len(runs) != 1 || runs[0].Stdout != "here" {
		t.Errorf("runs %+v", runs)
	}
	r.said("there is no script 99 to run")
}

func TestSlowWatcherLosesTheOldestAndHoldsUpNobody(t *testing.T) {
	r := newRig(t)
	r.cfg.Cycles = 50
	a := New(r.cfg)
	events, cancel := a.Watch()
	if err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	cancel()
	cancel() // twice is once
	n := 0
	var last Event
	for e := range events {
		n++
		last = e
	}
	if n != watchRoom || last.Status.Phase != Stopped || last.Status.Cycle != 50 {
		t.Errorf("%d events, the last %+v", n, last)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestScriptFileIsTakenInAndRunOnSave(t *testing.T) {
	l := newRig(t).start()
	path := filepath.Join(ScriptFolder(l.dir), "saved.pxl")
	write(t, path, "# says hello\nLOG one\n")
	await(t, l.events, ranScript("saved"))
	if s := l.script("saved"); s.Lang != "pixel" || s.Purpose != "says hello" || !s.Enabled {
		t.Errorf("script %+v", s)
	}
	write(t, path, "LOG two\n")
	await(t, l.events, ranScript("saved"))

	temporary := filepath.Join(l.dir, "scripts", "saved.tmp") // an editor that saves by renaming
	write(t, temporary, "LOG three\n")
	if err := os.Rename(temporary, path); err != nil {
		t.Fatal(err)
	}
	await(t, l.events, ranScript("saved"))
	write(t, path, "TXTT\n") // a slip is a failed run
	await(t, l.events, ranScript("saved"))
	await(t, l.events, inPhase(Sleeping))

	runs := l.runs("saved")
	if len(runs) != 4 || runs[0].Stdout != "one" || runs[1].Stdout != "two" || runs[2].Stdout != "three" || runs[3].Success {
		t.Errorf("runs %+v", runs)
	}
	if s := l.agent.Status(); s.Cycle != 1 {
		t.Errorf("it took %d cycles", s.Cycle)
	}
	rows := l.rows()
	if rows[2].Parent != rows[1].Iteration || rows[2].Analysis[:len("new version of iteration")] != "new version of iteration" {
		t.Errorf("the second version's row is %+v", rows[2])
	}
}

func TestScriptFilesAreReadAtStartAndLeaveEditsInTheDatabaseAlone(t *testing.T) {
	r := newRig(t)
	folder := ScriptFolder(r.dir)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "early.pxl"), "LOG file\n")
	write(t, filepath.Join(folder, ".hidden.pxl"), "LOG no\n")
	write(t, filepath.Join(folder, "notes.txt"), "no program")
	write(t, filepath.Join(folder, "empty.pxl"), "")
	write(t, filepath.Join(folder, "binary.pxl"), "\xff\xfe")
	r.add("other", "python", "pass\n")
	write(t, filepath.Join(folder, "other.pxl"), "HALT\n")
	if err := r.store.SetEnabled(t.Context(), r.script("other").ID, false); err != nil {
		t.Fatal(err)
	}
	r.run(2)
	r.exec(`UPDATE improvement_scripts SET code = 'LOG database' WHERE name = 'early'`)
	r.run(2) // a restart does not bring the file's text back
	runs := r.runs("early")
	if len(runs) != 4 || runs[1].Stdout != "file" || runs[2].Stdout != "database" {
		t.Errorf("runs %+v", runs)
	}
	write(t, filepath.Join(folder, "early.pxl"), "LOG file again\n")
	r.run(1)
	if runs := r.runs("early"); runs[4].Stdout != "file again" {
		t.Errorf("runs %+v", runs)
	}
	all, err := r.store.ScriptList(t.Context())
	if err != nil || len(all) != 3 {
		t.Errorf("scripts %+v, %v", all, err)
	}
	r.said("binary.pxl is not taken in: it is not text")
	r.said("other.pxl is not taken in: a script of this name in another language is in the database")
	if s := r.script("other"); s.Lang != "python" {
		t.Errorf("the python script became %+v", s)
	}
}

func TestHalfWrittenFileIsNotRunBeforeItIsWhole(t *testing.T) {
	r := newRig(t)
	a := New(r.cfg)
	a.folder = &folder{a: a, dir: ScriptFolder(r.dir), files: map[string]*scriptFile{}, gone: map[string]int{}}
	if err := os.MkdirAll(a.folder.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	take := func() []store.Script {
		t.Helper()
		s, err := a.folder.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	path := filepath.Join(a.folder.dir, "half.pxl")
	write(t, path, "TXT 1 1 hi\nREC")
	if got := take(); len(got) != 0 {
		t.Errorf("half a file was taken in: %+v", got)
	}
	write(t, path, "TXT 1 1 hi\nRECT 1 1 2 2\n")
	if got := take(); len(got) != 1 || got[0].Name != "half" {
		t.Errorf("the whole file: %+v", got)
	}
	if got := take(); len(got) != 0 {
		t.Errorf("the same file again: %+v", got)
	}
	write(t, path, "TXTT\n")
	if got := take(); len(got) != 0 {
		t.Errorf("a slip at first sight: %+v", got)
	}
	if got := take(); len(got) != 1 {
		t.Errorf("a slip that stays: %+v", got)
	}
}
