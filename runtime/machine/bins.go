package machine

import (
	"context"
	"math/bits"

	"gvpie/runtime/isa"
)

// TileSize is the width and height, in texels, of a tile of [Bins].
const TileSize = 8

const (
	binCommands = 1 << 14 // commands of a batch at most
	binYield    = 1 << 10 // commands between two looks at the context
	binEntries  = 1 << 20 // commands listed for all tiles together, from which on a batch ends
)

// Bins lists, for each tile of a canvas, the commands of a frame that may be seen
// in it, the newest first. What newer commands hide is not listed: a rectangle is
// there only where it is the first to cover some texel, and so what a frame costs to
// raster is bounded by what is seen of it, and not by how often it is drawn over.
//
// A frame of very many commands comes in batches, the newest commands first. The
// memory is kept from one frame to the next.
type Bins struct {
	Across, Down int // tiles
	// Words says for each tile where in Words its commands begin, and where those of
	// the last end; then come the commands, by their place in the frame.
	Words []uint32

	header   isa.Header
	commands []isa.Command // those not yet listed: the oldest
	batch    int           // binCommands, but for tests
	layers   []binLayer
	all      [2]binLayer // what layers has the first of
	openRow  int         // words of a layer's open in a row
	idle     int         // tiles looked at for nothing since the layers' free was found
	entries  []binEntry
}

// binLayer is what of a layer is covered by the commands that were listed.
type binLayer struct {
	covered []uint64 // for each tile, a bit for each texel, row by row
	open    []uint64 // for each row of tiles, a bit for each that is not covered as a whole
	left    int      // such tiles
	free    rect     // all that is not covered is in it
	dirty   bool     // texels were covered since free was found
	hidden  hidden
}

type binEntry struct{ tile, command uint32 }

// Begin starts on the commands of a frame. They are read until Next says false.
func (b *Bins) Begin(h isa.Header, commands []isa.Command) {
	b.header, b.commands, b.batch, b.idle = h, commands, binCommands, 0
	b.Across, b.Down = (h.W+TileSize-1)/TileSize, (h.H+TileSize-1)/TileSize
	b.openRow = (b.Across + 63) / 64
	b.layers = b.all[:2]
	if h.Pixel {
		b.layers = b.all[:1]
	}
	for i := range b.layers {
		l := &b.layers[i]
		l.covered = resize(l.covered, b.Across*b.Down)
		clear(l.covered)
		if n := h.W % TileSize; n != 0 { // what is off the canvas is covered
			for tile := b.Across - 1; tile < len(l.covered); tile += b.Across {
				l.covered[tile] |= tileMask(n, TileSize, 0, TileSize)
			}
		}
		if n := h.H % TileSize; n != 0 {
			for tile := b.Across * (b.Down - 1); tile < len(l.covered); tile++ {
				l.covered[tile] |= tileMask(0, TileSize, n, TileSize)
			}
		}
		l.open = resize(l.open, b.openRow*b.Down)
		for i := range l.open {
			l.open[i] = bitsFrom(i%b.openRow, 0, b.Across)
		}
		l.left, l.free, l.dirty, l.hidden = len(l.covered), rect{0, 0, h.W, h.H}, false, hidden{}
	}
}

// Next lists the next batch, and says whether there was one: older commands, if
// there are any that may be seen. The error is the context's.
func (b *Bins) Next(ctx context.Context) (more bool, err error) {
	if !b.More() {
		return false, nil
	}
	b.entries = b.entries[:0]
	for n := 0; b.More() && n < b.batch && len(b.entries) < binEntries; n++ {
		if n%binYield == 0 {
			if err := ctx.Err(); err != nil {
				return false, err
			}
		}
		last := len(b.commands) - 1
		r := reachOf(&b.commands[last], b.header)
		b.commands = b.commands[:last]
		for l := range b.layers {
			if r.layers>>l&1 == 1 && (r.intersect(b.layers[l].free).empty() || b.layers[l].hidden.holds(r.rect)) {
				r.layers &^= 1 << l
			}
		}
		if r.layers == 0 {
			continue
		}
		b.add(uint32(last), &r)
		for l := range b.layers {
			if r.layers>>l&1 == 1 && r.solid {
				b.layers[l].hidden.add(r.rect)
			}
		}
	}
	b.sort()
	return true, nil
}

// More says that there are commands that Next has not come to and that may be seen.
func (b *Bins) More() bool {
	left := 0
	for i := range b.layers {
		left += b.layers[i].left
	}
	return len(b.commands) > 0 && left > 0
}

// add lists a command for the tiles that it may be seen in.
func (b *Bins) add(command uint32, r *reach) {
	before, looked := len(b.entries), 0
	for ty := r.y0 / TileSize; ty*TileSize < r.y1; ty++ {
		y0, y1 := max(r.y0, ty*TileSize), min(r.y1, (ty+1)*TileSize)
		bd := r.band(y0, y1)
		if bd.x0 >= bd.x1 {
			continue
		}
		y0, y1 = y0-ty*TileSize, y1-ty*TileSize
		first, last := bd.x0/TileSize, (bd.x1-1)/TileSize
		for w := first / 64; w <= last/64; w++ {
			open := uint64(0)
			for l := range b.layers {
				if r.layers>>l&1 == 1 {
					open |= b.layers[l].open[ty*b.openRow+w]
				}
			}
			open &= bitsFrom(w, first, last+1)
			if bd.hole0 < bd.hole1 {
				open &^= bitsFrom(w, (bd.hole0+TileSize-1)/TileSize, bd.hole1/TileSize)
			}
			looked++
			for ; open != 0; open &= open - 1 {
				looked++
				b.addTile(command, w*64+bits.TrailingZeros64(open), ty, y0, y1, &bd, r.layers)
			}
		}
	}
	if len(b.entries) > before {
		return
	}
	if b.idle += looked; b.idle > b.Across*b.Down {
		b.idle = 0
		for i := range b.layers {
			b.findFree(&b.layers[i])
		}
	}
}

// addTile lists a command for a tile if it may be seen there, in rows [y0, y1) of
// the tile.
func (b *Bins) addTile(command uint32, tx, ty, y0, y1 int, bd *band, layers int) {
	left := tx * TileSize
	in := func(x0, x1 int) uint64 {
		return tileMask(max(x0-left, 0), min(x1-left, TileSize), y0, y1)
	}
	may := in(bd.x0, bd.x1)
	if bd.hole0 < bd.hole1 {
		may &^= in(bd.hole0, bd.hole1)
	}
	solid := in(bd.solid0, bd.solid1)
	seen := false
	for i := range b.layers {
		if layers>>i&1 == 0 {
			continue
		}
		l := &b.layers[i]
		c := &l.covered[ty*b.Across+tx]
		seen = seen || may&^*c != 0
		if solid&^*c == 0 {
			continue
		}
		*c |= solid
		l.dirty = true
		if *c == ^uint64(0) {
			l.open[ty*b.openRow+tx/64] &^= 1 << (tx % 64)
			l.left--
		}
	}
	if seen {
		b.entries = append(b.entries, binEntry{uint32(ty*b.Across + tx), command})
	}
}

// bitsFrom is the bits of word w of a row of bits that are in [from, to).
func bitsFrom(w, from, to int) uint64 {
	from, to = max(from-64*w, 0), min(to-64*w, 64)
	if from >= to {
		return 0
	}
	return ^uint64(0) << from & (^uint64(0) >> (64 - to))
}

// tileMask is the texels of a tile in columns [x0, x1) and rows [y0, y1).
func tileMask(x0, x1, y0, y1 int) uint64 {
	if x0 >= x1 {
		return 0
	}
	row := (uint64(1)<<x1 - 1) &^ (uint64(1)<<x0 - 1)
	rows := ^uint64(0) >> (8 * (TileSize - (y1 - y0))) << (8 * y0)
	return row * 0x0101010101010101 & rows
}

// findFree finds the rectangle of a layer that holds all that is not covered.
func (b *Bins) findFree(l *binLayer) {
	if !l.dirty {
		return
	}
	f := rect{b.header.W, b.header.H, 0, 0}
	for ty := range b.Down {
		for w := range b.openRow {
			for open := l.open[ty*b.openRow+w]; open != 0; open &= open - 1 {
				tx := w*64 + bits.TrailingZeros64(open)
				free := ^l.covered[ty*b.Across+tx]
				columns := free | free>>32
				columns |= columns >> 16
				columns = (columns | columns>>8) & 0xFF
				f.x0 = min(f.x0, tx*TileSize+bits.TrailingZeros64(columns))
				f.x1 = max(f.x1, tx*TileSize+bits.Len64(columns))
				f.y0 = min(f.y0, ty*TileSize+bits.TrailingZeros64(free)/8)
				f.y1 = max(f.y1, ty*TileSize+(bits.Len64(free)+7)/8)
			}
		}
	}
	l.free, l.dirty = f, false
}

// Listed is how many commands are listed for the rows of tiles [from, to) together.
func (b *Bins) Listed(from, to int) int {
	return int(b.Words[to*b.Across] - b.Words[from*b.Across])
}

// sort makes Words of the entries, whose order in a tile stays.
func (b *Bins) sort() {
	tiles := b.Across * b.Down
	b.Words = resize(b.Words, tiles+1+len(b.entries))
	starts := b.Words[:tiles+1]
	clear(starts)
	for _, e := range b.entries {
		starts[e.tile]++
	}
	at := uint32(len(starts))
	for i, n := range starts {
		starts[i] = at
		at += n
	}
	for _, e := range b.entries {
		b.Words[starts[e.tile]] = e.command
		starts[e.tile]++
	}
	copy(starts[1:], starts[:tiles])
	starts[0] = uint32(len(starts))
}
