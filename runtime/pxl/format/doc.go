// Package format writes the language: source in the one layout that programs
// have here ([Format]), and program pages as text ([Disassemble], [Listing]).
//
// It never changes what a program means, and never runs it.
package format
