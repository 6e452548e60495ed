// Package disk is what the store asks of the system beside reading and writing files:
// how much room there is, a file or folder synced, who reads a log. Systems that
// cannot do one of these say so, or do nothing.
package disk

// Process is one of the system's.
type Process struct {
	PID  int
	Name string // of its program; "" when that is not known
}
