// Package pxl is the PXL-ε language: lexer, parser with error recovery,
// assembler, source map, formatter, disassembler, diagnostics and what an editor
// asks of a language.
//
// It turns source text into an isa.Program and back into words a person reads.
// It never runs a program and never touches a file; every function is pure, may
// be called from any goroutine, and takes any string at all without a panic.
//
// Start reading at [Assemble]. Source goes through lex.go, parse*.go (a flat
// syntax tree, ast.go), scope.go (what the program declares), resolve.go (what
// each name means; constant folding) and generate*.go (words). format.go and
// context.go (completion, hover, signatures) stand on the same lexer and parser.
package pxl
