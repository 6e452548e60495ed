package worker

import (
	"fmt"

	"gvpie/runtime/engine"
)

func openGPU() (Backend, error) {
	return nil, fmt.Errorf("%w: this gvpie was built without WebGPU", engine.ErrUnavailable)
}
