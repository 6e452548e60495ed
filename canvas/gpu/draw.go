package gpu

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// A frame's commands are drawn in stages, the newest first: a raster of those that
// follow one another, an EACH, and so on. A texel is given what newer stages have left
// open of it, so who writes it last is as if the oldest had gone first; only what an
// EACH reads must be as it was when the frame began, or the EACH was reached.

// stage is some of a frame's commands.
type stage struct {
	from, to int // raster: commands [from, to)
	each     int // the place of an EACH; -1: raster
	block    *block
	area     area // where the EACH runs
}

// area is texels from (x0, y0) to before (x1, y1).
type area struct{ x0, y0, x1, y1 int }

func (a area) texels() int { return max(0, a.x1-a.x0) * max(0, a.y1-a.y0) }

// stagesOf are those of a frame's commands, the newest first.
func stagesOf(h isa.Header, b *blocks, commands []isa.Command) (list []stage) {
	draws := false
	to := len(commands)
	raster := func(from int) {
		if draws {
			list = append(list, stage{from: from, to: to, each: -1})
		}
		draws, to = false, from-1
	}
	for i := len(commands) - 1; i >= 0; i-- {
		c := &commands[i]
		switch c.Op() {
		case isa.LOG:
		case isa.EACH:
			raster(i + 1)
			if a := areaOf(c); a.texels() > 0 {
				list = append(list, stage{each: i, block: b.byEach[c[isa.CmdPC]], area: a})
			}
		default:
			draws = true
		}
	}
	raster(0)
	// What no texel is left open for need not be drawn, if it cannot fail.
	for i, s := range list {
		if s.each >= 0 && s.block.kernel.Always != 0 && h.Pixel && s.area == whole(h) &&
			!slices.ContainsFunc(list[i+1:], func(s stage) bool { return s.each >= 0 && s.block.canFail }) {
			return list[:i+1]
		}
	}
	return list
}

// whole is the whole canvas.
func whole(h isa.Header) area { return area{0, 0, h.W, h.H} }

// areaOf is where an EACH runs.
func areaOf(c *isa.Command) area {
	x, y := int(int32(c[isa.CmdA])), int(int32(c[isa.CmdB]))
	w, h := int(int32(c[isa.CmdC])), int(int32(c[isa.CmdD]))
	low, high := c[isa.CmdClipMin], c[isa.CmdClipMax]
	return area{
		max(x, int(low&0xFFFF)), max(y, int(low>>16)),
		min(x+w, int(high&0xFFFF)), min(y+h, int(high>>16)),
	}
}

// tooMuch says that a frame is better left to the reference at once.
func tooMuch(b *blocks, list []stage, core *machine.Core) bool {
	return slices.ContainsFunc(list, func(s stage) bool {
		if s.each < 0 {
			return false
		}
		c := &core.Commands()[s.each]
		return s.block.strikes >= mostStrikes || len(b.memory) > mostMemory ||
			!s.block.kernel.Matches(core.Payload()[c[isa.CmdText]:][:c[isa.CmdLen]])
	})
}

// paint draws the frame's commands. A frame without any leaves the display as it is, but
// is told of a device that is lost.
func (m *Machine) paint(ctx context.Context) (*machine.Fault, error) {
	list := stagesOf(m.header, &m.blocks, m.core.Commands())
	again := tooMuch(&m.blocks, list, m.core)
	if !again {
		err := m.d.do(ctx, func() (err error) {
			if m.impatient && m.d.cold(list, m.header) {
				return engine.ErrCold
			}
			if err = m.clearFresh(); err != nil || len(list) == 0 {
				return err
			}
			if again, err = newDrawing(ctx, m, list).draw(); err == nil {
				m.d.ran(list, m.header)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if !again {
		return nil, nil
	}
	fault, err := m.frameAgain(ctx)
	if fault == nil && err == nil {
		for _, s := range list {
			if s.each >= 0 && s.block.canFail {
				s.block.strikes++
			}
		}
	}
	return fault, err
}

// drawing is a frame that is being drawn, to the other display.
type drawing struct {
	m       *Machine
	ctx     context.Context
	list    []stage // at least one
	eaches  int     // so many of them
	canFail bool    // one of those
	alone   bool    // an EACH makes the whole picture
	writer  int     // the writer page that it is drawn to
	waiting []piece // to be submitted
}

func newDrawing(ctx context.Context, m *Machine, list []stage) *drawing {
	d := &drawing{m: m, ctx: ctx, list: list, writer: m.written}
	for _, s := range list {
		if s.each >= 0 {
			d.eaches++
			d.canFail = d.canFail || s.block.canFail
		}
	}
	d.alone = alone(list, m.header)
	return d
}

// draw draws the frame, and says whether the reference must run it again. What it has
// done counts for nothing then, nor does it when the context ends: whatever may come
// to that is drawn to the other writer page too.
func (d *drawing) draw() (again bool, err error) {
	began, m := time.Now(), d.m
	commands := m.core.Commands()
	if err := m.upload(commands, m.core.Payload()); err != nil {
		return false, err
	}
	if d.eaches > 0 {
		if err := d.uploadMemory(); err != nil {
			return false, err
		}
	}
	if d.canFail || d.eaches > 0 && !d.alone {
		if err := d.otherWriter(); err != nil {
			return false, err
		}
	}
	m.binning = m.binning[:0]
	switch {
	case d.alone:
		err = d.each(&d.list[0], 0)
	case d.eaches == 0:
		err = d.raster(0, len(commands), true, true)
	default:
		err = d.several()
	}
	if err == nil {
		err = d.flush(false)
	}
	if err != nil {
		return false, err
	}
	if d.canFail {
		if again, err = d.anyFault(); again || err != nil {
			return again, err
		}
	} else {
		m.d.gpu.Poll(true, nil)
	}
	slowDown(d.list, time.Since(began))
	m.current, m.written = 1-m.current, d.writer
	m.known, m.human.stale = false, true
	return false, nil
}

// slowDown takes the EACHs of a frame that took too long for slower than they were.
func slowDown(list []stage, took time.Duration) {
	if took < 6*submission {
		return
	}
	for _, s := range list {
		if s.each < 0 {
			continue
		}
		for _, p := range s.block.pipelines {
			if p != nil {
				p.pace = min(p.pace, max(firstPace, s.area.texels()*int(submission)/int(took)))
			}
		}
	}
}

// several draws stages that hand over to one another.
func (d *drawing) several() error {
	m := d.m
	if err := m.ensureHandover(); err != nil {
		return err
	}
	err := m.d.submit(func(e *wgpu.CommandEncoder) error {
		return e.ClearBuffer(m.handover, 0, 4*uint64(m.header.W*m.header.H))
	})
	if err != nil {
		return err
	}
	fault, last := 0, len(d.list)-1
	for i := range d.list {
		s := &d.list[i]
		if s.each >= 0 {
			err = d.each(s, fault)
			fault++
		} else {
			err = d.raster(s.from, s.to, false, i == last)
		}
		if err != nil {
			return err
		}
	}
	if d.list[last].each >= 0 {
		return d.raster(0, 0, false, true) // what is still open stays as it was
	}
	return nil
}

// otherWriter has the frame drawn to the other writer page, from now on.
func (d *drawing) otherWriter() error {
	m := d.m
	if d.writer != m.written {
		return nil
	}
	other := &m.writers[1-m.written]
	if err := m.ensureScratch(other, "other writer page", m.writer().GetSize()); err != nil {
		return err
	}
	d.writer = 1 - m.written
	if d.alone && d.list[0].block.kernel.Always != 0 {
		return nil // every texel of it will be written
	}
	return m.d.submit(func(e *wgpu.CommandEncoder) error {
		return e.CopyBufferToBuffer(m.writer(), 0, *other, 0, 4*uint64(m.header.W*m.header.H))
	})
}

// uploadMemory gives the device what the blocks read, and clears the places of their
// faults.
func (d *drawing) uploadMemory() error {
	m := d.m
	if err := m.ensureScratch(&m.faults, "faults", 4*uint64(d.eaches)); err != nil {
		return err
	}
	if err := m.d.write(m.faults, 0, slices.Repeat([]uint32{math.MaxUint32}, d.eaches)); err != nil {
		return err
	}
	if !slices.ContainsFunc(d.list, func(s stage) bool { return s.each >= 0 && s.block.readsMemory() }) {
		return nil
	}
	b := &m.blocks
	b.keep(m.core.Page(machine.DataPage), m.core.Commands())
	copy(b.memory, m.core.Page(machine.StatePage))
	b.payload = len(b.memory)
	b.memory = append(b.memory, m.core.Payload()...)
	if err := m.ensureScratch(&m.memoryBuffer, "memory", 4*uint64(len(b.memory))); err != nil {
		return err
	}
	return m.d.write(m.memoryBuffer, 0, b.memory)
}

// anyFault waits for what was submitted, and says whether a texel may have failed.
func (d *drawing) anyFault() (bool, error) {
	words, err := d.m.d.readWords(nil, d.m.faults, d.eaches)
	return slices.ContainsFunc(words, func(texel uint32) bool { return texel != math.MaxUint32 }), err
}
