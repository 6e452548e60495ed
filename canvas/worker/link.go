package worker

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// payload is big data on its way: bytes of the sender's shared memory, or of the
// heap when they travel in the frame.
type payload struct {
	b         []byte
	off       int64 // where in shared memory
	transport transport
}

// link reads and writes frames. Any goroutine may send; one receives.
type link struct {
	r *bufio.Reader
	w io.Writer

	mu  sync.Mutex // guards w and buf
	buf []byte     // the frame being written

	out *allocator // the memory this end writes payloads into; nil: they go in frames
	in  *mapping   // the memory the other end writes; nil with out
}

func newLink(r io.Reader, w io.Writer) *link {
	return &link{r: bufio.NewReaderSize(r, 64<<10), w: w}
}

// share makes payloads cross in memory from now on.
func (l *link) share(out *allocator, in *mapping) { l.out, l.in = out, in }

// shareNew makes the memory that share takes, and gives the two files that the
// other end opens with inheritedFile, in this order.
func (l *link) shareNew() ([]*os.File, error) {
	requests, err := newShared("gvpie-requests")
	if err != nil {
		return nil, err
	}
	replies, err := newShared("gvpie-replies")
	if err != nil {
		requests.Close()
		return nil, err
	}
	l.share(newAllocator(requests), newMapping(replies))
	return []*os.File{requests, replies}, nil
}

// close unmaps the shared memory. No payload of either end is used after.
func (l *link) close() {
	if l.out != nil {
		l.out.close()
		l.in.close()
	}
}

// newPayload gives n bytes to fill and send, to be released after the reply to them.
func (l *link) newPayload(n int) (payload, error) {
	switch {
	case n == 0:
		return payload{}, nil
	case n > maxPayload:
		return payload{}, fmt.Errorf("%d bytes are more than the GPU worker passes on at once, which is %d", n, maxPayload)
	case l.out == nil || n <= maxInline:
		return payload{b: make([]byte, n), transport: transportInline}, nil
	}
	off, b, err := l.out.alloc(n)
	return payload{b: b, off: off, transport: transportShared}, err
}

func (l *link) release(b payload) {
	if b.transport == transportShared {
		l.out.free(b.off, len(b.b))
	}
}

// limit is the longest frame this end accepts.
func (l *link) limit() int {
	if l.out == nil {
		return headerSize + maxBody + maxPayload
	}
	return headerSize + maxBody + maxInline
}

func (l *link) send(m *message) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	inline := 0
	if m.payload.transport == transportInline {
		inline = len(m.payload.b)
	}
	b := l.buf[:0]
	b = binary.LittleEndian.AppendUint32(b, uint32(headerSize+len(m.body)+inline))
	b = append(b, byte(m.kind), byte(m.code), byte(m.payload.transport), 0)
	b = binary.LittleEndian.AppendUint32(b, m.request)
	b = binary.LittleEndian.AppendUint32(b, m.machine)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(m.body)))
	b = binary.LittleEndian.AppendUint64(b, uint64(m.timeout))
	b = binary.LittleEndian.AppendUint64(b, uint64(m.payload.off))
	b = binary.LittleEndian.AppendUint64(b, uint64(len(m.payload.b)))
	b = append(b, m.body...)
	l.buf = b
	if inline > maxInline { // written on its own rather than copied
		if _, err := l.w.Write(b); err != nil {
			return err
		}
		_, err := l.w.Write(m.payload.b)
		return err
	}
	if inline > 0 {
		b = append(b, m.payload.b...)
		l.buf = b
	}
	_, err := l.w.Write(b)
	return err
}

// receive reads one frame. Its errors are errProtocol or the reader's; io.EOF
// stands for an end between two frames.
func (l *link) receive() (*message, error) {
	var head [4 + headerSize]byte
	if _, err := io.ReadFull(l.r, head[:4]); err != nil {
		return nil, err
	}
	n := int64(binary.LittleEndian.Uint32(head[:]))
	if n < headerSize || n > int64(l.limit()) {
		return nil, protocolError("a frame of %d bytes", n)
	}
	if _, err := io.ReadFull(l.r, head[4:]); err != nil {
		return nil, cutShort(err)
	}
	h := head[4:]
	m := &message{
		kind: kind(h[0]), code: code(h[1]),
		request: binary.LittleEndian.Uint32(h[4:]), machine: binary.LittleEndian.Uint32(h[8:]),
		timeout: time.Duration(binary.LittleEndian.Uint64(h[16:])),
	}
	m.payload.transport = transport(h[2])
	body := int64(binary.LittleEndian.Uint32(h[12:]))
	off, size := binary.LittleEndian.Uint64(h[24:]), binary.LittleEndian.Uint64(h[32:])
	inline := n - headerSize - body
	switch {
	case m.kind == 0 || m.kind >= kindEnd || m.code >= codeEnd || h[3] != 0:
		return nil, protocolError("a frame of %v, code %d", m.kind, m.code)
	case body > maxBody || inline < 0:
		return nil, protocolError("a %v frame of %d bytes with a body of %d", m.kind, n, body)
	case m.payload.transport == transportNone && (inline != 0 || size != 0),
		m.payload.transport == transportInline && (inline == 0 || uint64(inline) != size),
		m.payload.transport == transportShared && (inline != 0 || l.in == nil || size == 0 || size > maxPayload),
		m.payload.transport > transportShared:
		return nil, protocolError("a %v frame with a payload of %d bytes, %d of them in the frame", m.kind, size, inline)
	}
	var err error
	if m.body, err = readGrowing(l.r, int(body)); err != nil {
		return nil, err
	}
	switch m.payload.transport {
	case transportInline:
		m.payload.b, err = readGrowing(l.r, int(inline))
	case transportShared:
		m.payload.off = int64(off)
		m.payload.b, err = l.in.view(off, size)
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

// readGrowing reads n bytes into memory that grows with what arrives, so that a
// length alone cannot take memory.
func readGrowing(r io.Reader, n int) ([]byte, error) {
	const step = 1 << 20
	b := make([]byte, 0, min(n, step))
	for len(b) < n {
		if len(b) == cap(b) {
			b = append(make([]byte, 0, min(n, 2*cap(b))), b...)
		}
		part := b[len(b):min(n, cap(b))]
		if _, err := io.ReadFull(r, part); err != nil {
			return nil, cutShort(err)
		}
		b = b[:len(b)+len(part)]
	}
	return b, nil
}

func cutShort(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
