package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"image/png"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/runtime/store"
)

// assistant is a client of the tools, with a data folder of its own.
func assistant(t *testing.T) *sdk.ClientSession {
	t.Helper()
	return assistantIn(t, t.TempDir())
}

func assistantIn(t *testing.T, data string) *sdk.ClientSession {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background()) // it outlives the test's own, which ends first
	ours, theirs := sdk.NewInMemoryTransports()
	ended := make(chan error, 1)
	c := Config{Version: "test", Open: func() (*store.Store, error) {
		s, _, err := store.Open(ctx, data, store.Options{})
		return s, err
	}}
	go func() { ended <- serve(ctx, c, ours) }()
	session, err := sdk.NewClient(&sdk.Implementation{Name: "test"}, nil).Connect(t.Context(), theirs, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		defer cancel()
		session.Close()
		if err := <-ended; err != nil {
			t.Errorf("the server ended: %v", err)
		}
	})
	return session
}

// use calls a tool and reads its structured answer into out.
func use(t *testing.T, s *sdk.ClientSession, tool string, in map[string]any, out any) *sdk.CallToolResult {
	t.Helper()
	r, err := s.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: in})
	if err != nil {
		t.Fatalf("%s: %v", tool, err)
	}
	if r.IsError {
		t.Fatalf("%s: %s", tool, texts(r))
	}
	if out != nil {
		b, err := json.Marshal(r.StructuredContent)
		if err == nil {
			err = json.Unmarshal(b, out)
		}
		if err != nil {
			t.Fatalf("%s: %v", tool, err)
		}
	}
	return r
}

// refused calls a tool that is to say no, and gives what it says.
func refused(t *testing.T, s *sdk.ClientSession, tool string, in map[string]any) string {
	t.Helper()
	r, err := s.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: in})
	if err != nil {
		return err.Error()
	}
	if !r.IsError {
		t.Errorf("%s of %v is not refused", tool, in)
	}
	return texts(r)
}

func texts(r *sdk.CallToolResult) string {
	var b strings.Builder
	for _, c := range r.Content {
		if text, ok := c.(*sdk.TextContent); ok {
			b.WriteString(text.Text)
		}
	}
	return b.String()
}

// widths are those of the pictures in an answer.
func widths(t *testing.T, r *sdk.CallToolResult) (all []int) {
	t.Helper()
	for _, c := range r.Content {
		if picture, ok := c.(*sdk.ImageContent); ok {
			cfg, err := png.DecodeConfig(bytes.NewReader(picture.Data))
			if err != nil || picture.MIMEType != "image/png" {
				t.Fatalf("%s: %v", picture.MIMEType, err)
			}
			all = append(all, cfg.Width)
		}
	}
	return all
}

func TestChecksRunsAndShows(t *testing.T) {
	s := assistant(t)
	tools, err := s.ListTools(t.Context(), nil)
	if err != nil || len(tools.Tools) != 30 {
		t.Fatalf("%d tools: %v", len(tools.Tools), err)
	}
	if text := texts(use(t, s, "reference", nil, nil)); !strings.HasPrefix(text, "# ") || !strings.Contains(text, "RECT") {
		t.Errorf("the reference begins %.40q", text)
	}
	refused(t, s, "reference", map[string]any{"document": "../go.mod"})

	var checked checkOut
	use(t, s, "check", map[string]any{"source": "NOP\nTXTT 1 1 A\n"}, &checked)
	if checked.OK || len(checked.Diagnostics) != 1 || checked.Diagnostics[0].Line != 2 || checked.Diagnostics[0].Fix == "" {
		t.Errorf("checked: %+v", checked)
	}
	if text := refused(t, s, "run", map[string]any{"source": "TXTT"}); !strings.Contains(text, "1:1") {
		t.Errorf("refused with %q", text)
	}

	var ran runOut
	r := use(t, s, "run", map[string]any{"source": ".canvas 20 10\nloop:\nSET n = n + 2\nLOG {n}\nFRAME\nJMP loop\n", "frames": 3}, &ran)
	if !ran.Success || ran.Frames != 3 || ran.Log != "2\n4\n6\n" || ran.Variables["n"] != 6.0 || ran.Status != "framed" {
		t.Errorf("ran: %+v", ran)
	}
	if w := widths(t, r); len(w) != 1 || w[0] != 120 {
		t.Errorf("pictures: %v", w)
	}
	use(t, s, "run", map[string]any{"source": "SET y = 0\nSET x = 1 / y"}, &ran)
	if ran.Success || ran.Line != 2 || ran.Error == "" {
		t.Errorf("failed: %+v", ran)
	}
	refused(t, s, "run", map[string]any{"source": "NOP", "frames": 1000000})
	if w := widths(t, use(t, s, "run", map[string]any{"source": ".canvas 1024 1024"}, nil)); len(w) != 1 || w[0] != 1536 {
		t.Errorf("a large picture: %v", w)
	}
}

func TestARunIsGivenMouseWheelAndKeys(t *testing.T) {
	s := assistant(t)
	source := ".canvas 8 8 pixel\nloop:\nSET wheel += mw\nSET went = went * 4 + mbp\nSET at = keyp(65) * frame + at\nPLOT mx my red\nFRAME\nJMP loop\n"
	inputs := []map[string]any{{"frame": 0, "mx": 2, "my": 3, "mb": 1, "mw": -2}, {"frame": 2, "mw": 5, "mb": 3, "keys": []int{65}}}
	var ran runOut
	use(t, s, "run", map[string]any{"source": source, "frames": 4, "inputs": inputs}, &ran)
	if ran.Variables["wheel"] != 3.0 || ran.Variables["went"] != 72.0 || ran.Variables["at"] != 2.0 {
		t.Errorf("ran: %+v", ran)
	}
	var out inspectOut
	use(t, s, "inspect_texel", map[string]any{"source": source, "x": 2, "y": 3, "inputs": inputs}, &out)
	if out.Line != 6 {
		t.Errorf("the mouse's texel: %+v", out)
	}
	r := use(t, s, "render_frames", map[string]any{"source": source, "frames": []int{1, 3}, "inputs": inputs}, nil)
	if len(widths(t, r)) != 2 {
		t.Errorf("%s", texts(r))
	}
	if text := refused(t, s, "run", map[string]any{"source": source, "inputs": []map[string]any{{"frame": 1}, {"frame": 1}}}); !strings.Contains(text, "inputs[1]: frame 1 comes after frame 1") {
		t.Errorf("refused with %q", text)
	}
}

func TestShowsChosenFrames(t *testing.T) {
	s := assistant(t)
	source := ".canvas 8 8 pixel\nloop:\nPLOT frame 0\nFRAME\nIF frame < 4 JMP loop\n"
	r := use(t, s, "render_frames", map[string]any{"source": source, "frames": []int{3, 1}}, nil)
	if len(widths(t, r)) != 2 || texts(r) != "Frame 1:Frame 3:" {
		t.Errorf("%s", texts(r))
	}
	r = use(t, s, "render_frames", map[string]any{"source": source, "frames": []int{100}}, nil)
	if len(widths(t, r)) != 1 || !strings.Contains(texts(r), "ended") {
		t.Errorf("%s", texts(r))
	}
	for _, bad := range [][]int{{}, {0}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, {1 << 30}} {
		refused(t, s, "render_frames", map[string]any{"source": source, "frames": bad})
	}
}

func TestSaysWhoWroteATexel(t *testing.T) {
	s := assistant(t)
	source := "RECT 0 0 20 5 red\nTXT 2 2 HI\n"
	for _, c := range []struct {
		x, y, line int
		holds      string
	}{{2, 2, 2, `glyph 'H', ink 0xFFFFFF, paper 0xFF0000`}, {0, 0, 1, "no glyph"}, {50, 50, 0, "untouched"}} {
		var out inspectOut
		use(t, s, "inspect_texel", map[string]any{"source": source, "x": c.x, "y": c.y}, &out)
		if out.Line != c.line || !strings.Contains(out.Texel, c.holds) || c.line > 0 && out.Statement != strings.Split(source, "\n")[c.line-1] {
			t.Errorf("%d, %d: %+v", c.x, c.y, out)
		}
	}
	refused(t, s, "inspect_texel", map[string]any{"source": source, "x": 128, "y": 0})
}

func TestReadsAndWritesTheMemory(t *testing.T) {
	s := assistant(t)
	var added addedOut
	mine := map[string]any{"name": "mine", "purpose": "greet", "source": "TXT 1 1 HI"}
	use(t, s, "add_script", mine, &added)
	mine["source"] = "TXT 1 1 HO"
	refused(t, s, "add_script", mine)
	mine["replace"] = true
	use(t, s, "add_script", mine, &added)
	refused(t, s, "add_script", map[string]any{"name": "bad", "purpose": "", "source": "TXTT"})
	refused(t, s, "add_script", map[string]any{"name": "a\nb", "purpose": "", "source": "NOP"})
	var scripts scriptsOut
	use(t, s, "list_scripts", nil, &scripts)
	found := false
	for _, one := range scripts.Scripts {
		found = found || one.ID == added.ID && one.Name == "mine" && one.Enabled
	}
	if !found {
		t.Errorf("scripts: %+v", scripts)
	}
	use(t, s, "add_goal", map[string]any{"goal": "draw a house"}, &added)
	refused(t, s, "add_goal", map[string]any{"goal": " "})
	var goals goalsOut
	use(t, s, "list_goals", nil, &goals)
	if len(goals.Goals) != 1 || goals.Goals[0].Goal != "draw a house" || goals.Goals[0].Priority != 5 {
		t.Errorf("goals: %+v", goals)
	}
	var runs runsOut
	use(t, s, "list_runs", map[string]any{"limit": 5}, &runs)
	if len(runs.Runs) != 0 {
		t.Errorf("runs: %+v", runs)
	}
}
