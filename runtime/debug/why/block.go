package why

import (
	"context"
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Block is what a block of an EACH did for one texel.
type Block struct {
	At    Position // before the EACH
	X, Y  int
	Each  Place
	Steps []Step
	Fault string // "" for none
	Mark  machine.Mark

	*program
	trace    *machine.BlockTrace
	each     int      // the address of the EACH
	from, to int      // the addresses of its block
	captures []uint32 // data words that its lanes begin with
	values   []uint32 // and what those held
	data     []uint32 // as the block read it
}

// Step is a statement that a block ran for a texel.
type Step struct {
	Place
	Name  string // what it gave a value; "" for nothing that has a name
	Value int32
	Set   bool // it gave something a value
	Jumps bool // it is a condition that was false, or the end of a loop: the next statement is not the one behind it
	Reads []Read
	// Skipped: the texel did not run it. See Block.Whole.
	Skipped bool

	first, last int // instructions of the trace
}

// Read is a name with what it held.
type Read struct {
	Name  string
	Value int32
}

// newBlock runs a block again for a texel. The core must stand behind the EACH.
func (f *frame) newBlock(c *isa.Command, x, y int) *Block {
	tr := f.t.Block(c, x, y)
	b := &Block{At: Position{Frame: f.number, Cycle: c[isa.CmdCycle] - 1}, X: x, Y: y, Each: f.place(c.PC()), Mark: tr.Mark, program: f.program, trace: tr,
		each: c.PC(), from: int(c[isa.CmdE]), to: int(c[isa.CmdF])}
	b.values = append([]uint32(nil), f.t.Captures(c)...)
	b.data = append([]uint32(nil), f.t.Page(machine.DataPage)...)
	if in, ok := f.decode(c.PC()); ok {
		b.captures = in.Tail
	}
	if tr.Fault != nil {
		b.Fault = tr.Fault.Code.String()
	}
	b.steps()
	return b
}

// steps gathers instructions into statements.
func (b *Block) steps() {
	for i, s := range b.trace.Steps {
		pc := int(s.PC)
		if isa.Op(b.a.Program[pc]&0xFF) == isa.JMP {
			continue // says nothing of its own
		}
		if n := len(b.Steps); n == 0 || !b.sameStatement(int(b.trace.Steps[b.Steps[n-1].first].PC), pc) || pc <= int(b.trace.Steps[i-1].PC) {
			b.Steps = append(b.Steps, Step{Place: b.place(pc), first: i})
		}
		st := &b.Steps[len(b.Steps)-1]
		st.last = i
		in, ok := b.decode(pc)
		if !ok {
			continue
		}
		if len(in.Spec.Operands) > 0 && in.Spec.Operands[0].Kind == isa.Out {
			if name := b.laneName(in.Args[0]); name != "" {
				st.Name, st.Value, st.Set = name, int32(s.Value), true
			}
		}
		if in.Spec.Op == isa.JZ || in.Spec.Op == isa.JNZ || in.Spec.Op == isa.LOOP {
			st.Jumps = i+1 < len(b.trace.Steps) && int(b.trace.Steps[i+1].PC) != pc+in.Size
			st.Reads = b.reads(st)
		}
	}
}

// reads is the names that a statement looks at, with what they held for the texel.
func (b *Block) reads(st *Step) (all []Read) {
	for i := st.first; i <= st.last; i++ {
		in, ok := b.decode(int(b.trace.Steps[i].PC))
		if !ok {
			continue
		}
		for k, word := range in.Args {
			if in.Spec.Operands[k].Kind != isa.In || in.Mask>>k&1 == 0 {
				continue
			}
			r := Read{Name: b.laneName(word), Value: int32(b.lane(word, uint32(i)))}
			if r.Name != "" && !slices.Contains(all, r) {
				all = append(all, r)
			}
		}
	}
	return all
}

// Whole is the Steps, and between them, in the place that they have in the block, the
// statements that the texel never ran, each once.
func (b *Block) Whole() []Step {
	places, at := b.statements()
	ran := make([]bool, len(places))
	for _, s := range b.Steps {
		if i, ok := at[s.Place]; ok {
			ran[i] = true
		}
	}
	var out []Step
	// skip takes in what was never run of the statements from one on, up to one that was.
	skip := func(i int) {
		for ; i < len(places) && !ran[i]; i++ {
			ran[i] = true // taken in
			out = append(out, Step{Place: places[i], Skipped: true})
		}
	}
	skip(0)
	for _, s := range b.Steps {
		out = append(out, s)
		if i, ok := at[s.Place]; ok {
			skip(i + 1)
		}
	}
	return out
}

// statements are those of the block in the order of their code, but for those that say
// nothing of their own.
func (b *Block) statements() (places []Place, at map[Place]int) {
	at = map[Place]int{}
	for pc := b.from; pc < b.to; {
		in, ok := b.decode(pc)
		if !ok {
			break
		}
		p := b.place(pc)
		if _, known := at[p]; !known && in.Spec.Op != isa.JMP {
			at[p] = len(places)
			places = append(places, p)
		}
		pc += in.Size
	}
	return places, at
}

// Inputs are the values that a step of a block was given.
func (a *Asker) Inputs(ctx context.Context, b *Block, s Step) ([]Value, error) {
	q := a.inputs(ctx, b)
	for i := s.first; i <= s.last; i++ {
		if in, ok := b.decode(int(b.trace.Steps[i].PC)); ok {
			if err := q.instruction(uint32(i), in); err != nil {
				return nil, err
			}
		}
	}
	return q.values(), nil
}

// laneName is what the source calls a lane word; "" for one of the assembler's own.
func (b *Block) laneName(word uint32) string {
	switch lane := int(word &^ isa.LaneFlag); {
	case lane == 0:
		return "px"
	case lane == 1:
		return "py"
	case lane-2 < len(b.captures):
		return b.name(b.captures[lane-2], b.each)
	}
	return ""
}

func (b *Block) pc(_ context.Context, step uint32) (int, error) {
	return int(b.trace.Steps[step].PC), nil
}

func (b *Block) writer(_ context.Context, word, before uint32) (step, as uint32, ok bool, err error) {
	step, ok = b.wrote(word, before)
	return step, word, ok, nil
}

// wrote finds the last step before one that wrote a word.
func (b *Block) wrote(word, before uint32) (step uint32, ok bool) {
	for i := int(before) - 1; i >= 0; i-- {
		if e := b.effectOf(int(b.trace.Steps[i].PC)); e.kind == one && e.word == word {
			return uint32(i), true
		}
	}
	return 0, false
}

func (b *Block) at(uint32) Position { return b.At }

func (b *Block) leaf(word, step uint32, _ int) (Value, bool) {
	lane := int(word &^ isa.LaneFlag)
	v := Value{At: b.At, Name: b.laneName(word), Kind: Own, word: word, block: b, step: step}
	if _, written := b.wrote(word, step); written {
		return v, v.Name != ""
	}
	v.block = nil
	switch {
	case lane == 0:
		v.Kind = Column
	case lane == 1:
		v.Kind = Row
	case lane-2 < len(b.captures):
		v.Kind, v.word = Variable, b.captures[lane-2]
		if v.word < isa.SysWords {
			v.Kind = systemKind(v.word)
		}
	default:
		v.Kind = Constant // every lane begins as 0
	}
	return v, true
}

// lane is a lane word before a step.
func (b *Block) lane(word, step uint32) uint32 {
	if by, ok := b.wrote(word, step); ok {
		return b.trace.Steps[by].Value
	}
	switch lane := int(word &^ isa.LaneFlag); {
	case lane == 0:
		return uint32(b.X)
	case lane == 1:
		return uint32(b.Y)
	case lane-2 < len(b.values):
		return b.values[lane-2]
	}
	return 0
}

func (b *Block) read(word, step uint32, to func(v uint32)) { to(b.lane(word, step)) }

func (b *Block) arrays(_ uint32, look func(data, state []uint32)) { look(b.data, nil) }
