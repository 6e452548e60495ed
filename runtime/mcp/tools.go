package mcp

import (
	"context"
	"fmt"
	"slices"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// The tools that check, run and show a program.

type checkIn struct {
	Source string `json:"source" jsonschema:"the text of the program"`
}

type checkOut struct {
	OK           bool        `json:"ok" jsonschema:"it assembles"`
	Instructions int         `json:"instructions"`
	Width        int         `json:"width" jsonschema:"of the canvas, texels"`
	Height       int         `json:"height"`
	Diagnostics  []diagnosis `json:"diagnostics"`
}

type diagnosis struct {
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Warning bool   `json:"warning"`
	Code    string `json:"code" jsonschema:"stable; a warning is silenced by a comment, ; ignore CODE, on the line before"`
	Message string `json:"message"`
	Fix     string `json:"fix,omitempty"`
}

// sourceName is what diagnostics call the text of a call.
const sourceName = "program"

func (s *toolbox) check(_ context.Context, _ *sdk.CallToolRequest, in checkIn) (*sdk.CallToolResult, checkOut, error) {
	a := pxl.Assemble(sourceName, in.Source)
	out := checkOut{OK: a.OK(), Instructions: a.Program.Instructions(), Width: a.Header.W, Height: a.Header.H, Diagnostics: []diagnosis{}}
	for _, d := range a.Diagnostics {
		fix := ""
		if d.Fix != nil {
			fix = d.Fix.Title
		}
		out.Diagnostics = append(out.Diagnostics, diagnosis{d.Pos.Line, d.Pos.Column, d.Severity == pxl.Warning, d.Code, clip(d.Message, maxText), clip(fix, maxText)})
	}
	return nil, out, nil
}

func (s *toolbox) run(ctx context.Context, _ *sdk.CallToolRequest, in runIn) (*sdk.CallToolResult, runOut, error) {
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	p, err := in.load(ctx, s.config.CPU)
	if err != nil {
		return nil, runOut{}, err
	}
	defer p.engine.Close()
	if err := p.advance(ctx, p.frames); err != nil {
		return nil, runOut{}, err
	}
	if err := p.variables(ctx); err != nil {
		return nil, runOut{}, err
	}
	picture, err := p.picture(ctx)
	if err != nil {
		return nil, runOut{}, err
	}
	return &sdk.CallToolResult{Content: []sdk.Content{asText(p.out), picture}}, p.out, nil
}

type framesIn struct {
	Source string `json:"source" jsonschema:"the text of the program"`
	Frames []int  `json:"frames" jsonschema:"the frames to show, from 1; at most 8"`
	Seed   *int64 `json:"seed,omitempty" jsonschema:"start of the random numbers: 32 bits, not 0; default 1"`

	Inputs []record.Change `json:"inputs,omitempty" jsonschema:"mouse, wheel and keys: an object for each frame in which something changes"`
}

func (s *toolbox) renderFrames(ctx context.Context, _ *sdk.CallToolRequest, in framesIn) (*sdk.CallToolResult, any, error) {
	frames := slices.Compact(slices.Sorted(slices.Values(in.Frames)))
	if len(frames) == 0 || len(frames) > maxPictures || frames[0] < 1 || frames[len(frames)-1] > maxFrames {
		return nil, nil, fmt.Errorf("frames are one to %d numbers from 1 to %d", maxPictures, maxFrames)
	}
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	p, err := (&runIn{Source: in.Source, Seed: in.Seed, Inputs: in.Inputs}).load(ctx, s.config.CPU)
	if err != nil {
		return nil, nil, err
	}
	defer p.engine.Close()
	out := &sdk.CallToolResult{}
	for _, frame := range frames {
		if err := p.advance(ctx, frame); err != nil {
			return nil, nil, err
		}
		picture, err := p.picture(ctx)
		if err != nil {
			return nil, nil, err
		}
		out.Content = append(out.Content, &sdk.TextContent{Text: fmt.Sprintf("Frame %d:", p.out.Frames)}, picture)
		if p.out.Frames < frame {
			out.Content = append(out.Content, &sdk.TextContent{Text: strings.TrimSpace(fmt.Sprintf("The program ended there (%s). %s", p.out.Status, p.out.Error))})
			break
		}
	}
	return out, nil, nil
}

type inspectIn struct {
	Source string `json:"source" jsonschema:"the text of the program"`
	X      int    `json:"x" jsonschema:"texel of the canvas, from 0 at the left"`
	Y      int    `json:"y" jsonschema:"from 0 at the top"`
	Frame  *int64 `json:"frame,omitempty" jsonschema:"look after this frame; default 1"`
	Seed   *int64 `json:"seed,omitempty" jsonschema:"start of the random numbers: 32 bits, not 0; default 1"`

	Inputs []record.Change `json:"inputs,omitempty" jsonschema:"mouse, wheel and keys: an object for each frame in which something changes"`
}

type inspectOut struct {
	Texel     string `json:"texel" jsonschema:"what it holds, in words"`
	Line      int    `json:"line" jsonschema:"the line that wrote it last; 0: none did"`
	Statement string `json:"statement" jsonschema:"that line"`
	Frame     int    `json:"frame"`
}

func (s *toolbox) inspect(ctx context.Context, _ *sdk.CallToolRequest, in inspectIn) (*sdk.CallToolResult, inspectOut, error) {
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	var out inspectOut
	p, err := (&runIn{Source: in.Source, Frames: in.Frame, Seed: in.Seed, Inputs: in.Inputs}).load(ctx, s.config.CPU)
	if err != nil {
		return nil, out, err
	}
	defer p.engine.Close()
	h := p.assembly.Header
	if in.X < 0 || in.Y < 0 || in.X >= h.W || in.Y >= h.H {
		return nil, out, fmt.Errorf("%d, %d is not on the canvas, which is %d × %d", in.X, in.Y, h.W, h.H)
	}
	if err := p.advance(ctx, p.frames); err != nil {
		return nil, out, err
	}
	display, err := p.engine.Read(ctx, machine.DisplayPage)
	if err != nil {
		return nil, out, err
	}
	writer, err := p.engine.Read(ctx, machine.WriterPage)
	if err != nil {
		return nil, out, err
	}
	i := in.Y*h.W + in.X
	out.Frame, out.Texel = p.out.Frames, describeTexel(display[i], h.Pixel)
	if at, ok := p.assembly.Map.At(int(writer[i])); ok && writer[i] != 0 {
		out.Line = at.Pos.Line
		if lines := strings.Split(in.Source, "\n"); out.Line <= len(lines) {
			out.Statement = clip(strings.TrimSpace(lines[out.Line-1]), maxText)
		}
	}
	return nil, out, nil
}

// describeTexel says what a texel of the display page holds.
func describeTexel(t uint32, pixel bool) string {
	if t>>24 == 0 {
		return "untouched"
	}
	if pixel {
		return fmt.Sprintf("colour 0x%02X%02X%02X", t&0xFF, t>>8&0xFF, t>>16&0xFF)
	}
	glyph := "no glyph"
	if code := t & 0xFF; code >= ' ' && code < 127 {
		glyph = fmt.Sprintf("glyph %q", rune(code))
	} else if code != 0 {
		glyph = "the unknown glyph"
	}
	return fmt.Sprintf("%s, ink 0x%06X, paper 0x%06X", glyph, isa.CodeColor(uint8(t>>8), 0xFFFFFF), isa.CodeColor(uint8(t>>16), 0))
}
