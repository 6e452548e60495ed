// Package liveedit is what an edit and a fault mean in terms of the source.
// [Reload] takes a running machine over to an edited program (hot reload):
// names keep their values, and the run goes on where that has a meaning.
// [Explain] says in a sentence what was true when a program failed.
//
// It never runs a machine and never changes one: it reads snapshots and makes
// new ones. Start reading at reload.go; version.go is what two versions of a
// program are compared by, match.go the comparison.
package liveedit
