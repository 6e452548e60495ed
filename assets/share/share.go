// Package share holds what a desktop is told of the program where it is installed: its
// entry in menus, its icon, the types of its files.
//
// Entry follows the Desktop Entry Specification 1.0, Types the Shared MIME-info
// Specification 0.21, the icon's sizes the Icon Theme Specification.
package share

import (
	_ "embed"
	"fmt"
	"image"
	"image/color"
	"strings"
)

// Entry is the desktop entry, applications/gvpie.desktop.
//
//go:embed gvpie.desktop
var Entry string

// Types are the types of the program's files, mime/packages/gvpie.xml.
//
//go:embed gvpie.xml
var Types string

// icon is the icon, a letter a pixel: the machine's codes on the left, what a person
// sees of them on the right.
//
//go:embed icon.txt
var icon string

// IconSizes are the widths, in pixels, at which every pixel of the icon is as large as
// the others.
var IconSizes = []int{16, 32, 48, 64, 128, 256, 512}

var iconColours = map[byte]color.NRGBA{
	'.': {},
	'#': {0x12, 0x16, 0x1d, 0xff},
	'-': {0x26, 0x2f, 0x3d, 0xff},
	'm': {0xf0, 0x71, 0x78, 0xff},
	'y': {0xe8, 0xb4, 0x5a, 0xff},
	'b': {0x6c, 0xa8, 0xf0, 0xff},
	'h': {0x3f, 0xc6, 0xa0, 0xff},
	'w': {0xd8, 0xdf, 0xea, 0xff},
}

func iconRows() []string { return strings.Fields(icon) }

// Icon is the icon at a size of IconSizes.
func Icon(size int) *image.NRGBA {
	rows := iconRows()
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			img.SetNRGBA(x, y, iconColours[rows[y*len(rows)/size][x*len(rows)/size]])
		}
	}
	return img
}

// IconSVG is the icon at any size.
func IconSVG() string {
	var b strings.Builder
	rows := iconRows()
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %[1]d %[1]d\" shape-rendering=\"crispEdges\">\n", len(rows))
	for y, row := range rows {
		for x := 0; x < len(row); {
			n := 1
			for x+n < len(row) && row[x+n] == row[x] {
				n++
			}
			if c := iconColours[row[x]]; c.A != 0 {
				fmt.Fprintf(&b, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"1\" fill=\"#%02x%02x%02x\"/>\n", x, y, n, c.R, c.G, c.B)
			}
			x += n
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}
