package gpu

import (
	"context"
	"image"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/shaders"
)

// panel is what present draws to, and with: kept from one Render to the next,
// for a view is mostly shown again with another picture in it.
type panel struct {
	target *bitmap
	view   *wgpu.Buffer // a shaders.View
	axes   *wgpu.Buffer
	page   *wgpu.Buffer          // the page of words that was shown last; nil: none was
	groups [2][2]*wgpu.BindGroup // by display and writer page

	rows        []int        // for each row of the panel, the row of target that shows it
	drawn       int          // rows of target that are drawn
	shown       machine.View // what view and axes hold
	shownHeader isa.Header
	shownWords  int
}

func (p *panel) unbind() {
	releaseGroups(&p.groups)
}

func (p *panel) release() {
	p.unbind()
	p.target.release()
	p.target = nil
	releaseBuffer(&p.view)
	releaseBuffer(&p.axes)
	releaseBuffer(&p.page)
}

// Render draws a view: see engine.Engine. The error of a view that cannot be
// shown wraps machine.ErrView.
func (m *Machine) Render(ctx context.Context, v machine.View, dst *image.RGBA) error {
	if err := v.Check(dst); err != nil {
		return err
	}
	return m.ready(ctx, func() error {
		kind := kindOf(m.header, v)
		if m.impatient && m.d.warm.coldView(kind, m.human.stale) {
			return engine.ErrCold
		}
		if err := m.clearFresh(); err != nil {
			return err
		}
		if err := m.ensurePanel(v); err != nil {
			return err
		}
		pipeline, err := m.d.presentPipeline(kind)
		if err != nil {
			return err
		}
		expand := func(*wgpu.CommandEncoder) error { return nil }
		if kind.show == shaders.Human {
			if err := m.ensureHuman(); err != nil {
				return err
			}
			_, h, _ := humanRows(m.header)
			if expand, err = m.expand(0, h); err != nil {
				return err
			}
		}
		if kind.show == shaders.Words {
			if err := m.writePage(m.core.Page(v.Page)); err != nil {
				return err
			}
		}
		group, err := m.panelGroup()
		if err != nil {
			return err
		}
		p := &m.panel
		err = m.d.fetch(rowBytes(v.Width)*uint64(p.drawn), func(e *wgpu.CommandEncoder, to *wgpu.Buffer) error {
			if err := expand(e); err != nil {
				return err
			}
			pass := e.BeginRenderPass(&wgpu.RenderPassDescriptor{ColorAttachments: []wgpu.RenderPassColorAttachment{{
				View: p.target.view, LoadOp: wgpu.LoadOpClear, StoreOp: wgpu.StoreOpStore,
			}}})
			pass.SetPipeline(pipeline)
			pass.SetBindGroup(0, group, nil)
			pass.SetScissorRect(0, 0, uint32(v.Width), uint32(p.drawn))
			pass.Draw(3, 1, 0, 0)
			err := pass.End()
			pass.Release()
			if err != nil {
				return err
			}
			return p.target.copyOut(e, to, p.drawn)
		}, func(data []byte) {
			pitch := int(rowBytes(v.Width))
			for y, drawn := range p.rows {
				copy(dst.Pix[y*dst.Stride:][:4*v.Width], data[drawn*pitch:])
			}
		})
		if err == nil {
			m.d.warm.ranView(kind)
		}
		return err
	})
}

// ensurePanel makes the target, and brings the uniforms up to the view.
func (m *Machine) ensurePanel(v machine.View) error {
	p, d := &m.panel, m.d
	if p.target == nil || p.target.w != v.Width || p.target.h != v.Height {
		p.target.release()
		p.target = nil
		var err error
		p.target, err = d.bitmap("panel", v.Width, v.Height, wgpu.TextureFormatRGBA8Unorm,
			wgpu.TextureUsageRenderAttachment|wgpu.TextureUsageCopySrc)
		if err != nil {
			return err
		}
	}
	if p.view != nil && p.shown == v && p.shownHeader == m.header && p.shownWords == len(m.core.Page(machine.ProgramPage)) {
		return nil
	}
	tw, th := machine.TextureSize(m.header, len(m.core.Page(machine.ProgramPage)), v)
	a := newAxes(v, m.header, tw, th, kindOf(m.header, v).show == shaders.Cells)
	if p.view == nil {
		var err error
		if p.view, err = d.buffer("view", uniformBytes(shaders.View{}), uniformBuffer); err != nil {
			return err
		}
	}
	if bytes := 4 * uint64(len(a.words)); p.axes == nil || p.axes.GetSize() < bytes {
		p.unbind()
		releaseBuffer(&p.axes)
		var err error
		if p.axes, err = d.buffer("axes", capacity(bytes, 1<<14), storageBuffer); err != nil {
			return err
		}
	}
	p.shown = machine.View{} // until the device has it
	if err := d.write(p.axes, 0, a.words); err != nil {
		return err
	}
	if err := d.write(p.view, 0, viewWords(m.header, len(m.core.Page(machine.ProgramPage)), v, tw, a.grid)); err != nil {
		return err
	}
	p.rows, p.drawn = a.rows, a.drawn
	p.shown, p.shownHeader, p.shownWords = v, m.header, len(m.core.Page(machine.ProgramPage))
	return nil
}

// kindOf is what pipeline draws a view of a machine.
func kindOf(h isa.Header, v machine.View) presentKind {
	k := presentKind{shaders.Words, v.LitFrom != v.LitTo}
	switch {
	case v.Texture == machine.HumanTexture && h.Pixel:
		k.show = shaders.Pixels
	case v.Texture == machine.HumanTexture:
		k.show = shaders.Human
		if _, all, rows := humanRows(h); rows < all {
			k.show = shaders.Cells
		}
	case v.Meaning && v.Page == machine.DisplayPage && !h.Pixel:
		k.show = shaders.DisplayMeaning
	case v.Meaning && v.Page == machine.WriterPage:
		k.show = shaders.WriterMeaning
	case v.Page == machine.DisplayPage:
		k.show = shaders.Display
	case v.Page == machine.WriterPage:
		k.show = shaders.Writer
	default:
		k.lit = false // nobody wrote these texels
	}
	return k
}

// viewWords is what present is told of a view of a machine whose program has so
// many words.
func viewWords(h isa.Header, program int, v machine.View, tw int, grid [4]int32) []uint32 {
	words := 0
	switch v.Page {
	case machine.ProgramPage:
		words = program
	case machine.DataPage:
		words = h.DataWords
	case machine.StatePage:
		words = isa.StateWords
	}
	if v.Texture == machine.HumanTexture {
		tw = h.W
	}
	return shaders.UniformWords(shaders.View{
		Width: uint32(tw), Words: uint32(words), Back: v.Back & 0xFFFFFF,
		LitFrom: v.LitFrom, LitTo: v.LitTo, PanelWidth: uint32(v.Width), Marked: bit(!v.Mark.Empty()),
		Grid: grid, Mark: markFrame(v),
	})
}

// writePage gives the device a page of words to show.
func (m *Machine) writePage(words []uint32) error {
	p := &m.panel
	if bytes := 4 * uint64(len(words)); p.page == nil || p.page.GetSize() < bytes {
		p.unbind()
		releaseBuffer(&p.page)
		var err error
		if p.page, err = m.d.buffer("page", capacity(bytes, 1<<12), storageBuffer); err != nil {
			return err
		}
	}
	return m.d.write(p.page, 0, words)
}

// panelGroup is present's bind group for the display that holds the machine's.
func (m *Machine) panelGroup() (*wgpu.BindGroup, error) {
	p, d := &m.panel, m.d
	g := &p.groups[m.current][m.written]
	if *g != nil {
		return *g, nil
	}
	page := d.dummy
	if p.page != nil {
		page = p.page
	}
	human := d.blank
	if m.human.band != nil {
		human = m.human.band
	}
	var err error
	*g, err = d.bind(d.ofPresent, resources{
		"display": m.displays[m.current], "tables": d.tables, "view": p.view, "writer": m.writer(), "page": page, "axes": p.axes, "human": human,
	})
	return *g, err
}
