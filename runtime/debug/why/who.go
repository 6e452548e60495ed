package why

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Asker answers questions about one run of a program.
type Asker struct {
	// Progress, if it is set, is told how far a question about many frames is: so many of
	// so many.
	Progress func(done, all int)

	past  Past
	index index
	frame
}

// New makes the asker of a program's run.
func New(a *pxl.Assembly, past Past) *Asker {
	return &Asker{past: past, frame: frame{program: newProgram(a), number: -1, t: machine.NewTracer()}}
}

// Touch is a command that wrote a texel.
type Touch struct {
	At      Position // before its instruction
	Command int      // its place among the frame's
	PC      int      // what the writer page names: of an EACH, the PUT's address
	Place
	Op       string
	Texel    uint32 // what the texel then held
	Covered  bool   // nothing of what it wrote was left at the frame's end
	Operands []Operand
	Block    *Block // of an EACH

	cmd  isa.Command
	mark machine.Mark
	x, y int
}

// Drawing is who drew a texel.
type Drawing struct {
	Frame   int     // the last that touched it: the one asked about, or one before
	Texel   uint32  // what it holds at that frame's end
	Touches []Touch // in the order that they were painted in; none: nothing ever drew it
}

// mostOpened is how many touches' operands are read unasked, the last.
const mostOpened = 64

// ErrOffCanvas is wrapped where a texel is not on the canvas.
var ErrOffCanvas = errors.New("not on the canvas")

// Who finds the commands that drew the texel (x, y): those of a frame, or, where that
// leaves it, of the last frame before it that did not. Of many, those that were covered
// first have no Operands: see Open.
func (a *Asker) Who(ctx context.Context, number, x, y int) (*Drawing, error) {
	if err := a.on(x, y); err != nil {
		return nil, err
	}
	touches, err := a.touches(ctx, number, x, y, 0)
	if err != nil {
		return nil, err
	}
	if len(touches) == 0 {
		s, err := a.past.Before(ctx, number)
		if err != nil {
			return nil, err
		}
		at := y*a.a.Header.W + x
		pc := s.Writer[at]
		if pc == 0 {
			return &Drawing{Frame: number}, nil
		}
		number, err = a.lastFrame(ctx, number, sought{
			may:   func(r reach) bool { return r[pc] },
			wrote: func(s *span) bool { return s.texels.has(at) },
			is: func(f int) (bool, error) {
				touches, err := a.touches(ctx, f, x, y, pc)
				return len(touches) > 0, err
			},
		})
		if err != nil {
			return nil, err
		}
		if number < 0 { // the run began with it, or what is left of it does
			return &Drawing{Frame: a.past.First(), Texel: s.Display[at]}, nil
		}
		if touches, err = a.touches(ctx, number, x, y, 0); err != nil {
			return nil, err
		}
	}
	d := &Drawing{Frame: number, Touches: touches}
	before, err := a.past.Before(ctx, number)
	if err != nil {
		return nil, err
	}
	d.Texel = before.Display[y*a.a.Header.W+x]
	d.paint(a.a.Header.Pixel)
	for i := max(0, len(touches)-mostOpened); i < len(touches); i++ {
		if err := a.Open(ctx, &touches[i]); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// on says why a texel is not on the canvas; nil: it is.
func (a *Asker) on(x, y int) error {
	if h := a.a.Header; x < 0 || y < 0 || x >= h.W || y >= h.H {
		return fmt.Errorf("texel %d, %d is %w, which is %d × %d", x, y, ErrOffCanvas, h.W, h.H)
	}
	return nil
}

// Wrote finds the last command that wrote the texel (x, y) before a position, and gives the one
// behind it; ok is false where none did. The errors are Who's.
func (a *Asker) Wrote(ctx context.Context, x, y int, before Position) (at Position, ok bool, err error) {
	if err := a.on(x, y); err != nil {
		return at, false, err
	}
	behind := func(number int, end uint32) bool {
		var touches []Touch
		touches, err = a.touches(ctx, number, x, y, 0)
		for _, t := range touches {
			if t.At.Cycle+1 < end {
				at, ok = Position{Frame: number, Cycle: t.At.Cycle + 1}, true
			}
		}
		return ok || err != nil
	}
	if before.Cycle > 0 && behind(before.Frame, before.Cycle) {
		return at, ok, err
	}
	number, err := a.lastFrame(ctx, before.Frame, sought{
		may:   func(reach) bool { return true },
		wrote: func(s *span) bool { return s.texels.has(y*a.a.Header.W + x) },
		is: func(f int) (bool, error) {
			touches, err := a.touches(ctx, f, x, y, 0)
			return len(touches) > 0, err
		},
	})
	if err != nil || number < 0 {
		return at, false, err
	}
	behind(number, math.MaxUint32)
	return at, ok, err
}

// paint finds out what each touch left, and what of it was covered.
func (d *Drawing) paint(pixel bool) {
	for i := range d.Touches {
		t := &d.Touches[i]
		d.Texel = d.Texel&^t.mark.Bits | t.mark.Word
		t.Texel = d.Texel
	}
	left := seen(d.Texel, pixel) // bits that no later touch wrote
	for i := len(d.Touches) - 1; i >= 0; i-- {
		t := &d.Touches[i]
		t.Covered = t.mark.Bits&left == 0 && i < len(d.Touches)-1
		left &^= t.mark.Bits
	}
}

// seen is the bits of a texel that can be seen: of a cell with no glyph that shows, those
// of its paper.
func seen(texel uint32, pixel bool) uint32 {
	if glyph := texel & 0xFF; !pixel && (glyph == 0 || glyph == ' ') {
		return 0xFF0000
	}
	return 0xFFFFFF
}

// Layer is a part of a texel that is seen, and the touch that left it.
type Layer struct {
	Bits  uint32 // of the texel
	Touch *Touch
}

// Layers gives the touches that are seen once so many commands of the frame were made,
// the last first. Bits that the frame had not written by then have none.
func (d *Drawing) Layers(texel uint32, made int, pixel bool) (all []Layer) {
	left := seen(texel, pixel)
	for i := len(d.Touches) - 1; i >= 0; i-- {
		t := &d.Touches[i]
		if t.Command >= made || t.mark.Bits&left == 0 {
			continue
		}
		all = append(all, Layer{t.mark.Bits & left, t})
		left &^= t.mark.Bits
	}
	return all
}

// touches finds the commands of a frame that wrote a texel. writer, if it is not 0, is
// the only address that is looked for, and one touch is enough.
func (a *Asker) touches(ctx context.Context, number, x, y int, writer uint32) ([]Touch, error) {
	if err := a.open(ctx, a.past, number); err != nil {
		return nil, err
	}
	if err := a.end(ctx); err != nil {
		return nil, err
	}
	var out, blocks []Touch
	for i := range a.t.Commands() {
		c := &a.t.Commands()[i]
		if !a.t.Reaches(c, x, y) {
			continue
		}
		t := Touch{At: Position{Frame: number, Cycle: c[isa.CmdCycle] - 1}, Command: i, PC: c.PC(), Op: c.Op().String(), cmd: *c, x: x, y: y}
		if c.Op() == isa.EACH {
			if writer == 0 || writer >= c[isa.CmdE] && writer < c[isa.CmdF] {
				blocks = append(blocks, t)
			}
			continue
		}
		if writer != 0 && writer != c[isa.CmdPC] {
			continue
		}
		mark, err := a.t.Draw(ctx, c, x, y)
		if err != nil {
			return nil, err
		}
		if t.mark = mark; mark.PC != 0 {
			out = append(out, t)
		}
	}
	for _, t := range blocks {
		if writer != 0 && len(out) > 0 {
			break
		}
		if _, err := a.t.GoTo(ctx, t.cmd[isa.CmdCycle]); err != nil {
			return nil, err
		}
		t.Block = a.newBlock(&t.cmd, x, y)
		if t.mark = t.Block.Mark; t.mark.PC != 0 {
			t.PC = int(t.mark.PC)
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b Touch) int { return a.Command - b.Command })
	for i := range out {
		out[i].Place = a.place(out[i].PC)
	}
	return out, nil
}

// Open reads what a touch's command was given.
func (a *Asker) Open(ctx context.Context, t *Touch) error {
	if t.Block != nil {
		return a.openBlock(ctx, t)
	}
	if err := a.open(ctx, a.past, t.At.Frame); err != nil {
		return err
	}
	in, ok := a.decode(t.cmd.PC())
	if !ok {
		return nil
	}
	var asks []ask
	c := core{&a.frame, &asks}
	step := t.At.Cycle
	var found []*inputs
	var operands []*Operand
	add := func(name string) (*Operand, *inputs) {
		o, q := &Operand{Name: name}, a.inputs(ctx, c)
		operands, found = append(operands, o), append(found, q)
		return o, q
	}
	read := func(name string, word uint32) error {
		o, q := add(name)
		c.read(word, step, func(v uint32) { o.Value = int32(v) })
		return q.word(word, step)
	}
	for i, arg := range in.Args {
		switch {
		case in.Spec.Operands[i].Kind == isa.Base && in.Spec.Op == isa.SPR:
			if s := symbolAt(a.tables, int(arg)); s != nil {
				o, q := add("sprite")
				q.put(Value{Name: s.Name, Kind: Table, At: t.At})
				o.Value = int32(arg)
			}
		case in.Spec.Operands[i].Kind != isa.In:
		case in.Mask>>i&1 == 0:
			o, _ := add(in.Spec.Operands[i].Name)
			o.Value = int32(arg)
		default:
			if err := read(in.Spec.Operands[i].Name, arg); err != nil {
				return err
			}
		}
	}
	if in.Spec.Tail == isa.TextTail {
		for _, p := range isa.TextParts(in.Tail) {
			if p.IsValue {
				if err := read("text", p.Index); err != nil {
					return err
				}
			}
		}
	}
	switch set := a.colorOf(in); {
	case in.Spec.Op == isa.BLIT:
		o, q := add("from")
		x, y := t.cmd[isa.CmdA]+uint32(t.x)-t.cmd[isa.CmdE], t.cmd[isa.CmdB]+uint32(t.y)-t.cmd[isa.CmdF]
		p := q.put(Value{Kind: Texel, At: Position{Frame: t.At.Frame, Cycle: 0}, x: int(int32(x)), y: int(int32(y))})
		p.Name = fmt.Sprintf("texel %d, %d", p.x, p.y)
		p.Value = int32(t.mark.Word)
		o.Value = p.Value
	case set != 0:
		if err := read("color", stateWord|set); err != nil {
			return err
		}
	}
	if err := a.answer(ctx, asks); err != nil {
		return err
	}
	t.Operands = nil
	for i, o := range operands {
		o.Inputs = found[i].values()
		t.Operands = append(t.Operands, *o)
	}
	return nil
}

// colorOf is the word of the state page that a draw without a colour of its own takes
// it from; 0 of others.
func (p *program) colorOf(in isa.Instr) uint32 {
	n := len(in.Spec.Operands)
	switch {
	case in.Spec.Op == isa.TXT:
		return isa.StInk
	case n == 0 || in.Spec.Operands[n-1].Name != "color" || len(in.Args) == n || in.Spec.Op == isa.CLS:
		return 0
	case p.a.Header.Pixel:
		return isa.StInk
	}
	return isa.StPaper
}

// openBlock reads what the PUT of a touch was given.
func (a *Asker) openBlock(ctx context.Context, t *Touch) error {
	b := t.Block
	for step := len(b.trace.Steps) - 1; step >= 0; step-- {
		if b.trace.Steps[step].PC != t.mark.PC {
			continue
		}
		in, _ := a.decode(int(t.mark.PC))
		o := Operand{Name: "color", Value: int32(in.Args[0])}
		if in.Mask&1 != 0 {
			q := a.inputs(ctx, b)
			if err := q.word(in.Args[0], uint32(step)); err != nil {
				return err
			}
			o.Value, o.Inputs = int32(b.lane(in.Args[0], uint32(step))), q.values()
		}
		t.Operands = []Operand{o}
		return nil
	}
	return nil
}

// inputs begins to find what instructions were given.
func (a *Asker) inputs(ctx context.Context, c code) *inputs {
	return &inputs{program: a.program, code: c, ctx: ctx, seen: map[uint32]bool{}}
}
