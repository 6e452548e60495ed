package gpu

import (
	"context"
	"time"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/machine"
	"gvpie/shaders"
)

// A frame is light when one dispatch can raster it. A heavy one is rastered in
// pieces, rows of tiles of each batch of its commands, and only so many pieces are
// submitted at once that the host hears of the device many times a second: nobody
// takes a long frame for a hung device, and a context that ends is obeyed soon.

// mostWork bounds what a piece may be: texels times commands listed for them. A
// slow device does some hundred million of them a second.
const mostWork = 1 << 25

// submission is how long the pieces that are submitted together should take.
const submission = 40 * time.Millisecond

// pieces are rows of tiles [top, top + rows) for a batch of commands.
type piece struct {
	top, rows      int
	newest, oldest bool
}

// pieces are those of the batch that bins holds.
func pieces(bins *machine.Bins, newest, oldest bool) []piece {
	const most = mostWork / (machine.TileSize * machine.TileSize)
	var list []piece
	for top, end := 0, 0; top < bins.Down; top = end {
		for end = top + 1; end < bins.Down && bins.Listed(top, end+1) <= most; end++ {
		}
		list = append(list, piece{top, end - top, newest, oldest})
	}
	return list
}

// raster draws the frame's commands to the other display, and says whether there
// was anything to draw. When the context ends, the writer page, which a frame
// changes in place, is brought back.
func (m *Machine) raster(ctx context.Context) (drawn bool, err error) {
	bins := &m.bins
	bins.Begin(m.header, m.core.Commands())
	more, err := bins.Next(ctx)
	if err != nil || !more || bins.Listed(0, bins.Down) == 0 && !bins.More() {
		return false, err
	}
	list := pieces(bins, true, !bins.More())
	if err := m.writeBins(); err != nil {
		return false, err
	}
	if len(list) == 1 && !bins.More() {
		if err := m.submitPieces(list); err != nil {
			return false, err
		}
		m.d.gpu.Poll(true, nil)
		return true, nil
	}
	if err := m.ensureHeavy(); err != nil {
		return false, err
	}
	if err := m.copyWriter(m.writer, m.before); err != nil {
		return false, err
	}
	err = m.rasterHeavy(ctx, list)
	if err != nil {
		if undo := m.copyWriter(m.before, m.writer); undo != nil {
			return false, undo
		}
	}
	return true, err
}

// rasterHeavy rasters the first batch, in pieces, and those after it.
func (m *Machine) rasterHeavy(ctx context.Context, list []piece) error {
	for n := 1; ; {
		for len(list) > 0 {
			n = min(n, len(list), pieceJobs)
			began := time.Now()
			err := m.submitPieces(list[:n])
			if err == nil {
				err = m.d.wait(ctx)
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
		if more, err := m.bins.Next(ctx); err != nil || !more {
			return err
		}
		if err := m.writeBins(); err != nil {
			return err
		}
		list = pieces(&m.bins, false, !m.bins.More())
	}
}

// writeBins gives the device a batch of bins.
func (m *Machine) writeBins() error {
	if err := m.ensureScratch(&m.binned, "bins", 4*uint64(len(m.bins.Words))); err != nil {
		return err
	}
	return m.d.write(m.binned, 0, m.bins.Words)
}

func (m *Machine) copyWriter(from, to *wgpu.Buffer) error {
	return m.d.submit(func(e *wgpu.CommandEncoder) error {
		return e.CopyBufferToBuffer(from, 0, to, 0, 4*uint64(m.header.W*m.header.H))
	})
}

// submitPieces submits pieces of a batch, in order.
func (m *Machine) submitPieces(list []piece) error {
	jobs := make([]uint32, len(list)*jobStride/4)
	for i, p := range list {
		copy(jobs[i*jobStride/4:], shaders.UniformWords(shaders.Job{
			Width: uint32(m.header.W), Height: uint32(m.header.H), Pixel: bit(m.header.Pixel),
			Top: uint32(p.top), Newest: bit(p.newest), Oldest: bit(p.oldest),
		}))
	}
	if err := m.d.write(m.jobs, 0, jobs); err != nil {
		return err
	}
	group, err := m.group(1 - m.current)
	if err != nil {
		return err
	}
	return m.d.submit(func(e *wgpu.CommandEncoder) error {
		pass := e.BeginComputePass(nil)
		defer pass.Release()
		pass.SetPipeline(m.d.pipelines.raster)
		for i, p := range list {
			pass.SetBindGroup(0, group, []uint32{uint32(i) * jobStride})
			pass.DispatchWorkgroups(uint32(m.bins.Across), uint32(p.rows), 1)
		}
		return pass.End()
	})
}
