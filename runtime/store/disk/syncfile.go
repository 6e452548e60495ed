package disk

import (
	"errors"
	"os"
)

// SyncFile has what was written to a file on the disk when it returns.
func SyncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
