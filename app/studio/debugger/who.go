package debugger

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"gvpie/runtime/debug"
	"gvpie/runtime/debug/why"
	"gvpie/runtime/pxl"
)

// Drawing is who drew a texel: every command of a frame that touched it, in order, each
// with what it was given.
type Drawing struct {
	X, Y    int
	Frame   int    // the last that touched it; -1 while it is looked for
	Texel   uint32 // what it holds at that frame's end
	Touches []*Node
	Chosen  *Node // that was gone to last

	of *debug.Branch // that it is of
}

// Node is a line of a drawing: a command, what it was given, or where that came from.
type Node struct {
	Text    string  // a statement, or a name
	Value   string  // what it is; "" of a statement
	Color   *uint32 // that it is, 0xRRGGBB; nil: it is no colour
	Note    string  // where the value came from, where no statement gave it
	Command int     // its place among the frame's, from 1; 0: this is no command
	Covered bool    // nothing of what it drew is seen any more
	Ran     bool    // a statement of a block of EACH that the texel ran
	Skipped bool    // one that it did not run
	At      Position
	Place   pxl.Position // Line 0: there is none to go to
	Open    bool         // its children are shown
	Under   []*Node

	more func(ctx context.Context) ([]*Node, error) // finds Under; nil: known already
}

// Opens says whether there is more to be known of a node.
func (n *Node) Opens() bool { return len(n.Under) > 0 || n.more != nil }

// Who is the texel that was asked about last; nil: none was.
func (m *Model) Who() *Drawing { return m.who }

// AskWho asks who drew a texel in the frame that is looked at, or before it. Where the
// program is not paused yet, it is asked as soon as the run can be looked at.
func (m *Model) AskWho(x, y int) {
	m.who = &Drawing{X: x, Y: y, Frame: -1}
	if m.now != nil {
		m.findWho(m.now.Drawn)
	}
}

// findWho answers the question of AskWho, of a frame.
func (m *Model) findWho(frame int) {
	s, of := m.session, m.who
	m.look(func(ctx context.Context) (func(), error) {
		d, err := s.who(ctx, frame, of.X, of.Y)
		return func() {
			if m.who == of {
				m.who = d
				m.Notebook().visit(m.now, describe(d))
			}
		}, err
	})
}

// Choose goes to the moment of a node, and opens or closes it. Where its value came from
// is asked for when it is opened first.
func (m *Model) Choose(n *Node) {
	if m.who == nil || m.now == nil {
		return
	}
	m.who.Chosen, n.Open = n, !n.Open
	if n.Place.Line > 0 {
		m.seekIn(m.who.of, n.At, n.asked())
	}
	if n.more == nil || !n.Open {
		return
	}
	more := n.more
	n.more = nil
	m.look(func(ctx context.Context) (func(), error) {
		under, err := more(ctx)
		return func() {
			n.Under = under
			if len(under) == 1 && under[0].Place.Line > 0 {
				m.who.Chosen = under[0]
				m.seekIn(m.who.of, under[0].At, n.asked())
			}
		}, err
	})
}

// asked is what choosing a node asks, for the notebook.
func (n *Node) asked() string {
	if n.Value == "" {
		return "what drew it: " + n.Text
	}
	return "where it came from: " + n.Text + " = " + n.Value
}

// who finds who drew a texel.
func (s *session) who(ctx context.Context, frame, x, y int) (*Drawing, error) {
	k, d, err := s.drew(ctx, frame, x, y)
	if err != nil {
		return nil, err
	}
	out := &Drawing{X: x, Y: y, Frame: d.Frame, Texel: d.Texel, of: s.in.Branch()}
	for i := range d.Touches {
		n := k.touch(&d.Touches[i])
		out.Touches = append(out.Touches, n)
		if !n.Covered {
			out.Chosen = n
		}
	}
	if out.Chosen != nil {
		out.Chosen.Open = true
	}
	return out, nil
}

// drew finds what drew a texel in a frame, or before it, be it by the program that another
// took the place of.
func (s *session) drew(ctx context.Context, frame, x, y int) (asks, *why.Drawing, error) {
	for {
		k, err := s.asker(frame)
		if err != nil {
			return k, nil, err
		}
		d, err := k.Who(ctx, frame, x, y)
		if err != nil || len(d.Touches) > 0 || k.from == nil {
			return k, d, err
		}
		frame = k.first - 1
	}
}

// touch is the node of a command.
func (k asks) touch(t *why.Touch) *Node {
	n := &Node{Text: t.Statement, Command: t.Command + 1, Covered: t.Covered, At: Position(t.At), Place: k.placed(t.Place)}
	if b := t.Block; b != nil {
		n.Text = b.Each.Statement
		for _, step := range b.Whole() {
			n.Under = append(n.Under, k.step(b, step))
		}
	}
	for _, o := range t.Operands {
		n.Under = append(n.Under, k.operand(o))
	}
	return n
}

// step is the node of a statement of a block, which opens to what it was given.
func (k asks) step(b *why.Block, step why.Step) *Node {
	n := &Node{Text: step.Statement, Place: k.placed(step.Place), At: Position(b.At), Ran: !step.Skipped, Skipped: step.Skipped}
	if step.Skipped {
		return n
	}
	var held []string
	for _, r := range step.Reads {
		held = append(held, r.Name+" = "+strconv.Itoa(int(r.Value)))
	}
	n.Value = strings.Join(held, "  ")
	switch {
	case step.Set:
		n.Value = step.Name + " = " + strconv.Itoa(int(step.Value))
	case step.Jumps && n.Value != "":
		n.Value += ": not so"
	case step.Jumps:
		n.Value = "not so"
	}
	n.more = func(ctx context.Context) (under []*Node, err error) {
		values, err := k.Inputs(ctx, b, step)
		for _, v := range values {
			under = append(under, k.input(v))
		}
		return under, err
	}
	return n
}

// operand is the node of what a command was given.
func (k asks) operand(o why.Operand) *Node {
	n := &Node{Text: o.Name, Value: strconv.Itoa(int(o.Value))}
	if o.Name == "color" {
		rgb := uint32(o.Value) & 0xFFFFFF
		n.Value, n.Color = fmt.Sprintf("0x%06X", rgb), &rgb
	}
	switch {
	case len(o.Inputs) == 0:
		n.Note = "constant"
	case len(o.Inputs) == 1 && o.Inputs[0].Value == o.Value:
		in := k.input(o.Inputs[0])
		if in.Text != o.Name {
			n.Note = in.Text
		}
		n.more = in.more
		if in.more == nil {
			n.Note = in.Note
		}
	default:
		for _, v := range o.Inputs {
			n.Under = append(n.Under, k.input(v))
		}
	}
	return n
}

// input is the node of a value that a statement was given.
func (k asks) input(v why.Value) *Node {
	n := &Node{Text: v.Name, Value: strconv.Itoa(int(v.Value))}
	if n.Text == "" {
		n.Text = v.Kind.String()
	}
	switch {
	case v.Kind.Opens():
		n.more = func(ctx context.Context) ([]*Node, error) {
			from, err := k.why(ctx, v)
			return []*Node{from}, err
		}
	case v.Kind.String() != n.Text:
		n.Note = v.Kind.String()
	}
	return n
}

// why finds the statement that gave a value.
func (k asks) why(ctx context.Context, v why.Value) (*Node, error) {
	o, ok, err := k.Why(ctx, v)
	switch {
	case err != nil:
		return nil, err
	case o.Patch:
		return &Node{Text: "no statement", Note: fmt.Sprintf("changed by hand in frame %d", o.At.Frame)}, nil
	case ok && o.Start && k.from != nil:
		return &Node{Text: "no statement", Note: "as the edited program began"}, nil
	case !ok || o.Start:
		return &Node{Text: "no statement of the run", Note: "as it began"}, nil
	}
	n := &Node{Text: o.Statement, Place: k.placed(o.Place), At: Position(o.At), Open: true}
	for _, in := range o.Inputs {
		n.Under = append(n.Under, k.input(in))
	}
	return n, nil
}

// placed is a place as the program's positions have it.
func (k asks) placed(p why.Place) pxl.Position {
	file := p.File
	if file == "" {
		file = k.program.File
	}
	return pxl.Position{File: file, Line: p.Line, Column: p.Column}
}
