package studio

import (
	"image"
	"sync"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
)

// picture is one finished rendering of a view.
type picture struct {
	img  *image.RGBA
	view machine.View
	gen  uint64
}

// played is what the player last did, whole.
type played struct {
	doc     int
	liveN   int // of the program these results are about
	phase   Phase
	report  machine.Report
	header  sizeOf
	kind    engine.Kind
	adapter string
	frameMS float64 // of the last frame and its pictures, smoothed
	fps     float64
	cycles  uint64 // since the program began
	frames  uint64 // pictures made since the program began
	log     []LogEntry
	texel   *texelWords
	err     string // why the engine could not do it, "" if it could
}

// sizeOf is the canvas that runs.
type sizeOf struct {
	W, H  int
	Pixel bool
}

// texelWords is what the machine holds for one display texel.
type texelWords struct {
	x, y         int
	word, writer uint32
	doc, liveN   int
}

// shelf is where the player leaves finished work and the window picks up the
// newest. It also owns the pictures' buffers: one that the window has taken is
// not drawn into again before the window has taken the one after the next, so
// that a texture being shown never changes.
type shelf struct {
	mu    sync.Mutex
	state played
	fresh bool
	slots [Slots]shelfSlot
	gen   uint64
}

type shelfSlot struct {
	done   *picture // finished, not taken
	shown  *picture // taken last
	before *picture // taken before that
	free   []*image.RGBA
}

// release keeps a buffer for the next picture; two are enough.
func (sl *shelfSlot) release(img *image.RGBA) {
	if len(sl.free) < 2 {
		sl.free = append(sl.free, img)
	}
}

// take gives the window what is new. The picture it replaces may still be on
// screen in this frame, so that one is kept until the next take.
func (s *shelf) take() (st played, pics [Slots]*picture, fresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.fresh {
		return st, pics, false
	}
	s.fresh = false
	for i := range s.slots {
		sl := &s.slots[i]
		if sl.done == nil {
			continue
		}
		if sl.before != nil {
			sl.release(sl.before.img)
		}
		sl.before, sl.shown, sl.done = sl.shown, sl.done, nil
		pics[i] = sl.shown
	}
	return s.state, pics, true
}

// buffer gives an image of the size to draw into, for the player.
func (s *shelf) buffer(slot, w, h int) *image.RGBA {
	s.mu.Lock()
	defer s.mu.Unlock()
	sl := &s.slots[slot]
	for len(sl.free) > 0 {
		img := sl.free[len(sl.free)-1]
		sl.free = sl.free[:len(sl.free)-1]
		if img.Rect.Dx() == w && img.Rect.Dy() == h {
			return img
		}
	}
	return image.NewRGBA(image.Rect(0, 0, w, h))
}

// put leaves a finished picture; one that was not taken is free again.
func (s *shelf) put(slot int, img *image.RGBA, v machine.View) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sl := &s.slots[slot]
	if sl.done != nil {
		sl.release(sl.done.img)
	}
	s.gen++
	sl.done = &picture{img: img, view: v, gen: s.gen}
	s.fresh = true
}

// giveBack returns a buffer that was not filled.
func (s *shelf) giveBack(slot int, img *image.RGBA) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slots[slot].release(img)
}

// publish leaves the player's state.
func (s *shelf) publish(p played) {
	s.mu.Lock()
	s.state = p
	s.fresh = true
	s.mu.Unlock()
}

// rate counts what happened in the last second.
type rate struct{ at []time.Time }

func (r *rate) tick(now time.Time) float64 {
	r.at = append(r.at, now)
	i := 0
	for i < len(r.at) && now.Sub(r.at[i]) > time.Second {
		i++
	}
	r.at = append(r.at[:0], r.at[i:]...)
	if len(r.at) < 2 {
		return 0
	}
	return float64(len(r.at)-1) / now.Sub(r.at[0]).Seconds()
}
