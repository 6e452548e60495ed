package machine

import (
	"math/bits"

	"gvpie/runtime/isa"
)

// dirty is the tiles of a canvas that were painted since they were last copied: so a
// frame that paints little costs little, however large the canvas.
type dirty struct {
	w, h int
	rows []uint32 // for each row of tiles a bit for each
}

// manyCommands are not worth being looked at one by one: they paint everywhere.
const manyCommands = 1 << 12

func (d *dirty) resize(w, h int) {
	d.w, d.h = w, h
	d.rows = resize(d.rows, (h+tileSide-1)/tileSide)
}

func (d *dirty) markAll() {
	for i := range d.rows {
		d.rows[i] = ^uint32(0)
	}
}

// mark marks the tiles that commands may paint.
func (d *dirty) mark(commands []isa.Command, h isa.Header) {
	if len(commands) > manyCommands {
		d.markAll()
		return
	}
	for i := range commands {
		c := &commands[i]
		r := reachOf(c, h)
		if r.op == isa.EACH {
			r.rect = rect{r.a, r.b, r.a + r.c, r.b + r.d}.intersect(clipRect(c))
		}
		if r.op == isa.LOG || r.empty() {
			continue
		}
		tiles := uint32(2<<((r.x1-1)>>tileShift)) - 1<<(r.x0>>tileShift)
		for ty := r.y0 >> tileShift; ty <= (r.y1-1)>>tileShift; ty++ {
			d.rows[ty] |= tiles
		}
	}
}

// copy copies the tiles that are marked.
func (d *dirty) copy(to, from []uint32) {
	for ty, tiles := range d.rows {
		for tiles &= uint32(lowest((d.w + tileSide - 1) / tileSide)); tiles != 0; {
			first := bits.TrailingZeros32(tiles)
			n := bits.TrailingZeros32(^(tiles >> first))
			tiles &= tiles + 1<<first
			x0, x1 := first<<tileShift, min((first+n)<<tileShift, d.w)
			for y := ty << tileShift; y < min((ty+1)<<tileShift, d.h); y++ {
				copy(to[y*d.w+x0:y*d.w+x1], from[y*d.w+x0:y*d.w+x1])
			}
		}
	}
}
