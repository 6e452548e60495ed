//go:build unix && !linux

package worker

import "syscall"

// childAttributes puts the child in a process group of its own, so that it is
// killed with all it started and a Ctrl-C in the terminal does not reach it. It
// learns of its parent's end from stdin.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
