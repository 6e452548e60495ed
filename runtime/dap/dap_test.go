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
