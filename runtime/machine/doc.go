// Package machine is the reference machine in plain Go: the core that executes a
// program and appends draw commands, the raster that paints them, the blocks
// that run once per texel, the expansion into the human texture, and the
// rendering of views. Every engine must give exactly what it gives.
//
// It is also what the CPU engine runs, so it is fast where that costs no
// exactness. It never reads source text, never touches a file, and knows no GPU.
//
// A frame goes one way:
//
//	core.go      fetch, execute           data, state (tight.go, coreframe.go)
//	commands.go  append draw commands     commands, payload
//	raster.go    paint them in order      display, writer
//	bins.go      … or sort them for one   what the GPU engine uploads (reach.go)
//	each.go      … blocks, per texel      display, writer (wave.go, lanes)
//	expand.go    the human texture        (on demand)
//	present.go   a view of a texture      (on demand; axis.go, overlay.go)
//
// The first two are a [Core], which every engine has; the GPU engine paints what
// it appends on its device. A frame may be stopped at any cycle and looked at
// (frame.go), a machine be used again for another program ([Machine.Reset]), and
// kept as it is (snapshot.go).
//
// Start reading at [Core.Frame] in coreframe.go.
package machine
