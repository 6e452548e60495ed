//go:build !linux

package campaign

// toBackground does nothing where a thread has no priority of its own.
func toBackground() {}
