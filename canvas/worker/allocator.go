package worker

import (
	"fmt"
	"os"
	"slices"
	"sync"
)

// Big data crosses in two files that both ends map, one for each direction, so
// that each has one writer, which alone decides what is free. The writer makes
// its file longer when it needs to; the reader maps the longer file when a frame
// speaks of bytes beyond its mapping. A mapping, once handed out, stays until
// close: the pages under the old and the new one are the same.

const (
	sharedPage  = 4096
	sharedStart = 4 << 20 // size of a new file; its pages are taken on first use
	// sharedPunch is the extent from which freed memory goes back to the system.
	sharedPunch = 8 << 20
)

type extent struct{ off, size int64 }

// allocator is the writer's end.
type allocator struct {
	mu   sync.Mutex
	file *os.File
	size int64
	maps [][]byte // every mapping made, the longest last
	idle []extent // free, by offset, no two touching
}

func newAllocator(f *os.File) *allocator { return &allocator{file: f} }

func pages(n int) int64 { return (int64(n) + sharedPage - 1) &^ (sharedPage - 1) }

// alloc gives n bytes, n > 0, that stay where they are until free.
func (a *allocator) alloc(n int) (int64, []byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	need := pages(n)
	at := slices.IndexFunc(a.idle, func(e extent) bool { return e.size >= need })
	if at < 0 {
		if err := a.grow(need); err != nil {
			return 0, nil, err
		}
		at = len(a.idle) - 1
	}
	e := &a.idle[at]
	off := e.off
	e.off, e.size = e.off+need, e.size-need
	if e.size == 0 {
		a.idle = slices.Delete(a.idle, at, at+1)
	}
	longest := a.maps[len(a.maps)-1]
	return off, longest[off : off+int64(n) : off+int64(n)], nil
}

// grow makes the file longer until its last free extent holds need bytes.
func (a *allocator) grow(need int64) error {
	size := max(sharedStart, 2*a.size)
	for size < a.size+need {
		size *= 2
	}
	if size = min(size, maxShared); size < a.size+need {
		return fmt.Errorf("shared memory for %d bytes more than the %d in use", need, a.size)
	}
	if err := a.file.Truncate(size); err != nil {
		return fmt.Errorf("shared memory of %d bytes: %w", size, err)
	}
	m, err := mapShared(a.file, size, true)
	if err != nil {
		return fmt.Errorf("shared memory of %d bytes: %w", size, err)
	}
	a.maps = append(a.maps, m)
	a.release(extent{a.size, size - a.size})
	a.size = size
	return nil
}

// free takes back what alloc gave.
func (a *allocator) free(off int64, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e := extent{off, pages(n)}
	if e.size >= sharedPunch {
		punchHole(a.file, e.off, e.size)
	}
	a.release(e)
}

func (a *allocator) release(e extent) {
	at, _ := slices.BinarySearchFunc(a.idle, e, func(x, y extent) int { return int(min(max(x.off-y.off, -1), 1)) })
	a.idle = slices.Insert(a.idle, at, e)
	if at+1 < len(a.idle) && e.off+e.size == a.idle[at+1].off {
		a.idle[at].size += a.idle[at+1].size
		a.idle = slices.Delete(a.idle, at+1, at+2)
	}
	if at > 0 && a.idle[at-1].off+a.idle[at-1].size == e.off {
		a.idle[at-1].size += a.idle[at].size
		a.idle = slices.Delete(a.idle, at, at+1)
	}
}

func (a *allocator) close() {
	for _, m := range a.maps {
		unmapShared(m)
	}
	a.maps = nil
	a.file.Close()
}

// mapping is the reader's end; it cannot write.
type mapping struct {
	mu   sync.Mutex
	file *os.File
	maps [][]byte
}

func newMapping(f *os.File) *mapping { return &mapping{file: f} }

// view gives bytes the writer has filled. Bytes the file does not have are a
// protocol error, never a memory fault: the file cannot become shorter.
func (w *mapping) view(off, size uint64) ([]byte, error) {
	if off > maxShared || size > maxShared || off+size > maxShared {
		return nil, protocolError("%d bytes at %d of shared memory", size, off)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.maps) == 0 || uint64(len(w.maps[len(w.maps)-1])) < off+size {
		info, err := w.file.Stat()
		if err != nil {
			return nil, err
		}
		if uint64(info.Size()) < off+size {
			return nil, protocolError("%d bytes at %d of %d bytes of shared memory", size, off, info.Size())
		}
		m, err := mapShared(w.file, min(info.Size(), maxShared), false)
		if err != nil {
			return nil, err
		}
		w.maps = append(w.maps, m)
	}
	return w.maps[len(w.maps)-1][off : off+size : off+size], nil
}

func (w *mapping) close() {
	for _, m := range w.maps {
		unmapShared(m)
	}
	w.maps = nil
	w.file.Close()
}
