package debugger

import (
	"context"
	"io"

	"gvpie/runtime/atomicfile"
	"gvpie/runtime/pxl"
)

// Save writes the run so far to a file, as a recording that can be replayed anywhere:
// see record.Recording. It is read and hashed in the background; done is told, on the
// window's goroutine, of how many frames it has, or why it could not be written.
func (m *Model) Save(path string, done func(frames int, err error)) {
	if !m.open {
		return
	}
	s := m.session
	m.look(func(ctx context.Context) (func(), error) {
		frames, err := s.run.Save(ctx, path)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return func() { done(frames, err) }, nil
	})
}

// Save writes the run to a file: see Model.Save.
func (run Run) Save(ctx context.Context, path string) (frames int, err error) {
	r, err := run.Frames.Fork(run.Frames.End()).Recording(ctx)
	if err != nil {
		return 0, err
	}
	r.Name, r.Source = run.Program.File, pxl.Bundle(run.Program)
	return r.Frames.Len(), atomicfile.Write(path, 0o644, func(w io.Writer) error { return r.Write(w) })
}
