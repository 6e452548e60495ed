package worker

import (
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// claimStdio takes stdin and stdout for the protocol, and makes stderr the
// process's standard output: whatever a driver prints, it cannot print into the
// protocol.
func claimStdio() (in, out *os.File, err error) {
	out = os.Stdout
	if err := windows.SetStdHandle(windows.STD_OUTPUT_HANDLE, windows.Handle(os.Stderr.Fd())); err != nil {
		return nil, nil, fmt.Errorf("pointing stdout at stderr: %w", err)
	}
	os.Stdout = os.Stderr
	return os.Stdin, out, nil
}
