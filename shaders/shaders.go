// Package shaders holds the WGSL of the GPU engine as text, ready to compile, and
// what host and shaders must agree on.
//
// The numbers come from runtime/isa and layout.go, the resources and the uniforms'
// structs from bindings.go; both are written into the text as it is asked for, so
// no number stands twice. human.wgsl is what expand and present share (the look of a
// cell), texel.wgsl what raster and each do. The other files are one stage each; their
// names are those of the Go reference, runtime/machine. The core of a machine runs on the
// CPU, whatever paints its commands; core, operands, machines, brush and shapes are whole
// machines, for batches of thousands. The package knows no WebGPU.
//
// Start reading at raster.wgsl.
package shaders

import (
	_ "embed"
	"fmt"
	"strings"
)

var (
	//go:embed raster.wgsl
	raster string
	//go:embed texel.wgsl
	texel string
	//go:embed each.wgsl
	each string
	//go:embed human.wgsl
	human string
	//go:embed expand.wgsl
	expand string
	//go:embed present.wgsl
	present string
)

// Raster draws a frame's commands; entry point "main", workgroups of 8 × 8
// display texels.
func Raster() string { return consts() + Machine.wgsl() + texel + raster }

// Each runs the block of an EACH, whose text package shaders/each makes: its declarations
// and its body; entry point "main", workgroups of 64 × 1 texels.
func Each(declarations, body string, kind Blocked) string {
	return consts() + Blocks.wgsl() + texel + fmt.Sprintf(`
const PIXEL = %t;
const ALONE = %t;
const ALWAYS = %t;
`, kind.Pixel, kind.Alone, kind.Always) + declarations + strings.Replace(each, blockMark, body, 1)
}

// blockMark is where each.wgsl has the statements of the block.
const blockMark = "        // the block\n"

// Blocked is what the shader of an EACH is made for.
type Blocked struct {
	Pixel  bool // canvas
	Alone  bool // it makes the whole display of a frame by itself
	Always bool // no texel that is not bad ends without a PUT
}

// Expand makes the human texture; entry point "main", workgroups of 16
// display texels × 8 human rows.
func Expand() string { return consts() + Expanded.wgsl() + human + expand }

// Texture is a kind of texture that present shows.
type Texture uint8

// The human texture of a cell canvas, and the same worked out where it is looked
// at, for one too large to hold; that of a pixel canvas; the display page, the
// writer page, and pages that are words of a buffer, as they are; the display page of
// a cell canvas in the colours that its codes stand for, and the writer page with a
// colour an instruction.
const (
	Human Texture = iota
	Cells
	Pixels
	Display
	Writer
	Words
	DisplayMeaning
	WriterMeaning
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
const SHOW_DISPLAY_MEANING = %du;
const SHOW_WRITER_MEANING = %du;
const SHOW = %du;
const LIT = %t;
`, Human, Cells, Pixels, Display, Writer, DisplayMeaning, WriterMeaning, show, lit)
	return consts() + Presented.wgsl() + human + kind + present
}
