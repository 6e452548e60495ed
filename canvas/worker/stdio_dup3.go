//go:build linux

package worker

import "golang.org/x/sys/unix"

// redirect makes descriptor to another name of from. Dup3, because some Linux
// ports have no dup2.
func redirect(from, to int) error { return unix.Dup3(from, to, 0) }
