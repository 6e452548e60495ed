package gpu

import (
	"context"
	"time"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/isa"
	"gvpie/shaders"
)

// A frame is light when one dispatch can raster it: then it goes along with the
// core. The commands of a heavy one are rastered in pieces, batches of commands
// for bands of the display, and only so many pieces are submitted at once that
// the host hears of the device many times a second: nobody takes a long frame for
// a hung device, and a context that ends is obeyed soon.

// mostWork bounds what a light frame or a piece may be: texels times commands. A
// slow device does some hundred million of them a second.
const mostWork = 1 << 25

// submission is how long the pieces that are submitted together should take.
const submission = 40 * time.Millisecond

// mostLight is the largest light job for a canvas.
func mostLight(h isa.Header) int {
	job := lightJobs - 1
	for job > 0 && lightLimit(job)*h.W*h.H > mostWork {
		job--
	}
	return job
}

// piece is commands [first, last) and rows of tiles from top on.
type piece struct{ first, last, top, rows int }

// pieces are those of a frame of so many commands, the newest commands first.
func pieces(h isa.Header, count int) []piece {
	_, down := tiles(h)
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

// raster records bin and raster, for the job that is bound, of so many rows of
// tiles.
func (m *Machine) raster(pass *wgpu.ComputePassEncoder, rows int) {
	across, _ := tiles(m.header)
	pass.SetPipeline(m.d.bin)
	pass.DispatchWorkgroups(uint32(across*rows+63)/64, 1, 1)
	pass.SetPipeline(m.d.pipelines.raster)
	pass.DispatchWorkgroups(uint32(across), uint32(rows), 1)
}

// rasterHeavy rasters a frame of more commands than its light job takes. When the
// context ends, the writer page, which a frame changes in place, is brought back.
func (m *Machine) rasterHeavy(ctx context.Context, to, count int) error {
	if err := m.ensureHeavy(); err != nil {
		return err
	}
	if err := m.copyWriter(m.writer, m.savedWriter); err != nil {
		return err
	}
	list := pieces(m.header, count)
	for n := 1; len(list) > 0; {
		n = min(n, len(list), pieceJobs)
		began := time.Now()
		if err := m.rasterPieces(ctx, to, list[:n]); err != nil {
			if undo := m.copyWriter(m.savedWriter, m.writer); undo != nil {
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

// rasterPieces rasters pieces in order, in one submission, and waits for it, but
// not longer than ctx lasts.
func (m *Machine) rasterPieces(ctx context.Context, to int, list []piece) error {
	var jobs []uint32
	for _, p := range list {
		jobs = append(jobs, jobWords(m.header, len(m.program), p.first, p.last, p.top, p.rows, false)...)
	}
	if err := m.d.write(m.jobs, lightJobs*jobStride/4, jobs); err != nil {
		return err
	}
	err := m.d.submit(func(e *wgpu.CommandEncoder) error {
		pass := e.BeginComputePass(nil)
		defer pass.Release()
		for i, p := range list {
			pass.SetBindGroup(0, m.sets[to].group, []uint32{uint32(lightJobs+i) * jobStride})
			m.raster(pass, p.rows)
		}
		return pass.End()
	})
	if err != nil {
		return err
	}
	return m.d.wait(ctx)
}
