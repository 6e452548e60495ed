package studio

import (
	"context"
	"errors"

	"gvpie/runtime/api"
	"gvpie/runtime/machine"
)

// errClosed is told to those who ask a window that is closing.
var errClosed = errors.New("the window is closing")

// textures are the pictures of the machine in front, whole, at one texel a pixel;
// none when no program has run.
type textures struct {
	api.Canvas
	err error
}

// Textures asks the player for the pictures of the program in front, at one texel
// a pixel; ok is false when none has run. Unlike the other methods it may be called
// from any goroutine: those who look at the window from outside do not wait for its
// frames.
func (r *Runner) Textures(ctx context.Context) (c api.Canvas, ok bool, err error) {
	answer := make(chan textures, 1)
	select {
	case r.player.asked <- answer:
	case <-r.player.done:
		return c, false, errClosed
	case <-ctx.Done():
		return c, false, ctx.Err()
	}
	select {
	case t := <-answer:
		return t.Canvas, t.Machine != nil, t.err
	case <-ctx.Done():
		return c, false, ctx.Err()
	}
}

// textures answers one question of Runner.Textures, between two frames.
func (p *player) textures() (t textures) {
	if !p.run.loaded || !p.run.begun || p.err != "" {
		return t
	}
	ctx := context.Background()
	h := p.run.asm.Header
	words, err := p.eng.Read(ctx, machine.DisplayPage)
	if err != nil {
		return textures{err: err}
	}
	if t.Human, t.err = p.eng.Human(ctx); t.err == nil {
		t.Machine = machine.Codes(words, h.W, h.H)
	}
	return t
}
