package gpu

import (
	"context"
	"image"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/machine"
)

// mostBandBytes bounds the human texture. A larger picture (1024 × 1024 cells
// make one of 200 MB) is expanded and copied out in bands of rows.
const mostBandBytes = 16 << 20

// human is a machine's human texture.
type human struct {
	band   *bitmap
	bands  *wgpu.Buffer // struct Band of expand.wgsl
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

// fitHuman makes the human texture, or the band of it, of the canvas.
func (m *Machine) fitHuman(w, rows int) error {
	h, d := &m.human, m.d
	if h.band == nil || h.band.w != w || h.band.h != rows {
		h.unbind()
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
		if h.bands, err = d.buffer("band", bandBytes, uniformBuffer); err != nil {
			return err
		}
	}
	if h.groups[m.side] == nil {
		var err error
		h.groups[m.side], err = d.bind(d.expandLayout,
			bindTexture(m.sides[m.side].display.view), bindWhole(d.tables), bindWhole(h.bands), bindTexture(h.band.view))
		return err
	}
	return nil
}

// Human copies out the whole human texture, expanding it first if the display
// has changed since it was.
func (m *Machine) Human(ctx context.Context) (*image.RGBA, error) {
	var img *image.RGBA
	err := m.ready(ctx, func() error {
		if err := m.settle(); err != nil {
			return err
		}
		w, h := machine.HumanSize(m.header)
		rows := min(h, max(1, mostBandBytes/int(rowBytes(w))))
		if err := m.fitHuman(w, rows); err != nil {
			return err
		}
		img = image.NewRGBA(image.Rect(0, 0, w, h))
		for top := 0; top < h; top += rows {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := m.expand(img, top, min(rows, h-top), rows < h); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return img, nil
}

// expand makes the human texture's rows from top on, and copies them to img.
// partial says that the texture holds only a band, which is another one now.
func (m *Machine) expand(img *image.RGBA, top, rows int, partial bool) error {
	h, d := &m.human, m.d
	w := h.band.w
	if h.stale || partial {
		if err := d.write(h.bands, 0, []uint32{uint32(m.header.W), uint32(rows), uint32(top), bit(m.header.Pixel)}); err != nil {
			return err
		}
	}
	return d.fetch(rowBytes(w)*uint64(rows), func(e *wgpu.CommandEncoder, to *wgpu.Buffer) error {
		if h.stale || partial {
			pass := e.BeginComputePass(nil)
			defer pass.Release()
			pass.SetPipeline(d.pipelines.expand)
			pass.SetBindGroup(0, h.groups[m.side], nil)
			pass.DispatchWorkgroups(uint32(m.header.W+15)/16, uint32(rows+7)/8, 1)
			if err := pass.End(); err != nil {
				return err
			}
			h.stale = partial
		}
		return h.band.copyOut(e, to, rows)
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
