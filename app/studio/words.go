package studio

import (
	"image"

	"gvpie/runtime/machine"
)

// WordsOf is a rectangle of a page, in texels of the machine's view of it; the zero value
// is none.
type WordsOf struct {
	Page machine.Page
	Area image.Rectangle
}

// Words are the words of a rectangle of a page.
type Words struct {
	WordsOf
	width int // of the page
	words []uint32
	doc   int
}

// At is the word at a texel and its place in the page; ok is false outside the rectangle
// and the page.
func (w *Words) At(x, y int) (i int, word uint32, ok bool) {
	i = y*w.width + x
	p := image.Pt(x, y)
	at := (y-w.Area.Min.Y)*w.Area.Dx() + x - w.Area.Min.X
	if !p.In(w.Area) || at >= len(w.words) {
		return 0, 0, false
	}
	return i, w.words[at], true
}

// ShowWords says which words are to be known.
func (r *Runner) ShowWords(of WordsOf) {
	if r.player.in.peek().words != of {
		r.request(func(q *request) { q.words = of })
	}
}

// Words are those of ShowWords, as they were last; nil where they are not known.
func (r *Runner) Words() *Words {
	d := r.Program()
	if d == nil || r.words == nil || r.words.doc != d.ID || r.words.Page != r.player.in.peek().words.Page {
		return nil
	}
	return r.words
}

// words reads what is to be known; nil where it cannot be had.
func (p *player) words(of WordsOf) *Words {
	if of.Area.Empty() {
		return nil
	}
	header, length := p.inSight()
	w, h := machine.TextureSize(header, length, machine.View{Texture: machine.MachineTexture, Page: of.Page})
	of.Area = of.Area.Intersect(image.Rect(0, 0, w, h))
	page, err := p.read(of.Page)
	if err != nil {
		return nil
	}
	out := &Words{WordsOf: of, width: w, doc: p.run.doc}
	for y := of.Area.Min.Y; y < of.Area.Max.Y; y++ {
		for x := of.Area.Min.X; x < of.Area.Max.X; x++ {
			if i := y*w + x; i < len(page) {
				out.words = append(out.words, page[i])
			}
		}
	}
	return out
}
