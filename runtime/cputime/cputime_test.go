package cputime

import (
	"errors"
	"testing"
	"time"
)

func TestWorkThatWaitsKeepsNoProcessorBusy(t *testing.T) {
	want := errors.New("done")
	sum := uint32(1)
	work := func() error {
		for range 1 << 22 {
			sum = sum*3 + 1
		}
		return want
	}
	busy, err := Of(work)
	if err != want || busy.Wall <= 0 {
		t.Error(busy, err)
	}
	if Used() == 0 {
		t.Skip("the system does not say")
	}
	if busy.Processor <= 0 || busy.Processor > 2*time.Minute {
		t.Errorf("%d turns took %v of the processors", 1<<22, busy.Processor)
	}
}
