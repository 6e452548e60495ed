package dap

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/google/go-dap"

	"gvpie/runtime/debug"
	"gvpie/runtime/pxl"
)

// launch is the arguments of a launch request.
type launch struct {
	Program     string `json:"program"`     // the file
	StopOnEntry bool   `json:"stopOnEntry"` // stop before the first statement
	Seed        int32  `json:"seed"`        // 0: isa.DefaultSeed
	Inputs      string `json:"inputs"`      // a file of inputs, as of gvpie run --inputs
	Pace        string `json:"pace"`        // paceFree, or "" for 60 frames a second
	NoDebug     bool   `json:"noDebug"`     // run, and terminate at the end
}

// paceFree runs as fast as it can.
const paceFree = "free"

func (s *server) initialize(q *dap.InitializeRequest) {
	s.lines1, s.columns1 = q.Arguments.LinesStartAt1, q.Arguments.ColumnsStartAt1
	s.answer(q, &dap.InitializeResponse{Body: dap.Capabilities{
		SupportsConfigurationDoneRequest: true,
		SupportsStepBack:                 true,
		SupportsSteppingGranularity:      true,
		SupportsExceptionInfoRequest:     true,
	}})
}

func (s *server) launch(q *dap.LaunchRequest) error {
	if s.session != nil {
		return errors.New("a program is launched already: one connection debugs one")
	}
	var l launch
	if err := json.Unmarshal(q.Arguments, &l); err != nil {
		return fmt.Errorf("the arguments of launch: %w", err)
	}
	if l.Program == "" {
		return errors.New(`launch needs "program", the path of a file`)
	}
	if l.Pace != "" && l.Pace != paceFree {
		return fmt.Errorf(`"pace" may be %q; without it the program runs at 60 frames a second`, paceFree)
	}
	a, err := s.Assemble(l.Program)
	if err != nil {
		return err
	}
	for _, d := range a.Diagnostics {
		if d.Severity == pxl.Error {
			return errors.New(d.String())
		}
	}
	run := debug.Run{Assembly: a, Seed: l.Seed}
	if l.Inputs != "" {
		in, err := s.Inputs(l.Inputs)
		if err != nil {
			return err
		}
		run.InputAt = in.At
	}
	if s.session, err = debug.New(run); err != nil {
		return err
	}
	s.session.Log = s.log
	if s.program, err = filepath.Abs(l.Program); err != nil {
		return err
	}
	s.launched = l
	s.answer(q, &dap.LaunchResponse{})
	s.send(&dap.InitializedEvent{Event: event("initialized")})
	return nil
}

// configured begins what was launched.
func (s *server) configured(q *dap.ConfigurationDoneRequest) error {
	s.answer(q, &dap.ConfigurationDoneResponse{})
	if s.launched.StopOnEntry && !s.launched.NoDebug {
		s.stopped("entry", "")
		return nil
	}
	s.running = true
	return nil
}

// source is the file of a place.
func (s *server) source(p debug.Place) *dap.Source {
	path := s.program
	if p.Path != "" {
		path = filepath.Join(filepath.Dir(s.program), filepath.FromSlash(p.Path))
	}
	return &dap.Source{Name: filepath.Base(path), Path: path}
}
