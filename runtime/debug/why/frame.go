package why

import (
	"context"
	"math"
	"sort"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// window is how many instructions of a frame are known at once.
const window = 1 << 22

// markEvery: so many instructions lie between two marks of a trace's index.
const markEvery = 1 << 12

// frame is one frame of the run, being asked.
type frame struct {
	*program
	number  int
	t       *machine.Tracer
	length  uint32 // its cycles; of a frame whose end was never come to: unknownLength
	trace   machine.Trace
	held    bool            // trace is of this frame
	patches []machine.Patch // that are made in it
	marks   []uint32        // of each markEvery instructions: how many entries of Where are before them
}

const unknownLength = math.MaxUint32

// open makes the tracer's frame another one.
func (f *frame) open(ctx context.Context, past Past, number int) error {
	if f.number == number {
		return nil
	}
	s, err := past.Before(ctx, number)
	if err != nil {
		return err
	}
	in, budget := past.Given(number)
	f.number, f.held, f.length = -1, false, unknownLength
	f.patches = past.Patches(number)
	if err := f.t.Begin(s, in, budget, f.patches...); err != nil {
		return err
	}
	f.number = number
	return nil
}

// end goes to the frame's end, where all its commands are.
func (f *frame) end(ctx context.Context) error {
	if _, err := f.t.GoTo(ctx, unknownLength); err != nil {
		return err
	}
	f.length = f.t.Page(machine.StatePage)[isa.StCycles]
	return nil
}

// have makes the trace hold instruction step, which is in the frame. Its window may end
// at the frame's end.
func (f *frame) have(ctx context.Context, step uint32) error {
	from := step / window * window
	if f.held && f.trace.From == from {
		return nil
	}
	f.held = false
	if err := f.t.Trace(ctx, from, from+window, &f.trace); err != nil {
		return err
	}
	f.held = true
	f.marks = f.marks[:0]
	n := uint32(0)
	for i, pc := range f.trace.PCs[:f.done()] {
		if i%markEvery == 0 {
			f.marks = append(f.marks, n)
		}
		if f.tells(int(pc)) {
			n++
		}
	}
	return nil
}

// done is how many instructions of the trace did what they were to do.
func (f *frame) done() int {
	n := len(f.trace.PCs)
	if f.trace.Failed {
		n--
	}
	return n
}

// tells says whether the trace has an entry of Where for an address.
func (f *frame) tells(pc int) bool {
	switch f.effectOf(pc).kind {
	case stored:
		return true
	case several:
		op := isa.Op(f.a.Program[pc] & 0xFF)
		return op == isa.INVOKE || op == isa.RETURN
	}
	return false
}

// pc is the address of instruction step.
func (f *frame) pc(ctx context.Context, step uint32) (int, error) {
	if err := f.have(ctx, step); err != nil {
		return 0, err
	}
	return int(f.trace.PCs[step-f.trace.From]), nil
}

// whereAt is how many entries of Where come before instruction i of the trace.
func (f *frame) whereAt(i int) int {
	if i == 0 || len(f.marks) == 0 {
		return 0
	}
	mark := min(i/markEvery, len(f.marks)-1)
	n := int(f.marks[mark])
	for _, pc := range f.trace.PCs[mark*markEvery : i] {
		if f.tells(int(pc)) {
			n++
		}
	}
	return n
}

// given is what gave a word its value.
type given struct {
	ok    bool
	step  uint32         // the instruction that did, or before which the patch was made
	word  uint32         // that it wrote: another where a RETURN brought the value back
	patch *machine.Patch // nil: an instruction did
}

// last finds what gave a word its value last, before a step or there by a patch.
func (f *frame) last(ctx context.Context, word, before uint32) (g given, err error) {
	g.word = word
	for i := len(f.patches) - 1; i >= 0; i-- {
		p := &f.patches[i]
		if p.Cycle > before {
			continue
		}
		if g.step, g.word, g.ok, err = f.written(ctx, g.word, p.Cycle, before); g.ok || err != nil {
			return g, err
		}
		if before = p.Cycle; g.word == uint32(p.Word) {
			return given{true, before, g.word, p}, nil
		}
	}
	g.step, g.word, g.ok, err = f.written(ctx, g.word, 0, before)
	return g, err
}

// writer finds the last instruction before a step that wrote a word. A word that a
// RETURN brought back is followed to where it was kept: then word is another.
func (f *frame) writer(ctx context.Context, word, before uint32) (step, as uint32, ok bool, err error) {
	return f.written(ctx, word, 0, before)
}

// written is writer among steps [first, before).
func (f *frame) written(ctx context.Context, word, first, before uint32) (step, as uint32, ok bool, err error) {
	for to := before; to > first; {
		if err := f.have(ctx, to-1); err != nil {
			return 0, 0, false, err
		}
		from := f.trace.From
		i := min(int(to-from), f.done())
		where := f.whereAt(i)
		for i--; i >= 0 && from+uint32(i) >= first; i-- {
			pc := int(f.trace.PCs[i])
			switch e := f.effects[pc]; e.kind {
			case one:
				if e.word == word {
					return from + uint32(i), word, true, nil
				}
			case stored:
				if where--; uint32(f.trace.Where[where]) == word {
					return from + uint32(i), word, true, nil
				}
			case several:
				depth := uint32(0)
				if f.tells(pc) {
					where--
					depth = uint32(f.trace.Where[where])
				}
				was, wrote := f.moved(pc, depth, word)
				if wrote {
					return from + uint32(i), word, true, nil
				}
				word = was
			}
		}
		to = from
	}
	return 0, word, false, nil
}

// moved says whether an instruction gave a word a new value. One that moved a word's
// value here from another gives that.
func (f *frame) moved(pc int, depth, word uint32) (from uint32, wrote bool) {
	in, _ := f.decode(pc)
	switch in.Spec.Op {
	case isa.COLOR:
		return word, word == stateWord|isa.StInk || word == stateWord|isa.StPaper && len(in.Args) > 1
	case isa.CAMERA:
		return word, word == stateWord|isa.StCameraX || word == stateWord|isa.StCameraY
	case isa.CLIP:
		return word, word == stateWord|isa.StClip
	case isa.SEED:
		return word, word == stateWord|isa.StRandom
	case isa.RND:
		return word, word == stateWord|isa.StRandom || word == in.Args[0]
	case isa.INVOKE:
		act, length, kept := activation(in.Args[1:], depth)
		switch {
		case word-act < length: // unsigned: it is in there
			return word, true
		case kept != 0 && word-kept < length:
			return act + word - kept, false
		}
	case isa.RETURN:
		act, length, kept := activation(in.Args[2:], depth)
		if word == in.Args[0] {
			return word, true
		}
		if kept != 0 && word-act < length {
			return kept + word - act, false
		}
	}
	return word, false
}

// activation is where the words of a procedure's call are, how many, and where they are
// kept at a depth of the stack; 0: nowhere.
func activation(args []uint32, depth uint32) (act, length, kept uint32) {
	if args[2] != 0 {
		kept = args[2] + depth*args[3]
	}
	return args[0], args[1], kept
}

// ask is a value that is read before an instruction, once the core stands there.
type ask struct {
	step uint32
	read func(data, state []uint32)
}

// answer reads what is asked for, in one run along the frame.
func (f *frame) answer(ctx context.Context, asks []ask) error {
	sort.SliceStable(asks, func(i, j int) bool { return asks[i].step < asks[j].step })
	for _, a := range asks {
		if _, err := f.t.GoTo(ctx, a.step); err != nil {
			return err
		}
		a.read(f.t.Page(machine.DataPage), f.t.Page(machine.StatePage))
	}
	return nil
}
