package engine

import (
	"context"
	"errors"
	"image"
	"slices"
	"time"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// How auto measures. Every engine gives the same bits, so moving a machine from
// one to the other between two frames is seen by nobody, and the honest way to
// know which is faster for a program is to run it on both.
const (
	trialWarm    = 1   // frames not counted after a move: caches, pipelines
	trialFrames  = 4   // frames timed on each engine
	firstSettle  = 0   // frames before the first measurement of a loaded program
	editSettle   = 30  // … of one that was restored, as live edits are
	settle       = 300 // frames between two measurements, at first
	settleMost   = 4800
	standInWait  = 60  // frames after a trial in which the CPU stood in for the GPU
	checkpoint   = 120 // frames on the GPU that a loss makes the CPU run again, at most
	retryFirst   = time.Second
	retryMost    = time.Minute
	hysteresis   = 0.8                    // the other engine must take less than this part of the time
	givesUp      = 4                      // a trial ends at once when a frame takes this many times as long
	fastEnough   = 200 * time.Microsecond // below this a frame, there is nothing to gain
	trialSlack   = 400 * time.Millisecond // a trial's frame may take givesUp times as long, and this
	unknownSpeed = time.Duration(-1)
)

// auto keeps one machine on the faster of two engines.
//
// A loaded program starts on the CPU, and stays there while it takes less than
// fastEnough a frame; so one that halts in its first frames is run once, on one
// engine, and the GPU is not even woken for it. Otherwise auto times a few
// frames where the machine is, moves it, times a few on the other engine (with
// what showing them costs), and keeps the faster. It measures again every few
// hundred frames, less often the longer nothing changes.
//
// A GPU engine may have the CPU stand in for it while its process starts or
// starts again; a trial that met this is void.
//
// A GPU that is lost takes its machine with it; auto then restores the last
// checkpoint on the CPU and runs the frames since again, which gives the same
// machine, and tries the GPU again later.
type auto struct {
	cpu, gpu Engine
	now      func() time.Time
	timeout  func(context.Context, time.Duration) (context.Context, context.CancelFunc)

	on     Engine // holds the machine; nil before the first Load
	ended  bool   // the machine has halted or faulted
	cannot bool   // the GPU cannot run this program

	phase    phase
	wait     int // settled: frames until the next measurement
	interval int // frames to wait after it
	left     int // trials: frames still to run
	here     gauge
	there    gauge
	timing   *gauge // what the last frame was counted in, until it has been shown once
	standIn  bool   // the trial's GPU let the CPU run a frame: it proves nothing

	retryAt time.Time // the GPU is left alone until then
	backoff time.Duration

	saved *machine.Snapshot // on the GPU: the machine some frames ago,
	since []step            // and those frames
}

type phase uint8

const (
	settled   phase = iota
	timeHere        // timing the engine the machine is on
	timeThere       // timing the other; the machine is on it
)

// gauge adds up what frames cost.
type gauge struct {
	frames int
	total  time.Duration
}

func (g gauge) mean() time.Duration {
	if g.frames == 0 {
		return unknownSpeed
	}
	return g.total / time.Duration(g.frames)
}

// step is what a frame was given.
type step struct {
	in     machine.Input
	budget uint32
}

// NewAuto makes an engine that runs each program on the faster of cpu and gpu,
// which it owns from now on. gpu may be nil. When the GPU is unavailable, lost,
// or cannot run a program, it uses the CPU.
func NewAuto(cpu, gpu Engine) Engine { return newAuto(cpu, gpu, time.Now) }

func newAuto(cpu, gpu Engine, now func() time.Time) *auto {
	return &auto{cpu: cpu, gpu: gpu, now: now, timeout: context.WithTimeout}
}

// current is the engine that ran the last call.
func (a *auto) current() Engine {
	if a.on == nil {
		return a.cpu
	}
	return a.on
}

func (a *auto) Kind() Kind      { return a.current().Kind() }
func (a *auto) Adapter() string { return a.current().Adapter() }

func (a *auto) Load(ctx context.Context, p isa.Program, seed int32) error {
	if err := a.cpu.Load(ctx, p, seed); err != nil {
		return err
	}
	a.on, a.cannot, a.ended = a.cpu, false, false
	a.saved, a.since = nil, nil
	a.settle(firstSettle, settle)
	return nil
}

// Restore keeps the machine on the engine it is on, where that can run it.
func (a *auto) Restore(ctx context.Context, s *machine.Snapshot) error {
	on := a.current()
	err := on.Restore(ctx, s)
	if err != nil && on == a.gpu && a.gone(err) {
		on = a.cpu
		err = on.Restore(ctx, s)
	} else if err == nil {
		a.cannot = false
	}
	if err != nil {
		return err
	}
	a.on = on
	a.ended = isa.Status(s.State[isa.StStatus]) >= isa.Halted
	a.saved, a.since = nil, nil
	if on == a.gpu {
		a.saved = cloneSnapshot(s)
	}
	a.settle(editSettle, settle)
	return nil
}

// settle stops measuring for so many frames.
func (a *auto) settle(wait, interval int) {
	a.phase, a.wait, a.interval, a.timing = settled, wait, min(interval, settleMost), nil
}

func (a *auto) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	if a.on == nil {
		return machine.Report{}, ErrNoProgram
	}
	if !a.ended {
		if err := a.choose(ctx); err != nil {
			return machine.Report{}, err
		}
	}
	began := a.now()
	r, err := a.try(ctx, in, budget)
	if err != nil {
		if err = a.recover(ctx, err); err != nil {
			return machine.Report{}, err
		}
		began = a.now()
		if r, err = a.on.Frame(ctx, in, budget); err != nil {
			return machine.Report{}, err
		}
	}
	a.count(a.now().Sub(began))
	if a.on == a.gpu {
		a.since = append(a.since, step{in, budget})
	}
	a.ended = r.Status != isa.Framed
	return r, nil
}

// errTooSlow ends a trial: a frame took far longer than on the other engine.
var errTooSlow = errors.New("the engine on trial is too slow")

// try runs a frame where the machine is. A frame of a trial is given up when it
// takes too long, so that a program for which an engine is hopeless, as the GPU
// is for long scalar code, never holds up the picture for more than a moment.
func (a *auto) try(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	if a.phase != timeThere {
		return a.on.Frame(ctx, in, budget)
	}
	limited, cancel := a.timeout(ctx, givesUp*a.here.mean()+trialSlack)
	defer cancel()
	r, err := a.on.Frame(limited, in, budget)
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		err = errTooSlow
	}
	return r, err
}

// choose decides, before a frame, which engine it runs on.
func (a *auto) choose(ctx context.Context) error {
	if a.on == a.gpu && len(a.since) >= checkpoint {
		s, err := a.gpu.Snapshot(ctx)
		if err != nil {
			return a.recover(ctx, err)
		}
		a.saved, a.since = s, a.since[:0]
	}
	if a.gpu == nil || a.cannot {
		return nil
	}
	switch a.phase {
	case settled:
		if a.wait > 0 || a.on == a.cpu && a.now().Before(a.retryAt) {
			a.wait--
			return nil
		}
		a.phase, a.left, a.here, a.there = timeHere, trialFrames, gauge{}, gauge{}
	case timeHere:
		if a.left > 0 {
			return nil
		}
		if a.on == a.cpu && a.here.mean() < fastEnough {
			a.settle(a.interval, 2*a.interval)
			return nil
		}
		a.phase, a.left, a.standIn = timeThere, trialWarm+trialFrames, false
		return a.move(ctx)
	case timeThere:
		if a.standIn {
			a.settle(standInWait, settle)
			return a.move(ctx)
		}
		slow := a.there.frames > 0 && a.there.mean() > givesUp*a.here.mean()
		if a.left > 0 && !slow {
			return nil
		}
		better := float64(a.there.mean()) < hysteresis*float64(a.here.mean())
		if better {
			a.settle(settle, 2*settle)
			return nil
		}
		a.settle(a.interval, 2*a.interval)
		return a.move(ctx)
	}
	return nil
}

// count adds a frame's time to the trial that it was part of.
func (a *auto) count(d time.Duration) {
	a.timing = nil
	switch a.phase {
	case timeHere:
		a.timing = &a.here
	case timeThere:
		a.standIn = a.standIn || a.on == a.gpu && a.gpu.Kind() != GPU
		if a.left <= trialFrames {
			a.timing = &a.there
		}
	}
	a.left--
	if a.timing != nil {
		a.timing.frames++
		a.timing.total += d
	}
}

// move takes the machine to the other engine. One that cannot have it is left
// alone for a while; that is not an error.
func (a *auto) move(ctx context.Context) error {
	to := a.gpu
	if a.on == a.gpu {
		to = a.cpu
	}
	s, err := a.on.Snapshot(ctx)
	if err != nil {
		return a.recover(ctx, err)
	}
	if err := to.Restore(ctx, s); err != nil {
		if to == a.gpu && a.gone(err) {
			a.settle(0, settle)
			return nil
		}
		return err
	}
	a.on, a.saved, a.since = to, nil, nil
	if to == a.gpu {
		a.saved, a.backoff = s, 0
	}
	return nil
}

// gone notes that the GPU failed, and says whether the CPU should take over.
func (a *auto) gone(err error) bool {
	switch {
	case errors.Is(err, ErrUnsupported):
		a.cannot = true
		return true
	case errors.Is(err, ErrLost), errors.Is(err, ErrUnavailable):
		a.backoff = min(max(2*a.backoff, retryFirst), retryMost)
		a.retryAt = a.now().Add(a.backoff)
		return true
	}
	return false
}

// recover answers an error of the engine the machine is on: when the GPU is
// gone, or on trial and too slow, the machine is made again on the CPU, exactly
// as it was. Any other error is given back.
func (a *auto) recover(ctx context.Context, err error) error {
	slow := errors.Is(err, errTooSlow)
	switch {
	case ctx.Err() != nil:
		return err
	case slow && a.on == a.cpu:
		a.settle(settleMost, settleMost)
		return a.move(ctx)
	case !slow && (a.on != a.gpu || !a.gone(err)):
		return err
	}
	if err := a.cpu.Restore(ctx, a.saved); err != nil {
		return err
	}
	for _, s := range a.since {
		if _, err := a.cpu.Frame(ctx, s.in, s.budget); err != nil {
			return err
		}
	}
	a.on, a.saved, a.since = a.cpu, nil, nil
	a.settle(0, settle)
	if slow {
		a.settle(settleMost, settleMost)
	}
	return nil
}

// ask calls the engine that has the machine, and, when that is lost, the one
// that takes over.
func ask[T any](ctx context.Context, a *auto, call func(Engine) (T, error)) (T, error) {
	if a.on == nil {
		var none T
		return none, ErrNoProgram
	}
	v, err := call(a.on)
	if err == nil {
		return v, nil
	}
	if err := a.recover(ctx, err); err != nil {
		return v, err
	}
	return call(a.on)
}

func (a *auto) Read(ctx context.Context, page machine.Page) ([]uint32, error) {
	return ask(ctx, a, func(e Engine) ([]uint32, error) { return e.Read(ctx, page) })
}

func (a *auto) Commands(ctx context.Context) ([]isa.Command, []uint32, error) {
	type list struct {
		commands []isa.Command
		payload  []uint32
	}
	l, err := ask(ctx, a, func(e Engine) (list, error) {
		c, p, err := e.Commands(ctx)
		return list{c, p}, err
	})
	return l.commands, l.payload, err
}

func (a *auto) Human(ctx context.Context) (*image.RGBA, error) {
	return ask(ctx, a, func(e Engine) (*image.RGBA, error) { return e.Human(ctx) })
}

func (a *auto) Render(ctx context.Context, v machine.View, dst *image.RGBA) error {
	began := a.now()
	_, err := ask(ctx, a, func(e Engine) (struct{}, error) { return struct{}{}, e.Render(ctx, v, dst) })
	if a.timing != nil { // what showing the frame costs belongs to it, once
		a.timing.total += a.now().Sub(began)
		a.timing = nil
	}
	return err
}

func (a *auto) Snapshot(ctx context.Context) (*machine.Snapshot, error) {
	return ask(ctx, a, func(e Engine) (*machine.Snapshot, error) { return e.Snapshot(ctx) })
}

func (a *auto) Close() error {
	a.on = nil
	if a.gpu == nil {
		return a.cpu.Close()
	}
	return errors.Join(a.cpu.Close(), a.gpu.Close())
}

func cloneSnapshot(s *machine.Snapshot) *machine.Snapshot {
	return &machine.Snapshot{
		Program: slices.Clone(s.Program),
		Display: slices.Clone(s.Display),
		Writer:  slices.Clone(s.Writer),
		Data:    slices.Clone(s.Data),
		State:   slices.Clone(s.State),
	}
}
