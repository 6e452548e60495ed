package benchmark

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"gvpie/assets"
	"gvpie/assets/theme"
)

// The picture's measures, in units of dpr pixels.
const (
	dpr       = 2
	pageWidth = 1000
	margin    = 32
	rowHeight = 26
	barHeight = 12
	headRoom  = 112 // above the first group
	groupHead = 34
	footRoom  = 44

	aboutAt   = 168 // columns: what is measured, the bars, the figures
	barsFrom  = 400
	barsTo    = 700
	figuresAt = 716

	octaves = 4.5 // doublings and halvings that the bars have room for
)

// Picture draws the table for a person: a bar for each row, from what is to be reached
// to what is, to the right where it is faster; each step is twice the last.
func Picture(r *Report) image.Image {
	height, last := headRoom+footRoom, ""
	for _, row := range r.Rows {
		height += rowHeight
		if row.Group != last {
			height, last = height+groupHead, row.Group
		}
	}
	p := newPage(height)
	t := &theme.Dark
	p.text(p.title, margin, 44, t.Text, "gvpie bench")
	p.text(p.body, margin, 66, t.Dim, r.Machine)
	p.scale(t, headRoom-8, height-footRoom)
	y := headRoom
	last = ""
	for _, row := range r.Rows {
		if row.Group != last {
			last = row.Group
			p.text(p.label, margin, y+24, t.Accent, last)
			y += groupHead
		}
		p.row(t, y, row)
		y += rowHeight
	}
	p.text(p.small, margin, height-20, t.Faint, "Processor time, the median of rounds in which both sides take turns. Bars: how many times as fast as is to be reached.")
	return p.RGBA
}

// page is the picture while it is drawn.
type page struct {
	*image.RGBA
	title, label, code, figures, body, small font.Face
}

func newPage(height int) *page {
	p := &page{RGBA: image.NewRGBA(image.Rect(0, 0, pageWidth*dpr, height*dpr))}
	p.fill(0, 0, pageWidth, float64(height), theme.Dark.Window)
	p.title, p.label = face("Inter-SemiBold", 22), face("Inter-SemiBold", 12)
	p.code, p.figures = face("JetBrainsMono-Regular", 12), face("JetBrainsMono-Regular", 10.5)
	p.body, p.small = face("Inter-Regular", 12), face("Inter-Regular", 11)
	return p
}

// face is one of the fonts that come with the program.
func face(name string, size float64) font.Face {
	for _, f := range assets.Fonts() {
		if f.Name != name {
			continue
		}
		parsed, err := opentype.Parse(f.Data)
		if err != nil {
			panic(err) // it is embedded
		}
		face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size * dpr, DPI: 72})
		if err != nil {
			panic(err)
		}
		return face
	}
	panic("there is no font " + name)
}

// scale draws the lines behind the bars, and what they stand for.
func (p *page) scale(t *theme.Theme, top, bottom int) {
	for step := -4; step <= 4; step += 2 {
		x := barX(math.Exp2(float64(step)))
		c := t.Line
		name := map[int]string{-4: "1⁄16", -2: "1⁄4", 0: "to reach", 2: "× 4", 4: "× 16"}[step]
		if step == 0 {
			c = t.Faint
		}
		p.fill(x-0.5, float64(top), x+0.5, float64(bottom), c)
		p.middle(p.small, x, top-8, t.Dim, name)
	}
}

// barX is where a bar of so many times what is to be reached ends.
func barX(times float64) float64 {
	at := math.Log2(times)/octaves*0.5 + 0.5
	return barsFrom + min(max(at, 0), 1)*(barsTo-barsFrom)
}

// row draws a row, whose top is y.
func (p *page) row(t *theme.Theme, y int, r Row) {
	base := y + 17
	p.text(p.code, margin, base, t.Text, r.Name)
	p.text(p.small, aboutAt+margin/2, base, t.Dim, r.About)
	if r.Ours == nil {
		p.text(p.small, figuresAt, base, t.Faint, p.cut(r.Note, pageWidth-margin-figuresAt))
		return
	}
	c := t.Warning
	if *r.Reached {
		c = t.Accent
	}
	from, to := barX(1), barX(r.times())
	mid := float64(y) + rowHeight/2
	p.fill(min(from, to), mid-barHeight/2, max(from, to), mid+barHeight/2, c)
	p.text(p.code, figuresAt, base, t.Text, short(r.Ours)+" "+r.Unit)
	beside := r.goal()
	if r.byRatio() {
		beside = short(r.Ratio) + " × " + r.Against
	}
	p.text(p.figures, figuresAt+128, base, t.Dim, beside)
}

// times says how many times as fast the row is as it is to be.
func (r Row) times() float64 {
	switch {
	case r.byRatio():
		return *r.Ratio / r.ToReach
	case r.Less:
		return r.ToReach / *r.Ours
	}
	return *r.Ours / r.ToReach
}

// cut shortens a text to a width.
func (p *page) cut(text string, width int) string {
	for font.MeasureString(p.small, text) > fixed.I(width*dpr) {
		i := strings.LastIndexByte(strings.TrimSuffix(text, " …"), ' ')
		if i < 0 {
			return text
		}
		text = text[:i] + " …"
	}
	return text
}

// text writes a line that begins at x and stands on y.
func (p *page) text(f font.Face, x, y int, c theme.Color, s string) {
	p.draw(f, fixed.I(x*dpr), y, c, s)
}

// middle writes a line around x.
func (p *page) middle(f font.Face, x float64, y int, c theme.Color, s string) {
	p.draw(f, fixed.Int26_6(x*dpr*64)-font.MeasureString(f, s)/2, y, c, s)
}

func (p *page) draw(f font.Face, x fixed.Int26_6, y int, c theme.Color, s string) {
	d := font.Drawer{Dst: p.RGBA, Src: image.NewUniform(opaque(c)), Face: f, Dot: fixed.Point26_6{X: x, Y: fixed.I(y * dpr)}}
	d.DrawString(s)
}

func (p *page) fill(x0, y0, x1, y1 float64, c theme.Color) {
	at := func(v float64) int { return int(math.Round(v * dpr)) }
	draw.Draw(p.RGBA, image.Rect(at(x0), at(y0), at(x1), at(y1)), image.NewUniform(opaque(c)), image.Point{}, draw.Src)
}

func opaque(c theme.Color) color.RGBA {
	r, g, b := c.RGB()
	return color.RGBA{r, g, b, 0xFF}
}
