package machine

import (
	"context"

	"gvpie/runtime/isa"
)

// Trace is the instructions that a core executed, in order.
type Trace struct {
	From uint32   // cycles of the frame before the first
	PCs  []uint16 // their addresses
	// Where tells of those whose address alone does not say what they wrote: of a ST
	// and a ST2 the data word, of an INVOKE and a RETURN the depth of the stack at
	// which the activation is kept. One that failed has none.
	Where []uint16
	// Failed says that the last instruction wrote nothing: it is the frame's error.
	Failed bool
}

// note takes in an instruction that is about to be executed.
func (t *Trace) note(pc uint32, op isa.Op) {
	if t != nil && op != opFetch && op != opEnd {
		t.PCs = append(t.PCs, uint16(pc))
	}
}

// where takes in what the instruction's address does not say.
func (t *Trace) where(word uint32) {
	if t != nil {
		t.Where = append(t.Where, uint16(word))
	}
}

// Tracer runs the core of one frame, as often as one likes, and paints nothing: it is
// how a debugger asks what an instruction was given, and what a command did to one
// texel. What it runs is the reference's own code. Its methods are not safe for use by
// several goroutines at once.
type Tracer struct {
	m     *Machine
	began []uint32 // the display as the frame began
	given Input
	limit uint32
	patch []Patch // in the frame,
	left  []Patch // those of them that are still to be made
	stood uint32  // cycles of the frame that the core stands behind
	ended bool
	texel canvas
	whole stencil // see Visit
}

// NewTracer makes a tracer of no frame.
func NewTracer() *Tracer {
	t := &Tracer{m: &Machine{blocks: map[uint64]*block{}}}
	t.m.Core = *NewCore(Surface{
		Begin:  func(_, _ []uint32) {},
		Began:  func(context.Context) ([]uint32, error) { return t.began, nil },
		Settle: func(context.Context) error { return nil },
		Paint:  func(context.Context) (*Fault, error) { return nil, nil },
		Undo:   func() {},
	})
	return t
}

// Begin makes the frame that a snapshot stands before the tracer's; patches, in the order
// of their cycles, are made in it. The snapshot's display is kept, and nobody may write to
// it. The errors are those of [Snapshot.Check].
func (t *Tracer) Begin(s *Snapshot, in Input, budget uint32, patches ...Patch) error {
	other, err := t.m.restore(s)
	if err != nil {
		return err
	}
	if other {
		t.m.forgetBlocks()
		t.m.papers = nil
		h := t.m.header
		t.texel.resize(h.W, h.H, h.Pixel, make([]uint32, h.W*h.H), make([]uint32, h.W*h.H))
	}
	t.began, t.given, t.limit, t.patch = s.Display, in, budget, patches
	t.again()
	return nil
}

// again goes back to where the frame begins.
func (t *Tracer) again() {
	t.m.Core.Begin(t.given, t.limit)
	t.stood, t.ended, t.left = 0, t.m.stage == between, t.patch
}

// GoTo puts the core behind so many cycles of the frame, and says whether it stands
// there; it does not where the frame is shorter, and then stands at its end. Data,
// State, Commands and Payload are those of that cycle. The error is that of a context
// that ended.
func (t *Tracer) GoTo(ctx context.Context, cycle uint32) (stands bool, err error) {
	if cycle < t.stood {
		t.again()
	}
	return t.on(ctx, cycle)
}

func (t *Tracer) on(ctx context.Context, cycle uint32) (stands bool, err error) {
	if t.ended {
		return false, nil
	}
	t.left, stands, err = NewProbe(&t.m.Core).RunPatched(ctx, cycle, t.left)
	if err != nil { // the frame is undone
		t.again()
		return false, err
	}
	t.stood, t.ended = t.m.state[isa.StCycles], !stands
	return stands, nil
}

// Trace gives the instructions from a cycle of the frame to before another, in the
// memory of tr. It leaves the core as GoTo of the latter does.
func (t *Tracer) Trace(ctx context.Context, from, to uint32, tr *Trace) error {
	*tr = Trace{From: from, PCs: tr.PCs[:0], Where: tr.Where[:0]}
	if t.stood != from || t.ended {
		t.again()
	}
	if stands, err := t.on(ctx, from); err != nil || !stands {
		return err
	}
	t.m.trace = tr
	_, err := t.on(ctx, to)
	t.m.trace = nil
	fault := t.m.ending.fault
	tr.Failed = t.ended && fault != nil && fault.Code != isa.CycleLimit
	return err
}

// Header is the decoded head of the program.
func (t *Tracer) Header() isa.Header { return t.m.header }

// Page gives the program, data or state page where the core stands. It is a view.
func (t *Tracer) Page(p Page) []uint32 { return t.m.Core.Page(p) }

// Peek is what peek(x, y) gives in the frame.
func (t *Tracer) Peek(x, y int32) int32 {
	t.m.began = t.began
	return int32(t.m.peek(x, y))
}

// Commands are those made so far: see [Core.Commands].
func (t *Tracer) Commands() []isa.Command { return t.m.commands }

// Captures are the values that the block of an EACH command begins with.
func (t *Tracer) Captures(c *isa.Command) []uint32 {
	return t.m.payload[c[isa.CmdText] : c[isa.CmdText]+c[isa.CmdLen]]
}

// Reaches says whether a command may write the texel (x, y); where it is false, it
// does not.
func (t *Tracer) Reaches(c *isa.Command, x, y int) bool {
	if c.Op() == isa.LOG {
		return false
	}
	r := reachOf(c, t.m.header)
	if r.op == isa.EACH {
		r.rect = rect{r.a, r.b, r.a + r.c, r.b + r.d}.intersect(clipRect(c))
	}
	return x >= r.x0 && x < r.x1 && y >= r.y0 && y < r.y1
}

// Mark is what a command does to a texel: the bits of the display that it writes, what
// they become, and the address that the writer page then has. None: it leaves it.
type Mark struct{ Bits, Word, PC uint32 }

// Draw gives what a draw of the frame does to the texel (x, y). The error is that of a
// context that ended.
func (t *Tracer) Draw(ctx context.Context, c *isa.Command, x, y int) (mark Mark, err error) {
	if !t.Reaches(c, x, y) {
		return Mark{}, nil
	}
	p := painter{ctx: ctx, canvas: &t.texel, began: t.began, cell: !t.m.header.Pixel, pc: c[isa.CmdPC]}
	p.x0, p.y0, p.x1, p.y1 = x, y, x+1, y+1 // which is in the command's clip
	var words []uint32
	switch c.Op() {
	case isa.TXT:
		words = t.m.Text(c)
	case isa.SPR:
		words = t.m.spriteTexels()[c[isa.CmdF]:]
	}
	at := y*p.w + x
	// What becomes the same of a texel whatever it was, is written.
	t.texel.display[at], t.texel.writer[at] = ^uint32(0), 0
	if _, err = p.draw(c, words); err != nil || t.texel.writer[at] == 0 {
		return Mark{}, err
	}
	on := t.texel.display[at]
	t.texel.display[at] = 0
	_, err = p.draw(c, words)
	off := t.texel.display[at]
	mark.Bits = ^(on ^ off)
	return Mark{Bits: mark.Bits, Word: on & mark.Bits, PC: t.texel.writer[at]}, err
}

// BlockStep is an instruction that a block executed for a texel: its address, and what
// it wrote to the lane word that its destination is, if it has one.
type BlockStep struct{ PC, Value uint32 }

// BlockTrace is what a block did for one texel.
type BlockTrace struct {
	Steps []BlockStep
	Mark  Mark   // none: no PUT, or it failed
	Fault *Fault // of the texel

	out    uint32 // the word of the wave that the last step writes, if has
	has    bool
	counts []uint64 // texels are counted instead, by address; nil: no
	cycles *vector  // instructions are counted instead, by texel; nil: no
}

// Block runs the block of an EACH command for the texel (x, y), which it reaches. The
// core must stand behind the EACH: blocks read arrays as they were there.
func (t *Tracer) Block(c *isa.Command, x, y int) *BlockTrace {
	tr := &BlockTrace{}
	t.m.began = t.began
	w := t.m.takeWave(t.m.block(c), t.Captures(c), c)
	w.first, w.trace = nil, tr
	w.log.begin(true)
	w.start(x, y)
	w.run(1)
	tr.end(w)
	w.trace = nil
	w.finish(1)
	if tr.Fault = w.first; w.put[0] != 0 {
		tr.Mark = Mark{Bits: t.texel.mask(markBits | paperBits), Word: w.color[0], PC: w.put[0]}
		tr.Mark.Word &= tr.Mark.Bits
	}
	t.m.putWave(w)
	return tr
}

// Count runs the block of an EACH command for all of its texels, and adds to counts how
// many of them executed the instruction at each address. The core must stand behind the
// EACH. The error is that of a context that ended.
func (t *Tracer) Count(ctx context.Context, c *isa.Command, counts []uint64) error {
	t.m.began = t.began
	r := rect{int(int32(c[isa.CmdA])), int(int32(c[isa.CmdB])), int(int32(c[isa.CmdA] + c[isa.CmdC])), int(int32(c[isa.CmdB] + c[isa.CmdD]))}
	r = r.intersect(clipRect(c))
	w := t.m.takeWave(t.m.block(c), t.Captures(c), c)
	w.trace = &BlockTrace{counts: counts}
	defer func() {
		w.trace = nil
		t.m.putWave(w)
	}()
	for y := r.y0; y < r.y1; y++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		w.log.begin(true)
		for x := r.x0; x < r.x1; x += waveWidth {
			w.start(x, y)
			w.run(min(waveWidth, r.x1-x))
		}
	}
	return nil
}

// step takes in an instruction that is about to be executed for a group of texels: for
// the only one, but where they, or it, are counted.
func (tr *BlockTrace) step(w *wave, g *group, in *instr) {
	if tr.counts != nil {
		tr.counts[g.pc] += uint64(g.n)
		return
	}
	if tr.cycles != nil {
		for _, i := range g.texels() {
			tr.cycles[i]++
		}
		return
	}
	tr.end(w)
	if spec := isa.Table[in.op]; spec != nil && len(spec.Operands) > 0 && spec.Operands[0].Kind == isa.Out {
		tr.out, tr.has = in.x[0], true
	}
	tr.Steps = append(tr.Steps, BlockStep{PC: g.pc})
}

// end takes in what the last step wrote.
func (tr *BlockTrace) end(w *wave) {
	if tr.has {
		tr.Steps[len(tr.Steps)-1].Value, tr.has = w.at(tr.out)[0], false
	}
}
