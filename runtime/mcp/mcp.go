// Package mcp is gvpie's tools for coding assistants, over the Model Context
// Protocol: they check a program, run it and show its picture, say which line
// wrote a texel, and steer the loop by its database: its scripts, runs, map and goals.
//
// Programs run on the CPU, within bounds of time, frames and pictures; answers have
// bounds of bytes. Nothing here starts a loop, changes a run, or opens the database
// before a tool asks for it. Start reading at [Serve], then toolbox.server: a tool is
// a method.
package mcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/assets"
	"gvpie/runtime/engine"
	"gvpie/runtime/store"
)

// Bounds of what one call of a tool may take.
const (
	timeLimit   = 10 * time.Second
	maxFrames   = 3600
	maxPictures = 8
	maxRows     = 100
	maxArray    = 1024    // numbers of an array that are shown
	maxNumbers  = 16384   // … and of all arrays
	maxPixels   = 4 << 20 // of a human texture that is shown
)

// Config is what the tools work with.
type Config struct {
	Version string // of gvpie, as the client is told
	// CPU makes what programs run on; nil: engine.NewCPU.
	CPU func() engine.Engine
	// Open opens the database. It is called once at most, by the first tool that
	// asks for it; what it gives is closed when the client has left.
	Open func() (*store.Store, error)
}

// Serve serves one client, which speaks over in and out, until in ends or ctx
// does. It closes neither.
func Serve(ctx context.Context, c Config, in io.Reader, out io.Writer) error {
	shared := &sharedOut{out: out}
	return serve(ctx, c, &sdk.IOTransport{Reader: io.NopCloser(newLineReader(in, shared)), Writer: shared, MaxLineLength: 2 * maxLine})
}

func serve(ctx context.Context, c Config, t sdk.Transport) error {
	if c.CPU == nil {
		c.CPU = engine.NewCPU
	}
	s := &toolbox{config: c}
	err := s.server().Run(ctx, t)
	return errors.Join(err, s.close())
}

// A toolbox holds what the tools of one client share.
type toolbox struct {
	config Config

	mu sync.Mutex
	db *store.Store // nil until a tool asks for it
}

// database gives the database, opened.
func (s *toolbox) database() (*store.Store, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != nil {
		return s.db, nil
	}
	db, err := s.config.Open()
	if err != nil {
		return nil, err
	}
	s.db = db
	return db, nil
}

func (s *toolbox) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil {
		return nil
	}
	return s.db.Close()
}

const instructions = `GVPIE runs pixel programs: a program draws on a canvas of cells (default 128 × 64) or pixels.
Read the language with the tool reference, write a program, check it, run it and look at its picture, and try again.
When a picture surprises you, inspect a texel: it names the line that wrote it. why_texel says how it came about.`

// server makes the tools.
func (s *toolbox) server() *sdk.Server {
	server := sdk.NewServer(&sdk.Implementation{Name: "gvpie", Title: "GVPIE", Version: s.config.Version}, &sdk.ServerOptions{Instructions: instructions})
	read := func(name, doc string) *sdk.Tool {
		closed := false
		return &sdk.Tool{Name: name, Description: doc, Annotations: &sdk.ToolAnnotations{ReadOnlyHint: true, OpenWorldHint: &closed}}
	}
	add := func(name, doc string) *sdk.Tool {
		closed, destroys := false, false
		return &sdk.Tool{Name: name, Description: doc, Annotations: &sdk.ToolAnnotations{DestructiveHint: &destroys, OpenWorldHint: &closed}}
	}
	destroy := func(name, doc string) *sdk.Tool {
		t := add(name, doc)
		*t.Annotations.DestructiveHint = true
		return t
	}
	addTool(server, read("reference", "A document: the language (default), the machine, or a tour of the window."), s.reference)
	addTool(server, read("check", "Assemble a program and say what is wrong with it, with places and fixes."), s.check)
	addTool(server, read("run", "Run a program: its picture, its log, its variables, and its error if it failed."), s.run)
	addTool(server, read("render_frames", "Run a program and show its picture at chosen frames, to see it move."), s.renderFrames)
	addTool(server, read("inspect_texel", "Who wrote this? A texel of the canvas after a run: its code, and the line that wrote it last."), s.inspect)
	addTool(server, read("why_texel", "Why does this texel look so? Every command that drew it in a frame, in order, with its operands, and where each value came from: the statement that gave it, and what that was given, back to constants, input and random numbers. Of EACH: the block as that texel ran it."), s.whyTexel)
	addTool(server, read("overlay", "Measure all texels of a frame at once: how often each was drawn over, what its block cost, what changed, what a line drew, what an expression of a block was."), s.overlay)
	addTool(server, read("step", "Go to a moment of a run: the statement that runs next there, the calls that are open, and what the variables are, and were at another moment."), s.step)
	addTool(server, read("value_history", "What a variable was as each frame of a run ended, and which line gave it; or what an expression was."), s.valueHistory)
	addTool(server, read("first_frame_where", "Find the first frame of a run at whose end an expression is true, or the last."), s.firstFrameWhere)
	addTool(server, read("compare_frames", "Compare the pictures of two runs, of programs or of runs of the loop: in one frame, or to find the first frame and texel in which they differ."), s.compareFrames)
	addTool(server, read("list_scripts", "The scripts that the autonomous loop runs, newest first, with how often each succeeded. read_script shows the code of one."), s.listScripts)
	addTool(server, read("read_script", "One script of the loop, with its code."), s.readScript)
	addTool(server, add("add_script", "Give the autonomous loop a pixel program to run. It must assemble. A script of that name is replaced only if replace is true."), s.addScript)
	addTool(server, read("list_runs", "The loop's latest runs, newest first."), s.listRuns)
	addTool(server, add("enable_script", "Let the loop run a script again."), s.enableScript)
	addTool(server, add("disable_script", "Keep the loop from running a script, until it is enabled."), s.disableScript)
	addTool(server, destroy("remove_script", "Remove a script. Its runs stay, with its name."), s.removeScript)
	addTool(server, add("run_script", "Have the loop run a script in its next cycle, before all others, also one that it has put off because it failed."), s.runScript)
	addTool(server, read("run_picture", "The picture that a run of the loop left, and what it said."), s.runPicture)
	addTool(server, read("read_map", "The infinite map, newest first: what was tried, what came of it, and what it came from."), s.readMap)
	addTool(server, read("replay_run", "Run a run of the loop again and say whether it ends as it did."), s.replayRun)
	addTool(server, read("list_cartridges", "The cartridges, newest first: programs that are pictures."), s.listCartridges)
	addTool(server, read("read_cartridge", "One cartridge, verified: its picture, its code, and what other programs have done to its file."), s.readCartridge)
	addTool(server, read("list_goals", "The development goals, newest first."), s.listGoals)
	addTool(server, add("add_goal", "Add a development goal."), s.addGoal)
	addTool(server, add("propose", "Propose a program: one that does what a script does for a lower cost, or that meets a goal. It is judged by running both and by proof, and you are told what came of it and why; a good one waits as an offer for a person, who approves it."), s.propose)
	addTool(server, read("list_offers", "Programs that are better than scripts, newest first, with the evidence for them and what became of them. read_offer shows one whole."), s.listOffers)
	addTool(server, read("read_offer", "One offer, with its program and the one before."), s.readOffer)
	addTool(server, add("finish_goal", "Mark a development goal as reached."), s.finishGoal)
	return server
}

type referenceIn struct {
	Document string `json:"document,omitempty" jsonschema:"language, machine or tour; default language"`
}

func (s *toolbox) reference(_ context.Context, _ *sdk.CallToolRequest, in referenceIn) (*sdk.CallToolResult, any, error) {
	name := cmp.Or(in.Document, "language")
	for _, d := range assets.Docs() {
		if d.Name == name {
			return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: d.Text}}}, nil, nil
		}
	}
	return nil, nil, fmt.Errorf("there is no document %q: it may be language, machine or tour", name)
}
