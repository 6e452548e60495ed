package worker

import (
	"context"
	"fmt"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// A batch crosses the pipe as words: how many programs and runs; each program's length
// and its words; each run's program, seed, frames, budget and inputs, so many and each.
// What comes back are, for each run, whether it ran, and then how many frames, cycles (64
// bits) and commands it made, the lengths of its display, data and state pages, and
// those pages.

const inputWords = 12

func encodeRuns(runs []engine.RunOptions) []uint32 {
	numbers := map[*uint32]uint32{}
	words := []uint32{0, uint32(len(runs))}
	program := func(p isa.Program) uint32 {
		if len(p) == 0 {
			p = isa.Program{0} // it is none, like this
		}
		n, known := numbers[&p[0]]
		if !known {
			n = uint32(len(numbers))
			numbers[&p[0]] = n
			words = append(append(words, uint32(len(p))), p...)
		}
		return n
	}
	of := make([]uint32, len(runs))
	for i, o := range runs {
		of[i] = program(o.Program)
	}
	words[0] = uint32(len(numbers))
	for i, o := range runs {
		inputs := 1
		if o.InputAt != nil {
			inputs = max(o.Frames, 1)
		}
		words = append(words, of[i], uint32(o.Seed), uint32(max(o.Frames, 1)), o.Budget, uint32(inputs))
		for frame := range inputs {
			in := o.Input
			if o.InputAt != nil {
				in = o.InputAt(frame)
			}
			words = append(words, uint32(in.MouseX), uint32(in.MouseY), uint32(in.Buttons), uint32(in.Wheel))
			words = append(words, in.Keys[:]...)
		}
	}
	return words
}

// wordReader takes words off the front; after the first that is not there it gives zeros
// and bad is set.
type wordReader struct {
	words []uint32
	bad   bool
}

func (r *wordReader) take(n uint32) []uint32 {
	if r.bad || uint64(n) > uint64(len(r.words)) {
		r.bad = true
		return nil
	}
	w := r.words[:n:n]
	r.words = r.words[n:]
	return w
}

func (r *wordReader) next() uint32 {
	if w := r.take(1); w != nil {
		return w[0]
	}
	return 0
}

func decodeRuns(words []uint32) ([]engine.RunOptions, error) {
	r := wordReader{words: words}
	n, count := r.next(), r.next()
	if uint64(n)+uint64(count) > uint64(len(words)) {
		return nil, protocolError("a batch of %d runs and %d programs in %d words", count, n, len(words))
	}
	programs := make([]isa.Program, n)
	for i := range programs {
		programs[i] = r.take(r.next())
	}
	runs := make([]engine.RunOptions, count)
	for i := range runs {
		p, o := r.next(), &runs[i]
		o.Seed, o.Frames, o.Budget = int32(r.next()), int(r.next()), r.next()
		inputs := make([]machine.Input, 0, 1)
		for range min(r.next(), engine.BatchInputs) {
			w := r.take(inputWords)
			if r.bad {
				break
			}
			in := machine.Input{MouseX: int32(w[0]), MouseY: int32(w[1]), Buttons: int32(w[2]), Wheel: int32(w[3])}
			copy(in.Keys[:], w[4:])
			inputs = append(inputs, in)
		}
		if r.bad || p >= n || len(inputs) == 0 {
			return nil, protocolError("run %d of a batch that does not read", i)
		}
		o.Program, o.Input = programs[p], inputs[0]
		if len(inputs) > 1 {
			o.InputAt = func(frame int) machine.Input { return inputs[min(frame, len(inputs)-1)] }
		}
	}
	if r.bad || len(r.words) > 0 {
		return nil, protocolError("a batch with %d words too many, or too few", len(r.words))
	}
	return runs, nil
}

// triedWords is how many words come back of a run, without its pages.
const triedWords = 8

// encodeTried gives the words in parts, of which the pages are not copied.
func encodeTried(tried []engine.Tried) (parts [][]byte) {
	for i := range tried {
		t := &tried[i]
		if !t.Ran {
			parts = append(parts, wordBytes([]uint32{0}))
			continue
		}
		r := &t.Result
		parts = append(parts,
			wordBytes([]uint32{1, uint32(r.Frames), uint32(r.Cycles), uint32(r.Cycles >> 32), uint32(r.Commands),
				uint32(len(t.Display)), uint32(len(t.Data)), uint32(len(t.State))}),
			wordBytes(t.Display), wordBytes(t.Data), wordBytes(t.State))
	}
	return parts
}

func decodeTried(words []uint32, n int, adapter string) ([]engine.Tried, error) {
	r := wordReader{words: words}
	tried := make([]engine.Tried, n)
	for i := range tried {
		t := &tried[i]
		if t.Ran = r.next() != 0; !t.Ran {
			continue
		}
		h := r.take(triedWords - 1)
		if r.bad {
			break
		}
		t.Display, t.Data, t.State = r.take(h[4]), r.take(h[5]), r.take(h[6])
		if len(t.State) != isa.StateWords {
			r.bad = true
			break
		}
		report := machine.StateReport(t.State, 0, 0)
		t.Result = engine.Result{
			Status: report.Status, Fault: report.Fault,
			Frames: int(h[0]), Cycles: uint64(h[1]) | uint64(h[2])<<32, Commands: int(h[3]),
			Kind: engine.GPU, Adapter: adapter,
		}
	}
	if r.bad || len(r.words) > 0 {
		return nil, protocolError("a batch of %d runs that does not read", n)
	}
	return tried, nil
}

// runMany runs a batch in the child.
func (t *session) runMany(ctx context.Context, words []uint32, reply *message) error {
	b, ok := t.engine.(engine.Batcher)
	if !ok {
		return fmt.Errorf("%w: batches", engine.ErrUnsupported)
	}
	runs, err := decodeRuns(words)
	if err != nil {
		return err
	}
	tried, err := b.RunMany(ctx, runs)
	if err != nil {
		return err
	}
	return t.fill(reply, encodeTried(tried)...)
}

var _ engine.Batcher = (*remote)(nil)

// RunMany runs a batch beside the machine.
func (r *remote) RunMany(ctx context.Context, runs []engine.RunOptions) (tried []engine.Tried, err error) {
	words := encodeRuns(runs)
	err = r.p.guarded(func() error {
		p, err := r.p.link.newPayload(4 * len(words))
		if err != nil {
			return err
		}
		defer r.p.link.release(p)
		copy(p.b, wordBytes(words))
		m := r.request(kindMany)
		m.payload = p
		return r.p.do(ctx, m, r.config.FrameTimeout(isa.DefaultBudget), func(reply *message) (err error) {
			if len(reply.payload.b)%4 != 0 {
				return protocolError("a batch of %d bytes", len(reply.payload.b))
			}
			tried, err = decodeTried(bytesWords(reply.payload.b), len(runs), r.Adapter())
			return err
		})
	})
	return tried, err
}
