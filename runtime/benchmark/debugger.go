package benchmark

import (
	"errors"
	"math"
	"time"

	"gvpie/assets/bench"
	"gvpie/runtime/debug"
	"gvpie/runtime/debug/why"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// The rows of the debugger: what it may take to answer, or to be ready for it.
var debugger = []group{
	{"Who and why, 50 000 commands on 1024 × 1024", []spec{
		{"who", "every command that drew a texel", milliseconds, 50, who},
		{"why_10_hops", "ten hops from a value to what made it", milliseconds, 50, tenHops},
		{"block", "an EACH as one texel ran it", milliseconds, 50, blockOf},
		{"lines", "how often each line ran, and for how long", milliseconds, 50, lines},
	}},
	{"Time, in 60 s of an example", []spec{
		{"step_back", "a statement back, from anywhere", milliseconds, 50, stepBack},
		{"step_back_far", "a statement back at the end, come from the beginning", milliseconds, 50, stepBackFar},
		{"last_write", "who drew a texel, and gave a value, 50 s ago", milliseconds, 50, lastWrite},
		{"slide_frames", "to any frame, with its picture", milliseconds, 1000. / 60, slideFrames},
		{"slide_cycles", "to any cycle of a frame, with its picture", milliseconds, 1000. / 60, slideCycles},
		{"record_frame", "to be ready for it, a running frame", milliseconds, 1000. / 60 / 10, recordFrame},
	}},
}

// asked is a run that stands before the frame that is asked about.
type asked struct {
	a    *pxl.Assembly
	past *why.Rerun
}

// askedFrame is the frame that is asked about.
const askedFrame = 2

func (b *bencher) asked(source string) (asked, error) {
	a := pxl.Assemble("bench.pxl", source)
	if !a.OK() {
		return asked{}, errors.New("the program does not assemble")
	}
	past, err := why.NewRerun(a.Program, isa.DefaultSeed, func(int) (in machine.Input, budget uint32) { return in, 0 })
	if err == nil {
		_, err = past.Before(b.ctx, askedFrame)
	}
	return asked{a, past}, err
}

// asker has been asked nothing of the frame yet.
func (a asked) asker() *why.Asker { return why.New(a.a, a.past) }

func who(b *bencher, _ spec) (measured, error) { return b.who(bench.Program("passes"), "CLS") }

func blockOf(b *bencher, _ spec) (measured, error) {
	return b.who(resized(bench.Program("plasma"), 1024, 1024), "EACH")
}

// who measures who drew texels, a command of the kind first.
func (b *bencher) who(source, op string) (measured, error) {
	run, err := b.asked(source)
	if err != nil {
		return measured{}, err
	}
	n := 0
	return b.rounds(b.timed(func() error {
		n++
		d, err := run.asker().Who(b.ctx, askedFrame, 512+n*31&63, 512+n*17&63)
		if err == nil && (len(d.Touches) == 0 || d.Touches[0].Op != op) {
			err = errors.New("nothing drew the texel")
		}
		return err
	}), nil)
}

func tenHops(b *bencher, _ spec) (measured, error) {
	run, err := b.asked(bench.Program("passes"))
	if err != nil {
		return measured{}, err
	}
	return b.rounds(b.timed(func() error {
		a := run.asker()
		v, err := a.Variable(b.ctx, "passed[11]", why.Position{Frame: askedFrame, Cycle: math.MaxUint32})
		for range 10 {
			if err != nil {
				break
			}
			var o why.Origin
			if o, _, err = a.Why(b.ctx, v); err == nil && len(o.Inputs) == 0 {
				err = errors.New("a hop leads nowhere")
			} else if err == nil {
				v = o.Inputs[0]
			}
		}
		return err
	}), nil)
}

func lines(b *bencher, _ spec) (measured, error) {
	run, err := b.asked(bench.Program("passes"))
	if err != nil {
		return measured{}, err
	}
	return b.rounds(b.timed(func() error {
		all, err := run.asker().Lines(b.ctx, askedFrame)
		if err == nil && len(all) < 10 {
			err = errors.New("lines are missing")
		}
		return err
	}), nil)
}

// longAgo draws, and gives a value, in one frame of the run.
const longAgo = `.canvas 128 64 pixel
loop:
IF frame == 512
  RECT 3 3 9 9 red
  x = frame
END
FOR i = 0 TO 199
  PLOT (i * 7 + frame & 127) (40 + i % 20) (i * 4099)
END
y = y + x
FRAME
JMP loop
`

func lastWrite(b *bencher, _ spec) (measured, error) {
	run, err := b.asked(longAgo)
	if err != nil {
		return measured{}, err
	}
	a := run.asker()
	if err := a.Index(b.ctx, allFrames); err != nil {
		return measured{}, err
	}
	return b.rounds(b.timed(func() error {
		d, err := a.Who(b.ctx, allFrames, 5, 5)
		if err != nil {
			return err
		}
		v, err := a.Variable(b.ctx, "x", why.Position{Frame: allFrames})
		if err != nil {
			return err
		}
		o, _, err := a.Why(b.ctx, v)
		if err == nil && (d.Frame != 512 || o.At.Frame != d.Frame) {
			err = errors.New("the frame of the write is not found")
		}
		return err
	}), nil)
}

// The example that is gone through, and its frames: 60 s of 60 a second.
const (
	goneThrough = "starfield"
	allFrames   = 60 * 60
)

// session is one that has been at the end of all frames.
func (b *bencher) session() (*debug.Session, error) {
	if b.debugged != nil {
		return b.debugged, nil
	}
	source, err := exampleSource(goneThrough)
	if err != nil {
		return nil, err
	}
	s, err := debug.New(debug.Run{Assembly: pxl.Assemble("bench.pxl", source), Frames: allFrames})
	if err == nil {
		err = s.Go(b.ctx, debug.Position{Frame: allFrames})
	}
	if err == nil {
		b.debugged = s
	}
	return s, err
}

// wander measures what is done with a session at moments all over the run. from goes to
// one, and is not measured.
func (b *bencher) wander(from, do func(s *debug.Session, n int) error) (measured, error) {
	s, err := b.session()
	if err != nil {
		return measured{}, err
	}
	n := 0
	return b.rounds(b.after(func() error {
		n++
		return from(s, n)
	}, func() error { return do(s, n) }), nil)
}

// somewhere is a frame, another for each n.
func somewhere(n int) int { return 1 + n*1733%(allFrames-1) }

func stepBack(b *bencher, _ spec) (measured, error) {
	return b.wander(func(s *debug.Session, n int) error {
		return s.Go(b.ctx, debug.Position{Frame: somewhere(n), Cycle: uint32(n % 50)})
	}, func(s *debug.Session, _ int) error {
		_, err := s.StepBack(b.ctx, debug.Into)
		return err
	})
}

func stepBackFar(b *bencher, _ spec) (measured, error) {
	return b.wander(func(s *debug.Session, n int) error {
		if err := s.Go(b.ctx, debug.Position{Frame: n % 2}); err != nil {
			return err
		}
		return s.Go(b.ctx, debug.Position{Frame: allFrames})
	}, func(s *debug.Session, _ int) error {
		_, err := s.StepBack(b.ctx, debug.Into)
		return err
	})
}

func slideFrames(b *bencher, _ spec) (measured, error) {
	return b.wander(func(*debug.Session, int) error { return nil }, func(s *debug.Session, n int) error {
		if err := s.Go(b.ctx, debug.Position{Frame: somewhere(n)}); err != nil {
			return err
		}
		_, err := s.Machine(b.ctx)
		return err
	})
}

func slideCycles(b *bencher, _ spec) (measured, error) {
	return b.wander(func(s *debug.Session, n int) error {
		return s.Go(b.ctx, debug.Position{Frame: somewhere(n / 64), Cycle: uint32(n % 7)})
	}, func(s *debug.Session, n int) error {
		if err := s.Go(b.ctx, debug.Position{Frame: somewhere(n / 64), Cycle: uint32(n * 37 % 1000)}); err != nil {
			return err
		}
		_, err := s.Machine(b.ctx)
		return err
	})
}

// recordFrame measures what the record of a running program takes of a frame, its
// keyframes too.
func recordFrame(b *bencher, _ spec) (measured, error) {
	source, err := exampleSource(goneThrough)
	if err != nil {
		return measured{}, err
	}
	p, err := assemble(source)
	if err != nil {
		return measured{}, err
	}
	m, err := machine.New(p, isa.DefaultSeed)
	if err != nil {
		return measured{}, err
	}
	ring := record.NewRing(p, isa.DefaultSeed, record.DefaultMemory)
	var in machine.Input
	var report machine.Report
	var took time.Duration
	return b.rounds(b.after(func() error {
		from := time.Now()
		in.MouseX = int32(ring.End() % 100)
		report, err = m.Frame(b.ctx, in, 0)
		took = time.Since(from)
		return err
	}, func() error {
		ring.Append(in, 0, report, took)
		if ring.Due() {
			from := time.Now()
			ring.Keyframe(m.Snapshot(), time.Since(from))
		}
		return nil
	}), nil)
}
