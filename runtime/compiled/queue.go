package compiled

// queue is the blocks that wait to be compiled. The last comes first: it is what is
// looked at.
type queue struct {
	blocks []*block
	idle   chan struct{} // closed when none waits any more; nil: nothing is compiled
}

// mostQueued is how many blocks wait at most; what has waited longest is forgotten,
// and asks again.
const mostQueued = 64

// enqueue has a block compiled in the background.
func (c *Compiler) enqueue(b *block) {
	b.state.Store(queued)
	c.mu.Lock()
	defer c.mu.Unlock()
	q := &c.queue
	if len(q.blocks) == mostQueued {
		q.blocks[0].state.Store(cold)
		q.blocks = append(q.blocks[:0], q.blocks[1:]...)
	}
	q.blocks = append(q.blocks, b)
	if q.idle == nil {
		q.idle = make(chan struct{})
		go c.work()
	}
}

// work compiles blocks until none waits.
func (c *Compiler) work() {
	for {
		c.mu.Lock()
		n := len(c.queue.blocks)
		if n == 0 {
			close(c.queue.idle)
			c.queue = queue{}
			c.mu.Unlock()
			return
		}
		b := c.queue.blocks[n-1]
		c.queue.blocks = c.queue.blocks[:n-1]
		c.mu.Unlock()
		b.compiled(c.compile(b.place))
	}
}
