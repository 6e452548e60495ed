// Package streams is what a command that runs for days writes to: a terminal that may go
// away, and systemd's journal.
package streams

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// Interrupts are the signals that end a command cleanly: Ctrl-C, what a service
// manager sends, and a terminal that closes. A process begun so as to outlive its
// terminal, as nohup does, goes on after that one.
func Interrupts() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

// OutliveReaders keeps this process from being ended by a write to standard output
// or standard error that nobody reads any more, for good: the write fails instead.
// The signal is caught rather than ignored, as children inherit what is ignored.
func OutliveReaders() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }

const (
	room     = 1024        // writes that may wait for a reader
	patience = time.Second // for what still waits, at the end
)

// A LossyWriter passes on what is written, in order, without ever making the
// writer wait or fail: what the other side does not take, because it is slow, full
// or gone, is dropped. When it takes again it is told how much it has missed.
type LossyWriter struct {
	to    io.Writer
	queue chan []byte
	done  chan struct{}

	mu     sync.Mutex
	lost   int
	closed bool
}

// NewLossyWriter begins to pass on what is written, until it is closed.
func NewLossyWriter(to io.Writer) *LossyWriter {
	l := &LossyWriter{to: to, queue: make(chan []byte, room), done: make(chan struct{})}
	go func() {
		defer close(l.done)
		for b := range l.queue {
			if _, err := to.Write(b); err != nil {
				l.drop()
			}
		}
	}()
	return l
}

func (l *LossyWriter) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost++
}

func lines(n int) string {
	if n == 1 {
		return "1 line"
	}
	return fmt.Sprintf("%d lines", n)
}

// Write takes all of b, and never fails.
func (l *LossyWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return len(b), nil
	}
	text := bytes.Clone(b)
	if l.lost > 0 {
		text = append(fmt.Appendf(nil, "… %s could not be printed; the log has what happened\n", lines(l.lost)), b...)
	}
	select {
	case l.queue <- text:
		l.lost = 0
	default:
		l.lost++
	}
	return len(b), nil
}

// Close waits a moment for what has been taken to be passed on.
func (l *LossyWriter) Close() {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.queue)
	}
	l.mu.Unlock()
	select {
	case <-l.done:
	case <-time.After(patience):
	}
}
