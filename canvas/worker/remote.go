package worker

import (
	"context"
	"errors"
	"fmt"
	"image"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// errArgument is wrapped by errors about what the caller asked for, before it is
// asked of the child.
var errArgument = errors.New("not what an engine can do")

// remote is one machine in one child: every method is one request. When the
// child ends, the machine is gone and every method returns engine.ErrLost.
type remote struct {
	p      *process
	number uint32
	config *Config
}

func (r *remote) request(k kind) *message { return &message{kind: k, machine: r.number} }

// do sends m and waits as long as small calls may take.
func (r *remote) do(ctx context.Context, m *message, use func(*message) error) error {
	return r.p.do(ctx, m, r.config.CallTimeout, use)
}

// doBulk is do for a request with n bytes of bulk, which fill writes.
func (r *remote) doBulk(ctx context.Context, m *message, n int, fill func(b []byte)) error {
	return r.p.guarded(func() error {
		bulk, err := r.p.link.bulk(n)
		if err != nil {
			return err
		}
		defer r.p.link.release(bulk)
		fill(bulk.b)
		m.bulk = bulk
		return r.do(ctx, m, nil)
	})
}

func (r *remote) Load(ctx context.Context, p isa.Program, seed int32) error {
	m := r.request(kindLoad)
	(*encoder)(&m.body).i32(seed)
	return r.doBulk(ctx, m, len(p)*4, func(b []byte) { copy(b, wordBytes(p)) })
}

func (r *remote) Frame(ctx context.Context, in machine.Input, budget uint32) (report machine.Report, err error) {
	m := r.request(kindFrame)
	encodeInput((*encoder)(&m.body), in)
	(*encoder)(&m.body).u32(budget)
	err = r.p.do(ctx, m, r.config.FrameTimeout(budget), func(reply *message) (err error) {
		report, err = decodeReport(&decoder{b: reply.body}, reply.bulk.b)
		return err
	})
	return report, err
}

func (r *remote) read(ctx context.Context, page machine.Page) (words []uint32, err error) {
	if page > machine.StatePage {
		return nil, fmt.Errorf("%w: a machine has no %v", errArgument, page)
	}
	m := r.request(kindRead)
	(*encoder)(&m.body).u32(uint32(page))
	err = r.do(ctx, m, func(reply *message) error {
		if len(reply.bulk.b)%4 != 0 {
			return protocolError("a page of %d bytes", len(reply.bulk.b))
		}
		words = bytesWords(reply.bulk.b)
		return nil
	})
	return words, err
}

func (r *remote) commands(ctx context.Context) (list []isa.Command, payload []uint32, err error) {
	err = r.do(ctx, r.request(kindCommands), func(reply *message) error {
		d := decoder{b: reply.body}
		n, extra := int(d.u32()), int(d.u32())
		size := n * isa.CommandWords * 4
		if !d.end() || n > isa.MaxCommands || extra > isa.MaxPayload || size+extra*4 != len(reply.bulk.b) {
			return protocolError("%d commands and %d words of payload in %d bytes", n, extra, len(reply.bulk.b))
		}
		list = make([]isa.Command, n)
		copy(commandBytes(list), reply.bulk.b)
		payload = bytesWords(reply.bulk.b[size:])
		return nil
	})
	return list, payload, err
}

func (r *remote) human(ctx context.Context) (img *image.RGBA, err error) {
	err = r.do(ctx, r.request(kindHuman), func(reply *message) error {
		d := decoder{b: reply.body}
		w, h := int(d.u32()), int(d.u32())
		if !d.end() || w < 1 || h < 1 || w > isa.MaxCanvas*isa.CellWidth || h > isa.MaxCanvas*isa.CellHeight || w*h*4 != len(reply.bulk.b) {
			return protocolError("a human texture of %d × %d in %d bytes", w, h, len(reply.bulk.b))
		}
		img = image.NewRGBA(image.Rect(0, 0, w, h))
		copy(img.Pix, reply.bulk.b)
		return nil
	})
	return img, err
}

func (r *remote) render(ctx context.Context, v machine.View, dst *image.RGBA) error {
	if v.Width < 1 || v.Height < 1 || v.Width > maxView || v.Height > maxView {
		return fmt.Errorf("%w: a view of %d × %d pixels; it may be 1 × 1 to %d × %d", errArgument, v.Width, v.Height, maxView, maxView)
	}
	if want := image.Rect(0, 0, v.Width, v.Height); dst.Rect != want {
		return fmt.Errorf("%w: a view of %v into an image of %v", errArgument, want, dst.Rect)
	}
	m := r.request(kindRender)
	encodeView((*encoder)(&m.body), v)
	return r.do(ctx, m, func(reply *message) error {
		if len(reply.bulk.b) != v.Width*v.Height*4 {
			return protocolError("a view of %d × %d in %d bytes", v.Width, v.Height, len(reply.bulk.b))
		}
		copyRGBA(dst, reply.bulk.b, v.Width, v.Height)
		return nil
	})
}

func (r *remote) snapshot(ctx context.Context) (s *machine.Snapshot, err error) {
	err = r.do(ctx, r.request(kindSnapshot), func(reply *message) (err error) {
		s, err = decodeSnapshot(reply)
		return err
	})
	return s, err
}

func (r *remote) Restore(ctx context.Context, s *machine.Snapshot) error {
	for i, page := range snapshotPages(s) {
		if len(*page) > snapshotLimits[i] {
			return fmt.Errorf("%w: a snapshot with a page of %d words; it may have %d", errArgument, len(*page), snapshotLimits[i])
		}
	}
	m := r.request(kindRestore)
	n := snapshotBytes(s)
	return r.doBulk(ctx, m, n, func(b []byte) { encodeSnapshot((*encoder)(&m.body), b, s) })
}

func (r *remote) drop() { r.p.drop(r.number) }

// strict is the engine of [Supervisor.NewStrict].
type strict struct {
	s *Supervisor
	r *remote // nil before the first Load or Restore
}

var _ engine.Engine = (*strict)(nil)

func (e *strict) Kind() engine.Kind { return engine.GPU }
func (e *strict) Adapter() string   { return e.s.Status().Adapter }

// seat puts the machine into a living worker, waiting for one, and runs do there.
func (e *strict) seat(ctx context.Context, do func(*remote) error) error {
	if e.r != nil && e.r.p.alive() {
		return do(e.r)
	}
	if err := e.s.WaitReady(ctx); err != nil {
		return err
	}
	r := e.s.remote()
	if r == nil {
		return fmt.Errorf("%w: the GPU worker ended as soon as it was ready", engine.ErrLost)
	}
	err := do(r)
	if err != nil {
		r.drop()
		return err
	}
	e.r = r
	return nil
}

func (e *strict) Load(ctx context.Context, p isa.Program, seed int32) error {
	if _, err := p.Header(); err != nil {
		return err
	}
	return e.seat(ctx, func(r *remote) error { return r.Load(ctx, p, seed) })
}

func (e *strict) Restore(ctx context.Context, s *machine.Snapshot) error {
	return e.seat(ctx, func(r *remote) error { return r.Restore(ctx, s) })
}

func (e *strict) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	if e.r == nil {
		return machine.Report{}, engine.ErrNoProgram
	}
	return e.r.Frame(ctx, in, budget)
}

func (e *strict) Read(ctx context.Context, page machine.Page) ([]uint32, error) {
	if e.r == nil {
		return nil, engine.ErrNoProgram
	}
	return e.r.read(ctx, page)
}

func (e *strict) Commands(ctx context.Context) ([]isa.Command, []uint32, error) {
	if e.r == nil {
		return nil, nil, engine.ErrNoProgram
	}
	return e.r.commands(ctx)
}

func (e *strict) Human(ctx context.Context) (*image.RGBA, error) {
	if e.r == nil {
		return nil, engine.ErrNoProgram
	}
	return e.r.human(ctx)
}

func (e *strict) Render(ctx context.Context, v machine.View, dst *image.RGBA) error {
	if e.r == nil {
		return engine.ErrNoProgram
	}
	return e.r.render(ctx, v, dst)
}

func (e *strict) Snapshot(ctx context.Context) (*machine.Snapshot, error) {
	if e.r == nil {
		return nil, engine.ErrNoProgram
	}
	return e.r.snapshot(ctx)
}

func (e *strict) Close() error {
	if e.r != nil {
		e.r.drop()
		e.r = nil
	}
	return nil
}

// remoteMachine is the machine of [Supervisor.NewMachine].
type remoteMachine struct{ strict }

var (
	_ engine.Machine = (*remoteMachine)(nil)
	_ engine.Source  = (*Supervisor)(nil)
)

func (e *remoteMachine) Alive() bool { return e.r != nil && e.r.p.alive() }

func (e *remoteMachine) Load(ctx context.Context, p isa.Program, seed int32) error {
	if _, err := p.Header(); err != nil {
		return err
	}
	return e.r.Load(ctx, p, seed)
}

func (e *remoteMachine) Restore(ctx context.Context, s *machine.Snapshot) error { return e.r.Restore(ctx, s) }
