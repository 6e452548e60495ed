// Package pxl is the PXL-ε language as the rest of the program uses it: source
// in, a program or diagnostics out, and back into text a person reads.
//
// It is a face of thin calls; each duty has a package of its own, one above the
// other:
//
//   - syntax: files and places, tokens, the tree, what is wrong with a line;
//   - check: what names mean, constants, what may stand where;
//   - codegen: words, symbols, the source map;
//   - format: the formatter, the disassembler, listings;
//   - service: what an editor asks, keystroke by keystroke.
//
// No part of it runs a program or touches a file; every function is pure, may be
// called from any goroutine, and takes any string at all without a panic. Start
// reading at [Assemble].
package pxl
