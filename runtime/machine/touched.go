package machine

import (
	"context"
	"image"

	"gvpie/runtime/isa"
)

// Which texels a command of a frame writes, for who asks of them one by one.

// stencil is where commands write: a canvas on which each is drawn alone.
type stencil struct{ canvas }

// cut draws a command as far as it is in r, and gives the texels that it may write: the
// writer page has who writes each, 0 where it is left. Behind an EACH the core must not
// have gone on. The error is that of a context that ended.
func (s *stencil) cut(ctx context.Context, m *Machine, c *isa.Command, r rect) (rect, error) {
	h, of := m.header, reachOf(c, m.header)
	if of.op == isa.EACH {
		of.rect = rect{of.a, of.b, of.a + of.c, of.b + of.d}.intersect(clipRect(c))
	}
	if r = r.intersect(of.rect); r.empty() || of.op == isa.LOG {
		return rect{}, nil
	}
	if s.w != h.W || s.h != h.H || s.cover.pixel != h.Pixel {
		s.resize(h.W, h.H, h.Pixel, make([]uint32, h.W*h.H), make([]uint32, h.W*h.H))
	}
	for y := r.y0; y < r.y1; y++ {
		clear(s.writer[y*s.w+r.x0 : y*s.w+r.x1])
	}
	if of.op == isa.EACH {
		return r, s.block(ctx, m, c, r)
	}
	p := painter{ctx: ctx, canvas: &s.canvas, began: m.began, cell: !h.Pixel, pc: c[isa.CmdPC]}
	p.x0, p.y0, p.x1, p.y1 = r.x0, r.y0, r.x1, r.y1
	var words []uint32
	switch of.op {
	case isa.TXT:
		words = m.Text(c)
	case isa.SPR:
		words = m.spriteTexels()[c[isa.CmdF]:]
	}
	_, err := p.draw(c, words)
	return r, err
}

// block is cut for an EACH.
func (s *stencil) block(ctx context.Context, m *Machine, c *isa.Command, r rect) error {
	w := m.takeWave(m.block(c), m.payload[c[isa.CmdText]:][:c[isa.CmdLen]], c)
	defer m.putWave(w)
	for y := r.y0; y < r.y1; y++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		w.log.begin(true)
		for x := r.x0; x < r.x1; x += waveWidth {
			n := min(waveWidth, r.x1-x)
			w.start(x, y)
			w.run(n)
			copy(s.writer[y*s.w+x:], w.put[:n])
		}
	}
	return nil
}

// CanvasProbe is what a debugger asks of a machine's canvas in the middle of a frame.
type CanvasProbe struct{ m *Machine }

// NewCanvasProbe gives that of a machine.
func NewCanvasProbe(m *Machine) CanvasProbe { return CanvasProbe{m} }

// Wrote says whether a command of the frame that was begun, the last that was made,
// writes a texel in r. The error is that of a context that ended.
func (p CanvasProbe) Wrote(ctx context.Context, c *isa.Command, r image.Rectangle) (bool, error) {
	m := p.m
	var err error
	if m.began, err = m.displayBefore(ctx); err != nil {
		return false, err
	}
	at, err := m.stencil.cut(ctx, m, c, rect{r.Min.X, r.Min.Y, r.Max.X, r.Max.Y})
	for y := at.y0; y < at.y1 && err == nil; y++ {
		for _, pc := range m.stencil.writer[y*m.header.W:][at.x0:at.x1] {
			if pc != 0 {
				return true, nil
			}
		}
	}
	return false, err
}

// Seen is a texel of the display page as PEEK would read it.
func (p CanvasProbe) Seen(x, y int32) int32 { return int32(peekIn(p.m.header, p.m.display, x, y)) }

// Touched is a texel that a command of a frame comes to.
type Touched struct {
	X, Y   int
	PC     uint32 // what the writer page then has; 0: the texel is left as it was
	Cycles uint32 // of an EACH: instructions that its block took for the texel

	wave *wave // of an EACH
	at   int
}

// Lane is a lane word at the end of the block of an EACH.
func (t *Touched) Lane(k int) uint32 {
	if k >= t.wave.b.lanes { // the block does not look at it
		if k-2 < len(t.wave.captures) {
			return t.wave.captures[k-2]
		}
		return 0
	}
	return t.wave.at(uint32(k))[t.at]
}

// Visit goes through the texels that a command writes, row by row, and those that the
// block of an EACH is run for, also where it writes none. Behind an EACH the core must
// not have gone on. The error is that of a context that ended.
func (t *Tracer) Visit(ctx context.Context, c *isa.Command, visit func(*Touched)) error {
	m, at := t.m, Touched{}
	m.began = t.began
	if c.Op() == isa.EACH {
		return t.visitBlock(ctx, c, visit)
	}
	r, err := t.whole.cut(ctx, m, c, rect{0, 0, m.header.W, m.header.H})
	for at.Y = r.y0; at.Y < r.y1 && err == nil; at.Y++ {
		for x, pc := range t.whole.writer[at.Y*m.header.W:][r.x0:r.x1] {
			if pc != 0 {
				at.X, at.PC = r.x0+x, pc
				visit(&at)
			}
		}
	}
	return err
}

// visitBlock is Visit for an EACH.
func (t *Tracer) visitBlock(ctx context.Context, c *isa.Command, visit func(*Touched)) error {
	r := reachOf(c, t.m.header)
	r.rect = rect{r.a, r.b, r.a + r.c, r.b + r.d}.intersect(clipRect(c))
	w := t.m.takeWave(t.m.block(c), t.Captures(c), c)
	var cycles vector
	w.trace = &BlockTrace{cycles: &cycles}
	defer func() {
		w.trace = nil
		t.m.putWave(w)
	}()
	at := Touched{wave: w}
	for at.Y = r.y0; at.Y < r.y1; at.Y++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		w.log.begin(true)
		for x := r.x0; x < r.x1; x += waveWidth {
			clear(cycles[:])
			w.start(x, at.Y)
			n := min(waveWidth, r.x1-x)
			w.run(n)
			for at.at = range n {
				at.X, at.PC, at.Cycles = x+at.at, w.put[at.at], cycles[at.at]
				visit(&at)
			}
		}
	}
	return nil
}
