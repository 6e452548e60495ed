//go:build !linux && !freebsd && !openbsd

package display

// hasCompose: these systems compose letters themselves.
func hasCompose(string) bool { return true }
