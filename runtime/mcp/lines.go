package mcp

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// maxLine is how many bytes a message may have.
const maxLine = 16 << 20

// Errors of JSON-RPC 2.0, section 5.1.
const (
	parseError     = -32700
	invalidRequest = -32600
)

// sharedOut is a writer for several goroutines; a message is one Write. Its user
// cannot close it.
type sharedOut struct {
	mu  sync.Mutex
	out io.Writer
}

func (w *sharedOut) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Write(b)
}

func (w *sharedOut) Close() error { return nil }

// A lineReader gives the lines that are messages. The others it answers with an error
// itself: to the protocol's library one of them is the end of the conversation.
type lineReader struct {
	in   *bufio.Reader
	out  io.Writer
	line []byte // what is left of a message
}

func newLineReader(in io.Reader, out io.Writer) *lineReader {
	return &lineReader{in: bufio.NewReaderSize(in, 64<<10), out: out}
}

func (r *lineReader) Read(b []byte) (int, error) {
	for len(r.line) == 0 {
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	n := copy(b, r.line)
	r.line = r.line[n:]
	return n, nil
}

// next reads one line, and keeps it if it is a message.
func (r *lineReader) next() error {
	var line []byte
	long := false
	for {
		part, err := r.in.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxLine; long {
			line = nil
		} else {
			line = append(line, part...)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil && (err != io.EOF || len(line) == 0 && !long) {
			return err
		}
		break
	}
	line = bytes.TrimSpace(line)
	switch {
	case long:
		return r.refuse(parseError, "a message may have %d bytes", maxLine)
	case len(line) == 0:
		return nil
	case !json.Valid(line):
		return r.refuse(parseError, "this line is not JSON")
	case line[0] == '[':
		return r.refuse(invalidRequest, "batches are not taken: send one message a line")
	}
	if _, err := jsonrpc.DecodeMessage(line); err != nil {
		return r.refuse(invalidRequest, "this is no message of JSON-RPC 2.0: %s", clip(err.Error(), maxText))
	}
	r.line = append(line, '\n')
	return nil
}

// refuse answers a line whose id is not known.
func (r *lineReader) refuse(code int, format string, args ...any) error {
	var answer struct {
		Version string `json:"jsonrpc"`
		ID      *int   `json:"id"`
		Error   struct {
			Code    int    `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	answer.Version = "2.0"
	answer.Error.Code, answer.Error.Message = code, fmt.Sprintf(format, args...)
	b, err := json.Marshal(answer)
	if err == nil {
		_, err = r.out.Write(append(b, '\n'))
	}
	return err
}
