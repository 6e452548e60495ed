package mcp

import (
	"context"
	"errors"
	"fmt"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/runtime/agent"
	"gvpie/runtime/isa"
	"gvpie/runtime/store"
)

// The tools that steer the loop by its database, and look at what it did.

type scriptIn struct {
	Script string `json:"script,omitempty" jsonschema:"the name of the script; this or id"`
	ID     int64  `json:"id,omitempty" jsonschema:"its id"`
}

// script finds the script that is meant.
func (s *toolbox) script(ctx context.Context, in scriptIn) (*store.Store, store.Script, error) {
	db, err := s.database()
	if err != nil {
		return nil, store.Script{}, err
	}
	var one store.Script
	switch {
	case in.Script != "" && in.ID == 0:
		one, err = db.Script(ctx, in.Script)
	case in.Script == "" && in.ID != 0:
		one, err = db.ScriptByID(ctx, in.ID)
	default:
		return nil, one, errors.New("say which script: by its name or by its id")
	}
	return db, one, err
}

type scriptOut struct {
	scriptRow
	Code string `json:"code"`
}

// maxCode is how many bytes of a code or an output are shown of one row.
const maxCode = 64 << 10

func (s *toolbox) readScript(ctx context.Context, _ *sdk.CallToolRequest, in scriptIn) (*sdk.CallToolResult, scriptOut, error) {
	_, one, err := s.script(ctx, in)
	return nil, scriptOut{scriptRowOf(one), clip(one.Code, maxCode)}, err
}

type idOut struct {
	ID int64 `json:"id"`
}

func (s *toolbox) enableScript(ctx context.Context, _ *sdk.CallToolRequest, in scriptIn) (*sdk.CallToolResult, idOut, error) {
	return s.switchScript(ctx, in, true)
}

func (s *toolbox) disableScript(ctx context.Context, _ *sdk.CallToolRequest, in scriptIn) (*sdk.CallToolResult, idOut, error) {
	return s.switchScript(ctx, in, false)
}

func (s *toolbox) switchScript(ctx context.Context, in scriptIn, on bool) (*sdk.CallToolResult, idOut, error) {
	db, one, err := s.script(ctx, in)
	if err == nil {
		err = db.SetEnabled(ctx, one.ID, on)
	}
	return nil, idOut{one.ID}, err
}

func (s *toolbox) removeScript(ctx context.Context, _ *sdk.CallToolRequest, in scriptIn) (*sdk.CallToolResult, idOut, error) {
	db, one, err := s.script(ctx, in)
	if err == nil {
		err = agent.RemoveScript(ctx, db, db.Dir(), one.ID)
	}
	return nil, idOut{one.ID}, err
}

// runScript asks for a run. The loop is another process's, which looks into the
// database at its next cycle.
func (s *toolbox) runScript(ctx context.Context, _ *sdk.CallToolRequest, in scriptIn) (*sdk.CallToolResult, idOut, error) {
	db, one, err := s.script(ctx, in)
	if err == nil && !one.Enabled {
		err = fmt.Errorf("the script %q is disabled: enable it first", one.Name)
	}
	if err == nil {
		err = db.AskRun(ctx, one.ID)
	}
	return nil, idOut{one.ID}, err
}

type rowIn struct {
	ID int64 `json:"id"`
}

func (s *toolbox) finishGoal(ctx context.Context, _ *sdk.CallToolRequest, in rowIn) (*sdk.CallToolResult, idOut, error) {
	db, err := s.database()
	if err == nil {
		err = db.DoneGoal(ctx, in.ID)
	}
	return nil, idOut(in), err
}

type runPictureIn struct {
	Run int64 `json:"run" jsonschema:"the id of the run"`
}

func (s *toolbox) runPicture(ctx context.Context, _ *sdk.CallToolRequest, in runPictureIn) (*sdk.CallToolResult, any, error) {
	db, err := s.database()
	if err != nil {
		return nil, nil, err
	}
	r, err := db.Run(ctx, in.Run)
	if err != nil {
		return nil, nil, err
	}
	out := &sdk.CallToolResult{Content: []sdk.Content{asText(runRowOf(r, maxCode))}}
	if r.HumanPNG == "" {
		out.Content = append(out.Content, &sdk.TextContent{Text: "This run left no picture."})
		return out, nil, nil
	}
	b, again, err := agent.Picture(ctx, db, r.HumanPNG)
	if err != nil {
		return nil, nil, err
	}
	if again {
		out.Content = append(out.Content, &sdk.TextContent{Text: "This picture was made again by replaying the run, bit for bit: old ones are no files."})
	}
	out.Content = append(out.Content, &sdk.ImageContent{Data: b, MIMEType: "image/png"})
	return out, nil, nil
}

type mapRowOut struct {
	ID        int64  `json:"id"`
	Iteration int64  `json:"iteration"`
	Parent    int64  `json:"parent_iteration" jsonschema:"the iteration it came from; 0: none"`
	Run       int64  `json:"run" jsonschema:"the run it tells of; 0: none"`
	Time      string `json:"timestamp"`
	Task      string `json:"task_description"`
	Result    string `json:"result"`
	Analysis  string `json:"analysis"`
}

type mapOut struct {
	Rows []mapRowOut `json:"rows"`
	Next int64       `json:"next" jsonschema:"before of the next page; 0: this is the last"`
}

func (s *toolbox) readMap(ctx context.Context, _ *sdk.CallToolRequest, in listIn) (*sdk.CallToolResult, mapOut, error) {
	rows, next, err := list(ctx, s, in, (*store.Store).MapList, func(m store.MapRow) (mapRowOut, int64) {
		return mapRowOut{
			m.ID, m.Iteration, m.Parent, m.RunID, m.Timestamp.UTC().Format("2006-01-02 15:04:05"),
			clip(m.Task, maxText), clip(m.Result, maxText), clip(m.Analysis, maxText),
		}, m.ID
	})
	return nil, mapOut{rows, next}, err
}

type replayOut struct {
	Agrees      bool     `json:"agrees" jsonschema:"it ends as it is recorded, bit for bit"`
	Divergences []string `json:"divergences" jsonschema:"what is not the same"`
	Status      string   `json:"status"`
	Cycles      uint64   `json:"cycles"`
	Frames      int      `json:"frames"`
}

func (s *toolbox) replayRun(ctx context.Context, _ *sdk.CallToolRequest, in runPictureIn) (*sdk.CallToolResult, replayOut, error) {
	out := replayOut{Divergences: []string{}}
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	db, err := s.database()
	if err != nil {
		return nil, out, err
	}
	r, err := db.Run(ctx, in.Run)
	if err != nil {
		return nil, out, err
	}
	if r.MapID == 0 {
		return nil, out, fmt.Errorf("run %d has no row of the map, which would say what it ran", r.ID)
	}
	row, err := db.MapRow(ctx, r.MapID)
	if err != nil {
		return nil, out, err
	}
	e := s.config.CPU()
	defer e.Close()
	again, err := agent.Replay(ctx, db, db.Dir(), e, row)
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("the run was not over after %v", timeLimit)
	}
	if err != nil {
		return nil, out, err
	}
	out.Agrees, out.Status, out.Cycles, out.Frames = again.Agrees(), again.Now.Status, again.Now.Cycles, again.Now.Frames
	out.Divergences = append(out.Divergences, again.Divergences...)
	return nil, out, nil
}

// seedOf is a seed as a tool is given it: 32 bits, with a sign or without.
func seedOf(seed *int64) (int32, error) {
	switch {
	case seed == nil:
		return isa.DefaultSeed, nil
	case *seed < -1<<31 || *seed > 1<<32-1 || *seed == 0:
		return 0, fmt.Errorf("seed is %d; it may be any number of 32 bits but 0", *seed)
	}
	return int32(*seed), nil
}
