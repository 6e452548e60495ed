package campaign

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// toBackground has the thread of this goroutine, which it keeps for itself, run only
// where nothing else wants to. The thread ends with the goroutine: it could not be given
// back as it was.
func toBackground() {
	runtime.LockOSThread()
	// Linux: setpriority(2) of a thread's id is of that thread alone.
	_ = unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), 19) // else it runs as all do
}
