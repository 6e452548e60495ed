// Package disk is what the store asks of the system beside reading and writing files:
// how much room there is, a folder synced. Systems that
// cannot do one of these say so, or do nothing.
package disk
