package gpu

import (
	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/shaders"
)

// pipelines are the stages, and the layouts of what they are bound to.
type pipelines struct {
	core, bin, raster *wgpu.ComputePipeline
	machineLayout     *wgpu.BindGroupLayout // of these three: machine.wgsl
	expand            *wgpu.ComputePipeline
	expandLayout      *wgpu.BindGroupLayout
	presents          map[presentKind]*wgpu.RenderPipeline // made when first needed
	presentLayout     *wgpu.BindGroupLayout
}

// presentKind is what a pipeline of present is made for.
type presentKind struct {
	show shaders.Texture
	lit  bool
}

const (
	jobBytes  = 48  // struct Job of machine.wgsl, rounded up to 16
	jobStride = 256 // WebGPU: dynamic offsets are multiples of 256
	bandBytes = 16  // struct Band of expand.wgsl
	viewBytes = 64  // struct View of present.wgsl
)

func (d *Device) makePipelines() error {
	var err error
	computes := wgpu.ShaderStageCompute
	d.machineLayout, err = d.layout("machine", computes,
		storage(true), storage(false), storage(false), storage(false), storage(true),
		uniform(jobBytes, true), texture(), target(wgpu.TextureFormatRGBA8Uint), storage(false), storage(false), storage(false))
	if err != nil {
		return err
	}
	if d.core, err = d.compute("core", shaders.Core(), d.machineLayout); err != nil {
		return err
	}
	if d.bin, err = d.compute("bin", shaders.Bin(), d.machineLayout); err != nil {
		return err
	}
	if d.raster, err = d.compute("raster", shaders.Raster(), d.machineLayout); err != nil {
		return err
	}
	d.expandLayout, err = d.layout("expand", computes,
		texture(), storage(true), uniform(bandBytes, false), target(wgpu.TextureFormatRGBA8Unorm))
	if err != nil {
		return err
	}
	if d.expand, err = d.compute("expand", shaders.Expand(), d.expandLayout); err != nil {
		return err
	}
	d.presentLayout, err = d.layout("present", wgpu.ShaderStageFragment,
		texture(), storage(true), uniform(viewBytes, false), storage(true), storage(true), storage(true), floats())
	d.presents = map[presentKind]*wgpu.RenderPipeline{}
	return err
}

// layout makes a bind group layout whose bindings are numbered as given.
func (d *Device) layout(label string, stage wgpu.ShaderStage, entries ...wgpu.BindGroupLayoutEntry) (*wgpu.BindGroupLayout, error) {
	for i := range entries {
		entries[i].Binding, entries[i].Visibility = uint32(i), stage
	}
	l, err := d.gpu.CreateBindGroupLayout(&wgpu.BindGroupLayoutDescriptor{Label: label, Entries: entries})
	if err != nil {
		return nil, lost(err)
	}
	d.own(l.Release)
	return l, nil
}

func storage(readOnly bool) (e wgpu.BindGroupLayoutEntry) {
	e.Buffer.Type = wgpu.BufferBindingTypeStorage
	if readOnly {
		e.Buffer.Type = wgpu.BufferBindingTypeReadOnlyStorage
	}
	return e
}

func uniform(bytes uint64, dynamic bool) (e wgpu.BindGroupLayoutEntry) {
	e.Buffer = wgpu.BufferBindingLayout{Type: wgpu.BufferBindingTypeUniform, HasDynamicOffset: dynamic, MinBindingSize: bytes}
	return e
}

func texture() (e wgpu.BindGroupLayoutEntry) {
	e.Texture = wgpu.TextureBindingLayout{SampleType: wgpu.TextureSampleTypeUint, ViewDimension: wgpu.TextureViewDimension2D}
	return e
}

func floats() (e wgpu.BindGroupLayoutEntry) {
	e.Texture = wgpu.TextureBindingLayout{SampleType: wgpu.TextureSampleTypeUnfilterableFloat, ViewDimension: wgpu.TextureViewDimension2D}
	return e
}

func target(format wgpu.TextureFormat) (e wgpu.BindGroupLayoutEntry) {
	e.StorageTexture = wgpu.StorageTextureBindingLayout{
		Access: wgpu.StorageTextureAccessWriteOnly, Format: format, ViewDimension: wgpu.TextureViewDimension2D,
	}
	return e
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
	if err != nil {
		return nil, lost(err)
	}
	d.own(p.Release)
	return p, nil
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
	layout, err := d.pipelineLayout("present", d.presentLayout)
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

// bind makes a bind group whose bindings are numbered as given.
func (d *Device) bind(layout *wgpu.BindGroupLayout, entries ...wgpu.BindGroupEntry) (*wgpu.BindGroup, error) {
	for i := range entries {
		entries[i].Binding = uint32(i)
	}
	g, err := d.gpu.CreateBindGroup(&wgpu.BindGroupDescriptor{Layout: layout, Entries: entries})
	return g, lost(err)
}

func bindBuffer(b *wgpu.Buffer, bytes uint64) wgpu.BindGroupEntry {
	return wgpu.BindGroupEntry{Buffer: b, Size: bytes}
}

func bindWhole(b *wgpu.Buffer) wgpu.BindGroupEntry { return bindBuffer(b, wgpu.WholeSize) }

func bindTexture(v *wgpu.TextureView) wgpu.BindGroupEntry { return wgpu.BindGroupEntry{TextureView: v} }

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
