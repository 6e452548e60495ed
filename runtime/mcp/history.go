package mcp

import (
	"context"
	"errors"
	"fmt"
	"slices"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/runtime/debug"
	"gvpie/runtime/debug/why"
)

// The tools that look along the frames of a run.

// maxHistory is how many frames one call of value_history tells of.
const maxHistory = 600

type historyIn struct {
	moment
	Name   string `json:"name" jsonschema:"a variable, an element of an array, pos[3], or an expression: x + y / 2"`
	From   *int64 `json:"from,omitempty" jsonschema:"the first frame, from 0; default 0"`
	Frames *int64 `json:"frames,omitempty" jsonschema:"how many, 1 to 600; default 60"`
}

type historyOut struct {
	Values []leftOut `json:"values" jsonschema:"a row for each frame; they end where the run does"`
}

type leftOut struct {
	Frame     int    `json:"frame"`
	Value     int32  `json:"value" jsonschema:"as the frame ended"`
	Line      int    `json:"line,omitempty" jsonschema:"of the frame's last statement that gave it; none: no statement of the frame did, or it is an expression"`
	Statement string `json:"statement,omitempty"`
	Remark    string `json:"remark,omitempty" jsonschema:"why an expression was nothing there"`
}

func (s *toolbox) valueHistory(ctx context.Context, _ *sdk.CallToolRequest, in historyIn) (*sdk.CallToolResult, historyOut, error) {
	out := historyOut{Values: []leftOut{}}
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	from, err := frameOf("from", in.From)
	if err != nil {
		return nil, out, err
	}
	frames, err := within("frames", in.Frames, maxHistory, 60)
	if err != nil {
		return nil, out, err
	}
	p, err := s.load(ctx, in.moment)
	if err != nil {
		return nil, out, err
	}
	all, err := why.New(p.assembly, p).History(ctx, in.Name, from, int(frames))
	if errors.Is(err, why.ErrNoVariable) {
		if all, known := p.samples(ctx, in.Name, from, int(frames)); known == nil {
			out.Values = all
			return nil, out, nil
		}
	}
	for i, l := range all {
		row := leftOut{Frame: from + i, Value: l.Value.Value}
		if l.By != nil {
			row.Line, row.Statement = l.By.Line, clip(l.By.Statement, maxText)
		}
		out.Values = append(out.Values, row)
	}
	return nil, out, slow(err)
}

// samples is what an expression was in some frames, where it is one that says anything.
func (p *past) samples(ctx context.Context, text string, from, frames int) ([]leftOut, error) {
	session, err := debug.New(p.run)
	if err != nil {
		return nil, err
	}
	all, err := session.History(ctx, text, from, from+frames)
	var out []leftOut
	for _, s := range all {
		row := leftOut{Frame: s.Frame, Value: s.Value}
		if s.Err != nil {
			row.Remark = clip(s.Err.Error(), maxText)
		}
		out = append(out, row)
	}
	if err == nil && !slices.ContainsFunc(out, func(l leftOut) bool { return l.Remark == "" }) {
		err = errors.New("it is nothing in any frame")
	}
	return out, err
}

type firstIn struct {
	moment
	Expression string `json:"expression" jsonschema:"an expression of the language, of the program's names: score > 9; peek(x, y) is the picture that the frame leaves"`
	From       *int64 `json:"from,omitempty" jsonschema:"the first frame to look at, from 0; default 0"`
	Last       bool   `json:"last,omitempty" jsonschema:"find the last such frame instead, of the run or of 3600"`
}

type firstOut struct {
	Found  bool   `json:"found"`
	Frame  int    `json:"frame" jsonschema:"the first frame at whose end it is true, if one was found"`
	Cycle  uint32 `json:"cycle" jsonschema:"where in that frame: before its FRAME"`
	Looked int    `json:"looked" jsonschema:"how many frames were looked at, to the end of the run or 3600"`
	Remark string `json:"remark,omitempty" jsonschema:"the first frame of which it could not be told, and why: there it counts as false"`
}

func (s *toolbox) firstFrameWhere(ctx context.Context, _ *sdk.CallToolRequest, in firstIn) (*sdk.CallToolResult, firstOut, error) {
	var out firstOut
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	from, err := frameOf("from", in.From)
	if err != nil {
		return nil, out, err
	}
	p, err := s.load(ctx, in.moment)
	if err != nil {
		return nil, out, err
	}
	session, err := debug.New(p.run)
	if err != nil {
		return nil, out, err
	}
	look := session.First
	if in.Last {
		look = session.Last
	}
	f, err := look(ctx, in.Expression, from, from+maxFrames)
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("it is true in none of %d frames; there was no time for more in %v", f.Looked, timeLimit)
	}
	out = firstOut{f.OK, f.At.Frame, f.At.Cycle, f.Looked, clip(f.Remark, maxText)}
	return nil, out, err
}

type compareIn struct {
	A     moment `json:"a" jsonschema:"one run"`
	B     moment `json:"b" jsonschema:"the other"`
	Frame *int64 `json:"frame,omitempty" jsonschema:"compare the pictures of this frame, from 0; default: find the first frame in which they differ"`
}

type compareOut struct {
	Equal  bool   `json:"equal" jsonschema:"the pictures are: of that frame, or of all that were looked at"`
	Frame  int    `json:"frame" jsonschema:"the frame in which they differ, or the last that was looked at"`
	Texel  []int  `json:"texel,omitempty" jsonschema:"the first that differs: x, y"`
	A      string `json:"a,omitempty" jsonschema:"what it holds in a"`
	B      string `json:"b,omitempty"`
	Texels int    `json:"texels" jsonschema:"how many differ"`
}

func (s *toolbox) compareFrames(ctx context.Context, _ *sdk.CallToolRequest, in compareIn) (*sdk.CallToolResult, compareOut, error) {
	var out compareOut
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	last, err := frameOf("frame", in.Frame)
	if err != nil {
		return nil, out, err
	}
	a, err := s.load(ctx, in.A)
	if err != nil {
		return nil, out, fmt.Errorf("a: %w", err)
	}
	b, err := s.load(ctx, in.B)
	if err != nil {
		return nil, out, fmt.Errorf("b: %w", err)
	}
	if h, o := a.assembly.Header, b.assembly.Header; h.W != o.W || h.H != o.H || h.Pixel != o.Pixel {
		return nil, out, fmt.Errorf("the canvases are not alike: %d × %d and %d × %d", h.W, h.H, o.W, o.H)
	}
	first := last
	if in.Frame == nil {
		first, last = 0, maxFrames-1
	}
	for f := first; f <= last; f++ {
		is, aEnded, err := a.After(ctx, f)
		if err != nil {
			return nil, out, late(err, f)
		}
		was, bEnded, err := b.After(ctx, f)
		if err != nil {
			return nil, out, late(err, f)
		}
		if out.Frame = f; !out.compare(a, is.Display, was.Display) || aEnded && bEnded {
			break // they differ, or both have ended
		}
	}
	return nil, out, nil
}

// compare takes in how two displays differ, and says whether they are equal.
func (out *compareOut) compare(p *past, a, b []uint32) bool {
	out.Texels = 0
	if out.Equal = slices.Equal(a, b); out.Equal {
		return true
	}
	h := p.assembly.Header
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		if out.Texels++; out.Texels == 1 {
			out.Texel = []int{i % h.W, i / h.W}
			out.A, out.B = describeTexel(a[i], h.Pixel), describeTexel(b[i], h.Pixel)
		}
	}
	return false
}

// late says how far a search came in its time.
func late(err error, frame int) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no frame before frame %d differs; there was no time for more in %v", frame, timeLimit)
	}
	return err
}
