package film

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/png"
	"io"
)

// An APNG is a film that repeats for ever, with exact colours.
// The format is told by the third edition of the PNG specification.
type APNG struct {
	order
	to     io.Writer
	o      Options
	w      io.Writer      // to, or held
	seeker io.WriteSeeker // to, where it can go back to say how many images there are
	begin  int64
	held   bytes.Buffer // else all, until that is known
	shown  uint32
	number uint32 // of the next chunk that has one
}

// Where in the file it says how many images there are: after the signature and IHDR.
const countAt = 8 + 25

// NewAPNG begins a film. Where w is an io.WriteSeeker that can seek the film is written
// as it comes, else when it is closed.
func NewAPNG(w io.Writer, o Options) *APNG {
	a := &APNG{to: w, w: w, o: o}
	if s, ok := w.(io.WriteSeeker); ok {
		if at, err := s.Seek(0, io.SeekCurrent); err == nil {
			a.seeker, a.begin = s, at
		}
	}
	if a.seeker == nil {
		a.w = &a.held
	}
	a.write = a.put
	return a
}

// Add appends an image.
func (a *APNG) Add(img *image.RGBA) error {
	return a.add(img, a.o.Scale, func(c change) ([]byte, error) {
		var out bytes.Buffer
		err := png.Encode(&out, enlarge(c.pixels, c.at.Size(), a.o.Scale))
		return out.Bytes(), err
	})
}

// put writes an image as chunks: the first is what a viewer shows that knows PNG alone.
func (a *APNG) put(e encoded) error {
	head, data, err := chunks(e.data)
	if err != nil {
		return err
	}
	var b []byte
	if a.shown == 0 {
		b = append(b, e.data[:8]...)
		b = appendChunk(b, "IHDR", head)
		b = appendChunk(b, "acTL", make([]byte, 8)) // filled in at the end
	}
	r := larger(e.at, a.o.Scale)
	f := binary.BigEndian.AppendUint32(nil, a.number)
	for _, v := range []int{r.Dx(), r.Dy(), r.Min.X, r.Min.Y} {
		f = binary.BigEndian.AppendUint32(f, uint32(v))
	}
	f = binary.BigEndian.AppendUint16(f, 1)
	f = binary.BigEndian.AppendUint16(f, uint16(a.o.Rate))
	b = appendChunk(b, "fcTL", append(f, 0, 0)) // stays, and replaces what is below
	a.number++
	if a.shown == 0 {
		b = appendChunk(b, "IDAT", data)
	} else {
		b = appendChunk(b, "fdAT", append(binary.BigEndian.AppendUint32(nil, a.number), data...))
		a.number++
	}
	a.shown++
	_, err = a.w.Write(b)
	return err
}

// Close ends the film.
func (a *APNG) Close() error {
	if err := a.rest(); err != nil {
		return err
	}
	count := appendChunk(nil, "acTL", append(binary.BigEndian.AppendUint32(nil, a.shown), 0, 0, 0, 0))
	if _, err := a.w.Write(appendChunk(nil, "IEND", nil)); err != nil {
		return err
	}
	if a.seeker == nil {
		b := a.held.Bytes()
		copy(b[countAt:], count)
		_, err := a.to.Write(b)
		return err
	}
	if _, err := a.seeker.Seek(a.begin+countAt, io.SeekStart); err != nil {
		return err
	}
	if _, err := a.seeker.Write(count); err != nil {
		return err
	}
	_, err := a.seeker.Seek(0, io.SeekEnd)
	return err
}

// chunks are the header of a PNG and the data of all its IDAT.
func chunks(b []byte) (head, data []byte, err error) {
	for b = b[8:]; len(b) >= 12; {
		n := int(binary.BigEndian.Uint32(b))
		if n > len(b)-12 {
			break
		}
		switch body := b[8 : 8+n]; string(b[4:8]) {
		case "IHDR":
			head = body
		case "IDAT":
			data = append(data, body...)
		case "IEND":
			return head, data, nil
		}
		b = b[12+n:]
	}
	return nil, nil, errors.New("the encoded image is cut short")
}

func appendChunk(b []byte, name string, body []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
	from := len(b)
	b = append(append(b, name...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[from:]))
}

// enlarge makes an opaque image of pixels, each of them scale pixels wide and high.
func enlarge(pixels []byte, size image.Point, scale int) *image.RGBA {
	if scale == 1 {
		return &image.RGBA{Pix: pixels, Stride: 4 * size.X, Rect: image.Rectangle{Max: size}}
	}
	out := image.NewRGBA(image.Rectangle{Max: size.Mul(scale)})
	for y := range size.Y {
		row := out.Pix[out.Stride*y*scale:][:out.Stride]
		for x := range size.X {
			p := pixels[4*(y*size.X+x):][:4]
			for k := range scale {
				copy(row[4*(x*scale+k):], p)
			}
		}
		for k := 1; k < scale; k++ {
			copy(out.Pix[out.Stride*(y*scale+k):], row)
		}
	}
	return out
}
