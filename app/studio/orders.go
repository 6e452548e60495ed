package studio

import (
	"context"
	"sync"

	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Backend is the person's choice of processor.
type Backend uint8

const (
	Auto Backend = iota // whichever is measured to be faster
	GPU
	CPU
)

func (b Backend) String() string { return [...]string{"Auto", "GPU", "CPU"}[b] }

// ParseBackend reads "auto", "gpu" or "cpu" in any case.
func ParseBackend(s string) (Backend, bool) {
	for b := Auto; b <= CPU; b++ {
		if equalFold(s, b.String()) {
			return b, true
		}
	}
	return Auto, false
}

func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if a[i]|0x20 != b[i]|0x20 {
			return false
		}
	}
	return true
}

// Slots is how many views of the machine can be on screen at once.
const Slots = 2

// orders is what the window wants of the player: a state to reach, not a list of
// commands, so that none can be lost and nothing queues up. Counters (steps,
// resets) only grow; the player does what is new in them.
type orders struct {
	doc     int // 0: none
	program *pxl.Assembly
	liveN   int // counts the document's good assemblies
	backend Backend
	playing bool
	steps   int
	resets  int
	input   machine.Input
	views   [Slots]machine.View // Width 0: not shown
	probe   probe
	forget  []int // documents that were closed
}

// probe is the display texel the pointer is on.
type probe struct {
	on   bool
	x, y int
}

// orderBox hands orders from the window to the player. An order that makes the
// frame in hand pointless cancels it.
type orderBox struct {
	mu     sync.Mutex
	o      orders
	ping   chan struct{}
	ctx    context.Context
	cancel context.CancelFunc
}

func newOrderBox(playing bool, b Backend) *orderBox {
	x := &orderBox{ping: make(chan struct{}, 1)}
	x.o.playing, x.o.backend = playing, b
	x.ctx, x.cancel = context.WithCancel(context.Background())
	return x
}

// change edits the orders under the lock and wakes the player; the window calls
// it.
func (x *orderBox) change(f func(*orders)) {
	x.mu.Lock()
	old := x.o
	f(&x.o)
	n := x.o
	if n.doc != old.doc || n.liveN != old.liveN || n.backend != old.backend || n.resets != old.resets || old.playing && !n.playing {
		x.cancel()
	}
	x.mu.Unlock()
	select {
	case x.ping <- struct{}{}:
	default:
	}
}

// take copies the orders and gives a context that ends when they no longer hold;
// the player calls it.
func (x *orderBox) take() (orders, context.Context) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.ctx.Err() != nil {
		x.cancel()
		x.ctx, x.cancel = context.WithCancel(context.Background())
	}
	o := x.o
	x.o.forget = nil
	return o, x.ctx
}

// peek copies the orders as they stand; the window calls it.
func (x *orderBox) peek() orders {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.o
}
