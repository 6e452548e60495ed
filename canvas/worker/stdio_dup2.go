//go:build unix && !linux

package worker

import "golang.org/x/sys/unix"

// redirect makes descriptor to another name of from.
func redirect(from, to int) error { return unix.Dup2(from, to) }
