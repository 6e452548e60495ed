// Package proposers lists the proposers there are, and gives what their candidates are
// judged with. Whoever improves programs takes them from here; the cascade itself knows
// none by name. Start reading at [Kit].
package proposers

import (
	"context"
	"slices"

	"gvpie/runtime/engine"
	"gvpie/runtime/improve"
	"gvpie/runtime/improve/campaign"
	"gvpie/runtime/improve/rules"
	"gvpie/runtime/improve/search"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// All gives a new one of each, in the order that they are asked in.
func All() []improve.Proposer { return []improve.Proposer{rules.New(), search.New()} }

// Names are their names, in the same order.
func Names() (names []string) {
	for _, p := range All() {
		names = append(names, p.Name())
	}
	return names
}

// New gives a new one by its name; nil: there is none.
func New(name string) improve.Proposer {
	all := All()
	if i := slices.IndexFunc(all, func(p improve.Proposer) bool { return p.Name() == name }); i >= 0 {
		return all[i]
	}
	return nil
}

// Kit is what jobs are done with where cpu makes the engines that candidates are checked
// on at last. more are proposers beside All, each of which several jobs may ask at once.
func Kit(cpu func() engine.Engine, more ...improve.Proposer) campaign.Kit {
	find := func(name string) improve.Proposer {
		if i := slices.IndexFunc(more, func(p improve.Proposer) bool { return p.Name() == name }); i >= 0 {
			return more[i]
		}
		return New(name)
	}
	return campaign.Kit{Proposer: find, Check: func(ctx context.Context, before, after *improve.Program) (bool, error) {
		return SameOn(ctx, cpu, before, after)
	}}
}

// checkFrames is how many frames another engine shows of a candidate.
const checkFrames = 30

// SameOn says whether two programs show the same on the engines that cpu makes, which are
// others than the one that candidates are judged on.
func SameOn(ctx context.Context, cpu func() engine.Engine, before, after *improve.Program) (bool, error) {
	a, b := cpu(), cpu()
	defer a.Close()
	defer b.Close()
	for _, l := range []struct {
		e engine.Engine
		p *improve.Program
	}{{a, before}, {b, after}} {
		if err := l.e.Load(ctx, l.p.Program, isa.DefaultSeed); err != nil {
			return false, err
		}
	}
	for range checkFrames {
		ra, err := a.Frame(ctx, machine.Input{}, 0)
		if err != nil {
			return false, err
		}
		rb, err := b.Frame(ctx, machine.Input{}, 0)
		if err != nil {
			return false, err
		}
		da, err := a.Read(ctx, machine.DisplayPage)
		if err != nil {
			return false, err
		}
		db, err := b.Read(ctx, machine.DisplayPage)
		if err != nil {
			return false, err
		}
		if ra.Status != rb.Status || !slices.Equal(da, db) {
			return false, nil
		}
		if ra.Status != isa.Framed {
			break
		}
	}
	return true, nil
}
