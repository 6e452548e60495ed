package gpu

import (
	"context"
	"time"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/isa"
	"gvpie/shaders"
)

// A frame is light when one dispatch can raster it. The commands of a heavy one are
// rastered in pieces, batches of commands for bands of the display, and only so
// many pieces are submitted at once that the host hears of the device many times a
// second: nobody takes a long frame for a hung device, and a context that ends is
// obeyed soon.

// mostWork bounds what a light frame or a piece may be: texels times commands. A
// slow device does some hundred million of them a second.
const mostWork = 1 << 25

// submission is how long the pieces that are submitted together should take.
const submission = 40 * time.Millisecond

// piece is commands [first, last) and rows of tiles from top on.
type piece struct{ first, last, top, rows int }

// pieces are those of a frame of so many commands, the newest commands first. Each
// begins at a multiple of 32 commands, of which bin has a bit each in a word.
func pieces(h isa.Header, count int) []piece {
	_, down := tiles(h)
	if count <= rasterBatch && count*h.W*h.H <= mostWork {
		return []piece{{0, (count + 31) / 32 * 32, 0, down}}
	}
	rows := max(1, mostWork/(rasterBatch*shaders.Tile*h.W))
	var list []piece
	for first := (count - 1) / rasterBatch * rasterBatch; first >= 0; first -= rasterBatch {
		for top := 0; top < down; top += rows {
			list = append(list, piece{first, first + rasterBatch, top, min(rows, down-top)})
		}
	}
	return list
}

// tiles is how many tiles a display has across and down.
func tiles(h isa.Header) (across, down int) {
	return (h.W + shaders.Tile - 1) / shaders.Tile, (h.H + shaders.Tile - 1) / shaders.Tile
}

// raster draws a frame of so many commands to the other display. When the context
// ends, the writer page, which a frame changes in place, is brought back.
func (m *Machine) raster(ctx context.Context, count int) error {
	list := pieces(m.header, count)
	if err := m.ensureBins(list[0].last - list[0].first); err != nil {
		return err
	}
	if len(list) == 1 {
		if err := m.submitPieces(count, list); err != nil {
			return err
		}
		m.d.gpu.Poll(true, nil)
		return nil
	}
	if err := m.ensureHeavy(); err != nil {
		return err
	}
	if err := m.copyWriter(m.writer, m.before); err != nil {
		return err
	}
	for n := 1; len(list) > 0; {
		n = min(n, len(list), pieceJobs)
		began := time.Now()
		err := m.submitPieces(count, list[:n])
		if err == nil {
			err = m.d.wait(ctx)
		}
		if err != nil {
			if undo := m.copyWriter(m.before, m.writer); undo != nil {
				return undo
			}
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

func (m *Machine) copyWriter(from, to *wgpu.Buffer) error {
	return m.d.submit(func(e *wgpu.CommandEncoder) error {
		return e.CopyBufferToBuffer(from, 0, to, 0, 4*uint64(m.header.W*m.header.H))
	})
}

// submitPieces submits pieces of a frame of so many commands, in order.
func (m *Machine) submitPieces(count int, list []piece) error {
	jobs := make([]uint32, len(list)*jobStride/4)
	for i, p := range list {
		copy(jobs[i*jobStride/4:], shaders.UniformWords(shaders.Job{
			Width: uint32(m.header.W), Height: uint32(m.header.H), Pixel: bit(m.header.Pixel),
			Count: uint32(count), First: uint32(p.first), Last: uint32(p.last), Top: uint32(p.top), Rows: uint32(p.rows),
		}))
	}
	if err := m.d.write(m.jobs, 0, jobs); err != nil {
		return err
	}
	group, err := m.group(1 - m.current)
	if err != nil {
		return err
	}
	across, _ := tiles(m.header)
	return m.d.submit(func(e *wgpu.CommandEncoder) error {
		pass := e.BeginComputePass(nil)
		defer pass.Release()
		for i, p := range list {
			pass.SetBindGroup(0, group, []uint32{uint32(i) * jobStride})
			pass.SetPipeline(m.d.bin)
			pass.DispatchWorkgroups(uint32(across*p.rows+63)/64, 1, 1)
			pass.SetPipeline(m.d.pipelines.raster)
			pass.DispatchWorkgroups(uint32(across), uint32(p.rows), 1)
		}
		return pass.End()
	})
}
