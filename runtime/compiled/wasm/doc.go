// Package wasm writes a kernel as a WebAssembly module: the texels of a row, four
// or eight at a time in vectors of SIMD128, under masks.
//
// The module imports nothing and calls nobody. It exports "memory", which a host
// fills as a [Layout] says, and "row(x0, x1, y)", which computes texels x0 to x1-1
// of row y and gives x1; or, earlier, the column of the first texel of a vector
// that it leaves to the interpreter: one of its texels fails, logs, or might run
// out of its budget. All texels before that are done. It always ends, and cannot
// touch anything but its memory.
//
// The loops of a core become a module of their own, with a function each: see
// [EmitCore].
//
// The package runs nothing; any WebAssembly engine with SIMD does. Start reading
// at [Emit].
package wasm
