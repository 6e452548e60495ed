package gpu

import (
	"gvpie/runtime/machine"
	"gvpie/shaders"
)

// The host and the shader mean the same tiles.
var _ [machine.TileSize]struct{} = [shaders.Tile]struct{}{}

// pieceJobs is how many pieces of a frame are submitted together at most: the jobs
// buffer holds the uniforms of so many.
const pieceJobs = 256

// jobStride is how far apart jobs stand in their buffer. WebGPU: dynamic offsets
// are multiples of 256.
const jobStride = 256

// uniformBytes is the size of a uniform struct of package shaders.
func uniformBytes(of any) uint64 { return shaders.Binding{Struct: of}.Bytes() }
