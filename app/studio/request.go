package studio

import (
	"context"
	"sync"

	"gvpie/app/studio/debugger"
	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// Slots is how many views of the machine can be on screen at once.
const Slots = 2

// request is what the window wants of the player: a state to reach, not a list of
// commands, so that none can be lost and nothing queues up. Counters (goes, steps, stops,
// resets) only grow; the player does what is new in them.
type request struct {
	doc       int // 0: none
	program   *pxl.Assembly
	liveRev   int               // counts the document's good assemblies
	recording *record.Recording // that the program begins with; nil: none
	backend   engine.Backend
	playing   bool
	breaks    []debugger.Breakpoint
	goes      int // the program goes on from a breakpoint
	steps     int
	stops     int
	resets    int
	hidden    bool // nobody sees the window
	input     machine.Input
	tapped    tapped
	views     [Slots]machine.View // Width 0: not shown
	probe     probe
	words     WordsOf           // that are to be known
	lens      *machine.Snapshot // the moment that is shown in place of the machine's; nil: the machine's
	past      bool              // the run so far is asked for
	closed    []int             // documents that were closed since the player last looked
}

// supersedes says whether a request makes a frame that is being run for an
// earlier one pointless.
func (r *request) supersedes(old *request) bool {
	return r.doc != old.doc || r.liveRev != old.liveRev || r.backend != old.backend || r.resets != old.resets || r.stops != old.stops ||
		old.playing && !r.playing
}

// probe is the display texel the pointer is on.
type probe struct {
	on   bool
	x, y int
}

// requests hands the newest request from the window to the player. One that
// makes the frame that is being run pointless cancels it.
type requests struct {
	mu     sync.Mutex
	now    request
	ping   chan struct{}
	ctx    context.Context
	cancel context.CancelFunc
}

func newRequests(playing bool, b engine.Backend) *requests {
	q := &requests{ping: make(chan struct{}, 1)}
	q.now.playing, q.now.backend = playing, b
	q.ctx, q.cancel = context.WithCancel(context.Background())
	return q
}

// tapped is what of mouse and keyboard was down since the player last looked, be it up
// again by now: a tap that is shorter than a frame is one all the same.
type tapped struct {
	buttons int32
	keys    [8]uint32
	wheel   int32 // notches
}

func (t *tapped) add(o tapped) {
	t.buttons |= o.buttons
	t.wheel += o.wheel
	for i, word := range o.keys {
		t.keys[i] |= word
	}
}

// in is what the program sees of an input and of what was tapped.
func (t tapped) in(now machine.Input) machine.Input {
	t.add(tapped{now.Buttons, now.Keys, 0})
	now.Buttons, now.Keys, now.Wheel = t.buttons, t.keys, t.wheel
	return now
}

// change edits the request under the lock and wakes the player; the window calls
// it.
func (q *requests) change(f func(*request)) {
	q.mu.Lock()
	old := q.now
	f(&q.now)
	if q.now.supersedes(&old) {
		q.cancel()
	}
	q.mu.Unlock()
	q.poke()
}

// poke wakes the player.
func (q *requests) poke() {
	select {
	case q.ping <- struct{}{}:
	default:
	}
}

// take copies the request and gives a context that ends when it no longer holds;
// the player calls it.
func (q *requests) take() (request, context.Context) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ctx.Err() != nil {
		q.cancel()
		q.ctx, q.cancel = context.WithCancel(context.Background())
	}
	r := q.now
	q.now.closed, q.now.tapped = nil, tapped{}
	return r, q.ctx
}

// peek copies the request as it stands; the window calls it.
func (q *requests) peek() request {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.now
}

// stop ends the frame that is being run, at the end of the player's life.
func (q *requests) stop() {
	q.mu.Lock()
	q.cancel()
	q.mu.Unlock()
}
