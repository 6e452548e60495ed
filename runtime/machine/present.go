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

	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
)

// ErrView is wrapped by every error of [Machine.Present].
var ErrView = errors.New("not a view that can be shown")

const (
	maxPanel = 8192
	maxScale = 64
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
	row  [maxSamples + 2]int32
	rgb  [maxSamples + 2][]uint64 // spread
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
	case p.v.Meaning && p.v.Page == DisplayPage && !m.header.Pixel:
		for i, x := range xs {
			out[i] = codeRGB(m.display[y*p.tw+int(x)])
		}
	case p.v.Meaning && p.v.Page == WriterPage:
		for i, x := range xs {
			out[i] = writerRGB(m.writer[y*p.tw+int(x)])
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

// codeRGB is what a texel of a cell canvas stands for: its ink, where its glyph has any,
// else its paper.
func codeRGB(t uint32) uint32 {
	switch {
	case t>>24 == 0:
		return 0
	case glyph.ROM[t&0xFF] == [glyph.Height]uint8{}:
		return paperRGB[t>>16&0xFF]
	}
	return inkRGB[t>>8&0xFF]
}

// writerRGB is a colour for the address of an instruction: black for none, else one of
// its own that is neither dark nor white. Neighbours differ much (D. Knuth's
// multiplicative hash).
func writerRGB(address uint32) uint32 {
	if address == 0 {
		return 0
	}
	return address*2654435769>>1&0x7F7F7F + 0x505050
}

// dim leaves a quarter of a colour's brightness.
func dim(rgb uint32) uint32 { return rgb >> 2 & 0x3F3F3F }
