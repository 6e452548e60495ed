//go:build !linux || !(amd64 || arm64)

package sandbox

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestNothingRunsUnlessAllowed(t *testing.T) {
	if res, err := Run(t.Context(), Spec{Code: "print(1)"}); !errors.Is(err, ErrCannotConfine) {
		t.Errorf("Run answers %+v, %v", res, err)
	}
	if _, err := findInterpreter(t.Context(), "", nil); err != nil {
		t.Skipf("no Python to allow: %v", err)
	}
	res, err := Run(t.Context(), Spec{Code: "print(1)", AllowUnconfined: true})
	if err != nil || strings.TrimSpace(res.Stdout) != "1" || len(res.Confined) != 0 {
		t.Errorf("Run answers %+v, %v", res, err)
	}
	res, err = Run(t.Context(), Spec{Code: "while True: pass", AllowUnconfined: true, Wall: time.Second})
	if err != nil || !res.TimedOut {
		t.Errorf("Run answers %+v, %v", res, err)
	}
}
