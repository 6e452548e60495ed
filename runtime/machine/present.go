package machine

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"math"
	"runtime"
	"slices"
	"sync"

	"gvpie/runtime/isa"
)

// ErrView is wrapped by every error of [Machine.Present].
var ErrView = errors.New("not a view that can be shown")

const (
	maxPanel = 8192
	maxScale = 64
	// A panel pixel that holds more texels than this on an axis takes this many
	// samples of them, spread evenly.
	maxTaps = 8
	// A texel with less than this part of a panel pixel is left out, so that
	// rounding in X + i/Scale does not blur whole scales.
	minPart = 1.0 / 512
	// What grid lines and the mark are drawn in, 0xRRGGBB.
	gridRGB      = 0x808080
	markInnerRGB = 0xFFFFFF
	markOuterRGB = 0x000000
	gridUnit     = 8 // panel pixels from which on the grid is drawn
)

// TextureSize is the size in texels of the texture that v shows, of a machine
// with header h and a program page of the given number of words. Pages without a
// width of their own are PageRow wide; words missing in the last row are black.
func TextureSize(h isa.Header, programWords int, v View) (width, height int) {
	words := 0
	switch {
	case v.Texture == HumanTexture:
		return HumanSize(h)
	case v.Page == DisplayPage || v.Page == WriterPage:
		return h.W, h.H
	case v.Page == ProgramPage:
		words = programWords
	case v.Page == DataPage:
		words = h.DataWords
	case v.Page == StatePage:
		words = isa.StateWords
	}
	return PageRow, (words + PageRow - 1) / PageRow
}

// Check says what is wrong with a view, or that dst cannot hold it.
func (v View) Check(dst *image.RGBA) error {
	finite := func(f float32) bool { return !math.IsNaN(float64(f)) && !math.IsInf(float64(f), 0) }
	switch {
	case v.Width < 1 || v.Height < 1 || v.Width > maxPanel || v.Height > maxPanel:
		return fmt.Errorf("%w: a panel of %d × %d pixels", ErrView, v.Width, v.Height)
	case !(v.Scale >= 1.0/maxScale && v.Scale <= maxScale):
		return fmt.Errorf("%w: a scale of %v", ErrView, v.Scale)
	case !finite(v.X) || !finite(v.Y):
		return fmt.Errorf("%w: at %v, %v", ErrView, v.X, v.Y)
	case v.Texture > HumanTexture || v.Page > StatePage:
		return fmt.Errorf("%w: texture %d, page %d", ErrView, v.Texture, v.Page)
	case dst.Rect != image.Rect(0, 0, v.Width, v.Height):
		return fmt.Errorf("%w: a picture of %v for a panel of %d × %d pixels", ErrView, dst.Rect, v.Width, v.Height)
	}
	return nil
}

// Present draws a view into dst, which is v.Width × v.Height from (0, 0). It is
// the reference of present.wgsl, which may differ from it by rounding. Only the
// texels that the panel shows are looked at, so the cost is panel pixels and not
// texture size. The only errors wrap ErrView.
func (m *Machine) Present(dst *image.RGBA, v View) error {
	if err := v.Check(dst); err != nil {
		return err
	}
	tw, th := TextureSize(m.header, len(m.program), v)
	p := presenter{
		m: m, v: v, dst: dst, tw: tw, th: th,
		columns: newAxis(float64(v.X), float64(v.Scale), v.Width, tw, columnParts),
		rows:    newAxis(float64(v.Y), float64(v.Scale), v.Height, th, rowParts),
	}
	bands := min(runtime.GOMAXPROCS(0), v.Height/64+1)
	var wg sync.WaitGroup
	for b := range bands {
		wg.Go(func() { p.band(b*v.Height/bands, (b+1)*v.Height/bands) })
	}
	wg.Wait()
	p.grid()
	p.mark()
	return nil
}

// axis says, for each panel pixel along one axis, which texels it shows and how
// much of each.
type axis struct {
	parts  uint64  // what the weights of a panel pixel's taps come to
	texels []int32 // texels that are shown at all, ascending
	taps   []tap
	from   []int32 // taps[from[i]:from[i+1]] are panel pixel i's
}

type tap struct {
	texel  int32 // index into axis.texels; -1 outside the texture
	weight uint64
}

func newAxis(start, scale float64, pixels, size int, parts uint64) axis {
	a := axis{from: make([]int32, 1, pixels+1), parts: parts}
	var buffer [maxTaps + 2]part
	for i := range pixels {
		ps := samples(buffer[:0], start+float64(i)/scale, start+float64(i+1)/scale, size)
		a.append(ps)
	}
	return a
}

type part struct {
	texel  int
	weight float64
}

// samples are the texels in [lo, hi) and the part of it that each has.
func samples(ps []part, lo, hi float64, size int) []part {
	add := func(texel float64, weight float64) {
		k := -1
		if texel >= 0 && texel < float64(size) {
			k = int(texel)
		}
		if n := len(ps); n > 0 && ps[n-1].texel == k {
			ps[n-1].weight += weight
		} else if weight >= minPart {
			ps = append(ps, part{k, weight})
		}
	}
	span := hi - lo
	if span <= 0 { // so far out that the panel pixel has no width
		add(-1, 1)
		return ps
	}
	first, last := math.Floor(lo), math.Ceil(hi)-1
	if last-first < maxTaps {
		for k := first; k <= last; k++ {
			add(k, (min(hi, k+1)-max(lo, k))/span)
		}
		return ps
	}
	for s := range maxTaps {
		add(math.Floor(lo+(float64(s)+0.5)*span/maxTaps), 1.0/maxTaps)
	}
	return ps
}

// append adds the next panel pixel's taps.
func (a *axis) append(ps []part) {
	total := 0.0
	for _, p := range ps {
		total += p.weight
	}
	left, sum := a.parts, 0.0
	for i, p := range ps {
		sum += p.weight
		w := left - min(left, uint64(math.Round(float64(a.parts)*max(0, 1-sum/total))))
		if i == len(ps)-1 {
			w = left
		}
		left -= w
		texel := int32(-1)
		if p.texel >= 0 {
			if n := len(a.texels); n == 0 || a.texels[n-1] != int32(p.texel) {
				a.texels = append(a.texels, int32(p.texel))
			}
			texel = int32(len(a.texels) - 1)
		}
		a.taps = append(a.taps, tap{texel, w})
	}
	a.from = append(a.from, int32(len(a.taps)))
}

func (a *axis) at(i int) []tap { return a.taps[a.from[i]:a.from[i+1]] }

// presenter draws one view.
type presenter struct {
	m             *Machine
	v             View
	dst           *image.RGBA
	tw, th        int
	columns, rows axis
}

// band draws panel rows [from, to).
func (p *presenter) band(from, to int) {
	lines := newLines(p)
	down := make([]uint64, len(p.columns.texels)) // each column's taps, added up
	for j := from; j < to; j++ {
		pix := p.dst.Pix[j*p.dst.Stride:][:4*p.v.Width]
		taps := p.rows.at(j)
		if j > from && slices.Equal(taps, p.rows.at(j-1)) {
			copy(pix, p.dst.Pix[(j-1)*p.dst.Stride:])
			continue
		}
		clear(down)
		for _, t := range taps {
			lines.add(down, t)
		}
		p.across(pix, down)
	}
}

// across draws a panel row of texels that were weighted by their rows already.
func (p *presenter) across(pix []byte, line []uint64) {
	back := spread(p.v.Back) * rowParts
	for i := range p.v.Width {
		taps := p.columns.at(i)
		var sum uint64
		for _, t := range taps {
			texel := back
			if t.texel >= 0 {
				texel = line[t.texel]
			}
			sum += texel * t.weight
		}
		binary.LittleEndian.PutUint32(pix[4*i:], rgba(average(sum)))
	}
}

// Colours are added up three channels at a time, 21 bits each: eight of the
// channel, seven of the columns' weights, six of the rows'.
const (
	columnParts = 1 << 7
	rowParts    = 1 << 6
	allParts    = columnParts * rowParts
)

func spread(rgb uint32) uint64 {
	return uint64(rgb>>16&0xFF)<<42 | uint64(rgb>>8&0xFF)<<21 | uint64(rgb&0xFF)
}

// average is the colour of a sum with weights that come to allParts.
func average(sum uint64) uint32 {
	sum += allParts/2<<42 | allParts/2<<21 | allParts/2
	return uint32(sum>>(42+13))<<16 | uint32(sum>>(21+13)&0xFF)<<8 | uint32(sum>>13&0xFF)
}

// lines keeps the texel rows drawn last: the colours of columns.texels, lit or
// dimmed. Neighbouring panel rows mostly share them.
type lines struct {
	p    *presenter
	line []uint32 // room for one
	row  [maxTaps + 2]int32
	rgb  [maxTaps + 2][]uint64 // spread
	next int
}

func newLines(p *presenter) *lines {
	l := &lines{p: p}
	for i := range l.row {
		l.row[i] = -1
	}
	return l
}

// add adds a row of texels, or the background outside the texture, by its weight.
func (l *lines) add(sum []uint64, t tap) {
	if t.texel < 0 {
		back := spread(l.p.v.Back) * t.weight
		for i := range sum {
			sum[i] += back
		}
		return
	}
	line := l.get(t.texel)
	for i := range sum {
		sum[i] += line[i] * t.weight
	}
}

// get is a row of texels, an index into rows.texels. Rows are asked for in
// ascending order, so what one panel row asks for is never made twice.
func (l *lines) get(row int32) []uint64 {
	if i := slices.Index(l.row[:], row); i >= 0 {
		return l.rgb[i]
	}
	i := l.next
	l.next = (i + 1) % len(l.row)
	if l.rgb[i] == nil {
		l.line = make([]uint32, len(l.p.columns.texels))
		l.rgb[i] = make([]uint64, len(l.p.columns.texels))
	}
	l.row[i] = row
	l.p.texels(int(l.p.rows.texels[row]), l.line)
	for k, rgb := range l.line {
		l.rgb[i][k] = spread(rgb)
	}
	return l.rgb[i]
}

// texels gives the colours of the texels of row y that the panel shows.
func (p *presenter) texels(y int, out []uint32) {
	m, xs := p.m, p.columns.texels
	cells := p.v.Texture == HumanTexture && !m.header.Pixel
	switch {
	case cells:
		row, line := y/isa.CellHeight*m.header.W, y%isa.CellHeight
		for i, x := range xs {
			ink, paper, bits := cellRow(m.display[row+int(x)/isa.CellWidth], line)
			out[i] = paper
			if bits>>(isa.CellWidth-1-int(x)%isa.CellWidth)&1 == 1 {
				out[i] = ink
			}
		}
	case p.v.Texture == HumanTexture:
		for i, x := range xs {
			out[i] = canvasRGB(m.display[y*m.header.W+int(x)])
		}
	default:
		page := m.Page(p.v.Page)
		for i, x := range xs {
			if at := y*p.tw + int(x); at < len(page) {
				t := page[at]
				out[i] = t&0xFF<<16 | t&0xFF00 | t>>16&0xFF
			} else {
				out[i] = 0
			}
		}
	}
	canvas := p.v.Texture == HumanTexture || p.v.Page == DisplayPage || p.v.Page == WriterPage
	if p.v.LitFrom == p.v.LitTo || !canvas {
		return
	}
	cw, ch := 1, 1
	if cells {
		cw, ch = isa.CellWidth, isa.CellHeight
	}
	for i, x := range xs {
		if by := m.writer[y/ch*m.header.W+int(x)/cw]; by < p.v.LitFrom || by >= p.v.LitTo {
			out[i] = dim(out[i])
		}
	}
}

// dim leaves a quarter of a colour's brightness.
func dim(rgb uint32) uint32 { return rgb >> 2 & 0x3F3F3F }

// panel is the panel pixel that holds texture coordinate t of an axis; pixels
// before or behind the panel are clamped to -2 and size+1.
func panel(t, start float64, scale float32, size int) int {
	return int(max(-2, min(float64(size)+1, math.Floor((t-start)*float64(scale)+minPart))))
}

// grid draws a line between texels, or between cells.
func (p *presenter) grid() {
	uw, uh := 1, 1
	if p.v.Texture == HumanTexture && !p.m.header.Pixel {
		uw, uh = isa.CellWidth, isa.CellHeight
	}
	if !p.v.Grid || float32(uw)*p.v.Scale < gridUnit {
		return
	}
	x0 := max(0, panel(0, float64(p.v.X), p.v.Scale, p.v.Width))
	x1 := min(p.v.Width-1, panel(float64(p.tw), float64(p.v.X), p.v.Scale, p.v.Width))
	y0 := max(0, panel(0, float64(p.v.Y), p.v.Scale, p.v.Height))
	y1 := min(p.v.Height-1, panel(float64(p.th), float64(p.v.Y), p.v.Scale, p.v.Height))
	for k := 0; k <= p.tw; k += uw {
		if i := panel(float64(k), float64(p.v.X), p.v.Scale, p.v.Width); i >= x0 && i <= x1 {
			p.lineDown(i, y0, y1)
		}
	}
	for k := 0; k <= p.th; k += uh {
		if j := panel(float64(k), float64(p.v.Y), p.v.Scale, p.v.Height); j >= y0 && j <= y1 {
			p.lineAcross(j, x0, x1)
		}
	}
}

func (p *presenter) lineDown(i, y0, y1 int) {
	for j := y0; j <= y1; j++ {
		p.tint(i, j)
	}
}

func (p *presenter) lineAcross(j, x0, x1 int) {
	for i := x0; i <= x1; i++ {
		p.tint(i, j)
	}
}

// tint moves a panel pixel a quarter of the way to the grid's colour.
func (p *presenter) tint(i, j int) {
	pix := p.dst.Pix[p.dst.PixOffset(i, j):][:3]
	for k := range pix {
		pix[k] = uint8((3*uint32(pix[k]) + gridRGB&0xFF) / 4)
	}
}

// mark frames the marked texels: one panel pixel of white around them, one of
// black around that.
func (p *presenter) mark() {
	r := p.v.Mark
	if r.Empty() {
		return
	}
	x0 := panel(float64(r.X), float64(p.v.X), p.v.Scale, p.v.Width)
	y0 := panel(float64(r.Y), float64(p.v.Y), p.v.Scale, p.v.Height)
	x1 := panel(float64(r.X)+float64(r.W), float64(p.v.X), p.v.Scale, p.v.Width)
	y1 := panel(float64(r.Y)+float64(r.H), float64(p.v.Y), p.v.Scale, p.v.Height)
	p.frame(x0-1, y0-1, x1, y1, markInnerRGB)
	p.frame(x0-2, y0-2, x1+1, y1+1, markOuterRGB)
}

// frame draws the outline of a rectangle given by its corners, both included.
func (p *presenter) frame(x0, y0, x1, y1 int, rgb uint32) {
	set := func(i, j int) {
		if i >= 0 && j >= 0 && i < p.v.Width && j < p.v.Height {
			binary.LittleEndian.PutUint32(p.dst.Pix[p.dst.PixOffset(i, j):], rgba(rgb))
		}
	}
	for i := x0; i <= x1; i++ {
		set(i, y0)
		set(i, y1)
	}
	for j := y0; j <= y1; j++ {
		set(x0, j)
		set(x1, j)
	}
}
