package gpu

import (
	"context"
	"fmt"
	"regexp"
	"testing"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/assets/bench"
	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
)

// BenchmarkYardsticks is an EACH of the whole canvas beside the same written by hand in
// WGSL, each frame submitted and waited for.
func BenchmarkYardsticks(b *testing.B) {
	for _, name := range []string{"plasma", "mandel"} {
		b.Run(name+"/each", func(b *testing.B) {
			p := pxltest.Assemble(b, regexp.MustCompile(`\.canvas \d+ \d+`).ReplaceAllString(bench.Program(name), ".canvas 1024 1024")).Program
			e := load(b, p)
			frame(b, e)
			for b.Loop() {
				frame(b, e)
			}
			reportTexels(b)
		})
		b.Run(name+"/hand", func(b *testing.B) {
			d := device(b)
			y := newYardstick(b, d, bench.Kernel(name))
			y.frame(b, 0)
			for i := 0; b.Loop(); i++ {
				y.frame(b, i)
			}
			reportTexels(b)
		})
	}
}

func reportTexels(b *testing.B) {
	b.ReportMetric(float64(b.N)*yardstickSize*yardstickSize/b.Elapsed().Seconds()/1e6, "Mtexel/s")
}

func frame(t testing.TB, e engine.Engine) {
	t.Helper()
	if _, err := e.Frame(t.Context(), machine.Input{}, 0); err != nil {
		t.Fatal(err)
	}
}

const yardstickSize = 1024

// yardstick is a kernel of assets/bench.
type yardstick struct {
	d               *Device
	pipeline        *wgpu.ComputePipeline
	group           *wgpu.BindGroup
	display, writer *wgpu.Buffer
	job             *wgpu.Buffer
}

func newYardstick(t testing.TB, d *Device, code string) *yardstick {
	y := &yardstick{d: d}
	must(t, d.do(t.Context(), func() (err error) {
		module, err := d.module("yardstick", code)
		if err != nil {
			return err
		}
		defer module.Release()
		y.pipeline, err = d.gpu.CreateComputePipeline(&wgpu.ComputePipelineDescriptor{
			Compute: wgpu.ProgrammableStageDescriptor{Module: module, EntryPoint: "main"},
		})
		if err != nil {
			return err
		}
		const bytes = 4 * yardstickSize * yardstickSize
		if y.display, err = d.buffer("display", bytes, storageBuffer); err != nil {
			return err
		}
		if y.writer, err = d.buffer("writer", bytes, storageBuffer); err != nil {
			return err
		}
		if y.job, err = d.buffer("job", 16, uniformBuffer); err != nil {
			return err
		}
		y.group, err = d.gpu.CreateBindGroup(&wgpu.BindGroupDescriptor{Layout: y.pipeline.GetBindGroupLayout(0), Entries: []wgpu.BindGroupEntry{
			{Binding: 0, Buffer: y.display, Size: wgpu.WholeSize}, {Binding: 1, Buffer: y.writer, Size: wgpu.WholeSize}, {Binding: 2, Buffer: y.job, Size: wgpu.WholeSize},
		}})
		return err
	}))
	t.Cleanup(func() {
		must(t, d.do(context.Background(), func() error {
			y.group.Release()
			y.pipeline.Release()
			for _, b := range []*wgpu.Buffer{y.display, y.writer, y.job} {
				b.Release()
			}
			return nil
		}))
	})
	return y
}

func (y *yardstick) frame(t testing.TB, i int) {
	d := y.d
	err := d.do(t.Context(), func() error {
		if err := d.write(y.job, 0, []uint32{yardstickSize, yardstickSize, uint32(i), 0}); err != nil {
			return err
		}
		err := d.submit(func(e *wgpu.CommandEncoder) error {
			pass := e.BeginComputePass(nil)
			defer pass.Release()
			pass.SetPipeline(y.pipeline)
			pass.SetBindGroup(0, y.group, nil)
			pass.DispatchWorkgroups(yardstickSize/64, yardstickSize, 1)
			return pass.End()
		})
		d.gpu.Poll(true, nil)
		return err
	})
	if err != nil {
		t.Fatal(fmt.Errorf("frame %d: %w", i, err))
	}
}
