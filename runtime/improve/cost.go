package improve

import "gvpie/runtime/machine"

// Counts are what runs did, exactly.
type Counts struct {
	Frames   int
	Cycles   uint64 // of the core
	Commands uint64
	machine.Work
}

// weights are what one of each count costs. They are part of what a cost means: with
// others, old and new costs could not be compared. TestWeights fits them.
var weights = [...]struct {
	name   string // in the machine's reference
	count  func(*Counts) uint64
	weight uint64
}{
	{"frames", func(c *Counts) uint64 { return uint64(c.Frames) }, 2200},
	{"cycles of the core", func(c *Counts) uint64 { return c.Cycles }, 5},
	{"cycles of texels, in blocks of `EACH`, but for the next two", func(c *Counts) uint64 { return c.TexelCycles - c.Scattered - c.Noise }, 1},
	{"of those, jumps, `peek`, `sin`, `cos` and reads of lists", func(c *Counts) uint64 { return c.Scattered }, 4},
	{"of those, `noise`", func(c *Counts) uint64 { return c.Noise }, 90},
	{"commands", func(c *Counts) uint64 { return c.Commands }, 450},
	{"commands of `EACH`, beside", func(c *Counts) uint64 { return c.Blocks }, 2000},
	{"commands of `TXT`, beside", func(c *Counts) uint64 { return c.Texts }, 2000},
	{"texels written, each as often as it is written", func(c *Counts) uint64 { return c.Texels }, 2},
	{"stretches of a row that they are written in", func(c *Counts) uint64 { return c.Stretches }, 60},
	{"texels kept", func(c *Counts) uint64 { return c.Kept }, 3},
}

// Cost is what runs cost: one integer, the same on every machine.
func (c *Counts) Cost() (sum uint64) {
	for _, w := range &weights {
		sum += w.weight * w.count(c)
	}
	return sum
}

// toil is about how long it takes to count the runs, with one of about 0.4 ns: blocks are
// interpreted then.
func (c *Counts) toil() uint64 {
	return 3072*uint64(c.Frames) + 8*(c.Cycles+c.TexelCycles) + 192*c.Commands + c.Texels
}

// add adds what a frame did, but for what the machine counts itself.
func (c *Counts) add(r machine.Report) {
	c.Frames++
	c.Cycles += uint64(r.Cycles)
	c.Commands += uint64(r.Commands)
}
