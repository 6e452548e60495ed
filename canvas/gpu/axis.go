package gpu

import (
	"math"

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
	maxTaps  = 8         // more texels than this on an axis are sampled
	minPart  = 1.0 / 512 // a texel with less of a panel pixel is left out
	gridUnit = 8         // panel pixels from which on the grid is drawn

	columnParts = 1 << 7 // what the weights of a column's taps come to
	rowParts    = 1 << 6 // and of a row's

	axisTapsShift = 24      // of a column's or row's word
	axisGridLine  = 1 << 31 //
	tapShift      = 16      // of a tap's weight
	cellShift     = 3       // of the cell, in a texel of cells
)

// part is how much of a panel pixel a texel has; texel -1 is outside.
type part struct {
	texel  int
	weight float64
}

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
	var room [maxTaps + 2]part
	for i := range pixels {
		parts := shown(room[:0], start+float64(i)/scale, start+float64(i+1)/scale, size)
		a.words[at+i] = uint32(len(a.words)) | uint32(len(parts))<<axisTapsShift
		a.add(parts, unit, whole)
	}
}

// shown finds the texels in [lo, hi): all of them, or maxTaps spread evenly.
func shown(parts []part, lo, hi float64, size int) []part {
	add := func(texel, weight float64) {
		k := -1
		if texel >= 0 && texel < float64(size) {
			k = int(texel)
		}
		if n := len(parts); n > 0 && parts[n-1].texel == k {
			parts[n-1].weight += weight
		} else if weight >= minPart {
			parts = append(parts, part{k, weight})
		}
	}
	span := hi - lo
	if span <= 0 { // so far out that the panel pixel has no width
		add(-1, 1)
		return parts
	}
	first, last := math.Floor(lo), math.Ceil(hi)-1
	if last-first >= maxTaps {
		for s := range maxTaps {
			add(math.Floor(lo+(float64(s)+0.5)*span/maxTaps), 1.0/maxTaps)
		}
		return parts
	}
	for k := first; k <= last; k++ {
		add(k, (min(hi, k+1)-max(lo, k))/span)
	}
	return parts
}

// add appends the taps of a panel pixel.
func (a *axes) add(parts []part, unit, whole int) {
	total := 0.0
	for _, p := range parts {
		total += p.weight
	}
	left, sum := uint32(whole), 0.0
	for i, p := range parts {
		sum += p.weight
		weight := left
		if i < len(parts)-1 {
			weight -= min(left, uint32(math.Round(float64(whole)*max(0, 1-sum/total))))
		}
		left -= weight
		texel := p.texel
		if unit > 0 && texel >= 0 {
			texel = texel/unit<<cellShift | texel%unit
		}
		a.words = append(a.words, uint32(texel+1)|weight<<tapShift)
	}
}

// panelPixel is the panel pixel that holds texture coordinate t of an axis;
// those before or behind the panel are -2 and size+1.
func panelPixel(t, start float64, scale float32, size int) int {
	return int(max(-2, min(float64(size)+1, math.Floor((t-start)*float64(scale)+minPart))))
}

// grid marks the columns and rows that a grid line is on, and gives the panel
// pixels within which lines are drawn: x0, y0, x1, y1, inclusive. The rectangle
// is empty when there is no grid.
func (a *axes) grid(v machine.View, h isa.Header, tw, th int) [4]int {
	uw, uh := 1, 1
	if v.Texture == machine.HumanTexture && !h.Pixel {
		uw, uh = isa.CellWidth, isa.CellHeight
	}
	if !v.Grid || float32(uw)*v.Scale < gridUnit {
		return [4]int{0, 0, -1, -1}
	}
	x := func(t int) int { return panelPixel(float64(t), float64(v.X), v.Scale, v.Width) }
	y := func(t int) int { return panelPixel(float64(t), float64(v.Y), v.Scale, v.Height) }
	for k := 0; k <= tw; k += uw {
		if i := x(k); i >= 0 && i < v.Width {
			a.words[i] |= axisGridLine
		}
	}
	for k := 0; k <= th; k += uh {
		if j := y(k); j >= 0 && j < v.Height {
			a.words[v.Width+j] |= axisGridLine
		}
	}
	return [4]int{max(0, x(0)), max(0, y(0)), min(v.Width-1, x(tw)), min(v.Height-1, y(th))}
}

// markFrame is the inner frame of the marked texels, in panel pixels: x0, y0,
// x1, y1, inclusive.
func markFrame(v machine.View) [4]int {
	r := v.Mark
	return [4]int{
		panelPixel(float64(r.X), float64(v.X), v.Scale, v.Width) - 1,
		panelPixel(float64(r.Y), float64(v.Y), v.Scale, v.Height) - 1,
		panelPixel(float64(r.X)+float64(r.W), float64(v.X), v.Scale, v.Width),
		panelPixel(float64(r.Y)+float64(r.H), float64(v.Y), v.Scale, v.Height),
	}
}
