package studio

import (
	"image"

	"gvpie/app/studio/debugger"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// What the player leaves for the window once a frame has ended.

// draw renders the views that are out of date. All of them are of the frame that has
// just ended; where one cannot be had there is none, so that none is of another frame.
func (p *player) draw(r request) (pics [Slots]*Picture) {
	if !p.run.loaded || p.err != "" {
		return pics
	}
	shown := p.shown
	for i, v := range r.views {
		if v.Width <= 0 || v.Height <= 0 {
			shown[i] = machine.View{}
			continue
		}
		if !p.dirty && v == p.shown[i] {
			continue
		}
		img := p.out.image(i, v.Width, v.Height)
		if p.failed(p.render(v, img)) {
			return [Slots]*Picture{}
		}
		header, words := p.inSight()
		w, h := machine.TextureSize(header, words, v)
		pics[i] = &Picture{Image: img, View: v, Texels: image.Pt(w, h), doc: p.run.doc, frame: p.run.frames}
		shown[i] = v
	}
	p.shown, p.dirty = shown, false
	return pics
}

// publish leaves what was done for the window. ran says that there was a frame.
func (p *player) publish(r request, pics [Slots]*Picture, ran bool) {
	st := result{
		doc: p.run.doc, run: p.run.id, liveRev: p.run.liveRev, report: p.run.report, frameMS: p.run.ms, heavy: p.run.heavy,
		cycles: p.run.cycles, frames: p.run.frames, log: p.run.log[:len(p.run.log):len(p.run.log)], err: p.err,
		kind: p.eng.Kind(), adapter: p.eng.Adapter(), diverged: p.run.diverged,
	}
	st.replayed, st.recorded = p.progress()
	switch {
	case p.err != "":
		st.phase = Broken
	case !p.run.loaded:
		st.phase = Empty
	case p.run.begun && p.run.report.Status == isa.Halted:
		st.phase = Halted
	case p.run.begun && p.run.report.Status == isa.Faulted:
		st.phase = Failed
	default:
		st.phase = Running
	}
	if r.probe.on && p.run.loaded && p.err == "" {
		st.texel = p.look(r.probe)
	}
	if p.run.loaded && p.err == "" {
		st.words = p.words(r.words)
	}
	if r.past && p.run.loaded && st.recorded == 0 && p.run.past.End() > p.run.past.First() {
		st.past = &debugger.Run{ID: p.run.id, Program: p.run.asm, Frames: p.run.past.Fork(p.run.past.End()), Began: p.run.recording}
	}
	st.stop, st.failing = p.run.lookout.stop, p.run.lookout.failing
	p.out.publish(st, pics, ran)
	p.wake()
}

// look reads what the machine holds for one texel.
func (p *player) look(at probe) *texelWords {
	h, _ := p.inSight()
	if at.x < 0 || at.y < 0 || at.x >= h.W || at.y >= h.H {
		return nil
	}
	i := at.y*h.W + at.x
	display, err := p.read(machine.DisplayPage)
	if err != nil || i >= len(display) {
		return nil
	}
	writer, err := p.read(machine.WriterPage)
	if err != nil || i >= len(writer) {
		return nil
	}
	return &texelWords{x: at.x, y: at.y, word: display[i], writer: writer[i], doc: p.run.doc, liveRev: p.run.liveRev}
}
