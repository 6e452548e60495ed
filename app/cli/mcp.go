package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/png"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/assets"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/liveedit"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

// Bounds of what one call of a tool may take.
const (
	mcpTime     = 10 * time.Second
	mcpFrames   = 3600
	mcpPictures = 8
	mcpRows     = 100
	mcpPixels   = 4 << 20 // of a human texture that is shown
)

var mcpCommand = command{
	name: "mcp", args: "[FLAGS]", summary: "Serve tools for coding assistants over standard input and output",
	help: `It speaks the Model Context Protocol (modelcontextprotocol.io), until standard input
ends. Its tools check a program, run it and show its picture, render chosen frames,
say which line wrote a texel, and list and add scripts and goals of the loop.
Programs run on the CPU, which gives the same bits as the GPU.
`,
	setup: func(fs *flag.FlagSet) func(*call) error {
		data := addData(fs)
		return func(c *call) error {
			if err := c.noArgs(); err != nil {
				return err
			}
			return c.serveMCP(*data, &mcp.IOTransport{Reader: io.NopCloser(c.Stdin), Writer: unclosed{c.Stdout}})
		}
	},
}

// unclosed is a writer that its user cannot close.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

// serveMCP serves one client until it leaves.
func (c *call) serveMCP(data string, t mcp.Transport) error {
	s := &toolbox{c: c, data: data}
	err := s.server().Run(c.ctx, t)
	return errors.Join(err, s.close())
}

// A toolbox is what the tools work with.
type toolbox struct {
	c    *call
	data string

	mu sync.Mutex
	db *store.Store // opened by the first tool that asks for it
}

// memory gives the database.
func (s *toolbox) memory() (*store.Store, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != nil {
		return s.db, nil
	}
	dir, err := s.c.dataDir(s.data)
	if err != nil {
		return nil, err
	}
	s.db, _, err = s.c.openStore(dir, nil)
	return s.db, err
}

func (s *toolbox) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil {
		return nil
	}
	return s.db.Close()
}

const mcpInstructions = `GVPIE runs pixel programs: a program draws on a canvas of cells (default 128 × 64) or pixels.
Read the language with the tool reference, write a program, check it, run it and look at its picture, and try again.
When a picture surprises you, inspect a texel: it names the line that wrote it.`

// server makes the tools.
func (s *toolbox) server() *mcp.Server {
	server := mcp.NewServer(&mcp.Implementation{Name: "gvpie", Title: "GVPIE", Version: version()}, &mcp.ServerOptions{Instructions: mcpInstructions})
	read := func(name, doc string) *mcp.Tool {
		closed := false
		return &mcp.Tool{Name: name, Description: doc, Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true, OpenWorldHint: &closed}}
	}
	add := func(name, doc string) *mcp.Tool {
		closed, destroys := false, false
		return &mcp.Tool{Name: name, Description: doc, Annotations: &mcp.ToolAnnotations{DestructiveHint: &destroys, OpenWorldHint: &closed}}
	}
	mcp.AddTool(server, read("reference", "A document: the language (default), the machine, or a tour of the window."), s.reference)
	mcp.AddTool(server, read("check", "Assemble a program and say what is wrong with it, with places and fixes."), s.check)
	mcp.AddTool(server, read("run", "Run a program: its picture, its log, its variables, and its error if it failed."), s.run)
	mcp.AddTool(server, read("render_frames", "Run a program and show its picture at chosen frames, to see it move."), s.renderFrames)
	mcp.AddTool(server, read("inspect_texel", "Who wrote this? A texel of the canvas after a run: its code, and the line that wrote it last."), s.inspect)
	mcp.AddTool(server, read("list_scripts", "The scripts that the autonomous loop runs, with how often each succeeded."), s.listScripts)
	mcp.AddTool(server, add("add_script", "Give the autonomous loop a pixel program to run. It must assemble. A script of that name is replaced only if replace is true."), s.addScript)
	mcp.AddTool(server, read("list_runs", "The loop's latest runs, newest first."), s.listRuns)
	mcp.AddTool(server, read("list_goals", "The development goals, newest first."), s.listGoals)
	mcp.AddTool(server, add("add_goal", "Add a development goal."), s.addGoal)
	return server
}

type referenceIn struct {
	Document string `json:"document,omitempty" jsonschema:"language, machine or tour; default language"`
}

func (s *toolbox) reference(_ context.Context, _ *mcp.CallToolRequest, in referenceIn) (*mcp.CallToolResult, any, error) {
	name := cmp.Or(in.Document, "language")
	for _, d := range assets.Docs() {
		if d.Name == name {
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: d.Text}}}, nil, nil
		}
	}
	return nil, nil, fmt.Errorf("there is no document %q: it may be language, machine or tour", name)
}

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
	Message string `json:"message"`
	Fix     string `json:"fix,omitempty"`
}

// mcpFile is what diagnostics call the text of a call.
const mcpFile = "program"

func (s *toolbox) check(_ context.Context, _ *mcp.CallToolRequest, in checkIn) (*mcp.CallToolResult, checkOut, error) {
	a := pxl.Assemble(mcpFile, in.Source)
	out := checkOut{OK: a.OK(), Instructions: a.Program.Instructions(), Width: a.Header.W, Height: a.Header.H, Diagnostics: []diagnosis{}}
	for _, d := range a.Diagnostics {
		fix := ""
		if d.Fix != nil {
			fix = d.Fix.Title
		}
		out.Diagnostics = append(out.Diagnostics, diagnosis{d.Pos.Line, d.Pos.Column, d.Severity == pxl.Warning, d.Message, fix})
	}
	return nil, out, nil
}

type runIn struct {
	Source string `json:"source" jsonschema:"the text of the program"`
	Frames int    `json:"frames,omitempty" jsonschema:"stop at this FRAME; default 1"`
	Cycles int64  `json:"max_cycles,omitempty" jsonschema:"cycles a frame may take; default 10000000"`
	Seed   int32  `json:"seed,omitempty" jsonschema:"start of the random numbers; default 1"`
}

type runOut struct {
	Success   bool             `json:"success"`
	Status    string           `json:"status" jsonschema:"halted, framed or error"`
	Frames    int              `json:"frames"`
	Cycles    uint64           `json:"cycles"`
	Log       string           `json:"log"`
	Error     string           `json:"error,omitempty"`
	Line      int              `json:"line,omitempty" jsonschema:"where it failed"`
	Variables map[string]int32 `json:"variables" jsonschema:"as the last frame left them"`
}

// A stage is a program that runs frame by frame for a tool.
type stage struct {
	assembly *pxl.Assembly
	engine   engine.Engine
	out      runOut
	budget   uint32
}

// stage assembles a program and loads it; what does not assemble is an error
// that says where.
func (in *runIn) stage(ctx context.Context) (*stage, error) {
	a := pxl.Assemble(mcpFile, in.Source)
	if !a.OK() {
		var lines []string
		for _, d := range a.Diagnostics {
			lines = append(lines, d.String())
		}
		return nil, fmt.Errorf("the program does not assemble:\n%s", strings.Join(lines, "\n"))
	}
	if in.Frames < 0 || in.Frames > mcpFrames {
		return nil, fmt.Errorf("frames is %d; it may be 1 to %d", in.Frames, mcpFrames)
	}
	if in.Cycles < 0 || in.Cycles > isa.DefaultBudget {
		return nil, fmt.Errorf("max_cycles is %d; it may be 1 to %d", in.Cycles, isa.DefaultBudget)
	}
	st := &stage{assembly: a, engine: engine.NewCPU(), budget: uint32(cmp.Or(in.Cycles, isa.DefaultBudget))}
	return st, st.engine.Load(ctx, a.Program, cmp.Or(in.Seed, isa.DefaultSeed))
}

// advance runs until so many frames have been run, or the program has ended.
func (st *stage) advance(ctx context.Context, frames int) error {
	for st.out.Frames < frames && (st.out.Status == "" || st.out.Status == isa.Framed.String()) {
		r, err := st.engine.Frame(ctx, machine.Input{}, st.budget)
		if errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("the program was not done after %v, in frame %d", mcpTime, st.out.Frames+1)
		}
		if err != nil {
			return err
		}
		st.out.Frames++
		st.out.Cycles += uint64(r.Cycles)
		st.out.Status = r.Status.String()
		st.out.Success = r.Status != isa.Faulted
		for _, line := range r.Log {
			st.out.Log += line.Text + "\n"
		}
		if r.Fault != nil {
			at, _ := st.assembly.Map.At(r.Fault.PC)
			st.out.Line, st.out.Error = at.Pos.Line, liveedit.Explain(r.Fault, st.assembly)
		}
	}
	return nil
}

// picture is the human texture as content.
func (st *stage) picture(ctx context.Context) (mcp.Content, error) {
	w, h := machine.HumanSize(st.assembly.Header)
	scale := 1
	for w/scale*(h/scale) > mcpPixels {
		scale *= 2
	}
	var img *image.RGBA
	var err error
	if scale == 1 {
		img, err = st.engine.Human(ctx)
	} else {
		v := machine.View{Texture: machine.HumanTexture, Width: w / scale, Height: h / scale, Scale: 1 / float32(scale)}
		img = image.NewRGBA(image.Rect(0, 0, v.Width, v.Height))
		err = st.engine.Render(ctx, v, img)
	}
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, err
	}
	return &mcp.ImageContent{Data: b.Bytes(), MIMEType: "image/png"}, nil
}

// variables fills in the variables' values.
func (st *stage) variables(ctx context.Context) error {
	words, err := st.engine.Read(ctx, machine.DataPage)
	if err != nil {
		return err
	}
	st.out.Variables = map[string]int32{}
	for _, sym := range st.assembly.Symbols {
		if sym.Kind == pxl.VarSymbol && sym.Addr < len(words) {
			st.out.Variables[sym.Name] = int32(words[sym.Addr])
		}
	}
	return nil
}

// said is a value as text, beside pictures.
func said(v any) mcp.Content {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return &mcp.TextContent{Text: err.Error()}
	}
	return &mcp.TextContent{Text: b.String()}
}

func (s *toolbox) run(ctx context.Context, _ *mcp.CallToolRequest, in runIn) (*mcp.CallToolResult, runOut, error) {
	ctx, cancel := context.WithTimeout(ctx, mcpTime)
	defer cancel()
	st, err := in.stage(ctx)
	if err != nil {
		return nil, runOut{}, err
	}
	defer st.engine.Close()
	if err := st.advance(ctx, max(in.Frames, 1)); err != nil {
		return nil, runOut{}, err
	}
	if err := st.variables(ctx); err != nil {
		return nil, runOut{}, err
	}
	picture, err := st.picture(ctx)
	if err != nil {
		return nil, runOut{}, err
	}
	return &mcp.CallToolResult{Content: []mcp.Content{said(st.out), picture}}, st.out, nil
}

type framesIn struct {
	Source string `json:"source" jsonschema:"the text of the program"`
	Frames []int  `json:"frames" jsonschema:"the frames to show, from 1; at most 8"`
	Seed   int32  `json:"seed,omitempty" jsonschema:"start of the random numbers; default 1"`
}

func (s *toolbox) renderFrames(ctx context.Context, _ *mcp.CallToolRequest, in framesIn) (*mcp.CallToolResult, any, error) {
	frames := slices.Compact(slices.Sorted(slices.Values(in.Frames)))
	if len(frames) == 0 || len(frames) > mcpPictures || frames[0] < 1 || frames[len(frames)-1] > mcpFrames {
		return nil, nil, fmt.Errorf("frames are one to %d numbers from 1 to %d", mcpPictures, mcpFrames)
	}
	ctx, cancel := context.WithTimeout(ctx, mcpTime)
	defer cancel()
	st, err := (&runIn{Source: in.Source, Seed: in.Seed}).stage(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer st.engine.Close()
	out := &mcp.CallToolResult{}
	for _, frame := range frames {
		if err := st.advance(ctx, frame); err != nil {
			return nil, nil, err
		}
		picture, err := st.picture(ctx)
		if err != nil {
			return nil, nil, err
		}
		out.Content = append(out.Content, &mcp.TextContent{Text: fmt.Sprintf("Frame %d:", st.out.Frames)}, picture)
		if st.out.Frames < frame {
			out.Content = append(out.Content, &mcp.TextContent{Text: strings.TrimSpace(fmt.Sprintf("The program ended there (%s). %s", st.out.Status, st.out.Error))})
			break
		}
	}
	return out, nil, nil
}

type inspectIn struct {
	Source string `json:"source" jsonschema:"the text of the program"`
	X      int    `json:"x" jsonschema:"texel of the canvas, from 0 at the left"`
	Y      int    `json:"y" jsonschema:"from 0 at the top"`
	Frame  int    `json:"frame,omitempty" jsonschema:"look after this frame; default 1"`
	Seed   int32  `json:"seed,omitempty" jsonschema:"start of the random numbers; default 1"`
}

type inspectOut struct {
	Texel     string `json:"texel" jsonschema:"what it holds, in words"`
	Line      int    `json:"line" jsonschema:"the line that wrote it last; 0: none did"`
	Statement string `json:"statement" jsonschema:"that line"`
	Frame     int    `json:"frame"`
}

func (s *toolbox) inspect(ctx context.Context, _ *mcp.CallToolRequest, in inspectIn) (*mcp.CallToolResult, inspectOut, error) {
	ctx, cancel := context.WithTimeout(ctx, mcpTime)
	defer cancel()
	var out inspectOut
	st, err := (&runIn{Source: in.Source, Frames: in.Frame, Seed: in.Seed}).stage(ctx)
	if err != nil {
		return nil, out, err
	}
	defer st.engine.Close()
	h := st.assembly.Header
	if in.X < 0 || in.Y < 0 || in.X >= h.W || in.Y >= h.H {
		return nil, out, fmt.Errorf("%d, %d is not on the canvas, which is %d × %d", in.X, in.Y, h.W, h.H)
	}
	if err := st.advance(ctx, max(in.Frame, 1)); err != nil {
		return nil, out, err
	}
	display, err := st.engine.Read(ctx, machine.DisplayPage)
	if err != nil {
		return nil, out, err
	}
	writer, err := st.engine.Read(ctx, machine.WriterPage)
	if err != nil {
		return nil, out, err
	}
	i := in.Y*h.W + in.X
	out.Frame, out.Texel = st.out.Frames, describeTexel(display[i], h.Pixel)
	if at, ok := st.assembly.Map.At(int(writer[i])); ok && writer[i] != 0 {
		out.Line = at.Pos.Line
		if lines := strings.Split(in.Source, "\n"); out.Line <= len(lines) {
			out.Statement = strings.TrimSpace(lines[out.Line-1])
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
