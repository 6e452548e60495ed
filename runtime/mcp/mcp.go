// Package mcp is gvpie's tools for coding assistants, over the Model Context
// Protocol: they check a program, run it and show its picture, say which line
// wrote a texel, and read and add to the loop's scripts, runs and goals.
//
// Programs run on the CPU, within bounds of time, frames and pictures. Nothing
// here starts a loop, changes a run, or opens the database before a tool asks
// for it. Start reading at [Serve], then toolbox.server: a tool is a method.
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
	"gvpie/runtime/store"
)

// Bounds of what one call of a tool may take.
const (
	timeLimit   = 10 * time.Second
	maxFrames   = 3600
	maxPictures = 8
	maxRows     = 100
	maxPixels   = 4 << 20 // of a human texture that is shown
)

// Config is what the tools work with.
type Config struct {
	Version string // of gvpie, as the client is told
	// Open opens the database. It is called once at most, by the first tool that
	// asks for it; what it gives is closed when the client has left.
	Open func() (*store.Store, error)
}

// Serve serves one client, which speaks over in and out, until in ends or ctx
// does. It closes neither.
func Serve(ctx context.Context, c Config, in io.Reader, out io.Writer) error {
	return serve(ctx, c, &sdk.IOTransport{Reader: io.NopCloser(in), Writer: unclosed{out}})
}

// unclosed is a writer that its user cannot close.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

func serve(ctx context.Context, c Config, t sdk.Transport) error {
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
When a picture surprises you, inspect a texel: it names the line that wrote it.`

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
	sdk.AddTool(server, read("reference", "A document: the language (default), the machine, or a tour of the window."), s.reference)
	sdk.AddTool(server, read("check", "Assemble a program and say what is wrong with it, with places and fixes."), s.check)
	sdk.AddTool(server, read("run", "Run a program: its picture, its log, its variables, and its error if it failed."), s.run)
	sdk.AddTool(server, read("render_frames", "Run a program and show its picture at chosen frames, to see it move."), s.renderFrames)
	sdk.AddTool(server, read("inspect_texel", "Who wrote this? A texel of the canvas after a run: its code, and the line that wrote it last."), s.inspect)
	sdk.AddTool(server, read("list_scripts", "The scripts that the autonomous loop runs, with how often each succeeded."), s.listScripts)
	sdk.AddTool(server, add("add_script", "Give the autonomous loop a pixel program to run. It must assemble. A script of that name is replaced only if replace is true."), s.addScript)
	sdk.AddTool(server, read("list_runs", "The loop's latest runs, newest first."), s.listRuns)
	sdk.AddTool(server, read("list_goals", "The development goals, newest first."), s.listGoals)
	sdk.AddTool(server, add("add_goal", "Add a development goal."), s.addGoal)
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
