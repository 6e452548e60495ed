package mcp

import (
	"context"
	"fmt"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/runtime/debug"
	"gvpie/runtime/liveedit"
)

// The tool that goes to a moment of a run.

// maxVariables is how many names step tells the values of.
const maxVariables = 256

type stepIn struct {
	moment
	From *positionIn `json:"from,omitempty" jsonschema:"where the variables are compared with; default the start of the run"`
	To   positionIn  `json:"to" jsonschema:"where to go"`
}

type positionIn struct {
	Frame *int64 `json:"frame,omitempty" jsonschema:"from 0; default 0"`
	Cycle *int64 `json:"cycle,omitempty" jsonschema:"instructions of the frame that are done; default 0"`
}

type stoodOut struct {
	Frame     int           `json:"frame" jsonschema:"where it stands: the run may have ended before, and a frame have fewer cycles"`
	Cycle     uint32        `json:"cycle"`
	File      string        `json:"file,omitempty" jsonschema:"a file that the program includes"`
	Line      int           `json:"line" jsonschema:"of the statement that runs next; 0: none does"`
	Statement string        `json:"statement"`
	Calls     []callOut     `json:"calls" jsonschema:"the procedures and labels that are called, the innermost first"`
	Ended     string        `json:"ended,omitempty" jsonschema:"how the run ended there"`
	Variables []variableOut `json:"variables" jsonschema:"at most 256"`
}

type callOut struct {
	Name   string        `json:"name"`
	Line   int           `json:"line" jsonschema:"where it is"`
	Locals []variableOut `json:"locals"`
}

type variableOut struct {
	Name  string `json:"name"`
	Value int32  `json:"value"`
	Was   *int32 `json:"was,omitempty" jsonschema:"what it was at from, if that is another value"`
}

func (in positionIn) position(name string) (debug.Position, error) {
	frame, err := frameOf(name+".frame", in.Frame)
	if err != nil {
		return debug.Position{}, err
	}
	to := debug.Position{Frame: frame}
	if in.Cycle != nil {
		if *in.Cycle < 0 || *in.Cycle > 1<<32-1 {
			return to, fmt.Errorf("%s.cycle is %d; cycles count from 0", name, *in.Cycle)
		}
		to.Cycle = uint32(*in.Cycle)
	}
	return to, nil
}

func (s *toolbox) step(ctx context.Context, _ *sdk.CallToolRequest, in stepIn) (*sdk.CallToolResult, stoodOut, error) {
	out := stoodOut{Calls: []callOut{}, Variables: []variableOut{}}
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	var from debug.Position
	var err error
	if in.From != nil {
		if from, err = in.From.position("from"); err != nil {
			return nil, out, err
		}
	}
	to, err := in.To.position("to")
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
	if err := session.Go(ctx, from); err != nil {
		return nil, out, slow(err)
	}
	was := map[string]int32{}
	for _, v := range session.Variables() {
		was[v.Name] = v.Value
	}
	if err := session.Go(ctx, to); err != nil {
		return nil, out, slow(err)
	}
	out.stands(session, was)
	return nil, out, nil
}

// stands takes in where a session stands, and what variables were elsewhere.
func (out *stoodOut) stands(session *debug.Session, was map[string]int32) {
	w := session.Where()
	out.Frame, out.Cycle = w.Frame, w.Cycle
	at := w.Calls[0].Place
	out.File, out.Line, out.Statement = at.Path, at.Line, clip(at.Text, maxText)
	for _, c := range w.Calls[:len(w.Calls)-1] {
		call := callOut{Name: c.Name, Line: c.Place.Line, Locals: []variableOut{}}
		for _, v := range c.Locals {
			call.Locals = append(call.Locals, variableOut{Name: v.Name, Value: v.Value})
		}
		out.Calls = append(out.Calls, call)
	}
	for _, v := range session.Variables() {
		if len(out.Variables) == maxVariables {
			break
		}
		o := variableOut{Name: v.Name, Value: v.Value}
		if before := was[v.Name]; before != v.Value {
			o.Was = &before
		}
		out.Variables = append(out.Variables, o)
	}
	if r := session.Ended(); r != nil {
		out.Ended = r.Status.String()
		if r.Fault != nil {
			out.Ended = liveedit.Explain(r.Fault, session.Assembly())
		}
	}
}
