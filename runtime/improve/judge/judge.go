// Package judge says what is to be made of one candidate that somebody gives, and why:
// whether it is a cheaper program that does the same, or one that is nearer to what a goal
// asks for. It looks for none itself, keeps nothing and changes nothing. Start reading at
// [Judge.Cheaper], then [Judge.Goal].
package judge

import (
	"context"
	"fmt"
	"image"

	"gvpie/runtime/improve"
	"gvpie/runtime/improve/picture"
	"gvpie/runtime/machine"
)

// Judge judges with what it has.
type Judge struct {
	Effort  improve.Effort // of looking for a run that shows two programs apart
	Provers []improve.Prover
	// Check is asked at last whether another engine shows the same of both; nil: it is not.
	Check func(ctx context.Context, before, after *improve.Program) (bool, error)
	// Trial: a candidate that nothing proves equal is good too, if no run shows it apart.
	Trial bool
}

// Verdict is what is to be made of a candidate.
type Verdict struct {
	Good     bool
	Why      string // in a sentence
	Claim    improve.Claim
	Evidence improve.Evidence
	// Cost before and after; 0 where it is not known.
	CostBefore, CostAfter uint64
	// From the goal's picture; 0 where there is none.
	DistanceBefore, DistanceAfter float64
	Picture                       string // hash of the picture that it leaves, where it is for a goal
}

func no(v Verdict, format string, args ...any) (Verdict, error) {
	v.Why = fmt.Sprintf(format, args...)
	return v, nil
}

// Cheaper judges a candidate that should do what a program does, for a lower cost. The
// error is the context's, or of a program that no machine takes.
func (j *Judge) Cheaper(ctx context.Context, before, candidate *improve.Program) (v Verdict, err error) {
	v.Claim = improve.Cheaper
	if candidate.Source == before.Source {
		return no(v, "it is the program as it is")
	}
	same, err := improve.Prove(ctx, before, candidate, j.Effort, j.Provers...)
	if err != nil {
		return v, err
	}
	if same.Witness != nil {
		return no(v, "it is not equal: %s", same.What)
	}
	v.Evidence = same.Evidence
	var shown bool
	if v.CostBefore, v.CostAfter, shown, err = improve.Costs(ctx, before, candidate); err != nil {
		return v, err
	}
	switch {
	case !shown:
		v.CostBefore, v.CostAfter = 0, 0
		return no(v, "it is not equal: a run in which costs are counted shows something else")
	case v.CostAfter >= v.CostBefore:
		return no(v, "it is not cheaper: it costs %d, and the program %d", v.CostAfter, v.CostBefore)
	case v.Evidence == improve.ByTrial && !j.Trial:
		return no(v, "it is cheaper, %d instead of %d, and %s", v.CostAfter, v.CostBefore, same.What)
	}
	if j.Check != nil {
		if ok, err := j.Check(ctx, before, candidate); err != nil {
			return v, err
		} else if !ok {
			return no(v, "it is not equal on another engine")
		}
	}
	v.Good = true
	v.Why = fmt.Sprintf("it is cheaper, %d instead of %d; %s", v.CostAfter, v.CostBefore, same.What)
	return v, nil
}

// Aim is what a goal asks for beside its words. A zero field: nothing.
type Aim struct {
	Target  image.Image
	Check   *improve.Check
	MaxCost uint64
}

// Goal judges a candidate by what a goal asks for. Before is the program that it comes
// from, nil for none. The error is the context's, or of a program that no machine takes.
func (j *Judge) Goal(ctx context.Context, aim Aim, before, candidate *improve.Program) (v Verdict, err error) {
	if aim.Target == nil && aim.Check == nil {
		return no(v, "the goal asks for no picture and for no check: there is nothing to judge it by")
	}
	v.Claim = improve.Closer
	if aim.Check != nil {
		v.Claim = improve.Passing
	}
	left, err := improve.Leave(ctx, candidate)
	if err != nil {
		return v, err
	}
	if left.Fault != "" {
		return no(v, "%s", left.Fault)
	}
	v.Picture = left.Hash()
	if v.CostAfter, err = candidate.Cost(ctx); err != nil {
		return v, err
	}
	if before != nil {
		if v.CostBefore, err = before.Cost(ctx); err != nil {
			return v, err
		}
	}
	if aim.MaxCost > 0 && v.CostAfter > aim.MaxCost {
		return no(v, "it costs %d, and the goal allows %d", v.CostAfter, aim.MaxCost)
	}
	if v.Evidence = improve.ByTrial; left.Whole {
		v.Evidence = improve.ByCompletion
	}
	if aim.Target != nil {
		if w, h := machine.HumanSize(candidate.Header); w*h > pixelsMost {
			return no(v, "its canvas shows %d × %d pixels: too many to be held against a picture", w, h)
		}
		if v.DistanceAfter, v.DistanceBefore, err = distances(aim.Target, left); err != nil {
			return v, err
		}
		if before != nil {
			was, err := improve.Leave(ctx, before)
			if err != nil {
				return v, err
			}
			if w, h := machine.HumanSize(before.Header); w*h <= pixelsMost {
				if v.DistanceBefore, _, err = distances(aim.Target, was); err != nil {
					return v, err
				}
			}
		}
	}
	if aim.Check != nil {
		ok, why, err := left.Passes(ctx, *aim.Check)
		if err != nil {
			return v, err
		}
		if !ok {
			return no(v, "it does not pass the goal's check: %s", why)
		}
		v.Good, v.Why = true, fmt.Sprintf("it passes the goal's check, for a cost of %d", v.CostAfter)
		return v, nil
	}
	if v.DistanceAfter >= v.DistanceBefore {
		return no(v, "it is no nearer the goal's picture: its distance is %.4f, and %.4f was before", v.DistanceAfter, v.DistanceBefore)
	}
	v.Good, v.Why = true, fmt.Sprintf("it is nearer the goal's picture: its distance is %.4f, and %.4f was before", v.DistanceAfter, v.DistanceBefore)
	return v, nil
}

// pixelsMost is how many pixels are held against a picture at most.
const pixelsMost = 4 << 20

// distances measures how far from a target that is which a program left, and an empty
// canvas.
func distances(target image.Image, left *improve.Left) (shown, empty float64, err error) {
	h := left.Header()
	t, err := picture.NewTarget(target, h.W, h.H, h.Pixel)
	if err != nil {
		return 0, 0, err
	}
	blank := image.NewRGBA(t.Picture.Rect)
	for i := 3; i < len(blank.Pix); i += 4 {
		blank.Pix[i] = 0xFF
	}
	return improve.Distance(t.Picture, left.Picture()), improve.Distance(t.Picture, blank), nil
}
