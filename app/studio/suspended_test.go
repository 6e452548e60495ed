package studio

import (
	"fmt"
	"strings"
	"testing"
)

func TestSuspendedMachinesAreBounded(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	const docs = 60
	text := ".canvas 512 512\nloop:\nLOG {frame}\nFRAME\nJMP loop\n"
	for doc := 1; doc <= docs; doc++ {
		p.ask(p.program(doc, 1, text))
		p.frame()
		if n := p.suspended.size(); n > maxSuspended {
			t.Fatalf("%d documents: %d bytes are suspended, want at most %d", doc, n, maxSuspended)
		}
	}
	last := p.ask(p.program(docs-1, 1, text))
	if got := fmt.Sprint(last.frames, len(last.log)); strings.Contains(last.log[0].Text, "anew") || last.frames < 2 {
		t.Errorf("the document left last has %s frames and lines, beginning with %q", got, last.log[0].Text)
	}
	first := p.ask(p.program(1, 1, text))
	if first.frames != 1 || len(first.log) != 2 || first.log[0].Text != droppedNote || first.log[1].Text != "0" {
		t.Errorf("the document left first has run %d frames and says %v", first.frames, first.log)
	}
	p.ask(func(r *request) {
		for doc := range docs {
			r.closed = append(r.closed, doc+1)
		}
		r.doc, r.program, r.liveRev = 0, nil, 0
	})
	if got := p.machines(); len(got) != 0 {
		t.Errorf("all were closed: machines of %v wait", got)
	}
}

func TestTheMachineLeftLastIsKeptHoweverBig(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	p.suspended.most = 1
	for doc := 1; doc <= 3; doc++ {
		p.ask(p.program(doc, 1, bounce))
	}
	if p.suspended.runs[2].snap == nil || p.suspended.runs[1].snap != nil {
		t.Error("of two machines that are too big the one left last is not the one that is kept")
	}
}
