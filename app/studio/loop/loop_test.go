package loop

import (
	"context"
	"fmt"
	"image"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gvpie/app/studio/loop/fixture"
	"gvpie/app/studio/mailbox"
	"gvpie/app/studio/notice"
	"gvpie/runtime/agent"
	"gvpie/runtime/record"
	"gvpie/runtime/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk is a window for a Monitor: the test's goroutine is the window's.
type desk struct {
	*Monitor
	t       *testing.T
	calls   chan func()
	closed  chan struct{}
	notices []string
	opened  []string
	posted  int // taken in so far
	queued  int
}

func newDesk(t *testing.T, cfg Config) *desk {
	d := &desk{t: t, calls: make(chan func(), 64), closed: make(chan struct{})}
	d.Monitor = New(cfg, d)
	t.Cleanup(func() {
		close(d.closed)
		d.Close()
	})
	return d
}

func (d *desk) Post(f func()) { d.call(func() { d.posted++; f() }) }

func (d *desk) Queue(f func()) { d.call(func() { d.queued++; f() }) }

func (d *desk) call(f func()) {
	select {
	case d.calls <- f:
	case <-d.closed:
	}
}

func (d *desk) Notify(_ notice.Kind, text string) { d.notices = append(d.notices, text) }

func (d *desk) OpenFile(path string) { d.opened = append(d.opened, "file "+path) }

func (d *desk) OpenText(name, path, _ string) {
	d.opened = append(d.opened, "text "+name+" at "+path)
}

func (d *desk) OpenRun(name, _ string, run *record.Recording) {
	d.opened = append(d.opened, fmt.Sprintf("run %s of %d frames with seed %d", name, run.Frames.Len(), run.Seed))
}

// patience is how long a test waits for something that happens elsewhere. It says
// what never came; a busy machine needs most of it to open a database.
const patience = 3 * time.Minute

// until takes in what is posted until cond holds; it fails after a generous
// deadline.
func (d *desk) until(what string, cond func() bool) {
	d.t.Helper()
	deadline := time.After(patience)
	for !cond() {
		select {
		case f := <-d.calls:
			f()
		case <-deadline:
			d.t.Fatalf("never happened: %s (state %v, last error %q, notices %q)", what, d.State(), d.LastError(), d.notices)
		}
	}
}

// handClock stands still until it is moved.
type handClock struct{ now time.Time }

func newHandClock() *handClock {
	return &handClock{now: time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC)}
}

func (c *handClock) Now() time.Time { return c.now }

func (c *handClock) After(time.Duration) <-chan time.Time { return make(chan time.Time) }

// history is a data folder with made runs.
func history(t testing.TB, runs int) string {
	t.Helper()
	dir := t.TempDir()
	if err := fixture.Fill(context.Background(), dir, runs, newHandClock().now); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestWithoutADataFolderThereIsNoAgent(t *testing.T) {
	d := newDesk(t, Config{})
	a := d.Monitor
	a.ShowRun(1)
	a.Compare(1, 2)
	a.SetEnabled(1, true)
	a.AddGoal("x", 1)
	if a.State() != Off || a.Runs().Len() != 0 || a.Runs().At(0) != nil || a.Detail() != nil || len(a.Lineage().Nodes) != 0 {
		t.Error("an agent that is not there has something to show")
	}
	a.Pause()
	a.Resume()
	a.RunNow()
	a.RunScript(1)
	if a.MayWrite() {
		t.Error("a loop that is not there may be written to")
	}
}

// A loop is asked for the same in this window and in another process.
func TestALoopIsDrivenHereAndElsewhere(t *testing.T) {
	for _, state := range []State{Running, Driven} {
		dir := t.TempDir()
		if state == Driven {
			startDaemon(t, dir)
		}
		d := newDesk(t, Config{Data: dir, Run: true, Clock: newHandClock()})
		d.until("the first cycle is over", func() bool { return d.Status().Phase == agent.Sleeping })
		if d.State() != state || d.Status().Cycle != 1 || !d.MayWrite() || d.Holder().Nobody() != (state == Running) {
			t.Fatalf("the loop is in state %v, cycle %d, held by %v", d.State(), d.Status().Cycle, d.Holder())
		}
		d.isDriven()
		d.Close() // all that was begun has ended
	}
}

// isDriven asks the loop for all that it can be asked for.
func (d *desk) isDriven() {
	t, ctx := d.t, context.Background()
	t.Helper()
	d.until("its run is listed", func() bool {
		d.Runs().Show(0, 10)
		r := d.Runs().At(0)
		return r != nil && r.Success
	})
	d.RunNow()
	d.until("the second cycle is over", func() bool { return d.Status().Cycle == 2 && d.Status().Phase == agent.Sleeping })
	d.Pause()
	d.until("it is paused", func() bool { return d.Status().Paused && d.Status().Phase == agent.Paused })
	d.until("the script is listed", func() bool { return len(d.Scripts()) == 1 })
	id := d.Scripts()[0].ID
	d.until("two runs are listed", func() bool { return d.Counts().Runs == 2 })
	d.RunScript(id)
	d.until("it has run once more", func() bool { return d.Counts().Runs == 3 })
	d.SetEnabled(id, false)
	if d.Scripts()[0].Enabled {
		t.Error("a switch does not show at once what was asked of it")
	}
	d.until("it is switched off in the database", func() bool {
		s, err := d.store.ScriptByID(ctx, id)
		return err == nil && !s.Enabled
	})
	d.Resume()
	d.until("it has resumed", func() bool { return !d.Status().Paused && d.Status().Cycle == 3 && d.Status().Phase == agent.Sleeping })
	if d.AddGoal("  a red circle ", 7); len(d.Goals()) != 0 {
		t.Error("a goal is listed before it is kept")
	}
	d.until("the goal is listed", func() bool { return len(d.Goals()) == 1 })
	if g := d.Goals()[0]; g.Goal != "a red circle" || g.Priority != 7 || g.Completed {
		t.Errorf("%+v", g)
	}
	if n := d.Counts().Runs; n != 3 {
		t.Errorf("a script that is switched off has run: %d runs", n)
	}
	d.DoneGoal(d.Goals()[0].ID)
	d.until("the goal is reached", func() bool { return !d.Goals()[0].CompletedAt.IsZero() })
	if len(d.notices) > 0 {
		t.Errorf("it is said: %q", d.notices)
	}
	d.SetEnabled(999, true)
	d.until("what goes wrong is said", func() bool { return len(d.notices) == 1 })
}

func TestAFolderOfAnotherProcessIsOnlyRead(t *testing.T) {
	dir := history(t, 40)
	lock, err := agent.TakeLock(dir, "gvpie daemon", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	d := newDesk(t, Config{Data: dir, Run: true, Clock: newHandClock()})
	a := d.Monitor
	d.until("the lists are there", func() bool { return a.Listed() })
	if a.State() != ReadOnly || a.Holder().What != "gvpie daemon" || a.MayWrite() {
		t.Errorf("state %v, held by %v, may write %v", a.State(), a.Holder(), a.MayWrite())
	}
	if a.Counts().Runs != 40 {
		t.Errorf("%d runs are shown, 40 are there", a.Counts().Runs)
	}
	was, goals, open := a.Scripts()[0], len(a.Goals()), a.Goals()[0].ID
	a.SetEnabled(was.ID, !was.Enabled)
	a.AddGoal("a goal", 5)
	a.DoneGoal(open)
	a.RunScript(was.ID)
	a.RunNow()
	a.Pause()
	a.Resume()
	if a.Scripts()[0].Enabled != was.Enabled || a.Goals()[0].Completed {
		t.Error("what is only read is shown changed")
	}
	a.Close() // all that was begun has ended
	now, err := opened(t, dir).ScriptByID(context.Background(), was.ID)
	if err != nil || now.Enabled != was.Enabled {
		t.Errorf("what is only read was written to: %+v, %v", now, err)
	}
	if left, err := opened(t, dir).Goals(context.Background(), store.Page{Limit: 100}); err != nil || len(left) != goals || slices.ContainsFunc(left, func(g store.Goal) bool { return g.ID == open && g.Completed }) {
		t.Errorf("the goals are %+v, %v", left, err)
	}
}

// pulse is a clock whose waits all end when the test says so.
type pulse struct {
	*handClock
	beat chan time.Time
}

func (c pulse) After(time.Duration) <-chan time.Time { return c.beat }

func TestTheLoopIsGoneOnWithWhenTheOtherProcessEnds(t *testing.T) {
	dir := t.TempDir()
	lock, err := agent.TakeLock(dir, "gvpie daemon", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	clock := pulse{newHandClock(), make(chan time.Time)}
	d := newDesk(t, Config{Data: dir, Run: true, Clock: clock})
	d.until("the lists are there", d.Listed)
	clock.beat <- clock.now
	clock.beat <- clock.now // the first look is over
	d.until("it is shown who runs the loop", func() bool { return d.Holder().What == "gvpie daemon" })
	if d.State() != ReadOnly {
		t.Fatalf("in state %v while another process has the folder", d.State())
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	d.beating(clock, "the loop runs here", func() bool { return d.State() == Running })
	d.until("its first cycle is over", func() bool { return d.Status().Runs > 0 && d.Holder().Nobody() })
}

// beating has whoever waits by the clock look again and again until cond holds: a
// look may come to nothing, as while a process that was begun in that moment still
// has a copy of the lock's file.
func (d *desk) beating(clock pulse, what string, cond func() bool) {
	d.t.Helper()
	deadline := time.After(patience)
	for !cond() {
		select {
		case clock.beat <- clock.now:
		case f := <-d.calls:
			f()
		case <-deadline:
			d.t.Fatalf("never happened: %s (state %v, last error %q)", what, d.State(), d.LastError())
		}
	}
}

func TestWhatAnotherProcessDoesIsShownWithoutAFrameForNothing(t *testing.T) {
	dir := t.TempDir()
	lock, err := agent.TakeLock(dir, "gvpie daemon", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	clock := pulse{newHandClock(), make(chan time.Time)}
	d := newDesk(t, Config{Data: dir, Run: true, Clock: clock})
	d.until("the lists are there", d.Listed)
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	if lock, err = agent.TakeLock(dir, "another daemon", time.Now()); err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	clock.beat <- clock.now
	d.until("it is shown who runs the loop", func() bool { return d.Holder().What == "another daemon" })
	s := opened(t, dir)
	// What is written while the lists are read may show in two frames, each of which
	// brings something.
	posted, counts, goals := d.posted, d.Counts(), 0
	shown := func() int {
		if d.posted != posted && d.Counts() == counts && len(d.Goals()) == goals {
			t.Error("a frame that brings nothing")
		}
		posted, counts, goals = d.posted, d.Counts(), len(d.Goals())
		return goals
	}
	for n := 1; n <= 4; n++ {
		if _, err := s.AddGoal(context.Background(), "a goal", 5); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			clock.beat <- clock.now
		}
		d.until("it is shown what was written", func() bool { return shown() == n })
		for range 3 {
			clock.beat <- clock.now
		}
	}
	for len(d.calls) > 0 {
		(<-d.calls)()
		shown()
	}
}

func TestAnyOfThousandsOfRunsIsThereWhenShown(t *testing.T) {
	const n = 30 * pageRows
	d := newDesk(t, Config{Data: history(t, n), Clock: newHandClock()})
	a := d.Monitor
	d.until("the lists are there", func() bool { return a.Listed() })
	runs := a.Runs()
	if runs.Len() != n {
		t.Fatalf("%d runs are listed", runs.Len())
	}
	for _, first := range []int{0, n / 2, n - 20, 1234, n - 1000, 3, 2 * n / 3} {
		last := first + 20
		d.until(fmt.Sprintf("rows from %d are there", first), func() bool {
			runs.Show(first, last)
			return runs.At(first) != nil && runs.At(last-1) != nil
		})
		for i := first; i < last; i++ {
			if got, want := runs.At(i).ID, int64(n-i); got != want {
				t.Fatalf("row %d is run %d, want %d", i, got, want)
			}
		}
	}
}

func TestAPageReadBeforeTheTableGrewIsReadAgain(t *testing.T) {
	p := &Pager[int]{pages: map[int][]int{}, stale: map[int]bool{}, asked: map[int]bool{}, jobs: mailbox.New[pageJob]()}
	p.grown(3, 3, 0)
	p.Show(0, 3)
	early := <-p.jobs.C
	p.grown(4, 4, 0)
	p.took(early, 0, []int{1, 2, 3}, nil)
	if p.At(1) == nil || *p.At(1) != 3 || p.At(0) != nil {
		t.Error("the rows that were read are not shown where they stand")
	}
	p.Show(0, 4)
	select {
	case late := <-p.jobs.C:
		p.took(late, 0, []int{1, 2, 3, 4}, nil)
	default:
		t.Fatal("the row that is missing is not asked for")
	}
	if p.At(0) == nil || *p.At(0) != 4 {
		t.Error("the newest row is missing")
	}
	p.Show(0, 4)
	select {
	case <-p.jobs.C:
		t.Error("what is there is asked for again")
	default:
	}
}

func TestRunsDeletedByHandLeaveNoHoles(t *testing.T) {
	dir := history(t, 1000)
	s, _, err := store.Open(context.Background(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	path := s.Path()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	fixture.Exec(t, path, "DELETE FROM run_details WHERE run_id % 3 = 0", "DELETE FROM improvement_runs WHERE id % 3 = 0")
	d := newDesk(t, Config{Data: dir})
	a := d.Monitor
	d.until("the lists are there", func() bool { return a.Listed() })
	var want []int64
	for id := int64(1000); id > 0; id-- {
		if id%3 != 0 {
			want = append(want, id)
		}
	}
	if a.Runs().Len() != len(want) {
		t.Fatalf("%d runs are listed, %d are there", a.Runs().Len(), len(want))
	}
	for _, i := range []int{len(want) - 1, 0, 300, 128, 127} {
		d.until("the row is there", func() bool { a.Runs().Show(i, i+1); return a.Runs().At(i) != nil })
		if got := a.Runs().At(i).ID; got != want[i] {
			t.Errorf("row %d is run %d, want %d", i, got, want[i])
		}
	}
}

func TestADetailHasCodeAndPicture(t *testing.T) {
	d := newDesk(t, Config{Data: history(t, 100)})
	a := d.Monitor
	d.until("the lists are there", func() bool { return a.Listed() })
	a.ShowRun(8) // a run of test_rectangle
	d.until("the run is shown", func() bool { return a.Detail() != nil })
	det := a.Detail()
	if det.Script.Name != "test_rectangle" || det.Code != "RECT 10 10 50 30\nHALT" {
		t.Errorf("run 8 is of %s with the code %q", det.Script.Name, det.Code)
	}
	var img *image.RGBA
	d.until("its picture is there", func() bool {
		var err error
		if img, err = a.Picture(PictureKey{Hash: det.Run.HumanPNG}); err != nil {
			t.Fatal(err)
		}
		return img != nil
	})
	a.Compare(8, 99)
	d.until("the rows are compared", func() bool { return a.Comparison() != nil })
	c := a.Comparison()
	if c.Err != "" || c.Picture == nil || c.Different == 0 || len(c.Diff) == 0 {
		t.Errorf("the comparison is %q, %d pixels, %d lines", c.Err, c.Different, len(c.Diff))
	}
}

func TestTheLineageKnowsParentsAndVersions(t *testing.T) {
	d := newDesk(t, Config{Data: history(t, 3000)})
	a := d.Monitor
	d.until("the lineage is there", func() bool { return a.Lineage().Ready })
	l := a.Lineage()
	if len(l.Nodes) != 3000 || l.Older || len(l.Lanes) != 7 {
		t.Fatalf("%d nodes on %d lanes", len(l.Nodes), len(l.Lanes))
	}
	versions := map[string]int{}
	for i, n := range l.Nodes {
		if n.ID != int64(i+1) {
			t.Fatalf("node %d is row %d", i, n.ID)
		}
		if n.Version {
			versions[l.Lanes[n.Lane]]++
		}
		if n.Parent == 0 {
			continue
		}
		p, ok := l.Find(n.Parent)
		if !ok || l.Nodes[p].Lane != n.Lane {
			t.Fatalf("the parent of row %d is not on its lane", n.ID)
		}
	}
	if versions["night_sky"] != 4 || versions["hello_gpu"] != 1 {
		t.Errorf("versions: %v", versions)
	}
}

func TestDiffPicturesMarksWhatDiffers(t *testing.T) {
	a, b := image.NewRGBA(image.Rect(0, 0, 4, 4)), image.NewRGBA(image.Rect(0, 0, 4, 5))
	b.Pix[4] = 200
	img, n := DiffPictures(a, b)
	if n != 1+4 || img.Rect.Dy() != 5 {
		t.Errorf("%d pixels differ in a picture of %v", n, img.Rect)
	}
	if _, n := DiffPictures(a, a); n != 0 {
		t.Errorf("a picture differs from itself in %d pixels", n)
	}
}
