package machine

import (
	"slices"

	"gvpie/runtime/isa"
)

// before is the last picture of a view that is drawn again and again, and the words
// that it shows: what has not changed since need not be drawn. Pictures that change
// in most rows are drawn anew, and looked at again after a while.
type before struct {
	view    View
	pix     []byte   // without grid and mark
	words   []uint32 // of the page that is shown
	writers []uint32 // of the writer page, where texels are lit by it
	again   bool     // the view was drawn last
	on      bool     // pix and words are those of view
	used    bool     // what is drawn now goes to pix
	rest    int      // pictures to draw before changes are looked for
	changed []span   // what of each row of the page
}

// span is words [from, to) of a row.
type span struct{ from, to int32 }

func (s span) empty() bool { return s.from >= s.to }

func (s span) union(t span) span {
	switch {
	case s.empty():
		return t
	case t.empty():
		return s
	}
	return span{min(s.from, t.from), max(s.to, t.to)}
}

// differing is where the first and the last word stand in which a and b, which are as
// long, differ.
func differing(a, b []uint32) span {
	if slices.Equal(a, b) {
		return span{}
	}
	from, to := 0, len(a)
	for a[from] == b[from] {
		from++
	}
	for a[to-1] == b[to-1] {
		to--
	}
	return span{int32(from), int32(to)}
}

// afterChanges is how many pictures are drawn in whole after one more than half of
// which changed.
const afterChanges = 15

// begin finds what has changed, and has that alone drawn, into the picture before: of
// each row, from the first word that changed to the last.
func (b *before) begin(p *presenter) {
	again := b.again && b.view == p.v
	if b.used = false; !again {
		b.on, b.rest = false, 0
	}
	b.view, b.again = p.v, true
	if b.rest = max(0, b.rest-1); !again || b.rest > 0 {
		b.on = false
		return
	}
	if b.on && !b.compare(p) {
		b.on, b.rest = false, afterChanges
		return
	}
	if !b.on {
		b.keep(p)
	}
	b.used = true
	p.pix, p.stride = b.pix, 4*p.v.Width
}

// keep takes in the words of a view whose picture is drawn in whole.
func (b *before) keep(p *presenter) {
	page, _ := p.page()
	b.changed = resize(b.changed, p.th)
	b.pix = resize(b.pix, 4*p.v.Width*p.v.Height)
	b.words = append(b.words[:0], page...)
	if b.writers = b.writers[:0]; p.v.LitFrom != p.v.LitTo {
		b.writers = append(b.writers, p.m.writer...)
	}
}

// compare finds what has changed, takes it in, and says whether it is little.
func (b *before) compare(p *presenter) (little bool) {
	page, width := p.page()
	lit := p.v.LitFrom != p.v.LitTo && len(page) == len(p.m.writer)
	x0, x1 := p.pageColumns()
	changed, looked, last := 0, 0, -1
	for _, y := range p.rows.texels {
		row := p.pageRow(int(y))
		if row == last {
			continue
		}
		last = row
		from, to := min(row*width+x0, len(page)), min(row*width+x1, len(page))
		looked += to - from
		d := differing(page[from:to], b.words[from:to])
		if lit {
			d = d.union(differing(p.m.writer[from:to], b.writers[from:to]))
			copy(b.writers[from:to], p.m.writer[from:to])
		}
		copy(b.words[from:to][d.from:d.to], page[from:to][d.from:d.to])
		changed += int(d.to - d.from)
		b.changed[row] = span{int32(x0) + d.from, int32(x0) + d.to}
	}
	return 2*changed <= looked
}

// pixels is which panel pixels of row j the picture has not got, [from, to).
func (b *before) pixels(p *presenter, j int) span {
	if !b.used || !b.on {
		return span{0, int32(p.v.Width)}
	}
	first, n := int(p.rows.first[j]), len(p.rows.at(j))
	var words span
	for at := max(first, 1); at < first+n && at <= len(p.rows.texels); at++ {
		words = words.union(b.changed[p.pageRow(int(p.rows.texels[at-1]))])
	}
	if words.empty() {
		return span{}
	}
	if p.cells() {
		words.from, words.to = words.from*isa.CellWidth, words.to*isa.CellWidth
	}
	return p.columns.show(words)
}

// end gives the picture to the presenter's destination.
func (b *before) end(p *presenter) {
	if !b.used {
		return
	}
	b.on = true
	for j := range p.v.Height {
		copy(p.dst.Pix[j*p.dst.Stride:][:p.stride], b.pix[j*p.stride:])
	}
}

// page is the page whose words the view shows, and how many of them are a row.
func (p *presenter) page() (words []uint32, width int) {
	if p.v.Texture == HumanTexture {
		return p.m.display, p.m.header.W
	}
	return p.m.Page(p.v.Page), p.tw
}

// cells says that a texel of the view is a part of a cell.
func (p *presenter) cells() bool { return p.v.Texture == HumanTexture && !p.m.header.Pixel }

// pageRow is the row of the page that row y of the texture shows.
func (p *presenter) pageRow(y int) int {
	if p.cells() {
		return y / isa.CellHeight
	}
	return y
}

// pageColumns is the columns of the page that the panel shows, [x0, x1).
func (p *presenter) pageColumns() (x0, x1 int) {
	xs := p.columns.texels
	if len(xs) == 0 {
		return 0, 0
	}
	x0, x1 = int(xs[0]), int(xs[len(xs)-1])+1
	if p.cells() {
		return x0 / isa.CellWidth, (x1 + isa.CellWidth - 1) / isa.CellWidth
	}
	return x0, x1
}
