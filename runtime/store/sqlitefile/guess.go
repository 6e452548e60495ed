package sqlitefile

import (
	"encoding/binary"
	"math/rand/v2"
)

// guessed is how many pages are looked at to find out how large they are.
const guessed = 1000

// guessPageSize finds out how large the pages are of a file whose header is lost: the
// least size at whose multiples pages begin about as often as at those of any other. At
// half of the true size every second beginning is none.
func (d *File) guessPageSize() int {
	r := rand.New(rand.NewPCG(1, 1)) // the same file, the same guess
	share, best := map[int]float64{}, 0.0
	for size := 512; size <= 65536; size *= 2 {
		n := min(d.size/int64(size), guessed)
		begin := 0
		for range n {
			if d.beginsPage(r.Int64N(d.size/int64(size))*int64(size), size) {
				begin++
			}
		}
		if n >= 4 { // of fewer, chance would have it
			share[size] = float64(begin) / float64(n)
			best = max(best, share[size])
		}
	}
	for size := 512; best > 0 && size <= 65536; size *= 2 {
		if share[size] > 0.7*best {
			return size
		}
	}
	return defaultPage
}

// beginsPage says whether what lies there can be the beginning of a page of a tree
// (https://sqlite.org/fileformat.html#b_tree_pages).
func (d *File) beginsPage(at int64, size int) bool {
	var h [8]byte
	if _, err := d.f.ReadAt(h[:], at); err != nil {
		return false
	}
	word := func(i int) int { return int(binary.BigEndian.Uint16(h[i:])) }
	free, cells, content := word(1), word(3), word(5)
	switch h[0] {
	case 2, 5, 10, 13:
	default:
		return false
	}
	return free < size && 8+2*cells <= size && (content == 0 && size == 65536 || content <= size && content >= 8+2*cells) && h[7] <= 60
}
