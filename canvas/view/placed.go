package view

import (
	"image"

	"gioui.org/f32"
)

// placed is the part of a Canvas that knows where its texture lies.
type placed struct {
	cam  camera
	cell image.Point // texels of the texture that one display texel takes
}

// SetCell says how many texels of the texture one display texel takes: 6 × 8
// for the human texture of a cell canvas, 1 × 1, the zero value, otherwise.
// Picks are in display texels.
func (c *placed) SetCell(w, h int) { c.cell = image.Pt(w, h) }

// cellSize is the cell with the zero value resolved.
func (c *placed) cellSize() image.Point {
	return image.Pt(max(c.cell.X, 1), max(c.cell.Y, 1))
}

// TexelSize is how large a display texel is in pixels of the panel.
func (c *placed) TexelSize() f32.Point {
	cell := c.cellSize()
	return f32.Pt(float32(c.cam.scale*float64(cell.X)), float32(c.cam.scale*float64(cell.Y)))
}

// Visible is the texels of the texture that are in sight, be it in part.
func (c *placed) Visible() image.Rectangle {
	if !c.cam.known() || c.cam.scale == 0 {
		return image.Rectangle{}
	}
	x0, y0 := c.cam.texelAt(f32.Point{})
	x1, y1 := c.cam.texelAt(f32.Pt(float32(c.cam.panel.X-1), float32(c.cam.panel.Y-1)))
	return image.Rect(x0, y0, x1+1, y1+1).Intersect(image.Rectangle{Max: c.cam.tex})
}

// ShowAll shows the whole texture, now and whenever its size or the panel's changes.
func (c *placed) ShowAll() { c.cam.fit() }

// ShowsAll says whether the canvas follows the size of texture and panel.
func (c *placed) ShowsAll() bool { return !c.cam.manual }

// Place says where the texture was put, to come back to it with SetPlace.
func (c *placed) Place() Place { return c.cam.place() }

// SetPlace goes to such a place.
func (c *placed) SetPlace(p Place) { c.cam.setPlace(p) }
