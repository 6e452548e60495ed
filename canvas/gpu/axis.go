package gpu

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// axes works out, for each column and each row of a panel, which texels it shows
// and how much of each, as present.wgsl wants them. The rules are those of
// machine.Present, the reference.
type axes struct {
	words []uint32
}

const (
	columnParts = 1 << 7 // what the weights of a column's taps come to
	rowParts    = 1 << 6 // and of a row's

	axisTapsShift = 24      // of a column's or row's word
	axisGridLine  = 1 << 31 //
	tapShift      = 16      // of a tap's weight
	cellShift     = 3       // of the cell, in a texel of cells
)

// newAxes works out the axes of a view of a texture of tw × th texels; cells says
// that they are to be told as parts of cells.
func newAxes(v machine.View, tw, th int, cells bool) axes {
	a := axes{make([]uint32, v.Width+v.Height, 3*(v.Width+v.Height))}
	uw, uh := 0, 0
	if cells {
		uw, uh = isa.CellWidth, isa.CellHeight
	}
	a.fill(0, v.Width, float64(v.X), float64(v.Scale), tw, uw, columnParts)
	a.fill(v.Width, v.Height, float64(v.Y), float64(v.Scale), th, uh, rowParts)
	return a
}

// fill works out pixels panel pixels from start on, along an axis of size
// texels, of which a cell has unit, or 0; their words begin at word at. The weights of
// a panel pixel come to whole.
func (a *axes) fill(at, pixels int, start, scale float64, size, unit, whole int) {
	var room [machine.MaxTaps]machine.Tap
	for i := range pixels {
		taps := machine.AppendTaps(room[:0], start+float64(i)/scale, start+float64(i+1)/scale, size, whole)
		a.words[at+i] = uint32(len(a.words)) | uint32(len(taps))<<axisTapsShift
		for _, t := range taps {
			texel := t.Texel
			if unit > 0 && texel >= 0 {
				texel = texel/unit<<cellShift | texel%unit
			}
			a.words = append(a.words, uint32(texel+1)|uint32(t.Weight)<<tapShift)
		}
	}
}

// grid marks the columns and rows that a grid line is on, and gives the panel
// pixels within which lines are drawn: x0, y0, x1, y1, inclusive. The rectangle
// is empty when there is no grid.
func (a *axes) grid(v machine.View, h isa.Header, tw, th int) [4]int {
	uw, uh := v.GridPitch(h)
	if uw == 0 {
		return [4]int{0, 0, -1, -1}
	}
	for k := 0; k <= tw; k += uw {
		if i := v.PanelX(k); i >= 0 && i < v.Width {
			a.words[i] |= axisGridLine
		}
	}
	for k := 0; k <= th; k += uh {
		if j := v.PanelY(k); j >= 0 && j < v.Height {
			a.words[v.Width+j] |= axisGridLine
		}
	}
	return [4]int{max(0, v.PanelX(0)), max(0, v.PanelY(0)), min(v.Width-1, v.PanelX(tw)), min(v.Height-1, v.PanelY(th))}
}

// markFrame is the inner frame of the marked texels, in panel pixels: x0, y0,
// x1, y1, inclusive.
func markFrame(v machine.View) [4]int {
	x0, y0, x1, y1 := v.MarkFrame()
	return [4]int{x0, y0, x1, y1}
}
