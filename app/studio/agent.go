package studio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"gvpie/canvas/worker"
	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
	"gvpie/runtime/store"
)

// AgentState says how the window stands to the loop and its memory.
type AgentState uint8

const (
	AgentOff     AgentState = iota // no data folder was given
	AgentOpening                   // the database is being opened
	AgentHere                      // the loop runs in this window
	AgentThere                     // the loop is another process's, or not wanted: the memory is only read
	AgentFailed                    // the database cannot be opened; see Trouble
)

// Agent is the window's side of the autonomous loop: what it is doing, what it
// has done, and what a person may ask of it. The window's goroutine owns it. A
// nil Agent is one without a data folder: every method may be called on it.
//
// The database is never read here. Small goroutines, one for each kind of
// question, read it and leave what they found in the model's inbox; of questions
// that come faster than answers only the newest is answered.
type Agent struct {
	m       *Model
	data    string
	run     bool
	clock   agent.Clock
	state   AgentState
	trouble string
	holder  string

	status  agent.Status
	store   *store.Store
	loop    *agent.Agent
	counts  store.Counts
	scripts []ScriptRow
	goals   []store.Goal
	carts   []store.Cartridge
	listed  bool

	runs    *Pager[store.Run]
	rows    *Pager[store.MapRow]
	lineage Lineage
	tracing bool // the lineage was asked for
	detail  *Detail
	compare *Comparison
	shown   wish // what the detail is to show
	pics    pictureShelf

	ctx       context.Context
	cancel    context.CancelFunc
	work      sync.WaitGroup
	refreshes latest[bool] // whether it was asked for, not only looked after
	wishes    latest[wish]
	traces    latest[int64]
	pairs     latest[[2]int64]
}

// Inside is what other programs may drive while the loop runs in this window.
type Inside struct {
	Store    *store.Store
	Loop     *agent.Agent
	Log      *slog.Logger // nil: none
	Textures func(context.Context) (Textures, bool, error)
	Frames   <-chan uint32 // frames that the program in front has ended; of many, the newest
}

// startAgent opens the data folder in the background.
func (m *Model) startAgent() {
	if m.cfg.Data == "" {
		return
	}
	a := &Agent{
		m: m, data: m.cfg.Data, run: m.cfg.Agent, clock: m.cfg.AgentClock, state: AgentOpening,
		refreshes: newLatest[bool](), wishes: newLatest[wish](), traces: newLatest[int64](), pairs: newLatest[[2]int64](),
	}
	a.pics.init()
	a.ctx, a.cancel = context.WithCancel(context.Background())
	m.agent = a
	a.spawn(a.open)
}

// stopAgent ends the loop and closes the database. The run in hand is recorded
// as cancelled.
func (m *Model) stopAgent() {
	if a := m.agent; a != nil {
		a.cancel()
		a.work.Wait()
	}
}

// Agent is the window's side of the loop; nil without a data folder.
func (m *Model) Agent() *Agent { return m.agent }

// spawn runs a background goroutine that stopAgent waits for.
func (a *Agent) spawn(f func()) {
	a.work.Add(1)
	go func() {
		defer a.work.Done()
		f()
	}()
}

// agentMsg changes the Agent on the window's goroutine.
type agentMsg func(*Agent)

func (f agentMsg) apply(m *Model) { f(m.agent) }

// tell leaves a change for the window's goroutine.
func (a *Agent) tell(f func(*Agent)) { a.m.send(agentMsg(f)) }

// lookAgain is how often a folder is looked at whose loop is another process's.
const lookAgain = 2 * time.Second

// open takes the data folder, opens the database and runs the loop, until the
// model shuts down. It runs in the background and ends with all it began.
func (a *Agent) open() {
	lock, holder, err := a.lock()
	if err != nil {
		a.tell(func(a *Agent) { a.state, a.trouble = AgentFailed, err.Error() })
		return
	}
	s, opened, err := store.Open(a.ctx, a.data, store.Options{})
	if err != nil {
		a.release(lock)
		if a.ctx.Err() == nil {
			a.tell(func(a *Agent) { a.state, a.trouble = AgentFailed, err.Error() })
		}
		return
	}
	var readers sync.WaitGroup
	for _, read := range []func(*store.Store){a.listen, a.answer, a.trace, a.pair, a.fetch} {
		readers.Add(1)
		go func() {
			defer readers.Done()
			read(s)
		}()
	}
	who := holder
	a.tell(func(a *Agent) {
		a.store, a.state, a.holder = s, AgentThere, who
		a.runs = newPager(a.ctx, &a.work, a.tell, s.Runs, func(r *store.Run) int64 { return r.ID })
		a.rows = newPager(a.ctx, &a.work, a.tell, s.Map, func(r *store.MapRow) int64 { return r.ID })
		if opened.Migrated || opened.Quarantined != "" { // a fresh database is no news
			for _, text := range opened.Messages {
				a.m.Notify(Warning, text)
			}
		}
		a.refresh()
	})
	for lock == nil && a.run && a.ctx.Err() == nil {
		lock = a.await(&holder)
	}
	if lock != nil {
		a.live(s)
	} else {
		<-a.ctx.Done()
	}
	readers.Wait()
	if err := errors.Join(s.Close(), a.release(lock)); err != nil {
		a.tell(func(a *Agent) { a.trouble = err.Error() })
	}
}

// lock takes the right to run the loop here. Without an error there is either
// the lock or, when another process has it or no loop is wanted, who has it.
func (a *Agent) lock() (*agent.Lock, string, error) {
	if !a.run {
		h, ok := agent.WhoRuns(a.data)
		if !ok {
			return nil, "", nil
		}
		return nil, h.String(), nil
	}
	lock, err := agent.TakeLock(a.data, "another window", time.Now())
	var held *agent.HeldError
	if errors.As(err, &held) {
		return nil, held.Holder.String(), nil
	}
	return lock, "", err
}

func (a *Agent) release(l *agent.Lock) error {
	if l == nil {
		return nil
	}
	return l.Release()
}

// await looks after the other process: what it has written is shown, and when it
// has ended, its loop is gone on with here.
func (a *Agent) await(holder *string) *agent.Lock {
	select {
	case <-a.ctx.Done():
		return nil
	case <-a.after(lookAgain):
	}
	a.refreshes.offer(false)
	lock, who, err := a.lock()
	if err != nil {
		return nil // tried again at the next look
	}
	if lock == nil && who != *holder {
		*holder = who
		a.tell(func(a *Agent) { a.holder = who })
	}
	return lock
}

// The log is the daemon's: its size, and how many old ones are kept.
const (
	logSize = 4 << 20
	logKeep = 4
)

// after is time.After by the loop's clock.
func (a *Agent) after(d time.Duration) <-chan time.Time {
	if a.clock == nil {
		return time.After(d)
	}
	return a.clock.After(d)
}

// live runs the loop in this process until the model shuts down.
func (a *Agent) live(s *store.Store) {
	cfg := agent.Config{Store: s, Data: a.data, Clock: a.clock}
	if log, err := agent.OpenLog(filepath.Join(a.data, "logs", "daemon.log"), logSize, logKeep); err == nil {
		defer log.Close()
		cfg.Logger = slog.New(slog.NewTextHandler(log, nil))
	} else {
		a.tell(func(a *Agent) { a.m.Notify(Warning, "the loop runs without its log: "+err.Error()) })
	}
	if gpu := a.m.cfg.GPU; gpu != nil && gpu.Status().State != worker.Off {
		cfg.Engine, cfg.CPU = gpu.New, engine.NewCPU
		cfg.Health = func() string { return gpuHealth(gpu.Status()) }
	}
	loop := agent.New(cfg)
	events, stop := loop.Watch()
	a.tell(func(a *Agent) { a.loop, a.state, a.holder, a.status = loop, AgentHere, "", loop.Status() })
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		a.follow(events)
	}()
	var answering sync.WaitGroup
	if door := a.m.cfg.Door; door != nil {
		serve, err := door(a.ctx, Inside{Store: s, Loop: loop, Log: cfg.Logger, Textures: a.m.Textures, Frames: a.m.player.ended})
		if err == nil {
			answering.Go(func() { serve(a.ctx) })
		} else if a.ctx.Err() == nil {
			a.tell(func(a *Agent) { a.m.Notify(Warning, err.Error()) })
		}
	}
	defer answering.Wait()
	if err := loop.Run(a.ctx); err != nil {
		a.tell(func(a *Agent) { a.trouble = err.Error() })
	}
	stop()
	<-followed
}

// gpuHealth is the GPU's part of the health line.
func gpuHealth(s worker.Status) string {
	switch {
	case s.State == worker.Ready:
		return "GPU " + s.Adapter
	case s.Reason == "":
		return fmt.Sprintf("CPU (GPU %s)", s.State)
	}
	return fmt.Sprintf("CPU (GPU %s: %s)", s.State, s.Reason)
}

// followEvery is how long events are gathered before the window is told of them:
// the loop goes through a cycle faster than anybody reads, and each telling is a
// frame to draw.
const followEvery = 200 * time.Millisecond

// follow tells the window what the loop is doing. Where something was written
// the lists are read again, and the frame that brings them brings this too.
func (a *Agent) follow(events <-chan agent.Event) {
	for e := range events {
		ran := wrote(e)
		gathered := time.After(followEvery)
		for more := true; more; {
			select {
			case next, ok := <-events:
				if more = ok; ok {
					e, ran = next, ran || wrote(next)
				}
			case <-gathered:
				more = false
			case <-a.ctx.Done():
				return
			}
		}
		news := func(a *Agent) { a.status = e.Status }
		if !ran {
			a.tell(news)
			continue
		}
		select {
		case a.m.inbox <- agentMsg(news):
		case <-a.ctx.Done():
			return
		}
		a.refreshes.offer(true)
	}
}

// wrote says whether an event tells of something new in the database.
func wrote(e agent.Event) bool { return e.Kind == agent.RunFinished || e.Kind == agent.CycleFinished }

// State says how the window stands to the loop.
func (a *Agent) State() AgentState {
	if a == nil {
		return AgentOff
	}
	return a.state
}

// Status is what the loop in this window is doing.
func (a *Agent) Status() agent.Status {
	if a == nil {
		return agent.Status{}
	}
	return a.status
}

// Holder is the process that runs the loop of this folder, when it is another.
func (a *Agent) Holder() string {
	if a == nil {
		return ""
	}
	return a.holder
}

// Trouble is why the memory cannot be shown, or what the loop met last.
func (a *Agent) Trouble() string {
	switch {
	case a == nil:
		return ""
	case a.trouble != "":
		return a.trouble
	}
	return a.status.LastError
}

// Data is the data folder.
func (a *Agent) Data() string {
	if a == nil {
		return ""
	}
	return a.data
}

// Now is the loop's clock, which a countdown is measured with.
func (a *Agent) Now() time.Time {
	if a == nil || a.clock == nil {
		return time.Now()
	}
	return a.clock.Now()
}

// MayWrite says whether this window may change the memory: it runs the loop.
func (a *Agent) MayWrite() bool { return a != nil && a.state == AgentHere && a.loop != nil }
