// Package debug moves in the time of a run. A [Session] stands at a [Position], a cycle
// of a frame, and goes to any other, forwards and backwards alike: the nearest keyframe
// before it is restored, frames are run on the reference machine, and the last of them
// as far as the cycle. What the machine holds there is read; nothing of the past
// changes. To run on with another value starts a [Branch].
//
// The package has no goroutine and no clock that a result depends on, and knows no
// window. A session is one goroutine's. Every call that runs frames takes a context;
// one that ends leaves the session at a position on the way.
//
//	session.go     what a session is about
//	course.go      a machine on its way through a run; going somewhere
//	where.go       the place in the source, the calls, their names
//	values.go      what names hold
//	move.go        steps, in both directions
//	seek.go        to a line, a write of a texel, a change of a variable, in both directions
//	find.go        the nearest position of which something is true
//	breakpoint.go  where it stops (stop.go), and how often it has (count.go)
//	evaluate.go    expressions
//	lookout.go     breakpoints of a run that goes on
//	frames.go      searches along frames, and the history of an expression
//	guard.go       faults of the debugger itself
//	branch.go      the courses that a run has taken, new ones (fork.go), and all of them
//	               (branches.go)
//
// Start reading at Session.Go, in course.go.
package debug
