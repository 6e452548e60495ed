package disk

import (
	"os"

	"golang.org/x/sys/unix"
)

// SyncTree has a folder and all in it on the disk when it returns: with one call, however
// many files there are, which syncs what else is to be written to that disk as well.
func SyncTree(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.Syncfs(int(f.Fd()))
}
