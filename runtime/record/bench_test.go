package record

import (
	"fmt"
	"testing"

	"gvpie/runtime/machine"
)

// BenchmarkRing is what a frame of a running program costs more with its past kept, by
// the size of its canvas: the default, and the largest. The mouse moves, the cycles
// differ, and every page changes between keyframes.
func BenchmarkRing(b *testing.B) {
	for _, side := range []int{128, 1024} {
		m, err := machine.New(assemble(b, fmt.Sprintf(".canvas %d %d pixel\n.array a 4000\nloop:\nFRAME\nJMP loop\n", side, side)), 1)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("append/%d", side), func(b *testing.B) {
			r := NewRing(nil, 1, DefaultMemory)
			for i := range b.N {
				r.Append(machine.Input{MouseX: int32(i & 255)}, 0, machine.Report{Cycles: uint32(i*i) & 1023}, 0)
			}
		})
		b.Run(fmt.Sprintf("keyframe/%d", side), func(b *testing.B) {
			r := NewRing(nil, 1, DefaultMemory)
			for i := range b.N {
				r.Append(machine.Input{}, 0, machine.Report{}, keyframeWithin)
				for _, page := range [][]uint32{m.Page(machine.DisplayPage), m.Page(machine.WriterPage), m.Page(machine.DataPage), m.Page(machine.StatePage)} {
					page[len(page)-1] = uint32(i)
				}
				r.Keyframe(m.Snapshot(), 0)
			}
			b.ReportMetric(float64(r.Bytes())/(1<<20), "MB")
		})
	}
}

// BenchmarkFork is what going back in a run of ten minutes costs first.
func BenchmarkFork(b *testing.B) {
	r := NewRing(nil, 1, DefaultMemory)
	for i := range 36000 {
		r.Append(machine.Input{MouseX: int32(i & 255)}, 0, machine.Report{Cycles: uint32(i*i) & 1023}, 0)
		if i%40 == 0 {
			r.Keyframe(&machine.Snapshot{State: make([]uint32, 192)}, 0)
		}
	}
	for b.Loop() {
		r.Fork(r.End() - 1)
	}
	b.ReportMetric(float64(r.Bytes())/(1<<10), "KB")
}
