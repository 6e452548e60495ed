package record

import (
	"encoding/binary"
	"errors"
	"math"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// A block is some frames that follow one another, coded:
//
//	0 n        the frame before, n times more
//	mask …     another frame: for each bit of mask, from the lowest, what changed
//
// What changed is a difference as a varint, in the order of [numbers]; of the keys,
// the highest bit, how many were pressed or let go, and their codes. Before the first
// frame all is 0.
type block struct {
	first, n int    // its frames are first to first+n-1
	data     []byte // all of them but
	same     int    // the last so many, which are as the one before them
	last     Frame
}

const maskKeys = 1 << 7

// numbers are the numbers of a frame, in the order in which they are coded.
func numbers(x *Frame) [7]int64 {
	in := &x.Input
	return [...]int64{int64(in.MouseX), int64(in.MouseY), int64(in.Buttons), int64(in.Wheel), int64(x.Cycles), int64(x.Budget), int64(x.Status)}
}

// setNumbers is the way back. It says whether a frame can have them.
func setNumbers(x *Frame, n [7]int64) bool {
	in := &x.Input
	in.MouseX, in.MouseY, in.Buttons, in.Wheel = int32(n[0]), int32(n[1]), int32(n[2]), int32(n[3])
	x.Cycles, x.Budget, x.Status = uint32(n[4]), uint32(n[5]), isa.Status(n[6])
	return numbers(x) == n && x.Status <= isa.Faulted
}

func (b *block) append(x Frame) {
	b.n++
	if x == b.last {
		b.same++
		return
	}
	b.data, b.same = b.coded(), 0
	mask := len(b.data)
	b.data = append(b.data, 0)
	was, is := numbers(&b.last), numbers(&x)
	for i := range is {
		if is[i] != was[i] {
			b.data[mask] |= 1 << i
			b.data = binary.AppendVarint(b.data, is[i]-was[i])
		}
	}
	if x.Input.Keys != b.last.Input.Keys {
		b.data[mask] |= maskKeys
		b.data = appendKeys(b.data, b.last.Input.Keys, x.Input.Keys)
	}
	b.last = x
}

// appendKeys writes which keys changed.
func appendKeys(to []byte, was, is [8]uint32) []byte {
	var codes []byte
	for code := range 256 {
		if (was[code>>5]^is[code>>5])>>(code&31)&1 == 1 {
			codes = append(codes, byte(code))
		}
	}
	return append(binary.AppendUvarint(to, uint64(len(codes))), codes...)
}

// coded is all frames of the block.
func (b *block) coded() []byte {
	if b.same == 0 {
		return b.data
	}
	return binary.AppendUvarint(append(b.data, 0), uint64(b.same))
}

// errCode is the error of bytes that no frames were coded as.
var errCode = errors.New("what should be frames is none")

// decode gives the frames of a block, equal ones at once, until yield says false.
func decode(data []byte, yield func(x Frame, times int) bool) error {
	var x Frame
	for len(data) > 0 {
		mask, times, ok := data[0], 1, true
		if data = data[1:]; mask == 0 {
			times, data, ok = count(data, math.MaxInt32)
		}
		is := numbers(&x)
		for i := range is {
			if mask>>i&1 == 1 && ok {
				d, n := binary.Varint(data)
				data, ok = data[max(n, 0):], n > 0
				is[i] += d
			}
		}
		if ok = ok && setNumbers(&x, is); ok && mask&maskKeys != 0 {
			data, ok = toggleKeys(&x.Input, data)
		}
		if !ok {
			return errCode
		}
		if !yield(x, times) {
			break
		}
	}
	return nil
}

// count reads a number of at most most.
func count(data []byte, most uint64) (v int, rest []byte, ok bool) {
	u, n := binary.Uvarint(data)
	if n <= 0 || u > most {
		return 0, nil, false
	}
	return int(u), data[n:], true
}

// toggleKeys reads which keys changed.
func toggleKeys(in *machine.Input, data []byte) (rest []byte, ok bool) {
	n, data, ok := count(data, 256)
	if !ok || n > len(data) {
		return nil, false
	}
	for _, code := range data[:n] {
		in.Keys[code>>5] ^= 1 << (code & 31)
	}
	return data[n:], true
}
