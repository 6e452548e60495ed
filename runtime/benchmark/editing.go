package benchmark

import (
	"errors"
	"fmt"
	"image"
	"strconv"
	"strings"
	"time"

	"gvpie/assets"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// keystroke measures what follows a key that changes a number in a block: the text
// assembled, a frame, its view.
func (b *bencher) keystroke(spec) (measured, error) {
	e := b.Engine()
	defer e.Close()
	dst := image.NewRGBA(image.Rect(0, 0, viewWidth, viewHeight))
	v := machine.View{Texture: machine.HumanTexture, Width: viewWidth, Height: viewHeight, Scale: viewWidth / 192.}
	m, err := b.rounds(b.timed(func() error {
		if err := b.edit(e); err != nil {
			return err
		}
		if _, err := e.Frame(b.ctx, machine.Input{}, 0); err != nil {
			return err
		}
		return e.Render(b.ctx, v, dst)
	}), nil)
	m.work = 1
	return m, err
}

// compile measures how long after such a key frames go by until one is run by compiled
// code. The frames go on meanwhile, so what counts is the clock on the wall.
func (b *bencher) compile(spec) (measured, error) {
	e := b.Engine()
	defer e.Close()
	m, err := b.rounds(func(n int) (cost, error) {
		began := time.Now()
		for range n {
			if err := b.edit(e); err != nil {
				return cost{}, err
			}
			compiled, err := b.await(e, func() error {
				_, err := e.Frame(b.ctx, machine.Input{}, 0)
				return err
			})
			if err == nil && !compiled {
				err = errInterpreted
			}
			if err != nil {
				return cost{}, err
			}
		}
		took := max(time.Since(began), 1)
		return cost{took, took}, nil
	}, nil)
	m.work = 1
	return m, err
}

var errInterpreted = errors.New("the block stays interpreted")

// edit loads the example plasma with another number in its block than ever before.
func (b *bencher) edit(e engine.Engine) error {
	b.edits++
	source, err := exampleSource("plasma")
	if err != nil {
		return err
	}
	p, err := assemble(strings.Replace(source, "h + 190", "h + "+strconv.Itoa(1000+b.edits), 1))
	if err != nil {
		return err
	}
	return e.Load(b.ctx, p, isa.DefaultSeed)
}

// exampleSource is the source of one of the examples.
func exampleSource(name string) (string, error) {
	for _, e := range assets.Examples() {
		if e.Name == name {
			return e.Source, nil
		}
	}
	return "", fmt.Errorf("there is no example %q", name)
}

// window measures the window with an example that draws every texel in every frame.
func (b *bencher) window(spec) (measured, error) {
	if b.Window == nil {
		return measured{}, errors.New("there is no window here")
	}
	source, err := exampleSource("plasma")
	if err != nil {
		return measured{}, err
	}
	frames := 20
	if b.Rounds == 1 {
		frames = 2
	}
	processor, wall, err := b.Window(b.ctx, "plasma", source, frames)
	return measured{work: 1, ours: b.cost(processor, wall)}, err
}
