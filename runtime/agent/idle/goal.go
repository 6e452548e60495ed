package idle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"

	"gvpie/runtime/improve"
	"gvpie/runtime/improve/judge"
	"gvpie/runtime/improve/picture"
	"gvpie/runtime/store"
)

// stages are what is painted for a goal with a picture, one after the other: a program of
// few shapes, and a long one that is nearer. Each is an offer of its own, since the one is
// cheaper and the other nearer.
var stages = []struct{ shapes, jobs int }{{50, 2400}, {200, 9600}}

// targetMost is the most pixels of a picture that is painted.
const targetMost = 1024 * 1024

// paint works on the next stage of an open goal with a picture; worked is false where
// there is none. A process that begins anew paints the same again, and finds it known.
func (i *Improver) paint(ctx context.Context) (worked bool, err error) {
	goals, err := i.cfg.Store.OpenGoals(ctx)
	if err != nil {
		return false, err
	}
	for _, g := range goals {
		at := i.painted[g.ID]
		if g.Aim.Target == "" || g.Aim.Fault != "" || at >= len(stages) {
			continue
		}
		if i.painted == nil {
			i.painted = map[int64]int{}
		}
		i.painted[g.ID]++ // also where it fails: once is enough
		if err := i.paintFor(ctx, g, stages[at].shapes, stages[at].jobs*i.cfg.candidates); err != nil {
			return true, fmt.Errorf("goal %d: %w", g.ID, err)
		}
		return true, nil
	}
	return false, nil
}

// paintFor offers a program of so many shapes for a goal, if it is what that asks for.
func (i *Improver) paintFor(ctx context.Context, g store.Goal, shapes, candidates int) error {
	aim, err := i.aim(g)
	if err != nil {
		return err
	}
	target, err := picture.NewTarget(aim.Target, 0, 0, true)
	if err != nil {
		return err
	}
	i.mu.Lock()
	i.status.Script, i.status.Before, i.status.Cost, i.status.Candidates = fmt.Sprintf("goal %d", g.ID), 0, 0, 0
	i.mu.Unlock()
	seed := uint64(g.ID)
	p, err := picture.Paint(ctx, target, picture.Options{
		Shapes: shapes, Kinds: picture.Outlines, Seed: seed, Candidates: candidates,
		Stop: func() bool { return improve.Rest(ctx) != nil },
	})
	if err != nil || ctx.Err() != nil {
		return err
	}
	if err := i.cfg.Store.CountCandidates(ctx, int64(p.Candidates)); err != nil {
		return err
	}
	i.mu.Lock()
	i.status.Candidates, i.status.Looked = p.Candidates, i.status.Looked+p.Candidates
	i.mu.Unlock()
	o := store.Offer{
		GoalID: g.ID, ScriptID: g.Aim.ScriptID, Source: p.Source, Proposer: "picture", Candidates: int64(p.Candidates), Seed: seed,
		Steps: []string{fmt.Sprintf("the goal's picture is painted with %d shapes", p.Shapes)},
	}
	var before *improve.Program
	if o.ScriptID != 0 {
		script, err := i.cfg.Store.ScriptByID(ctx, o.ScriptID)
		if err != nil {
			return err
		}
		o.Before = script.Code
		before, _ = improve.Load(script.Name, script.Code) // nil: it does not assemble, so anything is nearer
	} else {
		o.Script = fmt.Sprintf("goal_%d_with_%d_shapes", g.ID, shapes)
	}
	candidate, err := improve.Load("goal.pxl", p.Source)
	if err != nil {
		return err
	}
	v, err := (&judge.Judge{}).Goal(ctx, aim, before, candidate)
	if err != nil || !v.Good {
		return err
	}
	o.Claim, o.Evidence, o.CostBefore, o.CostAfter = string(v.Claim), v.Evidence.String(), v.CostBefore, v.CostAfter
	o.DistanceBefore, o.DistanceAfter = v.DistanceBefore, v.DistanceAfter
	kept, isNew, err := i.cfg.Offer(ctx, o)
	if errors.As(err, new(store.OfferRefused)) || errors.Is(err, store.ErrNotFound) {
		return nil // the goal, or its script, is another meanwhile
	}
	if err == nil && isNew {
		i.cfg.Told(fmt.Sprintf("for goal %d there is a program of %d shapes, distance %.4f: offer %d %s", g.ID, p.Shapes, v.DistanceAfter, kept.ID, became[kept.State]))
	}
	return err
}

// aim reads what a goal asks for.
func (i *Improver) aim(g store.Goal) (aim judge.Aim, err error) {
	aim.MaxCost = g.Aim.MaxCost
	b, err := i.cfg.Store.Picture(g.Aim.Target)
	if err != nil {
		return aim, err
	}
	var c image.Config
	if c, err = png.DecodeConfig(bytes.NewReader(b)); err == nil {
		if c.Width*c.Height > targetMost {
			return aim, fmt.Errorf("its picture has %d × %d pixels, more than are painted", c.Width, c.Height)
		}
		aim.Target, err = png.Decode(bytes.NewReader(b))
	}
	if err != nil {
		return aim, fmt.Errorf("its picture cannot be read: %w", err)
	}
	if g.Aim.Check != "" {
		check, err := improve.ParseCheck(g.Aim.Check)
		if err != nil {
			return aim, err
		}
		aim.Check = &check
	}
	return aim, nil
}
