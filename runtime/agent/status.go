package agent

import (
	"strings"
	"sync"
	"time"

	"gvpie/runtime/agent/idle"
	"gvpie/runtime/store"
)

// Phase is what the loop is doing.
type Phase uint8

const (
	Starting Phase = iota // the loop has not begun
	Checking              // health
	Running               // a script, named in Status.Script
	Saving                // its run
	Sleeping              // until Status.NextAt
	Paused                // until Resume or RunNow
	Stopped               // the loop has ended
)

func (p Phase) String() string {
	return [...]string{"starting", "checking", "running", "saving", "sleeping", "paused", "stopped"}[p]
}

// Status is what the loop is doing now.
type Status struct {
	Cycle     int // of this process, from 1; 0 before the first
	Phase     Phase
	Script    string    // the script that runs or is saved
	NextAt    time.Time // when Sleeping: when the next cycle begins
	Paused    bool      // no cycle begins by itself
	Health    string    // one line: engine, database, disk; "": nothing was looked at yet
	Healthy   bool
	Database  string // what is wrong with the database or its disk; "": nothing
	Unready   string // why the loop does not do its work: a sentence; "": it does
	LastError string // of the last cycle that met one; "" after a good one
	Runs      int    // of this process
	Failures  int    // of those
	Unsaved   int    // runs that wait for the database to take them

	Skipped     []store.Skipped // rows that the loop cannot use; never changed in place
	OddSettings []string        // settings that make no sense, a sentence each: they count as their defaults
	LogHeld     string          // who keeps the database's log from being folded in: a sentence; "": nobody
	DeadLetters int             // runs of this process that the database never took: they are in dead_letters.jsonl

	Improve idle.Status // as it is when Status is called

	pulse
}

// Notice is what a person should know of: what the loop met last, or what it lives
// with. "" when all is well.
func (s Status) Notice() string {
	var all []string
	if s.LastError != "" {
		all = append(all, s.LastError)
	}
	if len(s.Skipped) > 0 {
		all = append(all, s.skips())
	}
	return strings.Join(append(all, s.Warnings()...), " · ")
}

// Warnings are sentences about what a person should put right, or know of, and what
// does not keep the loop from its work.
func (s Status) Warnings() (all []string) {
	all = append(all, s.OddSettings...)
	if s.LogHeld != "" {
		all = append(all, s.LogHeld)
	}
	if s.DeadLetters > 0 {
		all = append(all, plural(int64(s.DeadLetters), "run")+" could not be saved: see "+deadLetterFile+" in the data folder")
	}
	return all
}

// EventKind says what happened.
type EventKind uint8

const (
	StatusChanged EventKind = iota
	CycleStarted
	CycleFinished
	RunFinished // Event.Run is set
)

// Event is something that happened, with the status right after it.
type Event struct {
	Kind   EventKind
	At     time.Time
	Status Status
	Run    *RunEvent
}

// RunEvent is a run that has ended and, if MapID is not 0, has been saved.
type RunEvent struct {
	ID, MapID, ScriptID int64
	Script, Lang        string
	Success, Slow       bool
	Cancelled           bool
	Backend             string
	Duration            time.Duration
	Summary             string // as on the console
}

// watchRoom is how many events a slow reader may be behind.
const watchRoom = 64

// A statusFeed holds the status and those who watch it.
type statusFeed struct {
	mu       sync.Mutex
	status   Status
	watchers map[chan Event]struct{}
}

// Status is what the loop is doing now. It may be called from any goroutine. It looks
// at the room on the disk, so that no cycle must be waited for to learn of that.
func (a *Agent) Status() Status {
	a.feed.mu.Lock()
	s := a.feed.status
	a.feed.mu.Unlock()
	if err := a.store.Room(); err != nil {
		s.full = err
	}
	if a.idle != nil {
		s.Improve = a.idle.Status()
	}
	return s.At(a.clock.Now())
}

// Watch gives every event from now on. The loop waits for nobody: a reader that
// is behind loses the oldest events, never the newest, whose Status is the
// status now. cancel closes the channel.
func (a *Agent) Watch() (events <-chan Event, cancel func()) {
	c := make(chan Event, watchRoom)
	f := &a.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.watchers == nil {
		f.watchers = map[chan Event]struct{}{}
	}
	f.watchers[c] = struct{}{}
	return c, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if _, ok := f.watchers[c]; ok {
			delete(f.watchers, c)
			close(c)
		}
	}
}

// begin notes that the loop has begun.
func (f *statusFeed) begin(now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status.since = now
}

// post changes the status and tells of it.
func (f *statusFeed) post(at time.Time, kind EventKind, run *RunEvent, change func(*Status)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	was := f.status
	change(&f.status)
	f.status.follow(was, at)
	e := Event{kind, at, f.status.At(at), run}
	for c := range f.watchers {
		for sent := false; !sent; {
			select {
			case c <- e:
				sent = true
			default:
				select {
				case <-c:
				default:
				}
			}
		}
	}
}
