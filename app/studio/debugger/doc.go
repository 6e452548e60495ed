// Package debugger is the window's model of the debugger: which moment of the program's
// run is looked at, what is true there, and how to get to others. It has no Gio in it.
//
// The window's goroutine owns the [Model]. While the program is paused and the debugger
// is in sight the model is open: a goroutine of its own, the worker, holds a session over
// what the run was given (a [Run]) and does in it what it is asked to, one thing after
// another. What came of each is a [Moment], which comes back through Config.Post. Closed,
// the model holds nothing, and nothing of it costs the running program anything but the
// record of its inputs.
//
// Start reading at [Model].
package debugger
