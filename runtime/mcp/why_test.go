package mcp

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
	"gvpie/runtime/record"
)

const moving = "x = 2\nloop:\nx = x + 3\nCLS navy\nRECT x 1 4 4 (x * 16)\nTXT 0 0 {x}\nFRAME\nJMP loop"

// chain is a value of an answer and what it came from, in one line.
func chain(values []valueOut, i int) string {
	v := values[i]
	out := fmt.Sprintf("%s %s=%d", v.Kind, v.Name, v.Value)
	switch {
	case v.By != nil:
		out += fmt.Sprintf(" <%d:%d> %d %s", v.By.Frame, v.By.Cycle, v.By.Line, v.By.Statement)
	case v.Follow:
		out += " …"
	}
	for _, from := range v.From {
		out += " (" + chain(values, from) + ")"
	}
	return out
}

func TestSaysWhyATexelLooksSo(t *testing.T) {
	s := assistant(t)
	var out whyOut
	use(t, s, "why_texel", map[string]any{"source": moving, "x": 9, "y": 2, "frame": 1}, &out)
	if out.Frame != 1 || len(out.Touches) != 2 || !out.Touches[0].Covered || out.Touches[1].Covered {
		t.Fatalf("%+v", out)
	}
	top := out.Touches[1]
	if at := top.At; at.Line != 5 || at.Statement != "RECT x 1 4 4 (x * 16)" || at.Frame != 1 || at.Cycle != 4 || top.Command != "RECT" {
		t.Errorf("%+v", top)
	}
	if top.Operands[0].Name != "x" || top.Operands[0].Value != 8 {
		t.Fatalf("%+v", top.Operands)
	}
	want := "variable x=8 <1:1> 3 x = x + 3 (variable x=5 <0:1> 3 x = x + 3 (variable x=2 <0:0> 1 x = 2))"
	if got := chain(out.Values, top.Operands[0].From[0]); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	out = whyOut{}
	use(t, s, "why_texel", map[string]any{"source": moving, "x": 9, "y": 2, "frame": 1, "hops": 1}, &out)
	want = "variable x=8 <1:1> 3 x = x + 3 (variable x=5 …)"
	if got := chain(out.Values, out.Touches[1].Operands[0].From[0]); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}

	out = whyOut{}
	use(t, s, "why_texel", map[string]any{"source": ".canvas 8 8\nEACH\nv = px + 1\nPUT v\nEND", "x": 3, "y": 2}, &out)
	if b := out.Touches[0].Block; b == nil || len(b.Steps) != 2 || b.Steps[0].Name != "v" || *b.Steps[0].Value != 4 {
		t.Errorf("%+v", out.Touches)
	}

	for want, in := range map[string]map[string]any{
		"not on the canvas":                    {"source": moving, "x": 128, "y": 0},
		"there is no frame 5":                  {"source": "FRAME", "x": 0, "y": 0, "frame": 5},
		"does not assemble":                    {"source": "RECTT", "x": 0, "y": 0},
		"say one of source, run and recording": {"source": "NOP", "run": 1, "x": 0, "y": 0},
		"frame is -1; frames count from 0":     {"source": "NOP", "x": 0, "y": 0, "frame": -1},
		"hops is 21; it may be 1 to 20":        {"source": "NOP", "x": 0, "y": 0, "hops": 21},
		"seed is 0; it may be any number of 3": {"source": "NOP", "x": 0, "y": 0, "seed": 0},
	} {
		if got := refused(t, s, "why_texel", in); !strings.Contains(got, want) {
			t.Errorf("%v: %s", in, got)
		}
	}
}

// A recording is asked about like a program, with what it was given.
func TestAsksAboutARecording(t *testing.T) {
	s := assistant(t)
	a := pxltest.Assemble(t, "l:\nPLOT mx 3 red\nFRAME\nJMP l")
	r := record.Recording{Name: "dot.pxl", Source: a.Source, Program: a.Program, Seed: 1}
	_, err := r.Run(t.Context(), engine.NewCPU(), 6, 0, func(frame int) machine.Input { return machine.Input{MouseX: int32(frame * 2)} })
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, change func(b []byte) []byte) string {
		t.Helper()
		var b bytes.Buffer
		if err := r.Write(&b); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, change(b.Bytes()), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	path := write("whole.pxlrec", func(b []byte) []byte { return b })
	var out whyOut
	use(t, s, "why_texel", map[string]any{"recording": path, "x": 8, "y": 3, "frame": 4}, &out)
	if len(out.Touches) != 1 || out.Touches[0].Operands[0].Value != 8 || out.Values[0].Kind != "mouse" {
		t.Errorf("%+v", out)
	}
	r.Source = "NOP"
	lost := write("lost.pxlrec", func(b []byte) []byte { return b })
	for want, in := range map[string]map[string]any{
		"there is no frame 6: the run ended in frame 5": {"recording": path, "x": 0, "y": 0, "frame": 6},
		"a recording has its seed":                      {"recording": path, "x": 0, "y": 0, "seed": 3},
		"no recording":                                  {"recording": write("none.pxlrec", func([]byte) []byte { return []byte("no") }), "x": 0, "y": 0},
		"the text of its program is lost":               {"recording": lost, "x": 0, "y": 0},
		"say one of":                                    {"recording": path, "source": "NOP", "x": 0, "y": 0},
	} {
		if got := refused(t, s, "why_texel", in); !strings.Contains(got, want) {
			t.Errorf("%v: %s", in, got)
		}
	}
}

func TestGoesToAMoment(t *testing.T) {
	s := assistant(t)
	const source = "DEF half(n)\nRETURN n / 2\nEND\nx = 8\nloop:\nx = half(x)\nFRAME\nJMP loop"
	stand := func(in map[string]any) string {
		t.Helper()
		var out stoodOut
		in["source"] = source
		use(t, s, "step", in, &out)
		line := fmt.Sprintf("%d:%d %d %s", out.Frame, out.Cycle, out.Line, out.Statement)
		for _, c := range out.Calls {
			line += fmt.Sprintf(" in %s %v", c.Name, c.Locals)
		}
		for _, v := range out.Variables {
			line += fmt.Sprintf(" %s=%d", v.Name, v.Value)
			if v.Was != nil {
				line += fmt.Sprintf(" was %d", *v.Was)
			}
		}
		return line
	}
	at := func(frame, cycle int) map[string]any { return map[string]any{"frame": frame, "cycle": cycle} }
	for _, c := range []struct {
		in   map[string]any
		want string
	}{
		{map[string]any{"to": at(0, 0)}, "0:0 1 DEF half(n) x=0"},
		{map[string]any{"to": at(0, 3)}, "0:3 2 RETURN n / 2 in half [{n 8 <nil>}] x=8 was 0"},
		{map[string]any{"to": at(2, 0), "from": at(1, 0)}, "2:0 8 JMP loop x=2 was 4"},
		{map[string]any{"to": at(0, 99)}, "1:0 8 JMP loop x=4 was 0"},
	} {
		if got := stand(c.in); got != c.want {
			t.Errorf("%v: %s\nwant %s", c.in, got, c.want)
		}
	}
	var out stoodOut
	use(t, s, "step", map[string]any{"source": "x = 4\nx = x / y\ny = 1", "to": at(5, 5)}, &out)
	if out.Line != 2 || out.Ended == "" || out.Frame != 0 {
		t.Errorf("%+v", out)
	}
	for want, in := range map[string]map[string]any{
		"to.frame is -1": {"source": source, "to": at(-1, 0)}, "from.cycle is -1": {"source": source, "to": at(0, 0), "from": at(0, -1)},
	} {
		if got := refused(t, s, "step", in); !strings.Contains(got, want) {
			t.Errorf("%v: %s", in, got)
		}
	}
}

func TestTellsWhatAVariableWas(t *testing.T) {
	s := assistant(t)
	source := ".array a 4\nx = 5\nFRAME\nFRAME\nx = x * 2\nx = x + 1\na[2] = 3\nFRAME"
	var out historyOut
	use(t, s, "value_history", map[string]any{"source": source, "name": "x"}, &out)
	want := "[{0 5 2 x = 5 } {1 5 0  } {2 11 6 x = x + 1 } {3 11 0  }]"
	if got := fmt.Sprint(out.Values); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	out = historyOut{}
	use(t, s, "value_history", map[string]any{"source": source, "name": "a[2]", "from": 1, "frames": 2}, &out)
	if got, want := fmt.Sprint(out.Values), "[{1 0 0  } {2 3 7 a[2] = 3 }]"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	out = historyOut{}
	use(t, s, "value_history", map[string]any{"source": source, "name": "12 / (x - 5) + a[2]"}, &out)
	if got, want := fmt.Sprint(out.Values), "[{0 0 0  12 is divided by zero} {1 0 0  12 is divided by zero} {2 5 0  } {3 5 0  }]"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	for want, in := range map[string]map[string]any{
		`"y" is no variable of the program: it has x, a`: {"source": source, "name": "y"},
		`"a" is no variable`:                             {"source": source, "name": "a"},
		`"a[4]" is no variable`:                          {"source": source, "name": "a[4]"},
		"there is no frame 4":                            {"source": source, "name": "x", "from": 4},
		"frames is 601":                                  {"source": source, "name": "x", "frames": 601},
	} {
		if got := refused(t, s, "value_history", in); !strings.Contains(got, want) {
			t.Errorf("%v: %s", in, got)
		}
	}
}

func TestFindsTheFirstFrameWhere(t *testing.T) {
	s := assistant(t)
	source := "loop:\nx = x + mx\nFRAME\nJMP loop"
	inputs := []map[string]any{{"frame": 4, "mx": 3}}
	var out firstOut
	use(t, s, "first_frame_where", map[string]any{"source": source, "inputs": inputs, "expression": "x == 9"}, &out)
	if want := (firstOut{Found: true, Frame: 6, Cycle: 2, Looked: 7}); out != want {
		t.Errorf("%+v, want %+v", out, want)
	}
	out = firstOut{}
	use(t, s, "first_frame_where", map[string]any{"source": "x = 1\nFRAME", "expression": "1 / x == 3"}, &out)
	if out.Found || out.Looked != 2 || out.Remark != "" {
		t.Errorf("%+v", out)
	}
	out = firstOut{}
	use(t, s, "first_frame_where", map[string]any{"source": "x = 1\nFRAME\nFRAME\nx = 2", "expression": "x == 1", "last": true}, &out)
	if !out.Found || out.Frame != 1 || out.Looked != 3 {
		t.Errorf("the last: %+v", out)
	}
	if got := refused(t, s, "first_frame_where", map[string]any{"source": source, "expression": "nobody > 3"}); !strings.Contains(got, "nobody") {
		t.Error(got)
	}
}

func TestComparesTheFramesOfTwoRuns(t *testing.T) {
	s := assistant(t)
	run := func(source string) map[string]any { return map[string]any{"source": source} }
	const steps = ".canvas 8 8\nl:\nPLOT frame 1 red\nIF frame == 3 PLOT 5 %d red\nFRAME\nJMP l"
	a, b := fmt.Sprintf(steps, 2), fmt.Sprintf(steps, 4)
	for _, c := range []struct {
		in   map[string]any
		want string
	}{
		{map[string]any{"a": run(a), "b": run(b)}, "{false 3 [5 2] no glyph, ink 0xFFFFFF, paper 0xFF0000 untouched 2}"},
		{map[string]any{"a": run(a), "b": run(b), "frame": 2}, "{true 2 []   0}"},
		{map[string]any{"a": run(a), "b": run(b), "frame": 9}, "{false 9 [5 2] no glyph, ink 0xFFFFFF, paper 0xFF0000 untouched 2}"},
		{map[string]any{"a": run("PLOT 1 1"), "b": run("FRAME\nPLOT 1 1\nFRAME")}, "{false 0 [1 1] no glyph, ink 0xFFFFFF, paper 0x336699 untouched 1}"},
		{map[string]any{"a": run("PLOT 1 1"), "b": run("PLOT 1 1\nFRAME")}, "{true 1 []   0}"},
	} {
		var out compareOut
		use(t, s, "compare_frames", c.in, &out)
		if got := fmt.Sprint(out); got != c.want {
			t.Errorf("%v: %s\nwant %s", c.in, got, c.want)
		}
	}
	for want, in := range map[string]map[string]any{
		"the canvases are not alike: 8 × 8 and 128 × 64": {"a": run(a), "b": run("NOP")},
		"b: the program does not assemble":               {"a": run(a), "b": run("RECTT")},
	} {
		if got := refused(t, s, "compare_frames", in); !strings.Contains(got, want) {
			t.Errorf("%v: %s", in, got)
		}
	}
}

func TestMeasuresAllTexelsOfAFrame(t *testing.T) {
	s := assistant(t)
	source := ".canvas 8 4 pixel\nloop:\nCLS\nRECT 1 1 2 1 red\nEACH 0 0 8 1\n  v = px * px\n  PUT v\nEND\nPLOT frame 2 red\nFRAME\nJMP loop"
	for _, c := range []struct {
		in   map[string]any
		want string
	}{
		{map[string]any{"kind": "overdraw"}, "{32 1 2 [[0 0 2] [1 0 2] [2 0 2] [3 0 2] [4 0 2] [5 0 2] [6 0 2] [7 0 2] [1 1 2] [2 1 2] [0 2 2] "},
		{map[string]any{"kind": "heat"}, "{8 2 2 [[0 0 2] "},
		{map[string]any{"kind": "changed", "frame": 1}, "{2 1 1 [[0 2 1] [1 2 1]] }"},
		{map[string]any{"kind": "drew", "line": 4}, "{2 1 1 [[1 1 1] [2 1 1]] }"},
		{map[string]any{"kind": "each", "expression": "v"}, "{8 0 49 [[7 0 49] [6 0 36] "},
		{map[string]any{"kind": "each", "expression": "6 / (px - 1) > 2", "line": 6}, "{7 0 1 [[2 0 1] [3 0 1] [0 0 0] [4 0 0] [5 0 0] [6 0 0] [7 0 0]] texel 1, 0: 6 is divided by zero}"},
	} {
		var out overlayOut
		c.in["source"] = source
		use(t, s, "overlay", c.in, &out)
		if got := fmt.Sprint(out); !strings.HasPrefix(got, c.want) {
			t.Errorf("%v: %s\nwant %s", c.in, got, c.want)
		}
	}
	for want, in := range map[string]map[string]any{
		"it may be overdraw": {"source": source, "kind": "cold"},
		"no EACH of line 4":  {"source": source, "kind": "each", "expression": "v", "line": 4},
		"missing":            {"source": source, "kind": "each"},
		"say the line":       {"source": source, "kind": "drew"},
	} {
		if got := refused(t, s, "overlay", in); !strings.Contains(got, want) {
			t.Errorf("%v: %s", in, got)
		}
	}
}
