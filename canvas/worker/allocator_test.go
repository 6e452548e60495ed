//go:build unix

package worker

import (
	"testing"

	"pgregory.net/rapid"
)

func newTestAllocator(t testing.TB) *allocator {
	t.Helper()
	f, err := newShared("gvpie-test")
	if err != nil {
		t.Fatal(err)
	}
	a := newAllocator(f)
	t.Cleanup(a.close)
	return a
}

// What is allocated at one time never overlaps and keeps its contents while the
// file grows under it; what is freed is one free piece again.
func TestAllocatorKeepsPiecesApart(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f, err := newShared("gvpie-test")
		if err != nil {
			rt.Fatal(err)
		}
		a := newAllocator(f)
		defer a.close()
		type piece struct {
			off  int64
			b    []byte
			mark byte
		}
		var held []piece
		check := func(p piece) {
			if p.b[0] != p.mark || p.b[len(p.b)-1] != p.mark {
				rt.Fatalf("%d bytes at %d were overwritten", len(p.b), p.off)
			}
		}
		for i := range rapid.IntRange(1, 40).Draw(rt, "steps") {
			if len(held) > 0 && rapid.Bool().Draw(rt, "free") {
				at := rapid.IntRange(0, len(held)-1).Draw(rt, "which")
				check(held[at])
				a.free(held[at].off, len(held[at].b))
				held = append(held[:at], held[at+1:]...)
				continue
			}
			n := rapid.IntRange(1, 10<<20).Draw(rt, "bytes")
			off, b, err := a.alloc(n)
			if err != nil {
				rt.Fatal(err)
			}
			if len(b) != n || cap(b) != n {
				rt.Fatalf("%d bytes with room for %d, wanted %d", len(b), cap(b), n)
			}
			p := piece{off, b, byte(i + 1)}
			b[0], b[n-1] = p.mark, p.mark
			held = append(held, p)
		}
		for _, p := range held {
			check(p)
			a.free(p.off, len(p.b))
		}
		if len(a.idle) > 1 || len(a.idle) == 1 && a.idle[0] != (extent{0, a.size}) {
			rt.Fatalf("all is free, in pieces: %v of %d", a.idle, a.size)
		}
	})
}

func TestAllocatorHasAnEnd(t *testing.T) {
	a := newTestAllocator(t)
	if _, _, err := a.alloc(maxShared + 1); err == nil {
		t.Fatal("more than there may be")
	}
	off, b, err := a.alloc(1)
	if err != nil || off != 0 || len(b) != 1 {
		t.Fatalf("%d bytes at %d, %v", len(b), off, err)
	}
}

// A file that shrank would end the process that reads it.
func TestSharedMemoryCannotShrink(t *testing.T) {
	a := newTestAllocator(t)
	if _, _, err := a.alloc(1); err != nil {
		t.Fatal(err)
	}
	if err := a.file.Truncate(0); err == nil {
		t.Skip("this system cannot seal files")
	}
}
