// Package check gives the names of a program their meaning, folds what is known
// before it runs, and reports what is written well but cannot be meant: names
// that nothing declares, statements where they may not stand.
//
// It changes expressions of the tree in place and makes no code. Start reading
// at [Declare], then [Resolve].
package check
