package worker

import "syscall"

// childAttributes puts the child in a process group of its own, so that it is
// killed with all it started and a Ctrl-C in the terminal does not reach it, and
// makes the kernel kill it when the thread that starts it ends. The supervisor
// keeps that thread.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
