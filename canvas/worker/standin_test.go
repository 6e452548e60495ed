package worker

import (
	"context"
	"fmt"
	"image"
	"os"
	"syscall"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Accidents: a frame whose input has these buttons meets them in the stand-in.
const (
	exits    = 1000 + iota // the process ends
	aborts                 // the process ends by SIGABRT
	hangs                  // the call never returns
	waits                  // it returns when its context ends
	lives                  // as waits, looking at its context all the time
	babbles                // text on the protocol's pipe
	inflates               // a frame of 4 GB is announced
	overruns               // a frame that points outside shared memory
	breaks                 // the device is lost, the process lives
)

// poisonSeed makes every frame in the stand-in end the process.
const poisonSeed = 666

func serveStandIn(mode string) int {
	in, out, err := claimStdio()
	if err != nil {
		return 1
	}
	err = Serve(in, out, func() (Device, error) {
		fmt.Println("stdout belongs to the protocol; this must not get into it")
		if mode == "none" {
			return nil, fmt.Errorf("%w: no adapter in this test", engine.ErrUnavailable)
		}
		return standIn{out, mode == "picture", mode == "builder"}, nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

type standIn struct {
	out     *os.File
	picture bool // pictures cost nothing to make
	builder bool // the process ends when the pipeline of a block is to be built
}

func (standIn) Adapter() string { return "stand-in" }
func (standIn) Close()          {}

func (b standIn) New() engine.Engine {
	e := &accident{Engine: engine.NewCPU(), out: b.out, builder: b.builder}
	if b.picture {
		return &picture{accident: e, img: image.NewRGBA(image.Rect(0, 0, 768, 512))}
	}
	return e
}

// picture is a machine whose pictures are made already.
type picture struct {
	*accident
	img *image.RGBA
}

func (p *picture) Human(context.Context) (*image.RGBA, error) { return p.img, nil }

func (p *picture) Render(_ context.Context, _ machine.View, dst *image.RGBA) error {
	copy(dst.Pix, p.img.Pix)
	return nil
}

type accident struct {
	engine.Engine
	out     *os.File
	poison  bool
	builder bool
}

func (a *accident) Load(ctx context.Context, p isa.Program, seed int32) error {
	if p.HasEach() && !a.builder {
		return fmt.Errorf("%w: EACH", engine.ErrUnsupported)
	}
	a.poison = seed == poisonSeed || p.HasEach()
	return a.Engine.Load(ctx, p, seed)
}

func (a *accident) Restore(ctx context.Context, s *machine.Snapshot) error {
	if s.Program.HasEach() && !a.builder {
		return fmt.Errorf("%w: EACH", engine.ErrUnsupported)
	}
	a.poison = s.State[isa.StSeed] == poisonSeed || s.Program.HasEach()
	return a.Engine.Restore(ctx, s)
}

func (a *accident) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	if a.poison {
		os.Exit(3)
	}
	switch in.Buttons {
	case exits:
		os.Exit(3)
	case aborts:
		if self, err := os.FindProcess(os.Getpid()); err == nil {
			self.Signal(syscall.SIGABRT)
		}
		select {}
	case hangs:
		select {}
	case waits:
		<-ctx.Done()
		return machine.Report{}, ctx.Err()
	case lives:
		for ctx.Err() == nil {
		}
		return machine.Report{}, ctx.Err()
	case babbles:
		a.out.WriteString("wgpu error: something happened, and it is told to whom it does not concern\n")
	case inflates:
		a.out.Write([]byte{0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3})
	case overruns:
		l := newLink(nil, a.out)
		b := payload{b: make([]byte, maxInline+1), off: 1 << 40, transport: transportShared}
		_ = l.send(&message{kind: kindReply, request: 1, payload: b})
	case breaks:
		return machine.Report{}, fmt.Errorf("%w: device lost, says the stand-in", engine.ErrLost)
	}
	return a.Engine.Frame(ctx, in, budget)
}
