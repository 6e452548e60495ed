package machine

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"gvpie/runtime/isa"
)

// block is the code of an EACH, decoded in whole so that many goroutines can run
// it at once.
type block struct {
	code
	end   uint32
	lines sync.Map // text of LOGs without value references, by address

	each     int           // address of the first EACH that it was run for
	compiled CompiledBlock // of that one; nil: it is interpreted
	gaveUp   uint64        // the version of the frame in which compiled code gave up
	texel    time.Duration // what compiled code takes for perTexels
}

// begin makes it another block, in the memory it has.
func (b *block) begin(end uint32, each int) {
	b.end, b.each = end, each
	b.lines.Clear()
	b.compiled, b.gaveUp, b.texel = nil, 0, 0
}

// perTexels is how many texels the time of one is told by.
const perTexels = 1024

// line is the text of a LOG without value references.
func (b *block) line(pc uint32, tail []uint32) string {
	if s, ok := b.lines.Load(pc); ok {
		return s.(string)
	}
	s := LogText(tail)
	b.lines.Store(pc, s)
	return s
}

func (m *Machine) block(c *isa.Command) *block {
	start, end := c[isa.CmdE], c[isa.CmdF]
	key := uint64(start)<<32 | uint64(end)
	if b, ok := m.blocks[key]; ok {
		return b
	}
	b := &block{}
	if n := len(m.spare.blocks); n > 0 {
		b, m.spare.blocks = m.spare.blocks[n-1], m.spare.blocks[:n-1]
	}
	b.begin(end, c.PC())
	b.reset(m.program, int(start), int(end), isa.MaxLanes, true)
	b.lanes = 2
	for at := start; at < end; at++ {
		b.decode(int(at))
	}
	if m.compiler != nil {
		b.compiled = m.compiler.Block(m.program, c[isa.CmdPC])
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
	e := &m.running
	e.m, e.b, e.c, e.at = m, m.block(c), c, at
	e.captures = m.payload[c[isa.CmdText] : c[isa.CmdText]+c[isa.CmdLen]]
	e.x0, e.x1, e.y1 = x0, x1, y1
	e.next.Store(int64(y0))
	e.ended.Store(false)
	e.gaveUp.Store(false)
	e.first = nil
	e.run(ctx, y1-y0)
	if e.ended.Load() {
		return nil, ctx.Err()
	}
	return e.first, nil
}

// eachRun is an EACH command while its rows are run.
type eachRun struct {
	m          *Machine
	b          *block
	c          *isa.Command
	at         int // its place among the frame's commands
	captures   []uint32
	x0, x1, y1 int

	next   atomic.Int64 // the row that is handed out next
	ended  atomic.Bool  // the context ended
	gaveUp atomic.Bool  // compiled code bailed out too often
	mu     sync.Mutex
	first  *Fault // of the rows done: the one furthest up, then left
}

// run runs the rows, on as many processors as are worth it.
func (e *eachRun) run(ctx context.Context, rows int) {
	b, texels := e.b, (e.x1-e.x0)*rows
	offered := b.compiled != nil && e.m.canvas.work == nil && b.each == e.c.PC() && b.gaveUp != e.m.inputs.FrameVersion
	w := eachWorker{eachRun: e}
	if offered {
		w.rows = b.compiled.Rows(e.captures, &e.m.inputs, texels)
	}
	compiled := w.rows != nil
	most := e.m.workers
	if most == 0 {
		most = runtime.GOMAXPROCS(0)
	}
	workers := min(most, rows)
	switch {
	case texels < 1024:
		workers = 1 // a goroutine costs more than it gains
	case compiled && e.m.workers == 0:
		workers = max(1, min(workers, int(b.texel*time.Duration(texels)/perTexels/compiledShare)))
	}
	timed := offered && (!compiled || texels >= perTexels)
	var from time.Time
	if timed {
		from = time.Now()
	}
	var wg sync.WaitGroup
	for range workers - 1 {
		wg.Go(func() {
			w := eachWorker{eachRun: e}
			if compiled {
				w.rows = b.compiled.Rows(e.captures, &e.m.inputs, texels)
			}
			w.work(ctx)
		})
	}
	w.work(ctx)
	wg.Wait()
	switch took := time.Duration(0); {
	case e.gaveUp.Load():
		b.gaveUp = e.m.inputs.FrameVersion
	case timed:
		took = time.Since(from) * time.Duration(workers)
		if compiled {
			b.texel = took * perTexels / time.Duration(texels)
		} else if !b.compiled.Interpreted(took) {
			b.compiled = nil
		}
	}
	if compiled {
		e.m.ranCompiled.Store(true)
	}
}

// eachWorker is one goroutine that runs rows of a command.
type eachWorker struct {
	*eachRun
	rows Rows  // nil: all is interpreted
	wave *wave // nil: nothing was interpreted yet

	done          int // texels that compiled code ran
	bails, bailed int // how often it bailed out, and texels interpreted for it
}

// work runs rows until none is left.
func (w *eachWorker) work(ctx context.Context) {
	together := 1
	if w.rows != nil {
		together = w.rows.Together()
	}
	for {
		y0 := int(w.next.Add(int64(together))) - together
		if y0 >= w.y1 || w.ended.Load() {
			break
		}
		w.several(ctx, y0, min(y0+together, w.y1))
	}
	if w.rows != nil {
		w.rows.Close()
	}
	if w.wave != nil {
		w.m.putWave(w.wave)
	}
}

// several runs rows [y0, y1).
func (w *eachWorker) several(ctx context.Context, y0, y1 int) {
	for y := y0; y < y1 && !w.ended.Load(); y++ {
		if ctx.Err() != nil {
			w.ended.Store(true)
			return
		}
		compiled := w.rows != nil && !w.gaveUp.Load()
		if compiled && y1-y > 1 {
			y = w.compiledRows(y, y1)
		}
		switch {
		case y == y1:
		case compiled:
			w.compiledRow(ctx, y)
		default:
			w.begin(y)
			w.wave.row(w.x0, w.x1, y)
			w.end(y)
		}
	}
}

// compiledRows runs rows by compiled code alone, and gives the one before which that
// stopped.
func (w *eachWorker) compiledRows(y0, y1 int) (end int) {
	end, colors, pc := w.rows.Several(w.x0, w.x1, y0, y1)
	wide, m := w.m.header.W, w.m
	w.done += (end - y0) * (w.x1 - w.x0)
	if whole := w.x1-w.x0 == wide; whole && m.rowWriters.kept {
		w.paintRows(colors, y0, end, pc)
		return end
	}
	for y := y0; y < end; y++ {
		m.rowWriters.several(y)
		m.canvas.copy(markBits|paperBits, colors[(y-y0)*wide:][w.x0:w.x1], w.x0, y, pc)
	}
	return end
}

// compiledRow runs a row, with the interpreter where compiled code bails out. Where
// the context ends within it, the rest is left out.
func (w *eachWorker) compiledRow(ctx context.Context, y int) {
	interpreted := false
	stretch := w.rows.Stretch()
	for x := w.x0; x < w.x1; {
		to := min(x+stretch, w.x1)
		if end := w.rows.Row(x, to, y); end > x {
			colors, puts, always := w.rows.Texels()
			switch {
			case always != 0 && w.m.rowWriters.kept && end-x == w.m.header.W:
				w.paintRows(colors, y, y+1, always)
			case always != 0:
				w.m.rowWriters.several(y)
				w.m.canvas.copy(markBits|paperBits, colors[x:end], x, y, always)
			default:
				w.m.rowWriters.several(y)
				w.m.keep(x, end, y)
				w.m.paint(colors[x:end], puts[x:end], x, y)
			}
			w.done += end - x
			x = end
		}
		if x == to {
			if x < w.x1 && ctx.Err() != nil {
				w.ended.Store(true)
				break
			}
			continue
		}
		if !interpreted {
			interpreted = true
			w.begin(y)
		}
		w.bails++
		to = min(x+waveWidth, w.x1)
		if w.bailed += to - x; w.bails > mostBails && w.bailed*bailShare > w.done {
			w.gaveUp.Store(true)
			to = w.x1
		}
		w.wave.row(x, to, y)
		x = to
	}
	if interpreted {
		w.end(y)
	}
}

// paintRows paints whole rows [y0, y1) of a canvas whose rowWriters are kept, which is one
// of pixels, painted in order.
func (w *eachWorker) paintRows(colors []uint32, y0, y1 int, pc uint32) {
	wide := w.m.header.W
	copy(w.m.display[y0*wide:y1*wide], colors)
	for y := y0; y < y1; y++ {
		if !w.m.rowWriters.sole(y, pc) {
			fill(w.m.writer[y*wide:(y+1)*wide], pc)
		}
	}
}

// begin begins the interpreter's part of a row.
func (w *eachWorker) begin(y int) {
	w.m.rowWriters.several(y)
	if w.wave == nil {
		w.wave = w.m.takeWave(w.b, w.captures, w.c)
	}
	w.wave.first = nil
	w.wave.log.begin(w.m.told.full(rowAt(w.at, y)))
}

// end takes in what the interpreter's part of a row came to.
func (w *eachWorker) end(y int) {
	if log := &w.wave.log; log.total > 0 {
		w.m.told.add(rowAt(w.at, y), slices.Clone(log.row), log.total)
	}
	if f := w.wave.first; f != nil {
		w.mu.Lock()
		if w.first == nil || f.Y < w.first.Y {
			w.first = f
		}
		w.mu.Unlock()
	}
}
