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

// killed says whether a process was ended by somebody else, without a chance to
// say anything.
func killed(s *os.ProcessState) bool {
	w, ok := s.Sys().(syscall.WaitStatus)
	return ok && w.Signaled() && w.Signal() == syscall.SIGKILL
}
