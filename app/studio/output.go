package studio

import (
	"image"
	"sync"
	"time"

	"gvpie/app/studio/debugger"
	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
)

// Picture is one finished rendering of a view. The image is not changed while it is the
// newest of its slot or the one before.
type Picture struct {
	Image  *image.RGBA // nil: there is none yet
	View   machine.View
	Texels image.Point // the size of the texture that it shows
	Gen    uint64      // grows with each new one

	doc   int    // whose program it is of
	frame uint64 // how many of its frames had ended
}

// result is what the player last did, whole.
type result struct {
	doc                int
	run                int // of the program's beginnings
	liveRev            int // of the program these results are about
	phase              Phase
	report             machine.Report
	kind               engine.Kind
	adapter            string
	frameMS            float64 // what the program takes for a frame, smoothed
	heavy              bool    // the last frame took longer than HeavyAfter
	waits              bool    // for the window to pick something up
	cycles             uint64  // since the program began
	frames             uint64  // pictures made since the program began
	log                []LogEntry
	texel              *texelWords
	words              *Words
	past               *debugger.Run // where it was asked for
	stop               *Stop         // the breakpoint that the program stands behind; nil: none
	replayed, recorded int           // frames of a recording that the program is taken through; 0 of 0 for none
	diverged           string        // how that came out otherwise
	err                string        // why the engine could not do it, "" if it could

	failing map[debugger.Breakpoint]string // whose conditions have, with why
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
	mu     sync.Mutex
	state  result
	fresh  bool
	slots  [Slots]tripleBuffer
	gen    uint64
	unseen int // frames since the window last picked something up
}

// mostUnseen is how many frames are run for a window that picks none of them up: half a
// second of them.
const mostUnseen = 30

// take gives the window what is new. The pictures that it has from then on, be they new
// or not, are of one frame.
func (o *output) take() (r result, pics [Slots]*Picture, fresh bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.fresh {
		return r, pics, false
	}
	o.fresh = false
	o.state.waits = o.unseen >= mostUnseen
	o.unseen = 0
	for i := range o.slots {
		pics[i] = o.slots[i].swap()
	}
	return o.state, pics, true
}

// seen says whether somebody still picks up what is left here.
func (o *output) seen() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.unseen < mostUnseen
}

// image gives the player an image of the size to draw into.
func (o *output) image(slot, w, h int) *image.RGBA {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.slots[slot].image(w, h)
}

// publish leaves the player's state together with the pictures that belong to it; nil is
// one that is as it was. ran says that there was a frame.
func (o *output) publish(r result, pics [Slots]*Picture, ran bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i, pic := range pics {
		if pic != nil {
			o.gen++
			pic.Gen = o.gen
			o.slots[i].put(pic)
		}
	}
	if ran {
		o.unseen++
	}
	o.state = r
	o.fresh = true
}

// tripleBuffer lets the player draw the next picture while the window shows one:
// an image that the window has taken is not drawn into again before the window
// has taken the one after the next, so that a texture being shown never changes.
type tripleBuffer struct {
	ready  *Picture      // finished, not taken
	front  *Picture      // taken last
	before *Picture      // taken before that
	free   []*image.RGBA // two at most: an image is made only when none is free
}

// swap takes the finished picture, nil if there is none. The one that it replaces
// may still be on screen in this frame, so that one is spared until the next swap.
func (b *tripleBuffer) swap() *Picture {
	if b.ready == nil {
		return nil
	}
	if b.before != nil {
		b.release(b.before.Image)
	}
	b.before, b.front, b.ready = b.front, b.ready, nil
	return b.front
}

// put takes a finished picture in; one that was not taken is free again.
func (b *tripleBuffer) put(p *Picture) {
	if b.ready != nil {
		b.release(b.ready.Image)
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

// rate counts what happened in the last second, or how long ago the time before was.
type rate struct{ at []time.Time }

func (r *rate) tick(now time.Time) float64 {
	r.at = append(r.at, now)
	i := 0
	for i < len(r.at)-2 && now.Sub(r.at[i]) > time.Second {
		i++
	}
	r.at = append(r.at[:0], r.at[i:]...)
	if len(r.at) < 2 || !now.After(r.at[0]) {
		return 0
	}
	return float64(len(r.at)-1) / now.Sub(r.at[0]).Seconds()
}
