//go:build unix

package display

import (
	"syscall"
	"time"
)

// ProcessorTime is how long this process has kept processors busy; 0 where the system
// does not say.
func ProcessorTime() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
