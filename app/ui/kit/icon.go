package kit

import (
	"image"
	"image/color"
	"math"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/unit"
)

// Icon draws itself on a 16 × 16 grid with a pen.
type Icon func(p *pen)

// pen draws an icon's strokes and areas, scaled to the size asked for.
type pen struct {
	gtx   layout.Context
	scale float32
	color color.NRGBA
}

// Layout draws the icon as a square of the given size.
func (i Icon) Layout(gtx layout.Context, size unit.Dp, c color.NRGBA) layout.Dimensions {
	px := gtx.Dp(size)
	i(&pen{gtx: gtx, scale: float32(px) / 16, color: c})
	return layout.Dimensions{Size: image.Pt(px, px)}
}

// line strokes a polyline through x, y pairs.
func (p *pen) line(width float32, xy ...float32) { p.stroke(width, false, xy) }

// loop strokes a closed polygon through x, y pairs.
func (p *pen) loop(width float32, xy ...float32) { p.stroke(width, true, xy) }

func (p *pen) stroke(width float32, closed bool, xy []float32) {
	path := p.trace(xy, closed)
	paint.FillShape(p.gtx.Ops, p.color, clip.Stroke{Path: path, Width: width * p.scale}.Op())
}

// area fills a polygon through x, y pairs.
func (p *pen) area(xy ...float32) {
	paint.FillShape(p.gtx.Ops, p.color, clip.Outline{Path: p.trace(xy, true)}.Op())
}

func (p *pen) trace(xy []float32, closed bool) clip.PathSpec {
	var path clip.Path
	path.Begin(p.gtx.Ops)
	path.MoveTo(f32.Pt(xy[0], xy[1]).Mul(p.scale))
	for i := 2; i+1 < len(xy); i += 2 {
		path.LineTo(f32.Pt(xy[i], xy[i+1]).Mul(p.scale))
	}
	if closed {
		path.Close()
	}
	return path.End()
}

// rect fills a rectangle.
func (p *pen) rect(x0, y0, x1, y1 float32) { p.area(x0, y0, x1, y0, x1, y1, x0, y1) }

// frame strokes a rounded rectangle.
func (p *pen) frame(width, x0, y0, x1, y1, r float32) {
	var path clip.Path
	path.Begin(p.gtx.Ops)
	s := p.scale
	roundPath(&path, x0*s, y0*s, x1*s, y1*s, r*s)
	paint.FillShape(p.gtx.Ops, p.color, clip.Stroke{Path: path.End(), Width: width * s}.Op())
}

// arc strokes part of a circle, angles in turns clockwise from three o'clock.
func (p *pen) arc(width, x, y, r, from, turn float32) {
	var path clip.Path
	path.Begin(p.gtx.Ops)
	at := func(t float32) f32.Point {
		a := float64(t) * 2 * math.Pi
		return f32.Pt(x+r*float32(math.Cos(a)), y+r*float32(math.Sin(a))).Mul(p.scale)
	}
	path.MoveTo(at(from))
	const steps = 24
	for i := 1; i <= steps; i++ {
		path.LineTo(at(from + turn*float32(i)/steps))
	}
	paint.FillShape(p.gtx.Ops, p.color, clip.Stroke{Path: path.End(), Width: width * p.scale}.Op())
}

// dot fills a circle.
func (p *pen) dot(x, y, r float32) {
	s := p.scale
	box := image.Rect(int((x-r)*s), int((y-r)*s), int((x+r)*s+.999), int((y+r)*s+.999))
	paint.FillShape(p.gtx.Ops, p.color, clip.Ellipse(box).Op(p.gtx.Ops))
}

// roundPath traces a rectangle with rounded corners.
func roundPath(p *clip.Path, x0, y0, x1, y1, r float32) {
	const k = 0.5523 // a quarter circle as a cubic
	p.MoveTo(f32.Pt(x0+r, y0))
	p.LineTo(f32.Pt(x1-r, y0))
	p.CubeTo(f32.Pt(x1-r+r*k, y0), f32.Pt(x1, y0+r-r*k), f32.Pt(x1, y0+r))
	p.LineTo(f32.Pt(x1, y1-r))
	p.CubeTo(f32.Pt(x1, y1-r+r*k), f32.Pt(x1-r+r*k, y1), f32.Pt(x1-r, y1))
	p.LineTo(f32.Pt(x0+r, y1))
	p.CubeTo(f32.Pt(x0+r-r*k, y1), f32.Pt(x0, y1-r+r*k), f32.Pt(x0, y1-r))
	p.LineTo(f32.Pt(x0, y0+r))
	p.CubeTo(f32.Pt(x0, y0+r-r*k), f32.Pt(x0+r-r*k, y0), f32.Pt(x0+r, y0))
	p.Close()
}

// The icons.
var (
	IconRun   Icon = func(p *pen) { p.area(4.5, 2.5, 13.5, 8, 4.5, 13.5) }
	IconPause Icon = func(p *pen) { p.rect(4, 3, 6.5, 13); p.rect(9.5, 3, 12, 13) }
	IconStep  Icon = func(p *pen) { p.area(3.5, 3, 10.5, 8, 3.5, 13); p.rect(11.5, 3, 13.2, 13) }
	// Moves through a run.
	IconForward   Icon = func(p *pen) { p.area(5, 3, 11.5, 8, 5, 13) }
	IconBack      Icon = func(p *pen) { p.area(11, 3, 4.5, 8, 11, 13) }
	IconBreak     Icon = func(p *pen) { p.area(2.5, 3, 8.5, 8, 2.5, 13); p.dot(12, 8, 2.4) }
	IconBreakBack Icon = func(p *pen) { p.area(13.5, 3, 7.5, 8, 13.5, 13); p.dot(4, 8, 2.4) }
	IconFrameBack Icon = func(p *pen) { p.area(12.5, 3, 5.5, 8, 12.5, 13); p.rect(2.8, 3, 4.5, 13) }
	IconOver      Icon = func(p *pen) {
		p.arc(1.3, 7.4, 9.5, 5, .5, .42)
		p.area(10.2, 8.6, 15, 8.6, 12.6, 4.4+7.8)
		p.dot(7.4, 11.5, 1.7)
	}
	IconOverBack Icon = func(p *pen) {
		p.arc(1.3, 8.6, 9.5, 5, .08, -.5)
		p.area(1, 8.6, 5.8, 8.6, 3.4, 12.2)
		p.dot(8.6, 11.5, 1.7)
	}
	IconOut Icon = func(p *pen) {
		p.line(1.4, 8, 9.5, 8, 4)
		p.area(4.8, 6, 11.2, 6, 8, 2)
		p.dot(8, 12.6, 1.7)
	}
	IconReset Icon = func(p *pen) {
		p.arc(1.5, 8, 8.5, 5, -.12, .84)
		p.area(7.6, .8, 12.2, 3.6, 7.9, 6.4)
	}
	IconPad Icon = func(p *pen) { // a game pad
		p.frame(1.2, 1.8, 4.5, 14.2, 11.5, 3.2)
		p.line(1.2, 5.2, 6.3, 5.2, 9.7)
		p.line(1.2, 3.5, 8, 6.9, 8)
		p.dot(10.2, 9, .9)
		p.dot(12, 7, .9)
	}
	IconPlus  Icon = func(p *pen) { p.line(1.4, 8, 3.5, 8, 12.5); p.line(1.4, 3.5, 8, 12.5, 8) }
	IconClose Icon = func(p *pen) { p.line(1.3, 4.5, 4.5, 11.5, 11.5); p.line(1.3, 11.5, 4.5, 4.5, 11.5) }
	IconDot   Icon = func(p *pen) { p.dot(8, 8, 3) }
	IconDown  Icon = func(p *pen) { p.line(1.4, 4.5, 6.5, 8, 10, 11.5, 6.5) }
	IconUp    Icon = func(p *pen) { p.line(1.4, 4.5, 9.5, 8, 6, 11.5, 9.5) }
	IconMore  Icon = func(p *pen) { p.dot(3.5, 8, 1.2); p.dot(8, 8, 1.2); p.dot(12.5, 8, 1.2) }
	IconCheck Icon = func(p *pen) { p.line(1.6, 3.5, 8.5, 6.5, 11.5, 12.5, 4.5) }
	IconFit   Icon = func(p *pen) {
		p.line(1.3, 2.5, 6, 2.5, 2.5, 6, 2.5)
		p.line(1.3, 10, 2.5, 13.5, 2.5, 13.5, 6)
		p.line(1.3, 13.5, 10, 13.5, 13.5, 10, 13.5)
		p.line(1.3, 6, 13.5, 2.5, 13.5, 2.5, 10)
	}
	IconBeside  Icon = func(p *pen) { p.frame(1.2, 2, 3, 14, 13, 1.5); p.line(1.2, 8, 3, 8, 13) }
	IconStacked Icon = func(p *pen) { p.frame(1.2, 2, 3, 14, 13, 1.5); p.line(1.2, 2, 8, 14, 8) }
	IconSingle  Icon = func(p *pen) { p.frame(1.2, 2, 3, 14, 13, 1.5) }
	IconSidebar Icon = func(p *pen) { p.frame(1.2, 2, 3, 14, 13, 1.5); p.line(1.2, 6, 3, 6, 13) }
	IconPanel   Icon = func(p *pen) { p.frame(1.2, 2, 3, 14, 13, 1.5); p.line(1.2, 2, 9.5, 14, 9.5) }
	IconFile    Icon = func(p *pen) {
		p.loop(1.2, 4, 2, 9.5, 2, 12.5, 5, 12.5, 14, 4, 14)
		p.line(1.2, 9, 2, 9, 5.5, 12.5, 5.5)
	}
	IconFolder Icon = func(p *pen) { p.loop(1.2, 2, 3.5, 6.5, 3.5, 8, 5.5, 14, 5.5, 14, 12.5, 2, 12.5) }
	IconSearch Icon = func(p *pen) { p.arc(1.4, 7, 7, 4, 0, 1); p.line(1.6, 10, 10, 13.5, 13.5) }
	IconError  Icon = func(p *pen) {
		p.arc(1.3, 8, 8, 5.5, 0, 1)
		p.line(1.3, 6, 6, 10, 10)
		p.line(1.3, 10, 6, 6, 10)
	}
	IconWarning Icon = func(p *pen) {
		p.loop(1.3, 8, 2.5, 14, 13, 2, 13)
		p.line(1.4, 8, 6.2, 8, 9.6)
		p.dot(8, 11.3, .8)
	}
	IconInfo Icon = func(p *pen) {
		p.arc(1.3, 8, 8, 5.5, 0, 1)
		p.line(1.4, 8, 7.3, 8, 11)
		p.dot(8, 5.2, .9)
	}
	IconHelp Icon = func(p *pen) {
		p.arc(1.3, 8, 8, 5.8, 0, 1)
		p.arc(1.3, 8, 6.7, 1.7, -.5, .62)
		p.line(1.3, 9.2, 7.8, 8.1, 8.6, 8, 9.5)
		p.dot(8, 11.3, .85)
	}
	IconMaximize Icon = func(p *pen) { p.frame(1.3, 3.5, 3.5, 12.5, 12.5, 1) }
	IconRestore  Icon = func(p *pen) {
		p.frame(1.3, 3.5, 5.5, 10.5, 12.5, 1)
		p.line(1.3, 6, 3.5, 12.5, 3.5, 12.5, 10)
	}
	IconMinus Icon = func(p *pen) { p.line(1.4, 3.5, 8, 12.5, 8) }
	IconRing  Icon = func(p *pen) { p.arc(1.3, 8, 8, 5, 0, 1) }
	IconNone  Icon = func(*pen) {} // takes the room of one
)
