// Package bench holds what the figures of gvpie bench are measured with: programs
// in PXL (pxl), and beside them the yardsticks that paint the same pictures by hand:
// in C (c), in WGSL (wgsl), and as plain loops in Go (loops.go) for computers
// without a C compiler. Beside them are pictures that are to be painted (targets), as
// PNGs and as programs that show them.
//
// It imports nothing of this module and measures nothing itself: see
// runtime/benchmark.
package bench

import (
	"embed"
	"fmt"
)

//go:embed pxl/*.pxl c/*.c c/*.h wgsl/*.wgsl targets
var files embed.FS

// Program is the source of a program in PXL: "plasma".
func Program(name string) string { return read("pxl/" + name + ".pxl") }

// Kernel is a compute shader that paints what the program in PXL of that name paints:
// entry point main, 64 × 1 invocations a workgroup, one a texel; group 0 has the
// display page (binding 0), the writer page (1) and a uniform of width, height and
// frame (2).
func Kernel(name string) string { return read("wgsl/" + name + ".wgsl") }

// C is the source of a program in C, and Header what it includes as "bench.h",
// where its orders are described.
func C(name string) string { return read("c/" + name + ".c") }
func Header() string       { return read("c/bench.h") }

// Target is a picture to be painted: a PNG, or a program that shows it.
func Target(name string) (png []byte, program string) {
	if text, err := files.ReadFile("targets/" + name + ".png"); err == nil {
		return text, ""
	}
	return nil, read("targets/" + name + ".pxl")
}

func read(name string) string {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("%s is not embedded: %v", name, err))
	}
	return string(text)
}
