//go:build !cgo

package worker

import (
	"fmt"

	"gvpie/runtime/engine"
)

// openGPU says that this program has no GPU engine: WebGPU is reached by cgo.
func openGPU() (Device, error) {
	return nil, fmt.Errorf("%w: this gvpie was built without cgo, which WebGPU needs", engine.ErrUnavailable)
}

// compareGPU says the same.
func compareGPU(measureRequest) (Comparison, error) {
	_, err := openGPU()
	return Comparison{}, err
}
