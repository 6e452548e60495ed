//go:build amd64 || arm64

package sandbox

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// limits are the rlimits of a script's processes, in the units of Spec.
type limits struct {
	CPU, Memory, FileSize int64
	Processes             int
}

const (
	openFiles = 128
	// niceness keeps the window smooth while every process of a script computes.
	niceness = 10
	// launcherTasks is more threads than launcher and script's process have before
	// Python starts.
	launcherTasks = 32
)

// tasksBeside is how many processes and threads count towards RLIMIT_NPROC
// before Python has started one: the kernel counts all of a user's. Call it
// before a new root hides them. It bounds; it need not be exact.
func tasksBeside(p plan) int {
	if p.UserNamespace && countsByNamespace() {
		return launcherTasks
	}
	uid := os.Getuid()
	if p.OtherUser {
		uid = nobody
	}
	return tasksOf(uid) + launcherTasks
}

// countsByNamespace: since Linux 5.14 a user namespace has counts of its own.
func countsByNamespace() bool {
	var name unix.Utsname
	if unix.Uname(&name) != nil {
		return false
	}
	var major, minor int
	fmt.Sscanf(unix.ByteSliceToString(name.Release[:]), "%d.%d", &major, &minor)
	return major > 5 || major == 5 && minor >= 14
}

// tasksOf counts a user's threads, as far as /proc shows them.
func tasksOf(uid int) int {
	tasks := 0
	for _, pid := range processes() {
		var owner, threads int
		status, _ := os.ReadFile(procPath(pid, "status")) // it may have ended meanwhile
		for line := range strings.Lines(string(status)) {
			if at, ok := strings.CutPrefix(line, "Uid:"); ok {
				fmt.Sscan(at, &owner)
			} else if at, ok := strings.CutPrefix(line, "Threads:"); ok {
				fmt.Sscan(at, &threads)
			}
		}
		if owner == uid {
			tasks += threads
		}
	}
	return tasks
}

// set sets all limits but that of memory.
func (l limits) set(beside int) error {
	for _, r := range []struct {
		name       string
		resource   int
		soft, hard uint64
	}{
		// At the soft limit SIGXCPU, which says why; a second later SIGKILL.
		{"processor time", unix.RLIMIT_CPU, uint64(l.CPU), uint64(l.CPU) + 1},
		{"file size", unix.RLIMIT_FSIZE, uint64(l.FileSize), uint64(l.FileSize)},
		{"processes", unix.RLIMIT_NPROC, uint64(l.Processes + beside), uint64(l.Processes + beside)},
		{"open files", unix.RLIMIT_NOFILE, openFiles, openFiles},
		{"core files", unix.RLIMIT_CORE, 0, 0},
		{"locked memory", unix.RLIMIT_MEMLOCK, 0, 0},
		{"message queues", unix.RLIMIT_MSGQUEUE, 0, 0},
		{"real-time priority", unix.RLIMIT_RTPRIO, 0, 0},
	} {
		if err := setLimit(r.resource, r.soft, r.hard); err != nil {
			return fmt.Errorf("the limit of %s can't be set: %w", r.name, err)
		}
	}
	if err := unix.Setpriority(unix.PRIO_PROCESS, 0, niceness); err != nil {
		return fmt.Errorf("the priority can't be lowered: %w", err)
	}
	return nil
}

func (l limits) setMemory() error {
	return setLimit(unix.RLIMIT_AS, uint64(l.Memory), uint64(l.Memory))
}

// setLimit never goes above a hard limit that is there already.
func setLimit(resource int, soft, hard uint64) error {
	var now unix.Rlimit
	if err := unix.Prlimit(0, resource, nil, &now); err != nil {
		return err
	}
	limit := unix.Rlimit{Cur: min(soft, now.Max), Max: min(hard, now.Max)}
	return unix.Prlimit(0, resource, &limit, nil)
}
