package view

import (
	"image"
	"math"

	"gvpie/canvas/rest"
)

// restArea gives an area around the pointer for all of which the same is under it: a
// texel, or what is left of, right of, above or below the texture, of which a program
// in play is told to the texel too.
func (c *Canvas) restArea() image.Rectangle {
	at := c.hand.at
	x, y, on := c.Pick(at)
	r := c.Area(x, y)
	lies := image.Rectangle{Min: c.cam.pixelOf(0, 0), Max: c.cam.pixelOf(c.cam.tex.X, c.cam.tex.Y)}
	switch {
	case on:
		r = r.Intersect(lies) // of a cell there may be a part
	case !c.play:
		r = image.Rectangle{Max: c.cam.panel}
		switch p := image.Pt(int(at.X), int(at.Y)); {
		case p.X < lies.Min.X:
			r.Max.X = lies.Min.X
		case p.X >= lies.Max.X:
			r.Min.X = lies.Max.X
		case p.Y < lies.Min.Y:
			r.Max.Y = lies.Min.Y
		default:
			r.Min.Y = lies.Max.Y
		}
	}
	return r.Union(rest.Pixel(at))
}

// Area is the pixels of the panel that show a display texel.
func (c *Canvas) Area(x, y int) image.Rectangle {
	cell := c.cellSize()
	return image.Rectangle{Min: c.cam.pixelOf(x*cell.X, y*cell.Y), Max: c.cam.pixelOf((x+1)*cell.X, (y+1)*cell.Y)}
}

// pixelOf is the first pixel of the panel that is of a texel of the texture.
func (c *camera) pixelOf(x, y int) image.Point {
	ox, oy := c.origin()
	first := func(origin float64, texel int) int {
		p := math.Ceil(origin + float64(texel)*c.scale)
		return int(min(max(p, -1e6), 1e6)) // a texel may be larger than any panel
	}
	return image.Pt(first(ox, x), first(oy, y))
}
