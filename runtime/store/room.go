package store

import (
	"fmt"

	"gvpie/runtime/store/disk"
)

// roomLeast is how many bytes must be free for a run to be saved: what it adds to the
// write-ahead log, and two pictures.
const roomLeast = 128 << 10

// Room is nil while the disk has room for a run, else an error that matches ErrFull.
// Where the system does not say, writing will.
func (s *core) Room() error {
	if err := room(s.dir); err != nil {
		return &Error{"look for room on the disk", s.dir, ErrFull, err}
	}
	return nil
}

// room says how little is left in a folder's disk, where that is too little.
func room(dir string) error {
	free, err := disk.FreeSpace(dir)
	if err != nil || free >= roomLeast {
		return nil
	}
	return fmt.Errorf("%d KB are left", free>>10)
}
