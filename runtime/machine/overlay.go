package machine

import "encoding/binary"

const (
	// What grid lines and the mark are drawn in, 0xRRGGBB.
	gridRGB      = 0x808080
	markInnerRGB = 0xFFFFFF
	markOuterRGB = 0x000000
)

// grid draws a line between texels, or between cells.
func (p *presenter) grid() {
	uw, uh := p.v.GridPitch(p.m.header)
	if uw == 0 {
		return
	}
	x0, x1 := max(0, p.v.PanelX(0)), min(p.v.Width-1, p.v.PanelX(p.tw))
	y0, y1 := max(0, p.v.PanelY(0)), min(p.v.Height-1, p.v.PanelY(p.th))
	for k := 0; k <= p.tw; k += uw {
		if i := p.v.PanelX(k); i >= x0 && i <= x1 {
			p.lineDown(i, y0, y1)
		}
	}
	for k := 0; k <= p.th; k += uh {
		if j := p.v.PanelY(k); j >= y0 && j <= y1 {
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

// tint moves a panel pixel an eighth of the way to the grid's colour.
func (p *presenter) tint(i, j int) {
	pix := p.dst.Pix[p.dst.PixOffset(i, j):][:3]
	for k := range pix {
		pix[k] = uint8((7*uint32(pix[k]) + gridRGB&0xFF) / 8)
	}
}

// mark frames the marked texels: one panel pixel of white around them, one of
// black around that.
func (p *presenter) mark() {
	if p.v.Mark.Empty() {
		return
	}
	x0, y0, x1, y1 := p.v.MarkFrame()
	p.frame(x0, y0, x1, y1, markInnerRGB)
	p.frame(x0-1, y0-1, x1+1, y1+1, markOuterRGB)
}

// frame draws the outline of a rectangle given by its corners, both included.
func (p *presenter) frame(x0, y0, x1, y1 int, rgb uint32) {
	set := func(i, j int) {
		if i >= 0 && j >= 0 && i < p.v.Width && j < p.v.Height {
			binary.LittleEndian.PutUint32(p.dst.Pix[p.dst.PixOffset(i, j):], pixelTexel(rgb))
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
