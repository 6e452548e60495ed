package engine

import (
	"context"
	"time"
)

// keyframe is when the log of a machine on the GPU began, and what beginning it
// anew costs.
type keyframe struct {
	at   time.Time
	cost time.Duration // of the last snapshot
}

const (
	// keyframeAge is how much of the past is replayed at most, in time.
	keyframeAge = time.Second
	// keyframeShare: a snapshot is taken when what it costs is at most one part
	// in so many of the time since the last,
	keyframeShare = 50
	// keyframeFrames is when it is taken whatever it costs.
	keyframeFrames = 3600
)

// due says whether a snapshot before the next frame is worth its cost, with so
// many frames in the log.
func (k keyframe) due(frames int, now time.Time) bool {
	age := now.Sub(k.at)
	return frames > 0 && (frames >= keyframeFrames || age >= keyframeAge && age >= keyframeShare*k.cost)
}

// refresh begins the log anew when that is worth it. A GPU that fails here fails
// again, and is dealt with, in the frame.
func (f *Failover) refresh(ctx context.Context) error {
	if f.gpu == nil || f.ended || !f.keyframe.due(f.log.Len(), f.o.Now()) {
		return nil
	}
	from := f.o.Now()
	s, err := f.gpu.Snapshot(ctx)
	if err != nil {
		return ctx.Err()
	}
	to := f.o.Now()
	f.log.Keyframe(s)
	f.keyframe = keyframe{to, to.Sub(from)}
	return nil
}
