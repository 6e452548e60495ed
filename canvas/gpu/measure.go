package gpu

import (
	"context"
	"fmt"
	"time"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/cputime"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Comparison is what a program's block takes, and beside it a kernel that does the same.
type Comparison struct {
	Dispatches      int // of a cost, in one submission
	Ours, Yardstick []cputime.Cost
}

// submissionTime is about how long what is measured takes.
const submissionTime = 20 * time.Millisecond

// Compare measures a program whose frames are one EACH over the whole canvas beside a
// kernel, entry point main, 64 × 1 invocations a workgroup, one a texel, that is bound
// to a display page, a writer page, and a uniform of width, height and frame. The two
// take turns in so many rounds.
func (d *Device) Compare(ctx context.Context, p isa.Program, kernel string, rounds int) (*Comparison, error) {
	m := d.New().(*Machine)
	defer m.Close()
	if err := m.Load(ctx, p, isa.DefaultSeed); err != nil {
		return nil, err
	}
	for range 2 { // the second is the steady state
		if _, err := m.Frame(ctx, machine.Input{}, 0); err != nil {
			return nil, err
		}
	}
	c := &Comparison{Dispatches: 1}
	err := d.do(ctx, func() error {
		drawing := newDrawing(ctx, m, stagesOf(m.header, &m.blocks, m.core.Commands()))
		if !drawing.alone {
			return fmt.Errorf("the frame is not one EACH over the whole canvas")
		}
		ours, err := drawing.dispatches()
		if err != nil {
			return err
		}
		y, err := d.newYardstick(kernel, m.header.W, m.header.H, 1)
		if err != nil {
			return err
		}
		defer y.release()
		warm, err := cputime.Of(func() error { return ours(1) })
		if err == nil {
			err = y.run(1)
		}
		c.Dispatches = min(max(1, int(submissionTime/max(warm.Wall, 1))), pieceJobs)
		for i := 0; i < rounds && err == nil; i++ {
			var mine, its cputime.Cost
			if mine, err = cputime.Of(func() error { return ours(c.Dispatches) }); err != nil {
				break
			}
			its, err = cputime.Of(func() error { return y.run(c.Dispatches) })
			c.Ours, c.Yardstick = append(c.Ours, mine), append(c.Yardstick, its)
		}
		return err
	})
	return c, err
}

// dispatches gives what runs the frame's EACH so many times, and waits for it.
func (d *drawing) dispatches() (func(n int) error, error) {
	s := &d.list[0]
	p, err := s.block.pipeline(d.m.d, true)
	if err != nil {
		return nil, err
	}
	whole := piece{top: s.area.y0, rows: s.area.y1 - s.area.y0, each: s, pipeline: p}
	return func(n int) error {
		list := make([]piece, n)
		for i := range list {
			list[i] = whole
		}
		err := d.submit(list)
		d.m.d.gpu.Poll(true, nil)
		return err
	}, nil
}

// yardstick is a kernel and what it is bound to.
type yardstick struct {
	d        *Device
	w, h     int
	pipeline *wgpu.ComputePipeline
	group    *wgpu.BindGroup
	buffers  []*wgpu.Buffer // display page, writer page, job
}

func (d *Device) newYardstick(kernel string, w, h, frame int) (y *yardstick, err error) {
	y = &yardstick{d: d, w: w, h: h}
	defer func() {
		if err != nil {
			y.release()
		}
	}()
	module, err := d.module("yardstick", kernel)
	if err != nil {
		return y, err
	}
	defer module.Release()
	y.pipeline, err = d.gpu.CreateComputePipeline(&wgpu.ComputePipelineDescriptor{
		Label: "yardstick", Compute: wgpu.ProgrammableStageDescriptor{Module: module, EntryPoint: "main"},
	})
	if err != nil {
		return y, lost(err)
	}
	page := 4 * uint64(w) * uint64(h)
	var entries []wgpu.BindGroupEntry
	for i, usage := range []wgpu.BufferUsage{storageBuffer, storageBuffer, uniformBuffer} {
		b, err := d.buffer("yardstick", []uint64{page, page, 16}[i], usage)
		if err != nil {
			return y, err
		}
		y.buffers = append(y.buffers, b)
		entries = append(entries, wgpu.BindGroupEntry{Binding: uint32(i), Buffer: b, Size: wgpu.WholeSize})
	}
	layout := y.pipeline.GetBindGroupLayout(0)
	defer layout.Release()
	if y.group, err = d.gpu.CreateBindGroup(&wgpu.BindGroupDescriptor{Layout: layout, Entries: entries}); err != nil {
		return y, lost(err)
	}
	return y, d.write(y.buffers[2], 0, []uint32{uint32(w), uint32(h), uint32(frame), 0})
}

func (y *yardstick) release() {
	if y.group != nil {
		y.group.Release()
	}
	for _, b := range y.buffers {
		b.Release()
	}
	if y.pipeline != nil {
		y.pipeline.Release()
	}
}

// run runs the kernel so many times, and waits for it.
func (y *yardstick) run(n int) error {
	err := y.d.submit(func(e *wgpu.CommandEncoder) error {
		pass := e.BeginComputePass(nil)
		defer pass.Release()
		pass.SetPipeline(y.pipeline)
		pass.SetBindGroup(0, y.group, nil)
		for range n {
			pass.DispatchWorkgroups(uint32(y.w+63)/64, uint32(y.h), 1)
		}
		return pass.End()
	})
	y.d.gpu.Poll(true, nil)
	return err
}
