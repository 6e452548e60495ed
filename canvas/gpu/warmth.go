package gpu

import (
	"gvpie/runtime/isa"
	"gvpie/shaders"
)

// A driver may build a pipeline when it is made, or put that off until it is first run,
// as lavapipe does, for 30 to 70 ms. So what has run is built, and nothing else is.

// warmth is which of a device's pipelines have run, but for those of blocks, which know
// it themselves.
type warmth struct {
	raster, expand bool
	presents       map[presentKind]bool
}

// Impatient says whether Frame and Render give engine.ErrCold, from now on, where they
// would run a pipeline that has never run.
func (m *Machine) Impatient(on bool) { m.impatient = on }

// alone says whether a frame's only stage is an EACH that makes the whole picture, for
// which there is another pipeline.
func alone(list []stage, h isa.Header) bool {
	return len(list) == 1 && list[0].each >= 0 && list[0].area == whole(h)
}

// cold says whether stages on a canvas need a pipeline that has never run.
func (d *Device) cold(list []stage, h isa.Header) bool {
	alone := alone(list, h)
	for _, s := range list {
		if s.each < 0 {
			continue
		}
		if p := s.block.built(d, alone); p == nil || !p.warm {
			return true
		}
	}
	return len(list) > 0 && !alone && !d.warm.raster
}

// ran notes that stages have run.
func (d *Device) ran(list []stage, h isa.Header) {
	alone := alone(list, h)
	for _, s := range list {
		if s.each >= 0 {
			s.block.pipelines[bit(alone)].warm = true
		}
	}
	d.warm.raster = d.warm.raster || !alone
}

// coldView says whether a view needs a pipeline that has never run; stale: the human
// texture is yet to be expanded.
func (w *warmth) coldView(kind presentKind, stale bool) bool {
	return !w.presents[kind] || kind.show == shaders.Human && stale && !w.expand
}

// ranView notes that a view has been drawn.
func (w *warmth) ranView(kind presentKind) {
	w.presents[kind] = true
	w.expand = w.expand || kind.show == shaders.Human
}
