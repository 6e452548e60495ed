package improve

import (
	"context"
	"math"
)

// Costs are what two programs cost in the same runs, as an Offer has them. same is false
// where those show them apart, and then the costs say nothing. The error is the context's,
// or of a program that no machine takes.
func Costs(ctx context.Context, before, after *Program) (b, a uint64, same bool, err error) {
	y, err := newYardstick(ctx, before, true, Effort{})
	if err != nil {
		return 0, 0, false, err
	}
	a, same, err = y.measure(ctx, &run{}, after, math.MaxUint64)
	return y.cost, a, same, err
}
