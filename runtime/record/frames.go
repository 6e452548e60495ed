package record

import (
	"slices"
	"sort"
)

// Frames is a list of frames that grows at its end. Of each what differs from the one
// before is kept, and of frames that are alike how many they are: an hour of a program
// that nobody touches takes a few hundred bytes. The zero Frames is empty. It is not
// safe for use by several goroutines.
//
// Frames lie in blocks that need nothing of one another: see [block].
type Frames struct {
	blocks []block
	bytes  int // of the blocks
}

// A block is full when it has blockBytes, or blockFrames and an eighth of the frames
// before it: of a file that was cut short no more than that is lost.
const (
	blockBytes  = 256
	blockFrames = 64
)

// blockCost is what a block takes beside its data, in bytes.
const blockCost = 160

// Len is how many there are, counted from 0: of a list whose beginning was dropped,
// one more than the number of the last.
func (f *Frames) Len() int {
	if len(f.blocks) == 0 {
		return 0
	}
	b := &f.blocks[len(f.blocks)-1]
	return b.first + b.n
}

// Append adds a frame.
func (f *Frames) Append(x Frame) {
	n := len(f.blocks)
	if n == 0 || f.blocks[n-1].full() {
		f.blocks = append(f.blocks, block{first: f.Len()})
		f.bytes += blockCost
		n++
	}
	b := &f.blocks[n-1]
	before := len(b.data)
	b.append(x)
	f.bytes += len(b.data) - before
}

func (b *block) full() bool {
	return len(b.data) >= blockBytes || b.n >= max(blockFrames, b.first/8)
}

// At gives frame i, which must be one of them.
func (f *Frames) At(i int) (x Frame) {
	f.From(i, func(_ int, at Frame) bool {
		x = at
		return false
	})
	return x
}

// From gives frame i and those after it, until yield says false.
func (f *Frames) From(i int, yield func(i int, x Frame) bool) {
	at := sort.Search(len(f.blocks), func(k int) bool { return f.blocks[k].first+f.blocks[k].n > i })
	for _, b := range f.blocks[at:] {
		n, more := b.first, true
		_ = decode(b.coded(), func(x Frame, times int) bool { // what was coded here decodes
			from := max(n, i)
			n += times
			for ; more && from < n; from++ {
				more = yield(from, x)
			}
			return more
		})
		if !more {
			return
		}
	}
}

// Until gives the frames before frame n, as a list that grows by itself.
func (f *Frames) Until(n int) Frames {
	at := sort.Search(len(f.blocks), func(k int) bool { return f.blocks[k].first+f.blocks[k].n > n })
	until := Frames{blocks: slices.Clone(f.blocks[:at])}
	for i := range until.blocks {
		b := &until.blocks[i]
		b.data = slices.Clip(b.data) // so that both may append
		until.bytes += blockCost + len(b.data)
	}
	if at < len(f.blocks) {
		if b := f.blocks[at]; b.first < n {
			until.blocks = append(until.blocks, block{first: b.first})
			until.bytes += blockCost
			f.From(b.first, func(i int, x Frame) bool {
				if i < n {
					until.Append(x)
				}
				return i < n-1
			})
		}
	}
	return until
}

// drop gives up blocks of frames before frame i.
func (f *Frames) drop(i int) {
	n := 0
	for ; n < len(f.blocks)-1 && f.blocks[n+1].first <= i; n++ {
		f.bytes -= blockCost + len(f.blocks[n].data)
	}
	f.blocks = slices.Delete(f.blocks, 0, n)
}
