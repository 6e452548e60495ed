package studio

import (
	"context"
	"errors"
	"image"

	"gvpie/runtime/machine"
)

// Textures are the pictures of the machine in front, whole, at one texel a pixel.
type Textures struct {
	Machine *image.RGBA // the display page: R, G, B as they are, opaque
	Human   *image.RGBA
	Err     error
}

// errClosed is told to those who ask a window that is closing.
var errClosed = errors.New("the window is closing")

// Textures asks the player for the pictures of the program in front; ok is false
// when none has run. Unlike the other methods it may be called from any
// goroutine: those who look at the window from outside do not wait for its
// frames.
func (r *Runner) Textures(ctx context.Context) (t Textures, ok bool, err error) {
	answer := make(chan Textures, 1)
	select {
	case r.player.asked <- answer:
	case <-r.player.done:
		return t, false, errClosed
	case <-ctx.Done():
		return t, false, ctx.Err()
	}
	select {
	case t = <-answer:
		return t, t.Machine != nil, t.Err
	case <-ctx.Done():
		return t, false, ctx.Err()
	}
}

// textures answers one question of Runner.Textures, between two frames.
func (p *player) textures() (t Textures) {
	if !p.run.loaded || !p.run.begun || p.err != "" {
		return t
	}
	ctx := context.Background()
	h := p.run.asm.Header
	words, err := p.eng.Read(ctx, machine.DisplayPage)
	if err != nil {
		return Textures{Err: err}
	}
	if t.Human, t.Err = p.eng.Human(ctx); t.Err == nil {
		t.Machine = machine.Codes(words, h.W, h.H)
	}
	return t
}
