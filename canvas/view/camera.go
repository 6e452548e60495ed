package view

import (
	"image"
	"math"

	"gioui.org/f32"
)

const (
	// MinZoom and MaxZoom bound what a person can zoom to, in panel pixels a
	// texel. A texture too large for its panel at MinZoom can still be fitted.
	MinZoom = 1.0 / 16
	MaxZoom = 64

	// minScale is the smallest scale a machine.View may have.
	minScale = 1.0 / 64
	// snapLoss is how much of the largest possible scale ShowAll gives up to show
	// every texel as one pixel. From two pixels on the number is always whole: texels
	// are then crisp squares, all alike, at a third of the size at most.
	snapLoss = 0.12
	// keep is how many pixels of the texture stay in the panel, however far it
	// is panned (fewer where texture or panel are smaller).
	keep = 64
)

// A camera says where in a panel a texture lies: texel (x, y) has its top-left
// corner at panel pixel off + (x, y)·scale. It holds fractions of pixels, so
// that many small pans add up, but gives whole ones, so that at whole scales
// the texels' edges and the pixels' coincide.
type camera struct {
	tex    image.Point // texels; zero before a texture is set
	panel  image.Point // pixels; zero before the first layout
	scale  float64     // panel pixels a texel; 0 before the first fit
	offX   float64
	offY   float64
	manual bool  // a person chose the place: no longer fitted
	wanted Place // where to go once texture and panel are known; the zero value: nowhere
}

// known says whether there is a texture and a panel to show it in.
func (c *camera) known() bool {
	return c.tex.X > 0 && c.tex.Y > 0 && c.panel.X > 0 && c.panel.Y > 0
}

// fitScale is the scale that shows the whole texture as large as it can be, on
// a whole number of pixels a texel from two on, and one where that costs less than
// snapLoss.
func (c *camera) fitScale() float64 {
	s := min(float64(c.panel.X)/float64(c.tex.X), float64(c.panel.Y)/float64(c.tex.Y))
	if whole := math.Floor(s); whole >= 2 || whole == 1 && s*(1-snapLoss) < 1 {
		s = whole
	}
	return min(max(s, minScale), MaxZoom)
}

// fit shows the whole texture in the middle of the panel, and goes on doing so
// when either changes size.
func (c *camera) fit() {
	c.manual = false
	if c.known() {
		c.scale = c.fitScale()
		c.centre()
	}
}

func (c *camera) centre() {
	c.offX = (float64(c.panel.X) - float64(c.tex.X)*c.scale) / 2
	c.offY = (float64(c.panel.Y) - float64(c.tex.Y)*c.scale) / 2
}

// setTexture changes what is looked at. A fitted camera fits the new size; one
// placed by hand stays, as far as the new size allows.
func (c *camera) setTexture(size image.Point) {
	if c.tex == size {
		return
	}
	c.tex = size
	c.clamp()
	c.goToWanted()
}

// setPanel changes the size of the panel. A fitted camera fits it; one placed
// by hand keeps the texel in the middle of the panel there.
func (c *camera) setPanel(size image.Point) {
	if c.panel == size {
		return
	}
	if c.known() {
		c.offX += float64(size.X-c.panel.X) / 2
		c.offY += float64(size.Y-c.panel.Y) / 2
	}
	c.panel = size
	c.clamp()
	c.goToWanted()
}

// clamp makes the place valid after a size has changed.
func (c *camera) clamp() {
	if !c.manual || c.scale == 0 {
		manual := c.manual
		c.fit()
		c.manual = manual
		return
	}
	c.limit()
}

// zoomTo changes the scale; the texture's point under panel point at stays
// there.
func (c *camera) zoomTo(scale float64, at f32.Point) {
	if !c.known() {
		return
	}
	scale = min(max(scale, min(MinZoom, c.fitScale())), MaxZoom)
	k := scale / c.scale
	c.offX = float64(at.X) - (float64(at.X)-c.offX)*k
	c.offY = float64(at.Y) - (float64(at.Y)-c.offY)*k
	c.scale = scale
	c.manual = true
	c.limit()
}

// panTo puts the texture's top-left corner at (x, y) of the panel.
func (c *camera) panTo(x, y float64) {
	if !c.known() {
		return
	}
	c.offX, c.offY = x, y
	c.manual = true
	c.limit()
}

// limit keeps the texture from being lost.
func (c *camera) limit() {
	if c.known() {
		c.offX = limitAxis(c.offX, float64(c.tex.X)*c.scale, float64(c.panel.X))
		c.offY = limitAxis(c.offY, float64(c.tex.Y)*c.scale, float64(c.panel.Y))
	}
}

func limitAxis(off, extent, panel float64) float64 {
	k := min(keep, extent, panel/2)
	return min(max(off, k-extent), panel-k)
}

// origin is the panel pixel of the texture's top-left corner.
func (c *camera) origin() (x, y float64) { return math.Round(c.offX), math.Round(c.offY) }

// texelAt gives the texel under a panel point, which may lie off the texture.
func (c *camera) texelAt(p f32.Point) (x, y int) {
	if c.scale == 0 {
		return 0, 0
	}
	ox, oy := c.origin()
	return int(math.Floor((float64(p.X) - ox) / c.scale)), int(math.Floor((float64(p.Y) - oy) / c.scale))
}

// Place is where a person put a texture: the zoom, in pixels a texel, and the texel in
// the middle of the panel. The zero value is a texture that is fitted.
type Place struct{ Zoom, X, Y float64 }

// place gives the place, to come back to with setPlace.
func (c *camera) place() Place {
	switch {
	case c.wanted.Zoom > 0:
		return c.wanted
	case !c.manual || !c.known():
		return Place{}
	}
	return Place{c.scale, (float64(c.panel.X)/2 - c.offX) / c.scale, (float64(c.panel.Y)/2 - c.offY) / c.scale}
}

// setPlace puts the texture there, at once or as soon as it and its panel are known.
func (c *camera) setPlace(p Place) {
	c.wanted = p
	if p.Zoom <= 0 {
		c.wanted = Place{}
		c.fit()
		return
	}
	c.goToWanted()
}

func (c *camera) goToWanted() {
	p := c.wanted
	if p.Zoom == 0 || !c.known() {
		return
	}
	c.wanted = Place{}
	c.scale = min(max(p.Zoom, min(MinZoom, c.fitScale())), MaxZoom)
	c.offX, c.offY = float64(c.panel.X)/2-p.X*c.scale, float64(c.panel.Y)/2-p.Y*c.scale
	c.manual = true
	c.limit()
}
