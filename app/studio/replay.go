package studio

import (
	"context"
	"fmt"

	"gvpie/runtime/isa"
	"gvpie/runtime/record"
)

// A document that is of a recording begins with that: the player takes its program
// through the frames that were recorded, as fast as they go, and stands where the
// recording ends. From there on it is a run like any other. Each frame is held to how it
// ended when it was recorded, and to the hashes of its pictures.

// replaying says whether frames of the recording are still to be run.
func (r *execution) replaying() bool {
	return r.recording != nil && r.past.End() < r.recording.Frames.Len()
}

// replay runs frames of the recording for as long as a frame lasts on the screen, and says
// whether it ran any.
func (p *player) replay(ctx context.Context) (ran bool) {
	rec := p.run.recording
	for began := p.now(); p.run.replaying() && p.runnable() && ctx.Err() == nil; {
		i := p.run.past.End()
		f := rec.Frames.At(i)
		if !p.frame(ctx, f.Input, f.Budget) {
			break
		}
		ran = true
		if p.run.diverged == "" {
			p.run.diverged = p.differs(rec, i, f)
		}
		if p.now().Sub(began) >= FrameTime {
			break
		}
	}
	p.due = p.now()
	return ran
}

// differs says in words how the frame that was just run came out otherwise than it was
// recorded, "" if it did not.
func (p *player) differs(rec *record.Recording, i int, was record.Frame) string {
	if was.Status != isa.Running && (was.Status != p.run.report.Status || was.Cycles != p.run.report.Cycles) {
		return fmt.Sprintf("frame %d took %d cycles, and %d when it was recorded", i, p.run.report.Cycles, was.Cycles)
	}
	what, err := rec.Differs(context.Background(), p.eng, i)
	if err != nil || what == "" {
		return "" // where it cannot be read, the next frame says why
	}
	return fmt.Sprintf("the %s not the one recorded after frame %d", what, i)
}

// progress is how far a replay is: frames run, of so many; 0 of 0 where there is none.
func (p *player) progress() (done, all int) {
	if p.run.loaded && p.run.replaying() && p.runnable() {
		return p.run.past.End(), p.run.recording.Frames.Len()
	}
	return 0, 0
}
