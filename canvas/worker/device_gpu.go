//go:build cgo

package worker

import (
	"context"

	"gvpie/canvas/gpu"
)

// openGPU opens the graphics device that the child serves.
func openGPU() (Device, error) {
	d, err := gpu.Open(gpu.Options{})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// compareGPU measures on the device.
func compareGPU(r measureRequest) (Comparison, error) {
	d, err := gpu.Open(gpu.Options{})
	if err != nil {
		return Comparison{}, err
	}
	defer d.Close()
	c, err := d.Compare(context.Background(), r.Program, r.Kernel, r.Rounds)
	if err != nil {
		return Comparison{}, err
	}
	return Comparison{d.Adapter(), d.Software(), c.Dispatches, c.Ours, c.Yardstick}, nil
}
