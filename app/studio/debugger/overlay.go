package debugger

import (
	"context"
	"image"
	"image/color"

	"gvpie/runtime/debug"
	"gvpie/runtime/debug/why"
	"gvpie/runtime/isa"
)

// OverlayKind is what an overlay tells of each texel.
type OverlayKind uint8

const (
	NoOverlay  OverlayKind = iota
	Heat                   // the instructions that blocks took for it
	Overdraw               // the commands that drew it
	Changed                // whether the frame left it otherwise than the one before
	Expression             // what an expression was as its block ended
	Against                // whether another branch left it otherwise: see Branches.Other
	Processors             // whether the other processor leaves it otherwise
	Written                // how often a line wrote it: see Caret.Wrote
)

// Overlays is what is laid over the picture of the moment that is looked at: a number of
// each texel, as a colour. With them go what tells of its frame by lines: Caret, and Costs.
type Overlays struct {
	m       *Model
	kind    OverlayKind
	text    string // the expression
	asked   overlayOf
	found   *Overlay
	problem string
	sets    int           // values that were changed
	other   *debug.Branch // that was chosen to be compared with
	caret   Caret
	costs   Costs
}

// frameOf is the frame of a run, or of a branch.
type frameOf struct {
	session *session
	branch  string
	frame   int
	sets    int // values that were changed by then
}

// lookedAt is the frame whose draws are looked at. There is a moment.
func lookedAt(m *Model) frameOf {
	return frameOf{m.session, m.now.Branch, m.now.Drawn, m.overlays.sets}
}

// overlayOf is what an overlay is of.
type overlayOf struct {
	frameOf
	kind  OverlayKind
	text  string
	other *debug.Branch // of Against
}

// Overlay is the numbers of a frame's texels, and their picture, a pixel each.
type Overlay struct {
	Kind  OverlayKind
	Frame int
	*why.Overlay
	Picture *image.RGBA

	With   string // what it is compared with, as "on the GPU"; "": nothing
	header isa.Header
	a, b   []uint32 // the display page here and there; nil: nothing is
}

// Differs is what a texel is here and there, in words; ok is false where it is the same.
func (o *Overlay) Differs(x, y int) (here, there string, ok bool) {
	if _, ok := o.At(x, y); !ok || o.b == nil {
		return "", "", false
	}
	at := y*o.W + x
	return o.header.TexelText(o.a[at]), o.header.TexelText(o.b[at]), true
}

// Overlays is what is laid over the picture.
func (m *Model) Overlays() *Overlays {
	m.overlays.m = m
	return &m.overlays
}

// Kind is what is shown.
func (o *Overlays) Kind() OverlayKind { return o.kind }

// Text is the expression that is shown, or was last.
func (o *Overlays) Text() string { return o.text }

// Show shows an overlay in the place of the one before.
func (o *Overlays) Show(kind OverlayKind) { o.kind = kind }

// Express shows an expression of texels.
func (o *Overlays) Express(text string) { o.kind, o.text = Expression, text }

// Found is the overlay as it is known; nil while it is looked for, or where there is none.
func (o *Overlays) Found() *Overlay {
	if o.kind == NoOverlay || o.m.now == nil || o.asked != o.wanted() {
		return nil
	}
	return o.found
}

// Problem is why there is none, "" if there is.
func (o *Overlays) Problem() string {
	if o.m.now == nil || o.asked != o.wanted() {
		return ""
	}
	return o.problem
}

// wanted is what is to be shown at the moment that is looked at.
func (o *Overlays) wanted() overlayOf {
	w := overlayOf{frameOf: lookedAt(o.m), kind: o.kind}
	switch o.kind {
	case Expression:
		w.text = o.text
	case Against:
		if b, ok := o.m.Branches().Other(); ok {
			w.other = b.of
		}
	}
	return w
}

// closed is what is kept of them where the debugger closes.
func (o *Overlays) closed() Overlays {
	return Overlays{caret: Caret{hidden: o.caret.hidden}, costs: Costs{hidden: o.costs.hidden}}
}

// Update has what is to be shown looked for, if that is another than before.
func (o *Overlays) Update() {
	m := o.m
	if m.now == nil || o.kind == NoOverlay || o.kind == Expression && o.text == "" {
		return
	}
	of := o.wanted()
	if of == o.asked {
		return
	}
	o.asked, o.found, o.problem = of, nil, ""
	s := m.session
	m.glance(overTexels, func(ctx context.Context) (func(), error) {
		found, err := s.overlay(ctx, of)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return func() {
			if o.asked != of {
				return
			}
			if o.found = found; err != nil {
				o.problem = err.Error()
			}
		}, nil
	})
}

// overlay finds the numbers of a frame's texels.
func (s *session) overlay(ctx context.Context, of overlayOf) (*Overlay, error) {
	switch of.kind {
	case Against:
		return s.against(ctx, of)
	case Processors:
		return s.processors(ctx, of)
	}
	ask, err := s.asker(of.frame)
	if err != nil {
		return nil, err
	}
	var l *why.Overlay
	switch of.kind {
	case Heat:
		l, err = ask.Heat(ctx, of.frame)
	case Overdraw:
		l, err = ask.Overdraw(ctx, of.frame)
	case Changed:
		l, err = ask.Changed(ctx, of.frame)
	default:
		l, err = ask.Each(ctx, of.text, "", 0, of.frame)
	}
	if err != nil {
		return nil, err
	}
	return &Overlay{Kind: of.kind, Frame: of.frame, Overlay: l, Picture: paint(l)}, nil
}

// At is the number of a texel; ok is false where it has none.
func (o *Overlay) At(x, y int) (n int32, ok bool) {
	if x < 0 || y < 0 || x >= o.W || y >= o.H {
		return 0, false
	}
	return o.Values[y*o.W+x], o.Has[y*o.W+x]
}

// paint makes the picture of an overlay: the colour of each number, and nearly black
// where there is none.
func paint(l *why.Overlay) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, l.W, l.H))
	none := color.RGBA{A: 190}
	for i, v := range l.Values {
		c := none
		if l.Has[i] {
			c = OverlayColor(v, l.Low, l.High)
			c.R, c.G, c.B, c.A = shade(c.R), shade(c.G), shade(c.B), shade(255)
		}
		img.SetRGBA(i%l.W, i/l.W, c)
	}
	return img
}

// shade is a channel of a colour through which the picture is seen, multiplied by how
// little it is.
func shade(v uint8) uint8 { return uint8(int(v) * 215 / 255) }

// ramp goes from dark to bright at even steps for the eye, and is told apart by those who
// see no red or green.
var ramp = [...]color.RGBA{{68, 1, 84, 255}, {59, 82, 139, 255}, {33, 145, 140, 255}, {94, 201, 98, 255}, {253, 231, 37, 255}}

// OverlayColor is the colour of a number from low to high.
func OverlayColor(v, low, high int32) color.RGBA {
	if high <= low {
		return ramp[len(ramp)-1]
	}
	const steps = len(ramp) - 1
	at := (int64(v) - int64(low)) * int64(steps) * 256 / (int64(high) - int64(low))
	i := min(int(at>>8), steps-1)
	mix := func(a, b uint8) uint8 { return uint8((int64(a)*(int64(i+1)<<8-at) + int64(b)*(at-int64(i)<<8)) >> 8) }
	a, b := ramp[i], ramp[i+1]
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}
