package mcp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/runtime/agent"
	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

// The tools that read and write the loop's database.

type listIn struct {
	Limit  *int64 `json:"limit,omitempty" jsonschema:"rows at most, 1 to 100; default 20"`
	Before int64  `json:"before,omitempty" jsonschema:"rows with an id below this: the next of the page before; 0 for the first page"`
}

// page is what page is asked for.
func (in listIn) page() (store.Page, error) {
	limit, err := within("limit", in.Limit, maxRows, 20)
	if err != nil {
		return store.Page{}, err
	}
	if in.Before < 0 {
		return store.Page{}, fmt.Errorf("before is %d; it is an id", in.Before)
	}
	return store.Page{Before: in.Before, Limit: int(limit), Text: maxText}, nil
}

// within is an optional number from 1 to most; absent, it is def.
func within(name string, n *int64, most, def int64) (int64, error) {
	switch {
	case n == nil:
		return def, nil
	case *n < 1 || *n > most:
		return 0, fmt.Errorf("%s is %d; it may be 1 to %d", name, *n, most)
	}
	return *n, nil
}

// list reads a page of rows. next is what before is for the page after it, 0 when
// there is none.
func list[S, R any](ctx context.Context, s *toolbox, in listIn, read func(*store.Store, context.Context, store.Page) ([]S, error), row func(S) (R, int64)) (rows []R, next int64, err error) {
	rows = []R{}
	p, err := in.page()
	if err != nil {
		return rows, 0, err
	}
	db, err := s.database()
	if err != nil {
		return rows, 0, err
	}
	all, err := read(db, ctx, p)
	for _, one := range all {
		var r R
		r, next = row(one)
		rows = append(rows, r)
	}
	if len(all) < p.Limit {
		next = 0
	}
	return rows, next, err
}

// maxText is how many bytes of a text a list shows, and characters it reads.
const maxText = 400

// clip is the beginning of a text, for a list.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

type scriptRow struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	Lang      string `json:"lang"`
	Purpose   string `json:"purpose"`
	Enabled   bool   `json:"enabled"`
	Runs      int64  `json:"runs"`
	Successes int64  `json:"successes"`
}

func scriptRowOf(s store.Script) scriptRow {
	return scriptRow{s.ID, s.Name, s.Lang, clip(s.Purpose, maxText), s.Enabled, s.RunCount, s.SuccessCount}
}

type scriptsOut struct {
	Scripts []scriptRow `json:"scripts"`
	Next    int64       `json:"next" jsonschema:"before of the next page; 0: this is the last"`
}

func (s *toolbox) listScripts(ctx context.Context, _ *sdk.CallToolRequest, in listIn) (*sdk.CallToolResult, scriptsOut, error) {
	rows, next, err := list(ctx, s, in, (*store.Store).ScriptPage, func(one store.Script) (scriptRow, int64) { return scriptRowOf(one), one.ID })
	return nil, scriptsOut{rows, next}, err
}

type addScriptIn struct {
	Name    string `json:"name"`
	Purpose string `json:"purpose" jsonschema:"what it is for, in a sentence"`
	Source  string `json:"source" jsonschema:"the text of the program"`
	Replace bool   `json:"replace,omitempty" jsonschema:"give a script of that name this program"`
}

type addedOut struct {
	ID int64 `json:"id"`
}

func (s *toolbox) addScript(ctx context.Context, _ *sdk.CallToolRequest, in addScriptIn) (*sdk.CallToolResult, addedOut, error) {
	var out addedOut
	if strings.TrimSpace(in.Name) == "" || strings.ContainsAny(in.Name, "\r\n") || len(in.Name) > 200 {
		return nil, out, errors.New("a script needs a name of one line")
	}
	if a := pxl.AssembleBundle(in.Name, in.Source); !a.OK() {
		i := max(0, slices.IndexFunc(a.Diagnostics, func(d pxl.Diagnostic) bool { return d.Severity == pxl.Error }))
		d := a.Diagnostics[i]
		return nil, out, fmt.Errorf("the program does not assemble: line %d, column %d: %s", d.Pos.Line, d.Pos.Column, d.Message)
	}
	db, err := s.database()
	if err != nil {
		return nil, out, err
	}
	old, err := db.Script(ctx, in.Name)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, out, err
	}
	if err == nil && !in.Replace && old.Code != in.Source {
		return nil, out, fmt.Errorf("there is a script %q already: say replace to give it this program", in.Name)
	}
	out.ID, _, err = db.UpsertScript(ctx, store.Script{Name: in.Name, Lang: "pixel", Purpose: in.Purpose, Code: in.Source, Enabled: true})
	return nil, out, err
}

type runRowOut struct {
	ID         int64   `json:"id"`
	Script     string  `json:"script"`
	Success    bool    `json:"success"`
	Backend    string  `json:"backend"`
	DurationMS float64 `json:"duration_ms"`
	Output     string  `json:"output" jsonschema:"how it begins; run_picture tells more"`
	Error      string  `json:"error"`
	Confined   string  `json:"confined,omitempty" jsonschema:"what held a python script; nothing: it ran unconfined"`
}

// runRowOf is a run with so many bytes of its texts at most.
func runRowOf(r store.Run, most int) runRowOut {
	return runRowOut{r.ID, r.Script, r.Success, r.Backend, r.Duration.Seconds() * 1000, clip(r.Stdout, most), clip(r.Stderr, most), r.Confined}
}

type runsOut struct {
	Runs []runRowOut `json:"runs"`
	Next int64       `json:"next" jsonschema:"before of the next page; 0: this is the last"`
}

func (s *toolbox) listRuns(ctx context.Context, _ *sdk.CallToolRequest, in listIn) (*sdk.CallToolResult, runsOut, error) {
	rows, next, err := list(ctx, s, in, (*store.Store).RunList, func(r store.Run) (runRowOut, int64) {
		return runRowOf(r, maxText), r.ID
	})
	return nil, runsOut{rows, next}, err
}

type goalOut struct {
	ID        int64  `json:"id"`
	Goal      string `json:"goal"`
	Priority  int64  `json:"priority"`
	Completed bool   `json:"completed"`
	Target    bool   `json:"target" jsonschema:"it asks for a picture"`
	Check     bool   `json:"check" jsonschema:"it asks that a check holds"`
	MaxCost   uint64 `json:"max_cost" jsonschema:"0: any"`
	Script    string `json:"script" jsonschema:"that it is about; empty: none"`
}

type goalsOut struct {
	Goals []goalOut `json:"goals"`
	Next  int64     `json:"next" jsonschema:"before of the next page; 0: this is the last"`
}

func (s *toolbox) listGoals(ctx context.Context, _ *sdk.CallToolRequest, in listIn) (*sdk.CallToolResult, goalsOut, error) {
	rows, next, err := list(ctx, s, in, (*store.Store).Goals, func(g store.Goal) (goalOut, int64) {
		return goalOut{g.ID, clip(g.Goal, maxText), g.Priority, g.Completed, g.Aim.Target != "", g.Aim.Checked, g.Aim.MaxCost, g.Aim.Script}, g.ID
	})
	return nil, goalsOut{rows, next}, err
}

type addGoalIn struct {
	Goal     string `json:"goal"`
	Priority *int64 `json:"priority,omitempty" jsonschema:"1 to 10, the higher the sooner; default 5"`
	Check    string `json:"check,omitempty" jsonschema:"a program with ASSERTs that is run after a candidate on its display, of which peek tells; or the log lines that are wanted, each behind a >"`
	MaxCost  *int64 `json:"max_cost,omitempty" jsonschema:"what it may cost at most, as propose counts"`
	Script   string `json:"script,omitempty" jsonschema:"the name of the script that it is about"`
}

func (s *toolbox) addGoal(ctx context.Context, _ *sdk.CallToolRequest, in addGoalIn) (*sdk.CallToolResult, addedOut, error) {
	var out addedOut
	priority, err := within("priority", in.Priority, 10, 5)
	if err != nil {
		return nil, out, err
	}
	most, err := within("max_cost", in.MaxCost, math.MaxInt64, 0)
	if err != nil {
		return nil, out, err
	}
	db, err := s.database()
	if err != nil {
		return nil, out, err
	}
	out.ID, err = agent.AddGoal(ctx, db, agent.NewGoal{Words: in.Goal, Priority: priority, Check: in.Check, MaxCost: uint64(most), Script: in.Script})
	return nil, out, err
}
