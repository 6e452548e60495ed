// Package compiled runs the blocks of EACH, and the loops of the core, as machine code:
// WebAssembly that compiled/wasm makes of them and wazero compiles. It is the CPU engine
// with the same bits, faster.
//
// A block starts interpreted. When it has been worth about half a millisecond of
// work it is compiled in the background, and runs compiled from its next command on;
// so no picture ever waits for the compiler, and none is lost to it: what fails to
// compile stays interpreted. Compiled code never reports an error and never logs. It
// bails out at the texel where something of the kind would happen, and the
// interpreter runs that.
//
// Code is kept for the whole process, by what it does and not by the program it
// came with, and what is kept is bounded. It belongs to no machine: a machine borrows
// an instance for the length of a command, so there is nothing to free with it.
//
// The loops of a core are compiled together, when the interpreter has executed about a
// million instructions. A machine has an instance of its own for them, which its data
// and state pages move into, and keeps it as long as it has the program. The interpreter
// enters a loop where it begins, and goes on where the code leaves it: see core.go.
//
// Where wazero has no compiler, everything is interpreted, by package machine. Start
// reading at [Compiler].
package compiled
