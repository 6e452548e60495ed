package worker

import (
	"os"

	"golang.org/x/sys/unix"
)

// newShared makes a file without a name, sealed against becoming shorter: a
// mapping of it cannot be pulled away by the other end.
func newShared(name string) (*os.File, error) {
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return newSharedTemp()
	}
	f := os.NewFile(uintptr(fd), name)
	if _, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK); err != nil {
		f.Close()
		return nil, os.NewSyscallError("fcntl F_ADD_SEALS", err)
	}
	return f, nil
}

// punchHole gives the pages back to the system; what they held reads as zero.
// A file system that cannot keeps them, which costs memory and nothing else.
func punchHole(f *os.File, off, size int64) {
	_ = unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, off, size)
}
