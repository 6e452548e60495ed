// Package kernel is the block of an EACH as typed code: what both compilers, to
// WebAssembly and to WGSL, start from. It holds what the block does, texel by
// texel, and what is known of it: which values all texels of a row share, which
// cannot fail, how far values reach.
//
// A kernel never changes what a block computes. What it cannot express, or what
// is an error for sure, it refuses in a sentence; the interpreter runs such blocks.
// Start reading at [Kernel], then at [Build]: the code's control flow (graph.go) is taken
// apart into values (ssa.go), which are simplified (simplify.go) with what is known of
// their ranges (ranges.go), told apart by what a row shares (uniform.go), and given
// words again (webs.go, lower.go). Each claim of a kernel is tested by a runner that
// takes it at its word (wave_test.go).
package kernel
