package engine

import (
	"context"
	"errors"
	"strings"
	"testing"

	"gvpie/runtime/isa"
)

func TestParseBackendReadsWhatUsersWrite(t *testing.T) {
	for s, want := range map[string]Backend{"auto": Auto, "Auto": Auto, "GPU": OnGPU, "gpu": OnGPU, "cpu": OnCPU, "CPU": OnCPU} {
		var b Backend = 77
		if err := b.Set(s); err != nil || b != want || !strings.EqualFold(b.String(), s) {
			t.Errorf("%q is %v (%v)", s, b, err)
		}
	}
	for _, s := range []string{"", "cuda", "GPU "} {
		b := OnCPU
		if err := b.Set(s); err == nil || !strings.Contains(err.Error(), "GPU, CPU or Auto") || b != OnCPU {
			t.Errorf("%q is %v (%v)", s, b, err)
		}
	}
}

func TestNoGPUSaysWhy(t *testing.T) {
	g := NoGPU("--backend cpu")
	statuses, cancel := g.Watch()
	defer cancel()
	for _, st := range []Status{g.Status(), <-statuses} {
		if st.State != Off || st.Reason != "--backend cpu" {
			t.Errorf("%+v", st)
		}
	}
	m := g.NewMachine()
	defer m.Close()
	for _, err := range []error{g.WaitReady(context.Background()), m.Load(context.Background(), isa.Program{}, 1)} {
		if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "--backend cpu") {
			t.Error(err)
		}
	}
	if m.Alive() {
		t.Error("it has a machine")
	}
}
