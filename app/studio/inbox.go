package studio

// inbox is where background goroutines leave what is to be done on the window's
// goroutine, and how they ask for the frame that does it.
type inbox struct {
	ch   chan func()
	quit chan struct{}
	wake func()
}

func newInbox(wake func()) *inbox {
	return &inbox{ch: make(chan func(), 64), quit: make(chan struct{}), wake: wake}
}

// Post leaves f for the next Pump and asks for a frame. Any goroutine may call
// it; after the model has shut down f is not called.
func (x *inbox) Post(f func()) {
	if x.leave(f) {
		x.wake()
	}
}

// Queue leaves f for the Pump of a frame that something else asks for.
func (x *inbox) Queue(f func()) { x.leave(f) }

func (x *inbox) leave(f func()) bool {
	select {
	case x.ch <- f:
		return true
	case <-x.quit:
		return false
	}
}

// run does what was left. It never waits.
func (x *inbox) run() {
	for {
		select {
		case f := <-x.ch:
			f()
		default:
			return
		}
	}
}

// background does something slow on a goroutine of its own, and has the window's
// goroutine take in what came of it.
func background[T any](x *inbox, slow func() T, take func(T)) {
	go func() {
		result := slow()
		x.Post(func() { take(result) })
	}()
}
