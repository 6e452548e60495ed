package machine

import (
	"errors"
	"fmt"
	"slices"
	"weak"

	"gvpie/runtime/isa"
)

// ErrSnapshot is wrapped by every error of [Snapshot.Check] that is not an
// isa.ErrProgram.
var ErrSnapshot = errors.New("not a snapshot of a machine")

// Snapshot is a whole machine between two frames. Its pages may be those of other
// snapshots too, and of machines, so nobody writes to them once others have seen
// the Snapshot; who wants other words in a page puts a copy in its place.
type Snapshot struct {
	Program                      isa.Program
	Display, Writer, Data, State []uint32
}

// lastSnapshot finds the newest snapshot that this machine made or was made from,
// as long as somebody else keeps it.
type lastSnapshot = weak.Pointer[Snapshot]

// Snapshot gives the whole machine, between two frames. Pages that are as they
// were in the last snapshot are that one's, if it is still held, and the program
// page is always the machine's own: what is copied is what has changed.
func (m *Machine) Snapshot() *Snapshot {
	last := m.last.Value()
	if last == nil {
		last = new(Snapshot)
	}
	page := func(last, now []uint32) []uint32 {
		if SamePage(last, now) {
			return last
		}
		return slices.Clone(now)
	}
	s := &Snapshot{
		Program: m.program,
		Display: page(last.Display, m.display),
		Writer:  page(last.Writer, m.writer),
		Data:    page(last.Data, m.data()),
		State:   page(last.State, m.state),
	}
	m.last = weak.Make(s)
	return s
}

// SamePage says whether two pages hold the same words. It takes them in pieces of a
// fixed length, which are compared many words at a time; slices.Equal takes one by one.
func SamePage(a, b []uint32) bool {
	const piece = 1024
	if len(a) != len(b) {
		return false
	}
	if len(a) > 0 && &a[0] == &b[0] {
		return true
	}
	for len(a) >= piece {
		if *(*[piece]uint32)(a) != *(*[piece]uint32)(b) {
			return false
		}
		a, b = a[piece:], b[piece:]
	}
	return slices.Equal(a, b)
}

// FromSnapshot makes a machine equal to a snapshot: see [Machine.Restore].
func FromSnapshot(s *Snapshot) (*Machine, error) {
	m := empty()
	if err := m.Restore(s); err != nil {
		return nil, err
	}
	return m, nil
}

// Restore makes the machine equal to a snapshot, in the memory it has. It keeps
// the program page, and copies the others. The errors are those of
// [Snapshot.Check]; the machine is then as it was.
func (m *Machine) Restore(s *Snapshot) error {
	other, err := m.restore(s)
	if err != nil {
		return err
	}
	m.fit(other)
	m.rowWriters.forget()
	copy(m.display, s.Display)
	copy(m.writer, s.Writer)
	m.last = weak.Make(s)
	return nil
}

// Check decodes the snapshot's program. Where pages have the wrong size, or the
// state is one that no machine can be in, the error wraps ErrSnapshot or
// isa.ErrProgram; what passes may still fault, but never reads or writes outside
// its pages.
func (s *Snapshot) Check() (isa.Header, error) {
	h, err := s.Program.Header()
	if err != nil {
		return h, err
	}
	for _, page := range []struct {
		name      Page
		got, want int
	}{
		{DisplayPage, len(s.Display), h.W * h.H},
		{WriterPage, len(s.Writer), h.W * h.H},
		{DataPage, len(s.Data), h.DataWords},
		{StatePage, len(s.State), isa.StateWords},
	} {
		if page.got != page.want {
			return h, fmt.Errorf("%w: the %v page has %d words, not %d", ErrSnapshot, page.name, page.got, page.want)
		}
	}
	inCode := func(a uint32) bool { return a >= isa.HeaderWords && a <= uint32(h.CodeEnd) }
	sp := s.State[isa.StSP]
	switch {
	case isa.Status(s.State[isa.StStatus]) > isa.Faulted:
		return h, fmt.Errorf("%w: status %d", ErrSnapshot, s.State[isa.StStatus])
	case !inCode(s.State[isa.StPC]):
		return h, fmt.Errorf("%w: it stands at address %d, the code is %d to %d", ErrSnapshot, s.State[isa.StPC], isa.HeaderWords, h.CodeEnd)
	case sp > isa.StackDepth:
		return h, fmt.Errorf("%w: %d return addresses, the stack holds %d", ErrSnapshot, sp, isa.StackDepth)
	}
	for _, a := range s.State[isa.StStack : isa.StStack+sp] {
		if a &= isa.StackAddr; !inCode(a) {
			return h, fmt.Errorf("%w: a return to address %d, the code is %d to %d", ErrSnapshot, a, isa.HeaderWords, h.CodeEnd)
		}
	}
	return h, nil
}
