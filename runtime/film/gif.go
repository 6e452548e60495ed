package film

import (
	"bytes"
	"compress/lzw"
	"encoding/binary"
	"fmt"
	"image"
	"io"
)

// MaxGIFRate is the most images a second that browsers show of a GIF: they show any
// whose delay is under 2/100 s at a tenth of the speed.
const MaxGIFRate = 50

// A GIF is a film that repeats for ever. Its colours are exact where no more than 256 of
// them change in an image; else they are the nearest of 256 that are chosen for it.
type GIF struct {
	order
	w     io.Writer
	o     Options
	shown int // images written
}

// NewGIF begins a film, as GIF89a. Its error is a sentence about the options.
func NewGIF(w io.Writer, o Options) (*GIF, error) {
	if o.Rate > MaxGIFRate {
		return nil, fmt.Errorf("a GIF shows at most %d images a second: browsers slow down those that ask for more", MaxGIFRate)
	}
	g := &GIF{w: w, o: o}
	g.write = g.put
	return g, nil
}

// Add appends an image.
func (g *GIF) Add(img *image.RGBA) error {
	return g.add(img, g.o.Scale, func(c change) ([]byte, error) { return gifImage(c, g.o.Scale) })
}

// Close ends the film.
func (g *GIF) Close() error {
	if err := g.rest(); err != nil {
		return err
	}
	_, err := g.w.Write([]byte{0x3b})
	return err
}

// put writes an image, in the order in which they were added.
func (g *GIF) put(e encoded) error {
	var b []byte
	if g.shown == 0 {
		b = append(b, "GIF89a"...)
		b = appendPoint(b, g.size.Mul(g.o.Scale))
		b = append(b, 0x70, 0, 0) // 8 bits a colour, no palette for all
		b = append(b, 0x21, 0xff, 11)
		b = append(b, "NETSCAPE2.0"...)
		b = append(b, 3, 1, 0, 0, 0) // repeat for ever
	}
	// The ends of images are rounded, not their lengths, so that the film is as long as it
	// should be.
	end := func(n int) int { return (200*n + g.o.Rate) / (2 * g.o.Rate) }
	g.shown++
	b = append(b, 0x21, 0xf9, 4, 1<<2|e.data[0]) // stays where it is
	b = binary.LittleEndian.AppendUint16(b, uint16(end(g.shown)-end(g.shown-1)))
	b = append(b, e.data[1], 0, 0x2c)
	r := larger(e.at, g.o.Scale)
	b = appendPoint(b, r.Min)
	b = appendPoint(b, r.Size())
	_, err := g.w.Write(append(b, e.data[2:]...))
	return err
}

func appendPoint(b []byte, p image.Point) []byte {
	b = binary.LittleEndian.AppendUint16(b, uint16(p.X))
	return binary.LittleEndian.AppendUint16(b, uint16(p.Y))
}

// gifImage is what follows the place of an image: flags, palette and indices. Before them
// is whether it has a transparent index, and which.
func gifImage(c change, scale int) ([]byte, error) {
	indices, p := indexed(c)
	bits := 2
	for 1<<bits <= len(p) { // one more, which is transparent
		bits++
	}
	bits = min(bits, 8)
	clear := byte(1<<bits - 1)
	var out bytes.Buffer
	if len(p) <= int(clear) {
		out.WriteByte(1)
	} else {
		out.WriteByte(0)
	}
	out.WriteByte(clear)
	out.WriteByte(0x80 | byte(bits-1))
	for i := range 1 << bits {
		var colour [3]byte
		if i < len(p) {
			colour = [3]byte{byte(p[i]), byte(p[i] >> 8), byte(p[i] >> 16)}
		}
		out.Write(colour[:])
	}
	out.WriteByte(byte(bits))
	blocks := blockWriter{w: &out}
	l := lzw.NewWriter(&blocks, lzw.LSB, bits)
	wide := c.at.Dx()
	row := make([]byte, wide*scale)
	for y := range c.at.Dy() {
		for x, index := range indices[y*wide:][:wide] {
			if index == unchanged {
				index = uint16(clear)
			}
			for k := range scale {
				row[x*scale+k] = byte(index)
			}
		}
		for range scale {
			if _, err := l.Write(row); err != nil {
				return nil, err
			}
		}
	}
	if err := l.Close(); err != nil {
		return nil, err
	}
	blocks.flush()
	out.WriteByte(0)
	return out.Bytes(), nil
}

// A blockWriter cuts what is written to it into blocks of 255 bytes, each with its length
// before it. The buffer that they go to cannot fail.
type blockWriter struct {
	w    *bytes.Buffer
	held [256]byte
	n    int
}

func (b *blockWriter) Write(p []byte) (int, error) {
	for _, c := range p {
		b.WriteByte(c)
	}
	return len(p), nil
}

// WriteByte makes lzw write without a buffer of its own.
func (b *blockWriter) WriteByte(c byte) error {
	b.n++
	b.held[b.n] = c
	if b.n == 255 {
		b.flush()
	}
	return nil
}

// Flush is asked for by lzw at its end, and nothing: blocks are filled to the last.
func (b *blockWriter) Flush() error { return nil }

func (b *blockWriter) flush() {
	if b.n > 0 {
		b.held[0] = byte(b.n)
		b.w.Write(b.held[:b.n+1])
		b.n = 0
	}
}
