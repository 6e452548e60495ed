package benchmark

import (
	"fmt"
	"slices"
	"time"
)

// cost is what some work took.
type cost struct{ cpu, wall time.Duration }

// each is the cost of one of n equal works.
func (c cost) each(n int) cost {
	return cost{c.cpu / time.Duration(n), c.wall / time.Duration(n)}
}

// runner does its work n times, and says what that took.
type runner func(n int) (cost, error)

// timed is the runner of a function in this process.
func (b *bencher) timed(work func() error) runner {
	return func(n int) (cost, error) {
		cpu, wall := b.ProcessorTime(), time.Now()
		for range n {
			if err := work(); err != nil {
				return cost{}, err
			}
			if err := b.ctx.Err(); err != nil {
				return cost{}, err
			}
		}
		return b.cost(b.ProcessorTime()-cpu, time.Since(wall)), nil
	}
}

// after is the runner of work that each time has something before it, which is not
// measured.
func (b *bencher) after(before, work func() error) runner {
	once := b.timed(work)
	return func(n int) (sum cost, err error) {
		for range n {
			if err := before(); err != nil {
				return cost{}, err
			}
			c, err := once(1)
			if err != nil {
				return cost{}, err
			}
			sum.cpu, sum.wall = sum.cpu+c.cpu, sum.wall+c.wall
		}
		return sum, nil
	}
}

// cost is what was measured; a system that does not tell processor times is
// measured by the clock alone.
func (b *bencher) cost(cpu, wall time.Duration) cost {
	wall = max(wall, 1)
	if cpu <= 0 {
		cpu = wall
	}
	return cost{cpu, wall}
}

// How a row is measured.
const (
	turn      = 25 * time.Millisecond // about how much processor time a turn takes
	warmUp    = 60 * time.Millisecond // … and the turns before those that count
	fewRounds = 3                     // rounds a row has where they take no more slots than that
)

// measured is what the rounds of a row came to.
type measured struct {
	work      float64 // of one run
	ours      cost    // of one run, the median
	yardstick cost
	ratio     float64 // the yardstick's time / ours, the median of the rounds
	against   string  // what the yardstick is; "" for none
	note      string
	figure    *figure // of a row that is no time: it has no work and no costs
}

// figure is what a row that is no time came to, in its unit.
type figure struct{ ours, yardstick float64 }

// rounds has ours and the yardstick take turns; yardstick is nil for none.
func (b *bencher) rounds(ours, yardstick runner) (measured, error) {
	runners := []runner{ours}
	if yardstick != nil {
		runners = append(runners, yardstick)
	}
	times := make([]int, len(runners))
	for i, r := range runners {
		n, err := b.warm(r)
		if err != nil {
			return measured{}, err
		}
		times[i] = n
	}
	costs := make([][]cost, len(runners))
	began := time.Now()
	for round := range b.Rounds {
		if past := time.Since(began); round >= fewRounds && past >= b.Slot || round > 0 && past >= fewRounds*b.Slot {
			break
		}
		for i, r := range runners {
			c, err := r(times[i])
			if err != nil {
				return measured{}, err
			}
			costs[i] = append(costs[i], c.each(times[i]))
		}
	}
	if yardstick == nil {
		return measured{ours: middle(costs[0])}, nil
	}
	return compared(costs[0], costs[1])
}

// compared is what rounds of both sides came to.
func compared(ours, yardstick []cost) (measured, error) {
	if len(ours) == 0 || len(ours) != len(yardstick) {
		return measured{}, fmt.Errorf("%d rounds, and %d of the yardstick", len(ours), len(yardstick))
	}
	ratios := make([]float64, len(ours))
	for i := range ratios {
		ratios[i] = float64(yardstick[i].cpu) / float64(ours[i].cpu)
	}
	return measured{ours: middle(ours), yardstick: middle(yardstick), ratio: median(ratios)}, nil
}

// warm runs r until it is warm, and says how many runs a turn has.
func (b *bencher) warm(r runner) (times int, err error) {
	n, spent := 1, time.Duration(0)
	for {
		c, err := r(n)
		if err != nil {
			return 0, err
		}
		spent += c.cpu
		one := max(c.cpu/time.Duration(n), 1)
		times := int(max(turn/one, 1))
		if spent >= warmUp || b.Rounds == 1 {
			return times, nil
		}
		n = min(times, 2*n)
	}
}

// middle is the median of costs, of either clock.
func middle(costs []cost) cost {
	var cpu, wall []time.Duration
	for _, c := range costs {
		cpu, wall = append(cpu, c.cpu), append(wall, c.wall)
	}
	return cost{median(cpu), median(wall)}
}

// median is the middle of values that are not none.
func median[T time.Duration | float64](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}
