package mcp

import (
	"context"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/runtime/debug/why"
)

// The tool that says who drew a texel, and of what.

// Bounds of one answer of why_texel.
const (
	maxTouches = 32
	maxValues  = 200
	maxHops    = 20
	maxSteps   = 200
)

type whyIn struct {
	moment
	X     int    `json:"x" jsonschema:"texel of the canvas, from 0 at the left"`
	Y     int    `json:"y" jsonschema:"from 0 at the top"`
	Frame *int64 `json:"frame,omitempty" jsonschema:"as this frame left it, from 0; default 0"`
	Hops  *int64 `json:"hops,omitempty" jsonschema:"how far values are followed to where they came from, 1 to 20; default 3"`
}

type whyOut struct {
	Texel   string     `json:"texel" jsonschema:"what it holds, in words"`
	Frame   int        `json:"frame" jsonschema:"the last that drew it, from 0: the one asked about, or one before"`
	Touches []touchOut `json:"touches" jsonschema:"the commands that wrote it in that frame, in order; none: nothing ever did"`
	More    int        `json:"more,omitempty" jsonschema:"so many before those were covered and are left out"`
	Values  []valueOut `json:"values" jsonschema:"what operands were computed of, and those of what, and so on: from of an operand and of a value are indices in here"`
}

// placeOut is a moment and the statement that runs there.
type placeOut struct {
	Frame     int    `json:"frame"`
	Cycle     uint32 `json:"cycle"`
	File      string `json:"file,omitempty" jsonschema:"a file that the program includes"`
	Line      int    `json:"line"`
	Statement string `json:"statement"`
}

type touchOut struct {
	At       placeOut     `json:"at"`
	Command  string       `json:"command"`
	Texel    string       `json:"texel" jsonschema:"what it held then"`
	Covered  bool         `json:"covered" jsonschema:"nothing of this is left at the frame's end"`
	Operands []operandOut `json:"operands"`
	Block    *blockOut    `json:"block,omitempty" jsonschema:"of EACH: the block as this texel ran it"`
}

type operandOut struct {
	Name  string `json:"name"`
	Value int32  `json:"value"`
	From  []int  `json:"from"`
}

type valueOut struct {
	Name   string    `json:"name" jsonschema:"as the program spells it; none: an intermediate value"`
	Kind   string    `json:"kind" jsonschema:"constant, variable, own copy (of a texel in a block), texel, setting, table, frame, canvas, mouse, key, seed, random, px or py"`
	Value  int32     `json:"value"`
	By     *placeOut `json:"by,omitempty" jsonschema:"the statement that gave it"`
	Start  bool      `json:"start,omitempty" jsonschema:"no statement did: it is as the run began"`
	From   []int     `json:"from"`
	Follow bool      `json:"follow,omitempty" jsonschema:"it can be followed further, with more hops"`
}

type blockOut struct {
	Fault string    `json:"fault,omitempty"`
	Steps []stepOut `json:"steps"`
	More  int       `json:"more,omitempty" jsonschema:"so many steps before those are left out"`
}

type stepOut struct {
	Line      int    `json:"line"`
	Statement string `json:"statement"`
	Name      string `json:"name,omitempty" jsonschema:"what it gave a value"`
	Value     *int32 `json:"value,omitempty"`
	Jumped    bool   `json:"jumped,omitempty" jsonschema:"the statement behind it was not the next: a condition was false, or a loop ended or went on"`
}

func placed(at why.Position, p why.Place) placeOut {
	return placeOut{at.Frame, at.Cycle, p.File, p.Line, clip(p.Statement, maxText)}
}

func (s *toolbox) whyTexel(ctx context.Context, _ *sdk.CallToolRequest, in whyIn) (*sdk.CallToolResult, whyOut, error) {
	out := whyOut{Touches: []touchOut{}, Values: []valueOut{}}
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	frame, err := frameOf("frame", in.Frame)
	if err != nil {
		return nil, out, err
	}
	hops, err := within("hops", in.Hops, maxHops, 3)
	if err != nil {
		return nil, out, err
	}
	p, err := s.load(ctx, in.moment)
	if err != nil {
		return nil, out, err
	}
	a := why.New(p.assembly, p)
	d, err := a.Who(ctx, frame, in.X, in.Y)
	if err != nil {
		return nil, out, slow(err)
	}
	out.Frame, out.Texel = d.Frame, describeTexel(d.Texel, p.assembly.Header.Pixel)
	out.More = max(0, len(d.Touches)-maxTouches)
	f := follower{ctx: ctx, a: a, out: &out.Values}
	for _, t := range d.Touches[out.More:] {
		o := touchOut{
			At: placed(t.At, t.Place), Command: t.Op, Texel: describeTexel(t.Texel, p.assembly.Header.Pixel), Covered: t.Covered,
			Operands: []operandOut{},
		}
		for _, op := range t.Operands {
			from := f.take(op.Inputs)
			o.Operands = append(o.Operands, operandOut{op.Name, op.Value, from})
		}
		if t.Block != nil {
			o.Block = blockOf(t.Block)
		}
		out.Touches = append(out.Touches, o)
	}
	err = f.follow(int(hops))
	return nil, out, slow(err)
}

// A follower follows values to where they came from, those of one hop before those of
// the next.
type follower struct {
	ctx  context.Context
	a    *why.Asker
	out  *[]valueOut
	open []why.Value // of out, from done on
	done int
}

// take takes in values, and gives where they are.
func (f *follower) take(values []why.Value) []int {
	at := []int{}
	for _, v := range values {
		if len(*f.out) == maxValues {
			break
		}
		at = append(at, len(*f.out))
		f.open = append(f.open, v)
		*f.out = append(*f.out, valueOut{Name: v.Name, Kind: v.Kind.String(), Value: v.Value, From: []int{}, Follow: v.Kind.Opens()})
	}
	return at
}

// follow follows what was taken in so many hops.
func (f *follower) follow(hops int) error {
	for range hops {
		for last := len(f.open); f.done < last; f.done++ {
			o, ok, err := f.a.Why(f.ctx, f.open[f.done])
			if err != nil {
				return err
			}
			from := f.take(o.Inputs)
			v := &(*f.out)[f.done]
			v.Follow, v.From, v.Start = false, from, o.Start
			if ok && !o.Start {
				at := placed(o.At, o.Place)
				v.By = &at
			}
		}
	}
	return nil
}

// blockOf is a block as a texel ran it, its last steps.
func blockOf(b *why.Block) *blockOut {
	out := &blockOut{Fault: b.Fault, Steps: []stepOut{}, More: max(0, len(b.Steps)-maxSteps)}
	for _, s := range b.Steps[out.More:] {
		o := stepOut{Line: s.Line, Statement: clip(s.Statement, maxText), Name: s.Name, Jumped: s.Jumps}
		if s.Set {
			o.Value = &s.Value
		}
		out.Steps = append(out.Steps, o)
	}
	return out
}
