package machine

import (
	"context"

	"gvpie/runtime/isa"
)

// Patch gives a word of the data page another value once a frame has run so many cycles.
type Patch struct {
	Cycle uint32
	Word  int
	Value int32
}

// RunPatched takes the core on to a cycle as [Core.RunTo] does, and makes those of the
// patches, which are in the order of their cycles, that come before it or there. left are
// the others. The error is the context's; the frame is then as RunTo leaves it.
func (p Probe) RunPatched(ctx context.Context, cycle uint32, patches []Patch) (left []Patch, stands bool, err error) {
	for {
		to := cycle
		if len(patches) > 0 {
			to = min(to, patches[0].Cycle)
		}
		if stands, err = p.core.RunTo(ctx, to); err != nil || !stands {
			return patches, stands, err
		}
		stood := p.core.state[isa.StCycles]
		for len(patches) > 0 && patches[0].Cycle <= stood {
			if err := p.Set(ctx, patches[0].Word, patches[0].Value); err != nil {
				return patches, true, err
			}
			patches = patches[1:]
		}
		if stood >= cycle {
			return patches, true, nil
		}
	}
}
