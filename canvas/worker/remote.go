package worker

import (
	"context"
	"fmt"
	"image"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// remote is one machine in one child: every method is one request, and what the
// child could not do anyway is refused before it is asked. When the child ends,
// the machine is gone and every method returns engine.ErrLost.
type remote struct {
	p      *process
	number uint32
	config *Config
	closed bool

	impatient bool
}

var _ engine.Machine = (*remote)(nil)

// Kind is the GPU.
func (r *remote) Kind() engine.Kind { return engine.GPU }

// Adapter names the GPU.
func (r *remote) Adapter() string { return r.p.adapter }

// Alive says whether the child has not ended.
func (r *remote) Alive() bool { return r.p.alive() }

// Impatient says whether calls wait for pipelines.
func (r *remote) Impatient(on bool) { r.impatient = on }

func (r *remote) request(k kind) *message { return &message{kind: k, machine: r.number} }

// do sends m and waits as long as small calls may take.
func (r *remote) do(ctx context.Context, m *message, use func(*message) error) error {
	return r.p.do(ctx, m, r.config.CallTimeout, use)
}

// doWith is do for a request with n bytes of payload, which fill writes.
func (r *remote) doWith(ctx context.Context, m *message, n int, fill func(b []byte)) error {
	return r.p.guarded(func() error {
		payload, err := r.p.link.newPayload(n)
		if err != nil {
			return err
		}
		defer r.p.link.release(payload)
		fill(payload.b)
		m.payload = payload
		return r.do(ctx, m, nil)
	})
}

// Load replaces the machine.
func (r *remote) Load(ctx context.Context, p isa.Program, seed int32) error {
	if _, err := p.Header(); err != nil {
		return err
	}
	m := r.request(kindLoad)
	(*encoder)(&m.body).i32(seed)
	return r.doWith(ctx, m, len(p)*4, func(b []byte) { copy(b, wordBytes(p)) })
}

// Frame runs one frame.
func (r *remote) Frame(ctx context.Context, in machine.Input, budget uint32) (report machine.Report, err error) {
	m := r.request(kindFrame)
	encodeInput((*encoder)(&m.body), in)
	(*encoder)(&m.body).u32(budget)
	(*encoder)(&m.body).bool(r.impatient)
	err = r.p.do(ctx, m, r.config.FrameTimeout(budget), func(reply *message) (err error) {
		report, err = decodeReport(&decoder{b: reply.body}, reply.payload.b)
		return err
	})
	return report, err
}

// Read copies a page out.
func (r *remote) Read(ctx context.Context, page machine.Page) (words []uint32, err error) {
	if page > machine.StatePage {
		return nil, fmt.Errorf("%w: %v", engine.ErrPage, page)
	}
	m := r.request(kindRead)
	(*encoder)(&m.body).u32(uint32(page))
	err = r.do(ctx, m, func(reply *message) error {
		if len(reply.payload.b)%4 != 0 {
			return protocolError("a page of %d bytes", len(reply.payload.b))
		}
		words = bytesWords(reply.payload.b)
		return nil
	})
	return words, err
}

// Commands copies out the last frame's command list and payload.
func (r *remote) Commands(ctx context.Context) (list []isa.Command, payload []uint32, err error) {
	err = r.do(ctx, r.request(kindCommands), func(reply *message) error {
		d := decoder{b: reply.body}
		n, extra := int(d.u32()), int(d.u32())
		size := n * isa.CommandWords * 4
		if !d.end() || n > isa.MaxCommands || extra > isa.MaxPayload || size+extra*4 != len(reply.payload.b) {
			return protocolError("%d commands and %d words of payload in %d bytes", n, extra, len(reply.payload.b))
		}
		list = make([]isa.Command, n)
		copy(commandBytes(list), reply.payload.b)
		payload = bytesWords(reply.payload.b[size:])
		return nil
	})
	return list, payload, err
}

// Human copies out the human texture.
func (r *remote) Human(ctx context.Context) (img *image.RGBA, err error) {
	err = r.do(ctx, r.request(kindHuman), func(reply *message) error {
		d := decoder{b: reply.body}
		w, h := int(d.u32()), int(d.u32())
		if !d.end() || w < 1 || h < 1 || w > isa.MaxCanvas*isa.CellWidth || h > isa.MaxCanvas*isa.CellHeight || w*h*4 != len(reply.payload.b) {
			return protocolError("a human texture of %d × %d in %d bytes", w, h, len(reply.payload.b))
		}
		img = machine.NewPicture(w, h)
		copy(img.Pix, reply.payload.b)
		return nil
	})
	return img, err
}

// Render draws a view into dst.
func (r *remote) Render(ctx context.Context, v machine.View, dst *image.RGBA) error {
	if v.Width < 1 || v.Height < 1 || v.Width > maxView || v.Height > maxView {
		return fmt.Errorf("%w: a view of %d × %d pixels; it may be 1 × 1 to %d × %d", machine.ErrView, v.Width, v.Height, maxView, maxView)
	}
	if want := image.Rect(0, 0, v.Width, v.Height); dst.Rect != want {
		return fmt.Errorf("%w: a view of %v into an image of %v", machine.ErrView, want, dst.Rect)
	}
	m := r.request(kindRender)
	encodeView((*encoder)(&m.body), v)
	(*encoder)(&m.body).bool(r.impatient)
	return r.do(ctx, m, func(reply *message) error {
		if len(reply.payload.b) != v.Width*v.Height*4 {
			return protocolError("a view of %d × %d in %d bytes", v.Width, v.Height, len(reply.payload.b))
		}
		copyRGBA(dst, reply.payload.b, v.Width, v.Height)
		return nil
	})
}

// Snapshot copies the whole machine out.
func (r *remote) Snapshot(ctx context.Context) (s *machine.Snapshot, err error) {
	err = r.do(ctx, r.request(kindSnapshot), func(reply *message) (err error) {
		s, err = decodeSnapshot(reply)
		return err
	})
	return s, err
}

// Restore makes the machine equal to s.
func (r *remote) Restore(ctx context.Context, s *machine.Snapshot) error {
	for i, page := range snapshotPages(s) {
		if len(*page) > snapshotLimits[i] {
			return fmt.Errorf("%w: a page of %d words; it may have %d", machine.ErrSnapshot, len(*page), snapshotLimits[i])
		}
	}
	m := r.request(kindRestore)
	n := snapshotBytes(s)
	return r.doWith(ctx, m, n, func(b []byte) { encodeSnapshot((*encoder)(&m.body), b, s) })
}

// Close has the child forget the machine.
func (r *remote) Close() error {
	if !r.closed {
		r.closed = true
		r.p.drop(r.number)
	}
	return nil
}
