package debugger

import "context"

// Costs are what the lines of the program took of the frame that is looked at.
type Costs struct {
	m      *Model
	hidden bool
	asked  frameOf
	found  map[lineIn]cost
}

// lineIn is a line, from 1, of a file by its path from the program's folder; "" is its own.
type lineIn struct {
	path string
	line int
}

// cost is what a line took of a frame.
type cost struct{ hits, cycles uint64 }

// Costs are those of the lines.
func (o *Overlays) Costs() *Costs {
	o.costs.m = o.m
	return &o.costs
}

// Show says whether they are wanted.
func (c *Costs) Show(on bool) { c.hidden = !on }

// Shown says whether they are.
func (c *Costs) Shown() bool { return !c.hidden }

// Update has them counted of the frame that is looked at, if that is another than before.
func (c *Costs) Update() {
	m := c.m
	if m.now == nil || c.hidden || c.asked == lookedAt(m) {
		return
	}
	of, s := lookedAt(m), m.session
	c.asked, c.found = of, nil
	m.glance(ofLines, func(ctx context.Context) (func(), error) {
		found, err := s.costs(ctx, of)
		return func() {
			if c.asked == of {
				c.found = found
			}
		}, err
	})
}

// On is how often a line was begun, in a block by texels, and how many instructions were
// executed for it, in a block for all texels. ok is false where it did not run, and while it
// is counted.
func (c *Costs) On(path string, line int) (hits, cycles uint64, ok bool) {
	if c.m.now == nil || c.hidden || c.asked != lookedAt(c.m) {
		return 0, 0, false
	}
	k, ok := c.found[lineIn{path, line}]
	return k.hits, k.cycles, ok
}

// costs counts those of a frame. Of several statements on a line that which was begun most
// gives its hits.
func (s *session) costs(ctx context.Context, of frameOf) (map[lineIn]cost, error) {
	ask, err := s.asker(of.frame)
	if err != nil {
		return nil, err
	}
	lines, err := ask.Lines(ctx, of.frame)
	if err != nil {
		return nil, err
	}
	found := make(map[lineIn]cost, len(lines))
	for _, l := range lines {
		at := lineIn{ask.program.Path(l.File), l.Line}
		c := found[at]
		found[at] = cost{max(c.hits, l.Hits), c.cycles + l.Cycles}
	}
	return found, nil
}
