package gpu

import (
	"context"
	"image"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/shaders"
)

// mostBandBytes bounds the human texture. A larger picture (1024 × 1024 cells
// make one of 200 MB) is expanded and copied out in bands of rows.
const mostBandBytes = 16 << 20

// human is a machine's human texture.
type human struct {
	band   *bitmap
	bands  *wgpu.Buffer // a shaders.Band
	groups [2]*wgpu.BindGroup
	stale  bool // the texture is not of the display page as it is
}

func (h *human) unbind() {
	for i := range h.groups {
		releaseGroup(&h.groups[i])
	}
}

func (h *human) release() {
	h.unbind()
	h.band.release()
	h.band = nil
	releaseBuffer(&h.bands)
}

// humanRows is the size of a canvas's human texture, and how many rows of it are
// held.
func humanRows(canvas isa.Header) (w, h, rows int) {
	w, h = machine.HumanSize(canvas)
	return w, h, min(h, max(1, mostBandBytes/int(rowBytes(w))))
}

// ensureHuman makes the human texture, or the band of it, of the canvas.
func (m *Machine) ensureHuman() error {
	h, d := &m.human, m.d
	w, _, rows := humanRows(m.header)
	if h.band == nil || h.band.w != w || h.band.h != rows {
		h.unbind()
		m.panel.unbind()
		h.band.release()
		h.band, h.stale = nil, true
		var err error
		h.band, err = d.bitmap("human texture", w, rows, wgpu.TextureFormatRGBA8Unorm,
			wgpu.TextureUsageStorageBinding|wgpu.TextureUsageTextureBinding|wgpu.TextureUsageCopySrc)
		if err != nil {
			return err
		}
	}
	if h.bands == nil {
		var err error
		if h.bands, err = d.buffer("band", uniformBytes(shaders.Band{}), uniformBuffer); err != nil {
			return err
		}
	}
	if h.groups[m.current] == nil {
		var err error
		h.groups[m.current], err = d.bind(d.ofExpand, resources{
			"display": m.displays[m.current], "tables": d.tables, "band": h.bands, "human": h.band,
		})
		return err
	}
	return nil
}

// expand gives what records the human texture's rows from top on, if they are
// not what the texture holds; the texture must fit.
func (m *Machine) expand(top, rows int) (record func(e *wgpu.CommandEncoder) error, err error) {
	h, d := &m.human, m.d
	_, height, _ := humanRows(m.header)
	partial := rows < height
	if !h.stale && !partial {
		return func(*wgpu.CommandEncoder) error { return nil }, nil
	}
	err = d.write(h.bands, 0, shaders.UniformWords(shaders.Band{Texels: uint32(m.header.W), Rows: uint32(rows), Top: uint32(top), Pixel: bit(m.header.Pixel)}))
	if err != nil {
		return nil, err
	}
	return func(e *wgpu.CommandEncoder) error {
		h.stale = partial
		pass := e.BeginComputePass(nil)
		defer pass.Release()
		pass.SetPipeline(d.pipelines.expand)
		pass.SetBindGroup(0, h.groups[m.current], nil)
		pass.DispatchWorkgroups(uint32(m.header.W+15)/16, uint32(rows+7)/8, 1)
		return pass.End()
	}, nil
}

// Human copies out the whole human texture, expanding it first if the display
// has changed since it was.
func (m *Machine) Human(ctx context.Context) (*image.RGBA, error) {
	var img *image.RGBA
	err := m.DrawHuman(ctx, func(w, h int) (*image.RGBA, error) {
		img = image.NewRGBA(image.Rect(0, 0, w, h))
		return img, nil
	})
	if err != nil {
		return nil, err
	}
	return img, nil
}

// DrawHuman is Human into memory of the caller's: into is told the size and gives
// the picture, from (0, 0). It saves a picture of its own on the way to memory
// that another process shares.
func (m *Machine) DrawHuman(ctx context.Context, into func(w, h int) (*image.RGBA, error)) error {
	return m.ready(ctx, func() error {
		if err := m.clearFresh(); err != nil {
			return err
		}
		if err := m.ensureHuman(); err != nil {
			return err
		}
		w, h, rows := humanRows(m.header)
		img, err := into(w, h)
		if err != nil {
			return err
		}
		for top := 0; top < h; top += rows {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := m.copyBand(img, top, min(rows, h-top)); err != nil {
				return err
			}
		}
		return nil
	})
}

// copyBand copies the human texture's rows from top on to img.
func (m *Machine) copyBand(img *image.RGBA, top, rows int) error {
	expand, err := m.expand(top, rows)
	if err != nil {
		return err
	}
	band := m.human.band
	return m.d.fetch(rowBytes(band.w)*uint64(rows), func(e *wgpu.CommandEncoder, to *wgpu.Buffer) error {
		if err := expand(e); err != nil {
			return err
		}
		return band.copyOut(e, to, rows)
	}, func(data []byte) { copyRows(img, top, rows, data) })
}

// copyRows copies rows of pixels with the pitch of a copy into a picture.
func copyRows(img *image.RGBA, top, rows int, data []byte) {
	w := img.Rect.Dx()
	pitch := int(rowBytes(w))
	for y := range rows {
		copy(img.Pix[(top+y)*img.Stride:][:4*w], data[y*pitch:])
	}
}
