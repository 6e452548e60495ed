package debugger

import (
	"context"
	"image"

	"gvpie/runtime/machine"
)

// Pictures are small pictures of the run's moments: of frames along the timeline, and of
// the notes. They are made one after another when nothing else is to be done, and kept as
// long as the run is gone through.
type Pictures struct {
	m      *Model
	run    int                 // ID of the run that they are of
	of     map[int]*image.RGBA // by frame; nil: it cannot be had
	frames []int               // that are wanted
	size   image.Point
	making *worker // that makes one
}

func newPictures(m *Model, run int) *Pictures {
	return &Pictures{m: m, run: run, of: map[int]*image.RGBA{}}
}

// Pictures gives those of the run that is gone through.
func (m *Model) Pictures() *Pictures { return m.pictures }

// Want says of which frames there are to be pictures, and how large all of them are at
// most, in pixels.
func (p *Pictures) Want(frames []int, size image.Point) {
	if size != p.size {
		p.size = size
		clear(p.of)
		for _, n := range p.notes() {
			n.Picture, n.drawn = nil, false
		}
	}
	p.frames = frames
	p.next()
}

// Of is the picture of the beginning of a frame; nil where it is not there yet.
func (p *Pictures) Of(frame int) *image.RGBA { return p.of[frame] }

func (p *Pictures) notes() []*Note {
	if b := p.m.Notebook(); b != nil {
		return b.notes
	}
	return nil
}

// next has the worker make the next picture that is not there.
func (p *Pictures) next() {
	m := p.m
	if m.now == nil || p.size.X <= 0 || p.size.Y <= 0 || p.making == m.worker {
		return
	}
	for _, n := range p.notes() {
		if !n.drawn && (n.Branch == "" || n.Branch == m.now.Branch && n.At == m.now.At) {
			pages := m.now.Pages
			if n.At != m.now.At || n.Branch != m.now.Branch {
				pages = nil
			}
			p.make(n.At.Frame, pages, func(img *image.RGBA) { n.Picture, n.drawn = img, true })
			return
		}
	}
	for _, f := range p.frames {
		if _, known := p.of[f]; !known {
			p.make(f, nil, func(img *image.RGBA) { p.of[f] = img })
			return
		}
	}
}

// make has the worker make the picture of pages, or where there are none of a frame's
// beginning.
func (p *Pictures) make(frame int, pages *machine.Snapshot, take func(img *image.RGBA)) {
	m, s, size := p.m, p.m.session, p.size
	p.making = m.worker
	m.glance(ofPictures, func(ctx context.Context) (func(), error) {
		img, err := s.picture(ctx, frame, pages, size)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			img = nil
		}
		return func() {
			p.making = nil
			if size == p.size {
				take(img)
			}
			p.next()
		}, nil
	})
}

// picture draws what a person sees of pages, or of a frame's beginning, as large as fits.
func (s *session) picture(ctx context.Context, frame int, pages *machine.Snapshot, size image.Point) (img *image.RGBA, err error) {
	if pages == nil {
		if pages, err = s.begins(ctx, frame); err != nil {
			return nil, err
		}
	}
	if s.small == nil {
		s.small, err = machine.FromSnapshot(pages)
	} else {
		err = s.small.Restore(pages)
	}
	if err != nil {
		return nil, err
	}
	w, h := machine.HumanSize(s.small.Header())
	scale := min(float32(size.X)/float32(w), float32(size.Y)/float32(h))
	v := machine.View{Texture: machine.HumanTexture, Width: max(1, int(float32(w)*scale)), Height: max(1, int(float32(h)*scale)), Scale: scale}
	img = image.NewRGBA(image.Rect(0, 0, v.Width, v.Height))
	return img, s.small.Present(img, v)
}

// begins is the machine as a frame begins, or as the run ended where that is none.
func (s *session) begins(ctx context.Context, frame int) (*machine.Snapshot, error) {
	if frame < s.run.Frames.End() {
		return s.past.Before(ctx, frame)
	}
	pages, _, err := s.past.After(ctx, s.run.Frames.End()-1)
	return pages, err
}
