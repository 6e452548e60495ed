//go:build !linux

package disk

import (
	"io/fs"
	"path/filepath"
)

// SyncTree has a folder and all in it on the disk when it returns.
func SyncTree(path string) error {
	return filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return SyncFolder(path)
		}
		return SyncFile(path)
	})
}
