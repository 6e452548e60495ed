package worker

import (
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// childAttributes keeps Ctrl-C from the child. It learns of its parent's end
// from stdin.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP, HideWindow: true}
}

// killGroup ends p.
func killGroup(p *os.Process) { _ = p.Kill() }

// killed says whether a process was ended by somebody else, which Windows does
// not tell.
func killed(*os.ProcessState) bool { return false }
