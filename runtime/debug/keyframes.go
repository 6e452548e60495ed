package debug

import (
	"slices"
	"sort"
	"time"
	"unsafe"

	"gvpie/runtime/machine"
)

// keyframes are machines at the start of frames, in order.
type keyframes struct{ held []keyframe }

type keyframe struct {
	frame   int
	machine *machine.Snapshot
}

// spacing is what running the frames between two keyframes costs.
const spacing = 10 * time.Millisecond

// near is the last keyframe that is not behind a frame, nil if there is none.
func (k *keyframes) near(frame int) *keyframe {
	i := sort.Search(len(k.held), func(i int) bool { return k.held[i].frame > frame })
	if i == 0 {
		return nil
	}
	return &k.held[i-1]
}

// due says whether a frame is worth being kept, to which so much was run from the last.
func (k *keyframes) due(frame int, since, spacing time.Duration) bool {
	if since < spacing {
		return false
	}
	last := k.near(frame)
	return last == nil || last.frame != frame
}

// add keeps the machine at the start of a frame. As many as it takes are given up for it,
// first those that are far away from it and near each other.
func (k *keyframes) add(frame int, m *machine.Snapshot, bound int) {
	i := sort.Search(len(k.held), func(i int) bool { return k.held[i].frame > frame })
	k.held = slices.Insert(k.held, i, keyframe{frame, m})
	for len(k.held) > 1 && k.bytes() > bound {
		k.thin(frame)
	}
}

// thin gives up one keyframe, but not that of the present.
func (k *keyframes) thin(present int) {
	least, at := 0.0, -1
	for i := range k.held {
		from, to := 0, k.held[i].frame
		if i > 0 {
			from = k.held[i-1].frame
		}
		if i+1 < len(k.held) {
			to = k.held[i+1].frame
		}
		away := k.held[i].frame - present
		if away == 0 {
			continue
		}
		gap := float64(to-from) / float64(max(away, -away))
		if at < 0 || gap < least {
			least, at = gap, i
		}
	}
	k.held = slices.Delete(k.held, at, at+1)
}

// bytes is what the keyframes take; pages that several share count once.
func (k *keyframes) bytes() int {
	seen := map[*uint32]bool{}
	n := 0
	for i := range k.held {
		m := k.held[i].machine
		for _, page := range [...][]uint32{m.Program, m.Display, m.Writer, m.Data, m.State} {
			if first := unsafe.SliceData(page); !seen[first] {
				seen[first] = true
				n += 4 * len(page)
			}
		}
	}
	return n
}
