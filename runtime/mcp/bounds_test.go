package mcp

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/runtime/store"
)

// A talk is one with a server, line by line.
type talk struct {
	t     *testing.T
	say   io.Writer
	lines *bufio.Scanner
	id    int
}

func talkTo(t *testing.T, data string) *talk {
	t.Helper()
	in, say := io.Pipe()
	hear, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		c := Config{Version: "test", Open: func() (*store.Store, error) {
			s, _, err := store.Open(context.Background(), data, store.Options{})
			return s, err
		}}
		ended <- Serve(context.Background(), c, in, out)
		out.Close()
	}()
	t.Cleanup(func() {
		say.Close()
		if err := <-ended; err != nil {
			t.Errorf("the server ended: %v", err)
		}
	})
	k := &talk{t: t, say: say, lines: bufio.NewScanner(hear)}
	k.lines.Buffer(nil, 64<<20)
	k.ask("initialize", `{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}`)
	if _, err := io.WriteString(say, `{"jsonrpc":"2.0","method":"notifications/initialized"}`+"\n"); err != nil {
		t.Fatal(err)
	}
	return k
}

// ask sends a request as it is written, and gives the answer as it comes.
func (k *talk) ask(method, params string) string {
	k.t.Helper()
	k.id++
	if _, err := fmt.Fprintf(k.say, `{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`+"\n", k.id, method, params); err != nil {
		k.t.Fatal(err)
	}
	if !k.lines.Scan() {
		k.t.Fatalf("no answer to %s %.100s: %v", method, params, k.lines.Err())
	}
	return k.lines.Text()
}

// call calls a tool with arguments as they are written.
func (k *talk) call(tool, arguments string) (said string, refused bool) {
	k.t.Helper()
	var a struct {
		Result struct {
			Content []struct{ Text string }
			IsError bool
		}
		Error *struct{ Message string }
	}
	line := k.ask("tools/call", fmt.Sprintf(`{"name":%q,"arguments":%s}`, tool, arguments))
	if err := json.Unmarshal([]byte(line), &a); err != nil {
		k.t.Fatalf("%v: %.200s", err, line)
	}
	if a.Error != nil {
		return a.Error.Message, true
	}
	for _, c := range a.Result.Content {
		said += c.Text
	}
	return said, a.Result.IsError
}

// A whole number is whole however a client's language writes it, in every argument
// that is one; what is no number in bounds is refused, and said to be.
func TestNumbersAreWholeHoweverTheyAreWritten(t *testing.T) {
	s, data := assistantOf(t)
	var goal addedOut
	use(t, s, "add_goal", map[string]any{"goal": "draw"}, &goal)
	db, _, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	run, err := db.BeginRun(t.Context(), 1, time.Now(), "CPU")
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.FinishRun(t.Context(), run, store.Finished{Success: true, Code: "HALT", ResultJSON: `{"lang":"pixel","status":"halted"}`})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := db.AddOffer(t.Context(), store.Offer{ScriptID: 1, Claim: "cheaper", Evidence: "rule", Source: "HALT"}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	k := talkTo(t, data)
	needed := map[string][]string{ // what a tool needs
		"run": {`"source":"NOP"`}, "render_frames": {`"source":"NOP"`, `"frames":[1]`}, "inspect_texel": {`"source":"NOP"`, `"x":1`, `"y":1`}, "why_texel": {`"source":"FRAME\nFRAME"`, `"x":1`, `"y":1`}, "step": {`"source":"FRAME\nFRAME"`, `"to":{}`}, "overlay": {`"source":"FRAME\nFRAME"`, `"kind":"overdraw"`}, "first_frame_where": {`"source":"FRAME\nFRAME"`, `"expression":"1"`}, "value_history": {`"source":"x = 1\nFRAME\nFRAME"`, `"name":"x"`}, "compare_frames": {`"a":{"source":"FRAME"}`, `"b":{"source":"FRAME"}`}, "add_goal": {`"goal":"x"`}, "propose": {`"candidate":"NOP"`},
	}
	numbers := 0
	all, err := s.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	last := func(t *sdk.Tool) string { return strings.Replace(t.Name, "remove_script", "~", 1) } // the others need one
	slices.SortFunc(all.Tools, func(a, b *sdk.Tool) int { return strings.Compare(last(a), last(b)) })
	for _, tool := range all.Tools {
		properties := tool.InputSchema.(map[string]any)["properties"].(map[string]any)
		for name, v := range properties {
			p := v.(map[string]any)
			form := "%s"
			if items, ok := p["items"].(map[string]any); ok && items["type"] == "integer" {
				form = "[%s]"
			} else if p["type"] != "integer" {
				continue
			}
			numbers++
			arguments := func(number string) string {
				args := ""
				for _, other := range needed[tool.Name] {
					if tool.Name == "value_history" && name == "run" {
						other = strings.Replace(other, `"name":"x"`, `"name":"frame"`, 1)
					}
					if !strings.HasPrefix(other, `"`+name+`"`) && !(name == "run" && strings.HasPrefix(other, `"source"`)) {
						args += other + ","
					}
				}
				return fmt.Sprintf(`{%s%q:%s}`, args, name, fmt.Sprintf(form, number))
			}
			for _, one := range []string{"1", "1.0", "1e0", "10E-1"} {
				if tool.Name == "remove_script" && one != "1e0" {
					continue // it can be done once
				}
				if said, refused := k.call(tool.Name, arguments(one)); refused && !strings.Contains(said, "left no picture to compare with") {
					t.Errorf("%s: %s of %s is refused: %s", tool.Name, name, one, said)
				}
			}
			for _, one := range []string{"-1", "-1.0", "1.5", `"1"`, "1e300", "99999999999999999999", "true"} {
				if said, refused := k.call(tool.Name, arguments(one)); !refused && !(name == "seed" && strings.HasPrefix(one, "-1")) {
					t.Errorf("%s: %s of %s is not refused: %s", tool.Name, name, one, said)
				}
			}
			if said, refused := k.call(tool.Name, arguments("0")); !refused && name != "before" && name != "x" && name != "y" && name != "from" && !(name == "frame" && tool.Name != "inspect_texel") {
				t.Errorf("%s: %s of 0 is not refused: %s", tool.Name, name, said)
			}
		}
	}
	if numbers < 20 {
		t.Errorf("%d arguments are numbers", numbers)
	}
}

// No answer is long, whatever is in the database, and pages lead to every row.
func TestAnswersAreBoundedInBytes(t *testing.T) {
	s, data := assistantOf(t)
	use(t, s, "list_goals", nil, nil)
	const scripts, rows = 5002, 60
	long := strings.Repeat("a log\x01\n", 13<<10) // 90 KB
	db, err := sql.Open("sqlite", filepath.ToSlash(filepath.Join(data, "db", "daemon.db"))+"?_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const count = "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) "
	for _, q := range []string{
		count + "INSERT INTO improvement_scripts (id, name, lang, purpose, code) SELECT i, 'a script with a name ' || i, 'pixel', 'to be one of many', ?2 || i FROM n",
	} {
		if _, err := db.Exec(q, scripts, "# some code\nHALT\n"); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range []string{
		count + "INSERT INTO improvement_runs (script_id, stdout, stderr, backend) SELECT 1, ?2, ?2, ?2 FROM n",
		count + "INSERT INTO infinite_map (iteration, task_description, code, result, analysis) SELECT i, ?2, ?2, ?2, ?2 FROM n",
		count + "INSERT INTO development_goals (goal) SELECT ?2 FROM n",
		count + "INSERT INTO improve_offers (script, state, claim, evidence, source, note, steps) SELECT ?2, ?2, ?2, ?2, ?2, ?2, ?2 FROM n",
		count + "INSERT INTO cartridge_registry (path, kind) SELECT i || ?2, 'pixel' FROM n",
	} {
		if _, err := db.Exec(q, rows+1, long); err != nil {
			t.Fatal(err)
		}
	}
	k := talkTo(t, data)
	pages := func(tool, list string, want int) {
		t.Helper()
		seen, before := map[float64]bool{}, 0.0
		n := 0
		for {
			line := k.ask("tools/call", fmt.Sprintf(`{"name":%q,"arguments":{"limit":%d,"before":%.0f}}`, tool, min(100, want-10), before))
			var a struct {
				Result struct{ StructuredContent map[string]any }
			}
			if err := json.Unmarshal([]byte(line), &a); err != nil || len(line) > 600<<10 {
				t.Fatalf("%s answers %d bytes: %v", tool, len(line), err)
			}
			out := a.Result.StructuredContent
			n += len(out[list].([]any))
			for _, row := range out[list].([]any) {
				if id, ok := row.(map[string]any)["id"].(float64); ok {
					seen[id] = true
				}
			}
			if before, _ = out["next"].(float64); before == 0 {
				break
			}
		}
		if n != want || len(seen) != want && tool != "list_cartridges" {
			t.Errorf("%s: %d rows and %d ids, want %d", tool, n, len(seen), want)
		}
	}
	pages("list_scripts", "scripts", scripts)
	pages("list_runs", "runs", rows)
	pages("read_map", "rows", rows)
	pages("list_goals", "goals", rows)
	pages("list_offers", "offers", rows)
	pages("list_cartridges", "cartridges", rows)
	var arrays strings.Builder
	for i := range 60 {
		fmt.Fprintf(&arrays, ".array a%d 1024\n", i)
	}
	for tool, arguments := range map[string]string{
		"run_picture":   `{"run":1}`,
		"run":           fmt.Sprintf(`{"source":%q}`, arrays.String()+"l:\nLOG {frame} "+strings.Repeat("x", 90)+"\nIF frame < 3000 JMP m\nHALT\nm:\nFRAME\nJMP l\n") + ``,
		"check":         fmt.Sprintf(`{"source":%q}`, strings.Repeat("TXTT "+strings.Repeat("x", 1000)+"\n", 1000)),
		"inspect_texel": fmt.Sprintf(`{"source":%q,"x":0,"y":0}`, strings.Repeat("TXTT "+strings.Repeat("x", 1000)+"\n", 1000)),
	} {
		if line := k.ask("tools/call", fmt.Sprintf(`{"name":%q,"arguments":%s}`, tool, arguments)); len(line) > 1<<20 {
			t.Errorf("%s answers %d bytes", tool, len(line))
		}
	}
	if _, err := fmt.Fprintf(k.say, "%q\n", strings.Repeat("x", 1<<20)); err != nil {
		t.Fatal(err)
	}
	if k.lines.Scan(); len(k.lines.Text()) > 2000 {
		t.Errorf("a line that is no message is answered with %d bytes", len(k.lines.Text()))
	}
}
