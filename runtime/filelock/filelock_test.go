package filelock

import (
	"errors"
	"path/filepath"
	"testing"
)

func TestOneHoldsAFileAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := Open(path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, 0o600); !errors.Is(err, ErrHeld) {
		t.Errorf("the second got %v", err)
	}
	first.Close()
	again, err := Open(path, 0o600)
	if err != nil {
		t.Fatalf("after the first let go: %v", err)
	}
	again.Close()
}
