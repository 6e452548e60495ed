package picture

import (
	"context"
	"fmt"
	"image"

	"gvpie/runtime/improve"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/picture"
)

// A Target is a picture on a canvas.
type Target struct {
	W, H  int // of the canvas
	Pixel bool
	// Picture is as large as the human texture.
	Picture *image.NRGBA

	size
	coarse bool      // it stands for one on a larger canvas
	each   int32     // pixels of a texel
	rows   []rgb     // for each row, the sums of the texels before each and of all
	square []float64 // of a texel's pixels, of R, G and B
}

// rgb is a colour, or the sum of those of a row.
type rgb [3]int32

// sums are those of a canvas.
type sums [3]int64

// NewTarget scales a picture to the human texture of a canvas. On a pixel canvas w and
// h may be 0, for the size of the picture.
func NewTarget(img image.Image, w, h int, pixel bool) (*Target, error) {
	from := img.Bounds()
	if from.Empty() {
		return nil, fmt.Errorf("the picture is empty")
	}
	if w == 0 && h == 0 && pixel {
		w, h = from.Dx(), from.Dy()
	}
	if w < 1 || h < 1 || w > isa.MaxCanvas || h > isa.MaxCanvas {
		return nil, fmt.Errorf("a canvas of %d × %d is too large: at most %d × %d; give a size, such as --canvas 256x256", w, h, isa.MaxCanvas, isa.MaxCanvas)
	}
	t := &Target{W: w, H: h, Pixel: pixel, size: size{int32(w), int32(h)}, each: 1}
	pw, ph := machine.HumanSize(isa.Header{W: w, H: h, Pixel: pixel})
	t.Picture = picture.Scale(img, pw, ph)
	if !pixel {
		t.each = isa.CellWidth * isa.CellHeight
	}
	t.sum()
	return t, nil
}

// sum adds up the pixels of the picture.
func (t *Target) sum() {
	cw, ch := t.Picture.Rect.Dx()/t.W, t.Picture.Rect.Dy()/t.H
	t.rows = make([]rgb, (t.W+1)*t.H)
	t.square = make([]float64, t.W*t.H)
	for y := range t.H {
		row := t.rows[y*(t.W+1):]
		for x := range t.W {
			s, square := row[x], int32(0)
			for j := range ch {
				pix := t.Picture.Pix[t.Picture.PixOffset(x*cw, y*ch+j):][:4*cw]
				for ; len(pix) > 0; pix = pix[4:] {
					for i := range s {
						v := int32(pix[i])
						s[i] += v
						square += v * v
					}
				}
			}
			row[x+1] = s
			t.square[y*t.W+x] = float64(square)
		}
	}
}

// texel is what one texel has.
func (t *Target) texel(x, y int) owned {
	o, row := owned{n: 1}, t.rows[y*(t.W+1):]
	for i := range o.sum {
		o.sum[i] = int64(row[x+1][i] - row[x][i])
	}
	return o
}

// Measure runs a program, and says how far what it shows is from the target.
func (t *Target) Measure(ctx context.Context, p *improve.Program) (float64, error) {
	m, err := machine.New(p.Program, isa.DefaultSeed)
	if err != nil {
		return 0, err
	}
	if _, err := m.Frame(ctx, machine.Input{}, 0); err != nil {
		return 0, err
	}
	return improve.Distance(t.Picture, m.Human()), nil
}
