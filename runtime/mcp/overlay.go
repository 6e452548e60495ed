package mcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/runtime/debug/why"
)

// The tool that measures all texels of a frame.

// maxMost is how many texels an answer of overlay names.
const maxMost = 32

// lastLine is the last line of a program that can be asked about.
const lastLine = 1 << 20

type overlayIn struct {
	moment
	Kind       string `json:"kind" jsonschema:"overdraw (commands that wrote each texel), heat (instructions of EACH blocks for each), changed (texels that this frame left otherwise than the one before), drew (those that a line wrote), each (what an expression was for each texel of a block)"`
	Frame      *int64 `json:"frame,omitempty" jsonschema:"from 0; default 0"`
	Line       *int64 `json:"line,omitempty" jsonschema:"of drew; of each the line of a block, default the last block"`
	File       string `json:"file,omitempty" jsonschema:"a file that the program includes, that the line is in"`
	Expression string `json:"expression,omitempty" jsonschema:"of each: v, v > 10; names are the texel's own"`
}

type overlayOut struct {
	Texels int        `json:"texels" jsonschema:"how many have a number"`
	Low    int32      `json:"low" jsonschema:"the least of the numbers"`
	High   int32      `json:"high" jsonschema:"the most of them"`
	Most   [][3]int32 `json:"most" jsonschema:"x, y and the number of the texels with the highest, at most 32"`
	Remark string     `json:"remark,omitempty" jsonschema:"why an expression was nothing for some texel, the first"`
}

func (s *toolbox) overlay(ctx context.Context, _ *sdk.CallToolRequest, in overlayIn) (*sdk.CallToolResult, overlayOut, error) {
	out := overlayOut{Most: [][3]int32{}}
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	frame, err := frameOf("frame", in.Frame)
	if err != nil {
		return nil, out, err
	}
	n, err := within("line", in.Line, lastLine, 0)
	if err != nil {
		return nil, out, err
	}
	line := int(n)
	p, err := s.load(ctx, in.moment)
	if err != nil {
		return nil, out, err
	}
	a := why.New(p.assembly, p)
	var l *why.Overlay
	switch in.Kind {
	case "overdraw":
		l, err = a.Overdraw(ctx, frame)
	case "heat":
		l, err = a.Heat(ctx, frame)
	case "changed":
		l, err = a.Changed(ctx, frame)
	case "drew":
		if line == 0 {
			return nil, out, errors.New("say the line that drew")
		}
		l, err = a.Drew(ctx, in.File, line, frame, frame)
	case "each":
		l, err = a.Each(ctx, in.Expression, in.File, line, frame)
	default:
		err = fmt.Errorf("kind is %q; it may be overdraw, heat, changed, drew or each", clip(in.Kind, maxText))
	}
	if err != nil {
		return nil, out, slow(err)
	}
	out.Texels, out.Low, out.High, out.Remark = l.Texels, l.Low, l.High, clip(l.Remark, maxText)
	for i, v := range l.Values {
		if l.Has[i] {
			out.Most = append(out.Most, [3]int32{int32(i % l.W), int32(i / l.W), v})
		}
	}
	slices.SortStableFunc(out.Most, func(a, b [3]int32) int { return cmp.Compare(b[2], a[2]) })
	out.Most = out.Most[:min(len(out.Most), maxMost)]
	return nil, out, nil
}
