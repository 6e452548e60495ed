// Package filelock has one process at a time hold a file. The system lets go of it
// when the process ends, however it ends, so that a lock never outlives its owner,
// and a process number that is used again is no owner. It never waits. Start at [Try].
package filelock

import (
	"errors"
	"os"
)

// ErrHeld is what Try answers when another open file has the lock, be it of this
// process or of another.
var ErrHeld = errors.New("locked by another process")

// Open makes the file at path, if there is none, and locks it; closing it lets go.
// The error is ErrHeld when it is held already.
func Open(path string, mode os.FileMode) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, mode)
	if err != nil {
		return nil, err
	}
	if err := Try(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
