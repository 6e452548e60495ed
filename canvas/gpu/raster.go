package gpu

import (
	"time"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/shaders"
	"gvpie/shaders/each"
)

// A stage is light when one dispatch can do it. A heavy one is done in pieces, a
// raster in rows of tiles of each batch of its commands, an EACH in rows of texels, and
// only so many pieces are submitted at once that the host hears of the device many times
// a second: nobody takes a long frame for a hung device, and a context that ends is
// obeyed soon. Light stages, those that follow one another, are submitted together.

// mostWork bounds what a piece of a raster may be: texels times commands listed for
// them. A slow device does some hundred million of them a second.
const mostWork = 1 << 25

// submission is how long the pieces that are submitted together should take.
const submission = 40 * time.Millisecond

// mostBinning is how many words of bins are uploaded together.
const mostBinning = 1 << 22

// piece is a dispatch: rows of tiles [top, top + rows) for a batch of commands, or of
// texels for an EACH.
type piece struct {
	top, rows      int
	newest, oldest bool
	first, bins    int // the first of the commands that bins counts, and where it is

	each     *stage // nil: raster
	pipeline *blockPipeline
	fault    int
}

// pieces are those of the batch that bins holds.
func pieces(bins *machine.Bins, newest, oldest bool) []piece {
	const most = mostWork / (machine.TileSize * machine.TileSize)
	var list []piece
	for top, end := 0, 0; top < bins.Down; top = end {
		for end = top + 1; end < bins.Down && bins.Listed(top, end+1) <= most; end++ {
		}
		list = append(list, piece{top: top, rows: end - top, newest: newest, oldest: oldest})
	}
	return list
}

// raster draws commands [from, to) of the frame.
func (d *drawing) raster(from, to int, newest, oldest bool) error {
	m := d.m
	bins := &m.bins
	bins.Begin(m.header, m.core.Commands()[from:to])
	for first := true; ; first = false {
		more, err := bins.Next(d.ctx)
		if err != nil {
			return err
		}
		if !more && (!first || !oldest) {
			return nil
		}
		if !more { // nothing is drawn, but what is open must be closed
			bins.Words = make([]uint32, bins.Across*bins.Down+1)
		}
		list := pieces(bins, newest && first, oldest && !bins.More())
		for i := range list {
			list[i].first, list[i].bins = from, len(m.binning)
		}
		m.binning = append(m.binning, bins.Words...)
		d.waiting = append(d.waiting, list...)
		heavy := len(list) > 1 || bins.More()
		if !heavy && len(d.waiting) < pieceJobs && len(m.binning) < mostBinning {
			return nil
		}
		if heavy {
			if err := d.prepareHeavy(); err != nil {
				return err
			}
		}
		if err := d.flush(heavy); err != nil || !bins.More() {
			return err
		}
	}
}

// prepareHeavy prepares for a frame that may be abandoned in its middle.
func (d *drawing) prepareHeavy() error {
	if err := d.m.ensureHandover(); err != nil {
		return err
	}
	return d.otherWriter()
}

// each draws an EACH.
func (d *drawing) each(s *stage, fault int) error {
	p, err := s.block.pipeline(d.m.d, d.alone)
	if err != nil {
		return err
	}
	whole := piece{top: s.area.y0, rows: s.area.y1 - s.area.y0, each: s, pipeline: p, fault: fault}
	if s.area.texels() <= p.pace {
		d.waiting = append(d.waiting, whole)
		if len(d.waiting) < pieceJobs {
			return nil
		}
		return d.flush(false)
	}
	if err := d.flush(false); err != nil {
		return err
	}
	if err := d.otherWriter(); err != nil {
		return err
	}
	across := s.area.x1 - s.area.x0
	for y := s.area.y0; y < s.area.y1; {
		part := whole
		part.top, part.rows = y, max(1, min(p.pace/across, s.area.y1-y))
		began := time.Now()
		err := d.submit([]piece{part})
		if err == nil {
			err = d.m.d.wait(d.ctx)
		}
		if err != nil {
			return err
		}
		p.paced(across*part.rows, time.Since(began))
		y += part.rows
	}
	return nil
}

// flush submits what waits. What is heavy is also waited for.
func (d *drawing) flush(heavy bool) error {
	m := d.m
	if err := m.ensureScratch(&m.binned, "bins", 4*uint64(max(1, len(m.binning)))); err != nil {
		return err
	}
	if len(m.binning) > 0 {
		if err := m.d.write(m.binned, 0, m.binning); err != nil {
			return err
		}
	}
	m.binning = m.binning[:0]
	list := d.waiting
	d.waiting = d.waiting[:0]
	for n := 1; len(list) > 0; {
		if !heavy {
			n = pieceJobs
		}
		n = min(n, len(list), pieceJobs)
		began := time.Now()
		err := d.submit(list[:n])
		if err == nil && heavy {
			err = m.d.wait(d.ctx)
		}
		if err != nil {
			return err
		}
		list = list[n:]
		switch took := time.Since(began); {
		case took < submission/2:
			n *= 2
		case took > submission:
			n = max(1, n/2)
		}
	}
	return nil
}

// submit submits pieces, in order.
func (d *drawing) submit(list []piece) error {
	m := d.m
	jobs := make([]uint32, len(list)*jobStride/4)
	rasters, eaches := false, false
	for i := range list {
		p := &list[i]
		rasters, eaches = rasters || p.each == nil, eaches || p.each != nil
		copy(jobs[i*jobStride/4:], shaders.UniformWords(d.jobOf(p)))
	}
	if err := m.d.write(m.jobs, 0, jobs); err != nil {
		return err
	}
	var raster, block *wgpu.BindGroup
	var err error
	if rasters {
		if raster, err = m.group(&m.rasterGroups, m.d.ofRaster, d.writer); err != nil {
			return err
		}
	}
	if eaches {
		if block, err = m.group(&m.blockGroups, m.d.blockLayout, d.writer); err != nil {
			return err
		}
	}
	return m.d.submit(func(e *wgpu.CommandEncoder) error {
		pass := e.BeginComputePass(nil)
		defer pass.Release()
		for i := range list {
			job := []uint32{uint32(i) * jobStride}
			if p := &list[i]; p.each == nil {
				pass.SetPipeline(m.d.pipelines.raster)
				pass.SetBindGroup(0, raster, job)
				pass.DispatchWorkgroups(uint32(m.bins.Across), uint32(p.rows), 1)
			} else {
				pass.SetPipeline(p.pipeline.ComputePipeline)
				pass.SetBindGroup(0, block, job)
				pass.DispatchWorkgroups(uint32(p.each.area.x1-p.each.area.x0+63)/64, uint32(p.rows), 1)
			}
		}
		return pass.End()
	})
}

// jobOf is what a dispatch is told.
func (d *drawing) jobOf(p *piece) any {
	m, s := d.m, p.each
	if s == nil {
		return shaders.Job{
			Width: uint32(m.header.W), Height: uint32(m.header.H), Pixel: bit(m.header.Pixel),
			Top: uint32(p.top), Newest: bit(p.newest), Oldest: bit(p.oldest),
			First: uint32(p.first), Bins: uint32(p.bins), Payload: uint32(isa.CommandWords * len(m.core.Commands())),
		}
	}
	c := &m.core.Commands()[s.each]
	job := shaders.EachJob{
		Left: uint32(s.area.x0), Top: uint32(p.top), Right: uint32(s.area.x1), Bottom: uint32(p.top + p.rows),
		Payload: uint32(m.blocks.payload) + c[isa.CmdText], Data: uint32(m.blocks.dataOf(s.each)), Fault: uint32(p.fault),
	}
	captures := m.core.Payload()[c[isa.CmdText]:][:c[isa.CmdLen]]
	for i, v := range captures[:min(len(captures), each.UniformCaptures)] {
		job.Captures[i/4][i%4] = int32(v)
	}
	return job
}
