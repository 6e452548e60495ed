// Package kernel is the block of an EACH as typed code: what both compilers, to
// WebAssembly and to WGSL, start from. It holds what the block does, texel by
// texel, and what is known of it: which values all texels of a row share, which
// cannot fail, how far values reach.
//
// A kernel never changes what a block computes. What it cannot express, or what
// is an error for sure, it refuses in a sentence; the interpreter runs such blocks.
// Start reading at [Kernel].
package kernel
