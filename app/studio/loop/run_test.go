package loop

import (
	"testing"

	"gvpie/runtime/engine"
)

func TestTheLoopRunsOnWhatTheWindowWasAskedFor(t *testing.T) {
	b := engine.OnGPU
	for _, want := range []*engine.Backend{nil, &b} {
		m := New(Config{Backend: want}, nil)
		if got := m.host().Backend; got != want {
			t.Errorf("programs run on %v, want %v", got, want)
		}
		m.Close()
	}
}
