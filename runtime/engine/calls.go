package engine

import (
	"context"
	"errors"
	"image"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// The calls that look at a machine.

// Read copies a page out.
func (f *Failover) Read(ctx context.Context, page machine.Page) (words []uint32, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	err = f.call(ctx, func(e Engine) (err error) {
		words, err = e.Read(ctx, page)
		return err
	})
	return words, err
}

// Commands copies out the last frame's command list and payload.
func (f *Failover) Commands(ctx context.Context) (list []isa.Command, payload []uint32, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	err = f.call(ctx, func(e Engine) (err error) {
		list, payload, err = e.Commands(ctx)
		return err
	})
	return list, payload, err
}

// Human copies out the human texture.
func (f *Failover) Human(ctx context.Context) (img *image.RGBA, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	err = f.call(ctx, func(e Engine) (err error) {
		img, err = e.Human(ctx)
		return err
	})
	return img, err
}

// Render draws a view into dst.
func (f *Failover) Render(ctx context.Context, v machine.View, dst *image.RGBA) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended {
		if err := f.failBackEnded(ctx); err != nil {
			return err
		}
	}
	render := func(e Engine) error { return e.Render(ctx, v, dst) }
	from := f.o.Now()
	err := f.call(ctx, render)
	if errors.Is(err, ErrCold) {
		if err = f.cool(ctx); err == nil {
			err = f.call(ctx, render)
		}
	}
	f.trial.shown(f.o.Now().Sub(from))
	if err == nil {
		f.warmer.keepInMind(v)
	}
	return err
}

// Snapshot copies the whole machine out.
func (f *Failover) Snapshot(ctx context.Context) (s *machine.Snapshot, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	err = f.call(ctx, func(e Engine) (err error) {
		s, err = e.Snapshot(ctx)
		return err
	})
	return s, err
}
