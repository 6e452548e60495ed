package picture

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"gvpie/runtime/improve"
)

// Options say how a target is painted.
type Options struct {
	Shapes     int    // at most
	Kinds      []Kind // of the shapes, at least one; with Glyph and others, half of each
	Seed       uint64
	Candidates int // that are tried: how long the search is, and part of what a seed means
	// Stop is asked between jobs of candidates; nil: never. What was found until then is
	// the result.
	Stop func() bool
}

// MostShapes is how many shapes a program may have, so that what is kept of a large
// canvas stays within memory.
const MostShapes = 1000

// Painting is a program that draws a target.
type Painting struct {
	Source     string
	Shapes     int // that it draws, without the ground
	Candidates int // that were tried
}

// Paint looks for the program of so many shapes that is nearest the target. The error is
// the context's.
func Paint(ctx context.Context, t *Target, o Options) (Painting, error) {
	s := &search{Options: o, ctx: ctx, left: o.Candidates}
	return s.paint(t)
}

// A search is the painting of one target.
type search struct {
	Options
	ctx  context.Context
	left int // candidates
	rest int // candidates until the next look at Stop
	over bool
	// How many of a hundred candidates change the order, or begin somewhere else.
	swaps, others int
	dice
	p      *partition
	top    layer // what p shows, where a shape is about to be laid on it
	room   []span
	page   *page   // of text over the shapes; nil: there is none
	ground *rgb    // what is under all shapes; nil: the best colour
	best   []shape // the nearest so far, without the ground
	lack   float64 // its error
}

// paint lays the outlines, beginning on a small canvas if the target is large, and
// writes the texts over them.
func (s *search) paint(t *Target) (Painting, error) {
	all, texts := s.left, 0
	if outlines := slices.DeleteFunc(slices.Clone(s.Kinds), func(k Kind) bool { return k == Glyph }); len(outlines) == 0 {
		s.Kinds, s.Shapes, texts = nil, 0, s.Shapes
	} else if len(outlines) < len(s.Kinds) {
		texts = (s.Shapes + 1) / 2
		s.Kinds, s.Shapes = outlines, s.Shapes-texts
		s.left -= all / 4
	}
	if small := t.smaller(); s.Shapes == 0 {
		s.p = newPartition(t, 0)
	} else if small == nil {
		s.begin(t, s.left)
	} else {
		s.begin(small, s.left-s.left/(fine*int(t.w/small.w)))
		s.refine(t)
	}
	s.restore(t, s.p.Target)
	if texts > 0 {
		if s.Shapes > 0 {
			s.left += all / 4
		}
		s.write(t, texts)
	}
	if err := s.ctx.Err(); err != nil {
		return Painting{}, err
	}
	return s.painting(all), nil
}

// jobSize is how many candidates are tried between two looks at Stop.
const jobSize = 2048

// tried counts a candidate. It says whether another may be tried.
func (s *search) tried() bool {
	s.left--
	if s.rest--; s.rest < 0 {
		s.rest = jobSize
		s.over = s.over || improve.Rest(s.ctx) != nil || s.ctx.Err() != nil || s.Stop != nil && s.Stop()
	}
	return s.left > 0 && !s.over
}

// One in part of the candidates goes to a short annealing, so that there is something
// good early; one to what the long one leaves.
const part = 8

// begin paints a target with so many candidates.
func (s *search) begin(t *Target, candidates int) {
	end := s.left - candidates
	s.dice = dice{rand.New(rand.NewPCG(s.Seed, 0)), t.size, s.Kinds}
	if t.coarse {
		s.kinds = scalable(s.Kinds)
	}
	s.p = newPartition(t, s.Shapes)
	s.greedy()
	s.keep()
	s.swaps, s.others = 10, 2
	s.anneal(candidates/part, 1)
	s.anneal(s.left-end-candidates/part, 1)
	s.replace()
	s.anneal(s.left-end, lukewarm)
}

// replace lays those of the best shapes anew that nothing is seen of.
func (s *search) replace() {
	t := s.p.Target
	s.restore(t, t)
	s.best = nil
	for _, at := range s.p.shapes[1:] {
		if at.n > 0 {
			s.best = append(s.best, at.shape)
		}
	}
	s.restore(t, t)
	s.greedy()
	s.keep()
}

// refine goes on with the target on a larger canvas.
func (s *search) refine(t *Target) {
	s.dice = dice{rand.New(rand.NewPCG(s.Seed, 1)), t.size, s.Kinds}
	s.restore(t, s.p.Target)
	s.swaps, s.others = 1, 0 // they cost as much as their shapes are large
	s.anneal(s.left, lukewarm)
}

// keep takes what there is as the best if it is.
func (s *search) keep() {
	lack := s.p.error()
	if s.best != nil && lack >= s.lack {
		return
	}
	s.lack = lack
	s.best = s.best[:0]
	for _, at := range s.p.shapes[1:] {
		s.best = append(s.best, at.shape)
	}
}

// restore lays the best shapes on a canvas, larger than the one they were found on.
func (s *search) restore(t, from *Target) {
	s.p = newPartition(t, s.Shapes)
	for _, b := range s.best {
		s.p.push(b.scaled(from.size, t.size))
	}
	s.best = nil
	s.keep()
}

// Of each shape that greedy lays, so many climbs at most begin at the best of so many
// shapes, and end when so many changes in a row are no better.
const (
	mostClimbs = 16
	starts     = 50
	age        = 100
)

// leastGain is an error that is none: rounding is more.
const leastGain = 0.5

// greedy lays shape by shape, each where the error falls most. It takes about a quarter
// of the candidates at most.
func (s *search) greedy() {
	climbs := max(1, min(mostClimbs, s.left/(8*(starts+age)*s.Shapes)))
	for len(s.p.shapes) <= s.Shapes && s.left > 0 && !s.over {
		s.p.layer(&s.top)
		best, most := shape{}, 0.0
		for range climbs {
			if c, gain := s.climb(); gain > most {
				best, most = c, gain
			}
		}
		if most < leastGain {
			return
		}
		s.p.push(best)
	}
}

// climb looks for a good shape to lay on top.
func (s *search) climb() (best shape, most float64) {
	most = math.Inf(-1)
	try := func(c shape) (better bool) {
		s.room = s.spans(s.room[:0], &c)
		gain := s.top.gains(s.room)
		if better = gain > most; better {
			best, most = c, gain
		}
		return better
	}
	for range starts {
		try(s.any())
		s.tried()
	}
	far := s.reach()
	for n := 0; n < age; n++ {
		if try(s.vary(best, far)) {
			n = 0
		}
		s.tried()
	}
	return best, most
}

// reach is how far the edges of shapes go on average, in the beginning.
func (s *search) reach() float64 { return max(2, float64(max(s.w, s.h))/16) }

// The temperature of annealing, as parts of the error by the number of shapes; where it
// goes on with what is good already, as a part of the hottest.
const (
	hottest  = 0.3
	coldest  = 0.002
	lukewarm = 0.05
)

// anneal changes the shapes together: it takes what is better, and in the beginning, and
// less and less, what is not. begin is how hot it begins, of 1.
func (s *search) anneal(candidates int, begin float64) {
	n := len(s.p.shapes) - 1
	end := s.left - candidates
	lack := s.p.error()
	if n == 0 || candidates <= 0 || lack < leastGain {
		return
	}
	hot := lack / float64(n) * hottest * begin
	cold := lack / float64(n) * coldest
	steps := max(1, candidates/annealStep)
	cooling := math.Pow(cold/hot, 1/float64(steps))
	reach, heat := s.reach()*math.Sqrt(begin), hot
	for step := 0; s.left > end && !s.over; step++ {
		far := 1 + reach*(1-float64(step)/float64(steps))
		if step >= steps-steps/32 {
			heat = 0
		}
		for range annealStep {
			s.change(n, far, heat)
			if !s.tried() || s.left <= end {
				break
			}
		}
		heat *= cooling
	}
	s.keep()
}

// annealStep is how many candidates are tried at one temperature.
const annealStep = 512

// change tries a candidate, and takes it if it is better, or worse by no more than a
// limit that chance gives by the heat.
func (s *search) change(n int, far, heat float64) {
	limit := -heat * s.ExpFloat64()
	k := 1 + s.IntN(n)
	what := s.IntN(100)
	if what < s.swaps {
		if k < n && s.p.trySwap(k) >= limit {
			s.p.commitSwap(k)
		}
		return
	}
	var c shape
	if what < s.swaps+s.others {
		c = s.any()
	} else {
		c = s.vary(s.p.shapes[k].shape, far)
	}
	if s.p.try(k, &c) >= limit {
		s.p.commit(k, &c)
	}
}

// BestOf is the yardstick of Paint: each shape is the best of as many as chance gives,
// with as many candidates in all. The kinds are those of outlines.
func BestOf(ctx context.Context, t *Target, o Options) (Painting, error) {
	s := &search{Options: o, ctx: ctx, left: o.Candidates}
	s.dice = dice{rand.New(rand.NewPCG(s.Seed, 0)), t.size, s.Kinds}
	s.p = newPartition(t, s.Shapes)
	for n := s.left / s.Shapes; len(s.p.shapes) <= s.Shapes && s.tried(); {
		s.p.layer(&s.top)
		best, most := shape{}, 0.0
		for range n {
			c := s.any()
			s.room = s.spans(s.room[:0], &c)
			if gain := s.top.gains(s.room); gain > most {
				best, most = c, gain
			}
			if !s.tried() {
				break
			}
		}
		s.p.push(best)
	}
	return s.painting(o.Candidates), ctx.Err()
}
