package main

// The toolkit rasters every path of a frame anew, each letter too, whatever the frame
// before had: with software GL that is most of what a frame costs. The mend names
// paths by what they hold and where between pixels they are, and keeps the coverage of
// those that were there before.
// Goes when the toolkit keeps it.
var keptStencils = []change{
	{"\t\"fmt\"\n\t\"image\"\n", "\t\"fmt\"\n\t\"hash/maphash\"\n\t\"image\"\n"},
	{"\tpacker        packer\n", "\tpacker        packer\n\tkept          keptStencils\n"},
	{"\tsx, hx, sy, hy float32\n", "\tsx, hx, sy, hy float32\n\tfx, fy         float32 // fractions of a pixel\n\tcontent        uint64  // of the path, which then has no Key\n"},
	{"\tsx, hx, _, hy, sy, _ := t.Elems()\n\tk.sx = sx\n", "\tsx, hx, fx, hy, sy, fy := t.Elems()\n\tk.fx, k.fy = fx, fy\n\tk.sx = sx\n"},
	{"\t\t\tquads.key.Key = encOp.Key\n", "\t\t\tquads.key.content = maphash.Bytes(contentSeed, quads.aux)\n"},
	{"\tpathVerts []byte\n\tparent    *pathOp\n", "\tpathVerts []byte\n\tparent    *pathOp\n\tfresh     bool // its coverage is not kept yet\n"},
	{"\tg.renderer.packStencils(&g.drawOps.pathOps)\n\tg.renderer.stencilClips(g.drawOps.pathCache, g.drawOps.pathOps)\n",
		"\tg.renderer.placeStencils(&g.drawOps.pathOps)\n\tg.renderer.stencilFresh(g.drawOps.pathCache, g.drawOps.pathOps)\n"},
	{"", stencils},
}

const stencils = `
var contentSeed = maphash.MakeSeed()

// keptStencils says where the coverage of paths is in the stenciler's textures,
// which are pages of one size. They are filled up, and begun anew when one page no
// longer has room for what is to be drawn.
type keptStencils struct {
	page   image.Point
	placed map[stencilKey]placement
	blank  bool // the pages hold nothing
}

// stencilKey is all that the coverage of a path depends on.
type stencilKey struct {
	path opKey
	size image.Point
	off  f32.Point // of the path from the corner of its clip
}

// placeStencils gives each path that can be seen its place.
func (r *renderer) placeStencils(pops *[]*pathOp) {
	*pops = slices.DeleteFunc(*pops, func(p *pathOp) bool { return p.clip.Empty() })
	k := &r.kept
	step := func(n, by int) int { return min((n+by-1)/by*by, r.packer.maxDims.X) }
	page := image.Pt(step(r.pather.viewport.X, 512), step(2*r.pather.viewport.Y, 512))
	if k.placed == nil || page != k.page || len(r.packer.sizes) > 1 || !r.place(*pops) {
		k.page, k.placed, k.blank = page, map[stencilKey]placement{}, true
		r.packer.clear()
		r.packer.newPage()
		r.place(*pops)
	}
}

// place places paths, and says whether one page had room for all.
func (r *renderer) place(ops []*pathOp) bool {
	k := &r.kept
	for _, p := range ops {
		key := stencilKey{p.pathKey, p.clip.Size(), p.off.Sub(f32.FPt(p.clip.Min))}
		place, ok := k.placed[key]
		p.fresh = !ok
		if !ok {
			limit := r.packer.maxDims
			r.packer.maxDims = k.page.Add(image.Pt(1, 1)) // the packer never fills up what it may
			place, ok = r.packer.tryAdd(key.size)
			r.packer.maxDims = limit
			if !ok {
				if !k.blank {
					return false
				}
				// One page is not enough for the frame alone.
				if place, ok = r.packer.add(key.size); !ok {
					panic(fmt.Errorf("clip area %v is larger than maximum texture size %v", p.clip, r.packer.maxDims))
				}
			}
			k.placed[key] = place
		}
		p.place = place
	}
	return true
}

// stencilFresh rasters the paths whose coverage is not kept.
func (r *renderer) stencilFresh(pathCache *opCache, ops []*pathOp) {
	k := &r.kept
	sizes := make([]image.Point, len(r.packer.sizes))
	for i, size := range r.packer.sizes {
		sizes[i] = image.Pt(max(size.X, k.page.X), max(size.Y, k.page.Y))
	}
	r.pather.begin(sizes)
	for page := range sizes {
		begun := false
		begin := func() {
			load := driver.LoadDesc{Action: driver.LoadActionKeep}
			if k.blank {
				load.Action = driver.LoadActionClear
			}
			r.ctx.BeginRenderPass(r.pather.stenciler.cover(page).tex, load)
			r.ctx.BindPipeline(r.pather.stenciler.pipeline.pipeline.pipeline)
			r.ctx.BindIndexBuffer(r.pather.stenciler.indexBuf)
			begun = true
		}
		if k.blank {
			begin()
		}
		for _, p := range ops {
			if !p.fresh || p.place.Idx != page {
				continue
			}
			if !begun {
				begin()
			}
			v, _ := pathCache.get(p.pathKey)
			r.pather.stencilPath(p.clip, p.off, p.place.Pos, v.data)
		}
		if begun {
			r.ctx.EndRenderPass()
		}
	}
	k.blank = false
}
`
