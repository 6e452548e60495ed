//go:build amd64 || arm64

package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// maxScratchFiles is how many files and folders a script may leave lying at once.
const maxScratchFiles = 2000

// fileOverhead is what a file system may keep for a file beyond its bytes
// (indirect blocks, space reserved ahead): a file of exactly the limit is no excess.
const fileOverhead = 1 << 20

// excess measures what no rlimit bounds, because rlimits are for one process and
// one file: the memory of all processes under the launcher, and the scratch
// folder. It answers a sentence when one is beyond its limit, else "".
func excess(launcher int, scratch string, spec Spec) string {
	pids := descendants(launcher)
	if used := memoryOf(pids); used > spec.Memory {
		return fmt.Sprintf("the script's processes used %d MiB of memory together; its limit is %d MiB", used>>20, spec.Memory>>20)
	}
	bytes, files, hidden := sizeOf(scratch)
	bytes += sizeOfRemoved(pids)
	switch {
	case hidden != "":
		return fmt.Sprintf("the script made a folder that can't be looked into: %s", hidden)
	case bytes > spec.FileSize+fileOverhead:
		return fmt.Sprintf("the script's folder grew to %d MiB; its limit is %d MiB", bytes>>20, spec.FileSize>>20)
	case files > maxScratchFiles:
		return fmt.Sprintf("the script made more than %d files", maxScratchFiles)
	}
	return ""
}

// sizeOf is what the files below dir take on the disk; counting ends soon after
// maxScratchFiles, or at a folder that its owner made unreadable. Files come and
// go while it looks.
func sizeOf(dir string) (bytes int64, files int, hidden string) {
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrPermission) {
			hidden = path
			return fs.SkipAll
		}
		if err != nil {
			return nil
		}
		if files++; files > maxScratchFiles {
			return fs.SkipAll
		}
		if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
			bytes += info.Sys().(*syscall.Stat_t).Blocks * statBlock
		}
		return nil
	})
	return bytes, files, hidden
}

// statBlock is the unit of st_blocks, stat(2).
const statBlock = 512

// sizeOfRemoved is what files take that have no name any more but are open: they
// go with their processes, and until then fill the disk like others.
func sizeOfRemoved(pids []int) (bytes int64) {
	type inode struct{ device, number uint64 }
	counted := map[inode]bool{}
	for _, pid := range pids {
		open, _ := os.ReadDir(procPath(pid, "fd")) // it may have ended meanwhile
		for _, fd := range open {
			info, err := os.Stat(procPath(pid, filepath.Join("fd", fd.Name())))
			if err != nil || !info.Mode().IsRegular() {
				continue
			}
			stat := info.Sys().(*syscall.Stat_t)
			if id := (inode{stat.Dev, stat.Ino}); stat.Nlink == 0 && !counted[id] {
				counted[id] = true
				bytes += stat.Blocks * statBlock
			}
		}
	}
	return bytes
}

// memoryOf counts what the processes keep in memory beside files. A page that a
// fork left to both is counted for both until one writes it: the sum errs towards
// the limit.
func memoryOf(pids []int) (total int64) {
	for _, pid := range pids {
		status, _ := os.ReadFile(procPath(pid, "status")) // it may have ended meanwhile
		for line := range strings.Lines(string(status)) {
			name, value, _ := strings.Cut(line, ":")
			if name == "RssAnon" || name == "RssShmem" {
				var kib int64
				fmt.Sscan(value, &kib)
				total += kib << 10
			}
		}
	}
	return total
}

// descendants are the processes below pid. While it looks, a process may move
// from a dead parent to the launcher and be missed; the next look finds it.
func descendants(pid int) (pids []int) {
	for at := []int{pid}; len(at) > 0; {
		tasks, _ := filepath.Glob(procPath(at[0], "task/*/children"))
		at = at[1:]
		for _, task := range tasks {
			children, _ := os.ReadFile(task)
			for _, field := range bytes.Fields(children) {
				if child, err := strconv.Atoi(string(field)); err == nil {
					at, pids = append(at, child), append(pids, child)
				}
			}
		}
	}
	return pids
}

// processes are all that /proc shows.
func processes() (pids []int) {
	proc, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer proc.Close()
	names, _ := proc.Readdirnames(-1)
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

func procPath(pid int, file string) string {
	return filepath.Join("/proc", strconv.Itoa(pid), file)
}
