package picture

import (
	"math/bits"
	"slices"

	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
)

// A page is text over a picture: characters on a grid, each cell as the best character
// for an ink has it.
type page struct {
	target     *Target
	under      []rgb // of each texel, what is seen without text
	cols, rows int
	inks       []rgb
	// For each row, ink and column: the best character, and by how much the error falls
	// where it is put on what is under the text.
	letters []byte
	gains   []int32

	texts []text
	now   []int32 // of each cell: by how much the error falls by what is written there
	taken []bool
	fits  []line // of each row, the best that could be written next
}

// A text is a line of characters in one ink: the cells [x0, x1) of a row.
type text struct{ row, ink, x0, x1 int }

// A line is a text, and by how much the error falls if it is written.
type line struct {
	text
	gain int
}

// firstLetter to lastLetter are the characters that text may hold.
const (
	firstLetter = ' '
	lastLetter  = '~'
)

// mostGains bounds what is kept of a page: cells by inks. A page with more cells has
// fewer inks.
const mostGains = 128 * 64 * 216

// newPage is a page with nothing written on it.
func newPage(t *Target, under []rgb) *page {
	w, h := t.Picture.Rect.Dx(), t.Picture.Rect.Dy()
	p := &page{target: t, under: under, cols: w / isa.CellWidth, rows: h / isa.CellHeight}
	cells := p.cols * p.rows
	p.inks = t.usual(max(2, min(216, mostGains/max(1, cells))))
	p.letters, p.gains = make([]byte, cells*len(p.inks)), make([]int32, cells*len(p.inks))
	p.now, p.taken, p.fits = make([]int32, cells), make([]bool, cells), make([]line, p.rows)
	return p
}

// usual are so many of the colours that cells have, those first that are nearest to most
// of the target.
func (t *Target) usual(most int) []rgb {
	var count [217]int
	for y := range t.H {
		for x := range t.W {
			o := t.texel(x, y)
			code := 1
			for _, s := range o.sum {
				code = (code-1)*6 + int(level(s, t.each)) + 1
			}
			count[code]++
		}
	}
	codes := make([]int, 216)
	for i := range codes {
		codes[i] = i + 1
	}
	slices.SortStableFunc(codes, func(a, b int) int { return count[b] - count[a] })
	inks := make([]rgb, most)
	for i := range inks {
		c := int32(isa.CodeColor(uint8(codes[i]), 0))
		inks[i] = rgb{c >> 16, c >> 8 & 0xFF, c & 0xFF}
	}
	return inks
}

// marks are sums over the pixels of a cell that a glyph, or a row of one, sets.
type marks struct {
	sum   rgb
	less  int32 // the squares of what is under them lacks, without those of the target
	count int32
}

func (m *marks) add(o *marks) {
	for i, s := range o.sum {
		m.sum[i] += s
	}
	m.less += o.less
	m.count += o.count
}

// read finds the best character of each ink for the cells of a row.
func (p *page) read(row int) {
	img, t := p.target.Picture, p.target
	var lines [glyph.Height][1 << glyph.Width]marks
	for col := range p.cols {
		for j := range lines {
			for pattern := 1; pattern < len(lines[j]); pattern++ {
				// The sums of a pattern are those of the one without its last bit, and a pixel's.
				m := lines[j][pattern&(pattern-1)]
				x, y := col*isa.CellWidth+glyph.Width-1-bits.TrailingZeros(uint(pattern)), row*isa.CellHeight+j
				m.count++
				texel := row*t.W + col
				if t.Pixel {
					texel = y*t.W + x
				}
				for i, u := range p.under[texel] {
					v := int32(img.Pix[img.PixOffset(x, y)+i])
					m.sum[i] += v
					m.less += u * (u - 2*v)
				}
				lines[j][pattern] = m
			}
		}
		for ink := range p.inks {
			p.letters[p.at(row, ink, col)] = firstLetter
		}
		for g := firstLetter + 1; g <= lastLetter; g++ {
			var m marks
			for j, pattern := range glyph.ROM[g] {
				m.add(&lines[j][pattern])
			}
			for ink, c := range p.inks {
				gain := m.less
				for i, v := range c {
					gain += v * (2*m.sum[i] - v*m.count)
				}
				if at := p.at(row, ink, col); gain > p.gains[at] {
					p.gains[at], p.letters[at] = gain, byte(g)
				}
			}
		}
	}
}

func (p *page) at(row, ink, col int) int { return (row*len(p.inks)+ink)*p.cols + col }

// find finds the text that is best to be written next in a row.
func (p *page) find(row int) {
	best := line{}
	for ink := range p.inks {
		sum, from := 0, 0
		for col := range p.cols {
			cell := row*p.cols + col
			if sum <= 0 {
				sum, from = 0, col
			}
			if p.taken[cell] && p.target.Pixel {
				sum = 0 // there a character would be written over another
				continue
			}
			sum += int(p.gains[p.at(row, ink, col)] - p.now[cell])
			if sum > best.gain {
				best = line{text{row, ink, from, col + 1}, sum}
			}
		}
	}
	p.fits[row] = best
}

// write writes the texts of a row anew, and says by how much the error falls by them.
func (p *page) write(row int) (gain int) {
	now, taken := p.now[row*p.cols:][:p.cols], p.taken[row*p.cols:][:p.cols]
	clear(now)
	clear(taken)
	for _, t := range p.texts {
		if t.row == row {
			for col := t.x0; col < t.x1; col++ {
				now[col], taken[col] = p.gains[p.at(row, t.ink, col)], true
			}
		}
	}
	for _, g := range now {
		gain += int(g)
	}
	return gain
}

// best is the text that is best to be written next.
func (p *page) best() line {
	best := line{}
	for _, f := range p.fits {
		if f.gain > best.gain {
			best = f
		}
	}
	return best
}
