package debugger

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const counting = `.canvas 16 16 pixel
.array seen 4
SET n = 0
loop:
  CLS navy
  SET n = n + 1
  FOR i = 0 TO 2
    PLOT i n red
  END
  SET seen[n & 3] = n + mx
  CALL mark
  FRAME
  JMP loop
mark:
  SET m = n * 2
  RET
`

// hand drives a Model as a window does, beside the program that it looks at.
type hand struct {
	*Model
	t     *testing.T
	posts chan func()
	live  *machine.Machine
	run   Run
}

func newHand(t *testing.T, source string, frames int) *hand {
	t.Helper()
	a := pxl.Assemble("counting.pxl", source)
	if !a.OK() {
		t.Fatal(a.Diagnostics)
	}
	m, err := machine.New(a.Program, 1)
	if err != nil {
		t.Fatal(err)
	}
	h := &hand{t: t, posts: make(chan func(), 64), live: m}
	h.run = Run{ID: 1, Program: a, Frames: record.NewRing(a.Program, 1, record.DefaultMemory)}
	h.Model = New(Config{Post: func(f func()) { h.posts <- f }, Live: func() {
		h.frame()
		h.follow()
	}})
	t.Cleanup(func() {
		w := h.worker
		h.Close()
		if w != nil {
			<-w.done
		}
	})
	for range frames {
		h.frame()
	}
	return h
}

// frame runs a frame of the program.
func (h *hand) frame() {
	h.t.Helper()
	in := machine.Input{MouseX: int32(h.run.Frames.End())}
	r, err := h.live.Frame(context.Background(), in, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	h.run.Frames.Append(in, 0, r, time.Millisecond)
}

func (h *hand) follow() {
	run := h.run
	run.Frames = run.Frames.Fork(run.Frames.End())
	h.Follow(run)
}

// settle waits until all that was asked for is done.
func (h *hand) settle() *Moment {
	h.t.Helper()
	for h.Busy() {
		(<-h.posts)()
	}
	if h.Problem() != "" {
		h.t.Fatal(h.Problem())
	}
	return h.Now()
}

func (h *hand) value(name string) int32 {
	h.t.Helper()
	for _, v := range h.Now().Globals {
		if v.Name == name {
			return v.Value
		}
	}
	h.t.Fatalf("there is no %s", name)
	return 0
}

func TestThePresentIsWhereTheProgramStands(t *testing.T) {
	h := newHand(t, counting, 5)
	h.follow()
	now := h.settle()
	if now.At != (Position{Frame: 5}) || h.Elsewhere() != nil {
		t.Fatalf("it looks at %v", now.At)
	}
	if now.Next.Text != "JMP loop" || h.value("n") != 5 {
		t.Errorf("%q is next, n is %d", now.Next.Text, h.value("n"))
	}
	if len(now.Draws) != 4 || now.Made != 4 {
		t.Errorf("%d of %d commands, want the 4 of the frame before", now.Made, len(now.Draws))
	}
}

func TestAStepBackAndOneForwardCancelOut(t *testing.T) {
	h := newHand(t, counting, 5)
	h.follow()
	h.settle()
	var way []Position
	for range 60 {
		way = append(way, h.Now().At)
		h.Go(StepBack)
		h.settle()
	}
	if at := h.Now().At; at.Frame > 2 {
		t.Fatalf("60 statements back is %v", at)
	}
	for _, want := range slices.Backward(way) {
		h.Go(Step)
		h.settle()
		if at := h.Now().At; at != want {
			t.Fatalf("forward it is at %v, back it was at %v", at, want)
		}
	}
}

func TestStepsKeepToTheirCall(t *testing.T) {
	h := newHand(t, counting, 3)
	h.follow()
	h.settle()
	until := func(m Move, text string) {
		t.Helper()
		for range 100 {
			if h.Now().Next.Text == text {
				return
			}
			h.Go(m)
			h.settle()
		}
		t.Fatalf("%q never comes", text)
	}
	next := func(m Move, want string) {
		t.Helper()
		h.Go(m)
		if got := h.settle().Next.Text; got != want {
			t.Errorf("%q is next, want %q", got, want)
		}
	}
	until(StepBack, "CALL mark")
	next(Over, "FRAME")
	next(OverBack, "CALL mark")
	next(Step, "SET m = n * 2")
	next(Out, "FRAME")
	next(StepBack, "RET")
	next(OutBack, "CALL mark")
}

func TestOnwardFromThePresentRunsTheProgram(t *testing.T) {
	h := newHand(t, counting, 3)
	h.follow()
	h.settle()
	h.Go(Step)
	now := h.settle()
	if h.run.Frames.End() != 4 || now.At.Frame != 3 || now.At.Cycle == 0 {
		t.Errorf("at %v of %d frames", now.At, h.run.Frames.End())
	}
	h.Go(Frame)
	if now = h.settle(); now.At != (Position{Frame: 4}) {
		t.Errorf("at %v, want the present", now.At)
	}
	h.Go(Frame)
	if now = h.settle(); now.At != (Position{Frame: 4}) || h.Elsewhere() == nil || now.Frames != 5 {
		t.Errorf("at %v of %d, want the start of the frame that was run", now.At, now.Frames)
	}
}

func TestTheCommandsOfAFramePeelBack(t *testing.T) {
	h := newHand(t, counting, 4)
	h.follow()
	h.settle()
	const red = 0xFF0000FF
	painted := func() (n int) {
		for _, w := range h.Now().Pages.Display[4*16:][:16] {
			if w == red {
				n++
			}
		}
		return n
	}
	for made := 4; made >= 1; made-- {
		h.Draw(made)
		if now := h.settle(); now.Made != made || painted() != made-1 {
			t.Errorf("%d commands are made, %d texels painted; want %d and %d", now.Made, painted(), made, made-1)
		}
	}
}

func TestWhatAMoveChangedIsMarked(t *testing.T) {
	h := newHand(t, counting, 4)
	h.follow()
	h.settle()
	h.Go(FrameBack)
	h.settle()
	changed := func() (names []string) {
		for _, v := range h.Now().Globals {
			if v.Changed {
				names = append(names, v.Name)
			}
		}
		return names
	}
	if got := changed(); !slices.Equal(got, []string{"n", "m", "seen"}) {
		t.Errorf("a frame back changed %v", got)
	}
}

func TestAnotherRunIsFollowedFromItsPresent(t *testing.T) {
	h := newHand(t, counting, 4)
	h.follow()
	h.settle()
	h.Go(FrameBack)
	h.settle()
	old := h.worker
	h.run.ID = 2
	h.follow()
	<-old.done
	if now := h.settle(); now.At.Frame != 4 || h.Elsewhere() != nil {
		t.Errorf("it looks at %v of the new run", now.At)
	}
}

func TestADragSkipsPlacesThatItHasPassed(t *testing.T) {
	w := newWorker()
	defer func() {
		w.close()
		<-w.done
	}()
	began, goOn := make(chan bool), make(chan bool)
	w.put(job{do: func(context.Context) {
		began <- true
		<-goOn
	}})
	<-began
	dropped, done := 0, make(chan int, 8)
	for i := range 5 {
		w.put(job{drag: true, dropped: func() { dropped++ }, do: func(context.Context) { done <- i }})
	}
	close(goOn)
	if got := <-done; got != 4 || dropped != 4 {
		t.Errorf("%d was done and %d were dropped; want the last alone", got, dropped)
	}
}

func TestACancelledMoveLeavesTheMomentAsItIs(t *testing.T) {
	h := newHand(t, counting, 4)
	h.follow()
	now := h.settle()
	began, goOn := make(chan bool), make(chan bool)
	h.ask(false, true, func(ctx context.Context) (*Moment, error) {
		began <- true
		<-goOn
		return nil, ctx.Err()
	})
	<-began
	h.Go(FrameBack)
	h.Cancel()
	close(goOn)
	if h.settle() != now {
		t.Error("another moment is looked at")
	}
	h.Go(FrameBack)
	if at := h.settle().At; at.Frame != 3 {
		t.Errorf("after that it goes to %v", at)
	}
}

func TestASavedRunComesOutTheSame(t *testing.T) {
	h := newHand(t, counting, 20)
	h.follow()
	h.settle()
	path := filepath.Join(t.TempDir(), "run.pxlrec")
	saved := 0
	h.Save(path, func(frames int, err error) {
		if err != nil {
			t.Error(err)
		}
		saved = frames
	})
	h.settle()
	if saved != 20 {
		t.Fatalf("%d frames are saved", saved)
	}
	r, err := record.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if r.Source != counting || r.Name != "counting.pxl" {
		t.Errorf("it is of %q:\n%s", r.Name, r.Source)
	}
	e := engine.NewCPU()
	defer e.Close()
	if d, err := r.Replay(t.Context(), e, func(int) {}); d != nil || err != nil {
		t.Errorf("replayed: %v, %v", d, err)
	}
}

func TestASaveThatFailsSaysWhy(t *testing.T) {
	h := newHand(t, counting, 3)
	h.follow()
	h.settle()
	var why error
	h.Save(filepath.Join(t.TempDir(), "no", "such", "folder.pxlrec"), func(_ int, err error) { why = err })
	h.settle()
	if why == nil {
		t.Error("nothing is said")
	}
}

// stopsAt makes a move and says where it stops.
func (h *hand) stopsAt(m Move, frame int, text string) {
	h.t.Helper()
	h.Go(m)
	if now := h.settle(); now.At.Frame != frame || now.Next.Text != text {
		h.t.Errorf("it stops in frame %d before %q, want frame %d, %q", now.At.Frame, now.Next.Text, frame, text)
	}
}

func TestBreakpointsStopInBothDirections(t *testing.T) {
	h := newHand(t, counting, 4)
	h.follow()
	h.settle()
	if h.CanGo(Continue) || h.CanGo(ContinueBack) {
		t.Error("it goes to a breakpoint, and there is none")
	}
	const set, call, nothing = 6, 11, 1
	h.SetBreakpoints([]Breakpoint{{Line: nothing}, {Line: set}, {Line: call}})
	h.settle()
	h.stopsAt(ContinueBack, 3, "CALL mark")
	h.stopsAt(ContinueBack, 3, "SET n = n + 1")
	h.stopsAt(ContinueBack, 2, "CALL mark")
	h.stopsAt(Continue, 3, "SET n = n + 1")
	h.stopsAt(Continue, 3, "CALL mark")
}

func TestABreakpointIsSoughtInFramesThatAreStillToBeRun(t *testing.T) {
	h := newHand(t, strings.Replace(counting, "  CALL mark\n", "  IF n == 9 CALL mark\n", 1), 4)
	h.follow()
	h.settle()
	const mark = 15
	h.SetBreakpoints([]Breakpoint{{Line: mark}})
	h.settle()
	h.stopsAt(Continue, 8, "SET m = n * 2")
	if h.Seeking() || h.run.Frames.End() != 9 {
		t.Errorf("it seeks on: %v, %d frames", h.Seeking(), h.run.Frames.End())
	}
}

func TestALineThatNeverStopsIsKnown(t *testing.T) {
	h := newHand(t, counting, 4)
	h.SetBreakpoints([]Breakpoint{{Line: 6}, {Line: 7, Condition: "n +"}, {Line: 99}})
	h.follow()
	h.settle()
	h.settle()
	if got := h.Idle(); len(got) != 2 || got[Breakpoint{Line: 7, Condition: "n +"}] == "" || got[Breakpoint{Line: 99}] == "" {
		t.Errorf("%v never stop, want those on lines 7 and 99", got)
	}
}

// TestARunIsLookedAtWhereABreakpointStoppedIt: from there it goes on in the frame, and then
// in the program.
func TestARunIsLookedAtWhereABreakpointStoppedIt(t *testing.T) {
	h := newHand(t, counting, 4)
	h.SetBreakpoints([]Breakpoint{{Line: 6}, {Line: 11}})
	h.follow()
	h.settle()
	h.Go(ContinueBack)
	h.settle()
	h.Go(ContinueBack)
	at := h.settle().At
	h.Close()
	h.Land(h.run.ID, at)
	h.follow()
	if now := h.settle(); now.At != at || !now.Moved || now.Next.Text != "SET n = n + 1" {
		t.Fatalf("it looks at %v, before %q", now.At, now.Next.Text)
	}
	live := 0
	on := func() {
		h.RunOn(func() { live++ })
		h.settle()
	}
	on()
	if now := h.Now(); live != 0 || now.Next.Text != "CALL mark" || now.At.Frame != 3 {
		t.Errorf("it goes on to %q in frame %d", now.Next.Text, now.At.Frame)
	}
	on()
	if live != 1 {
		t.Error("behind the last breakpoint of the frame the program does not go on")
	}
	h.Go(FrameBack)
	h.settle()
	h.Go(FrameBack)
	h.settle()
	if on(); live != 2 {
		t.Error("far back in the past the program does not go on")
	}
	h.Close()
	h.Land(h.run.ID, at)
	h.frame()
	h.follow()
	if now := h.settle(); !now.Present {
		t.Errorf("a run that has gone on is looked at from %v on", now.At)
	}
}

func TestTheLastFrameIsWhereTheRunStands(t *testing.T) {
	for _, c := range []struct {
		source       string
		frames, last int
	}{{counting, 3, 3}, {"FRAME\nFRAME\nHALT", 3, 2}, {"FRAME\nx = 0\nCLS (1 / x)", 2, 1}} {
		h := newHand(t, c.source, c.frames)
		h.follow()
		if n := h.settle(); n.Last != c.last || n.At.Frame != c.last {
			t.Errorf("%q: the last frame is %d, and it stands in %d; want %d", c.source, n.Last, n.At.Frame, c.last)
		}
	}
}

// TestASessionGoesOnWithItsRun: it is not made anew for each frame, so that branches stay.
func TestASessionGoesOnWithItsRun(t *testing.T) {
	h := newHand(t, counting, 5)
	h.follow()
	h.settle()
	was := h.session.in
	h.Go(Frame)
	h.settle()
	h.Go(Step)
	if now := h.settle(); h.session.in != was || now.Frames != 6 || now.At.Frame != 5 {
		t.Errorf("at %v of %d frames; another session: %v", now.At, now.Frames, h.session.in != was)
	}
	h.run.ID++
	h.follow()
	if h.settle(); h.session.in == was {
		t.Error("another run has the session of the one before")
	}
}

// TestAFaultOfTheDebuggerIsAProblem, and it goes on where it stood.
func TestAFaultOfTheDebuggerIsAProblem(t *testing.T) {
	h := newHand(t, counting, 5)
	h.follow()
	h.settle()
	h.Go(FrameBack)
	at := h.settle().At
	h.look(func(context.Context) (func(), error) { panic("a fault") })
	for h.Busy() {
		(<-h.posts)()
	}
	if !strings.Contains(h.Problem(), "the debugger failed") {
		t.Errorf("the problem is %q", h.Problem())
	}
	h.Go(Step)
	for h.Busy() {
		(<-h.posts)()
	}
	if h.Now().At == at || h.Now().At.Frame != at.Frame || h.Problem() != "" {
		t.Errorf("then it goes from %v to %v, %q", at, h.Now().At, h.Problem())
	}
}

// TestAValueThatIsChangedBeginsABranch: which is gone through as the run is, and left.
func TestAValueThatIsChangedBeginsABranch(t *testing.T) {
	h := newHand(t, counting, 4)
	h.SetBreakpoints([]Breakpoint{{Line: 11, Condition: "n == 60"}})
	h.follow()
	h.settle()
	h.Go(FrameBack)
	h.settle()
	word := func() int {
		for _, v := range h.Now().Globals {
			if v.Name == "n" {
				return v.Word
			}
		}
		return -1
	}()
	h.Set(word, "n * 10 + 1")
	now := h.settle()
	if now.Branch == "" || now.Present || h.value("n") != 31 || now.At != (Position{Frame: 3}) {
		t.Fatalf("it is at %v of branch %q with n %d", now.At, now.Branch, h.value("n"))
	}
	live := false
	if h.RunOn(func() { live = true }); !live {
		t.Error("the program does not run on by itself")
	}
	h.Go(Frame)
	if now = h.settle(); h.value("n") != 32 || now.At.Frame != 4 || now.Present || h.run.Frames.End() != 4 {
		t.Errorf("a frame on n is %d in frame %d; the run has %d frames", h.value("n"), now.At.Frame, h.run.Frames.End())
	}
	h.Go(Continue)
	if now = h.settle(); h.value("n") != 60 || now.Next.Text != "CALL mark" || now.Last != now.At.Frame {
		t.Errorf("the breakpoint is met with n %d in frame %d", h.value("n"), now.At.Frame)
	}
	if len(now.Draws) != 4 || now.Made != 4 || now.Cycles == 0 {
		t.Errorf("%d of %d commands", now.Made, len(now.Draws))
	}
	h.Go(Continue)
	if now = h.settle(); now.At.Frame < mostOnward || now.Branch == "" {
		t.Errorf("no breakpoint, and it stands in frame %d", now.At.Frame)
	}
	h.Frame(1)
	if h.settle(); h.value("n") != 1 {
		t.Errorf("before the branch n is %d", h.value("n"))
	}
	h.Leave()
	if now = h.settle(); now.Branch != "" || !now.Present || h.value("n") != 4 {
		t.Errorf("it is left for frame %d with n %d", now.At.Frame, h.value("n"))
	}
	h.Set(word, "9 +")
	for h.Busy() {
		(<-h.posts)()
	}
	if h.Problem() == "" || h.Now() != now {
		t.Error("what is no expression is taken")
	}
	h.Set(word, "77")
	for h.Busy() {
		(<-h.posts)()
	}
	if now = h.Now(); h.Problem() != "" || now.Branch == "" || now.Present || h.value("n") != 77 {
		t.Errorf("at the present: %q, branch %q, n is %d", h.Problem(), now.Branch, h.value("n"))
	}
}

func TestTablesAndSpritesAreListed(t *testing.T) {
	h := newHand(t, ".table fades 0x112233 0xFFD166\n.table steps 1 2 3 4\n.sprite dot 2 1\n  1.\nx = fades[0] + steps[1]\nFRAME\n", 1)
	h.follow()
	var got []string
	for _, v := range h.settle().Tables {
		got = append(got, fmt.Sprintf("%s %v %d %v", v.Name, v.Words, v.Cols, v.Colors))
	}
	want := []string{"fades [1122867 16765286] 0 true", "steps [1 2 3 4] 0 false", fmt.Sprintf("dot [%d -1] 2 true", h.run.Program.Sprites[0].Palette[1])}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestAWatchedExpressionIsKnownBackInTime, and looked for again only in frames that it is
// not known of.
func TestAWatchedExpressionIsKnownBackInTime(t *testing.T) {
	h := newHand(t, counting, 6)
	h.Watches().Set(0, "n * 2")
	h.Watches().Set(1, "10 / (n - 3)")
	h.follow()
	h.settle()
	list := func() []*Watch {
		t.Helper()
		h.Watches().Update()
		at := h.Now()
		for h.Watches().List()[0].ends == nil || !h.known(at) {
			(<-h.posts)()
		}
		return h.Watches().List()
	}
	got := list()
	if w := got[0]; w.Value != 12 || !slices.Equal(w.Past, []int32{2, 4, 6, 8, 10, 12}) || w.Problem != "" {
		t.Errorf("%+v", *w)
	}
	if w := got[1]; w.Value != 3 || len(w.Past) != 5 {
		t.Errorf("one that fails in a frame: %+v", *w)
	}
	h.Frame(3)
	h.settle()
	if got = list(); got[0].Value != 6 || !slices.Equal(got[0].Past, []int32{2, 4, 6}) || got[1].Problem == "" {
		t.Errorf("in frame 3: %+v, %+v", *got[0], *got[1])
	}
	h.Watches().Set(1, "")
	h.Watches().Set(0, "n +")
	if got = list(); len(got) != 1 || got[0].Problem == "" || got[0].Past != nil {
		t.Errorf("what is no expression: %+v", *got[0])
	}
	if h.Close(); h.Watches().List()[0].Text != "n +" {
		t.Error("it is forgotten with the run")
	}
}

// known says whether the watches are those of a moment.
func (h *hand) known(at *Moment) bool {
	w := h.Watches().List()[0]
	return w.Problem != "" || len(w.Past) == at.At.Frame
}
