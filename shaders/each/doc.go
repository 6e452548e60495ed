// Package each writes the block of an EACH as WGSL: a function that computes what
// one texel is given, made of its kernel. It reads like the source it was: if,
// else and loop, px and py, and a name for each word.
//
// Everything is 32-bit and exact. What WGSL leaves open (a division by zero, a shift
// by more than 31, an index out of range) is never executed: a texel that would
// fail goes on with some harmless value, and says in the end that it is bad. What it
// wrote then counts for nothing; the reference runs the frame again and finds out what
// the error was, or that there was none.
//
// The text is no whole shader. What it reads, and who calls it, is in package
// shaders; the package knows no WebGPU. Start reading at [Block], then control.go.
package each
