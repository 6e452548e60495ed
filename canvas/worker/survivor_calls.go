package worker

import (
	"context"
	"image"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// The calls that look at a machine, and the last.

// Read copies a page out.
func (e *Survivor) Read(ctx context.Context, page machine.Page) (words []uint32, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	err = e.run(ctx, func(r *remote) (err error) {
		words, err = r.read(ctx, page)
		return err
	}, func(c engine.Engine) (err error) {
		words, err = c.Read(ctx, page)
		return err
	})
	return words, err
}

// Commands copies out the last frame's command list and payload.
func (e *Survivor) Commands(ctx context.Context) (list []isa.Command, payload []uint32, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	err = e.run(ctx, func(r *remote) (err error) {
		list, payload, err = r.commands(ctx)
		return err
	}, func(c engine.Engine) (err error) {
		list, payload, err = c.Commands(ctx)
		return err
	})
	return list, payload, err
}

// Human copies out the human texture.
func (e *Survivor) Human(ctx context.Context) (img *image.RGBA, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	err = e.run(ctx, func(r *remote) (err error) {
		img, err = r.human(ctx)
		return err
	}, func(c engine.Engine) (err error) {
		img, err = c.Human(ctx)
		return err
	})
	return img, err
}

// Render draws a view into dst.
func (e *Survivor) Render(ctx context.Context, v machine.View, dst *image.RGBA) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ended {
		if err := e.comeBackEnded(ctx); err != nil {
			return err
		}
	}
	return e.run(ctx,
		func(r *remote) error { return r.render(ctx, v, dst) },
		func(c engine.Engine) error { return c.Render(ctx, v, dst) })
}

// Snapshot copies the whole machine out.
func (e *Survivor) Snapshot(ctx context.Context) (s *machine.Snapshot, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	err = e.run(ctx, func(r *remote) (err error) {
		s, err = r.snapshot(ctx)
		return err
	}, func(c engine.Engine) (err error) {
		s, err = c.Snapshot(ctx)
		return err
	})
	return s, err
}

// Close frees the machine.
func (e *Survivor) Close() (err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.remote != nil {
		e.remote.drop()
	}
	if e.cpu != nil {
		err = e.cpu.Close()
	}
	e.journal, e.remote, e.cpu = nil, nil, nil
	return err
}
