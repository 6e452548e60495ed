package why

import (
	"context"
	"errors"
	"fmt"

	"gvpie/runtime/debug/expr"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Found is what a search along the frames came to.
type Found struct {
	OK     bool     // it is true somewhere
	At     Position // there: before the FRAME that ends the frame, or behind its last instruction
	Looked int      // frames that were looked at
	Remark string   // why it could not be told of some frame, the first; "" if it always could
}

// First finds the first of some frames at whose end an expression is not 0. Where it
// fails, as by a division by zero, it counts as 0. The error is of an expression that is
// none, or as Who's.
func (a *Asker) First(ctx context.Context, text string, from, frames int) (Found, error) {
	e, err := expr.Parse(a.a, nil, text)
	if err != nil {
		return Found{}, err
	}
	var f Found
	var ended *EndedError
	for n := from; n < from+frames; n++ {
		err := a.open(ctx, a.past, n)
		if errors.As(err, &ended) && n > from {
			break
		}
		if err == nil {
			err = a.end(ctx)
		}
		if err == nil {
			err = a.toLast(ctx)
		}
		if err != nil {
			return f, err
		}
		at := Position{Frame: n, Cycle: a.t.Page(machine.StatePage)[isa.StCycles]}
		f.Looked++
		v, err := e.Eval(expr.Env{
			Data: a.t.Page(machine.DataPage), State: a.t.Page(machine.StatePage), Program: a.a.Program,
			Peek: func(x, y int32) (int32, error) { return a.t.Peek(x, y), nil },
			Call: func(p *pxl.Procedure, _ []int32) (int32, error) {
				return 0, fmt.Errorf("%s is not called in a search", p.Name)
			},
		})
		if err != nil {
			if f.Remark == "" {
				f.Remark = fmt.Sprintf("frame %d: %v", n, err)
			}
			continue
		}
		if v != 0 {
			f.OK, f.At = true, at
			break
		}
	}
	return f, nil
}

// toLast goes to the end of the open frame, but to before a FRAME there: frame is still
// that of the frame.
func (f *frame) toLast(ctx context.Context) error {
	if f.length == 0 {
		return nil
	}
	if _, err := f.t.GoTo(ctx, f.length-1); err != nil {
		return err
	}
	if isa.Op(f.a.Program[f.t.Page(machine.StatePage)[isa.StPC]]&0xFF) == isa.FRAME {
		return nil
	}
	_, err := f.t.GoTo(ctx, f.length)
	return err
}
