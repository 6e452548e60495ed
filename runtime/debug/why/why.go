package why

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gvpie/runtime/isa"
)

// Origin is the statement that gave a value.
type Origin struct {
	At Position // before its instruction
	Place
	Value  int32
	Inputs []Value // what it was given
	Start  bool    // no statement did: it is as the run began
	Patch  bool    // no statement did: a person gave it, at that position
	Touch  *Touch  // of a texel: the command that drew it
}

// Why opens a value: the statement that gave it, in this frame or one before. ok is
// false of a value that no statement gave, such as a constant or the mouse.
func (a *Asker) Why(ctx context.Context, v Value) (o Origin, ok bool, err error) {
	if !v.Kind.Opens() {
		return Origin{}, false, nil
	}
	switch v.Kind {
	case Texel:
		o, err = a.whyTexel(ctx, v)
	case Own:
		o, err = a.whyOwn(ctx, v)
	default:
		o, err = a.whyWord(ctx, v)
	}
	return o, err == nil, err
}

// ErrNoVariable is wrapped where a name is not one of the program's.
var ErrNoVariable = errors.New("no variable")

// word is the word of a variable, or of an element of an array as arr[3].
func (a *Asker) word(name string) (uint32, error) {
	word, ok := a.wordOf(name)
	if !ok {
		return 0, fmt.Errorf("%q is %w of the program: it has %s", name, ErrNoVariable, strings.Join(a.variables(), ", "))
	}
	return word, nil
}

// Variable gives a variable, or an element of an array as arr[3], at a position. The
// error may wrap ErrNoVariable.
func (a *Asker) Variable(ctx context.Context, name string, at Position) (Value, error) {
	word, err := a.word(name)
	if err != nil {
		return Value{}, err
	}
	if err := a.open(ctx, a.past, at.Frame); err != nil {
		return Value{}, err
	}
	var asks []ask
	c := core{&a.frame, &asks}
	v, _ := c.leaf(word, at.Cycle, -1)
	v.Name = name
	c.read(word, at.Cycle, func(w uint32) { v.Value = int32(w) })
	return v, a.answer(ctx, asks)
}

// Left is what a frame left in a variable.
type Left struct {
	Value Value  // at the frame's end
	By    *Place // the statement of the frame that gave it; nil: none did
}

// History gives what each of some frames left in a variable, or in an element of an
// array. It ends where the run does.
func (a *Asker) History(ctx context.Context, name string, from, frames int) ([]Left, error) {
	word, err := a.word(name)
	if err != nil {
		return nil, err
	}
	var out []Left
	var ended *EndedError
	for f := from; f < from+frames; f++ {
		g, err := a.lastWrite(ctx, f, word, unknownLength)
		if errors.As(err, &ended) && len(out) > 0 {
			break
		}
		if err != nil {
			return nil, err
		}
		var l Left
		if g.ok && g.patch == nil {
			pc, err := a.pc(ctx, g.step)
			if err != nil {
				return nil, err
			}
			p := a.place(pc)
			l.By = &p
		}
		if l.Value, err = a.Variable(ctx, name, Position{Frame: f, Cycle: a.length}); err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

// whyTexel is Why of what peek and BLIT see: what the frame before left.
func (a *Asker) whyTexel(ctx context.Context, v Value) (Origin, error) {
	h := a.a.Header
	o := Origin{At: v.At, Value: v.Value, Start: true}
	if v.x < 0 || v.y < 0 || v.x >= h.W || v.y >= h.H || v.At.Frame == a.past.First() {
		return o, nil
	}
	d, err := a.Who(ctx, v.At.Frame-1, v.x, v.y)
	if err != nil || len(d.Touches) == 0 {
		return o, err
	}
	t := d.Touches[len(d.Touches)-1]
	for i := len(d.Touches) - 1; i >= 0; i-- { // one that covers it, before one that is seen beside it
		if u := d.Touches[i]; !u.Covered {
			t = u
			break
		}
	}
	o = Origin{At: t.At, Place: t.Place, Value: v.Value, Touch: &t}
	for _, p := range t.Operands {
		o.Inputs = append(o.Inputs, p.Inputs...)
	}
	return o, nil
}

// whyOwn is Why of a texel's own copy of a variable.
func (a *Asker) whyOwn(ctx context.Context, v Value) (Origin, error) {
	b := v.block
	step, _, _, err := b.writer(ctx, v.word, v.step)
	if err != nil {
		return Origin{}, err
	}
	pc, _ := b.pc(ctx, step)
	o := Origin{At: b.At, Place: b.place(pc), Value: v.Value}
	in, _ := b.decode(pc)
	q := a.inputs(ctx, b)
	err = q.instruction(step, in)
	o.Inputs = q.values()
	return o, err
}

// whyWord is Why of a word of the data page, or of a setting.
func (a *Asker) whyWord(ctx context.Context, v Value) (Origin, error) {
	number, word, until := v.At.Frame, v.word, v.At.Cycle
	for {
		g, err := a.lastWrite(ctx, number, word, until)
		switch {
		case err != nil:
			return Origin{}, err
		case g.patch != nil:
			return Origin{At: Position{Frame: number, Cycle: g.patch.Cycle}, Value: v.Value, Patch: true}, nil
		case g.ok:
			return a.origin(ctx, g.step, g.word, v.Value)
		}
		word, until = g.word, unknownLength // it may have been elsewhere before the frame, kept for a call
		before, err := a.lastFrame(ctx, number, sought{
			may:   func(r reach) bool { return a.writes(r, word) },
			wrote: func(s *span) bool { return a.wrote(s, word) },
			is: func(f int) (bool, error) {
				g, err := a.lastWrite(ctx, f, word, until)
				return g.ok || g.word != word, err
			},
		})
		if err != nil {
			return Origin{}, err
		}
		if before < 0 {
			return Origin{Value: v.Value, Start: true}, nil
		}
		number = before
	}
}

// lastWrite is last of a frame, until a cycle or its end.
func (a *Asker) lastWrite(ctx context.Context, number int, word, until uint32) (given, error) {
	if err := a.open(ctx, a.past, number); err != nil {
		return given{}, err
	}
	if until == unknownLength {
		if err := a.end(ctx); err != nil {
			return given{}, err
		}
		until = a.length
	}
	return a.last(ctx, word, until)
}

// origin is the instruction of the open frame that wrote a word.
func (a *Asker) origin(ctx context.Context, step, word uint32, value int32) (Origin, error) {
	pc, err := a.pc(ctx, step)
	if err != nil {
		return Origin{}, err
	}
	o := Origin{At: Position{Frame: a.number, Cycle: step}, Place: a.place(pc), Value: value}
	in, ok := a.decode(pc)
	if !ok {
		return Origin{}, fmt.Errorf("no instruction at address %d", pc)
	}
	var asks []ask
	q := a.inputs(ctx, core{&a.frame, &asks})
	only := -1 // the operand that counts; all
	switch in.Spec.Op {
	case isa.INVOKE:
		depth := a.depth(step)
		only = len(in.Args) // an argument, or none of a local
		if _, wrote := a.moved(pc, depth, word); wrote {
			if k := int(word-in.Args[1]) * 2; k < len(in.Tail) && in.Tail[k] == 1 {
				err = q.word(in.Tail[k+1], step)
			}
		}
	case isa.RETURN:
		only = 1
	case isa.COLOR, isa.CAMERA:
		only = 0
		if word == stateWord|isa.StPaper || word == stateWord|isa.StCameraY {
			only = 1
		}
	}
	switch {
	case err != nil:
	case only < 0:
		err = q.instruction(step, in)
	case only < len(in.Args) && in.Mask>>only&1 == 1:
		err = q.word(in.Args[only], step)
	}
	if err != nil {
		return Origin{}, err
	}
	if err := a.answer(ctx, asks); err != nil {
		return Origin{}, err
	}
	o.Inputs = q.values()
	return o, nil
}

// depth is what the trace tells of an INVOKE or RETURN.
func (f *frame) depth(step uint32) uint32 {
	if i := f.whereAt(int(step - f.trace.From)); i < len(f.trace.Where) {
		return uint32(f.trace.Where[i])
	}
	return 0
}
