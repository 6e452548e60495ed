// Package lanes does one instruction for many texels at once: on vectors of words, a lane
// for each texel. The processor's own vectors do it where they can, to the same bits as
// the loops in Go, which every processor has.
package lanes

// Width is how many lanes a vector has.
const Width = 64

// Vector is one word of every texel.
type Vector [Width]uint32

// Does has for each instruction that cannot fail, and looks at nothing but its operands,
// what executes it in every lane: d = a op b. They may be the same vectors. It is nil for
// all others.
var Does = loops

// Fill gives every lane a word.
var Fill = fillLoop

// Pixels makes colours 0xRRGGBB the bytes R, G, B, 255. They may be the same vector.
var Pixels = pixelsLoop
