package compiled

// queue is the blocks and cores that wait to be compiled. The last comes first: it is
// what is looked at.
type queue struct {
	jobs []job
	idle chan struct{} // closed when none waits any more; nil: nothing is compiled
}

// job is one of them.
type job interface {
	await(state uint32)
	compile()
}

// mostQueued is how many blocks wait at most; what has waited longest is forgotten,
// and asks again.
const mostQueued = 64

// enqueue has a block or core compiled in the background.
func (c *Compiler) enqueue(j job) {
	j.await(queued)
	c.mu.Lock()
	defer c.mu.Unlock()
	q := &c.queue
	if len(q.jobs) == mostQueued {
		q.jobs[0].await(cold)
		q.jobs = append(q.jobs[:0], q.jobs[1:]...)
	}
	q.jobs = append(q.jobs, j)
	if q.idle == nil {
		q.idle = make(chan struct{})
		go c.work()
	}
}

// work compiles until none waits.
func (c *Compiler) work() {
	for {
		c.mu.Lock()
		n := len(c.queue.jobs)
		if n == 0 {
			close(c.queue.idle)
			c.queue = queue{}
			c.mu.Unlock()
			return
		}
		j := c.queue.jobs[n-1]
		c.queue.jobs = c.queue.jobs[:n-1]
		c.mu.Unlock()
		j.compile()
	}
}
