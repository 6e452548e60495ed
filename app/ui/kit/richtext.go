package kit

import (
	"image"
	"image/color"
	"strings"

	"gioui.org/font"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"
)

// prose draws inline text that wraps at words, in several styles.
type prose struct {
	th    *Theme
	size  unit.Sp
	ink   color.NRGBA
	bold  bool
	spans []span
}

// piece is a measured piece of a line.
type piece struct {
	call  op.CallOp
	dims  layout.Dimensions
	space int // before it, when it is not first on its line
	code  bool
}

// chipPad is how far the ground of a piece of code reaches beyond it.
const chipPad unit.Dp = 3

// Layout draws the prose in the constraints' width.
func (p prose) layout(gtx layout.Context) layout.Dimensions {
	width := gtx.Constraints.Max.X
	words := p.measure(gtx)
	leading := gtx.Sp(p.size * 8 / 5)
	x, y, widest := 0, 0, 0
	pad := gtx.Dp(chipPad)
	for _, w := range words {
		if x > 0 && x+w.space+w.dims.Size.X > width {
			x, y = 0, y+leading
		} else if x > 0 {
			x += w.space
		}
		top := y + (leading-w.dims.Size.Y)/2
		if w.code {
			FillRound(gtx, image.Rect(x-pad, top-1, x+w.dims.Size.X+pad, top+w.dims.Size.Y+1), 3, Alpha(p.th.Selected, 200))
		}
		At(gtx, image.Pt(x, top), func(gtx layout.Context) layout.Dimensions {
			w.call.Add(gtx.Ops)
			return w.dims
		})
		x += w.dims.Size.X
		widest = max(widest, x)
	}
	return layout.Dimensions{Size: image.Pt(widest, y+leading)}
}

// Measure sets every word once, at the origin.
func (p prose) measure(gtx layout.Context) []piece {
	gtx.Constraints = layout.Constraints{Max: gtx.Constraints.Max}
	space := gtx.Sp(p.size * 27 / 100)
	var out []piece
	glue := false // the next word touches the one before
	for _, s := range p.spans {
		if strings.HasPrefix(s.text, " ") {
			glue = false
		}
		parts := strings.Fields(s.text)
		if s.code {
			parts = []string{s.text}
		}
		for i, part := range parts {
			l := Label{Theme: p.th, Text: part, Font: p.th.UI, Size: p.size, Color: p.ink, Lines: 1}
			if s.bold || p.bold {
				l.Font.Weight, l.Color = font.SemiBold, p.th.Text
			}
			if s.italic {
				l.Color = p.th.Text
			}
			w := piece{space: space, code: s.code}
			if n := len(out); n > 0 && out[n-1].code {
				w.space += gtx.Dp(chipPad)
			}
			if s.code {
				l.Font, l.Size, l.Color = p.th.Code, p.size-1, p.th.Function
				w.space += gtx.Dp(chipPad)
			}
			if i == 0 && glue {
				w.space = 0
				if s.code {
					w.space = gtx.Dp(chipPad)
				}
			}
			m := op.Record(gtx.Ops)
			w.dims = l.Layout(gtx)
			w.call = m.Stop()
			out = append(out, w)
		}
		glue = !strings.HasSuffix(s.text, " ") && len(parts) > 0
	}
	return out
}
