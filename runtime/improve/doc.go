// Package improve makes programs cheaper and says how sure it is that nothing else
// changed.
//
// A [Proposer] gives candidates; it may be anything, and nothing that it says is
// believed. What a program costs is one integer of exact counts ([Cost]); whether two
// programs show the same pictures, write the same log and end alike is found by
// running them ([Trial], [Complete]) or told by a [Prover] that is asked for it. What
// was found is an [Evidence], which is never called more than it is.
//
// The package knows no proposer by name, edits no file and asks no clock: the same
// program, seed and number of candidates give the same offer on any number of
// processors. Start reading at [Improve], then [Prove].
package improve
