package debugger

import (
	"context"
	"image"
	"image/color"

	"gvpie/runtime/debug/why"
)

// Caret is the line that the caret is on, and a mark over the texels that it wrote in the
// frame that is looked at, or in all up to that. Where an overlay is shown there is none.
type Caret struct {
	m         *Model
	hidden    bool
	all       bool
	asked     lineOf
	mark      *image.RGBA
	found     *Overlay // of all frames: how often it wrote each texel
	done, sum int      // frames that were looked at for that, of so many
}

// lineOf is a line in a frame, or in all up to that. Line 0 is none.
type lineOf struct {
	frameOf
	lineIn
	all bool
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

// ShowAll says whether all frames so far are to be looked at, in the place of one.
func (c *Caret) ShowAll(on bool) { c.all = on }

// All says whether they are.
func (c *Caret) All() bool { return c.all }

// Wrote is how often the line wrote each texel in all frames so far. Where it is nil, as many
// of them were looked at as Looked says.
func (c *Caret) Wrote() *Overlay {
	if c.Mark() == nil {
		return nil
	}
	return c.found
}

// Looked is how many frames were looked at, of so many, and the line, 0 for none.
func (c *Caret) Looked() (done, all, line int) { return c.done, c.sum, c.asked.line }

// Update has the mark made of a line of a file, as Costs names them, if it is of another,
// or of another frame. What is still looked for of the line before is given up.
func (c *Caret) Update(path string, line int) {
	m := c.m
	if m.now == nil {
		return
	}
	if c.hidden && !c.all || m.overlays.kind != NoOverlay {
		line = 0
	}
	of := lineOf{lookedAt(m), lineIn{path, line}, c.all}
	if of == c.asked {
		return
	}
	c.asked, c.mark, c.found, c.done, c.sum = of, nil, nil, 0, 0
	s, post := m.session, m.cfg.Post
	m.glance(ofCaret, func(ctx context.Context) (func(), error) {
		found, err := s.wroteBy(ctx, of, func(done, all int) {
			if done%lookedAtOnce == 0 {
				post(func() { c.looked(of, done, all) })
			}
		})
		return func() {
			if c.asked == of && found != nil {
				c.mark = outline(found.Overlay)
				if of.all {
					c.found = found
				}
			}
			c.looked(of, 1, 1)
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

// lookedAtOnce is how many frames are looked at before that is told.
const lookedAtOnce = 16

// looked takes in how many frames were looked at for a mark.
func (c *Caret) looked(of lineOf, done, all int) {
	if c.asked == of {
		c.done, c.sum = done, all
	}
}

// wroteBy finds the texels that a line wrote; nil for none.
func (s *session) wroteBy(ctx context.Context, of lineOf, told func(done, all int)) (*Overlay, error) {
	ask, err := s.asker(of.frame)
	if err != nil || len(ask.program.Map.Line(of.path, of.line)) == 0 {
		return nil, err
	}
	first := of.frame
	if of.all {
		first = ask.past.First()
		ask.Progress = told
		defer func() { ask.Progress = nil }()
	}
	l, err := ask.Drew(ctx, of.path, of.line, first, of.frame)
	if err != nil || l.Texels == 0 {
		return nil, err
	}
	return &Overlay{Kind: Written, Frame: of.frame, Overlay: l}, nil
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
