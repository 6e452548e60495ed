package debugger

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"gvpie/runtime/atomicfile"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// Save writes the run so far to a file, as a recording that can be replayed anywhere:
// see record.Recording. It is read and hashed in the background; done is told, on the
// window's goroutine, of how many frames it has, or why it could not be written.
func (m *Model) Save(path string, done func(frames int, err error)) {
	if !m.open {
		return
	}
	s, marks := m.session, m.Notebook().marks()
	m.look(func(ctx context.Context) (func(), error) {
		frames, err := s.run.Save(ctx, path, marks...)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return func() { done(frames, err) }, nil
	})
}

// Save writes the run to a file, with marks: see Model.Save.
func (run Run) Save(ctx context.Context, path string, marks ...record.Mark) (frames int, err error) {
	r, err := run.Frames.Fork(run.Frames.End()).Recording(ctx)
	if err != nil {
		return 0, err
	}
	r.Name, r.Source = run.Program.File, pxl.Bundle(run.Program)
	for _, m := range marks {
		if m.Frame -= run.Frames.First(); m.Frame >= 0 {
			r.Marks = append(r.Marks, m)
		}
	}
	return r.Frames.Len(), atomicfile.Write(path, 0o644, func(w io.Writer) error { return r.Write(w) })
}

// FreePath is a path that there is nothing at: that which is given, or the like with a
// number before its last ending.
func FreePath(path, ext string) string {
	stem := strings.TrimSuffix(path, ext)
	for n := 2; ; n++ {
		if _, err := os.Lstat(path); err != nil {
			return path
		}
		path = fmt.Sprintf("%s-%d%s", stem, n, ext)
	}
}
