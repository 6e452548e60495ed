package machine

import (
	"context"
	"math/bits"

	"gvpie/runtime/isa"
)

// What a frame's painting needs of a Machine: see Core for the rest of a frame.

// rollback is the display and writer pages as the frame began: what it needs to be
// undone, and what PEEK, BLIT and blocks look at.
type rollback struct {
	display, writer []uint32
	stale           bool // they are those of the frame before where that painted: see catchUp and turn
	painted         bool // by this frame, where the pages are dirty
	turned          bool // the command that is painted is to write every texel, and the pages hold anything
}

// rowWriters has, for each row of the writer page and of that of the rollback, the address
// that all of its texels have; 0: they may have several. So a row that one PUT paints in
// frame after frame is not filled with its address each time. Only frames of nothing but
// blocks keep it, for others write wherever they like.
type rowWriters struct {
	now, began []uint32
	kept       bool // the commands that are painted keep it; else all are 0
	any        bool // not all are 0
}

func (r *rowWriters) resize(rows int) {
	r.now, r.began = resize(r.now, rows), resize(r.began, rows)
	r.any = true
	r.forget()
}

// forget is for whoever writes to the pages otherwise.
func (r *rowWriters) forget() {
	if r.kept = false; r.any {
		clear(r.now)
		clear(r.began)
		r.any = false
	}
}

// keep begins the painting of commands after the pages have changed places, if they are
// nothing but blocks.
func (r *rowWriters) keep(commands []isa.Command) {
	for i := range commands {
		if op := commands[i].Op(); op != isa.EACH && op != isa.LOG {
			return
		}
	}
	r.now, r.began = r.began, r.now
	r.kept, r.any = true, true
}

// sole says that all texels of row y get this writer, and whether they have it already.
func (r *rowWriters) sole(y int, pc uint32) (already bool) {
	already = r.now[y] == pc
	r.now[y] = pc
	return already
}

// several says that the texels of row y may get several writers.
func (r *rowWriters) several(y int) {
	if r.kept {
		r.now[y] = 0
	}
}

// preview is what Paint shows at a stop, seen from the frame that goes on: what it
// must bring back.
type preview struct {
	on              bool
	display, writer []uint32
	rastered        int
	pending         bool
	eachFault       *Fault
	told            told
}

// surface is the machine's painting, for its core.
func (m *Machine) surface() Surface {
	return Surface{Begin: m.beginPages, Began: m.displayBefore, Settle: m.raster, Paint: m.paintRest, Told: m.told.merge, Undo: m.undoPages}
}

func (m *Machine) beginPages(_, _ []uint32) {
	m.rollback.stale = m.rollback.stale || m.rollback.painted
	m.rollback.painted = false
	m.rastered, m.eachFault = 0, nil
	m.told.clear()
	m.inputs.FrameVersion = versions.Add(1)
}

// displayBefore is the display as the frame began.
func (m *Machine) displayBefore(context.Context) ([]uint32, error) {
	m.catchUp()
	return m.rollback.display, nil
}

// catchUp makes the pages of the rollback those of now, before the frame paints.
func (m *Machine) catchUp() {
	if m.rollback.stale {
		if work := m.canvas.work; work != nil {
			work.Kept += m.dirty.texels()
		}
		m.dirty.copy(m.rollback.display, m.display)
		m.dirty.copy(m.rollback.writer, m.writer)
		clear(m.dirty.rows)
		m.rollback.stale = false
	}
}

// turn is catchUp where the first that is painted writes every texel: nothing is
// copied, the pages change places. What they hold then is to be written over, and
// whoever leaves out a texel takes it from the rollback: see keep.
func (m *Machine) turn() {
	m.display, m.rollback.display = m.rollback.display, m.display
	m.writer, m.rollback.writer = m.rollback.writer, m.writer
	m.canvas.display, m.canvas.writer = m.display, m.writer
	m.dirty.markAll()
	m.rollback.stale, m.rollback.turned = false, true
}

// keep gives texels [x0, x1) of row y what they held, where they hold anything.
func (m *Machine) keep(x0, x1, y int) {
	if m.rollback.turned {
		from, to := y*m.header.W+x0, y*m.header.W+x1
		copy(m.display[from:to], m.rollback.display[from:to])
		copy(m.writer[from:to], m.rollback.writer[from:to])
	}
}

// paintsAll says that the first of commands that paints writes all of every texel, but
// for those that a block leaves out.
func (m *Machine) paintsAll(commands []isa.Command) bool {
	for i := range commands {
		c := &commands[i]
		r := reachOf(c, m.header)
		switch r.op {
		case isa.LOG:
			continue
		case isa.CLS:
		case isa.EACH:
			r.rect = rect{r.a, r.b, r.a + r.c, r.b + r.d}.intersect(clipRect(c))
			r.solid = m.header.Pixel
		default:
			r.solid = r.solid && m.header.Pixel && r.op != isa.BLIT
		}
		return r.solid && r.rect == rect{0, 0, m.header.W, m.header.H}
	}
	return false
}

// RunTo is the core's: see there. Where it stands, Paint gives the picture.
func (m *Machine) RunTo(ctx context.Context, cycle uint32) (stands bool, err error) {
	m.unpaint()
	return m.Core.RunTo(ctx, cycle)
}

// End runs the frame that was begun to its end: see Frame.
func (m *Machine) End(ctx context.Context) (Report, error) {
	m.unpaint()
	return m.Core.End(ctx)
}

// Paint brings the display and writer pages up to the commands that the frame has
// made so far. The only error is that of a context that ended; the pages are then
// as they were.
func (m *Machine) Paint(ctx context.Context) error {
	if m.stage == between {
		return nil // all is painted
	}
	if m.stage == inCore && !m.preview.on {
		// Blocks read arrays as they are when they are painted, and so those that
		// are painted here must be painted again.
		m.preview = preview{
			on:      true,
			display: append(m.preview.display[:0], m.display...), writer: append(m.preview.writer[:0], m.writer...),
			rastered: m.rastered, pending: m.pending, eachFault: m.eachFault, told: m.told.save(),
		}
	}
	err := m.raster(ctx)
	if err != nil {
		m.unpaint()
	}
	return err
}

// paintRest paints the frame's last commands, at its end.
func (m *Machine) paintRest(ctx context.Context) (*Fault, error) {
	err := m.raster(ctx)
	return m.eachFault, err
}

// unpaint takes back what Paint did at a stop.
func (m *Machine) unpaint() {
	if !m.preview.on {
		return
	}
	m.preview.on = false
	copy(m.display, m.preview.display)
	copy(m.writer, m.preview.writer)
	m.rastered, m.pending, m.eachFault = m.preview.rastered, m.preview.pending, m.preview.eachFault
	m.told.restore(m.preview.told)
}

// undoPages brings the pages back to where the frame began.
func (m *Machine) undoPages() {
	m.preview.on = false
	if m.rollback.painted {
		m.rowWriters.forget()
		m.dirty.copy(m.display, m.rollback.display)
		m.dirty.copy(m.writer, m.rollback.writer)
	}
	m.eachFault = nil
}

// dirty is the tiles of a canvas that were painted since they were last copied: so a
// frame that paints little costs little, however large the canvas.
type dirty struct {
	w, h int
	rows []uint32 // for each row of tiles a bit for each
}

// manyCommands are not worth being looked at one by one: they paint everywhere.
const manyCommands = 1 << 12

func (d *dirty) resize(w, h int) {
	d.w, d.h = w, h
	d.rows = resize(d.rows, (h+tileSide-1)/tileSide)
}

func (d *dirty) markAll() {
	for i := range d.rows {
		d.rows[i] = ^uint32(0)
	}
}

// mark marks the tiles that commands may paint.
func (d *dirty) mark(commands []isa.Command, h isa.Header) {
	if len(commands) > manyCommands {
		d.markAll()
		return
	}
	for i := range commands {
		c := &commands[i]
		r := reachOf(c, h)
		if r.op == isa.EACH {
			r.rect = rect{r.a, r.b, r.a + r.c, r.b + r.d}.intersect(clipRect(c))
		}
		if r.op == isa.LOG || r.empty() {
			continue
		}
		tiles := uint32(2<<((r.x1-1)>>tileShift)) - 1<<(r.x0>>tileShift)
		for ty := r.y0 >> tileShift; ty <= (r.y1-1)>>tileShift; ty++ {
			d.rows[ty] |= tiles
		}
	}
}

// texels is how many texels the tiles have that are marked.
func (d *dirty) texels() (n uint64) {
	for ty, tiles := range d.rows {
		high := min((ty+1)<<tileShift, d.h) - ty<<tileShift
		for tx := range (d.w + tileSide - 1) / tileSide {
			if tiles>>tx&1 == 1 {
				n += uint64(high * (min((tx+1)<<tileShift, d.w) - tx<<tileShift))
			}
		}
	}
	return n
}

// copy copies the tiles that are marked.
func (d *dirty) copy(to, from []uint32) {
	for ty, tiles := range d.rows {
		d.copyRow(to, from, ty, tiles)
	}
}

// copyRow copies those tiles of a row.
func (d *dirty) copyRow(to, from []uint32, ty int, tiles uint32) {
	for tiles &= uint32(lowest((d.w + tileSide - 1) / tileSide)); tiles != 0; {
		first := bits.TrailingZeros32(tiles)
		n := bits.TrailingZeros32(^(tiles >> first))
		tiles &= tiles + 1<<first
		x0, x1 := first<<tileShift, min((first+n)<<tileShift, d.w)
		for y := ty << tileShift; y < min((ty+1)<<tileShift, d.h); y++ {
			copy(to[y*d.w+x0:y*d.w+x1], from[y*d.w+x0:y*d.w+x1])
		}
	}
}
