package studio

import (
	"context"
	"errors"
	"image"
	"testing"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
)

// lookedAt is an engine that tells before each rendering.
type lookedAt struct {
	engine.Engine
	render func() error
}

func (e lookedAt) Render(ctx context.Context, v machine.View, img *image.RGBA) error {
	if err := e.render(); err != nil {
		return err
	}
	return e.Engine.Render(ctx, v, img)
}

// bothViews shows the human and the machine texture.
func bothViews(r *request) {
	r.views = [Slots]machine.View{{Width: 8, Height: 8, Scale: 1}, {Texture: machine.HumanTexture, Width: 8, Height: 8, Scale: 1}}
}

// Whenever the window looks, also between the renderings of one frame, what it has of
// both views is of one frame.
func TestBothPicturesAreOfTheSameFrame(t *testing.T) {
	var p *handPlayer
	var has [Slots]*Picture
	look := func() error {
		_, pics, _ := p.out.take()
		for i, pic := range pics {
			if pic != nil {
				has[i] = pic
			}
		}
		if has[0] != nil && has[1] != nil && has[0].frame != has[1].frame || (has[0] == nil) != (has[1] == nil) {
			t.Fatalf("the pictures are of different frames: %+v and %+v", has[0], has[1])
		}
		return nil
	}
	p = newHandPlayer(t, func(engine.Backend) engine.Engine { return lookedAt{engine.NewCPU(), look} })
	p.in.change(bothViews)
	p.in.change(p.program(1, 1, bounce))
	for range 5 {
		p.clock = p.clock.Add(FrameTime)
		p.update()
		look()
	}
	if has[1] == nil || has[1].frame < 5 {
		t.Fatalf("the last pictures are %+v", has)
	}
	p.in.change(func(r *request) { r.views[0].Mark = machine.Rect{W: 1, H: 1} }) // one view alone
	p.update()
	look()
}

func TestWhereOnePictureCannotBeHadNoneIsShown(t *testing.T) {
	n := 0
	p := newHandPlayer(t, func(engine.Backend) engine.Engine {
		return lookedAt{engine.NewCPU(), func() error {
			if n++; n == 4 { // the second of the second frame
				return errors.New("no memory")
			}
			return nil
		}}
	})
	p.in.change(bothViews)
	p.in.change(p.program(1, 1, bounce))
	p.update()
	if _, pics, _ := p.out.take(); pics[0] == nil || pics[1] == nil {
		t.Fatal("the first frame has no pictures")
	}
	p.clock = p.clock.Add(FrameTime)
	p.update()
	if r, pics, _ := p.out.take(); pics[0] != nil || pics[1] != nil || r.phase != Broken {
		t.Errorf("phase %v with pictures %v", r.phase, pics)
	}
}

// slow is an engine whose frames and renderings take their time on the test's clock.
type slow struct {
	engine.Engine
	clock         *time.Time
	frame, render time.Duration
}

func (e slow) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	*e.clock = e.clock.Add(e.frame)
	return e.Engine.Frame(ctx, in, budget)
}

func (e slow) Render(ctx context.Context, v machine.View, img *image.RGBA) error {
	*e.clock = e.clock.Add(e.render)
	return e.Engine.Render(ctx, v, img)
}

func TestAFramesTimeIsTheProgramsOwn(t *testing.T) {
	var p *handPlayer
	p = newHandPlayer(t, func(engine.Backend) engine.Engine {
		return slow{engine.NewCPU(), &p.clock, 3 * time.Millisecond, 40 * time.Millisecond}
	})
	p.in.change(bothViews)
	p.ask(p.program(1, 1, bounce))
	if r := p.frame(); r.frameMS < 2.99 || r.frameMS > 3.01 || r.heavy {
		t.Errorf("a frame takes %v ms, heavy %v", r.frameMS, r.heavy)
	}
}

func TestFramesAreCountedAsTheyAreShown(t *testing.T) {
	r, s := newHandRunner()
	clock := time.Unix(1000, 0)
	r.now = func() time.Time { return clock }
	d := s.NewDocument()
	s.Edit("HALT\n")
	frame := uint64(0)
	publish := func(phase Phase) {
		frame++
		pics := [Slots]*Picture{{doc: d.ID, frame: frame}, {doc: d.ID, frame: frame}}
		r.player.out.publish(result{doc: d.ID, phase: phase, frames: frame}, pics, true)
	}
	for range 60 { // 60 frames of the program, of which the window shows each third
		for range 3 {
			publish(Running)
		}
		clock = clock.Add(time.Second / 20)
		r.take()
		// The same frame once more, as when the pointer marks another texel.
		r.player.out.publish(result{doc: d.ID, phase: Running, frames: frame}, [Slots]*Picture{{doc: d.ID, frame: frame}}, false)
		r.take()
	}
	if fps := r.RunState().FPS; fps < 19.9 || fps > 20.1 {
		t.Errorf("%v frames are shown a second, want 20", fps)
	}
	for range 3 {
		publish(Running)
		clock = clock.Add(2 * time.Second)
		r.take()
	}
	if fps := r.RunState().FPS; fps < .49 || fps > .51 {
		t.Errorf("%v frames are shown a second, want a half", fps)
	}
	publish(Halted)
	if r.take(); r.RunState().FPS != 0 {
		t.Errorf("a program that has ended shows %v frames a second", r.RunState().FPS)
	}
}
