package ui

import (
	"context"
	"errors"
	"testing"
)

func TestMeasureDrawsAndStops(t *testing.T) {
	const source = ".canvas 64 64 pixel\nloop:\nEACH\nPUT px * frame\nEND\nFRAME\nJMP loop\n"
	if processor, wall, err := Measure(t.Context(), "shader", source, 2); err != nil || processor <= 0 || wall <= 0 {
		t.Error(processor, wall, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Measure(ended, "still", "HALT\n", 2); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
