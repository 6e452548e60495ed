package why

import (
	"context"
	"math"

	"gvpie/runtime/machine"
)

// What frames wrote, some in a row at a time, so that a write long ago is found without
// looking at each frame again: they are run once, the first time that they are asked about,
// and what is kept of them takes a bit a texel and a word.

// index is the spans that are known of a run.
type index struct {
	spans map[int]*span // by their first frame
	m     *machine.Machine
	trace machine.Trace
	blank []uint32 // a writer page that nothing wrote
	size  int      // spanFrames, but for tests
}

// span is frames [from, to), and what any of them wrote. It may hold more, never less.
type span struct {
	from, to int
	ran      bits // instructions of the core, by address
	stored   bits // data words, by ST
	texels   bits
}

type bits []uint64

func newBits(n int) bits { return make(bits, (n+63)/64) }

func (b bits) set(i int)      { b[i>>6] |= 1 << (i & 63) }
func (b bits) has(i int) bool { return b[i>>6]>>(i&63)&1 != 0 }

// spanFrames is how many frames a span has; of a canvas of more than manyTexels, which costs
// more memory and more time a frame, fewSpanFrames.
const (
	spanFrames    = 64
	manyTexels    = 1 << 16
	fewSpanFrames = 16
)

// spanFrom is the first frame of the span that a frame is in.
func (a *Asker) spanFrom(frame int) int {
	n := spanFrames
	if h := a.a.Header; h.W*h.H > manyTexels {
		n = fewSpanFrames
	}
	if a.index.size > 0 {
		n = a.index.size
	}
	return max(a.past.First(), frame/n*n)
}

// known is the span that ends with the frame before one, if it was run already.
func (x *index) known(from, to int) *span {
	if s := x.spans[from]; s != nil && s.to >= to {
		return s
	}
	return nil
}

// look runs frames [from, to), for what they write.
func (a *Asker) look(ctx context.Context, from, to int) (*span, error) {
	before, err := a.past.Before(ctx, from)
	if err != nil {
		return nil, err
	}
	x := &a.index
	if x.blank == nil {
		x.spans, x.blank = map[int]*span{}, make([]uint32, len(before.Writer))
	}
	start := *before
	start.Writer = x.blank
	if x.m == nil {
		x.m, err = machine.FromSnapshot(&start)
	} else {
		err = x.m.Restore(&start)
	}
	if err != nil {
		return nil, err
	}
	probe := machine.NewProbe(&x.m.Core)
	probe.Trace(&x.trace)
	s := &span{from: from, to: to, ran: newBits(len(a.a.Program)), stored: newBits(a.a.Header.DataWords), texels: newBits(len(x.blank))}
	for f := from; f < to; f++ {
		x.trace = machine.Trace{PCs: x.trace.PCs[:0], Where: x.trace.Where[:0]}
		x.m.Begin(a.past.Given(f))
		patches := a.past.Patches(f)
		if _, _, err := probe.RunPatched(ctx, math.MaxUint32, patches); err != nil {
			return nil, err
		}
		if _, err := x.m.End(ctx); err != nil {
			return nil, err
		}
		for _, p := range patches {
			s.stored.set(p.Word)
		}
		where := 0
		for _, pc := range x.trace.PCs {
			s.ran.set(int(pc))
			if !a.tells(int(pc)) || where == len(x.trace.Where) {
				continue
			}
			if a.effects[pc].kind == stored {
				s.stored.set(int(x.trace.Where[where]))
			}
			where++
		}
	}
	for i, pc := range x.m.Page(machine.WriterPage) {
		if pc != 0 {
			s.texels.set(i)
		}
	}
	x.spans[from] = s
	return s, nil
}

// wrote says whether a frame of a span may have written a word, or moved what it held.
func (p *program) wrote(s *span, word uint32) bool {
	if word&stateWord == 0 && s.stored.has(int(word)) {
		return true
	}
	for pc := range p.a.Program {
		if s.ran.has(pc) && p.effectOf(pc).kind != stored && p.mayWrite(pc, word) {
			return true
		}
	}
	return false
}

// Index looks through the frames before one that were not looked through yet, so that
// questions about writes long ago are answered at once. The error is that of a context
// that ended, or an EndedError.
func (a *Asker) Index(ctx context.Context, before int) error {
	first := a.past.First()
	for from := first; from < before; {
		to := from + 1
		for to < before && a.spanFrom(to) == from {
			to++
		}
		if a.index.known(from, to) == nil {
			if _, err := a.look(ctx, from, to); err != nil {
				return err
			}
		}
		if from = to; a.Progress != nil {
			a.Progress(to-first, before-first)
		}
	}
	return nil
}

// sought is what lastFrame looks for.
type sought struct {
	may   func(reach) bool // only where instructions that may are in reach
	wrote func(*span) bool // only in spans that may have
	is    func(frame int) (bool, error)
}

// lastFrame finds the last frame before one that did what is looked for; -1 for none.
func (a *Asker) lastFrame(ctx context.Context, before int, what sought) (int, error) {
	first := a.past.First()
	if before <= first {
		return -1, nil
	}
	// The frame just before is the likeliest.
	if yes, err := what.is(before - 1); yes || err != nil {
		return before - 1, err
	}
	for to := before - 1; to > first; {
		from := a.spanFrom(to - 1)
		s := a.index.known(from, to)
		if s == nil {
			key := max(first, a.past.Keyframe(to-1))
			before, err := a.past.Before(ctx, key)
			if err != nil {
				return -1, err
			}
			if !what.may(a.reachOf(before)) && !a.patched(key, to) { // nor in any frame behind it
				to = key
				continue
			}
			if s, err = a.look(ctx, from, to); err != nil {
				return -1, err
			}
		}
		if what.wrote(s) {
			if last, err := what.lastIn(ctx, from, to); last >= 0 || err != nil {
				return last, err
			}
		}
		if to = from; a.Progress != nil {
			a.Progress(before-to, before-first)
		}
	}
	return -1, nil
}

// patched says whether a person gave words other values in frames [from, to).
func (a *Asker) patched(from, to int) bool {
	for f := from; f < to; f++ {
		if len(a.past.Patches(f)) > 0 {
			return true
		}
	}
	return false
}

// lastIn is the last of frames [from, to) that did it; -1 for none. They cost least in
// their order.
func (s sought) lastIn(ctx context.Context, from, to int) (last int, err error) {
	last = -1
	for f := from; f < to; f++ {
		if err := ctx.Err(); err != nil {
			return -1, err
		}
		yes, err := s.is(f)
		if err != nil {
			return -1, err
		}
		if yes {
			last = f
		}
	}
	return last, nil
}
