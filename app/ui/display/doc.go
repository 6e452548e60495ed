// Package display is what the window asks of a desktop beside its toolkit: that a
// keyboard's compose table is there before the window is, that a lost display ends
// the window instead of the process, that any goroutine gets a frame, and whether the
// build mends the toolkit.
//
// It imports no toolkit, so that the command line can ask it too.
package display
