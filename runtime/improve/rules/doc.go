// Package rules proposes improvements as a person would make them: rewriting rules over
// the syntax tree. Names, layout and comments of what a rule does not touch stay.
//
// A rule that looks at its conditions alone, and knows that the program does the same
// after it, says so (evidence `rule`); one that guesses says nothing, and its candidates
// live only where the whole future of a program can be compared. They run
// nothing but what hangs on nothing at all: a background, to see what it is.
// Start reading at [New], then rules.go.
package rules
