//go:build unix

package worker

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// claimStdio takes stdin and stdout for the protocol. Descriptor 1 becomes
// stderr: whatever a driver prints, it cannot print into the protocol.
func claimStdio() (in, out *os.File, err error) {
	fd, err := unix.FcntlInt(os.Stdout.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, nil, fmt.Errorf("keeping stdout for the protocol: %w", err)
	}
	if err := redirect(int(os.Stderr.Fd()), 1); err != nil {
		return nil, nil, fmt.Errorf("pointing stdout at stderr: %w", err)
	}
	return os.Stdin, os.NewFile(uintptr(fd), "protocol"), nil
}
