package dap

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-dap"

	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// all are the messages up to the server's end.
func (c *client) all() (out []dap.Message) {
	for m := range c.from {
		out = append(out, m)
	}
	return out
}

// TestWithoutDebuggingARunEndsByItself: it stops nowhere, says what went wrong, and that
// once.
func TestWithoutDebuggingARunEndsByItself(t *testing.T) {
	c := connect(t, map[string]string{"/p/bad.pxl": "SET a = 3\nSET b = a / (a - 3)\n"}, nil)
	c.start(object{"program": "/p/bad.pxl", "noDebug": true, "stopOnEntry": true, "pace": "free"})
	if got := c.breakAt("/p/bad.pxl", object{"line": 1}); got[0].Verified || got[0].Message == "" {
		t.Errorf("a breakpoint is %+v", got[0])
	}
	ask[*dap.ConfigurationDoneResponse](c, "configurationDone", nil)
	until[*dap.TerminatedEvent](c)
	if !strings.Contains(c.output, "3 is divided by zero") {
		t.Errorf("the output is %q", c.output)
	}
	c.send("disconnect", nil)
	for _, m := range c.all() {
		switch m.(type) {
		case *dap.TerminatedEvent, *dap.StoppedEvent:
			t.Errorf("then it says %+v", m)
		}
	}
}

func TestStepsByInstruction(t *testing.T) {
	c := connect(t, map[string]string{"lamp.pxl": lamp}, nil)
	c.launch(object{"program": "lamp.pxl", "stopOnEntry": true})
	step := func(command string, line int, call string) {
		t.Helper()
		c.send(command, object{"threadId": 1, "granularity": "instruction"})
		if c.stop(); c.stack[0].Line != line || c.stack[0].Name != call {
			t.Errorf("%s comes to line %d in %s, want line %d in %s", command, c.stack[0].Line, c.stack[0].Name, line, call)
		}
	}
	for c.stack[0].Line != 10 {
		c.step("next")
	}
	step("stepIn", 6, "twice") // the call is the line's first instruction
	step("next", 7, "twice")
	step("stepBack", 6, "twice")
	step("stepOut", 10, "program")
	step("next", 11, "program")
	step("stepBack", 10, "program") // behind the call
	step("stepBack", 7, "twice")
}

// TestWhatRunsIsPausedFirst, and what stands is not paused again.
func TestWhatRunsIsPausedFirst(t *testing.T) {
	c := connect(t, map[string]string{"/p/lamp.pxl": lamp}, nil)
	c.start(object{"program": "/p/lamp.pxl"})
	if got := c.breakAt("lamp.pxl", object{"line": 11, "condition": "n > 999"}); !got[0].Verified {
		t.Errorf("by its path from the program's folder: %+v", got[0])
	}
	ask[*dap.ConfigurationDoneResponse](c, "configurationDone", nil)
	refused := func(command string, arguments any, want string) {
		t.Helper()
		c.send(command, arguments)
		if e, ok := c.receive().(*dap.ErrorResponse); !ok || !strings.Contains(e.Message, want) {
			t.Errorf("%s is answered %+v", command, e)
		}
	}
	refused("stackTrace", object{"threadId": 1}, "pause it first")
	refused("launch", object{"program": "/p/lamp.pxl"}, "launched already")
	ask[*dap.PauseResponse](c, "pause", object{"threadId": 1})
	c.stop()
	refused("scopes", object{"frameId": 9}, "not open any more")
	refused("variables", object{"variablesReference": 99}, "a moment that is over")
	refused("exceptionInfo", object{"threadId": 1}, "no run-time error here")
	ask[*dap.PauseResponse](c, "pause", object{"threadId": 1})
	c.send("threads", nil)
	if m, ok := c.receive().(*dap.ThreadsResponse); !ok {
		t.Errorf("a pause of what stands says more: %+v", m)
	}
}

// TestARecordingIsDebuggedWithTheTextsInIt: its sources are asked for by number, and
// breakpoints come by the names of files that lie elsewhere.
func TestARecordingIsDebuggedWithTheTextsInIt(t *testing.T) {
	c := connect(t, nil, nil)
	c.start(object{"recording": "some.pxlrec", "stopOnEntry": true, "pace": "free"})
	if got := c.breakAt("/elsewhere/dots.pxl", object{"line": 3, "condition": "frame == 2"}); !got[0].Verified || got[0].Source.SourceReference != 1 {
		t.Errorf("in the program: %+v", got[0])
	}
	if got := c.breakAt("/elsewhere/lib.pxl", object{"line": 2}); !got[0].Verified || got[0].Source.SourceReference != 2 {
		t.Errorf("in the file that it includes: %+v", got[0])
	}
	if got := c.breakAt("/elsewhere/other.pxl", object{"line": 2}); got[0].Verified || !strings.Contains(got[0].Message, "no file of the program") {
		t.Errorf("elsewhere: %+v", got[0])
	}
	text := func(arguments object) string {
		t.Helper()
		return ask[*dap.SourceResponse](c, "source", arguments).Body.Content
	}
	if got := text(object{"sourceReference": 2}); got != dotLib {
		t.Errorf("the file's text is %q", got)
	}
	if got := text(object{"sourceReference": 0, "source": object{"sourceReference": 1}}); got != dots {
		t.Errorf("the program's text is %q", got)
	}
	c.send("source", object{"sourceReference": 7})
	if e, ok := c.receive().(*dap.ErrorResponse); !ok || !strings.Contains(e.Message, "no file of the program") {
		t.Errorf("a number that is none is answered %+v", e)
	}
	ask[*dap.ConfigurationDoneResponse](c, "configurationDone", nil)
	c.stop()
	c.send("continue", object{"threadId": 1})
	if c.stop(); c.stack[0].Line != 2 || c.stack[0].Source.SourceReference != 2 {
		t.Errorf("it stops at %+v", c.stack[0])
	}
	c.breakAt("lib.pxl")
	c.send("continue", object{"threadId": 1})
	if c.stop(); c.stack[0].Line != 3 || c.values("Machine")["frame"] != "2" {
		t.Errorf("it stops at %+v in frame %s", c.stack[0], c.values("Machine")["frame"])
	}
	c.send("continue", object{"threadId": 1})
	if why := c.stop(); why.Reason != "end" {
		t.Errorf("at the recording's end it stops for %+v", why)
	}
}

const (
	dotLib = "DEF dot(x)\n  PLOT x 1 red\nEND"
	dots   = "INCLUDE \"lib.pxl\"\nloop:\n  dot(frame)\n  FRAME\nJMP loop\n"
)

// recordedDots is a run of dots.
func recordedDots(string) (*record.Recording, *pxl.Assembly, error) {
	source := dots + ";= FILE lib.pxl\n;| " + strings.ReplaceAll(dotLib, "\n", "\n;| ") + "\n"
	a := pxl.AssembleBundle("dots.pxl", source)
	r := &record.Recording{Name: a.File, Source: source, Program: a.Program, Seed: 1}
	_, err := r.Run(context.Background(), engine.NewCPU(), 5, 0, func(int) machine.Input { return machine.Input{} })
	return r, a, err
}
