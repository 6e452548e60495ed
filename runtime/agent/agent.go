package agent

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"gvpie/runtime/agent/idle"
	"gvpie/runtime/agent/sandbox"
	"gvpie/runtime/engine"
	"gvpie/runtime/store"
)

// Config is what a loop is made of. Store, Data and nothing else are needed.
type Config struct {
	Store Store
	Data  string // the data folder

	// Engine makes the engine that programs run on, unless they are to run on the CPU.
	// Nil, or where it gives nil: the CPU's. The loop makes one and keeps it, and
	// another when that one was lost, or something else is to be run on.
	Engine func() engine.Engine
	// CPU makes a second engine, for the loop to choose between the two where the
	// backend is auto: each script is run where it was measured to be faster. Nil: no
	// choice is made.
	CPU func() engine.Engine
	// Backend is what programs run on; nil: as the setting backend says.
	Backend *engine.Backend
	// Switched, if not nil, is called before programs run on a backend, also the
	// first, on the goroutine of Run and while no program runs.
	Switched func(context.Context, engine.Backend)
	// Chooser makes the choice; nil: one of the loop's own.
	Chooser *engine.Chooser
	// Health is the engine's part of the health line, "GPU llvmpipe"; nil or "": the
	// adapter of the engine.
	Health func() string

	Clock    Clock         // nil: the real one
	Interval time.Duration // from one cycle's beginning to the next; 0: as the settings say
	Cycles   int           // cycles to run; 0: for ever
	Limit    time.Duration // of one run, by the real clock; 0: 10 s
	Python   sandbox.Spec  // what python scripts may take; Code, Wall and AllowUnconfined are the loop's to set

	// Improve is what scripts are improved with in idle time, where the settings say so;
	// nil: they are not. All but its Proposers, Version and Queue is
	// the loop's to set.
	Improve *idle.Config

	Logger  *slog.Logger // nil: none
	Console io.Writer    // what a person at a terminal is shown; nil: nothing
}

// Agent is one loop. Run runs it; everything else may be called from any
// goroutine, before, while and after it runs.
type Agent struct {
	cfg     Config
	store   Store
	clock   Clock
	log     *slog.Logger
	console console
	feed    statusFeed
	idle    *idle.Improver // nil: nothing is improved
	runners map[string]runner

	mu     sync.Mutex // guards what follows, up to the blank line
	paused bool
	asked  []int64 // scripts to run without waiting for a cycle
	now    bool    // a cycle was asked for
	ran    bool
	wake   chan struct{}

	// The rest belongs to the goroutine of Run.
	resources   *resources
	missing     missing
	patience    time.Duration // for a runner to come back
	dropTime    time.Duration // a cycle's for dropping pictures
	remakeTime  time.Duration // a program's to make its picture again for that
	bytesAtOnce int
	cycles      int
	took        []time.Duration // by the cycles since the last roll-up
	settings    settings
	logHeld     bool     // it has been said who holds the log of the database
	odd         []string // what has been said of settings that make no sense
	marked      bool
	histories   map[int64]*scriptHistory
	unsaved     []unsaved
	refusals    map[int64]*refusal // of scripts whose runs the database does not take
	skipped     []store.Skipped    // as they were told of last
	folder      *folder
}

// New makes a loop that does nothing yet.
func New(c Config) *Agent {
	if c.Clock == nil {
		c.Clock = WallClock{}
	}
	if c.Chooser == nil {
		c.Chooser = &engine.Chooser{}
	}
	if c.Limit <= 0 {
		c.Limit = 10 * time.Second
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if abs, err := filepath.Abs(c.Data); err == nil {
		c.Data = abs
	}
	a := &Agent{
		cfg: c, store: c.Store, clock: c.Clock, log: c.Logger, console: console{c.Console},
		wake: make(chan struct{}, 1), settings: defaultSettings,
		histories: map[int64]*scriptHistory{}, refusals: map[int64]*refusal{}, patience: runnerPatience, dropTime: dropTime, remakeTime: remakeQuick, bytesAtOnce: bytesAtOnce, runners: languages(),
	}
	a.resources = newResources(a)
	a.idle = newImprover(a)
	return a
}

// ErrRan is returned by Run when it has been called before.
var ErrRan = errors.New("this loop has run already")

// Run runs the loop until its cycles have been run or ctx ends, which both are
// no error. When ctx ends, the script that runs is stopped and its run recorded as
// cancelled.
func (a *Agent) Run(ctx context.Context) error {
	a.mu.Lock()
	again := a.ran
	a.ran = true
	a.mu.Unlock()
	if again {
		return ErrRan
	}
	a.feed.begin(a.clock.Now())
	a.log.Info("the loop starts", "data", a.cfg.Data)
	if n, err := sandbox.Sweep(time.Now()); n > 0 || err != nil {
		a.log.Info("scratch folders of scripts that were killed are removed", "folders", n, "error", err)
	}
	a.folder = openFolder(a)
	defer a.folder.close()
	defer func() { a.resources.engines.drop() }()
	defer startImproving(ctx, a)()
	for a.begin(ctx) {
		began := a.clock.Now()
		a.guard("the cycle", func() error { return a.cycle(ctx) })
		if a.cfg.Cycles > 0 && a.cycles >= a.cfg.Cycles {
			break
		}
		ended := a.clock.Now()
		if !a.sleep(ctx, func() time.Duration { return rest(a.interval(), began, ended) }) {
			break
		}
	}
	a.finish(ctx)
	return nil
}

// begin waits, before a cycle, while the loop is paused from its start on. It is
// false when the loop is to end.
func (a *Agent) begin(ctx context.Context) bool {
	a.mu.Lock()
	wait := a.paused && a.cycles == 0
	a.mu.Unlock()
	return ctx.Err() == nil && (!wait || a.sleep(ctx, func() time.Duration { return 0 }))
}

// guard does one thing that may fail or panic without ending the loop.
func (a *Agent) guard(what string, do func() error) {
	defer func() {
		if p := recover(); p != nil {
			a.panicked(what, p)
		}
	}()
	err := do()
	text := ""
	if err != nil && !errors.Is(err, context.Canceled) {
		text = plainLine(sentence(err))
		a.warn(text)
	}
	a.tell(StatusChanged, nil, func(s *Status) {
		s.LastError = text
		if errors.Is(err, store.ErrFull) {
			s.full = err
		}
	})
}

// Pause keeps further cycles from beginning; the one that runs is finished.
func (a *Agent) Pause() { a.command(func() { a.paused = true }) }

// Resume lets cycles begin again, the next at once.
func (a *Agent) Resume() { a.command(func() { a.now, a.paused = a.now || a.paused, false }) }

// RunNow runs a script, by its id, as soon as what runs is finished, whether it
// is enabled and due or not; 0 begins a cycle. It works while the loop is paused.
func (a *Agent) RunNow(script int64) {
	a.command(func() {
		if script == 0 {
			a.now = true
			return
		}
		for _, id := range a.asked {
			if id == script {
				return
			}
		}
		a.asked = append(a.asked, script)
	})
}

// command changes what the loop is asked for, and wakes it.
func (a *Agent) command(change func()) {
	a.mu.Lock()
	change()
	paused := a.paused
	a.mu.Unlock()
	a.tell(StatusChanged, nil, func(s *Status) {
		s.Paused = paused
		s.excuse(a.clock.Now()) // a pause is nobody's delay
		switch {
		case paused && s.Phase == Sleeping:
			s.Phase = Paused
		case !paused && s.Phase == Paused:
			s.Phase = Sleeping
		}
	})
	wakeUp(a)
}

func wakeUp(a *Agent) {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// take gives what was asked for, as many scripts as a cycle runs at most; the rest
// stays asked for, and more says so. cycle says that a cycle is to begin now.
func (a *Agent) take() (scripts []int64, more, cycle, paused bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := min(len(a.asked), a.settings.scripts)
	scripts, cycle = slices.Clone(a.asked[:n]), a.now
	a.asked, a.now = slices.Delete(a.asked, 0, n), false
	return scripts, len(a.asked) > 0, cycle, a.paused
}

// settingsLook is how long a sleep may be until the settings are looked at again: a
// shorter interval that somebody sets counts for the sleep that is under way.
const settingsLook = 10 * time.Second

// sleep waits for the next cycle, for as long as wait says, running the scripts that are
// asked for in the meantime. A cycle that is due begins before more of those than it
// would run itself, however many are asked for, and however late it is some of them have
// their turn. It is false when the loop is to end.
func (a *Agent) sleep(ctx context.Context, wait func() time.Duration) bool {
	var next time.Time
	var timer <-chan time.Time
	due, said, look := false, false, false
	began, slept, left := a.clock.Now(), time.Duration(0), time.Duration(0)
	set := func() {
		left = max(wait()-max(slept, a.clock.Now().Sub(began)), 0)
		next = a.clock.Now().Add(left)
		look = a.cfg.Interval == 0 && left > settingsLook
		if look {
			timer = a.clock.After(settingsLook)
		} else {
			timer = a.clock.After(left)
		}
	}
	woken := func() { // by the timer
		if timer, due = nil, !look; look {
			slept += settingsLook
			a.guard("looking at the settings", func() error { return takeSettings(ctx, a) })
			set()
		}
	}
	set()
	for {
		scripts, more, cycle, paused := a.take()
		if len(scripts) > 0 || a.folder.changed() {
			a.guard("a run between two cycles", func() error { return a.between(ctx, scripts) })
			select {
			case <-timer: // before whoever has woken the loop meanwhile
				woken()
			default:
			}
		}
		if ctx.Err() != nil {
			return false
		}
		if cycle || due && !paused {
			return true
		}
		if more {
			continue
		}
		phase := Sleeping
		if paused {
			phase = Paused
		} else if !said {
			a.console.sleep(roughly(left, a.interval()))
			said = true
		}
		a.tell(StatusChanged, nil, func(s *Status) { s.Phase, s.Script, s.NextAt = phase, "", next })
		if !paused && a.idle != nil {
			a.idle.Resume(a.settings.improve)
		}
		select {
		case <-ctx.Done():
			return false
		case <-timer:
			woken()
		case <-a.wake:
		}
		if a.idle != nil {
			a.idle.Pause()
		}
	}
}

// tell changes the status and tells those who watch.
func (a *Agent) tell(kind EventKind, run *RunEvent, change func(*Status)) {
	a.feed.post(a.clock.Now(), kind, run, change)
}

// warn tells of something wrong that the loop lives with.
func (a *Agent) warn(text string) {
	a.log.Warn(text)
	a.console.notice("%s", text)
}
