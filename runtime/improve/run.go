package improve

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"unsafe"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// hash tells pictures and states apart: two that have one hash are one.
type hash [sha256.Size]byte

// run is a program that is being run, counted frame by frame.
type run struct {
	p      *Program
	m      *machine.Machine
	counts Counts
	before uint64 // toil of the runs before
	last   machine.Report
	ended  bool
}

// work is the toil of all its runs so far.
func (r *run) work() uint64 { return r.before + r.counts.toil() }

// start begins a run in the machine of r, if it has one.
func (r *run) start(p *Program, seed int32) error {
	r.before = r.work()
	r.p, r.counts, r.ended = p, Counts{}, false
	if r.m == nil {
		m, err := machine.New(p.Program, seed)
		if err != nil {
			return err
		}
		r.m = m
		m.Spread(1)
	} else if err := r.m.ResetTo(p.Program, seed); err != nil {
		return err
	}
	r.m.Count(&r.counts.Work)
	return nil
}

// frame runs a frame. It is not called once the run has ended.
func (r *run) frame(ctx context.Context, in machine.Input) (err error) {
	if err := Rest(ctx); err != nil {
		return err
	}
	if r.last, err = r.m.Frame(ctx, in, 0); err == nil {
		r.counts.add(r.last)
		r.ended = r.last.Status != isa.Framed
	}
	return err
}

// shown is what a frame showed and said, as one hash: its picture, its log, and how it
// ended. The place of an error is no part of it, its code is.
func (r *run) shown() hash {
	h := sha256.New()
	h.Write(bytesOf(r.m.Page(machine.DisplayPage)))
	var b [8]byte
	binary.LittleEndian.PutUint32(b[:], uint32(r.last.Status))
	if r.last.Fault != nil {
		binary.LittleEndian.PutUint32(b[4:], 1+uint32(r.last.Fault.Code))
	}
	h.Write(b[:])
	for _, l := range r.last.Log {
		h.Write([]byte(l.Text))
		h.Write([]byte{'\n'})
	}
	return hash(h.Sum(nil))
}

// stateWords are the words of the state page that a program's future hangs on, where it
// reads no input: all but those that a frame begins with or only tells of. The stack
// above its top is left out too.
var stateWords = [...]int{isa.StPC, isa.StSP, isa.StInk, isa.StPaper, isa.StRandom, isa.StClip, isa.StClipEnd, isa.StCameraX, isa.StCameraY}

// state is all that the future of the machine hangs on, as one hash. The count of
// frames is part of it only if the program reads it.
func (r *run) state() hash {
	h := sha256.New()
	h.Write(bytesOf(r.m.Page(machine.DisplayPage)))
	state, data := r.m.Page(machine.StatePage), r.m.Page(machine.DataPage)
	var words [len(stateWords) + isa.StackDepth + 1]uint32
	n := 0
	for _, at := range stateWords {
		words[n] = state[at]
		n++
	}
	n += copy(words[n:], state[isa.StStack:][:state[isa.StSP]])
	if r.p.reads.frame {
		words[n] = state[isa.StFrame]
		n++
	}
	h.Write(bytesOf(words[:n]))
	h.Write(bytesOf(data[isa.SysWords:]))
	return hash(h.Sum(nil))
}

func bytesOf(words []uint32) []byte {
	if len(words) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), 4*len(words))
}

// difference says where two runs that have come as far part in their last frame; nil:
// they do not.
func difference(a, b *run) *Witness {
	w := &Witness{Frame: a.counts.Frames - 1}
	da, db := a.m.Page(machine.DisplayPage), b.m.Page(machine.DisplayPage)
	for i, t := range da {
		if t != db[i] {
			w.What, w.Texel = "picture", &[2]int{i % a.p.Header.W, i / a.p.Header.W}
			return w
		}
	}
	la, lb := a.last.Log, b.last.Log
	for i := 0; i < len(la) || i < len(lb); i++ {
		if i >= len(la) || i >= len(lb) || la[i].Text != lb[i].Text {
			w.What = "log"
			return w
		}
	}
	fa, fb := a.last.Fault, b.last.Fault
	if a.last.Status != b.last.Status || fa != nil && fa.Code != fb.Code {
		w.What = "ending"
		return w
	}
	return nil
}
