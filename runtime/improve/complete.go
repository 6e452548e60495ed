package improve

import (
	"context"

	"gvpie/runtime/machine"
)

// How far programs are run for ByCompletion.
const (
	completeFrames = 8192
	completeCost   = 4_000_000_000
)

// closed says that nothing from outside can change what the program does: it reads no
// input, no seed and no random number.
func (p *Program) closed() bool {
	return !p.reads.input() && !p.reads.seed && !p.reads.random
}

// course is a run of a closed program to its end, or to where its state comes round:
// then the frames from back on repeat for ever.
type course struct {
	shown  []hash // of each frame
	ended  bool
	back   int // of one that comes round
	counts []Counts
}

// followed runs a closed program until its whole course is known; nil: it was not, within
// what is tried.
func (r *run) followed(ctx context.Context, p *Program, frames int, cost uint64) (*course, error) {
	if err := r.start(p, 1); err != nil {
		return nil, err
	}
	c := &course{}
	seen := map[hash]int{r.state(): 0}
	for len(c.shown) < frames && r.counts.toil() < cost {
		if err := r.frame(ctx, machine.Input{}); err != nil {
			return nil, err
		}
		c.shown = append(c.shown, r.shown())
		c.counts = append(c.counts, r.counts)
		if r.ended {
			c.ended = true
			return c, nil
		}
		s := r.state()
		if back, ok := seen[s]; ok {
			c.back = back
			return c, nil
		}
		seen[s] = len(c.shown)
	}
	return nil, nil
}

// at is what frame i shows, however far that is.
func (c *course) at(i int) hash {
	if n := len(c.shown); i >= n {
		i = c.back + (i-c.back)%(n-c.back)
	}
	return c.shown[i]
}

// same compares all of the future of two courses; known is false where that is too far.
func (c *course) same(d *course) (same, known bool) {
	if c.ended || d.ended {
		if c.ended != d.ended || len(c.shown) != len(d.shown) {
			// One shows how it ended in a frame in which the other goes on; and that is
			// among what is shown.
			return false, true
		}
	}
	frames := len(c.shown)
	if !c.ended {
		p, q := len(c.shown)-c.back, len(d.shown)-d.back
		frames = max(c.back, d.back) + p/gcd(p, q)*q
		if frames > completeFrames*16 {
			return false, false
		}
	}
	for i := range frames {
		if c.at(i) != d.at(i) {
			return false, true
		}
	}
	return true, true
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
