package dap

import (
	"cmp"
	"fmt"
	"image"
	"slices"

	"github.com/google/go-dap"

	"gvpie/runtime/debug"
)

// asked is a breakpoint of the client, by which of its lists it is of.
type asked struct {
	list string // a file, or data
	id   int
	debug.Breakpoint
}

// data is the list of breakpoints on variables and texels; no file is called so.
const data = "\x00data"

func (s *server) setBreakpoints(q *dap.SetBreakpointsRequest) error {
	path, err := s.pathOf(&q.Arguments.Source)
	if err != nil {
		out := make([]dap.Breakpoint, len(q.Arguments.Breakpoints))
		for i := range out {
			out[i].Message = err.Error()
		}
		s.answer(q, &dap.SetBreakpointsResponse{Body: dap.SetBreakpointsResponseBody{Breakpoints: out}})
		return nil
	}
	var list []asked
	for _, b := range q.Arguments.Breakpoints {
		line := b.Line
		if !s.lines1 {
			line++
		}
		list = append(list, asked{Breakpoint: debug.Breakpoint{Path: path, Line: line, Condition: b.Condition, Hits: b.HitCondition, Log: b.LogMessage}})
	}
	s.answer(q, &dap.SetBreakpointsResponse{Body: dap.SetBreakpointsResponseBody{Breakpoints: s.place("file "+path, list)}})
	return nil
}

func (s *server) dataBreakpointInfo(q *dap.DataBreakpointInfoRequest) error {
	name := q.Arguments.Name
	if i := q.Arguments.VariablesReference - 1; i >= 0 && i < len(s.refs) && s.refs[i].list != nil {
		h := s.refs[i]
		if name = fmt.Sprintf("%s[%s]", h.list.Name, q.Arguments.Name); h.row >= 0 {
			name = fmt.Sprintf("%s[%s, %d]", h.list.Name, q.Arguments.Name, h.row)
		}
	}
	at := watched(name)
	body := dap.DataBreakpointInfoResponseBody{Description: describe(at), DataId: name, AccessTypes: []dap.DataBreakpointAccessType{"write"}}
	if err := s.session.Check(at); err != nil {
		body = dap.DataBreakpointInfoResponseBody{Description: err.Error()}
	}
	s.answer(q, &dap.DataBreakpointInfoResponse{Body: body})
	return nil
}

func (s *server) setDataBreakpoints(q *dap.SetDataBreakpointsRequest) error {
	var list []asked
	for _, b := range q.Arguments.Breakpoints {
		at := watched(b.DataId)
		at.Condition, at.Hits = b.Condition, b.HitCondition
		list = append(list, asked{Breakpoint: at})
	}
	s.answer(q, &dap.SetDataBreakpointsResponse{Body: dap.SetDataBreakpointsResponseBody{Breakpoints: s.place(data, list)}})
	return nil
}

// watched is the breakpoint on what a client names: a variable, a word of an array, or
// texels, as texel X Y and texels X Y W H.
func watched(name string) debug.Breakpoint {
	var x, y, w, h int
	if n, _ := fmt.Sscanf(name, "texels %d %d %d %d", &x, &y, &w, &h); n == 4 {
		return debug.Breakpoint{Texels: image.Rect(x, y, x+w, y+h)}
	}
	if n, _ := fmt.Sscanf(name, "texel %d %d", &x, &y); n == 2 {
		return debug.Breakpoint{Texels: image.Rect(x, y, x+1, y+1)}
	}
	return debug.Breakpoint{Variable: name}
}

// describe says what a breakpoint on a variable or on texels stops for.
func describe(p debug.Breakpoint) string {
	switch r := p.Texels; {
	case r.Empty():
		return p.Variable + " changes"
	case r.Size() == image.Pt(1, 1):
		return fmt.Sprintf("texel %d, %d is written", r.Min.X, r.Min.Y)
	default:
		return fmt.Sprintf("a texel of %d × %d from %d, %d is written", r.Dx(), r.Dy(), r.Min.X, r.Min.Y)
	}
}

// place replaces the breakpoints of a list, and says where each is.
func (s *server) place(list string, with []asked) []dap.Breakpoint {
	if s.launched.NoDebug {
		out := make([]dap.Breakpoint, len(with))
		for i := range out {
			out[i].Message = "the program runs without debugging, and stops nowhere"
		}
		return out
	}
	s.asked = slices.DeleteFunc(s.asked, func(a asked) bool { return a.list == list })
	first := len(s.asked)
	for _, a := range with {
		s.ids++
		a.list, a.id = list, s.ids
		s.asked = append(s.asked, a)
	}
	all := make([]debug.Breakpoint, len(s.asked))
	for i := range s.asked {
		all[i] = s.asked[i].Breakpoint
	}
	s.placed = s.session.SetBreakpoints(all)
	out := []dap.Breakpoint{}
	for i, p := range s.placed[first:] {
		b := dap.Breakpoint{Id: s.asked[first+i].id, Verified: p.Problem == "", Message: p.Problem}
		if p.Line > 0 {
			b.Line = s.line(p.Line)
			b.Source = s.source(debug.Place{Path: p.Path})
		}
		out = append(out, b)
	}
	return out
}

// hit are the numbers of the breakpoints that the last move stopped for, and whether one
// of them is on a variable or on texels.
func (s *server) hit() (ids []int, data bool) {
	for _, p := range s.session.Hit() {
		if i := slices.Index(s.placed, p); i >= 0 {
			ids = append(ids, s.asked[i].id)
		}
		data = data || p.Variable != "" || !p.Texels.Empty()
	}
	slices.SortFunc(ids, cmp.Compare[int])
	return ids, data
}
