package improve

import (
	"context"
	"math/rand/v2"

	"gvpie/runtime/isa"
)

// How far a program is run to find what it costs.
const (
	costFrames = 120
	costMost   = 400_000_000
)

// yardstick is what a program does, which candidates are held to.
type yardstick struct {
	p      *Program
	course *course // all of its future, if it is known
	runs   []measured
	cost   uint64
	work   uint64 // toil of the runs that it took to know all that
	trials Effort
}

// measured is a run in which candidates are counted.
type measured struct {
	trial
	shown []hash
}

// newYardstick runs the program that is to be improved.
func newYardstick(ctx context.Context, p *Program, complete bool, e Effort) (*yardstick, error) {
	y := &yardstick{p: p, trials: e}
	r := &run{}
	frames := costFrames
	if complete && p.closed() {
		var err error
		if y.course, err = r.followed(ctx, p, completeFrames, costMost); err != nil {
			return nil, err
		}
		if y.course != nil {
			frames = max(frames, len(y.course.shown))
		}
	}
	g := &inputMaker{Rand: rand.New(rand.NewPCG(1, 2)), w: int32(p.Header.W), h: int32(p.Header.H)}
	g.reads(&p.reads)
	all := []trial{{seed: isa.DefaultSeed, frames: frames}}
	for i := range 2 {
		t := trial{seed: isa.DefaultSeed, frames: frames}
		if g.any() {
			t.inputs = g.walk(frames)
		}
		if g.seeded {
			t.seed = int32(i + 2)
		}
		if g.any() || g.seeded {
			all = append(all, t)
		}
	}
	for _, t := range all {
		m := measured{trial: t}
		if err := r.start(p, t.seed); err != nil {
			return nil, err
		}
		for f := 0; f < t.frames && !r.ended && r.counts.toil() < costMost; f++ {
			if err := r.frame(ctx, t.input(f)); err != nil {
				return nil, err
			}
			m.shown = append(m.shown, r.shown())
		}
		m.frames = len(m.shown)
		y.cost += r.counts.Cost()
		y.runs = append(y.runs, m)
	}
	y.work = r.work()
	return y, nil
}

// measure runs a candidate in the runs of the yardstick. equal is false at the first
// frame that shows something else, or once it costs more than most.
func (y *yardstick) measure(ctx context.Context, r *run, p *Program, most uint64) (cost uint64, equal bool, err error) {
	if p.Header.W != y.p.Header.W || p.Header.H != y.p.Header.H || p.Header.Pixel != y.p.Header.Pixel {
		return 0, false, nil
	}
	for i := range y.runs {
		m := &y.runs[i]
		if err := r.start(p, m.seed); err != nil {
			return 0, false, nil
		}
		for f := range m.frames {
			if r.ended {
				return 0, false, nil
			}
			if err := r.frame(ctx, m.input(f)); err != nil {
				return 0, false, err
			}
			if cost+r.counts.Cost() >= most || r.shown() != m.shown[f] {
				return 0, false, nil
			}
		}
		cost += r.counts.Cost()
	}
	return cost, true, nil
}

// evidence says how it is known that a candidate is equal to the program; NoEvidence: it
// is not. told is what its steps came with.
func (y *yardstick) evidence(ctx context.Context, c *comparer, p *Program, told Evidence, enough EvidenceSet) (Evidence, error) {
	if y.course != nil && p.closed() && enough.Has(ByCompletion) {
		other, err := c.b.followed(ctx, p, completeFrames, costMost)
		if err != nil {
			return NoEvidence, err
		}
		if other != nil {
			if same, known := y.course.same(other); known && same {
				return ByCompletion, nil
			} else if known {
				return NoEvidence, nil
			}
		}
	}
	if !enough.Has(told) {
		if !enough.Has(ByTrial) {
			return NoEvidence, nil
		}
		told = ByTrial
	}
	w, err := c.try(ctx, y.p, p, y.trials)
	if w != nil || err != nil {
		return NoEvidence, err
	}
	return told, nil
}
