package engine

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/record"
)

// Options say what [New] makes a machine of. The zero value is the CPU alone.
type Options struct {
	// Backend is what the user asked for. Auto measures each program, and runs it
	// on the faster processor; OnGPU keeps it on the GPU as long as that is there.
	Backend Backend
	// GPU is where machines on the GPU come from; nil: from nowhere.
	GPU Source
	// Live is for a machine that somebody watches: no frame and no view waits until the
	// GPU has built a pipeline for it. Without it they all wait, and a machine that
	// belongs on the GPU runs there from its first frame on.
	Live bool
	// CPU makes the machines on the CPU; nil: NewCPU.
	CPU func() Engine
	// Chooser decides for Auto; nil: one that knows nothing yet.
	Chooser *Chooser
	// Now is the clock; nil: time.Now.
	Now func() time.Time
	// Logger is told what went wrong without stopping anything; nil: nobody is.
	Logger *slog.Logger
}

// New makes a machine that runs where it is asked to, as far as that can be had:
// a plain one on the CPU, where there is nothing else, or a [Failover].
func New(o Options) Engine {
	if o.CPU == nil {
		o.CPU = NewCPU
	}
	if o.Backend == OnCPU || o.GPU == nil {
		return o.CPU()
	}
	if o.Chooser == nil {
		o.Chooser = &Chooser{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	f := &Failover{o: o, timeout: context.WithTimeout}
	f.warmer.drop = f.drop
	f.trial.home = GPU
	if o.Backend == Auto {
		f.trial.home = CPU
	}
	f.ran.Store(&ranOn{kind: CPU, why: o.GPU.Status().Reason})
	return f
}

// Failover is a machine that outlives the GPU it runs on. It is in one of two
// places, on the GPU or on a CPU engine of its own, and moves between them only
// between two calls, without a difference but in Kind, Adapter and speed:
//
//   - failover: when the GPU is lost, or cannot do what it was asked, the machine
//     is made again on the CPU by a replay of its log, and does there what failed;
//   - failback: before a frame, when the machine belongs on the GPU and that is
//     ready, by a snapshot;
//   - a trial, in which Auto measures where the machine belongs (trial.go);
//   - a warm-up, for the time of which a live machine is on the CPU (warmup.go).
//
// Calls never wait for a GPU to start. Two kinds of program stay on the CPU: one
// the GPU cannot run, and one during whose calls the GPU was lost
// strikesToStay times.
//
// Kind, Adapter and Why may be called at any time, also during another call.
type Failover struct {
	o       Options
	ran     atomic.Pointer[ranOn]
	timeout func(context.Context, time.Duration) (context.Context, context.CancelFunc)

	mu       sync.Mutex  // guards the rest, through every call
	log      *record.Log // nil: no program
	keyframe keyframe    // when log began
	gpu      Machine     // the machine, when it is on the GPU
	cpu      Engine      // the machine, when not; both nil: to be replayed
	ended    bool        // the program halted or failed: frames do nothing
	cannot   error       // why the GPU does not run this program
	strikes  strikes
	trial    trial
	warmer   warmer
}

// ranOn is what the last call ran on.
type ranOn struct {
	kind         Kind
	adapter, why string
}

var _ Engine = (*Failover)(nil)

// Kind is the processor that ran the last call.
func (f *Failover) Kind() Kind { return f.ran.Load().kind }

// Adapter names the processor that ran the last call.
func (f *Failover) Adapter() string { return f.ran.Load().adapter }

// Why says, for a person, why the last call ran on the CPU; "" when it did not.
func (f *Failover) Why() string { return f.ran.Load().why }

// Fallback says, for a person, why the machine is on the CPU though it might have
// gone to the GPU: that is not there, cannot run the program, or was lost. It is ""
// for a machine on the GPU, and for one that is on the CPU by choice.
func (f *Failover) Fallback() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch st := f.o.GPU.Status(); {
	case f.gpu != nil || f.log == nil:
		return ""
	case f.cannot != nil:
		return f.cannot.Error()
	case st.State == Off || st.State == Unavailable || st.State == Lost:
		return st.Reason
	case f.strikes.of(f.log.Program()):
		return f.strikes.reason.Error()
	}
	return ""
}

// beginning is how a new machine begins, in either place.
type beginning struct {
	program isa.Program
	ended   bool
	begin   func(Engine) error
	log     func() *record.Log
}

// Load replaces the machine. A program the GPU cannot run is loaded on the CPU.
func (f *Failover) Load(ctx context.Context, p isa.Program, seed int32) error {
	if _, err := p.Header(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	home := f.trial.home
	if f.o.Backend == Auto {
		home = f.o.Chooser.faster(Work{Program: p})
	}
	err := f.start(ctx, home, beginning{
		program: p,
		begin:   func(e Engine) error { return e.Load(ctx, p, seed) },
		log:     func() *record.Log { return record.Loaded(p, seed) },
	})
	if err == nil {
		f.trial.loaded(home)
	}
	return err
}

// Restore makes the machine equal to s, where it is if that can run it.
func (f *Failover) Restore(ctx context.Context, s *machine.Snapshot) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.start(ctx, f.trial.home, beginning{
		program: s.Program,
		ended:   snapshotEnded(s),
		begin:   func(e Engine) error { return e.Restore(ctx, s) },
		log:     func() *record.Log { return record.Restored(s) },
	})
	if err == nil {
		f.trial.pause(waitAfterEdit, waitBetween)
	}
	return err
}

// snapshotEnded says whether the machine in s has come to its end.
func snapshotEnded(s *machine.Snapshot) bool {
	if len(s.State) <= isa.StStatus {
		return false
	}
	st := isa.Status(s.State[isa.StStatus])
	return st == isa.Halted || st == isa.Faulted
}

// start begins a new machine, at home if that is possible.
func (f *Failover) start(ctx context.Context, home Kind, b beginning) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var cannot error
	var m Machine
	f.warmer.outdate()
	if home == GPU && !f.warmer.busy() {
		if m = f.gpu; m == nil || !m.Alive() {
			if m = f.candidate(b.program); m != nil {
				m.Impatient(f.o.Live)
			}
		}
	}
	if m != nil {
		err := b.begin(m)
		if err == nil {
			f.started(m, nil, b, nil)
			return nil
		}
		own := m == f.gpu
		if callers(err) {
			if !own {
				f.drop(m)
			}
			return err
		}
		f.drop(m)
		if own {
			f.gpu = nil // what it was is in the log
		}
		if errors.Is(err, ErrUnsupported) {
			cannot = err
		} else {
			f.strikes.add(f.o.Logger, b.program, err, f.o.Now())
		}
	}
	c := f.cpu
	if c == nil {
		c = f.o.CPU()
	}
	if err := b.begin(c); err != nil {
		if c != f.cpu {
			f.drop(c)
		}
		return err
	}
	f.started(nil, c, b, cannot)
	return nil
}

// started makes the machine that has begun in m or in c the machine.
func (f *Failover) started(m Machine, c Engine, b beginning, cannot error) {
	f.log, f.ended, f.cannot = b.log(), b.ended, cannot
	f.keyframe.at = f.o.Now()
	f.move(m, c)
}

// move lets go of the place the machine has left.
func (f *Failover) move(m Machine, c Engine) {
	if f.gpu != nil && f.gpu != m {
		f.drop(f.gpu)
	}
	if f.cpu != nil && f.cpu != c {
		f.drop(f.cpu)
	}
	f.gpu, f.cpu = m, c
	f.note()
}

// drop frees an engine of which nothing is needed any more.
func (f *Failover) drop(e Engine) {
	if err := e.Close(); err != nil {
		f.o.Logger.Warn("freeing a machine", "on", e.Kind(), "error", err)
	}
}

// note remembers where the machine is, for those who ask during other calls.
func (f *Failover) note() {
	if f.gpu != nil {
		f.ran.Store(&ranOn{kind: GPU, adapter: f.gpu.Adapter()})
		return
	}
	f.ran.Store(&ranOn{kind: CPU, adapter: f.cpu.Adapter(), why: f.whyCPU()})
}

func (f *Failover) whyCPU() string {
	switch st := f.o.GPU.Status(); {
	case f.cannot != nil:
		return f.cannot.Error()
	case f.strikes.out(f.log.Program()):
		return f.strikes.why()
	case f.warmer.busy():
		return "the GPU is building its pipelines"
	case f.trial.home == CPU && f.trial.why != "":
		return f.trial.why
	case st.State == Starting && st.Reason == "":
		return "the GPU is being opened"
	case st.State != Ready:
		return st.Reason
	case f.trial.home == CPU:
		return "it has not been measured yet"
	case f.strikes.reason != nil: // the GPU goes on, without this machine
		return f.strikes.reason.Error()
	default:
		return "it had ended before the GPU was ready"
	}
}

// callers says whether err is the caller's, and no fault of the processor.
func callers(err error) bool {
	for _, his := range []error{context.Canceled, context.DeadlineExceeded, errTooSlow, ErrCold,
		isa.ErrProgram, ErrNoProgram, machine.ErrSnapshot, machine.ErrView, ErrPage} {
		if errors.Is(err, his) {
			return true
		}
	}
	return false
}

// call does something where the machine is, and again on the CPU when it fails
// for a reason that is the GPU's.
func (f *Failover) call(ctx context.Context, do func(Engine) error) error {
	if f.log == nil {
		return ErrNoProgram
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if m := f.gpu; m != nil {
		alive := m.Alive()
		err := do(m)
		if err == nil || callers(err) {
			f.note()
			return err
		}
		f.leaveGPU()
		switch {
		case errors.Is(err, ErrUnsupported):
			f.cannot = err
		case alive: // it was lost, or failed, during this call
			f.strikes.add(f.o.Logger, f.log.Program(), err, f.o.Now())
		}
	}
	if err := f.rebuild(ctx); err != nil {
		return err
	}
	return do(f.cpu)
}

// leaveGPU gives up the machine on the GPU. What it was is in the log.
func (f *Failover) leaveGPU() {
	f.drop(f.gpu)
	f.gpu = nil
}

// rebuild makes the machine on the CPU from the log, if it is nowhere.
func (f *Failover) rebuild(ctx context.Context) error {
	if f.cpu == nil {
		c := f.o.CPU()
		if err := f.log.Replay(ctx, c, diverged(f.o.Logger)); err != nil {
			f.drop(c)
			return err
		}
		f.cpu = c
	}
	f.note()
	return nil
}

// diverged gives what reports to a logger what must not be: engines that do not agree.
func diverged(l *slog.Logger) func(was record.Frame, is machine.Report) {
	return func(was record.Frame, is machine.Report) {
		l.Error("a replayed frame differs", "frame", is.Frame,
			"status", is.Status, "status before", was.Status, "cycles", is.Cycles, "cycles before", was.Cycles)
	}
}

// Close frees the machine.
func (f *Failover) Close() (err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.warmer.end()
	if f.gpu != nil {
		err = f.gpu.Close()
	}
	if f.cpu != nil {
		err = errors.Join(err, f.cpu.Close())
	}
	f.log, f.gpu, f.cpu = nil, nil, nil
	return err
}
