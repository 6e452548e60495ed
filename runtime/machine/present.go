package machine

import (
	"errors"
	"fmt"
	"image"
	"math"
	"runtime"
	"sync"

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
	p := &m.presenters[v.Texture]
	p.begin(m, v, dst)
	n := min(runtime.GOMAXPROCS(0), v.Height/stripRows+1)
	for len(p.strips) < n {
		p.strips = append(p.strips, &strip{p: p})
	}
	var wg sync.WaitGroup
	for i := 1; i < n; i++ {
		wg.Go(func() { p.strips[i].draw(i*v.Height/n, (i+1)*v.Height/n) })
	}
	p.strips[0].draw(0, v.Height/n)
	wg.Wait()
	p.before.end(p)
	p.grid()
	p.mark()
	p.m, p.dst, p.pix = nil, nil, nil
	return nil
}

// stripRows is how many panel rows are worth a goroutine.
const stripRows = 64

// presenter draws views of one of the textures, in the memory that those before had.
type presenter struct {
	m             *Machine
	v             View
	dst           *image.RGBA
	tw, th        int
	columns, rows axis
	strips        []*strip

	pix    []byte // where panel rows are drawn, stride bytes apart
	stride int
	before before
}

func (p *presenter) begin(m *Machine, v View, dst *image.RGBA) {
	p.m, p.v, p.dst = m, v, dst
	p.tw, p.th = TextureSize(m.header, len(m.program), v)
	p.columns.set(axisOf{float64(v.X), float64(v.Scale), v.Width, p.tw, columnParts})
	p.rows.set(axisOf{float64(v.Y), float64(v.Scale), v.Height, p.th, rowParts})
	p.pix, p.stride = dst.Pix, dst.Stride
	p.before.begin(p)
}
