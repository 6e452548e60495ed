package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/liveedit"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

type runIn struct {
	Source string `json:"source" jsonschema:"the text of the program"`
	Frames *int64 `json:"frames,omitempty" jsonschema:"stop at this FRAME; default 1"`
	Cycles *int64 `json:"max_cycles,omitempty" jsonschema:"cycles a frame may take; default 10000000"`
	Seed   *int64 `json:"seed,omitempty" jsonschema:"start of the random numbers: 32 bits, not 0; default 1"`

	Inputs []record.Change `json:"inputs,omitempty" jsonschema:"mouse, wheel and keys: an object for each frame in which something changes"`
}

type runOut struct {
	Success   bool           `json:"success"`
	Status    string         `json:"status" jsonschema:"halted, framed or error"`
	Frames    int            `json:"frames"`
	Cycles    uint64         `json:"cycles"`
	Log       string         `json:"log"`
	Error     string         `json:"error,omitempty"`
	Line      int            `json:"line,omitempty" jsonschema:"where it failed"`
	Variables map[string]any `json:"variables" jsonschema:"as the last frame left them; an array is a list, of its first 1024 numbers, and all arrays of 16384"`
}

// A program is one that runs, frame by frame, for a tool.
type program struct {
	assembly *pxl.Assembly
	engine   engine.Engine
	frames   int // asked for
	inputs   record.Inputs
	out      runOut
	log      engine.Log
	budget   uint32
}

// load assembles a program and loads it; what does not assemble is an error
// that says where.
func (in *runIn) load(ctx context.Context, cpu func() engine.Engine) (*program, error) {
	a := pxl.Assemble(sourceName, in.Source)
	if !a.OK() {
		return nil, notAssembled(a)
	}
	frames, err := within("frames", in.Frames, maxFrames, 1)
	if err != nil {
		return nil, err
	}
	cycles, err := within("max_cycles", in.Cycles, isa.DefaultBudget, isa.DefaultBudget)
	if err != nil {
		return nil, err
	}
	seed, err := seedOf(in.Seed)
	if err != nil {
		return nil, err
	}
	inputs, err := record.NewInputs(in.Inputs)
	if err != nil {
		return nil, err
	}
	p := &program{assembly: a, engine: cpu(), frames: int(frames), budget: uint32(cycles), inputs: inputs}
	return p, p.engine.Load(ctx, a.Program, seed)
}

// notAssembled is the error of a program that has errors: all that is wrong with it.
func notAssembled(a *pxl.Assembly) error {
	var lines []string
	for _, d := range a.Diagnostics {
		lines = append(lines, d.String())
	}
	return fmt.Errorf("the program does not assemble:\n%s", clip(strings.Join(lines, "\n"), maxCode))
}

// advance runs until so many frames have been run, or the program has ended.
func (p *program) advance(ctx context.Context, frames int) error {
	for p.out.Frames < frames && (p.out.Status == "" || p.out.Status == isa.Framed.String()) {
		r, err := p.engine.Frame(ctx, p.inputs.At(p.out.Frames), p.budget)
		if errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("the program was not done after %v, in frame %d", timeLimit, p.out.Frames+1)
		}
		if err != nil {
			return err
		}
		p.out.Frames++
		p.out.Cycles += uint64(r.Cycles)
		p.out.Status = r.Status.String()
		p.out.Success = r.Status != isa.Faulted
		p.log.Add(r.Log)
		if r.Fault != nil {
			at, _ := p.assembly.Map.At(r.Fault.PC)
			p.out.Line, p.out.Error = at.Pos.Line, liveedit.Explain(r.Fault, p.assembly)
		}
	}
	if p.out.Log = clip(p.log.String(), maxCode); p.out.Log != "" {
		p.out.Log += "\n"
	}
	return nil
}

// picture is the human texture as content.
func (p *program) picture(ctx context.Context) (sdk.Content, error) {
	w, h := machine.HumanSize(p.assembly.Header)
	scale := 1
	for w/scale*(h/scale) > maxPixels {
		scale *= 2
	}
	var img *image.RGBA
	var err error
	if scale == 1 {
		img, err = p.engine.Human(ctx)
	} else {
		v := machine.View{Texture: machine.HumanTexture, Width: w / scale, Height: h / scale, Scale: 1 / float32(scale)}
		img = image.NewRGBA(image.Rect(0, 0, v.Width, v.Height))
		err = p.engine.Render(ctx, v, img)
	}
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, err
	}
	return &sdk.ImageContent{Data: b.Bytes(), MIMEType: "image/png"}, nil
}

// variables fills in the variables' values.
func (p *program) variables(ctx context.Context) error {
	words, err := p.engine.Read(ctx, machine.DataPage)
	if err != nil {
		return err
	}
	p.out.Variables = map[string]any{}
	room := maxNumbers
	for _, sym := range p.assembly.Symbols {
		switch {
		case sym.Addr >= len(words):
		case sym.Kind == pxl.VarSymbol:
			p.out.Variables[sym.Name] = int32(words[sym.Addr])
		case sym.Kind == pxl.ArraySymbol:
			all := []int32{}
			for _, w := range words[sym.Addr:min(len(words), sym.Addr+min(sym.Len, maxArray, room))] {
				all = append(all, int32(w))
			}
			room -= len(all)
			p.out.Variables[sym.Name] = all
		}
	}
	return nil
}

// asText is a value as text, beside pictures.
func asText(v any) sdk.Content {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return &sdk.TextContent{Text: err.Error()}
	}
	return &sdk.TextContent{Text: b.String()}
}
