package engine

import (
	"context"
	"time"
)

// How Auto measures a running machine. Every engine gives the same bits, so
// moving it between two frames is seen by nobody, and the honest way to know
// which processor is faster for a program is to run it on both.
const (
	trialWarm      = 1    // frames not counted after a move: caches, pipelines
	trialFrames    = 4    // frames timed on each processor
	waitAfterEdit  = 30   // frames before a restored machine is measured, as live edits are
	waitBetween    = 300  // frames between two trials, at first
	waitMost       = 4800 // … at most
	waitForGPU     = 60   // frames after a trial for which the GPU was not there
	tooSlowAlready = 4    // a trial ends at once when a frame takes this many times as long
	trialSlack     = 400 * time.Millisecond
)

// trial is where a machine belongs, and how Auto finds that out.
//
// A program that is not known starts on the CPU, and stays there while the GPU
// could gain nothing; so one that halts in its first frames is run once, on one
// processor, and the GPU is not even woken for it. Otherwise Auto times a few
// frames where the machine is, moves it, times a few there, with what showing
// them costs, and keeps the faster. It measures again every few hundred frames,
// less often the longer nothing changes.
//
// The CPU stands in for a GPU that is not there; a trial that meets this is void. A
// CPU whose code is being compiled is timed when it is.
type trial struct {
	home Kind   // where the machine belongs
	why  string // a sentence; "" before anything was measured

	phase    phase
	wait     int // waiting: frames until the next trial
	interval int // frames to wait after it
	left     int // frames of this phase still to run
	here     gauge
	there    gauge
	timing   *gauge        // what the last frame was counted in, until it has been shown once
	took     time.Duration // by the last frame
	standIn  bool          // the CPU ran the last frame in place of the GPU
}

type phase uint8

const (
	waiting   phase = iota
	timeHere        // timing the processor where the machine belonged
	timeThere       // timing the other, where it belongs for the moment
)

// gauge adds up what frames took.
type gauge struct {
	frames int
	total  time.Duration
}

// mean is what a frame took; 0 before the first.
func (g gauge) mean() time.Duration {
	return g.total / time.Duration(max(g.frames, 1))
}

// loaded begins with a new program, which belongs on home as far as is known.
func (t *trial) loaded(home Kind) {
	t.home, t.why = home, ""
	if home == CPU {
		t.pause(0, waitBetween)
		return
	}
	t.pause(waitBetween, 2*waitBetween)
}

// pause stops measuring for so many frames.
func (t *trial) pause(wait, interval int) {
	t.phase, t.wait, t.interval, t.timing = waiting, wait, min(interval, waitMost), nil
}

// count adds the last frame to what it was part of.
func (t *trial) count(onGPU bool) {
	t.standIn = onGPU != (t.home == GPU)
	switch {
	case t.phase == timeHere && t.left <= trialFrames:
		t.timing = &t.here
	case t.phase == timeThere && t.left <= trialFrames:
		t.timing = &t.there
	}
	t.left--
	if t.timing != nil {
		t.timing.frames++
		t.timing.total += t.took
	}
}

// shown adds what showing the last frame took, once.
func (t *trial) shown(took time.Duration) {
	if t.timing != nil {
		t.timing.total += took
		t.timing = nil
	}
}

// consider decides, before a frame, where the machine belongs.
func (f *Failover) consider(ctx context.Context) error {
	t := &f.trial
	work := Work{Program: f.log.Program()}
	switch t.phase {
	case waiting:
		switch {
		case f.cannot != nil, f.strikes.out(work.Program), (f.gpu != nil) != (t.home == GPU):
		case t.wait > 0:
			t.wait--
		default:
			t.phase, t.left, t.here, t.there = timeHere, trialFrames, gauge{}, gauge{}
		}
	case timeHere:
		switch {
		case t.home == CPU && warming(f.cpu): // what was timed is not what it will be
			t.left, t.here = trialWarm+trialFrames, gauge{}
		case t.left > 0:
		case t.home == CPU && !f.o.Chooser.worthATrial(t.here.mean()):
			t.why = nothingToGain(t.here.mean())
			t.pause(t.interval, 2*t.interval)
		default:
			t.phase, t.left = timeThere, trialWarm+trialFrames
			return f.belongs(ctx, 1-t.home)
		}
	case timeThere:
		slow := t.there.frames > 0 && t.there.mean() > tooSlowAlready*t.here.mean()
		if t.standIn {
			t.pause(waitForGPU, waitBetween)
			return f.belongs(ctx, 1-t.home)
		}
		if t.home == CPU && warming(f.cpu) {
			t.left, t.there = trialWarm+trialFrames, gauge{}
			return nil
		}
		if t.left > 0 && !slow {
			return nil
		}
		choice := f.o.Chooser.trial(work, 1-t.home, t.here.mean(), t.there.mean())
		t.why = choice.Why
		if choice.Kind == t.home {
			t.pause(waitBetween, 2*waitBetween)
			return nil
		}
		t.pause(t.interval, 2*t.interval)
		return f.belongs(ctx, choice.Kind)
	}
	return nil
}

// belongs says where the machine belongs from now on. To the CPU it moves at
// once, to the GPU with its next frame.
func (f *Failover) belongs(ctx context.Context, home Kind) error {
	f.trial.home = home
	if home == CPU {
		return f.toCPU(ctx)
	}
	return nil
}

// limit bounds a frame of a trial, so that a program for which a processor is
// hopeless, as the GPU is for long scalar code, never holds up the picture for
// more than a moment.
func (t *trial) limit(ctx context.Context, timeout func(context.Context, time.Duration) (context.Context, context.CancelFunc), ended bool) (context.Context, context.CancelFunc) {
	if ended || t.phase != timeThere {
		return ctx, func() {}
	}
	return timeout(ctx, tooSlowAlready*t.here.mean()+trialSlack)
}

// giveUpTrial returns the machine from a processor that was too slow. It is as
// it was before the frame.
func (f *Failover) giveUpTrial(ctx context.Context) error {
	t := &f.trial
	t.why = "it took far longer on the " + t.home.String()
	t.pause(waitMost, waitMost)
	return f.belongs(ctx, 1-t.home)
}
