// Package pxl is the PXL-ε language: lexer, parser with error recovery,
// assembler, source map, formatter, disassembler, diagnostics and completion.
//
// It turns source text into an isa.Program and back into words a person reads.
// It never runs a program and never touches a file. Start reading at [Assemble].
package pxl
