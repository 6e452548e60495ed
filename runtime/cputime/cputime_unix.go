//go:build unix

package cputime

import (
	"syscall"
	"time"
)

// Used is how long this process has kept processors busy; 0 where the system does not
// say.
func Used() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
