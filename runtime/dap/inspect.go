package dap

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/go-dap"

	"gvpie/runtime/debug"
	"gvpie/runtime/liveedit"
)

// holder is what a variablesReference names.
type holder struct {
	variables []debug.Variable
	lists     []debug.List // shown behind the variables
	list      *debug.List  // whose words are shown; nil: it is none
	row       int          // of a list with rows that one is shown of, else -1
}

// hold gives the reference of a holder, 0 if it holds nothing.
func (s *server) hold(h holder) int {
	if len(h.variables)+len(h.lists) == 0 && h.list == nil {
		return 0
	}
	s.refs = append(s.refs, h)
	return len(s.refs)
}

func (s *server) stackTrace(q *dap.StackTraceRequest) error {
	s.calls = s.session.Where().Calls
	var out []dap.StackFrame
	for i, c := range s.calls {
		f := dap.StackFrame{Id: i + 1, Name: c.Name}
		if f.Name == "" {
			f.Name = "program"
		}
		if c.Place.Line > 0 {
			f.Source, f.Line, f.Column = s.source(c.Place), s.line(c.Place.Line), s.column(c.Place.Column)
		}
		out = append(out, f)
	}
	all := len(out)
	out = out[min(q.Arguments.StartFrame, all):]
	if n := q.Arguments.Levels; n > 0 {
		out = out[:min(n, len(out))]
	}
	s.answer(q, &dap.StackTraceResponse{Body: dap.StackTraceResponseBody{StackFrames: out, TotalFrames: all}})
	return nil
}

// line and column are those of a place as the client counts.
func (s *server) line(n int) int {
	if !s.lines1 {
		n--
	}
	return n
}

func (s *server) column(n int) int {
	if !s.columns1 {
		n--
	}
	return n
}

func (s *server) scopes(q *dap.ScopesRequest) error {
	i := q.Arguments.FrameId - 1
	if i < 0 || i >= len(s.calls) {
		return errors.New("this call is not open any more")
	}
	var out []dap.Scope
	add := func(name, hint string, h holder) {
		if ref := s.hold(h); ref > 0 {
			out = append(out, dap.Scope{Name: name, PresentationHint: hint, VariablesReference: ref})
		}
	}
	add("Locals", "locals", holder{variables: s.calls[i].Locals})
	var arrays, tables []debug.List
	for _, l := range s.session.Lists() {
		if l.Table {
			tables = append(tables, l)
		} else {
			arrays = append(arrays, l)
		}
	}
	add("Variables", "", holder{variables: s.session.Variables(), lists: arrays})
	add("Tables", "", holder{lists: tables})
	add("Machine", "", holder{variables: s.session.System()})
	s.answer(q, &dap.ScopesResponse{Body: dap.ScopesResponseBody{Scopes: out}})
	return nil
}

func (s *server) variables(q *dap.VariablesRequest) error {
	i := q.Arguments.VariablesReference - 1
	if i < 0 || i >= len(s.refs) {
		return errors.New("these values are of a moment that is over")
	}
	h := s.refs[i]
	out := []dap.Variable{}
	for _, v := range h.variables {
		out = append(out, dap.Variable{Name: v.Name, Value: strconv.Itoa(int(v.Value)), EvaluateName: v.Name, Type: "int32"})
	}
	for k := range h.lists {
		out = append(out, s.listed(&h.lists[k]))
	}
	if h.list != nil {
		out = s.words(h)
	}
	from, n := min(max(q.Arguments.Start, 0), len(out)), q.Arguments.Count
	out = out[from:]
	if n > 0 {
		out = out[:min(n, len(out))]
	}
	s.answer(q, &dap.VariablesResponse{Body: dap.VariablesResponseBody{Variables: out}})
	return nil
}

// listed is an array or a table as one line.
func (s *server) listed(l *debug.List) dap.Variable {
	v := dap.Variable{Name: l.Name, Value: count(len(l.Words), "word"), Type: "int32[]", VariablesReference: s.hold(holder{list: l, row: -1}), IndexedVariables: len(l.Words)}
	if l.Cols > 0 {
		rows := len(l.Words) / l.Cols
		v.Value, v.IndexedVariables = fmt.Sprintf("%d × %d words", l.Cols, rows), rows
	}
	return v
}

// words are the words of a list, or its rows.
func (s *server) words(h holder) []dap.Variable {
	l := h.list
	var out []dap.Variable
	if l.Cols > 0 && h.row < 0 {
		for y := range len(l.Words) / l.Cols {
			out = append(out, dap.Variable{
				Name: fmt.Sprintf("row %d", y), Value: count(l.Cols, "word"),
				VariablesReference: s.hold(holder{list: l, row: y}), IndexedVariables: l.Cols,
			})
		}
		return out
	}
	words, at := l.Words, "%[1]s[%[2]d]"
	if l.Cols > 0 {
		words, at = words[h.row*l.Cols:][:l.Cols], "%[1]s[%[2]d, %[3]d]"
	}
	for x, w := range words {
		args := []any{l.Name, x, h.row}
		if l.Cols == 0 {
			args = args[:2]
		}
		out = append(out, dap.Variable{Name: strconv.Itoa(x), Value: strconv.Itoa(int(w)), EvaluateName: fmt.Sprintf(at, args...), Type: "int32"})
	}
	return out
}

func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

// evaluate gives an expression's value as a decimal number; an array or a table by its
// name alone is what Variables show of it.
func (s *server) evaluate(ctx context.Context, q *dap.EvaluateRequest) error {
	if is, err := (console{s}).command(ctx, q); is {
		return err
	}
	for _, l := range s.session.Lists() {
		if l.Name == strings.TrimSpace(q.Arguments.Expression) {
			v := s.listed(&l)
			s.answer(q, &dap.EvaluateResponse{Body: dap.EvaluateResponseBody{Result: v.Value, Type: v.Type, VariablesReference: v.VariablesReference, IndexedVariables: v.IndexedVariables}})
			return nil
		}
	}
	v, err := s.session.Evaluate(ctx, q.Arguments.Expression, max(0, q.Arguments.FrameId-1))
	if err != nil {
		return err
	}
	s.answer(q, &dap.EvaluateResponse{Body: dap.EvaluateResponseBody{Result: strconv.Itoa(int(v)), Type: "int32"}})
	return nil
}

// setVariable gives a name another value, with which a branch begins.
func (s *server) setVariable(ctx context.Context, q *dap.SetVariableRequest) error {
	i := q.Arguments.VariablesReference - 1
	if i < 0 || i >= len(s.refs) {
		return errors.New("these values are of a moment that is over")
	}
	word, err := s.refs[i].word(q.Arguments.Name)
	if err != nil {
		return err
	}
	v, err := s.session.Evaluate(ctx, q.Arguments.Value, 0)
	if err != nil {
		return err
	}
	before := s.session.Branch()
	if err := s.session.Set(ctx, word, v); err != nil {
		return err
	}
	if b := s.session.Branch(); b != before {
		s.print("console", fmt.Sprintf("%s begins here, at %v", b.Name, b.At))
	}
	s.refs[i].changed(word, v)
	s.answer(q, &dap.SetVariableResponse{Body: dap.SetVariableResponseBody{Value: strconv.Itoa(int(v)), Type: "int32"}})
	return nil
}

// word is the data word of one of the names that are held.
func (h *holder) word(name string) (int, error) {
	for _, v := range h.variables {
		if v.Name == name && v.Word >= 0 {
			return v.Word, nil
		}
	}
	i, err := strconv.Atoi(name)
	if h.list == nil || err != nil || i < 0 || i >= len(h.list.Words) {
		return 0, fmt.Errorf("%s cannot be set", name)
	}
	if h.list.Table {
		return 0, fmt.Errorf("%s is a table, which no one changes", h.list.Name)
	}
	return h.list.Base + max(0, h.row)*h.list.Cols + i, nil
}

// changed brings what is held up to a word that was set.
func (h *holder) changed(word int, v int32) {
	for i := range h.variables {
		if h.variables[i].Word == word {
			h.variables[i].Value = v
		}
	}
	if h.list != nil && word >= h.list.Base && word < h.list.Base+len(h.list.Words) {
		h.list.Words[word-h.list.Base] = v
	}
}

func (s *server) exceptionInfo(q *dap.ExceptionInfoRequest) error {
	f := s.session.Where().Fault
	if f == nil {
		return errors.New("there is no run-time error here")
	}
	s.answer(q, &dap.ExceptionInfoResponse{Body: dap.ExceptionInfoResponseBody{
		ExceptionId: f.Code.String(), Description: liveedit.Explain(f, s.session.Assembly()), BreakMode: "always",
	}})
	return nil
}
