package debug

import (
	"errors"
	"fmt"
	"image"
	"strconv"
	"strings"

	"gvpie/runtime/debug/expr"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
)

// Breakpoint is where a session stops when it runs on, in either direction: before a
// line, behind what gave a variable another value, or behind a command that wrote a texel.
type Breakpoint struct {
	Path      string          // of the file, from the program's folder; "" is the program's own
	Line      int             // from 1; 0: it is on a variable or on texels
	Variable  string          // its name, or an array's word: a[3]
	Texels    image.Rectangle // of the canvas; empty: it is on a line or a variable
	Condition string          // an expression that is not 0; "" always
	Hits      string          // how often that was so since the run began: 5, >= 5, > 5, % 3; "" each time
	Log       string          // does not stop but writes this, with {x} as LOG has it; "" stops
}

// Placed is a breakpoint as a session has it.
type Placed struct {
	Breakpoint
	Line    int    // where it is: that of the next statement, or of the EACH whose block it is in; 0: nowhere
	Problem string // why it is nowhere, or never stops; "" for none
	Failed  string // why its condition counted as false where it last failed; "" if it never did

	addrs   []int
	on      *pxl.Assembly // it is placed in
	word    int           // of the variable; -1 of others
	holds   *expr.Expr
	text    *expr.Text
	hits    hits
	before  []int // by frame: hits in those before it, as far as they are counted
	seen    int   // hits up to where the session stands, while it runs
	endless bool  // it did because it takes too long
}

// hits is what is asked of the number of hits.
type hits struct {
	op string // "" nothing
	n  int
}

func (h hits) holds(n int) bool {
	switch h.op {
	case ">":
		return n > h.n
	case ">=":
		return n >= h.n
	case "<":
		return n < h.n
	case "<=":
		return n <= h.n
	case "%":
		return n%h.n == 0
	case "==":
		return n == h.n
	}
	return true
}

func parseHits(text string) (h hits, err error) {
	rest := strings.TrimSpace(text)
	if rest == "" {
		return hits{}, nil
	}
	h.op = "=="
	for _, op := range []string{">=", "<=", "==", ">", "<", "%"} {
		if after, ok := strings.CutPrefix(rest, op); ok {
			h.op, rest = op, strings.TrimSpace(after)
			break
		}
	}
	if h.n, err = strconv.Atoi(rest); err != nil || h.n < 1 {
		return hits{}, fmt.Errorf("a number of hits is 5, >= 5, > 5, <= 5, < 5 or %% 3, not %q", text)
	}
	return h, nil
}

// onLine says whether it is on a line.
func (p *Placed) onLine() bool { return p.Variable == "" && p.Texels.Empty() }

// SetBreakpoints replaces all breakpoints, and says of each where it is.
func (s *Session) SetBreakpoints(list []Breakpoint) []*Placed {
	b, before := s.branch.at(s.at.Frame), s.breakpoints
	s.breakpoints = nil
	for _, p := range list {
		placed := b.place(p)
		for _, was := range before {
			if was.Breakpoint == p && was.on == placed.on {
				placed.inherit(was)
			}
		}
		s.breakpoints = append(s.breakpoints, placed)
	}
	return s.breakpoints
}

// inherit takes over what is known of a breakpoint that stays.
func (p *Placed) inherit(was *Placed) {
	p.before, p.Failed, p.endless = was.before, was.Failed, was.endless
}

// Check says why a breakpoint would be nowhere in the program that runs here; nil if it
// would not.
func (s *Session) Check(p Breakpoint) error {
	if placed := s.branch.at(s.at.Frame).place(p); placed.Problem != "" {
		return errors.New(placed.Problem)
	}
	return nil
}

// points are the breakpoints of a session.
type points []*Placed

// Failing are the breakpoints whose conditions have failed, with why; nil for none.
func Failing(all []*Placed) (out map[Breakpoint]string) {
	for _, p := range all {
		if p.Failed != "" {
			if out == nil {
				out = map[Breakpoint]string{}
			}
			out[p.Breakpoint] = p.Failed
		}
	}
	return out
}

// replace places the breakpoints in the program that a branch runs, if it is another than
// they are placed in.
func (all points) replace(b *Branch) {
	for _, p := range all {
		if p.on != b.run.Assembly {
			p.Line, p.Problem, p.word, p.holds, p.text, p.hits, p.endless = 0, "", -1, nil, nil, hits{}, false
			p.placeIn(b)
		}
	}
}

// PlaceBreakpoint finds where a breakpoint would be in a program without errors.
func PlaceBreakpoint(a *pxl.Assembly, p Breakpoint) *Placed {
	return (&Branch{run: Run{Assembly: a}}).place(p)
}

// place finds where a breakpoint is.
func (b *Branch) place(p Breakpoint) *Placed {
	out := &Placed{Breakpoint: p, word: -1, before: []int{0}}
	out.placeIn(b)
	return out
}

func (p *Placed) placeIn(b *Branch) {
	p.on = b.run.Assembly
	if err := p.place(b); err != nil {
		p.Problem, p.addrs = err.Error(), nil
	}
}

func (p *Placed) place(b *Branch) (err error) {
	a := b.run.Assembly
	canvas := image.Rect(0, 0, a.Header.W, a.Header.H)
	if p.Variable != "" {
		if p.word, err = wordOf(a, p.Variable); err != nil {
			return err
		}
		p.addrs = b.writers(p.word)
	} else if !p.Texels.Empty() {
		if !p.Texels.Overlaps(canvas) {
			return fmt.Errorf("texel %d, %d is not on the canvas, which is %d × %d", p.Texels.Min.X, p.Texels.Min.Y, canvas.Max.X, canvas.Max.Y)
		}
		p.addrs = b.draws()
	} else if p.addrs, p.Line = b.lineAddrs(p.Path, p.Breakpoint.Line); len(p.addrs) == 0 {
		return fmt.Errorf("no statement stands at or behind line %d", p.Breakpoint.Line)
	}
	var in *pxl.Procedure
	if p.onLine() {
		in = procedureAt(a, p.addrs[0])
	}
	if p.hits, err = parseHits(p.Hits); err != nil {
		return err
	}
	if p.Condition != "" {
		if p.holds, err = expr.Parse(a, in, p.Condition); err != nil {
			return err
		}
	}
	if p.Log != "" {
		p.text, err = expr.ParseText(a, in, p.Log)
	}
	return err
}

// lineAddrs are the addresses at which a line begins to run, or the next that does.
func (b *Branch) lineAddrs(path string, line int) (addrs []int, at int) {
	c := b.code()
	for at, last := line, b.lastLine(path); at <= last; at++ {
		for _, span := range b.run.Assembly.Map.Line(path, at) {
			for _, block := range c.blocks {
				if span.From >= block.from && span.From < block.to {
					span.From = block.each // the texels run it
				}
			}
			for _, start := range c.starts {
				if start == span.From || start > span.From && start < span.To && len(addrs) == 0 {
					addrs = append(addrs, start)
					break
				}
			}
		}
		if len(addrs) > 0 {
			return addrs, placeAt(b.run.Assembly, addrs[0]).Line
		}
	}
	return nil, 0
}

// lastLine is the last line of a file.
func (b *Branch) lastLine(path string) int {
	a := b.run.Assembly
	text := a.Source
	for i := range a.Included {
		if a.Included[i].Path == path {
			text = a.Included[i].Text
		}
	}
	return 1 + strings.Count(text, "\n")
}

// wordOf is the data word of a variable or of an array's word.
func wordOf(a *pxl.Assembly, name string) (int, error) {
	base, index, indexed := strings.Cut(name, "[")
	base = strings.TrimSpace(base)
	for _, sym := range a.Symbols {
		switch {
		case sym.Name != base:
		case sym.Kind == pxl.VarSymbol && !indexed:
			return sym.Addr, nil
		case sym.Kind == pxl.ArraySymbol && indexed:
			x, y, rows := strings.Cut(strings.TrimSuffix(index, "]"), ",")
			i, err := strconv.Atoi(strings.TrimSpace(x))
			if j := 0; err == nil && rows && sym.Cols > 0 {
				j, err = strconv.Atoi(strings.TrimSpace(y))
				i += j * sym.Cols
			}
			if err != nil || i < 0 || i >= sym.Len {
				return 0, fmt.Errorf("%s has no word %s", base, strings.TrimSuffix(index, "]"))
			}
			return sym.Addr + i, nil
		}
	}
	return 0, fmt.Errorf("there is no variable and no word of an array called %s", name)
}

// draws are the addresses of the core's instructions that may write texels.
func (b *Branch) draws() []int {
	return b.instructions(func(in isa.Instr) bool {
		switch in.Spec.Op {
		case isa.COLOR, isa.CLIP, isa.CAMERA:
			return false
		}
		return in.Spec.Group == isa.GroupDraw || in.Spec.Op == isa.EACH
	})
}

// writers are the addresses of the core's instructions that may give a data word a value.
func (b *Branch) writers(word int) []int {
	has := func(base, n uint32) bool { return uint32(word) >= base && uint32(word) < base+n }
	return b.instructions(func(in isa.Instr) (writes bool) {
		for i, o := range in.Spec.Operands[:len(in.Args)] {
			writes = writes || o.Kind == isa.Out && in.Args[i] == uint32(word)
		}
		switch in.Spec.Op {
		case isa.ST:
			writes = has(in.Args[0], in.Args[1])
		case isa.ST2:
			writes = has(in.Args[0], in.Args[1]*in.Args[2])
		case isa.INVOKE:
			writes = has(in.Args[1], in.Args[2])
		case isa.RETURN:
			writes = writes || has(in.Args[2], in.Args[3])
		}
		return writes
	})
}

// instructions are the addresses of the core's instructions of a kind.
func (b *Branch) instructions(is func(in isa.Instr) bool) []int {
	a := b.run.Assembly
	var out []int
	for at := isa.HeaderWords; at < a.Header.CodeEnd; {
		in, ok := isa.Decode(a.Program, at, a.Header.CodeEnd)
		if !ok {
			break
		}
		if is(in) && !b.inBlock(at) {
			out = append(out, at)
		}
		at += in.Size
	}
	return out
}
