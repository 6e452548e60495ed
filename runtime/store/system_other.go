//go:build !linux && !darwin && !windows

package store

import (
	"errors"
	"os"
)

// lock does nothing on systems whose locks are not known here.
func lock(*os.File) error { return nil }

// FreeSpace is not known here.
func FreeSpace(string) (int64, error) { return 0, errors.ErrUnsupported }
