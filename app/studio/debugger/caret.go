package debugger

import (
	"context"
	"image"
	"image/color"

	"gvpie/runtime/debug/why"
)

// Caret is the line that the caret is on, and a mark over the texels that it wrote in the
// frame that is looked at. Where an overlay is shown there is none.
type Caret struct {
	m      *Model
	hidden bool
	asked  lineOf
	mark   *image.RGBA
}

// lineOf is a line in a frame. Line 0 is none.
type lineOf struct {
	frameOf
	lineIn
}

// Caret is the caret's line.
func (o *Overlays) Caret() *Caret {
	o.caret.m = o.m
	return &o.caret
}

// Show says whether there is to be a mark.
func (c *Caret) Show(on bool) { c.hidden = !on }

// Shown says whether there is to be one.
func (c *Caret) Shown() bool { return !c.hidden }

// Update has the mark made of a line of a file, as Costs names them, if it is of another,
// or of another frame. What is still looked for of the line before is given up.
func (c *Caret) Update(path string, line int) {
	m := c.m
	if m.now == nil {
		return
	}
	if c.hidden || m.overlays.kind != NoOverlay {
		line = 0
	}
	of := lineOf{lookedAt(m), lineIn{path, line}}
	if of == c.asked {
		return
	}
	c.asked, c.mark = of, nil
	s := m.session
	m.glance(ofCaret, func(ctx context.Context) (func(), error) {
		mark, err := s.mark(ctx, of)
		return func() {
			if c.asked == of {
				c.mark = mark
			}
		}, err
	})
}

// Mark is the mark, a pixel a texel; nil while it is made, and where the line wrote none.
func (c *Caret) Mark() *image.RGBA {
	if c.m.now == nil || c.asked.frameOf != lookedAt(c.m) {
		return nil
	}
	return c.mark
}

// mark makes that of a line.
func (s *session) mark(ctx context.Context, of lineOf) (*image.RGBA, error) {
	ask, err := s.asker(of.frame)
	if err != nil || len(ask.program.Map.Line(of.path, of.line)) == 0 {
		return nil, err
	}
	l, err := ask.Drew(ctx, of.path, of.line, of.frame, of.frame)
	if err != nil || l.Texels == 0 {
		return nil, err
	}
	return outline(l), nil
}

// The mark's colours, multiplied by how little of the picture they cover: it stays to be
// seen through both.
var (
	markEdge   = color.RGBA{170, 113, 40, 170}
	markInside = color.RGBA{36, 24, 8, 36}
)

// outline marks the texels that have a number, those at the edge of such more.
func outline(l *why.Overlay) *image.RGBA {
	has := func(x, y int) bool { return x >= 0 && y >= 0 && x < l.W && y < l.H && l.Has[y*l.W+x] }
	img := image.NewRGBA(image.Rect(0, 0, l.W, l.H))
	for y := range l.H {
		for x := range l.W {
			switch {
			case !has(x, y):
			case has(x-1, y) && has(x+1, y) && has(x, y-1) && has(x, y+1):
				img.SetRGBA(x, y, markInside)
			default:
				img.SetRGBA(x, y, markEdge)
			}
		}
	}
	return img
}
