package sandbox

import (
	"bytes"
	"io"
	"strings"
)

// capture keeps the first limit bytes of a stream and reads the rest away, so
// that a writer neither blocks nor fills memory.
type capture struct {
	kept      bytes.Buffer
	limit     int64
	truncated bool
	// done is closed at the end of a stream read by startCapture, whose goroutine
	// owns the fields until then; nil when whoever writes also knows the end.
	done chan struct{}
}

func startCapture(r io.Reader, limit int64) *capture {
	c := &capture{limit: limit, done: make(chan struct{})}
	go func() {
		defer close(c.done)
		// A read that fails ends the stream as its end does: all that came is kept.
		io.Copy(c, r)
	}()
	return c
}

func (c *capture) Write(p []byte) (int, error) {
	keep := min(int64(len(p)), c.limit-int64(c.kept.Len()))
	c.kept.Write(p[:keep])
	c.truncated = c.truncated || keep < int64(len(p))
	return len(p), nil
}

// text is what was kept, once the stream has ended. What is not UTF-8, a character cut at
// the limit included, becomes U+FFFD.
func (c *capture) text() string {
	if c.done != nil {
		<-c.done
	}
	return strings.ToValidUTF8(c.kept.String(), "\uFFFD")
}
