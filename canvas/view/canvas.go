package view

import (
	"image"

	"gioui.org/f32"
	"gioui.org/io/pointer"
	"gioui.org/op/paint"

	"gvpie/canvas/rest"
	"gvpie/runtime/machine"
)

// gridScale is from how many pixels a texel the grid is drawn.
const gridScale = 8

// Canvas shows one texture. The zero value is ready to use: fitted, with a
// grid at high zoom. It belongs to the window's goroutine.
//
// A frame is: the setters, then [Canvas.Update], then [Canvas.Layout]. After
// it, if [Canvas.View] differs from the view last asked for, a new rendering is
// due; when it is there, SetPicture and a frame.
type Canvas struct {
	placed
	asked  machine.View
	noGrid bool
	plays  bool // a click gives the program mouse and keys
	play   bool
	free   bool // no text has the keyboard

	picture paint.ImageOp
	shown   machine.View // what picture is a rendering of
	texels  image.Point  // the size of the texture that it shows
	has     bool         // there is a picture

	hand pointerState
	rest rest.Area
	keys keySet
}

// SetTexture says what is shown: a texture, its page (for the machine texture),
// and its size in texels. The place is kept while a person has chosen one, and
// fitted anew otherwise.
func (c *Canvas) SetTexture(tex machine.Texture, page machine.Page, w, h int) {
	c.asked.Texture, c.asked.Page = tex, page
	c.cam.setTexture(image.Pt(w, h))
}

// SetMeaning says whether a page shows what its words mean, or the words as they are: see
// [machine.View].
func (c *Canvas) SetMeaning(on bool) { c.asked.Meaning = on }

// SetMark outlines a rectangle of texels of the texture shown; an empty one
// takes the outline away.
func (c *Canvas) SetMark(r machine.Rect) { c.asked.Mark = r }

// SetLit lights the texels that instructions at addresses [from, to) wrote and
// dims the others; equal addresses light nothing and dim nothing.
func (c *Canvas) SetLit(from, to uint32) { c.asked.LitFrom, c.asked.LitTo = from, to }

// SetGrid allows, or not, a line between texels where one is at least 8 pixels
// large. It is allowed until told otherwise.
func (c *Canvas) SetGrid(on bool) { c.noGrid = !on }

// SetBack is the colour of the panel where the texture is not, 0xRRGGBB.
func (c *Canvas) SetBack(rgb uint32) { c.asked.Back = rgb & 0xFFFFFF }

// SetPlays says whether a click on the canvas gives the program mouse and keys, which
// [Play] tells. Where it does not, a click picks, a drag pans and a double click fits.
// Alt-click picks everywhere.
func (c *Canvas) SetPlays(on bool) { c.plays = on }

// SetFree says that no text has the keyboard, so that a held Space may be the canvas',
// even without the focus.
func (c *Canvas) SetFree(on bool) { c.free = on }

// SetPlay decides who gets the pointer's buttons and the keys: the canvas,
// which pans, zooms and picks with them, or (play) the program that is running,
// through [Press], [Drag], [Release] and [Key], until [Leave]. Ctrl and the wheel zoom,
// and the middle button pans, either way.
func (c *Canvas) SetPlay(on bool) {
	if c.play != on {
		c.play = on
		c.hand.clicks = 0
	}
}

// Playing says whether pointer and keys go to the program.
func (c *Canvas) Playing() bool { return c.play }

// View is what to ask an engine for now, to fill a panel of this size. It is
// comparable: an equal view is an equal picture of the same frame. Before a
// texture is set, or for a panel without a pixel, its Width is 0: ask nothing.
func (c *Canvas) View(size image.Point) machine.View {
	c.cam.setPanel(size)
	if !c.cam.known() {
		return machine.View{}
	}
	v := c.asked
	v.Width, v.Height = size.X, size.Y
	v.Scale = float32(c.cam.scale)
	x, y := c.cam.origin()
	v.X, v.Y = float32(-x/c.cam.scale), float32(-y/c.cam.scale)
	v.Grid = !c.noGrid && c.cam.scale >= gridScale
	return v
}

// SetPicture hands over a finished rendering of v, which nobody changes from
// now on: the window's renderer keeps it as a texture. It shows a texture of so many
// texels. nil takes the picture away.
func (c *Canvas) SetPicture(img *image.RGBA, v machine.View, texels image.Point) {
	if img == nil {
		c.picture, c.has = paint.ImageOp{}, false
		return
	}
	c.picture = paint.NewImageOp(img)
	c.picture.Filter = paint.FilterNearest
	c.shown, c.texels, c.has = v, texels, v.Scale > 0
}

// OneToOne shows a texel as a pixel, the middle of the panel staying where it is.
func (c *Canvas) OneToOne() { c.cam.zoomTo(1, c.middle()) }

// ZoomBy multiplies the zoom, within MinZoom…MaxZoom; what is at this point of
// the panel stays there.
func (c *Canvas) ZoomBy(factor float32, at f32.Point) {
	c.cam.zoomTo(c.cam.scale*float64(factor), at)
}

// Zoom is the number of panel pixels a texel takes; 0 before the first layout.
func (c *Canvas) Zoom() float32 { return float32(c.cam.scale) }

func (c *Canvas) middle() f32.Point {
	return f32.Pt(float32(c.cam.panel.X)/2, float32(c.cam.panel.Y)/2)
}

// Pick gives the display texel under a point of the panel, and whether it is
// on the texture.
func (c *Canvas) Pick(p f32.Point) (x, y int, on bool) {
	x, y = c.cam.texelAt(p)
	on = image.Pt(x, y).In(image.Rectangle{Max: c.cam.tex})
	cell := c.cellSize()
	return floorDiv(x, cell.X), floorDiv(y, cell.Y), on
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// buttons gives the machine's word for held buttons: 1 left, 2 right, 4 middle.
func buttons(b pointer.Buttons) int32 {
	return int32(b & (pointer.ButtonPrimary | pointer.ButtonSecondary | pointer.ButtonTertiary))
}
