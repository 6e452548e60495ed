// Package agent is the loop that runs for ever: every interval it checks the
// health of what it stands on, runs the scripts whose turn it is, saves each run,
// learns from it, and sleeps.
//
// Nothing a script does stops the loop: a failing script is a failed run, a
// panicking runner is a failed run with a sentence, a cycle that could not be
// finished is followed by the next. What has run is saved or kept until it can
// be; when the database cannot take a run, no other script is started. The loop
// is the same under the window and without one: it draws nothing and asks
// nobody. It never edits a script.
//
// Start reading at [Agent.Run], then cycle.go (what a cycle is), runner.go and
// the runners (pixel.go, cartridge.go, python.go), learn.go (what is made of the
// figures), folder.go (scripts that are files).
package agent
