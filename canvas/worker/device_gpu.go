//go:build cgo

package worker

import "gvpie/canvas/gpu"

// openGPU opens the graphics device that the child serves.
func openGPU() (Device, error) {
	d, err := gpu.Open(gpu.Options{})
	if err != nil {
		return nil, err
	}
	return d, nil
}
