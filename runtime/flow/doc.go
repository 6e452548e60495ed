// Package flow is the control flow of a program page: its basic blocks and the
// edges between them, what of it a run can reach, which data words are live, and which
// loops are fit to be compiled.
// It is the one walk of the code for all who need one: hot reload, the
// disassembler, the GPU's choice of shaders, and what optimises programs.
//
// It never runs a program and knows nothing of source: a page is judged by its
// words alone, and any words will do. Code may be entered in the middle of an
// instruction, where the same words spell another one, so blocks may overlap.
// Start reading at [Analyze]; linear.go reads a page from front to back instead.
package flow
