package cartridge

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/draw"
	"image/png"
	"io"
	"os"
	"unicode/utf8"

	"gvpie/runtime/machine"
)

// Open reads and verifies a cartridge file.
func Open(path string) (*Cartridge, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w", path, refuse(ErrNotCartridge, "it is not a regular file"))
	}
	c, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// Read reads a cartridge and verifies its checksum. Its errors match
// ErrNotCartridge, ErrDamaged, ErrTooLarge, or are those of r.
func Read(r io.Reader) (*Cartridge, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > MaxFile {
		return nil, refuse(ErrTooLarge, "a file may have %d MB", MaxFile>>20)
	}
	ch, err := split(b)
	if err != nil {
		return nil, err
	}
	c := &Cartridge{encoded: b}
	if err := c.parseMeta(ch.meta); err != nil {
		return nil, err
	}
	source, err := inflate(ch.source, MaxSource, "source text")
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(source) {
		return nil, refuse(ErrDamaged, "its source text is not UTF-8")
	}
	c.Source = string(source)
	if c.Kind == Pixel {
		raw, err := inflate(ch.machine, maxPages, "machine")
		if err != nil {
			return nil, err
		}
		if c.Machine, err = parsePages(raw); err != nil {
			return nil, err
		}
		h, _ := c.Machine.Program.Header() // parsePages has made a machine of it
		if w, ht := machine.HumanSize(h); w != ch.width || ht != ch.height {
			return nil, refuse(ErrDamaged, "the picture is %d × %d, the human texture of its machine %d × %d", ch.width, ch.height, w, ht)
		}
		if h.W != c.Width || h.H != c.Height || h.Pixel != c.Metadata.Pixel {
			return nil, refuse(ErrDamaged, "its metadata and its machine speak of different canvases")
		}
	}
	// The picture is decoded last: its size has been bounded, and for a machine
	// it is the machine's.
	if c.Picture, err = ch.picture(); err != nil {
		return nil, err
	}
	c.sum = c.digest(ch.meta)
	if !bytes.Equal(c.sum[:], ch.sum) {
		return nil, refuse(ErrDamaged, "its checksum is that of other contents: it was changed after it was written")
	}
	return c, nil
}

// chunks is a file taken apart.
type chunks struct {
	width, height              int
	png                        []byte // signature, IHDR and IDAT
	meta, source, machine, sum []byte
}

// split takes a file apart and holds it to the one order of chunks that Write
// writes. Lengths are checked against what is there before anything is used.
func split(b []byte) (*chunks, error) {
	const signature = "\x89PNG\r\n\x1a\n"
	if !bytes.HasPrefix(b, []byte(signature)) {
		return nil, refuse(ErrNotCartridge, "it is not a PNG picture")
	}
	c := &chunks{}
	seen := map[string]bool{}
	order := ""
	for at := len(signature); ; {
		if len(b)-at < 12 {
			return nil, refuse(ErrDamaged, "it ends at byte %d, before its end chunk", len(b))
		}
		n := binary.BigEndian.Uint32(b[at:])
		name := string(b[at+4 : at+8])
		if uint64(n) > uint64(len(b)-at-12) {
			return nil, refuse(ErrDamaged, "the chunk at byte %d says %d bytes, and the file ends before", at, n)
		}
		end := at + 12 + int(n)
		data := b[at+8 : end-4]
		if crc32.ChecksumIEEE(b[at+4:end-4]) != binary.BigEndian.Uint32(b[end-4:]) {
			return nil, refuse(ErrDamaged, "the chunk %q at byte %d has a wrong CRC", name, at)
		}
		if seen[name] && name != "IDAT" {
			return nil, refuse(ErrDamaged, "a second chunk %q at byte %d", name, at)
		}
		if order != "" && name == "IDAT" && order != "IHDR" && order != "IDAT" {
			return nil, refuse(ErrDamaged, "picture data out of place at byte %d", at)
		}
		seen[name] = true
		switch name {
		case "IHDR":
			if at != len(signature) || n != 13 {
				return nil, refuse(ErrDamaged, "its picture header is not where it must be")
			}
			w, h := binary.BigEndian.Uint32(data), binary.BigEndian.Uint32(data[4:])
			if w < 1 || h < 1 || w > MaxSide || h > MaxSide {
				return nil, refuse(ErrTooLarge, "a picture of %d × %d; a side may be 1 to %d", w, h, MaxSide)
			}
			if data[8] != 8 || data[9] != 2 || data[12] != 0 {
				return nil, refuse(ErrNotCartridge, "its picture is not 8-bit RGB")
			}
			c.width, c.height = int(w), int(h)
		case "IDAT":
		case chunkMeta:
			c.meta = data
		case chunkSource:
			c.source = data
		case chunkMachine:
			c.machine = data
		case chunkSum:
			c.sum = data
		case "IEND":
			if end != len(b) {
				return nil, refuse(ErrDamaged, "%d bytes follow its end", len(b)-end)
			}
			for _, must := range []string{"IHDR", "IDAT", chunkMeta, chunkSource, chunkSum} {
				if !seen[must] {
					return nil, refuse(ErrNotCartridge, "it is a picture without the chunk %q", must)
				}
			}
			return c, nil
		default:
			if !seen["IHDR"] {
				return nil, refuse(ErrDamaged, "the chunk %q comes before the picture header", name)
			}
			return nil, refuse(ErrNotCartridge, "it has a chunk %q, which no cartridge has", name)
		}
		if name == "IHDR" || name == "IDAT" {
			c.png = b[:end]
		}
		order, at = name, end
	}
}

func (c *Cartridge) parseMeta(b []byte) error {
	if len(b) > MaxMeta {
		return refuse(ErrTooLarge, "its metadata is %d bytes; it may be %d", len(b), MaxMeta)
	}
	if err := json.Unmarshal(b, &c.Metadata); err != nil {
		return refuse(ErrDamaged, "its metadata cannot be read: %v", err)
	}
	switch c.Kind {
	case Pixel, Code, Dataset, Prompt:
		return nil
	}
	return refuse(ErrNotCartridge, "it is of an unknown kind %q", c.Kind)
}

// picture decodes the PNG proper.
func (c *chunks) picture() (*image.RGBA, error) {
	out := bytes.NewBuffer(append([]byte(nil), c.png...))
	putChunk(out, "IEND", nil)
	img, err := png.Decode(out)
	if err != nil {
		return nil, refuse(ErrDamaged, "its picture cannot be read: %v", err)
	}
	if rgba, ok := img.(*image.RGBA); ok && rgba.Rect.Min == (image.Point{}) {
		return rgba, nil
	}
	rgba := image.NewRGBA(image.Rect(0, 0, c.width, c.height))
	draw.Draw(rgba, rgba.Rect, img, img.Bounds().Min, draw.Src)
	return rgba, nil
}

// inflate unpacks at most limit bytes: a small file cannot fill the memory.
func inflate(b []byte, limit int, what string) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, refuse(ErrDamaged, "its %s cannot be unpacked: %v", what, err)
	}
	out, err := io.ReadAll(io.LimitReader(z, int64(limit)+1))
	if len(out) > limit {
		return nil, refuse(ErrTooLarge, "its %s unpacks to more than %d bytes", what, limit)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, refuse(ErrDamaged, "its %s cannot be unpacked: %v", what, err)
	}
	return out, nil
}
