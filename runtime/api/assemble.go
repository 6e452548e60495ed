package api

import (
	"fmt"
	"net/http"
	"strings"

	"gvpie/runtime/pxl"
)

// sourceName is what diagnostics call the text of a request.
const sourceName = "source"

// word is one texel of a program page.
type word struct {
	R channel `json:"r"`
	G channel `json:"g"`
	B channel `json:"b"`
	A channel `json:"a"`
}

// channel is one byte of a texel, a whole number however it is written.
type channel uint8

func (v *channel) UnmarshalJSON(b []byte) error {
	text := string(b)
	if text == "null" {
		return nil
	}
	n, ok := parseWhole(text)
	if !ok || n < 0 || n > 255 {
		return fmt.Errorf("program: %s is no byte of a texel, which is 0 to 255", clip(text))
	}
	*v = channel(n)
	return nil
}

type backendsAnswer struct {
	Backends []string `json:"backends" doc:"what there is, the best first: GPU, CPU"`
}

func (s *Server) backends() []string {
	if _, ok := s.config.GPU(); ok {
		return []string{"GPU", "CPU"}
	}
	return []string{"CPU"}
}

func (c *request) getBackends() error {
	answer(c.w, http.StatusOK, backendsAnswer{c.backends()})
	return nil
}

type assembleRequest struct {
	Source *string `json:"source" need:"yes" doc:"the text of a program"`
}

type assembleAnswer struct {
	Success      bool         `json:"success"`
	Program      []word       `json:"program" doc:"the program page, which run takes as it is; empty if refused"`
	Instructions int          `json:"instructions" doc:"how many instructions it has"`
	Error        *string      `json:"error" doc:"null, or what is wrong, a line each"`
	Diagnostics  []diagnostic `json:"diagnostics" doc:"errors and warnings in order of place"`
}

// diagnostic is a pxl.Diagnostic on the wire.
type diagnostic struct {
	Severity string `json:"severity" doc:"error or warning"`
	Code     string `json:"code" doc:"stable, snake_case"`
	Line     int    `json:"line" doc:"from 1"`
	Column   int    `json:"column" doc:"from 1, in code points"`
	Length   int    `json:"length" doc:"code points"`
	Message  string `json:"message"`
	Fix      string `json:"fix,omitempty" doc:"what would mend it, in words"`
}

func (c *request) assemble() error {
	req, err := decode[assembleRequest](c)
	if err != nil {
		return err
	}
	if req.Source == nil {
		return refuse(http.StatusBadRequest, "source is missing: the text of the program")
	}
	leave, err := c.enterFor(int64(16 * len(*req.Source)))
	if err != nil {
		return err
	}
	a := pxl.Assemble(sourceName, *req.Source)
	leave()
	out := assembleAnswer{Success: a.OK(), Program: []word{}, Diagnostics: diagnostics(a, 0)}
	if out.Success {
		out.Program = make([]word, len(a.Program))
		for i, w := range a.Program {
			out.Program[i] = word{channel(w), channel(w >> 8), channel(w >> 16), channel(w >> 24)}
		}
		out.Instructions = a.Program.Instructions()
	} else {
		out.Error = refusal(out.Diagnostics)
	}
	answer(c.w, http.StatusOK, out)
	return nil
}

// enterFor waits for a turn with so many bytes of memory held.
func (c *request) enterFor(bytes int64) (leave func(), err error) {
	if err := c.reserve(bytes + 1<<20); err != nil {
		return nil, err
	}
	return c.queue.enter(c.r.Context())
}

// diagnostics are those of a, of a text with so many lines put before it.
func diagnostics(a *pxl.Assembly, before int) []diagnostic {
	out := make([]diagnostic, 0, len(a.Diagnostics))
	for _, d := range a.Diagnostics {
		severity, fix := "error", ""
		if d.Severity == pxl.Warning {
			severity = "warning"
		}
		if d.Fix != nil {
			fix = d.Fix.Title
		}
		out = append(out, diagnostic{severity, d.Code, d.Pos.Line - before, d.Pos.Column, d.Length, d.Message, fix})
	}
	return out
}

// refusal is the errors among diagnostics as text.
func refusal(list []diagnostic) *string {
	var lines []string
	for _, d := range list {
		if d.Severity == "error" {
			lines = append(lines, fmt.Sprintf("line %d, column %d: %s", d.Line, d.Column, d.Message))
		}
	}
	text := strings.Join(lines, "\n")
	return &text
}
