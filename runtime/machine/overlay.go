package machine

import (
	"encoding/binary"
	"math"

	"gvpie/runtime/isa"
)

const (
	gridUnit = 8 // panel pixels from which on the grid is drawn
	// What grid lines and the mark are drawn in, 0xRRGGBB.
	gridRGB      = 0x808080
	markInnerRGB = 0xFFFFFF
	markOuterRGB = 0x000000
)

// panel is the panel pixel that holds texture coordinate t of an axis; pixels
// before or behind the panel are clamped to -2 and size+1.
func panel(t, start float64, scale float32, size int) int {
	return int(max(-2, min(float64(size)+1, math.Floor((t-start)*float64(scale)+minPart))))
}

// grid draws a line between texels, or between cells.
func (p *presenter) grid() {
	uw, uh := 1, 1
	if p.v.Texture == HumanTexture && !p.m.header.Pixel {
		uw, uh = isa.CellWidth, isa.CellHeight
	}
	if !p.v.Grid || float32(uw)*p.v.Scale < gridUnit {
		return
	}
	x0 := max(0, panel(0, float64(p.v.X), p.v.Scale, p.v.Width))
	x1 := min(p.v.Width-1, panel(float64(p.tw), float64(p.v.X), p.v.Scale, p.v.Width))
	y0 := max(0, panel(0, float64(p.v.Y), p.v.Scale, p.v.Height))
	y1 := min(p.v.Height-1, panel(float64(p.th), float64(p.v.Y), p.v.Scale, p.v.Height))
	for k := 0; k <= p.tw; k += uw {
		if i := panel(float64(k), float64(p.v.X), p.v.Scale, p.v.Width); i >= x0 && i <= x1 {
			p.lineDown(i, y0, y1)
		}
	}
	for k := 0; k <= p.th; k += uh {
		if j := panel(float64(k), float64(p.v.Y), p.v.Scale, p.v.Height); j >= y0 && j <= y1 {
			p.lineAcross(j, x0, x1)
		}
	}
}

func (p *presenter) lineDown(i, y0, y1 int) {
	for j := y0; j <= y1; j++ {
		p.tint(i, j)
	}
}

func (p *presenter) lineAcross(j, x0, x1 int) {
	for i := x0; i <= x1; i++ {
		p.tint(i, j)
	}
}

// tint moves a panel pixel a quarter of the way to the grid's colour.
func (p *presenter) tint(i, j int) {
	pix := p.dst.Pix[p.dst.PixOffset(i, j):][:3]
	for k := range pix {
		pix[k] = uint8((3*uint32(pix[k]) + gridRGB&0xFF) / 4)
	}
}

// mark frames the marked texels: one panel pixel of white around them, one of
// black around that.
func (p *presenter) mark() {
	r := p.v.Mark
	if r.Empty() {
		return
	}
	x0 := panel(float64(r.X), float64(p.v.X), p.v.Scale, p.v.Width)
	y0 := panel(float64(r.Y), float64(p.v.Y), p.v.Scale, p.v.Height)
	x1 := panel(float64(r.X)+float64(r.W), float64(p.v.X), p.v.Scale, p.v.Width)
	y1 := panel(float64(r.Y)+float64(r.H), float64(p.v.Y), p.v.Scale, p.v.Height)
	p.frame(x0-1, y0-1, x1, y1, markInnerRGB)
	p.frame(x0-2, y0-2, x1+1, y1+1, markOuterRGB)
}

// frame draws the outline of a rectangle given by its corners, both included.
func (p *presenter) frame(x0, y0, x1, y1 int, rgb uint32) {
	set := func(i, j int) {
		if i >= 0 && j >= 0 && i < p.v.Width && j < p.v.Height {
			binary.LittleEndian.PutUint32(p.dst.Pix[p.dst.PixOffset(i, j):], rgba(rgb))
		}
	}
	for i := x0; i <= x1; i++ {
		set(i, y0)
		set(i, y1)
	}
	for j := y0; j <= y1; j++ {
		set(x0, j)
		set(x1, j)
	}
}
