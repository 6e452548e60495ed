package disk

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Where in the file beside a database's log readers lock what they read: the database, or
// a part of the log
// (https://sqlite.org/walformat.html#wal_locks).
const firstMark, lastMark = 123, 127

// LogReaders are the processes that read a database's log now, as far as the system
// says it. shm is the file beside the log. It is not opened: closing it would give up
// the locks that this process has on it.
func LogReaders(shm string) (all []Process) {
	info, err := os.Stat(shm)
	if err != nil {
		return nil
	}
	file, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	locks, err := os.ReadFile("/proc/locks")
	if err != nil {
		return nil
	}
	name := fmt.Sprintf("%02x:%02x:%d", unix.Major(file.Dev), unix.Minor(file.Dev), file.Ino)
	seen := map[int]bool{}
	for lines := bufio.NewScanner(bytes.NewReader(locks)); lines.Scan(); {
		// 1: POSIX  ADVISORY  READ 1234 08:01:5678 124 124
		f := strings.Fields(lines.Text())
		if len(f) != 8 || f[3] != "READ" || f[5] != name {
			continue
		}
		pid, errPID := strconv.Atoi(f[4])
		first, errFirst := strconv.Atoi(f[6])
		if errPID != nil || errFirst != nil || first < firstMark || first > lastMark || pid <= 0 || seen[pid] {
			continue
		}
		seen[pid] = true
		comm, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)) // it may have ended meanwhile
		all = append(all, Process{pid, strings.TrimSpace(string(comm))})
	}
	return all
}
