package why

import (
	"context"

	"gvpie/runtime/isa"
)

// Line is what a statement took of a frame.
type Line struct {
	Place
	Hits   uint64 // how often it was begun; of one in a block, by texels
	Cycles uint64 // instructions executed for it; of one in a block, of all texels
}

// Lines gives what each statement that ran took of a frame, in the order of their code.
func (a *Asker) Lines(ctx context.Context, number int) ([]Line, error) {
	if err := a.open(ctx, a.past, number); err != nil {
		return nil, err
	}
	if err := a.end(ctx); err != nil {
		return nil, err
	}
	counts := make([]uint64, len(a.a.Program))
	var blocks []isa.Command
	for _, c := range a.t.Commands() {
		if c.Op() == isa.EACH {
			blocks = append(blocks, c)
		}
	}
	for from := uint32(0); from < a.length; from += window {
		if err := a.have(ctx, from); err != nil {
			return nil, err
		}
		for _, pc := range a.trace.PCs {
			counts[pc]++
		}
	}
	for i := range blocks {
		if _, err := a.t.GoTo(ctx, blocks[i][isa.CmdCycle]); err != nil {
			return nil, err
		}
		if err := a.t.Count(ctx, &blocks[i], counts); err != nil {
			return nil, err
		}
	}
	var out []Line
	at := map[Place]int{}
	for pc, n := range counts {
		if n == 0 {
			continue
		}
		p := a.place(pc)
		i, ok := at[p]
		if !ok {
			i = len(out)
			at[p] = i
			out = append(out, Line{Place: p, Hits: n}) // its first instruction comes first
		}
		out[i].Cycles += n
	}
	return out, nil
}
