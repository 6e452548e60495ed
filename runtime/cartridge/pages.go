package cartridge

import (
	"encoding/binary"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// pages lays a machine out as little-endian words: a count and the words of
// program, display, writer, data and state, in this order. nil has none.
func pages(s *machine.Snapshot) []byte {
	if s == nil {
		return nil
	}
	var out []byte
	for _, p := range [][]uint32{s.Program, s.Display, s.Writer, s.Data, s.State} {
		out = binary.LittleEndian.AppendUint32(out, uint32(len(p)))
		for _, w := range p {
			out = binary.LittleEndian.AppendUint32(out, w)
		}
	}
	return out
}

// maxPages is the most bytes that the pages of any machine take.
const maxPages = 4 * (5 + isa.MaxProgramWords + 2*isa.MaxCanvas*isa.MaxCanvas + isa.MaxDataWords + isa.StateWords)

// parsePages reads what pages wrote, and makes a machine of it once to hold it
// to what a machine is.
func parsePages(b []byte) (*machine.Snapshot, error) {
	next := func(what string) ([]uint32, error) {
		if len(b) < 4 {
			return nil, refuse(ErrDamaged, "its machine ends before the %s page", what)
		}
		n := int(binary.LittleEndian.Uint32(b))
		b = b[4:]
		if n < 0 || n > len(b)/4 {
			return nil, refuse(ErrDamaged, "its %s page says %d words, and %d are there", what, n, len(b)/4)
		}
		p := make([]uint32, n)
		for i := range p {
			p[i] = binary.LittleEndian.Uint32(b[4*i:])
		}
		b = b[4*n:]
		return p, nil
	}
	s := &machine.Snapshot{}
	for _, p := range []struct {
		to   *[]uint32
		what string
	}{{(*[]uint32)(&s.Program), "program"}, {&s.Display, "display"}, {&s.Writer, "writer"}, {&s.Data, "data"}, {&s.State, "state"}} {
		words, err := next(p.what)
		if err != nil {
			return nil, err
		}
		*p.to = words
	}
	if len(b) != 0 {
		return nil, refuse(ErrDamaged, "%d bytes follow its machine", len(b))
	}
	if _, err := machine.FromSnapshot(s); err != nil {
		return nil, refuse(ErrDamaged, "its machine cannot be: %v", err)
	}
	return s, nil
}
