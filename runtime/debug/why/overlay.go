package why

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gvpie/runtime/debug/expr"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Overlay is numbers of texels of the canvas.
type Overlay struct {
	W, H      int
	Values    []int32 // row by row
	Has       []bool  // a texel that has a number
	Low, High int32   // the least and the most of them
	Texels    int     // how many have one
	Remark    string  // why some texel has none, the first; "" if nothing failed
}

func (a *Asker) overlay() *Overlay {
	h := a.a.Header
	return &Overlay{W: h.W, H: h.H, Values: make([]int32, h.W*h.H), Has: make([]bool, h.W*h.H)}
}

// add adds to the number of a texel.
func (l *Overlay) add(x, y int, n int32) {
	at := y*l.W + x
	l.Values[at], l.Has[at] = l.Values[at]+n, true
}

// measure finds the bounds once all numbers are known.
func (l *Overlay) measure() *Overlay {
	for i, v := range l.Values {
		if !l.Has[i] {
			continue
		}
		if l.Texels++; l.Texels == 1 {
			l.Low, l.High = v, v
		}
		l.Low, l.High = min(l.Low, v), max(l.High, v)
	}
	return l
}

// visit goes through the texels that some commands of a frame come to, those of draws
// first, then those of blocks: while do is called for an EACH the core stands behind it.
func (a *Asker) visit(ctx context.Context, number int, want func(c *isa.Command) bool, do func(c *isa.Command, at *machine.Touched)) error {
	if err := a.open(ctx, a.past, number); err != nil {
		return err
	}
	if err := a.end(ctx); err != nil {
		return err
	}
	var blocks []isa.Command
	for i := range a.t.Commands() {
		c := &a.t.Commands()[i]
		switch {
		case c.Op() == isa.LOG || !want(c):
		case c.Op() == isa.EACH:
			blocks = append(blocks, *c)
		default:
			if err := a.t.Visit(ctx, c, func(at *machine.Touched) { do(c, at) }); err != nil {
				return err
			}
		}
	}
	for i := range blocks {
		c := &blocks[i]
		if _, err := a.t.GoTo(ctx, c[isa.CmdCycle]); err != nil {
			return err
		}
		if err := a.t.Visit(ctx, c, func(at *machine.Touched) { do(c, at) }); err != nil {
			return err
		}
	}
	return nil
}

func always(*isa.Command) bool { return true }

func isBlock(c *isa.Command) bool { return c.Op() == isa.EACH }

// Overdraw gives how many commands of a frame wrote each texel.
func (a *Asker) Overdraw(ctx context.Context, number int) (*Overlay, error) {
	l := a.overlay()
	err := a.visit(ctx, number, always, func(_ *isa.Command, at *machine.Touched) {
		if at.PC != 0 {
			l.add(at.X, at.Y, 1)
		}
	})
	return l.measure(), err
}

// Heat gives how many instructions the blocks of a frame took for each texel.
func (a *Asker) Heat(ctx context.Context, number int) (*Overlay, error) {
	l := a.overlay()
	err := a.visit(ctx, number, isBlock, func(_ *isa.Command, at *machine.Touched) { l.add(at.X, at.Y, int32(at.Cycles)) })
	return l.measure(), err
}

// Drew gives how often the statements of a line wrote each texel in some frames, from the
// first to the last. path is of a file that the program includes, "" its own. The line of
// an EACH drew what its block did. The error is of a line that draws nothing, or as Who's.
func (a *Asker) Drew(ctx context.Context, path string, line, first, last int) (*Overlay, error) {
	spans := a.a.Map.Line(path, line)
	has := func(pc uint32) bool {
		return slices.ContainsFunc(spans, func(s pxl.Span) bool { return int(pc) >= s.From && int(pc) < s.To })
	}
	l := a.overlay()
	for number := first; number <= last; number++ {
		err := a.visit(ctx, number, func(c *isa.Command) bool {
			return has(c[isa.CmdPC]) || isBlock(c) && slices.ContainsFunc(spans, func(s pxl.Span) bool { return s.From >= int(c[isa.CmdE]) && s.From < int(c[isa.CmdF]) })
		}, func(c *isa.Command, at *machine.Touched) {
			if at.PC != 0 && (has(at.PC) || has(c[isa.CmdPC])) {
				l.add(at.X, at.Y, 1)
			}
		})
		if err != nil {
			return nil, err
		}
		if a.Progress != nil {
			a.Progress(number+1-first, last+1-first)
		}
	}
	return l.measure(), nil
}

// ErrNoBlock is wrapped where a line is in no block that ran in a frame.
var ErrNoBlock = errors.New("no EACH")

// Each gives what an expression was for each texel of the last block of a frame that a line
// is in, 0 for any, as the block ended there: names are the texel's own. A predicate is such
// an expression. A texel for which it fails has none. The error is of an expression that is
// none, wraps ErrNoBlock, or is as Who's.
func (a *Asker) Each(ctx context.Context, text, path string, line, number int) (*Overlay, error) {
	if _, err := expr.ParseTexel(a.a, nil, text); err != nil && a.inProcedures(text) != nil {
		return nil, err
	}
	spans := a.a.Map.Line(path, line)
	l := a.overlay()
	found := false
	var of uint32 // the EACH that read is of
	var read func(at *machine.Touched) (int32, error)
	var failed error
	err := a.visit(ctx, number, func(c *isa.Command) bool {
		return isBlock(c) && (line == 0 || slices.ContainsFunc(spans, func(s pxl.Span) bool { return s.To > c.PC() && s.From < int(c[isa.CmdF]) }))
	}, func(c *isa.Command, at *machine.Touched) {
		if !found || of != c[isa.CmdCycle] {
			found, of = true, c[isa.CmdCycle]
			read, failed = a.reader(text, c)
		}
		v, err := int32(0), failed
		if err == nil {
			v, err = read(at)
		}
		i := at.Y*l.W + at.X
		l.Values[i], l.Has[i] = v, err == nil
		if err != nil && l.Remark == "" {
			l.Remark = fmt.Sprintf("texel %d, %d: %v", at.X, at.Y, err)
		}
	})
	if err == nil && !found {
		err = fmt.Errorf("%w of line %d ran in frame %d", ErrNoBlock, line, number)
		if line == 0 {
			err = fmt.Errorf("%w ran in frame %d", ErrNoBlock, number)
		}
	}
	return l.measure(), err
}

// inProcedures says why a text is no expression in any procedure.
func (a *Asker) inProcedures(text string) (err error) {
	err = errors.New("there are none")
	for i := range a.a.Procedures {
		if _, err = expr.ParseTexel(a.a, &a.a.Procedures[i], text); err == nil {
			return nil
		}
	}
	return err
}

// reader reads an expression of texels that the block of an EACH was run for, behind which
// the core stands.
func (a *Asker) reader(text string, c *isa.Command) (func(at *machine.Touched) (int32, error), error) {
	var in *pxl.Procedure
	for i := range a.a.Procedures {
		if p := &a.a.Procedures[i]; c.PC() >= p.From && c.PC() < p.To {
			in = p
		}
	}
	e, err := expr.ParseTexel(a.a, in, text)
	if err != nil {
		return nil, err
	}
	lanes := map[int]int{} // of the words that the block has copies of
	if each, ok := a.decode(c.PC()); ok {
		for i, word := range each.Tail {
			lanes[int(word)] = i + 2
		}
	}
	var at *machine.Touched
	texel := expr.Texel{Own: func(word int) (int32, bool) {
		k, ok := lanes[word]
		if !ok {
			return 0, false
		}
		return int32(at.Lane(k)), true
	}}
	env := expr.Env{
		Data: a.t.Page(machine.DataPage), State: a.t.Page(machine.StatePage), Program: a.a.Program, Texel: &texel,
		Peek: func(x, y int32) (int32, error) { return a.t.Peek(x, y), nil },
		Call: func(p *pxl.Procedure, _ []int32) (int32, error) {
			return 0, fmt.Errorf("%s is not called for a texel", p.Name)
		},
	}
	if in != nil {
		env.Locals = in.Act
	}
	return func(of *machine.Touched) (int32, error) {
		at, texel.X, texel.Y = of, int32(of.X), int32(of.Y)
		return e.Eval(env)
	}, nil
}

// Changed gives the texels whose frame left them otherwise than the one before, each as 1.
func (a *Asker) Changed(ctx context.Context, number int) (*Overlay, error) {
	before, err := a.past.Before(ctx, number)
	if err != nil {
		return nil, err
	}
	was := before.Display
	after, _, err := a.past.After(ctx, number)
	if err != nil {
		return nil, err
	}
	l := a.overlay()
	for i, v := range after.Display {
		if v != was[i] {
			l.Values[i], l.Has[i] = 1, true
		}
	}
	return l.measure(), nil
}
