package gpu

import (
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// axes works out, for each column and each row of a panel, which texels it shows
// and how much of each, as present.wgsl wants them. The rules are those of
// machine.Present, the reference.
//
// Where texels are larger than panel pixels, many rows of a panel look like the
// one above. Such a row is drawn once, and copied where it is shown.
type axes struct {
	words []uint32 // as present.wgsl has them
	grid  [4]int32 // panel pixels within which grid lines are drawn: x0, y0, x1, y1, inclusive
	rows  []int    // for each panel row, which of the drawn rows it shows
	drawn int      // rows drawn
}

const (
	columnParts = 1 << 7 // what the weights of a column's taps come to
	rowParts    = 1 << 6 // and of a row's

	axisTapsShift = 24      // of a column's or row's word
	axisGridLine  = 1 << 31 //
	tapShift      = 16      // of a tap's weight
	cellShift     = 3       // of the cell, in a texel of cells
)

// newAxes works out the axes of a view of a texture of tw × th texels, of a
// machine with header h; cells says that they are to be told as parts of cells.
func newAxes(v machine.View, h isa.Header, tw, th int, cells bool) axes {
	uw, uh := 0, 0
	if cells {
		uw, uh = isa.CellWidth, isa.CellHeight
	}
	columns := newAxis(v.Width, float64(v.X), float64(v.Scale), tw, uw, columnParts)
	rows := newAxis(v.Height, float64(v.Y), float64(v.Scale), th, uh, rowParts)
	a := axes{grid: markGrid(v, h, tw, th, columns, rows), rows: make([]int, v.Height)}
	for y := range rows {
		if y == 0 || !a.alike(v, rows, y) {
			rows[a.drawn] = rows[y]
			rows[a.drawn].panel = y
			a.drawn++
		}
		a.rows[y] = a.drawn - 1
	}
	rows = rows[:a.drawn]

	first := len(columns) + 2*len(rows)
	var taps []uint32
	add := func(p axisPixel) {
		word := uint32(first+len(taps)) | uint32(len(p.taps))<<axisTapsShift
		if p.line {
			word |= axisGridLine
		}
		a.words = append(a.words, word)
		taps = append(taps, p.taps...)
	}
	for _, p := range columns {
		add(p)
	}
	for _, p := range rows {
		add(p)
		a.words = append(a.words, uint32(p.panel))
	}
	a.words = append(a.words, taps...)
	return a
}

// alike says that panel row y looks as the drawn row does that shows the one above.
func (a *axes) alike(v machine.View, rows []axisPixel, y int) bool {
	above := rows[a.drawn-1]
	if above.line != rows[y].line || int32(y) == a.grid[1] || int32(y-1) == a.grid[3] {
		return false
	}
	if !v.Mark.Empty() { // rows that the frames are on have a look of their own
		f := markFrame(v)
		for _, edge := range []int32{f[1], f[3]} {
			if int32(y) >= edge-1 && int32(y) <= edge+2 {
				return false
			}
		}
	}
	return slices.Equal(above.taps, rows[y].taps)
}

// axisPixel is a column or row of a panel.
type axisPixel struct {
	taps  []uint32
	line  bool // a grid line is on it
	panel int  // of a drawn row: the panel row
}

// newAxis works out panel pixels from start on, along an axis of size texels, of
// which a cell has unit, or 0. The weights of a panel pixel come to whole.
func newAxis(pixels int, start, scale float64, size, unit, whole int) []axisPixel {
	var room [machine.MaxTaps]machine.Tap
	axis := make([]axisPixel, pixels)
	words := make([]uint32, 0, 3*pixels)
	for i := range axis {
		first := len(words)
		for _, t := range machine.AppendTaps(room[:0], start+float64(i)/scale, start+float64(i+1)/scale, size, whole) {
			texel := t.Texel
			if unit > 0 && texel >= 0 {
				texel = texel/unit<<cellShift | texel%unit
			}
			words = append(words, uint32(texel+1)|uint32(t.Weight)<<tapShift)
		}
		axis[i].taps = words[first:]
	}
	return axis
}

// markGrid marks the columns and rows that a grid line is on, and gives the panel
// pixels within which lines are drawn; the rectangle is empty when there is no grid.
func markGrid(v machine.View, h isa.Header, tw, th int, columns, rows []axisPixel) [4]int32 {
	uw, uh := v.GridPitch(h)
	if uw == 0 {
		return [4]int32{0, 0, -1, -1}
	}
	for k := 0; k <= tw; k += uw {
		if i := v.PanelX(k); i >= 0 && i < v.Width {
			columns[i].line = true
		}
	}
	for k := 0; k <= th; k += uh {
		if j := v.PanelY(k); j >= 0 && j < v.Height {
			rows[j].line = true
		}
	}
	return corners(max(0, v.PanelX(0)), max(0, v.PanelY(0)), min(v.Width-1, v.PanelX(tw)), min(v.Height-1, v.PanelY(th)))
}

// markFrame is the inner frame of the marked texels, in panel pixels: x0, y0,
// x1, y1, inclusive.
func markFrame(v machine.View) [4]int32 { return corners(v.MarkFrame()) }

func corners(x0, y0, x1, y1 int) [4]int32 {
	return [4]int32{int32(x0), int32(y0), int32(x1), int32(y1)}
}
