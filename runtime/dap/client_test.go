package dap

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/google/go-dap"

	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// client is an editor at the other end.
type client struct {
	t    *testing.T
	to   io.WriteCloser
	from chan dap.Message // all it was sent
	seq  int
	tick chan time.Time
	over chan error // how Serve ended

	stack  []dap.StackFrame // of the last stop
	output string
}

// connect starts a server for programs, by their paths.
func connect(t *testing.T, programs map[string]string, inputs record.Inputs) *client {
	t.Helper()
	in, to := io.Pipe()
	from, out := io.Pipe()
	c := &client{t: t, to: to, from: make(chan dap.Message, 1<<16), tick: make(chan time.Time), over: make(chan error, 1)}
	config := Config{
		Assemble: func(path string) (*pxl.Assembly, error) {
			text, ok := programs[path]
			if !ok {
				return nil, fmt.Errorf("%s: there is no such file", path)
			}
			if text == "panic" {
				panic("a fault")
			}
			return pxl.AssembleFile(path, "", text), nil
		},
		Inputs:    func(string) (record.Inputs, error) { return inputs, nil },
		Recording: recordedDots,
		Tick:      c.tick,
	}
	go func() {
		err := Serve(context.Background(), config, in, out)
		out.Close()
		c.over <- err
	}()
	go func() {
		defer close(c.from)
		for b := bufio.NewReader(from); ; {
			m, err := dap.ReadProtocolMessage(b)
			if err != nil {
				return
			}
			c.from <- m
		}
	}()
	t.Cleanup(func() {
		to.Close()
		if err := <-c.over; err != nil {
			t.Error(err)
		}
	})
	return c
}

// send sends a request by its command and arguments.
func (c *client) send(command string, arguments any) {
	c.t.Helper()
	c.seq++
	message := map[string]any{"seq": c.seq, "type": "request", "command": command}
	if arguments != nil {
		message["arguments"] = arguments
	}
	b, err := json.Marshal(message)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := dap.WriteBaseMessage(c.to, b); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) receive() dap.Message {
	c.t.Helper()
	m, ok := <-c.from
	if !ok {
		c.t.Fatal("the server has ended")
	}
	if o, ok := m.(*dap.OutputEvent); ok {
		c.output += o.Body.Output
	}
	return m
}

// until receives messages until one of a kind.
func until[M dap.Message](c *client) M {
	c.t.Helper()
	for {
		m := c.receive()
		if found, ok := m.(M); ok {
			return found
		}
		if e, ok := m.(*dap.ErrorResponse); ok {
			c.t.Fatalf("%s is refused: %s", e.Command, e.Message)
		}
	}
}

// ask sends a request and receives its answer.
func ask[M dap.Message](c *client, command string, arguments any) M {
	c.t.Helper()
	c.send(command, arguments)
	return until[M](c)
}

type object map[string]any

// launch begins a program and receives its first stop.
func (c *client) launch(arguments object) dap.StoppedEventBody {
	c.t.Helper()
	c.start(arguments)
	ask[*dap.ConfigurationDoneResponse](c, "configurationDone", nil)
	return c.stop()
}

// start launches a program, up to where a client says which breakpoints it has.
func (c *client) start(arguments object) {
	c.t.Helper()
	ask[*dap.InitializeResponse](c, "initialize", object{"adapterID": "gvpie", "linesStartAt1": true, "columnsStartAt1": true})
	ask[*dap.LaunchResponse](c, "launch", arguments)
	until[*dap.InitializedEvent](c)
}

// stop waits for a stop and asks where that is.
func (c *client) stop() dap.StoppedEventBody {
	c.t.Helper()
	body := until[*dap.StoppedEvent](c).Body
	c.stack = ask[*dap.StackTraceResponse](c, "stackTrace", object{"threadId": 1}).Body.StackFrames
	return body
}

// values are the names of a scope of the innermost call with their values.
func (c *client) values(scope string) map[string]string {
	c.t.Helper()
	for _, s := range ask[*dap.ScopesResponse](c, "scopes", object{"frameId": c.stack[0].Id}).Body.Scopes {
		if s.Name == scope {
			return c.held(s.VariablesReference)
		}
	}
	return nil
}

func (c *client) held(reference int) map[string]string {
	c.t.Helper()
	out := map[string]string{}
	for _, v := range ask[*dap.VariablesResponse](c, "variables", object{"variablesReference": reference}).Body.Variables {
		out[v.Name] = v.Value
	}
	return out
}

// step makes a move, and gives the line and the call it comes to.
func (c *client) step(command string) (line int, call string) {
	c.t.Helper()
	c.send(command, object{"threadId": 1})
	c.stop()
	return c.stack[0].Line, c.stack[0].Name
}
