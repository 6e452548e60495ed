//go:build unix

package worker

import (
	"os"
	"syscall"
)

// killGroup ends p and everything it started.
func killGroup(p *os.Process) {
	if syscall.Kill(-p.Pid, syscall.SIGKILL) != nil {
		_ = p.Kill()
	}
}
