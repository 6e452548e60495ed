//go:build unix

package sandbox

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"gvpie/runtime/filelock"
)

// lockScratch locks a folder, which is no link, or fails at once.
func lockScratch(dir string) (*os.File, error) {
	f, err := os.OpenFile(dir, os.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return nil, err
	}
	if err := filelock.Try(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// ownScratch says whether a folder is one of this user's, or, for root, of the user
// that its scripts run as.
func ownScratch(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	const overflow = 65534 // the kernel's user with no files
	me := uint32(os.Geteuid())
	return ok && (st.Uid == me || me == 0 && st.Uid == overflow)
}
