package machine

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"gvpie/runtime/isa"
)

// block is the code of an EACH, decoded in whole so that many goroutines can run
// it at once.
type block struct {
	code
	end   uint32
	lines sync.Map // text of LOGs without value references, by address
}

// line is the text of a LOG without value references.
func (b *block) line(pc uint32, tail []uint32) string {
	if s, ok := b.lines.Load(pc); ok {
		return s.(string)
	}
	s := LogText(tail)
	b.lines.Store(pc, s)
	return s
}

func (m *Machine) block(start, end uint32) *block {
	key := uint64(start)<<32 | uint64(end)
	if b, ok := m.blocks[key]; ok {
		return b
	}
	b := &block{end: end}
	b.reset(m.program, int(start), int(end), isa.MaxLanes, true)
	b.lanes = 2
	for at := start; at < end; at++ {
		b.decode(int(at))
	}
	m.blocks[key] = b
	return b
}

// each runs an EACH command, whose clip the canvas has: its block once for every
// texel of its rectangle that is inside,
// rows spread over the processors. A texel writes itself alone and reads the
// display as the frame began, so the result does not depend on who runs it. The
// fault is that of its first failing texel, row by row; the error is the context's.
// at is the command's place among the frame's.
func (m *Machine) each(ctx context.Context, c *isa.Command, at int) (*Fault, error) {
	x0, y0 := int(int32(c[isa.CmdA])), int(int32(c[isa.CmdB]))
	x1 := min(x0+int(int32(c[isa.CmdC])), m.canvas.x1)
	y1 := min(y0+int(int32(c[isa.CmdD])), m.canvas.y1)
	x0, y0 = max(x0, m.canvas.x0), max(y0, m.canvas.y0)
	if x0 >= x1 || y0 >= y1 {
		return nil, ctx.Err()
	}
	b := m.block(c[isa.CmdE], c[isa.CmdF])
	captures := m.payload[c[isa.CmdText] : c[isa.CmdText]+c[isa.CmdLen]]

	var (
		next  atomic.Int64 // rows handed out
		ended atomic.Bool  // the context ended
		mu    sync.Mutex
		first *Fault // of the rows done: the one furthest up, then left
	)
	work := func() {
		w := newWave(m, b, captures, c)
		for {
			y := y0 + int(next.Add(1)) - 1
			if y >= y1 || ended.Load() {
				return
			}
			if ctx.Err() != nil {
				ended.Store(true)
				return
			}
			w.log.begin(m.told.full(rowAt(at, y)))
			f := w.row(x0, x1, y)
			if w.log.total > 0 {
				m.told.add(rowAt(at, y), slices.Clone(w.log.row), w.log.total)
			}
			if f != nil {
				mu.Lock()
				if first == nil || f.Y < first.Y {
					first = f
				}
				mu.Unlock()
			}
		}
	}
	workers := m.workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, y1-y0)
	if (x1-x0)*(y1-y0) < 1024 {
		workers = 1 // a goroutine costs more than it gains
	}
	var wg sync.WaitGroup
	for range workers - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	if ended.Load() {
		return nil, ctx.Err()
	}
	return first, nil
}
