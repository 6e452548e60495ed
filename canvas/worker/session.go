package worker

import (
	"context"
	"fmt"
	"image"
	"image/draw"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// session is one machine in the child and the goroutine that runs it.
type session struct {
	server *server
	queue  chan *job // closed to drop the machine
	engine engine.Engine
	sent   payload // the last reply's payload; the parent has copied it when it asks again
}

func (t *session) run() {
	t.engine = t.server.device.New()
	for j := range t.queue {
		t.server.link.release(t.sent)
		t.sent = payload{}
		reply := &message{kind: kindReply, request: j.message.request, machine: j.message.machine}
		err := j.ctx.Context.Err()
		if err == nil {
			err = t.perform(j, reply)
		}
		if err != nil {
			var text encoder
			text.str(cut(err.Error()))
			t.server.link.release(reply.payload)
			reply.code, reply.body, reply.payload = codeOf(err), text, payload{}
		}
		t.sent = reply.payload
		t.server.answer(j, reply)
	}
	t.server.link.release(t.sent)
	_ = t.engine.Close()
}

// perform runs one request and fills its reply.
func (t *session) perform(j *job, reply *message) error {
	m, ctx := j.message, j.ctx
	d := decoder{b: m.body}
	body := (*encoder)(&reply.body)
	malformed := func() error { return fmt.Errorf("%w: a %v request that does not read", errProtocol, m.kind) }
	switch m.kind {
	case kindLoad:
		seed := d.i32()
		if !d.end() || len(m.payload.b)%4 != 0 || len(m.payload.b) > 4*isa.MaxProgramWords {
			return malformed()
		}
		return t.engine.Load(ctx, bytesWords(m.payload.b), seed)
	case kindFrame:
		in, budget, impatient := decodeInput(&d), d.u32(), d.bool()
		if !d.end() {
			return malformed()
		}
		t.impatient(impatient)
		report, err := t.engine.Frame(ctx, in, budget)
		if err != nil {
			return err
		}
		lines := encodeReport(body, report)
		return t.fill(reply, lines)
	case kindRead:
		page := machine.Page(d.u32())
		if !d.end() {
			return malformed()
		}
		words, err := t.engine.Read(ctx, page)
		if err != nil {
			return err
		}
		return t.fill(reply, wordBytes(words))
	case kindCommands:
		commands, payload, err := t.engine.Commands(ctx)
		if err != nil {
			return err
		}
		body.u32(uint32(len(commands)))
		body.u32(uint32(len(payload)))
		return t.fill(reply, commandBytes(commands), wordBytes(payload))
	case kindHuman:
		into := func(w, h int) (_ *image.RGBA, err error) {
			body.u32(uint32(w))
			body.u32(uint32(h))
			if reply.payload, err = t.server.link.newPayload(w * h * 4); err != nil {
				return nil, err
			}
			return rgba(reply.payload.b, w, h), nil
		}
		if e, ok := t.engine.(humanDrawer); ok {
			return e.DrawHuman(ctx, into)
		}
		img, err := t.engine.Human(ctx)
		if err != nil {
			return err
		}
		dst, err := into(img.Rect.Dx(), img.Rect.Dy())
		if err != nil {
			return err
		}
		draw.Draw(dst, dst.Rect, img, img.Rect.Min, draw.Src)
		return nil
	case kindRender:
		v, impatient := decodeView(&d), d.bool()
		if !d.end() || v.Width < 1 || v.Height < 1 || v.Width > maxView || v.Height > maxView {
			return malformed()
		}
		t.impatient(impatient)
		var err error
		if reply.payload, err = t.server.link.newPayload(v.Width * v.Height * 4); err != nil {
			return err
		}
		return t.engine.Render(ctx, v, rgba(reply.payload.b, v.Width, v.Height))
	case kindSnapshot:
		s, err := t.engine.Snapshot(ctx)
		if err != nil {
			return err
		}
		if reply.payload, err = t.server.link.newPayload(snapshotBytes(s)); err != nil {
			return err
		}
		encodeSnapshot(body, reply.payload.b, s)
		return nil
	case kindRestore:
		s, err := decodeSnapshot(m)
		if err != nil {
			return err
		}
		return t.engine.Restore(ctx, s)
	case kindMany:
		if len(m.payload.b)%4 != 0 {
			return malformed()
		}
		return t.runMany(ctx, bytesWords(m.payload.b), reply)
	}
	return malformed()
}

// impatient says whether the engine's next call may wait for a pipeline. One that builds
// none cannot be told.
func (t *session) impatient(on bool) {
	if e, ok := t.engine.(interface{ Impatient(bool) }); ok {
		e.Impatient(on)
	}
}

// humanDrawer is an engine that can put the human texture straight where it is
// wanted.
type humanDrawer interface {
	DrawHuman(ctx context.Context, into func(w, h int) (*image.RGBA, error)) error
}

// fill makes parts, one behind the other, the reply's payload.
func (t *session) fill(reply *message, parts ...[]byte) (err error) {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	if reply.payload, err = t.server.link.newPayload(n); err != nil {
		return err
	}
	b := reply.payload.b
	for _, p := range parts {
		b = b[copy(b, p):]
	}
	return nil
}
