// Package film writes moving pictures: GIF and APNG by itself, WebM by ffmpeg where that
// is installed. A Writer takes one image after another, all of one size, and shows each
// for as long as any other. What is the same as before is not stored again, and colours
// are exact wherever the format can hold them.
//
// It knows no machine. Start reading at Writer, then order.
package film

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"runtime"
)

// Writer takes the images of a film.
type Writer interface {
	// Add appends an image, which is opaque, and not kept after the call. Its error ends
	// the film.
	Add(img *image.RGBA) error
	// Close ends the film. It does not close what is written to.
	Close() error
}

// Options are what every format is told.
type Options struct {
	Rate  int // images a second, from 1
	Scale int // pixels of the film for one of the images, along each side; from 1
}

// MaxSide is the largest width and height of a film, in pixels.
const MaxSide = 16384

// ErrEmpty is the error of a film that is closed before it got an image.
var ErrEmpty = errors.New("there is no image to make a film of")

// order hands images to goroutines, and what those make of them on in the images' order.
type order struct {
	size    image.Point // of the images
	last    []byte      // the pixels of the last
	pending []chan encoded
	write   func(encoded) error
}

// encoded is what has become of an image.
type encoded struct {
	at   image.Rectangle // what has changed, in pixels of the images
	data []byte
	err  error
}

// change is an image of which only a part is new.
type change struct {
	at     image.Rectangle
	pixels []byte // of the part, four bytes each
	before []byte // what was there; nil in the first image
}

// add finds what has changed and has it encoded.
func (o *order) add(img *image.RGBA, scale int, encode func(change) ([]byte, error)) error {
	size := img.Rect.Size()
	if err := fits(size, scale); err != nil {
		return err
	}
	if o.last != nil && size != o.size {
		return otherSize(size, o.size)
	}
	c := change{at: image.Rectangle{Max: size}}
	if o.last == nil {
		o.size, o.last = size, make([]byte, 4*size.X*size.Y)
		c.pixels = part(img.Pix, img.Stride, c.at)
	} else {
		c.at = o.changed(img)
		c.pixels, c.before = part(img.Pix, img.Stride, c.at), part(o.last, 4*size.X, c.at)
	}
	for y := range size.Y {
		copy(o.last[4*size.X*y:][:4*size.X], img.Pix[img.Stride*y:])
	}
	if len(o.pending) > runtime.GOMAXPROCS(0) {
		if err := o.oldest(); err != nil {
			return err
		}
	}
	done := make(chan encoded, 1)
	o.pending = append(o.pending, done)
	go func() {
		data, err := encode(c)
		done <- encoded{c.at, data, err}
	}()
	return nil
}

// fits says whether an image of a size can be shown at a scale.
func fits(size image.Point, scale int) error {
	if size.X < 1 || size.Y < 1 || size.X > MaxSide/scale || size.Y > MaxSide/scale {
		return fmt.Errorf("%d × %d pixels, %d times as large, are not from 1 to %d wide and high", size.X, size.Y, scale, MaxSide)
	}
	return nil
}

func otherSize(got, want image.Point) error {
	return fmt.Errorf("an image of %d × %d pixels in a film of %d × %d", got.X, got.Y, want.X, want.Y)
}

// oldest waits for the image that was added first of those in hand.
func (o *order) oldest() error {
	e := <-o.pending[0]
	o.pending = o.pending[1:]
	if e.err != nil {
		return e.err
	}
	return o.write(e)
}

// rest waits for all images.
func (o *order) rest() (err error) {
	if o.last == nil {
		return ErrEmpty
	}
	for len(o.pending) > 0 && err == nil {
		err = o.oldest()
	}
	return err
}

// changed is where an image differs from the last: one pixel of it where nothing does,
// since no format has images without any.
func (o *order) changed(img *image.RGBA) image.Rectangle {
	wide := 4 * o.size.X
	r := image.Rectangle{Min: o.size}
	for y := range o.size.Y {
		a, b := o.last[wide*y:][:wide], img.Pix[img.Stride*y:][:wide]
		if bytes.Equal(a, b) {
			continue
		}
		r.Min.Y, r.Max.Y = min(r.Min.Y, y), y+1
		for i := range a[:4*r.Min.X] {
			if a[i] != b[i] {
				r.Min.X = i / 4
				break
			}
		}
		for i := wide - 1; i >= 4*r.Max.X; i-- {
			if a[i] != b[i] {
				r.Max.X = i/4 + 1
				break
			}
		}
	}
	if r.Max.Y == 0 {
		return image.Rect(0, 0, 1, 1)
	}
	return r
}

// part copies the pixels of a rectangle.
func part(pixels []byte, stride int, r image.Rectangle) []byte {
	out := make([]byte, 0, 4*r.Dx()*r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		out = append(out, pixels[stride*y+4*r.Min.X:stride*y+4*r.Max.X]...)
	}
	return out
}

// Enlarge makes an image whose pixels are scale pixels wide and high.
func Enlarge(img *image.RGBA, scale int) (*image.RGBA, error) {
	if err := fits(img.Rect.Size(), scale); err != nil || scale == 1 {
		return img, err
	}
	return enlarge(part(img.Pix, img.Stride, img.Rect.Sub(img.Rect.Min)), img.Rect.Size(), scale), nil
}

// larger is a rectangle at a scale.
func larger(r image.Rectangle, scale int) image.Rectangle {
	return image.Rectangle{r.Min.Mul(scale), r.Max.Mul(scale)}
}
