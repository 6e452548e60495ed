package picture

import (
	"fmt"
	"image"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// Options say what a picture becomes.
type Options struct {
	Name   string // of the sprite or table
	W, H   int    // texels; 0: as large as the picture
	Dither bool   // spread what a colour lacks over its neighbours; of sprites
}

// Sprite gives the source of a .sprite. Up to sixteen colours stay as they are;
// more become the sixteen that are nearest to all. What is less than half opaque is
// transparent.
func Sprite(img image.Image, o Options) (string, error) {
	p, err := o.read(img)
	if err != nil {
		return "", err
	}
	colors := p.palette()
	digits := p.nearest(colors, o.Dither)
	var b strings.Builder
	b.WriteString(".palette")
	for _, c := range colors {
		fmt.Fprintf(&b, " 0x%06X", c.rgb())
	}
	fmt.Fprintf(&b, "\n.sprite %s %d %d\n", o.Name, p.w, p.h)
	for y := range p.h {
		b.WriteString("  ")
		for _, d := range digits[y*p.w:][:p.w] {
			if d < 0 {
				b.WriteByte('.')
			} else {
				b.WriteByte("0123456789ABCDEF"[d])
			}
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

// Table gives the source of a .table of rows as long as the picture is wide:
// 0xRRGGBB of each texel, -1 where it is less than half opaque.
func Table(img image.Image, o Options) (string, error) {
	p, err := o.read(img)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, ".table %s %d:\n", o.Name, p.w)
	for i, c := range p.texels {
		if b.WriteByte(' '); i%p.w == 0 {
			b.WriteByte(' ')
		}
		if p.opaque[i] {
			fmt.Fprintf(&b, "0x%06X", c.rgb())
		} else {
			b.WriteString("-1")
		}
		switch {
		case i == len(p.texels)-1:
			b.WriteByte('\n')
		case i%p.w == p.w-1:
			b.WriteString(",\n")
		}
	}
	return b.String(), nil
}

// Scaled gives the picture as large as it is to be, as a table has it.
func Scaled(img image.Image, o Options) (*image.RGBA, error) {
	p, err := o.read(img)
	if err != nil {
		return nil, err
	}
	out := image.NewRGBA(image.Rect(0, 0, p.w, p.h))
	for i, c := range p.texels {
		if p.opaque[i] {
			copy(out.Pix[4*i:], []byte{byte(c[0]), byte(c[1]), byte(c[2]), 255})
		}
	}
	return out, nil
}

// rgb is a colour, each channel 0 to 255.
type rgb [3]int

func (c rgb) rgb() int { return c[0]<<16 | c[1]<<8 | c[2] }

func (c rgb) distance(d rgb) int {
	r, g, b := c[0]-d[0], c[1]-d[1], c[2]-d[2]
	return r*r + g*g + b*b
}

// pixels is a picture as large as it is to be.
type pixels struct {
	w, h   int
	texels []rgb
	opaque []bool
}

// read scales a picture to its size.
func (o Options) read(img image.Image) (*pixels, error) {
	if err := o.checkName(); err != nil {
		return nil, err
	}
	from := img.Bounds()
	w, h := o.W, o.H
	if w == 0 && h == 0 {
		w, h = from.Dx(), from.Dy()
	}
	switch {
	case from.Empty():
		return nil, fmt.Errorf("the picture is empty")
	case w < 1 || h < 1 || w > isa.MaxCanvas || h > isa.MaxCanvas || w*h > isa.MaxProgramWords/2:
		return nil, fmt.Errorf("%d × %d texels are too many: at most %d × %d, and %d together; give a size, such as 64x48", w, h, isa.MaxCanvas, isa.MaxCanvas, isa.MaxProgramWords/2)
	}
	scaled := Scale(img, w, h)
	p := &pixels{w: w, h: h, texels: make([]rgb, w*h), opaque: make([]bool, w*h)}
	for i := range p.texels {
		t := scaled.Pix[scaled.PixOffset(i%w, i/w):]
		p.texels[i], p.opaque[i] = rgb{int(t[0]), int(t[1]), int(t[2])}, t[3] >= 128
	}
	return p, nil
}

func (o Options) checkName() error {
	ok := o.Name != "" && syntax.IsLetter(o.Name[0])
	for i := range len(o.Name) {
		ok = ok && (syntax.IsLetter(o.Name[i]) || syntax.IsDigit(o.Name[i]))
	}
	if !ok {
		return fmt.Errorf("%q is no name: letters, digits and _, a letter first", o.Name)
	}
	if _, taken := syntax.LookupBuiltin(o.Name); taken {
		return fmt.Errorf("%s means something already: choose another name", o.Name)
	}
	return nil
}
