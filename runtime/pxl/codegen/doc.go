// Package codegen makes the program page of a tree that was checked, and the map
// from its words back to the source.
//
// It trusts the tree: whatever was reported makes no code, and code made in
// spite of an error is never handed out. Start reading at [Assemble], which runs
// all passes; generate*.go is one file for each kind of statement.
package codegen
