// Package syntax reads PXL-ε source: files and places in them, tokens, and the
// syntax tree, with diagnostics for the lines that could not be read.
//
// It knows how the language is written, down to its keywords, functions and
// colours, and nothing of what a program's own names mean. Start reading at
// [Parse], which reads a line at a time (lex.go, then parse.go) into a [Tree];
// a [FileSet] tells which file and line any place of it is.
package syntax
