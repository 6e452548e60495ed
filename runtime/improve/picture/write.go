package picture

import (
	"fmt"
	"slices"
	"strings"

	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
)

// write writes so many texts over what the shapes show: first one after the other, each
// where the error falls most, then each anew while that is better.
func (s *search) write(t *Target, texts int) {
	if len(s.p.shapes) == 1 {
		s.ground = s.choose(t, texts)
	}
	s.page = newPage(t, s.shades())
	p := s.page
	for row := 0; row < p.rows && s.more(); row++ {
		p.read(row)
		s.rest = 0 // reading takes as long as a job
		s.find(row)
	}
	for len(p.texts) < texts && s.more() {
		f := p.best()
		if f.gain <= 0 {
			break
		}
		p.texts = append(p.texts, f.text)
		p.write(f.row)
		s.find(f.row)
	}
	for again := true; again; {
		again = false
		for k := 0; k < len(p.texts) && s.more(); k++ {
			again = s.rewrite(k) || again
		}
	}
}

// more says whether another candidate may be tried.
func (s *search) more() bool { return s.left > 0 && !s.over }

// samples is how many rows of text a ground is judged by.
const samples = 8

// choose is the ground that text alone is best written on.
func (s *search) choose(t *Target, texts int) *rgb {
	all := &s.p.shapes[0].owned
	grounds := append(t.usual(4), s.p.best(all), rgb{}, rgb{255, 255, 255})
	var best *rgb
	least := 0.0
	for i := range grounds {
		if s.rest = 0; !s.more() { // a ground takes as long as a job
			break
		}
		s.ground = &grounds[i]
		p := newPage(t, s.shades())
		lack := 0.0
		for ch, v := range grounds[i] {
			lack += float64(v) * (float64(v)*float64(all.n*t.each) - 2*float64(all.sum[ch]))
		}
		n := min(samples, p.rows)
		for j := range n {
			row := (2*j + 1) * p.rows / (2 * n)
			p.read(row)
			p.find(row)
			lack -= float64(p.fits[row].gain) * float64(min(texts, p.rows)) / float64(n)
		}
		s.tried()
		if best == nil || lack < least {
			best, least = s.ground, lack
		}
	}
	return best
}

// shades are the colours of the texels as the shapes show them.
func (s *search) shades() []rgb {
	p := s.p
	out := make([]rgb, p.W*p.H)
	colors := make([]rgb, len(p.shapes))
	for k := range colors {
		colors[k] = s.color(k)
	}
	for i := range out {
		out[i] = colors[p.below(i*p.words, len(colors))]
	}
	return out
}

// find finds a candidate.
func (s *search) find(row int) {
	s.page.find(row)
	s.tried()
}

// rewrite writes the text that is best in place of one. better says that the error fell.
func (s *search) rewrite(k int) (better bool) {
	p, old := s.page, s.page.texts[k]
	before := p.write(old.row)
	p.texts = slices.Delete(p.texts, k, k+1)
	without := p.write(old.row)
	s.find(old.row)
	f := p.best()
	if better = without+f.gain > before; better {
		p.texts = append(p.texts, f.text)
	} else {
		p.texts = slices.Insert(p.texts, k, old)
	}
	p.write(old.row)
	s.find(old.row)
	if better && f.row != old.row {
		p.write(f.row)
		s.find(f.row)
	}
	return better
}

// lines are the statements of the texts. Those of one ink stand together where no text
// is over another.
func (p *page) lines() string {
	var b strings.Builder
	left := slices.Clone(p.texts)
	ink := ""
	for len(left) > 0 {
		next := 0
		for i, t := range left {
			if p.ink(t).String() == ink && !slices.ContainsFunc(left[:i], t.overlaps) {
				next = i
				break
			}
		}
		t := left[next]
		left = slices.Delete(left, next, next+1)
		if c := p.ink(t).String(); c != ink {
			ink = c
			fmt.Fprintf(&b, "COLOR %s\n", ink)
		}
		x, y := t.x0, t.row
		if p.target.Pixel {
			x, y = x*isa.CellWidth, y*isa.CellHeight
		}
		fmt.Fprintf(&b, "TXT %d %d \"%s\"\n", x, y, escaped.Replace(p.string(t)))
	}
	return b.String()
}

var escaped = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `{`, `\{`, `}`, `\}`)

func (t text) overlaps(o text) bool { return t.row == o.row && t.x0 < o.x1 && o.x0 < t.x1 }

// string is what a text says.
func (p *page) string(t text) string {
	at := p.at(t.row, t.ink, 0)
	return string(p.letters[at+t.x0 : at+t.x1])
}

// ink is the best colour of a text, of those that the canvas has.
func (p *page) ink(t text) rgb {
	if !p.target.Pixel {
		return p.inks[t.ink]
	}
	o := owned{}
	for i, c := range []byte(p.string(t)) {
		for j, row := range glyph.ROM[c] {
			for b := range glyph.Width {
				if row>>(glyph.Width-1-b)&1 == 0 {
					continue
				}
				pix := p.target.Picture.Pix[p.target.Picture.PixOffset((t.x0+i)*isa.CellWidth+b, t.row*isa.CellHeight+j):]
				for ch := range o.sum {
					o.sum[ch] += int64(pix[ch])
				}
				o.n++
			}
		}
	}
	return p.target.best(&o)
}
