package gpu

import (
	"fmt"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/engine"
	"gvpie/shaders"
)

// pipelines are the stages, and the layouts of what they are bound to.
type pipelines struct {
	raster      *wgpu.ComputePipeline
	ofRaster    layout
	ofBlocks    []*blockPipeline // the one that was asked for last comes last
	blockLayout layout
	expand      *wgpu.ComputePipeline
	ofExpand    layout
	presents    map[presentKind]*wgpu.RenderPipeline // made when first needed
	warm        warmth
	ofPresent   layout
	many        *wgpu.ComputePipeline // made when first needed
	ofMany      layout
	manyPace    int // the machines of a dispatch
}

// layout is what stages are bound to.
type layout struct {
	group  shaders.Group
	layout *wgpu.BindGroupLayout
}

// presentKind is what a pipeline of present is made for.
type presentKind struct {
	show shaders.Texture
	lit  bool
}

func (d *Device) makePipelines() error {
	var err error
	computes := wgpu.ShaderStageCompute
	if d.ofRaster, err = d.layout("raster", computes, shaders.Machine); err != nil {
		return err
	}
	if d.raster, err = d.compute("raster", shaders.Raster(), d.ofRaster.layout); err != nil {
		return err
	}
	d.own(d.raster.Release)
	if d.blockLayout, err = d.layout("each", computes, shaders.Blocks); err != nil {
		return err
	}
	d.own(func() {
		for _, p := range d.ofBlocks {
			p.Release()
		}
	})
	if d.ofExpand, err = d.layout("expand", computes, shaders.Expanded); err != nil {
		return err
	}
	if d.expand, err = d.compute("expand", shaders.Expand(), d.ofExpand.layout); err != nil {
		return err
	}
	d.own(d.expand.Release)
	d.manyPace = 64
	d.presents = map[presentKind]*wgpu.RenderPipeline{}
	d.warm.presents = map[presentKind]bool{}
	d.ofPresent, err = d.layout("present", wgpu.ShaderStageFragment, shaders.Presented)
	return err
}

// layout makes the bind group layout of a group.
func (d *Device) layout(label string, stage wgpu.ShaderStage, group shaders.Group) (layout, error) {
	entries := make([]wgpu.BindGroupLayoutEntry, len(group))
	for i, b := range group {
		e := &entries[i]
		e.Binding, e.Visibility = uint32(i), stage
		switch b.Kind {
		case shaders.Input:
			e.Buffer.Type = wgpu.BufferBindingTypeReadOnlyStorage
		case shaders.Storage, shaders.Atomics:
			e.Buffer.Type = wgpu.BufferBindingTypeStorage
		case shaders.Uniform, shaders.Uniforms:
			e.Buffer = wgpu.BufferBindingLayout{
				Type: wgpu.BufferBindingTypeUniform, HasDynamicOffset: b.Kind == shaders.Uniforms, MinBindingSize: b.Bytes(),
			}
		case shaders.Floats:
			e.Texture = wgpu.TextureBindingLayout{SampleType: wgpu.TextureSampleTypeUnfilterableFloat, ViewDimension: wgpu.TextureViewDimension2D}
		case shaders.ColorsOut:
			e.StorageTexture = wgpu.StorageTextureBindingLayout{
				Access: wgpu.StorageTextureAccessWriteOnly, Format: wgpu.TextureFormatRGBA8Unorm, ViewDimension: wgpu.TextureViewDimension2D,
			}
		}
	}
	l, err := d.gpu.CreateBindGroupLayout(&wgpu.BindGroupLayoutDescriptor{Label: label, Entries: entries})
	if err != nil {
		return layout{}, lost(err)
	}
	d.own(l.Release)
	return layout{group, l}, nil
}

func (d *Device) pipelineLayout(label string, group *wgpu.BindGroupLayout) (*wgpu.PipelineLayout, error) {
	l, err := d.gpu.CreatePipelineLayout(&wgpu.PipelineLayoutDescriptor{
		Label: label, BindGroupLayouts: []*wgpu.BindGroupLayout{group},
	})
	return l, lost(err)
}

func (d *Device) module(label, code string) (*wgpu.ShaderModule, error) {
	m, err := d.gpu.CreateShaderModule(&wgpu.ShaderModuleDescriptor{
		Label: label, WGSLDescriptor: &wgpu.ShaderModuleWGSLDescriptor{Code: code},
	})
	return m, lost(err)
}

// compute makes a pipeline, which is the caller's.
func (d *Device) compute(label, code string, group *wgpu.BindGroupLayout) (*wgpu.ComputePipeline, error) {
	module, err := d.module(label, code)
	if err != nil {
		return nil, err
	}
	defer module.Release()
	layout, err := d.pipelineLayout(label, group)
	if err != nil {
		return nil, err
	}
	defer layout.Release()
	p, err := d.gpu.CreateComputePipeline(&wgpu.ComputePipelineDescriptor{
		Label: label, Layout: layout,
		Compute: wgpu.ProgrammableStageDescriptor{Module: module, EntryPoint: "main"},
	})
	return p, lost(err)
}

// presentPipeline gives the pipeline of present for a kind of texture.
func (d *Device) presentPipeline(kind presentKind) (*wgpu.RenderPipeline, error) {
	if p := d.presents[kind]; p != nil {
		return p, nil
	}
	module, err := d.module("present", shaders.Present(kind.show, kind.lit))
	if err != nil {
		return nil, err
	}
	defer module.Release()
	layout, err := d.pipelineLayout("present", d.ofPresent.layout)
	if err != nil {
		return nil, err
	}
	defer layout.Release()
	p, err := d.gpu.CreateRenderPipeline(&wgpu.RenderPipelineDescriptor{
		Label: "present", Layout: layout,
		Vertex:      wgpu.VertexState{Module: module, EntryPoint: "corner"},
		Primitive:   wgpu.PrimitiveState{Topology: wgpu.PrimitiveTopologyTriangleList},
		Multisample: wgpu.MultisampleState{Count: 1, Mask: 0xFFFFFFFF},
		Fragment: &wgpu.FragmentState{
			Module: module, EntryPoint: "pixel",
			Targets: []wgpu.ColorTargetState{{Format: wgpu.TextureFormatRGBA8Unorm, WriteMask: wgpu.ColorWriteMaskAll}},
		},
	})
	if err != nil {
		return nil, lost(err)
	}
	d.own(p.Release)
	d.presents[kind] = p
	return p, nil
}

// resources are what a bind group binds, by the names that its layout has: a
// *wgpu.Buffer or a *bitmap each.
type resources map[string]any

// bind makes a bind group.
func (d *Device) bind(l layout, r resources) (*wgpu.BindGroup, error) {
	entries := make([]wgpu.BindGroupEntry, len(l.group))
	for i, b := range l.group {
		entries[i].Binding = uint32(i)
		switch x := r[b.Name].(type) {
		case *wgpu.Buffer:
			entries[i].Buffer, entries[i].Size = x, wgpu.WholeSize
			if b.Struct != nil {
				entries[i].Size = b.Bytes()
			}
		case *bitmap:
			entries[i].TextureView = x.view
		default:
			return nil, fmt.Errorf("%w: nothing is bound as %s", engine.ErrLost, b.Name)
		}
	}
	g, err := d.gpu.CreateBindGroup(&wgpu.BindGroupDescriptor{Layout: l.layout, Entries: entries})
	return g, lost(err)
}

// bitmap is a texture and its only view.
type bitmap struct {
	texture *wgpu.Texture
	view    *wgpu.TextureView
	w, h    int
}

func (d *Device) bitmap(label string, w, h int, format wgpu.TextureFormat, usage wgpu.TextureUsage) (*bitmap, error) {
	t, err := d.gpu.CreateTexture(&wgpu.TextureDescriptor{
		Label: label, Usage: usage, Dimension: wgpu.TextureDimension2D, Format: format,
		Size:          wgpu.Extent3D{Width: uint32(w), Height: uint32(h), DepthOrArrayLayers: 1},
		MipLevelCount: 1, SampleCount: 1,
	})
	if err != nil {
		return nil, lost(err)
	}
	v, err := t.CreateView(nil)
	if err != nil {
		t.Release()
		return nil, lost(err)
	}
	return &bitmap{t, v, w, h}, nil
}

func (i *bitmap) release() {
	if i != nil {
		i.view.Release()
		i.texture.Release()
	}
}

// rowBytes is the pitch of a picture in a buffer. WebGPU: copies between
// textures and buffers need rows of a multiple of 256 bytes.
func rowBytes(w int) uint64 {
	const align = wgpu.CopyBytesPerRowAlignment
	return uint64(4*w+align-1) / align * align
}

// copyOut records a copy of a texture's first rows to a buffer.
func (i *bitmap) copyOut(e *wgpu.CommandEncoder, to *wgpu.Buffer, rows int) error {
	return e.CopyTextureToBuffer(i.texture.AsImageCopy(),
		&wgpu.ImageCopyBuffer{Buffer: to, Layout: wgpu.TextureDataLayout{BytesPerRow: uint32(rowBytes(i.w)), RowsPerImage: uint32(rows)}},
		&wgpu.Extent3D{Width: uint32(i.w), Height: uint32(rows), DepthOrArrayLayers: 1})
}
