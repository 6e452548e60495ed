package sprites

import (
	"image"
	"image/color"

	"gioui.org/f32"
	"gioui.org/io/event"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"

	"gvpie/app/studio/sprites"
	"gvpie/app/ui/kit"
)

// easel is where the front frame is drawn on.
type easel struct {
	sheet    *sprites.Sheet
	pictures *kit.Pictures
	paper    *image.RGBA // what shows through where there is no colour
	dark     bool        // the theme that paper is for

	letter  byte // what is painted
	filling bool // a press fills, in place of painting
	onion   bool // the frame before shows through

	area  image.Rectangle // of the frame, in the widget
	over  image.Point     // the texel under the pointer
	isIn  bool            // the pointer is over one
	press bool            // a stroke is in hand
}

func (e *easel) update(gtx layout.Context) {
	for {
		ev, ok := gtx.Event(pointer.Filter{Target: e, Kinds: pointer.Press | pointer.Drag | pointer.Release | pointer.Cancel | pointer.Move | pointer.Leave})
		if !ok {
			return
		}
		if p, ok := ev.(pointer.Event); ok {
			e.pointer(p)
		}
	}
}

func (e *easel) pointer(p pointer.Event) {
	at := e.texel(p.Position)
	e.over, e.isIn = at, at.In(image.Rect(0, 0, e.sheet.W, e.sheet.H)) && p.Kind != pointer.Leave
	switch p.Kind {
	case pointer.Press:
		switch {
		case !e.isIn:
		case p.Buttons.Contain(pointer.ButtonSecondary):
			e.letter = e.sheet.Texel(e.sheet.Front(), at.X, at.Y)
		case !p.Buttons.Contain(pointer.ButtonPrimary):
		case e.filling:
			e.sheet.Fill(at.X, at.Y, e.letter)
		default:
			e.press = true
			e.sheet.BeginStroke(at.X, at.Y, e.letter)
		}
	case pointer.Drag:
		if e.press {
			e.sheet.StrokeTo(at.X, at.Y, e.letter)
		}
	case pointer.Release, pointer.Cancel:
		e.press = false
		e.sheet.EndStroke()
	}
}

// texel gives the texel at a point of the widget; it may lie outside the frame.
func (e *easel) texel(p f32.Point) image.Point {
	if e.area.Empty() {
		return image.Pt(-1, -1)
	}
	part := func(v float32, from, size, n int) int {
		at := (v - float32(from)) * float32(n) / float32(size)
		if at < 0 {
			return -1 // toward the edge, not to its first texel
		}
		return min(int(at), n)
	}
	return image.Pt(part(p.X, e.area.Min.X, e.area.Dx(), e.sheet.W), part(p.Y, e.area.Min.Y, e.area.Dy(), e.sheet.H))
}

// gridFrom is how large, in dp, a texel is when lines part it from others.
const gridFrom = 8

func (e *easel) layout(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	s, size := e.sheet, gtx.Constraints.Max
	defer clip.Rect{Max: size}.Push(gtx.Ops).Pop()
	event.Op(gtx.Ops, e)
	semantic.LabelOp("drawing").Add(gtx.Ops)
	pointer.CursorCrosshair.Add(gtx.Ops)
	e.area = fit(size, s.W, s.H)
	if e.paper == nil || e.dark != th.Dark {
		e.paper, e.dark = checkered(s.W, s.H, th), th.Dark
	}
	kit.Outline(gtx, e.area.Inset(-1), 0, 1, th.Line)
	kit.Boxed(gtx, e.area, func(gtx layout.Context) layout.Dimensions {
		e.pictures.Layout(gtx, th, e.paper, nil)
		if i := s.Front() - 1; e.onion && i >= 0 {
			ghost := paint.PushOpacity(gtx.Ops, .3)
			e.pictures.Layout(gtx, th, s.Picture(i), nil)
			ghost.Pop()
		}
		return e.pictures.Layout(gtx, th, s.Picture(s.Front()), nil)
	})
	e.grid(gtx)
	e.cursor(gtx, th)
	return layout.Dimensions{Size: size}
}

// grid draws the lines between texels, as one path.
func (e *easel) grid(gtx layout.Context) {
	s, a := e.sheet, e.area
	if a.Dx() < s.W*gtx.Dp(gridFrom) {
		return
	}
	var p clip.Path
	p.Begin(gtx.Ops)
	line := func(x0, y0, x1, y1 int) {
		p.MoveTo(f32.Pt(float32(x0), float32(y0)))
		p.LineTo(f32.Pt(float32(x1), float32(y0)))
		p.LineTo(f32.Pt(float32(x1), float32(y1)))
		p.LineTo(f32.Pt(float32(x0), float32(y1)))
		p.Close()
	}
	for x := 1; x < s.W; x++ {
		at := a.Min.X + x*a.Dx()/s.W
		line(at, a.Min.Y, at+1, a.Max.Y)
	}
	for y := 1; y < s.H; y++ {
		at := a.Min.Y + y*a.Dy()/s.H
		line(a.Min.X, at, a.Max.X, at+1)
	}
	paint.FillShape(gtx.Ops, color.NRGBA{R: 128, G: 128, B: 128, A: 60}, clip.Outline{Path: p.End()}.Op())
}

// cursor frames the texel that would be painted.
func (e *easel) cursor(gtx layout.Context, th *kit.Theme) {
	if !e.isIn {
		return
	}
	s, a := e.sheet, e.area
	r := image.Rect(a.Min.X+e.over.X*a.Dx()/s.W, a.Min.Y+e.over.Y*a.Dy()/s.H, a.Min.X+(e.over.X+1)*a.Dx()/s.W+1, a.Min.Y+(e.over.Y+1)*a.Dy()/s.H+1)
	kit.Outline(gtx, r, 0, 2, color.NRGBA{A: 180})
	kit.Outline(gtx, r, 0, 1, th.Accent)
}

// fit is the largest rectangle of that shape, in the middle of a size, in which texels
// are whole pixels where they can be.
func fit(size image.Point, w, h int) image.Rectangle {
	box := image.Pt(size.X, size.X*h/w)
	if box.Y > size.Y {
		box = image.Pt(size.Y*w/h, size.Y)
	}
	if n := box.X / w; n >= 1 && box.Y/h >= 1 {
		if n = min(n, box.Y/h); n > 1 {
			n &^= 1 // a texel of paper is two squares wide
		}
		box = image.Pt(n*w, n*h)
	}
	at := size.Sub(box).Div(2)
	return image.Rectangle{Min: at, Max: at.Add(box)}
}

// checkered is paper of as many texels, four squares each, or one where they are many.
func checkered(w, h int, th *kit.Theme) *image.RGBA {
	n := 2
	if w*h > 1<<14 {
		n = 1
	}
	img := image.NewRGBA(image.Rect(0, 0, w*n, h*n))
	a, b := kit.Mix(th.Window, th.Text, 26), kit.Mix(th.Window, th.Text, 48)
	for y := range h * n {
		for x := range w * n {
			if (x+y)%2 == 0 {
				img.Set(x, y, a)
			} else {
				img.Set(x, y, b)
			}
		}
	}
	return img
}

// show draws a frame on paper, in a rectangle.
func show(gtx layout.Context, th *kit.Theme, pictures *kit.Pictures, s *sprites.Sheet, frame int, r image.Rectangle) {
	area := fit(r.Size(), s.W, s.H).Add(r.Min)
	kit.Fill(gtx, area, kit.Mix(th.Window, th.Text, 36))
	off := op.Offset(area.Min).Push(gtx.Ops)
	gtx.Constraints = layout.Exact(area.Size())
	pictures.Layout(gtx, th, s.Picture(frame), nil)
	off.Pop()
}
