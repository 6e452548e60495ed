package editor

import (
	"image"
	"image/color"
	"slices"

	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
)

// Breaks are the lines, from 1, that have a breakpoint. They move with the text.
type Breaks struct{ lines []int }

// Lines lists them, rising. It is not to be changed.
func (b *Breaks) Lines() []int { return b.lines }

// Toggle gives a line a breakpoint, or takes it away.
func (b *Breaks) Toggle(line int) {
	i, found := slices.BinarySearch(b.lines, line)
	if found {
		b.lines = slices.Delete(slices.Clone(b.lines), i, i+1)
		return
	}
	b.lines = slices.Insert(slices.Clone(b.lines), i, line)
}

// follow moves them where a text that has ends of lines was put from a place on line
// first to one on line last, both from 0. whole says that the place begins its line: what
// stands there goes on with its breakpoint.
func (b *Breaks) follow(first, last, ends int, whole bool) {
	if last == first && ends == 0 || len(b.lines) == 0 {
		return
	}
	moved := slices.Clone(b.lines)
	for i := range moved {
		switch line := moved[i] - 1; {
		case line > last:
			moved[i] += ends - (last - first)
		case line == last && (last > first || whole):
			moved[i] = first + ends + 1
		case line > first:
			moved[i] = first + 1 // it is gone
		}
	}
	b.lines = slices.Compact(moved)
}

// breakRoom is the width, in dp, of the gutter's edge that breakpoints are set in.
const breakRoom = 18

// paint draws the dots of the breakpoints; those that never stop are hollow.
func (b *Breaks) paint(e *view, gtx layout.Context, c color.NRGBA, idle map[int]string, first, last int) {
	for _, line := range b.lines {
		if line-1 < first || line-1 > last {
			continue
		}
		d := gtx.Dp(9)
		x, y := gtx.Dp(5), e.lineTop(line-1)+(e.geometry.lineHeight-d)/2
		dot := clip.Ellipse(image.Rect(x, y, x+d, y+d))
		if idle[line] != "" {
			paint.FillShape(gtx.Ops, c, clip.Stroke{Path: dot.Path(gtx.Ops), Width: float32(gtx.Dp(1.5))}.Op())
			continue
		}
		paint.FillShape(gtx.Ops, c, dot.Op(gtx.Ops))
	}
}
