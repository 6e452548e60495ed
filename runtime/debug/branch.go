package debug

import (
	"gvpie/runtime/machine"
	"gvpie/runtime/record"
)

// Branch is a course that a run takes: the run as it was, or one that left another
// where something was changed: a value, what it is given, its program.
type Branch struct {
	Name string
	From *Branch  // nil: the run as it was
	At   Position // where it left that one

	run     Run
	first   int          // its first frame; those before are its parent's
	ring    *record.Ring // counts from that
	changes []change     // in order
	known   *code        // of its program; nil: not looked at yet
}

// change gives a data word another value.
type change struct {
	at    Position
	word  int
	value int32
}

// at is the branch that a frame is of: this one, or one that it came from.
func (b *Branch) at(frame int) *Branch {
	for frame < b.first && b.From != nil {
		b = b.From
	}
	return b
}

// next is the change of a frame behind the first n of it.
func (b *Branch) next(frame, n int) (c change, ok bool) {
	for _, c := range b.changes {
		if c.at.Frame != frame {
			continue
		}
		if n == 0 {
			return c, true
		}
		n--
	}
	return c, false
}

// given is what a frame is given: as it was, or as a new one is.
func (b *Branch) given(frame int) (machine.Input, uint32) {
	if i := frame - b.first; i < b.ring.End() {
		f := b.ring.Frame(i)
		return f.Input, f.Budget
	}
	return b.run.InputAt(frame), b.run.Budget
}

// Input is what mouse and keys are in a frame of the branch.
func (b *Branch) Input(frame int) machine.Input {
	in, _ := b.at(frame).given(frame)
	return in
}

// Bytes is what its own frames take of memory.
func (b *Branch) Bytes() int { return b.ring.Bytes() }

// cycles is how many cycles a frame took, 0 if that is not known.
func (b *Branch) cycles(frame int) uint32 {
	if i := frame - b.first; i < b.ring.End() {
		return b.ring.Frame(i).Cycles
	}
	return 0
}
