package ui

import (
	"context"
	"errors"
	"testing"

	"gvpie/runtime/engine"
)

func TestMeasureDrawsAndStops(t *testing.T) {
	const source = ".canvas 64 64 pixel\nloop:\nEACH\nPUT px * frame\nEND\nFRAME\nJMP loop\n"
	if processor, wall, err := Measure(t.Context(), engine.NewCPU, "shader", source, 2); err != nil || processor <= 0 || wall <= 0 {
		t.Error(processor, wall, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Measure(ended, engine.NewCPU, "still", "HALT\n", 2); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
