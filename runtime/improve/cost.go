package improve

import "gvpie/runtime/machine"

// Counts are what runs did, exactly.
type Counts struct {
	Frames   int
	Cycles   uint64 // of the core
	Commands uint64
	machine.Work
}

// The weights of a cost. They were fitted once, to the CPU time that the engine of the
// CPU takes, and are part of what a cost means: with others, old and new costs could
// not be compared. One is about 0.4 ns where they were fitted.
const (
	weightFrame      = 3072 // whatever it does
	weightCycle      = 8
	weightTexelCycle = 8
	weightCommand    = 192
	weightTexel      = 1
)

// Cost is what runs cost: one integer, the same on every machine.
func (c Counts) Cost() uint64 {
	return weightFrame*uint64(c.Frames) + weightCycle*c.Cycles + weightTexelCycle*c.TexelCycles + weightCommand*c.Commands + weightTexel*c.Texels
}

// add adds what a frame did, but for its texels, which the machine counts itself.
func (c *Counts) add(r machine.Report) {
	c.Frames++
	c.Cycles += uint64(r.Cycles)
	c.Commands += uint64(r.Commands)
}
