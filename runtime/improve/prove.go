package improve

import (
	"context"
	"fmt"
)

// Prover finds that two programs are equal without running them; NoEvidence: it does
// not know.
type Prover interface {
	Prove(ctx context.Context, a, b *Program) (Evidence, error)
}

// Verdict is what came of comparing two programs.
type Verdict struct {
	Evidence Evidence // that they are equal; ByTrial: nobody knows
	Witness  *Witness // that they are not
	What     string   // in a sentence
}

// Equal says that the programs are proved equal.
func (v Verdict) Equal() bool { return v.Witness == nil && v.Evidence > ByTrial }

// Prove compares two programs: it looks for a run that shows them apart, then for the
// whole of their future, then asks each prover. The error is the context's, or that of a
// program that no machine takes.
func Prove(ctx context.Context, a, b *Program, e Effort, provers ...Prover) (Verdict, error) {
	ha, hb := a.Header, b.Header
	if ha.W != hb.W || ha.H != hb.H || ha.Pixel != hb.Pixel {
		return Verdict{Witness: &Witness{What: "picture", Seed: 1}, What: fmt.Sprintf("the canvases differ: %s, and %s", canvasOf(a), canvasOf(b))}, nil
	}
	c := &comparer{}
	w, err := c.try(ctx, a, b, e)
	if err != nil {
		return Verdict{}, err
	}
	if w != nil {
		return Verdict{Witness: w, What: w.sentence()}, nil
	}
	if a.closed() && b.closed() {
		v, err := c.complete(ctx, a, b)
		if err != nil || v.Witness != nil || v.Evidence != NoEvidence {
			return v, err
		}
	}
	for _, p := range provers {
		found, err := p.Prove(ctx, a, b)
		if err != nil {
			return Verdict{}, err
		}
		if found > ByTrial {
			return Verdict{Evidence: found, What: provedSentences[found]}, nil
		}
	}
	return Verdict{Evidence: ByTrial, What: "no run that was tried shows a difference, and nothing proves that there is none"}, nil
}

var provedSentences = map[Evidence]string{
	ByRule:       "rewriting rules that change nothing lead from one to the other",
	BySolver:     "a solver proved what differs equal for all inputs",
	ByExhaustion: "every case of what differs was compared",
	ByCompletion: "both were run until all of their future was compared",
}

// complete compares all of the future of two closed programs, if it can be reached.
func (c *comparer) complete(ctx context.Context, a, b *Program) (Verdict, error) {
	ca, err := c.a.followed(ctx, a, completeFrames, completeCost)
	if ca == nil || err != nil {
		return Verdict{}, err
	}
	cb, err := c.b.followed(ctx, b, completeFrames, completeCost)
	if cb == nil || err != nil {
		return Verdict{}, err
	}
	same, known := ca.same(cb)
	switch {
	case !known:
		return Verdict{}, nil
	case same:
		return Verdict{Evidence: ByCompletion, What: provedSentences[ByCompletion]}, nil
	}
	frames := max(len(ca.shown), len(cb.shown))
	for i := range completeFrames * 16 {
		if ca.ended && i == len(ca.shown) || cb.ended && i == len(cb.shown) || ca.at(i) != cb.at(i) {
			frames = i + 1
			break
		}
	}
	c.most = ^uint64(0)
	w, _, err := c.compare(ctx, a, b, &trial{seed: 1, frames: frames})
	if w == nil || err != nil {
		return Verdict{}, err
	}
	return Verdict{Witness: w, What: w.sentence()}, nil
}

func canvasOf(p *Program) string {
	kind := "cells"
	if p.Header.Pixel {
		kind = "pixels"
	}
	return fmt.Sprintf("%d × %d %s", p.Header.W, p.Header.H, kind)
}

func (w *Witness) sentence() string {
	s := fmt.Sprintf("the %s differs after frame %d", w.What, w.Frame)
	if w.Texel != nil {
		s += fmt.Sprintf(", first at texel %d,%d", w.Texel[0], w.Texel[1])
	}
	if w.Seed != 1 {
		s += fmt.Sprintf(", with seed %d", w.Seed)
	}
	if len(w.Inputs) > 0 {
		s += ", with these inputs"
	}
	return s
}
