package why

import (
	"context"
	"fmt"

	"gvpie/runtime/isa"
)

// Kind is what a value is.
type Kind uint8

const (
	Constant    Kind = iota // it stands in the program
	Variable                // a word of the data page: see Asker.Why
	Own                     // a texel's own copy of a variable in a block: likewise
	Texel                   // what peek and BLIT see: likewise
	Setting                 // ink, paper, the camera: likewise
	Table                   // a word of a table
	FrameNumber             // frame
	Canvas                  // W and H
	Mouse                   // mx, my, mb, the wheel
	Key                     // whether one is held, or went down
	Seed                    // of the run
	Random                  // a random number
	Column                  // px of a block
	Row                     // py
)

var kindNames = [...]string{
	"constant", "variable", "own copy", "texel", "setting", "table", "frame", "canvas", "mouse", "key", "seed", "random", "px", "py",
}

func (k Kind) String() string { return kindNames[k] }

// Opens says that a value of the kind was made by a statement: see [Asker.Why].
func (k Kind) Opens() bool { return k == Variable || k == Own || k == Texel || k == Setting }

// Value is a value that a statement was given.
type Value struct {
	Name  string // as the source spells it, or would; "" for one that has no name there
	Kind  Kind
	Value int32
	At    Position // where it was read: before the instruction there

	word  uint32 // of Variable and Setting; of Own the lane
	x, y  int    // of Texel, as the frame At began
	block *Block // of Own
	step  uint32 // of Own: before which it was read
}

// Operand is what an instruction was given, by the name that it has there.
type Operand struct {
	Name   string
	Value  int32
	Inputs []Value // what it was computed of: the variable alone, where it is one; none of a constant
}

// code is instructions in the order in which they were executed: those of a frame's
// core, or of a block for one texel.
type code interface {
	// pc is the address of instruction step.
	pc(ctx context.Context, step uint32) (int, error)
	// writer finds the last instruction before a step that wrote a word.
	writer(ctx context.Context, word, before uint32) (step, as uint32, ok bool, err error)
	// leaf is a word that is read before a step, at an address, as a value; ok is false for one of the
	// assembler's own that is written.
	leaf(word, step uint32, pc int) (v Value, ok bool)
	// read has a word read before a step.
	read(word, step uint32, to func(v uint32))
	// arrays has the data page looked at as instruction step reads it, and the state page.
	arrays(step uint32, look func(data, state []uint32))
	// at is the position of a step.
	at(step uint32) Position
}

// inputs finds what instructions were given.
type inputs struct {
	*program
	code
	ctx   context.Context
	found []*Value
	seen  map[uint32]bool // instructions that were followed
}

// word takes in a word as it was before a step of a statement.
func (q *inputs) word(word, step uint32) error {
	here, err := q.pc(q.ctx, step)
	if err != nil {
		return err
	}
	if v, ok := q.leaf(word, step, here); ok {
		q.add(word, step, v)
		return nil
	}
	by, as, ok, err := q.writer(q.ctx, word, step)
	if err != nil {
		return err
	}
	v := Value{Kind: Variable, At: q.at(step), word: as}
	if word&isa.LaneFlag != 0 {
		v.Kind, v.step = Own, step
	}
	if !ok {
		q.add(word, step, v)
		return nil
	}
	there, err := q.pc(q.ctx, by)
	if err != nil {
		return err
	}
	in, _ := q.decode(there)
	switch op := in.Spec.Op; {
	case op == isa.RETURN:
		v.Name = q.procedure(there) + "()"
	case op != isa.INVOKE && q.sameStatement(here, there):
		if q.seen[by] {
			return nil
		}
		q.seen[by] = true
		return q.instruction(by, in)
	}
	q.add(word, step, v)
	return nil
}

// add takes in a value, which is read before a step.
func (q *inputs) add(word, step uint32, v Value) {
	p := q.put(v)
	if v.Kind != Constant {
		q.read(word, step, func(w uint32) { p.Value = int32(w) })
	}
}

// put takes in a value as it is.
func (q *inputs) put(v Value) *Value {
	p := &v
	q.found = append(q.found, p)
	return p
}

// instruction takes in what an instruction that was executed was given.
func (q *inputs) instruction(step uint32, in isa.Instr) error {
	q.looks(step, in) // an element comes before its index
	for i := range in.Args {
		if in.Spec.Operands[i].Kind != isa.In || in.Mask>>i&1 == 0 {
			continue
		}
		if err := q.word(in.Args[i], step); err != nil {
			return err
		}
	}
	return nil
}

// looks takes in what an instruction looks at beside its operands.
func (q *inputs) looks(step uint32, in isa.Instr) {
	args, at := in.Args, q.at(step)
	value := func(i int, to func(v uint32)) {
		if in.Mask>>i&1 == 0 {
			to(args[i])
		} else {
			q.read(args[i], step, to)
		}
	}
	switch op := in.Spec.Op; op {
	case isa.LD, isa.LDT, isa.LD2, isa.LDT2:
		p := q.put(Value{Kind: Variable, At: at})
		across, first := uint32(0), 3
		if op == isa.LD2 || op == isa.LDT2 {
			across, first = args[2], 4
		}
		var x, y uint32
		value(first, func(v uint32) { x = v })
		if across != 0 {
			value(first+1, func(v uint32) { y = v })
		}
		q.arrays(step, func(data, _ []uint32) {
			i := x + across*y
			p.word = args[1] + i
			if op == isa.LD || op == isa.LD2 {
				p.Name = element(symbolAt(q.names, int(args[1])), i, across)
				p.Value = wordIn(data, p.word)
				return
			}
			p.Kind = Table
			p.Name = element(symbolAt(q.tables, int(args[1])), i, across)
			p.Value = wordIn(q.a.Program, p.word)
		})
	case isa.PEEK:
		p := q.put(Value{Kind: Texel, At: Position{Frame: at.Frame, Cycle: 0}})
		value(1, func(v uint32) { p.x = int(int32(v)) })
		value(2, func(v uint32) { p.y = int(int32(v)) })
		q.arrays(step, func(_, _ []uint32) { p.Name = fmt.Sprintf("peek(%d, %d)", p.x, p.y) })
		q.result(step, in, p)
	case isa.KEY, isa.KEYP:
		p := q.put(Value{Kind: Key, At: at})
		value(1, func(v uint32) {
			p.Name = fmt.Sprintf("%s(%s)", map[isa.Op]string{isa.KEY: "key", isa.KEYP: "keyp"}[op], keyName(v))
		})
		q.result(step, in, p)
	case isa.INPUT:
		p := q.put(Value{Kind: Mouse, At: at, Name: "wheel"})
		if args[1] == isa.InputPressed {
			p.Name = "pressed buttons"
		}
		q.result(step, in, p)
	case isa.RND:
		p := q.put(Value{Kind: Random, At: at})
		value(1, func(v uint32) { p.Name = fmt.Sprintf("rnd(%d)", int32(v)) })
		q.result(step, in, p)
	}
}

// result reads what an instruction left in its destination.
func (q *inputs) result(step uint32, in isa.Instr, p *Value) {
	q.read(in.Args[0], step+1, func(v uint32) { p.Value = int32(v) })
}

func wordIn(page []uint32, at uint32) int32 {
	if int(at) >= len(page) {
		return 0
	}
	return int32(page[at])
}

// keyName spells a key as a program does.
func keyName(c uint32) string {
	if c > 32 && c < 127 && c != '\'' && c != '\\' {
		return "'" + string(rune(c)) + "'"
	}
	return fmt.Sprint(int32(c))
}

// values gives what was found, each once.
func (q *inputs) values() []Value {
	var out []Value
next:
	for _, p := range q.found {
		for i := range out {
			if out[i].Name == p.Name && out[i].Kind == p.Kind && out[i].Value == p.Value && out[i].word == p.word && out[i].x == p.x && out[i].y == p.y {
				continue next
			}
		}
		out = append(out, *p)
	}
	return out
}

// systemKind is what one of the read-only names is.
func systemKind(word uint32) Kind {
	switch word {
	case isa.SysFrame:
		return FrameNumber
	case isa.SysW, isa.SysH:
		return Canvas
	case isa.SysSeed:
		return Seed
	case isa.SysZero:
		return Constant
	}
	return Mouse
}

// The code of a frame's core.
type core struct {
	*frame
	asks *[]ask
}

func (c core) at(step uint32) Position { return Position{Frame: c.number, Cycle: step} }

func (c core) leaf(word, step uint32, pc int) (Value, bool) {
	v := Value{Kind: Variable, At: c.at(step), word: word, Name: c.name(word, pc)}
	switch {
	case word < isa.SysWords:
		v.Kind = systemKind(word)
		return v, true
	case word&stateWord != 0:
		v.Kind, v.Name = Setting, settingName(word&^stateWord)
		return v, true
	}
	return v, v.Name != ""
}

func settingName(word uint32) string {
	switch word {
	case isa.StInk:
		return "ink"
	case isa.StPaper:
		return "paper"
	case isa.StCameraX:
		return "camera x"
	}
	return "camera y"
}

func (c core) read(word, step uint32, to func(v uint32)) {
	*c.asks = append(*c.asks, ask{step, func(data, state []uint32) {
		if word&stateWord != 0 {
			data, word := state, word&^stateWord
			to(data[word])
			return
		}
		to(uint32(wordIn(data, word)))
	}})
}

func (c core) arrays(step uint32, look func(data, state []uint32)) {
	*c.asks = append(*c.asks, ask{step, look})
}
