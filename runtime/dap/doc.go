// Package dap lets editors debug a program: the Debug Adapter Protocol
// (microsoft.github.io/debug-adapter-protocol) over a session of runtime/debug. Since
// that stands anywhere in time, stepping back and running backwards are as good as
// forwards, and nothing is over before the client disconnects: the end of a run and a
// run-time error are stops.
//
// One goroutine reads the client's requests, one owns the session and answers. A request
// to pause or to disconnect interrupts what is being run.
//
// Start reading at [Serve].
package dap
