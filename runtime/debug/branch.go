package debug

import "gvpie/runtime/machine"

// Branch is a course that a run takes: the run as it was, or one that left another
// where something was changed.
type Branch struct {
	Name string
	From *Branch  // nil: the run as it was
	At   Position // where it left that one

	run     Run
	first   int               // its first frame; those before are its parent's
	start   *machine.Snapshot // the machine as that begins
	changes []change          // in order
	keys    keyframes
	known   *code    // of its program; nil: not looked at yet
	ends    []uint32 // cycles that its frames took, from first; 0: not known yet
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

// ended notes how many cycles a frame took.
func (b *Branch) ended(frame int, cycles uint32) {
	for len(b.ends) <= frame-b.first {
		b.ends = append(b.ends, 0)
	}
	b.ends[frame-b.first] = cycles
}

// cycles is how many cycles a frame took, 0 if that is not known.
func (b *Branch) cycles(frame int) uint32 {
	if i := frame - b.first; i >= 0 && i < len(b.ends) {
		return b.ends[i]
	}
	return 0
}
