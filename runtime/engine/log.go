package engine

import (
	"bytes"
	"fmt"

	"gvpie/runtime/machine"
)

// logHalf bounds what a Log keeps of a run's beginning, and of its end, in bytes.
const logHalf = 256 << 10

// Log gathers the lines that a run writes. However many there are it keeps the
// first and the last of them, with a line in between that says how many were left
// out. The zero Log is empty.
type Log struct {
	lines   int // written
	head    []byte
	full    bool // the head is: what comes goes to the tail
	tail    []byte
	dropped int // lines
}

// Add adds the lines of a frame.
func (l *Log) Add(lines []machine.LogLine) {
	for i := range lines {
		l.add(lines[i].Text)
	}
}

func (l *Log) add(line string) {
	line = line[:min(len(line), logHalf-1)] // with its line feed a half holds it
	l.full = l.full || len(l.head)+len(line) >= logHalf
	to := &l.head
	if l.full {
		to = &l.tail
	}
	if l.lines++; l.lines > 1 {
		*to = append(*to, '\n')
	}
	*to = append(*to, line...)
	if len(l.tail) > 2*logHalf {
		l.trim()
	}
}

// trim shortens the tail to the lines that its last bytes hold whole. Each of its
// lines begins with its line feed.
func (l *Log) trim() {
	cut := len(l.tail) - logHalf
	if cut <= 0 {
		return
	}
	if i := bytes.IndexByte(l.tail[cut:], '\n'); i >= 0 {
		cut += i
	}
	l.dropped += bytes.Count(l.tail[:cut], []byte{'\n'})
	l.tail = append(l.tail[:0], l.tail[cut:]...)
}

// String is the lines joined with line feeds.
func (l *Log) String() string {
	l.trim()
	if l.dropped == 0 {
		return string(l.head) + string(l.tail)
	}
	return fmt.Sprintf("%s\n… %d lines left out: only the first and the last of a long log are kept …%s", l.head, l.dropped, l.tail)
}
