// Package shaders holds the WGSL of the GPU engine as text, ready to compile.
//
// consts.wgsl is generated from runtime/isa: a test in canvas/gpu compares it
// with what isa says now and remakes it with -update, so this package imports
// nothing. machine.wgsl declares what core, bin and raster share (their
// bindings, the job of a dispatch), human.wgsl what expand and present share (the
// look of a cell); append.wgsl is a part of core. The other files are one stage
// each; their names are those of the Go reference, runtime/machine.
//
// Start reading at core.wgsl.
package shaders

import (
	_ "embed"
	"fmt"
)

var (
	//go:embed consts.wgsl
	consts string
	//go:embed machine.wgsl
	machine string
	//go:embed core.wgsl
	core string
	//go:embed append.wgsl
	appends string
	//go:embed bin.wgsl
	bin string
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
func Core() string { return consts + machine + core + appends }

// Bin finds the commands that may be seen in each tile of the display; entry
// point "main", workgroups of 64 tiles.
func Bin() string { return consts + machine + bin }

// Raster draws a frame's commands; entry point "main", workgroups of 8 × 8
// display texels.
func Raster() string { return consts + machine + raster }

// Expand makes the human texture; entry point "main", workgroups of 16
// display texels × 8 human rows.
func Expand() string { return consts + human + expand }

// Texture is a kind of texture that present shows.
type Texture uint8

// The human texture of a cell canvas, and the same worked out where it is looked
// at, for one too large to hold; that of a pixel canvas; the display page, the
// writer page, and pages that are words of a buffer, as they are.
const (
	Human Texture = iota
	Cells
	Pixels
	Display
	Writer
	Words
)

// Present draws a view of a kind of texture, lit by who wrote its texels or not;
// entry points "corner" (vertex) and "pixel" (fragment).
func Present(show Texture, lit bool) string {
	kind := fmt.Sprintf(`
const SHOW_HUMAN = %du;
const SHOW_CELLS = %du;
const SHOW_PIXELS = %du;
const SHOW_DISPLAY = %du;
const SHOW_WRITER = %du;
const SHOW = %du;
const LIT = %t;
`, Human, Cells, Pixels, Display, Writer, show, lit)
	return consts + human + kind + present
}
