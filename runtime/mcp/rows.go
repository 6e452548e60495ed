package mcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

// The tools that read and write the loop's database.

type noIn struct{}

type scriptOut struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	Lang      string `json:"lang"`
	Purpose   string `json:"purpose"`
	Code      string `json:"code"`
	Enabled   bool   `json:"enabled"`
	Runs      int64  `json:"runs"`
	Successes int64  `json:"successes"`
}

type scriptsOut struct {
	Scripts []scriptOut `json:"scripts"`
}

func (s *toolbox) listScripts(ctx context.Context, _ *sdk.CallToolRequest, _ noIn) (*sdk.CallToolResult, scriptsOut, error) {
	out := scriptsOut{[]scriptOut{}}
	db, err := s.database()
	if err != nil {
		return nil, out, err
	}
	all, err := db.Scripts(ctx)
	for _, sc := range all[:min(len(all), maxRows)] {
		out.Scripts = append(out.Scripts, scriptOut{sc.ID, sc.Name, sc.Lang, sc.Purpose, sc.Code, sc.Enabled, sc.RunCount, sc.SuccessCount})
	}
	return nil, out, err
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
	if a := pxl.Assemble(in.Name, in.Source); !a.OK() {
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

type listIn struct {
	Limit int `json:"limit,omitempty" jsonschema:"rows at most, 1 to 100; default 20"`
}

// page is the newest rows, as many as are asked for.
func (in listIn) page() store.Page {
	return store.Page{Limit: min(max(cmp.Or(in.Limit, 20), 1), maxRows)}
}

type runRowOut struct {
	ID         int64   `json:"id"`
	Script     string  `json:"script"`
	Success    bool    `json:"success"`
	Backend    string  `json:"backend"`
	DurationMS float64 `json:"duration_ms"`
	Output     string  `json:"output"`
	Error      string  `json:"error"`
}

type runsOut struct {
	Runs []runRowOut `json:"runs"`
}

func (s *toolbox) listRuns(ctx context.Context, _ *sdk.CallToolRequest, in listIn) (*sdk.CallToolResult, runsOut, error) {
	out := runsOut{[]runRowOut{}}
	db, err := s.database()
	if err != nil {
		return nil, out, err
	}
	all, err := db.Runs(ctx, in.page())
	for _, r := range all {
		out.Runs = append(out.Runs, runRowOut{r.ID, r.Script, r.Success, r.Backend, r.Duration.Seconds() * 1000, r.Stdout, r.Stderr})
	}
	return nil, out, err
}

type goalOut struct {
	ID        int64  `json:"id"`
	Goal      string `json:"goal"`
	Priority  int64  `json:"priority"`
	Completed bool   `json:"completed"`
}

type goalsOut struct {
	Goals []goalOut `json:"goals"`
}

func (s *toolbox) listGoals(ctx context.Context, _ *sdk.CallToolRequest, in listIn) (*sdk.CallToolResult, goalsOut, error) {
	out := goalsOut{[]goalOut{}}
	db, err := s.database()
	if err != nil {
		return nil, out, err
	}
	all, err := db.Goals(ctx, in.page())
	for _, g := range all {
		out.Goals = append(out.Goals, goalOut{g.ID, g.Goal, g.Priority, g.Completed})
	}
	return nil, out, err
}

type addGoalIn struct {
	Goal     string `json:"goal"`
	Priority int64  `json:"priority,omitempty" jsonschema:"1 to 10, the higher the sooner; default 5"`
}

func (s *toolbox) addGoal(ctx context.Context, _ *sdk.CallToolRequest, in addGoalIn) (*sdk.CallToolResult, addedOut, error) {
	var out addedOut
	if strings.TrimSpace(in.Goal) == "" || in.Priority < 0 || in.Priority > 10 {
		return nil, out, errors.New("a goal needs words, and a priority from 1 to 10 if it has one")
	}
	db, err := s.database()
	if err != nil {
		return nil, out, err
	}
	out.ID, err = db.AddGoal(ctx, in.Goal, in.Priority)
	return nil, out, err
}
