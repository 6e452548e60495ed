//go:build unix

package regularfile

import "syscall"

// noWait has opening a pipe return at once. It means nothing to a regular file.
const noWait = syscall.O_NONBLOCK
