// Package shaders holds the WGSL of the GPU engine as text, ready to compile.
//
// consts.wgsl is generated from runtime/isa: a test in canvas/gpu compares it
// with what isa says now and remakes it with -update, so this package imports
// nothing. machine.wgsl declares what core and raster share (bindings, the
// layout of the memory buffer), human.wgsl what expand and present share (a
// human pixel of a display texel). The other files are one stage each; their
// names are those of the Go reference, runtime/machine.
//
// Start reading at core.wgsl.
package shaders

import _ "embed"

var (
	//go:embed consts.wgsl
	consts string
	//go:embed machine.wgsl
	machine string
	//go:embed core.wgsl
	core string
	//go:embed raster.wgsl
	raster string
	//go:embed human.wgsl
	human string
	//go:embed expand.wgsl
	expand string
	//go:embed present.wgsl
	present string
)

// Consts is the generated prelude every stage begins with.
func Consts() string { return consts }

// Core runs a machine; entry point "main", one invocation.
func Core() string { return consts + machine + core }

// Raster draws a frame's commands; entry point "main", workgroups of 8 × 8
// display texels.
func Raster() string { return consts + machine + raster }

// Expand makes the human texture; entry point "main", workgroups of 8 × 8 human
// pixels.
func Expand() string { return consts + human + expand }

// Present draws a view; entry points "corner" (vertex) and "pixel" (fragment).
func Present() string { return consts + human + present }
