package mcp

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
	"gvpie/runtime/store"
)

// Every schema has plain types, and every object its properties: some clients refuse
// the whole server otherwise.
func TestSchemasArePlain(t *testing.T) {
	s := assistant(t)
	all, err := s.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Tools) < 19 {
		t.Errorf("%d tools", len(all.Tools))
	}
	var look func(at string, v any)
	look = func(at string, v any) {
		switch v := v.(type) {
		case []any:
			for _, one := range v {
				look(at, one)
			}
		case map[string]any:
			if _, list := v["type"].([]any); list {
				t.Errorf("%s is of the types %v", at, v["type"])
			}
			if _, ok := v["properties"].(map[string]any); v["type"] == "object" && !ok {
				t.Errorf("%s is an object without properties", at)
			}
			for name, one := range v {
				look(at+"."+name, one)
			}
		}
	}
	for _, tool := range all.Tools {
		in, ok := tool.InputSchema.(map[string]any)
		if !ok || in["type"] != "object" {
			t.Errorf("%s takes %v", tool.Name, tool.InputSchema)
		}
		look(tool.Name+" takes", tool.InputSchema)
		look(tool.Name+" gives", tool.OutputSchema)
	}
}

// A line that is no message is answered, and the next one is served.
func TestOneGarbageLineEndsNothing(t *testing.T) {
	in, say := io.Pipe()
	hear, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(context.Background(), Config{Version: "test"}, in, out)
		out.Close()
	}()
	lines := bufio.NewScanner(hear)
	ask := func(line string, id any, code int) {
		t.Helper()
		if _, err := io.WriteString(say, line+"\n"); err != nil {
			t.Fatal(err)
		}
		if !lines.Scan() {
			t.Fatalf("after %.40q the server is gone", line)
		}
		var a struct {
			ID    any
			Error *struct{ Code int }
		}
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil || a.ID != id || code == 0 != (a.Error == nil) || a.Error != nil && a.Error.Code != code {
			t.Errorf("%.40q is answered %s", line, lines.Text())
		}
	}
	const hello = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}`
	ask("garbage", nil, -32700)
	ask("\n\n"+hello, 1.0, 0)
	for line, code := range map[string]int{
		"{": -32700, `{"jsonrpc":"2.0","id":2,"method":"ping"} x`: -32700, "\x00\xff": -32700, strings.Repeat("x", maxLine+1): -32700,
		"5": -32600, "{}": -32600, "null": -32600, "[]": -32600, `{"jsonrpc":"1.0","id":2,"method":"ping"}`: -32600,
	} {
		ask(line, nil, code)
	}
	ask(`{"jsonrpc":"2.0","id":3,"method":"ping"}`, 3.0, 0)
	say.Close()
	if err := <-ended; err != nil {
		t.Errorf("the server ended: %v", err)
	}
}

func TestArraysAreVariables(t *testing.T) {
	s := assistant(t)
	var ran runOut
	use(t, s, "run", map[string]any{"source": ".array a 3\n.array big 5000\nSET a[1] = -7\nSET n = 2\n", "seed": 4294967295}, &ran)
	if !reflect.DeepEqual(ran.Variables["a"], []any{0.0, -7.0, 0.0}) || ran.Variables["n"] != 2.0 || len(ran.Variables["big"].([]any)) != maxArray {
		t.Errorf("%v", ran.Variables["a"])
	}
	refused(t, s, "run", map[string]any{"source": "NOP", "seed": 4294967296})
}

func TestListsComeAPageAtATimeWithoutCode(t *testing.T) {
	s := assistant(t)
	for i := range 4 {
		use(t, s, "add_script", map[string]any{"name": fmt.Sprint("s", i), "purpose": strings.Repeat("p", 1000), "source": "# a telling comment\nNOP"}, nil)
	}
	var names []string
	var before int64
	for {
		var page scriptsOut
		r := use(t, s, "list_scripts", map[string]any{"limit": 2, "before": before}, &page)
		if text := texts(r); strings.Contains(text, "telling") || len(text) > 2000 {
			t.Errorf("a list tells too much: %s", text)
		}
		for _, one := range page.Scripts {
			names = append(names, one.Name)
		}
		if before = page.Next; before == 0 {
			break
		}
	}
	if fmt.Sprint(names) != "[s3 s2 s1 s0 hello_gpu]" {
		t.Errorf("%v", names)
	}
	var one scriptOut
	if use(t, s, "read_script", map[string]any{"script": "s1"}, &one); one.Name != "s1" || one.Code != "# a telling comment\nNOP" {
		t.Errorf("%+v", one)
	}
	for _, tool := range []string{"list_scripts", "list_runs", "list_goals", "read_map"} {
		for _, bad := range []map[string]any{{"limit": -1}, {"limit": 101}, {"before": -1}} {
			refused(t, s, tool, bad)
		}
	}
}

func TestSteersScriptsAndGoals(t *testing.T) {
	s, data := assistantOf(t)
	db, _, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var id idOut
	use(t, s, "disable_script", map[string]any{"script": "hello_gpu"}, &id)
	if one, err := db.ScriptByID(t.Context(), id.ID); err != nil || one.Enabled || one.Name != "hello_gpu" {
		t.Errorf("%+v %v", one, err)
	}
	refused(t, s, "run_script", map[string]any{"id": id.ID})
	use(t, s, "enable_script", map[string]any{"id": id.ID}, nil)
	loop := func() {
		t.Helper()
		a := agent.New(agent.Config{Store: db, Data: data, Engine: func() engine.Engine { return engine.NewCPU() }, Cycles: 1, Interval: time.Second})
		if err := a.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	loop()
	var runs runsOut
	if use(t, s, "list_runs", nil, &runs); len(runs.Runs) != 1 || !runs.Runs[0].Success {
		t.Fatalf("%+v", runs)
	}
	run := map[string]any{"run": runs.Runs[0].ID}
	if w := widths(t, use(t, s, "run_picture", run, nil)); len(w) != 1 || w[0] != 768 {
		t.Errorf("pictures: %v", w)
	}
	if r, err := db.Run(t.Context(), runs.Runs[0].ID); err != nil || os.Remove(db.PicturePath(r.HumanPNG)) != nil {
		t.Fatal(err)
	}
	res := use(t, s, "run_picture", run, nil) // which was dropped
	if w := widths(t, res); len(w) != 1 || w[0] != 768 || !strings.Contains(texts(res), "made again by replaying") {
		t.Errorf("a picture that was dropped: %v", w)
	}
	var again replayOut
	if use(t, s, "replay_run", run, &again); !again.Agrees || again.Status != "halted" || again.Cycles != 2 {
		t.Errorf("%+v", again)
	}
	var seen whyOut
	if use(t, s, "why_texel", map[string]any{"run": run["run"], "x": 10, "y": 10}, &seen); len(seen.Touches) != 1 || seen.Touches[0].Command != "TXT" {
		t.Errorf("%+v", seen)
	}
	var chain mapOut
	if use(t, s, "read_map", nil, &chain); len(chain.Rows) != 1 || chain.Rows[0].Run != runs.Runs[0].ID || chain.Rows[0].Result == "" {
		t.Errorf("%+v", chain)
	}
	use(t, s, "run_script", map[string]any{"script": "hello_gpu"}, nil)
	if one, err := db.ScriptByID(t.Context(), id.ID); err != nil || !one.LastRunAt.IsZero() || !one.NotBefore.IsZero() {
		t.Errorf("asked for a run: %+v %v", one, err)
	}
	var goal addedOut
	use(t, s, "add_goal", map[string]any{"goal": "draw a house"}, &goal)
	use(t, s, "finish_goal", map[string]any{"id": goal.ID}, nil)
	var goals goalsOut
	if use(t, s, "list_goals", nil, &goals); len(goals.Goals) != 1 || !goals.Goals[0].Completed {
		t.Errorf("%+v", goals)
	}
	use(t, s, "remove_script", map[string]any{"script": "hello_gpu"}, nil)
	if use(t, s, "list_runs", nil, &runs); len(runs.Runs) != 1 || runs.Runs[0].Script != "hello_gpu" {
		t.Errorf("the runs of a removed script: %+v", runs)
	}
	for tool, none := range map[string]map[string]any{
		"remove_script": {"script": "hello_gpu"}, "enable_script": {"id": 99}, "disable_script": {}, "run_script": {"script": "x", "id": 1},
		"finish_goal": {"id": 99}, "run_picture": {"run": 99}, "replay_run": {"run": 99}, "why_texel": {"run": 99, "x": 0, "y": 0}, "read_script": {"script": "none"},
	} {
		refused(t, s, tool, none)
	}
}

// assistantOf is assistant, with the folder of its data.
func assistantOf(t *testing.T) (*sdk.ClientSession, string) {
	t.Helper()
	data := t.TempDir()
	return assistantIn(t, data), data
}
