package machine

import "math/bits"

// tileSide is the width and height of the tiles in which a canvas is covered: a row
// of one is a word, and a canvas has 16 × 16 of them at most.
const (
	tileShift = 6
	tileSide  = 1 << tileShift
)

// cover is which texels of a canvas are covered while it is painted from the last
// command to the first: by paper, by text, or, on a pixel canvas, at all. What is
// covered by either is written, and has its mark and its writer.
//
// It has levels, so that it costs little to find that nothing of a command can be
// seen, however much of it there is: which tiles are open, then which of their rows
// and columns may be, then which texels are.
type cover struct {
	pixel       bool
	across      int // tiles
	paper, text coverLayer
}

// coverLayer is the tiles of one of the two.
type coverLayer struct {
	covered []uint64 // a bit for each texel, the lowest first, a word a row, tile after tile
	tiles   []coverTile
	open    []uint32 // for each row of tiles a bit for each that may be open
	left    int      // tiles that may be
	hidden  hidden   // what is covered in whole
}

// coverTile is a short account of a tile, which may say that more is open than is.
type coverTile struct {
	rows, columns uint64    // those that may be open
	idle          int32     // rows looked at since they were found
	stale         bool      // texels were covered since
	known         [2]uint64 // rows and columns of which all crossings are covered: many
}

func (v *cover) resize(w, h int, pixel bool) {
	v.pixel, v.across = pixel, (w+tileSide-1)/tileSide
	down := (h + tileSide - 1) / tileSide
	layers := []*coverLayer{&v.paper, &v.text}
	if pixel {
		layers, v.text = layers[:1], coverLayer{}
	}
	for _, l := range layers {
		l.covered = resize(l.covered, v.across*down*tileSide)
		l.tiles = resize(l.tiles, v.across*down)
		l.open = resize(l.open, down)
	}
}

// clear makes all of a canvas of w × h texels open.
func (v *cover) clear(w, h int) {
	v.paper.clear(w, h, v.across)
	v.text.clear(w, h, v.across)
}

func (l *coverLayer) clear(w, h, across int) {
	clear(l.covered)
	l.left, l.hidden = len(l.tiles), hidden{}
	for i := range l.tiles {
		x, y := i%across*tileSide, i/across*tileSide
		l.tiles[i] = coverTile{rows: lowest(h - y), columns: lowest(w - x)}
	}
	for ty := range l.open {
		l.open[ty] = 1<<across - 1
	}
}

// lowest is the lowest n bits of a word.
func lowest(n int) uint64 {
	if n >= 64 {
		return ^uint64(0)
	}
	return 1<<n - 1
}

// wordMask is the texels of columns [x0, x1), which it has some of, in a row of the
// tiles in column tx.
func wordMask(x0, x1, tx int) uint64 {
	left := tx << tileShift
	from, to := max(x0-left, 0), min(x1-left, tileSide)
	return ^uint64(0) << (from & 63) & (^uint64(0) >> ((tileSide - to) & 63))
}

// full says that all is covered that is painted in these bits.
func (v *cover) full(which uint32) bool {
	switch {
	case v.pixel || which == markBits|paperBits:
		return v.paper.left == 0
	case which == markBits|textBits:
		return v.text.left == 0
	}
	return v.paper.left == 0 && v.text.left == 0
}

// openTiles is the tiles in row y that may have open texels in columns [x0, x1), a
// bit each.
func (v *cover) openTiles(which uint32, x0, x1, y int) uint32 {
	ty := y >> tileShift
	open := uint32(2<<((x1-1)>>tileShift)) - 1<<(x0>>tileShift)
	switch {
	case v.pixel || which == markBits|paperBits:
		return open & v.paper.open[ty]
	case which == markBits|textBits:
		return open & v.text.open[ty]
	}
	return open & (v.paper.open[ty] | v.text.open[ty])
}

// open gives the first row from y on, or end, that may have something left to paint
// in columns [x0, x1).
func (c *canvas) open(which uint32, x0, x1, y, end int) int {
	if !c.covering {
		return y
	}
	x0, x1 = max(x0, c.x0), min(x1, c.x1)
	if x0 >= x1 {
		return end
	}
	for y < end {
		for open := c.cover.openTiles(which, x0, x1, y); open != 0; open &= open - 1 {
			tx := bits.TrailingZeros32(open)
			if tile := (y>>tileShift)*c.cover.across + tx; c.cover.columns(which, tile)&wordMask(x0, x1, tx) != 0 {
				return y
			}
		}
		y = (y>>tileShift + 1) << tileShift
	}
	return end
}

// columns is the columns of a tile that may be open for these bits.
func (v *cover) columns(which uint32, tile int) (open uint64) {
	if which&paperBits != 0 || v.pixel {
		open = v.paper.tiles[tile].columns
	}
	if which&textBits != 0 && !v.pixel {
		open |= v.text.tiles[tile].columns
	}
	return open
}

// rows is columns for rows.
func (v *cover) rows(which uint32, tile int) (open uint64) {
	if which&paperBits != 0 || v.pixel {
		open = v.paper.tiles[tile].rows
	}
	if which&textBits != 0 && !v.pixel {
		open |= v.text.tiles[tile].rows
	}
	return open
}

// next is the row after y, for those who walk over rows from open on.
func (c *canvas) next(which uint32, x0, x1, y, end int) int {
	if y++; c.covering && y&(tileSide-1) == 0 {
		return c.open(which, x0, x1, y, end)
	}
	return y
}

// parts is what of some texels of a row of a tile is painted in these bits: all
// bits of those that were open in every way, and the paper or the text alone of
// those that the other covers.
type parts struct{ fresh, paper, text uint64 }

// take covers the texels of mask in a row of a tile and says what is painted of
// them. at is the row's word.
func (v *cover) take(which uint32, at int, mask uint64) (p parts) {
	if v.pixel {
		p.fresh = mask &^ v.paper.covered[at]
		v.paper.covered[at] |= mask
		return p
	}
	paper, text := v.paper.covered[at], v.text.covered[at]
	p.fresh = mask &^ (paper | text)
	if which&paperBits != 0 {
		p.paper = mask & text &^ paper
		v.paper.covered[at] |= mask
	}
	if which&textBits != 0 {
		p.text = mask & paper &^ text
		v.text.covered[at] |= mask
	}
	return p
}

func (p *parts) none() bool { return p.fresh|p.paper|p.text == 0 }

// fillWord paints the texels of mask in row y of the tiles in column tx.
func (c *canvas) fillWord(which, word uint32, tx, y int, mask uint64, pc uint32) (painted bool) {
	p := c.cover.take(which, ((y>>tileShift)*c.cover.across+tx)<<tileShift+y&(tileSide-1), mask)
	if p.none() {
		return false
	}
	at := y*c.w + tx<<tileShift
	which = c.mask(which)
	for set := p.fresh; set != 0; {
		from, to := run(set)
		c.fillRun(which, word, at+from, at+to, pc)
		set &^= lowest(to)
	}
	if p.paper|p.text != 0 {
		setSome(c.display[at:], p.paper, paperBits, word)
		setSome(c.display[at:], p.text, textBits, word)
	}
	return true
}

// copyWord is fillWord with words for the texels from column x on.
func (c *canvas) copyWord(which uint32, words []uint32, x, tx, y int, mask uint64, pc uint32) (painted bool) {
	p := c.cover.take(which, ((y>>tileShift)*c.cover.across+tx)*tileSide+y&(tileSide-1), mask)
	if p.none() {
		return false
	}
	left := tx << tileShift
	at := y*c.w + left
	which = c.mask(which)
	for set := p.fresh; set != 0; {
		from, to := run(set)
		copyBits(c.display[at+from:at+to], which, words[left+from-x:])
		fill(c.writer[at+from:at+to], pc)
		set &^= lowest(to)
	}
	for set := p.paper | p.text; set != 0; set &= set - 1 {
		i := bits.TrailingZeros64(set)
		some := uint32(paperBits)
		if p.text>>i&1 == 1 {
			some = textBits
		}
		c.display[at+i] = c.display[at+i]&^some | words[left+i-x]&some
	}
	return true
}

// run is the first run of set bits of a word that is not 0.
func run(set uint64) (from, to int) {
	from = bits.TrailingZeros64(set)
	return from, from + bits.TrailingZeros64(^(set >> from))
}

// setSome gives the texels of set the bits of mask that word has.
func setSome(texels []uint32, set uint64, mask, word uint32) {
	for ; set != 0; set &= set - 1 {
		i := bits.TrailingZeros64(set)
		texels[i] = texels[i]&^mask | word&mask
	}
}

// coverRect is rect in covering mode, of texels that are inside the clip.
func (c *canvas) coverRect(which, word uint32, x0, y0, x1, y1 int, pc uint32) {
	v := &c.cover
	r := rect{x0, y0, x1, y1}
	large := x1-x0 > tileSide && y1-y0 > tileSide
	if large && v.hides(which, r) {
		return
	}
	for y := y0; y < y1; {
		top := y >> tileShift << tileShift
		end := min(y1, top+tileSide)
		for open := v.openTiles(which, x0, x1, y); open != 0; open &= open - 1 {
			tx := bits.TrailingZeros32(open)
			tile := (y>>tileShift)*v.across + tx
			mask := wordMask(x0, x1, tx)
			if v.columns(which, tile)&mask == 0 {
				continue
			}
			rows := v.rows(which, tile) & (^uint64(0) << (y - top)) & lowest(end-top)
			if v.knows(which, tile, rows, mask) {
				continue
			}
			looked, painted := rows, false
			for ; rows != 0; rows &= rows - 1 {
				if c.fillWord(which, word, tx, top+bits.TrailingZeros64(rows), mask, pc) {
					painted = true
				}
			}
			v.account(which, tile, bits.OnesCount64(looked), painted)
			v.learn(which, tile, looked, mask)
		}
		y = end
	}
	if large {
		v.hide(which, r)
	}
}

// hides says that all of r is covered; it may not know.
func (v *cover) hides(which uint32, r rect) bool {
	return (which&paperBits == 0 && !v.pixel || v.paper.hidden.holds(r)) &&
		(which&textBits == 0 || v.pixel || v.text.hidden.holds(r))
}

// hide says that it is.
func (v *cover) hide(which uint32, r rect) {
	if which&paperBits != 0 || v.pixel {
		v.paper.hidden.add(r)
	}
	if which&textBits != 0 && !v.pixel {
		v.text.hidden.add(r)
	}
}

// knows says that all crossings of these rows and columns of a tile are covered; it
// may not know.
func (v *cover) knows(which uint32, tile int, rows, columns uint64) bool {
	knows := func(l *coverLayer) bool {
		t := &l.tiles[tile]
		return rows&^t.known[0]|columns&^t.known[1] == 0
	}
	return (which&paperBits == 0 && !v.pixel || knows(&v.paper)) && (which&textBits == 0 || v.pixel || knows(&v.text))
}

// learn says that they are.
func (v *cover) learn(which uint32, tile int, rows, columns uint64) {
	learn := func(l *coverLayer) {
		t := &l.tiles[tile]
		if bits.OnesCount64(rows)*bits.OnesCount64(columns) > bits.OnesCount64(t.known[0])*bits.OnesCount64(t.known[1]) {
			t.known = [2]uint64{rows, columns}
		}
	}
	if which&paperBits != 0 || v.pixel {
		learn(&v.paper)
	}
	if which&textBits != 0 && !v.pixel {
		learn(&v.text)
	}
}

// account takes into the accounts of a tile that so many of its rows were looked at,
// and whether anything was covered there.
func (v *cover) account(which uint32, tile, looked int, painted bool) {
	if which&paperBits != 0 || v.pixel {
		v.paper.account(tile, v.across, looked, painted)
	}
	if which&textBits != 0 && !v.pixel {
		v.text.account(tile, v.across, looked, painted)
	}
}

func (l *coverLayer) account(tile, across, looked int, painted bool) {
	t := &l.tiles[tile]
	t.stale = t.stale || painted
	if !t.stale || t.rows == 0 {
		return
	}
	if t.idle += int32(looked); t.idle < tileSide {
		return
	}
	t.idle, t.stale = 0, false
	words := l.covered[tile<<tileShift:][:tileSide]
	columns, rows := uint64(0), t.rows
	for r := rows; r != 0; r &= r - 1 {
		i := bits.TrailingZeros64(r)
		open := t.columns &^ words[i]
		if columns |= open; open == 0 {
			rows &^= 1 << i
		}
	}
	t.rows, t.columns = rows, columns
	if rows == 0 {
		l.open[tile/across] &^= 1 << (tile % across)
		l.left--
	}
}

// doubt has all tiles accounted for anew when they are looked at next.
func (l *coverLayer) doubt() {
	for i := range l.tiles {
		l.tiles[i].stale, l.tiles[i].idle = true, tileSide
	}
}
