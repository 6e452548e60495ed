package machine

import (
	"context"

	"gvpie/runtime/isa"
)

// element2 is the word that array[x, y] names: base, width and height as the
// instruction has them, x and y signed, in a page of the given length.
func element2(array []uint32, x, y, page uint32) (at uint32, fault *Fault) {
	w, h := array[1], array[2]
	switch {
	case int32(x) < 0 || x >= w:
		return 0, &Fault{Code: isa.AddressOutOfRange, A: int32(x), B: int32(w)}
	case int32(y) < 0 || y >= h:
		return 0, &Fault{Code: isa.AddressOutOfRange, A: int32(y), B: int32(h)}
	}
	far := uint64(array[0]) + uint64(x) + uint64(w)*uint64(y)
	if far >= uint64(page) {
		return 0, &Fault{Code: isa.AddressOutOfRange, A: int32(far), B: int32(page)}
	}
	return uint32(far), nil
}

// settle paints the blocks that wait, before an array changes: they read arrays
// as they were when EACH was reached. The error is the context's.
func (m *Core) settle(ctx context.Context) error {
	if !m.pending {
		return nil
	}
	err := m.surface.Settle(ctx)
	m.pending = m.pending && err != nil
	return err
}

// pressed is 1 while the key with code c is held and was not in the frame before.
func pressed(state []uint32, c uint32) uint32 {
	if c > 255 {
		return 0
	}
	now, before := state[isa.StKeys+c>>5], state[isa.StKeysBefore+c>>5]
	return now &^ before >> (c & 31) & 1
}

// inputOf is what INPUT gives.
func inputOf(state []uint32, which uint32) uint32 {
	switch which {
	case isa.InputWheel:
		return state[isa.StWheel]
	case isa.InputPressed:
		return state[isa.StMouseB] &^ state[isa.StButtonsBefore]
	}
	return 0
}
