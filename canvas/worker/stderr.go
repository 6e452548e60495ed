package worker

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
)

// maxLine is the longest line of stderr that is kept in one piece.
const maxLine = 4 << 10

// stderrLines logs what a child writes on stderr, line by line, and remembers
// the line that tells most about its end.
type stderrLines struct {
	logger *slog.Logger

	mu    sync.Mutex
	rest  []byte // a line that has not ended yet
	fatal string // the first line that speaks of a panic
	last  string // the last line that is not blank
}

func (l *stderrLines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, b...)
	for {
		at := bytes.IndexByte(l.rest, '\n')
		if at < 0 && len(l.rest) < maxLine {
			return len(b), nil
		}
		if at < 0 {
			at = maxLine - 1
		}
		l.line(string(bytes.TrimSpace(l.rest[:at])))
		l.rest = l.rest[at+1:]
	}
}

func (l *stderrLines) line(s string) {
	if s == "" {
		return
	}
	l.logger.Debug("GPU worker", "says", s)
	l.last = s
	if l.fatal == "" && (strings.Contains(s, "panic") || strings.Contains(s, "fatal error")) {
		l.fatal = s
	}
}

// telling is the line that says best why the child ended, or "".
func (l *stderrLines) telling() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fatal != "" {
		return l.fatal
	}
	if rest := strings.TrimSpace(string(l.rest)); rest != "" {
		return rest
	}
	return l.last
}
