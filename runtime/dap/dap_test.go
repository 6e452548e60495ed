package dap

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-dap"
)

// lamp counts in a procedure, and draws.
const lamp = `.canvas 16 8
.array seen 4
SET n = 0
DEF twice(v)
  LOCAL w
  w = v + v
  RETURN w
END
loop:
  n = twice(n) + 1
  SET seen[frame & 3] = n
  LOG n is {n}
  PLOT (n & 15) 2 red
  FRAME
JMP loop
`

func TestStepsThroughAProgramAndBack(t *testing.T) {
	c := connect(t, map[string]string{"lamp.pxl": lamp}, nil)
	if why := c.launch(object{"program": "lamp.pxl", "stopOnEntry": true}); why.Reason != "entry" || c.stack[0].Line != 3 {
		t.Fatalf("it stops for %s on %+v", why.Reason, c.stack)
	}
	want := func(command string, line int, call string) {
		t.Helper()
		if l, at := c.step(command); l != line || at != call {
			t.Errorf("%s comes to line %d in %s, want line %d in %s", command, l, at, line, call)
		}
	}
	want("next", 4, "program")
	want("next", 10, "program")
	want("stepIn", 6, "twice")
	want("next", 7, "twice")
	want("stepOut", 10, "program")
	want("next", 11, "program")
	if got := c.values("Variables"); got["n"] != "1" || got["seen"] != "4 words" {
		t.Errorf("the variables are %v", got)
	}
	want("stepBack", 7, "twice")
	want("stepBack", 6, "twice")
	if got := c.values("Locals"); got["v"] != "0" || got["w"] != "0" {
		t.Errorf("the locals are %v", got)
	}
	if len(c.stack) != 2 || c.stack[1].Line != 10 || c.stack[1].Name != "program" {
		t.Errorf("the calls are %+v", c.stack)
	}
	want("stepBack", 10, "program")
	for range 5 {
		c.step("next")
	}
	want("next", 10, "program")
	if got := c.values("Machine"); got["frame"] != "1" || got["W"] != "16" {
		t.Errorf("the machine's names are %v", got)
	}
	if !strings.Contains(c.output, "n is 1\n") || strings.Count(c.output, "n is 1\n") != 1 {
		t.Errorf("the output is %q", c.output)
	}
}

func TestARunTimeErrorIsAStop(t *testing.T) {
	c := connect(t, map[string]string{"bad.pxl": "SET a = 3\nLOG before\nSET b = a / (a - 3)\nLOG behind\n"}, nil)
	if why := c.launch(object{"program": "bad.pxl", "pace": "free"}); why.Reason != "exception" || why.Text != "3 is divided by zero" || c.stack[0].Line != 3 {
		t.Errorf("it stops for %+v on %+v", why, c.stack)
	}
	if info := ask[*dap.ExceptionInfoResponse](c, "exceptionInfo", object{"threadId": 1}).Body; info.ExceptionId != "div_by_zero" {
		t.Errorf("the error is %+v", info)
	}
	if line, _ := c.step("stepBack"); line != 3 {
		t.Errorf("one step back is line %d", line)
	}
	if line, _ := c.step("stepBack"); line != 2 {
		t.Errorf("two steps back is line %d", line)
	}
	if line, _ := c.step("next"); line != 3 {
		t.Errorf("forwards again is line %d", line)
	}
	if c.output != "before\n" {
		t.Errorf("the output is %q", c.output)
	}
}

func TestTheEndIsAStop(t *testing.T) {
	c := connect(t, map[string]string{"end.pxl": "SET a = 3\nLOG {a}\nHALT\n"}, nil)
	if why := c.launch(object{"program": "end.pxl", "pace": "free"}); why.Reason != "end" {
		t.Errorf("it stops for %+v", why)
	}
	if line, _ := c.step("stepBack"); line != 3 {
		t.Errorf("one step back is line %d", line)
	}
	c.send("disconnect", nil)
	until[*dap.TerminatedEvent](c)
}

func TestAFrameATick(t *testing.T) {
	c := connect(t, map[string]string{"lamp.pxl": lamp}, nil)
	c.start(object{"program": "lamp.pxl"})
	ask[*dap.ConfigurationDoneResponse](c, "configurationDone", nil)
	for range 3 {
		c.tick <- time0
	}
	ask[*dap.PauseResponse](c, "pause", object{"threadId": 1})
	if why := c.stop(); why.Reason != "pause" {
		t.Errorf("it stops for %+v", why)
	}
	if got := c.values("Machine"); got["frame"] != "3" && got["frame"] != "2" {
		t.Errorf("after three ticks it stands in frame %s", got["frame"])
	}
}

func TestWhatCannotBeLaunched(t *testing.T) {
	c := connect(t, map[string]string{"bad.pxl": "SET a = b\n"}, nil)
	ask[*dap.InitializeResponse](c, "initialize", object{"adapterID": "gvpie"})
	refused := func(command string, arguments any, want string) {
		t.Helper()
		c.send(command, arguments)
		if e, ok := c.receive().(*dap.ErrorResponse); !ok || !strings.Contains(e.Message, want) {
			t.Errorf("%s %v is answered %+v", command, arguments, e)
		}
	}
	refused("next", object{"threadId": 1}, "no program is launched")
	refused("launch", object{}, "the path of a file")
	refused("launch", object{"program": "none.pxl"}, "there is no such file")
	refused("launch", object{"program": "bad.pxl"}, "bad.pxl:1:9: ")
	refused("launch", object{"program": 5}, "the arguments of launch")
	refused("launch", object{"program": "bad.pxl", "pace": "slow"}, "free")
	refused("restart", object{}, "no program is launched")
	refused("dance", object{}, "dance")
}

var time0 time.Time

// breakAt sets the breakpoints of a file.
func (c *client) breakAt(path string, list ...object) []dap.Breakpoint {
	c.t.Helper()
	return ask[*dap.SetBreakpointsResponse](c, "setBreakpoints", object{"source": object{"path": path}, "breakpoints": list}).Body.Breakpoints
}

func TestBreakpointsBothWays(t *testing.T) {
	c := connect(t, map[string]string{"/p/lamp.pxl": lamp}, nil)
	c.start(object{"program": "/p/lamp.pxl", "pace": "free"})
	got := c.breakAt("/p/lamp.pxl",
		object{"line": 11, "condition": "n > 4"},
		object{"line": 6, "hitCondition": "5"},
		object{"line": 13, "logMessage": "frame {frame}: {n:3}"},
		object{"line": 8, "condition": "n +"},
		object{"line": 99})
	for i, line := range []int{11, 6, 13, 10, 0} {
		if verified := i < 3; got[i].Line != line || got[i].Verified != verified || verified == (got[i].Message != "") {
			t.Errorf("breakpoint %d is %+v", i, got[i])
		}
	}
	at := func(frame string, line int, id int) {
		t.Helper()
		why := c.stop()
		if now := c.values("Machine")["frame"]; now != frame || c.stack[0].Line != line || why.Reason != "breakpoint" || len(why.HitBreakpointIds) != 1 || why.HitBreakpointIds[0] != got[id].Id {
			t.Errorf("it stops in frame %s on line %d, %+v; want frame %s, line %d", now, c.stack[0].Line, why, frame, line)
		}
	}
	ask[*dap.ConfigurationDoneResponse](c, "configurationDone", nil)
	at("2", 11, 0) // n is 7
	c.send("continue", object{"threadId": 1})
	at("3", 11, 0)
	c.send("continue", object{"threadId": 1})
	at("4", 6, 1) // the fifth call
	if want := "frame 0:   1\nn is 1\n"; !strings.HasPrefix(strings.ReplaceAll(c.output, "n is 1\nframe 0:   1\n", want), want) {
		t.Errorf("the output is %q", c.output)
	}
	c.send("reverseContinue", object{"threadId": 1})
	at("3", 11, 0)
	c.send("reverseContinue", object{"threadId": 1})
	at("2", 11, 0)
	c.send("reverseContinue", object{"threadId": 1})
	if why := c.stop(); why.Reason != "entry" || c.stack[0].Line != 3 {
		t.Errorf("back at the start it stops for %+v", why)
	}
	c.send("continue", object{"threadId": 1})
	at("2", 11, 0)
}

func TestAVariableThatChangesStopsBothWays(t *testing.T) {
	c := connect(t, map[string]string{"/p/lamp.pxl": lamp}, nil)
	c.launch(object{"program": "/p/lamp.pxl", "pace": "free", "stopOnEntry": true})
	info := ask[*dap.DataBreakpointInfoResponse](c, "dataBreakpointInfo", object{"name": "seen[2]"}).Body
	if info.DataId == nil {
		t.Fatalf("a word of an array: %+v", info)
	}
	if none := ask[*dap.DataBreakpointInfoResponse](c, "dataBreakpointInfo", object{"name": "nothing"}).Body; none.DataId != nil {
		t.Errorf("nothing can be watched: %+v", none)
	}
	ask[*dap.SetDataBreakpointsResponse](c, "setDataBreakpoints", object{"breakpoints": []object{{"dataId": info.DataId}}})
	for _, frame := range []string{"2", "6"} {
		c.send("continue", object{"threadId": 1})
		if why := c.stop(); why.Reason != "data breakpoint" || c.stack[0].Line != 12 || c.values("Machine")["frame"] != frame {
			t.Errorf("it stops for %+v on line %d in frame %s", why, c.stack[0].Line, c.values("Machine")["frame"])
		}
	}
	c.send("reverseContinue", object{"threadId": 1})
	if why := c.stop(); why.Reason != "data breakpoint" || c.values("Machine")["frame"] != "2" {
		t.Errorf("it stops for %+v in frame %s", why, c.values("Machine")["frame"])
	}
}

func TestATexelThatIsWrittenStopsBothWays(t *testing.T) {
	c := connect(t, map[string]string{"/p/lamp.pxl": lamp}, nil)
	c.launch(object{"program": "/p/lamp.pxl", "pace": "free", "stopOnEntry": true})
	if off := ask[*dap.DataBreakpointInfoResponse](c, "dataBreakpointInfo", object{"name": "texel 16 2"}).Body; off.DataId != nil || !strings.Contains(off.Description, "not on the canvas") {
		t.Errorf("a texel off the canvas: %+v", off)
	}
	info := ask[*dap.DataBreakpointInfoResponse](c, "dataBreakpointInfo", object{"name": "texels 2 1 2 2"}).Body
	if info.DataId == nil || info.Description != "a texel of 2 × 2 from 2, 1 is written" {
		t.Fatalf("texels: %+v", info)
	}
	ask[*dap.SetDataBreakpointsResponse](c, "setDataBreakpoints", object{"breakpoints": []object{{"dataId": info.DataId}}})
	c.send("continue", object{"threadId": 1})
	if why := c.stop(); why.Reason != "data breakpoint" || c.stack[0].Line != 14 || c.values("Variables")["n"] != "3" {
		t.Errorf("it stops for %+v on line %d with %v", why, c.stack[0].Line, c.values("Variables"))
	}
	c.send("reverseContinue", object{"threadId": 1})
	if why := c.stop(); why.Reason != "entry" {
		t.Errorf("before that it stops for %+v", why)
	}
}

// say has a command of the console done, and gives what is answered.
func (c *client) say(text string) string {
	c.t.Helper()
	c.send("evaluate", object{"expression": text, "context": "repl"})
	for {
		switch m := c.receive().(type) {
		case *dap.EvaluateResponse:
			return m.Body.Result
		case *dap.ErrorResponse:
			return m.Message
		}
	}
}

func TestTheConsoleGoesToLinesWritesAndChanges(t *testing.T) {
	c := connect(t, map[string]string{"/p/lamp.pxl": lamp}, nil)
	c.launch(object{"program": "/p/lamp.pxl", "pace": "free", "stopOnEntry": true})
	for _, says := range [][2]string{
		{".next line 6", "frame 0, cycle 3, line 6: w = v + v"},
		{".next write 7 2", "frame 2, cycle 10, line 14: FRAME"},
		{".next change seen[2]", "frame 6, cycle 7, line 12: LOG n is {n}"},
		{".last change seen[2]", "frame 2, cycle 7, line 12: LOG n is {n}"},
		{".last write 0 0 16 8", "frame 1, cycle 10, line 14: FRAME"},
		{".last line 3", "frame 0, cycle 0, line 3: SET n = 0"},
		{".last line 3", "there is none before"},
		{".first where n == 15", "frame 3, cycle 10, line 14: FRAME"},
		{".last where n == 15", "frame 3, cycle 10"}, {".last where n < 10 && 4 / (n - 3)", "frame 2, cycle 10, line 14: FRAME; counts as false in frame 1: 4 is divided by zero"},
		{".history n + seen[0]", "2 4 8"}, {".history 4 / (n - 3)", "-2 – 1"}, {".last where n > 999", "in none of 6 frames"},
		{".first n", "say where"}, {".first where n +", "value"}, {".history", "missing"},
		{".next", "say what"}, {".next line", "say what"}, {".next line x", "a number from 1"}, {".next line 99", "no statement"}, {".next write 1", "X Y"},
		{".next write 99 99", "not on the canvas"}, {".next change none", "no variable"}, {".next dance 1", "no dance"}, {".dance", ".help lists"}, {".help", ".last line N [FILE]"}, {".last line 3", "frame 0, cycle 0"},
	} {
		if got := c.say(says[0]); !strings.Contains(got, says[1]) {
			t.Errorf("%s is answered %q, want %q", says[0], got, says[1])
		}
	}
	if got := ask[*dap.EvaluateResponse](c, "evaluate", object{"expression": "n", "context": "repl"}).Body.Result; got != "0" {
		t.Errorf("an expression in the console is %s", got)
	}
}

// TestAFaultOfTheDebuggerIsAnAnswer, and the next request is answered too.
func TestAFaultOfTheDebuggerIsAnAnswer(t *testing.T) {
	c := connect(t, map[string]string{"/p/lamp.pxl": lamp, "/p/fault.pxl": "panic"}, nil)
	c.launch(object{"program": "/p/lamp.pxl", "pace": "free", "stopOnEntry": true})
	if got := c.say(".edit /p/fault.pxl"); !strings.Contains(got, "the debugger failed") {
		t.Errorf("it is answered %q", got)
	}
	if got := c.say(".branches"); !strings.Contains(got, "no program is launched") {
		t.Errorf("then it is answered %q", got)
	}
}

func TestBranchesInTheConsole(t *testing.T) {
	c := connect(t, map[string]string{
		"/p/lamp.pxl":  lamp,
		"/p/green.pxl": strings.Replace(lamp, "red", "green", 1), "/p/bad.pxl": "SET a = b\n",
		"/p/mouse.pxl": "loop:\nPLOT mx 1\nFRAME\nJMP loop\n",
	}, nil)
	c.launch(object{"program": "/p/lamp.pxl", "pace": "free", "stopOnEntry": true})
	for _, says := range [][2]string{
		{".first where frame == 3", "frame 3, cycle 10"},
		{".edit /p/green.pxl", "branch 1: frame 4, cycle 0, line 15: JMP loop"},
		{".first where frame == 6", "frame 6"},
		{".branches", "0 the run\n1 branch 1, left the run at frame 4, cycle 0 (here)"},
		{".compare 0 1", "frame 4: 1 texel differs, the first 15, 2: no glyph, paper 0xFF0000 and no glyph, paper 0x00FF00"},
		{".compare 0 1 2", "the same up to frame 2"},
		{".compare 0 1 x", "no frame"},
		{".name 1 green light", ""},
		{".switch 0", "the run: frame 6"},
		{".feed x", "branch 2: frame 7, cycle 0"},
		{".name 2 green light", "already"},
		{".branches", "1 green light, left the run at frame 4, cycle 0\n2 branch 2, left the run at frame 7, cycle 0 (here)"},
		{".delete 1", ""}, {".delete 1", "frame 7, cycle 0"}, {".branches", "0 the run (here)"},
		{".delete 0", "cannot be deleted"}, {".switch 9", "number of a branch"}, {".compare 0", "number of a branch"}, {".feed", "the file"},
		{".edit /p/bad.pxl", "bad.pxl:1:9"}, {".edit /p/none.pxl", "no such file"}, {".edit /p/mouse.pxl", "it starts from its top"},
	} {
		if got := c.say(says[0]); !strings.Contains(got, says[1]) || says[1] == "" && got != "" {
			t.Errorf("%s is answered %q, want %q", says[0], got, says[1])
		}
	}
}

func TestExpressionsAndABranch(t *testing.T) {
	c := connect(t, map[string]string{"/p/lamp.pxl": lamp}, nil)
	c.start(object{"program": "/p/lamp.pxl", "pace": "free"})
	c.breakAt("/p/lamp.pxl", object{"line": 11, "condition": "frame == 3"})
	ask[*dap.ConfigurationDoneResponse](c, "configurationDone", nil)
	c.stop()
	for text, want := range map[string]string{
		"n": "15", "n * 2 + seen[2]": "37", "twice(n) > n && W == 16": "1", "len(seen)": "4", "seen": "4 words", "red": "16711680", "-7 / 2": "-3",
	} {
		if got := ask[*dap.EvaluateResponse](c, "evaluate", object{"expression": text, "frameId": 1}).Body.Result; got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{"n / 0": "divided by zero", "seen[4]": "outside", "none": "no name", "v": "no name", "twice()": "takes 1 value", "1 +": "value"} {
		c.send("evaluate", object{"expression": text, "frameId": 1})
		if e, ok := c.receive().(*dap.ErrorResponse); !ok || !strings.Contains(e.Message, want) {
			t.Errorf("%s is answered %+v", text, e)
		}
	}
	scopes := ask[*dap.ScopesResponse](c, "scopes", object{"frameId": 1}).Body.Scopes
	if set := ask[*dap.SetVariableResponse](c, "setVariable", object{"variablesReference": scopes[0].VariablesReference, "name": "n", "value": "50 + 50"}).Body; set.Value != "100" {
		t.Errorf("n is set to %+v", set)
	}
	if !strings.Contains(c.output, "branch 1 begins here, at frame 3") {
		t.Errorf("the output is %q", c.output)
	}
	c.step("next")
	if got := ask[*dap.EvaluateResponse](c, "evaluate", object{"expression": "seen[3]"}).Body.Result; got != "100" {
		t.Errorf("behind the change the array holds %s", got)
	}
	c.step("stepBack")
	c.step("stepBack") // where n was not set yet
	if got := ask[*dap.EvaluateResponse](c, "evaluate", object{"expression": "n"}).Body.Result; got != "7" {
		t.Errorf("before the change n is %s", got)
	}
	for range 3 {
		c.step("next")
	}
	if got := ask[*dap.EvaluateResponse](c, "evaluate", object{"expression": "n"}).Body.Result; got != "100" {
		t.Errorf("again behind the change n is %s", got)
	}
}
