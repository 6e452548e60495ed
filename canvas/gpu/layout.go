package gpu

import (
	"gvpie/runtime/isa"
	"gvpie/shaders"
)

const (
	statusBytes    = 4 * shaders.DataStart                  // what the host reads after slices
	frameHeadBytes = 4 * (shaders.DataStart + isa.SysWords) // what it writes to begin a frame
)

// rasterBatch is how many commands one raster dispatch walks: Mesa's software
// driver silently leaves a loop after 32 768 iterations.
const rasterBatch = 4096

// The jobs buffer holds the uniforms of a program's dispatches: those of light
// frames, of up to 32, 64, … rasterBatch commands, then those of the pieces of a
// heavy frame that are submitted together.
const (
	lightJobs  = 8
	pieceJobs  = 16
	rasterJobs = lightJobs + pieceJobs
)

// lightLimit is how many commands a light job takes.
func lightLimit(job int) int { return rasterBatch >> (lightJobs - 1 - job) }

// uniformBytes is the size of a uniform struct of package shaders.
func uniformBytes(of any) uint64 { return shaders.Binding{Struct: of}.Bytes() }
