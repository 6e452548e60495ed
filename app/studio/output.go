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

// result is what the player last did, whole.
type result struct {
	doc     int
	liveRev int // of the program these results are about
	phase   Phase
	report  machine.Report
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

// texelWords is what the machine holds for one display texel.
type texelWords struct {
	x, y         int
	word, writer uint32
	doc, liveRev int
}

// output is where the player leaves finished work and the window picks up the
// newest. It also owns the pictures' images, in a triple buffer for each slot.
type output struct {
	mu    sync.Mutex
	state result
	fresh bool
	slots [Slots]tripleBuffer
	gen   uint64
}

// take gives the window what is new.
func (o *output) take() (r result, pics [Slots]*picture, fresh bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.fresh {
		return r, pics, false
	}
	o.fresh = false
	for i := range o.slots {
		pics[i] = o.slots[i].swap()
	}
	return o.state, pics, true
}

// image gives the player an image of the size to draw into.
func (o *output) image(slot, w, h int) *image.RGBA {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.slots[slot].image(w, h)
}

// put leaves a finished picture.
func (o *output) put(slot int, img *image.RGBA, v machine.View) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.gen++
	o.slots[slot].put(&picture{img: img, view: v, gen: o.gen})
	o.fresh = true
}

// publish leaves the player's state.
func (o *output) publish(r result) {
	o.mu.Lock()
	o.state = r
	o.fresh = true
	o.mu.Unlock()
}

// tripleBuffer lets the player draw the next picture while the window shows one:
// an image that the window has taken is not drawn into again before the window
// has taken the one after the next, so that a texture being shown never changes.
type tripleBuffer struct {
	ready  *picture      // finished, not taken
	front  *picture      // taken last
	before *picture      // taken before that
	free   []*image.RGBA // two at most: an image is made only when none is free
}

// swap takes the finished picture, nil if there is none. The one that it replaces
// may still be on screen in this frame, so that one is spared until the next swap.
func (b *tripleBuffer) swap() *picture {
	if b.ready == nil {
		return nil
	}
	if b.before != nil {
		b.release(b.before.img)
	}
	b.before, b.front, b.ready = b.front, b.ready, nil
	return b.front
}

// put takes a finished picture in; one that was not taken is free again.
func (b *tripleBuffer) put(p *picture) {
	if b.ready != nil {
		b.release(b.ready.img)
	}
	b.ready = p
}

// image is a free one of the size, or a new one.
func (b *tripleBuffer) image(w, h int) *image.RGBA {
	for len(b.free) > 0 {
		img := b.free[len(b.free)-1]
		b.free = b.free[:len(b.free)-1]
		if img.Rect.Dx() == w && img.Rect.Dy() == h {
			return img
		}
	}
	return image.NewRGBA(image.Rect(0, 0, w, h))
}

// release lets an image be used for another picture.
func (b *tripleBuffer) release(img *image.RGBA) { b.free = append(b.free, img) }

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
