//go:build !unix

package worker

import (
	"errors"
	"os"
)

// Where a child cannot be handed open files, payloads travel in the frames.
const haveShared = false

func newShared(string) (*os.File, error)              { return nil, errors.ErrUnsupported }
func inheritedFile(int, string) *os.File              { return nil }
func mapShared(*os.File, int64, bool) ([]byte, error) { return nil, errors.ErrUnsupported }
func unmapShared([]byte)                              {}
func punchHole(*os.File, int64, int64)                {}
