package engine

import (
	"context"
	"time"
)

// What tests outside the package may see of it.
const (
	TrialWarm      = trialWarm
	TrialSlack     = trialSlack
	WaitBetween    = waitBetween
	WaitForGPU     = waitForGPU
	KeyframeAge    = keyframeAge
	KeyframeFrames = keyframeFrames
	StrikesToStay  = strikesToStay
	ShortFrames    = shortFrames
	RunTrials      = runTrials
	RunsToNewTrial = runsToNewTrial
	RunsKept       = runsKept
)

// SetTimeout makes f bound the frames of its trials by timeout.
func (f *Failover) SetTimeout(timeout func(context.Context, time.Duration) (context.Context, context.CancelFunc)) {
	f.timeout = timeout
}

// Replays is how many frames a loss would have f run again.
func (f *Failover) Replays() int { return f.log.Len() }

// WarmUp is closed when the warm-up that goes on is over; nil: none does.
func (f *Failover) WarmUp() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.warmer.busy() {
		return nil
	}
	return f.warmer.now.over.Done()
}
