//go:build unix

package worker

import (
	"os"

	"golang.org/x/sys/unix"
)

// Unix hands open files to a child: the nth of exec.Cmd.ExtraFiles is its
// descriptor 3 + n.
const haveShared = true

func inheritedFile(n int, name string) *os.File { return os.NewFile(uintptr(3+n), name) }

// newSharedTemp makes a temporary file that is gone from its folder already.
func newSharedTemp() (*os.File, error) {
	f, err := os.CreateTemp("", "gvpie-shared-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func mapShared(f *os.File, size int64, writable bool) ([]byte, error) {
	prot := unix.PROT_READ
	if writable {
		prot |= unix.PROT_WRITE
	}
	m, err := unix.Mmap(int(f.Fd()), 0, int(size), prot, unix.MAP_SHARED)
	return m, os.NewSyscallError("mmap", err)
}

func unmapShared(m []byte) { _ = unix.Munmap(m) }
