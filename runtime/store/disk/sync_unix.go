//go:build unix

package disk

import (
	"errors"
	"os"
)

// SyncFolder makes a rename in a folder outlast a power cut.
func SyncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
