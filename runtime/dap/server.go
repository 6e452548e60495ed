package dap

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/google/go-dap"

	"gvpie/runtime/debug"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// Config is what the server needs of the world.
type Config struct {
	// Assemble reads and assembles a program.
	Assemble func(path string) (*pxl.Assembly, error)
	// Inputs reads a file of inputs.
	Inputs func(path string) (record.Inputs, error)
	// Recording reads a recording, and assembles its program.
	Recording func(path string) (*record.Recording, *pxl.Assembly, error)
	// Tick gives when the next frame of a program that runs is due.
	Tick <-chan time.Time
}

// server is one client's session.
type server struct {
	Config
	out    io.Writer
	broken error // writing to the client failed
	seq    int

	launched launch
	session  *debug.Session // nil before the launch
	program  string         // its path
	recorded bool           // it is a recording, which has its sources
	fresh    bool           // the statement that comes next was not stopped at
	running  bool
	done     bool // the client disconnected
	over     bool // it was told that nothing runs any more

	lines1, columns1 bool // the client counts from 1

	asked  []asked         // the client's breakpoints
	placed []*debug.Placed // where they are
	ids    int             // so many were numbered

	calls []debug.Call // where it stands; nil: not asked for yet
	refs  []holder     // what variablesReference n + 1 names, since it stands here
}

// request is a request of the client, what is wrong with it, and why there will be no
// more.
type request struct {
	dap.Message
	err, broken error
}

// Serve answers a client until it disconnects, or in ends.
func Serve(ctx context.Context, c Config, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	asked := make(chan request)
	r := &reader{asked: asked, done: ctx.Done()}
	go r.read(in)
	s := &server{Config: c, out: out}
	for !s.done && s.broken == nil {
		var q request
		select {
		case q = <-asked: // before what runs
		default:
			select {
			case q = <-asked:
			case <-ctx.Done():
				return ctx.Err()
			case <-s.due():
				err := s.guarded(func() error { s.runFrame(r.interruptible(ctx)); return nil })
				if err != nil {
					s.print("stderr", err.Error())
				}
				continue
			}
		}
		switch r.taken(q); {
		case errors.Is(q.broken, io.EOF):
			return nil
		case q.broken != nil:
			return q.broken
		case q.err != nil && q.Message != nil:
			s.refuse(q.Message, q.err)
		case q.err != nil:
			s.print("stderr", "not a message of the protocol: "+q.err.Error())
		default:
			s.handle(r.interruptible(ctx), q.Message)
		}
	}
	return s.broken
}

// always is ready.
var always = func() <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}()

// due is ready when the next frame is to run.
func (s *server) due() <-chan time.Time {
	switch {
	case !s.running:
		return nil
	case s.launched.Pace == paceFree:
		return always
	}
	return s.Tick
}

// send gives a message its number and writes it.
func (s *server) send(m dap.Message) {
	s.seq++
	switch m := m.(type) {
	case dap.ResponseMessage:
		m.GetResponse().Seq, m.GetResponse().Type = s.seq, "response"
	case dap.EventMessage:
		m.GetEvent().Seq, m.GetEvent().Type = s.seq, "event"
	}
	if err := dap.WriteProtocolMessage(s.out, m); err != nil && s.broken == nil {
		s.broken = err
	}
}

// answer sends the response to a request.
func (s *server) answer(to dap.Message, m dap.ResponseMessage) {
	q := to.(dap.RequestMessage).GetRequest()
	r := m.GetResponse()
	r.RequestSeq, r.Command, r.Success = q.Seq, q.Command, true
	s.send(m)
}

// refuse says why a request is not done.
func (s *server) refuse(to dap.Message, err error) {
	m := &dap.ErrorResponse{}
	if q, ok := to.(dap.RequestMessage); ok {
		m.RequestSeq, m.Command = q.GetRequest().Seq, q.GetRequest().Command
	}
	m.Message = err.Error()
	m.Body.Error = &dap.ErrorMessage{Id: 1, Format: "{text}", Variables: map[string]string{"text": err.Error()}, ShowUser: true}
	s.send(m)
}

func event(name string) dap.Event { return dap.Event{Event: name} }

// print writes lines to the client's console.
func (s *server) print(category, text string) {
	s.send(&dap.OutputEvent{Event: event("output"), Body: dap.OutputEventBody{Category: category, Output: text + "\n"}})
}

func (s *server) log(lines []machine.LogLine) {
	for i := range lines {
		s.print("stdout", lines[i].Text)
	}
}
