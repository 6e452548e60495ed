// Package rest has a widget told that the pointer moved only where something else is
// under it. A widget that asks for moves costs a frame of the whole window for each. One
// that lays out an [Area] around the pointer asks to be told when that is left instead.
package rest

import (
	"image"
	"math"

	"gioui.org/f32"
	"gioui.org/io/event"
	"gioui.org/io/pointer"
	"gioui.org/layout"
	"gioui.org/op/clip"
)

// Area is the tag of an area around the pointer for all of which the same is under it.
type Area struct{ _ byte }

// Left says that the pointer has left the area, and where it is.
func (a *Area) Left(gtx layout.Context) (at f32.Point, left bool) {
	for {
		e, ok := gtx.Event(pointer.Filter{Target: a, Kinds: pointer.Leave})
		if !ok {
			return at, left
		}
		if p, ok := e.(pointer.Event); ok {
			at, left = p.Position, true
		}
	}
}

// Layout lays the area out, over all that has input: what lies below has its own.
func (a *Area) Layout(gtx layout.Context, r image.Rectangle) {
	defer pointer.PassOp{}.Push(gtx.Ops).Pop()
	defer clip.Rect(r).Push(gtx.Ops).Pop()
	event.Op(gtx.Ops, a)
}

// Pixel is the pixel that a point is in.
func Pixel(at f32.Point) image.Rectangle {
	p := image.Pt(int(math.Floor(float64(at.X))), int(math.Floor(float64(at.Y))))
	return image.Rectangle{Min: p, Max: p.Add(image.Pt(1, 1))}
}

// Widened widens a pixel to its left and right, each by at most most pixels, while the
// same is under it.
func Widened(pixel image.Rectangle, most int, same func(x int) bool) image.Rectangle {
	x := pixel.Min.X
	for pixel.Min.X > x-most && same(pixel.Min.X-1) {
		pixel.Min.X--
	}
	for pixel.Max.X <= x+most && same(pixel.Max.X) {
		pixel.Max.X++
	}
	return pixel
}
