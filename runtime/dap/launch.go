package dap

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/google/go-dap"

	"gvpie/runtime/debug"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// launch is the arguments of a launch request.
type launch struct {
	Program     string `json:"program"`     // the file
	StopOnEntry bool   `json:"stopOnEntry"` // stop before the first statement
	Seed        int32  `json:"seed"`        // 0: isa.DefaultSeed
	Inputs      string `json:"inputs"`      // a file of inputs, as of gvpie run --inputs
	Recording   string `json:"recording"`   // a file to debug instead, with its program, seed and inputs
	Pace        string `json:"pace"`        // paceFree, or "" for 60 frames a second
	NoDebug     bool   `json:"noDebug"`     // run, and terminate at the end
}

// paceFree runs as fast as it can.
const paceFree = "free"

func (s *server) initialize(q *dap.InitializeRequest) {
	s.lines1, s.columns1 = q.Arguments.LinesStartAt1, q.Arguments.ColumnsStartAt1
	s.answer(q, &dap.InitializeResponse{Body: dap.Capabilities{
		SupportsConfigurationDoneRequest:  true,
		SupportsConditionalBreakpoints:    true,
		SupportsHitConditionalBreakpoints: true,
		SupportsLogPoints:                 true,
		SupportsDataBreakpoints:           true,
		SupportsEvaluateForHovers:         true,
		SupportsSetVariable:               true,
		SupportsStepBack:                  true,
		SupportsSteppingGranularity:       true,
		SupportsExceptionInfoRequest:      true,
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
	if l.Pace != "" && l.Pace != paceFree {
		return fmt.Errorf(`"pace" may be %q; without it the program runs at 60 frames a second`, paceFree)
	}
	run, err := s.run(l)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(run.Assembly.Diagnostics, isError); i >= 0 {
		return errors.New(run.Assembly.Diagnostics[i].String())
	}
	if s.session, err = debug.New(run); err != nil {
		return err
	}
	s.session.Log = s.log
	s.session.Say = func(text string) { s.print("console", text) }
	s.launched = l
	s.answer(q, &dap.LaunchResponse{})
	s.send(&dap.InitializedEvent{Event: event("initialized")})
	return nil
}

func isError(d pxl.Diagnostic) bool { return d.Severity == pxl.Error }

// run is what is to be debugged.
func (s *server) run(l launch) (run debug.Run, err error) {
	if l.Recording != "" {
		rec, a, err := s.Recording(l.Recording)
		if err != nil {
			return run, err
		}
		s.recorded = true
		return debug.Run{Assembly: a, Ring: rec.Ring(record.DefaultMemory / 2), Frames: rec.Frames.Len()}, nil
	}
	if l.Program == "" {
		return run, errors.New(`launch needs "program", the path of a file, or "recording"`)
	}
	run.Seed = l.Seed
	if run.Assembly, err = s.Assemble(l.Program); err != nil {
		return run, err
	}
	if l.Inputs != "" {
		in, err := s.Inputs(l.Inputs)
		if err != nil {
			return run, err
		}
		run.InputAt = in.At
	}
	s.program, err = filepath.Abs(l.Program)
	return run, err
}

// configured begins what was launched.
func (s *server) configured(q *dap.ConfigurationDoneRequest) error {
	s.answer(q, &dap.ConfigurationDoneResponse{})
	if s.launched.StopOnEntry && !s.launched.NoDebug {
		s.stopped("entry", "")
		return nil
	}
	s.goOn()
	s.fresh = true
	return nil
}

// source is the file of a place. That of a recording is in the recording.
func (s *server) source(p debug.Place) *dap.Source {
	if s.recorded {
		a := s.session.Assembly()
		for i := range a.Included {
			if a.Included[i].Path == p.Path {
				return &dap.Source{Name: p.Path, SourceReference: i + 2}
			}
		}
		return &dap.Source{Name: a.File, SourceReference: 1}
	}
	path := s.program
	if p.Path != "" {
		path = filepath.Join(filepath.Dir(s.program), filepath.FromSlash(p.Path))
	}
	return &dap.Source{Name: filepath.Base(path), Path: path}
}

// pathOf is a client's source as a path from the program's folder, "" the program itself.
func (s *server) pathOf(src *dap.Source) (string, error) {
	a := s.session.Assembly()
	if n := src.SourceReference; n == 1 {
		return "", nil
	} else if n >= 2 && n < len(a.Included)+2 {
		return a.Included[n-2].Path, nil
	}
	path := src.Path
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(s.program), path)
	}
	if path = filepath.Clean(path); path == s.program || s.recorded && filepath.Base(path) == filepath.Base(a.File) {
		return "", nil
	}
	for i := range a.Included {
		included := filepath.FromSlash(a.Included[i].Path)
		if filepath.Join(filepath.Dir(s.program), included) == path || s.recorded && filepath.Base(included) == filepath.Base(path) {
			return a.Included[i].Path, nil
		}
	}
	return "", fmt.Errorf("%s is no file of the program", src.Path)
}

// text answers with a source of a recording.
func (s *server) text(q *dap.SourceRequest) error {
	src := &dap.Source{SourceReference: q.Arguments.SourceReference}
	if q.Arguments.Source != nil && src.SourceReference == 0 {
		src = q.Arguments.Source
	}
	path, err := s.pathOf(src)
	if err != nil {
		return err
	}
	a := s.session.Assembly()
	text := a.Source
	for i := range a.Included {
		if a.Included[i].Path == path {
			text = a.Included[i].Text
		}
	}
	s.answer(q, &dap.SourceResponse{Body: dap.SourceResponseBody{Content: text}})
	return nil
}
