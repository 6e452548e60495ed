package debugger

import (
	"context"
	"slices"
)

// watchedFrames is how many frames back a watched expression is known.
const watchedFrames = 120

// Watch is an expression, and what it is at the moment that is looked at.
type Watch struct {
	Text    string
	Value   int32
	Problem string  // why it has no value there
	Past    []int32 // at the ends of the frames before, as far as it had values; the oldest first

	ends map[int]int32 // by frame
}

// Watches are the expressions that are watched. They outlive the run.
type Watches struct {
	m    *Model
	list []*Watch
	at   *Moment // that they are of; nil: they are to be looked at anew
	of   course
}

// course is what the ends of frames are kept of.
type course struct {
	run    int
	branch string
}

// Watches are those of the model.
func (m *Model) Watches() *Watches {
	m.watches.m = m
	return &m.watches
}

// List lists them. It is not to be changed.
func (w *Watches) List() []*Watch { return w.list }

// Set puts an expression in the place of one, or behind the last; "" takes it away.
func (w *Watches) Set(i int, text string) {
	w.list, w.at = slices.Clone(w.list), nil
	switch {
	case i < len(w.list) && text == "":
		w.list = slices.Delete(w.list, i, i+1)
	case i < len(w.list):
		w.list[i] = &Watch{Text: text}
	case text != "":
		w.list = append(w.list, &Watch{Text: text})
	}
}

// Update has them looked at in the moment that is looked at, if that is another than before.
func (w *Watches) Update() {
	m := w.m
	if m.now == nil || m.now == w.at || len(w.list) == 0 {
		return
	}
	w.at = m.now
	if of := (course{m.run, m.now.Branch}); of != w.of {
		w.of = of
		for _, x := range w.list {
			x.ends = nil
		}
	}
	s, at, list := m.session, m.now, w.list
	before := make([]Watch, len(list))
	for i := range list {
		before[i] = *list[i]
	}
	m.glance(ofWatches, func(ctx context.Context) (func(), error) {
		for i := range before {
			if err := s.watch(ctx, at, &before[i]); err != nil {
				return nil, err
			}
		}
		return func() {
			if w.at == at {
				for i := range list {
					*list[i] = before[i]
				}
			}
		}, nil
	})
}

// watch finds what an expression is at a moment, and was before. The error is the
// context's.
func (s *session) watch(ctx context.Context, n *Moment, x *Watch) error {
	v, err := s.in.Evaluate(ctx, x.Text, 0)
	if x.Value, x.Problem, x.Past = v, "", nil; err != nil {
		x.Problem = err.Error()
	}
	to := n.At.Frame
	from := max(n.First, to-watchedFrames)
	ends := map[int]int32{}
	missing := to
	for frame := from; frame < to; frame++ {
		if v, ok := x.ends[frame]; ok {
			ends[frame] = v
		} else {
			missing = min(missing, frame)
		}
	}
	if missing < to {
		samples, err := s.in.History(ctx, x.Text, missing, to)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for _, sample := range samples {
			if err == nil && sample.Err == nil {
				ends[sample.Frame] = sample.Value
			}
		}
	}
	x.ends = ends
	for frame := from; frame < to; frame++ {
		if v, ok := ends[frame]; ok {
			x.Past = append(x.Past, v)
		}
	}
	return nil
}
