package benchmark

import (
	"errors"

	"gvpie/assets/bench"
)

// yardstick does by hand what a program does.
type yardstick struct {
	name string // for a person: "C -O2"
	note string // why it is not the one that is wanted
	run  runner // paints frames
	stop func()
}

// yardstick starts the program in C of a name, or takes the loop in Go where there
// is no compiler for it.
func (b *bencher) yardstick(name string, w, h int, numbers ...uint32) (*yardstick, error) {
	p, err := b.c.start(b.ctx, name, w, h, numbers...)
	if err == nil {
		return &yardstick{name: "C -O2", run: p.run, stop: p.stop}, nil
	}
	if b.ctx.Err() != nil {
		return nil, err
	}
	note := "a plain Go loop in place of C: " + err.Error()
	if errors.Is(err, errNoCompiler) {
		note = "a plain Go loop, as there is no C compiler"
	}
	l, n := bench.NewLoop(name, w, h, numbers...), uint32(0)
	run := b.timed(func() error {
		l.Frame(n)
		n++
		return nil
	})
	return &yardstick{name: "Go loop", note: note, run: run, stop: func() {}}, nil
}
