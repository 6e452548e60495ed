package cartridge

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"io"
)

const (
	chunkMeta    = "gvMD"
	chunkSource  = "gvTX"
	chunkFiles   = "gvFL"
	chunkMachine = "gvMA"
	chunkSum     = "gvCK"
)

// Write writes the cartridge. The same contents give the same bytes; one that
// was read and not changed is written byte for byte as it was read.
func (c *Cartridge) Write(w io.Writer) error {
	meta, err := c.meta()
	if err != nil {
		return err
	}
	sum := c.digest(meta)
	if c.encoded != nil && sum == c.sum {
		_, err := w.Write(c.encoded)
		return err
	}
	var picture bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestCompression}
	if err := e.Encode(&picture, opaque(c.Picture)); err != nil {
		return err
	}
	body := picture.Bytes()[:picture.Len()-iendSize]
	out := bytes.NewBuffer(body)
	putChunk(out, chunkMeta, meta)
	putChunk(out, chunkSource, deflate([]byte(c.Source)))
	if len(c.Files) > 0 {
		putChunk(out, chunkFiles, deflate(c.encodeFiles()))
	}
	if c.Machine != nil {
		putChunk(out, chunkMachine, deflate(pages(c.Machine)))
	}
	putChunk(out, chunkSum, sum[:])
	putChunk(out, "IEND", nil)
	if out.Len() > MaxFile {
		return refuse(ErrTooLarge, "%d bytes; a file may have %d", out.Len(), MaxFile)
	}
	_, err = w.Write(out.Bytes())
	return err
}

// iendSize is the size of the chunk that ends a PNG: length, name, CRC.
const iendSize = 12

// opaque is the picture with every alpha at 255, so that it is written as RGB.
func opaque(src *image.RGBA) *image.RGBA {
	if src.Opaque() {
		return src
	}
	dst := image.NewRGBA(image.Rect(0, 0, src.Rect.Dx(), src.Rect.Dy()))
	for y := range dst.Rect.Dy() {
		row := dst.Pix[y*dst.Stride : y*dst.Stride+4*dst.Rect.Dx()]
		copy(row, src.Pix[y*src.Stride:])
		for x := 3; x < len(row); x += 4 {
			row[x] = 0xFF
		}
	}
	return dst
}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	z, _ := zlib.NewWriterLevel(&out, zlib.BestCompression) // the level is a valid one
	z.Write(b)                                              // a bytes.Buffer takes everything
	z.Close()
	return out.Bytes()
}

func putChunk(out *bytes.Buffer, name string, b []byte) {
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(b)))
	out.Write(n[:])
	crc := crc32.NewIEEE()
	both := io.MultiWriter(out, crc)
	io.WriteString(both, name)
	both.Write(b)
	binary.BigEndian.PutUint32(n[:], crc.Sum32())
	out.Write(n[:])
}
