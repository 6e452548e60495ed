//go:build amd64 || arm64

package sandbox

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// enterRoot makes a root folder of the script's own: an empty, read-only one in
// memory, with what is visible mounted in it at their own paths and only
// the scratch folder writable. The old root is gone from this mount namespace,
// and with it every other file, /proc included.
func enterRoot(p plan) (err error) {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("keep mounts private: %w", err)
	}
	// The new root is mounted over the scratch folder, which surely is there; so
	// what goes into it is taken before. open_tree(2) gives a mount that is nowhere.
	visible := p.visible()
	mounts := make([]int, len(visible))
	for i, at := range visible {
		const clone = unix.OPEN_TREE_CLONE | unix.OPEN_TREE_CLOEXEC | unix.AT_RECURSIVE
		fd, err := unix.OpenTree(unix.AT_FDCWD, at.path, clone)
		if err == unix.ENOENT {
			fd = -1
		} else if err != nil {
			return &os.PathError{Op: "open_tree", Path: at.path, Err: err}
		} else {
			defer unix.Close(fd)
		}
		mounts[i] = fd
	}
	root := p.Scratch
	if err := unix.Mount("gvpie-script", root, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "size=1m,nr_inodes=1k,mode=755"); err != nil {
		return fmt.Errorf("mount a root folder: %w", err)
	}
	defer func() {
		if err != nil { // the scratch folder must be there for Landlock to guard
			unix.Unmount(root, unix.MNT_DETACH)
		}
	}()
	for i, at := range visible {
		if mounts[i] < 0 {
			continue
		}
		if err := attach(mounts[i], filepath.Join(root, at.path), at.accesses); err != nil {
			return fmt.Errorf("mount %s: %w", at.path, err)
		}
	}
	if err := unix.Chdir(root); err != nil {
		return err
	}
	// pivot_root(2): with the same folder twice the old root lies over the new
	// one, until it is unmounted.
	if err := unix.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("change the root folder: %w", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("leave the old root folder: %w", err)
	}
	if err := os.Chdir("/"); err != nil {
		return err
	}
	return unix.MountSetattr(unix.AT_FDCWD, "/", 0, &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY})
}

// attach puts a mount, with all mounts below it, at target in the new root.
func attach(mount int, target string, accesses uint64) error {
	var info unix.Stat_t
	if err := unix.Fstat(mount, &info); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	attributes := unix.MountAttr{Attr_set: unix.MOUNT_ATTR_NOSUID}
	if info.Mode&unix.S_IFMT == unix.S_IFDIR {
		attributes.Attr_set |= unix.MOUNT_ATTR_NODEV
		if err := os.MkdirAll(target, 0o755); err != nil {
			return err
		}
	} else if _, err := os.Lstat(target); err != nil {
		f, err := os.Create(target)
		if err != nil {
			return err
		}
		f.Close()
	}
	if accesses&write == 0 {
		attributes.Attr_set |= unix.MOUNT_ATTR_RDONLY
	}
	if err := unix.MountSetattr(mount, "", unix.AT_EMPTY_PATH|unix.AT_RECURSIVE, &attributes); err != nil {
		return err
	}
	return unix.MoveMount(mount, "", unix.AT_FDCWD, target, unix.MOVE_MOUNT_F_EMPTY_PATH)
}
