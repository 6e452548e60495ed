// Package isa is the one truth about PXL-ε machine code: the opcode table, the
// instruction encoding, the layout of the program header, of the state page and
// of a draw command, the limits, the error codes, and the arithmetic that every
// engine shares.
//
// It imports nothing and knows nothing of source text, engines or pictures. The
// assembler, the disassembler, both engines, the shaders' constants, the
// completion list and the language reference are all driven from the tables
// here. Numbers, once released, never change.
//
// Start reading at [Table], then encoding.go, then state.go.
package isa
