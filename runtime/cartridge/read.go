package cartridge

import (
	"bytes"
	"cmp"
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
	"slices"
	"unicode/utf8"

	"gvpie/runtime/machine"
	"gvpie/runtime/regularfile"
)

// Open reads and verifies a cartridge file.
func Open(path string) (*Cartridge, error) {
	f, err := regularfile.Open(path)
	if errors.Is(err, regularfile.ErrNot) {
		return nil, fmt.Errorf("%s: %w", path, refuse(ErrNotCartridge, "it is not a regular file"))
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
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
	included, err := parseFiles(ch.files)
	if err != nil {
		return nil, err
	}
	c.Files, c.Links = included.Files, included.Links
	if c.Kind == Pixel {
		if ch.machine == nil {
			return nil, refuse(ErrNotCartridge, "it has no chunk %q any more: a program that saved it again has dropped it", chunkMachine)
		}
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
	c.foreign = ch.foreign
	c.sum = c.digest(ch.meta)
	if !bytes.Equal(c.sum[:], ch.sum) {
		return nil, refuse(ErrDamaged, "its checksum is that of other contents: it was changed after it was written")
	}
	return c, nil
}

// parseFiles decodes the included files; packed nil is none.
func parseFiles(packed []byte) (f files, err error) {
	if packed == nil {
		return f, nil
	}
	raw, err := inflate(packed, MaxFiles, "included files")
	if err != nil {
		return f, err
	}
	if !utf8.Valid(raw) {
		return f, refuse(ErrDamaged, "the files that its source includes are not UTF-8")
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		return f, refuse(ErrDamaged, "the files that its source includes cannot be read: %v", err)
	}
	return f, nil
}

// chunks is a file taken apart.
type chunks struct {
	width, height              int
	png                        []byte // signature, IHDR and IDAT
	meta, source, machine, sum []byte
	files                      []byte   // nil if there are none
	foreign                    []string // names of ancillary chunks that Write does not write
	fault                      error    // what makes another picture of it, said when it is a cartridge at all
}

// foreign says whether Write never writes a chunk of this name.
func foreign(name string) bool {
	switch name {
	case "IHDR", "IDAT", "IEND", chunkMeta, chunkSource, chunkFiles, chunkMachine, chunkSum:
		return false
	}
	return true
}

// ancillary says whether a chunk is one that a reader may pass over: in PNG (third
// edition, section 5.4) the first letter of its name is small, and an unknown one is
// never an error.
func ancillary(name string) bool {
	for i := range len(name) {
		if c := name[i] &^ 0x20; c < 'A' || c > 'Z' {
			return false
		}
	}
	return name[0]&0x20 != 0
}

// maxForeign is how many names of foreign chunks are remembered.
const maxForeign = 8

// passOver notes a foreign chunk.
func (c *chunks) passOver(name string) {
	switch {
	case !ancillary(name):
		c.fault = cmp.Or(c.fault, refuse(ErrNotCartridge, "it has a chunk %q, which no cartridge has", name))
	case len(c.foreign) < maxForeign && !slices.Contains(c.foreign, name):
		c.foreign = append(c.foreign, name)
	}
}

// complete holds a picture that has been read to its end to what must be in a
// cartridge.
func (c *chunks) complete(seen map[string]bool) error {
	var missing []string
	for _, must := range []string{chunkMeta, chunkSource, chunkSum} {
		if !seen[must] {
			missing = append(missing, must)
		}
	}
	switch {
	case !seen["IDAT"]:
		return refuse(ErrDamaged, "it is a picture without the chunk %q", "IDAT")
	case len(missing) == 3 && !seen[chunkMachine]:
		return refuse(ErrNotCartridge, "it is a picture alone; if it was a cartridge, a program that saved it again has dropped the program in it")
	case len(missing) > 0:
		return refuse(ErrNotCartridge, "it has no chunk %q any more: a program that saved it again has dropped it", missing[0])
	}
	return c.fault
}

// split takes a file apart. Chunks of the cartridge's own are there once each, in any
// order, as programs that save pictures again may move them. Lengths are checked
// against what is there before anything is used.
func split(b []byte) (*chunks, error) {
	const signature = "\x89PNG\r\n\x1a\n"
	if !bytes.HasPrefix(b, []byte(signature)) {
		return nil, refuse(ErrNotCartridge, "it is not a PNG picture")
	}
	c := &chunks{}
	seen := map[string]bool{}
	before := "" // the name of the chunk before this one
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
		if name == "IEND" && end != len(b) {
			return nil, refuse(ErrDamaged, "%d bytes follow its end", len(b)-end)
		}
		if !seen["IHDR"] && name != "IHDR" {
			return nil, refuse(ErrDamaged, "the chunk %q comes before the picture header", name)
		}
		if seen[name] && name != "IDAT" {
			return nil, refuse(ErrDamaged, "a second chunk %q at byte %d", name, at)
		}
		if name == "IDAT" && seen[name] && before != name {
			return nil, refuse(ErrDamaged, "picture data out of place at byte %d", at)
		}
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
				c.fault = refuse(ErrNotCartridge, "its picture is not 8-bit RGB")
			}
			c.width, c.height = int(w), int(h)
			c.png = slices.Clone(b[:end])
		case "IDAT":
			c.png = append(c.png, b[at:end]...)
		case chunkMeta:
			c.meta = data
		case chunkSource:
			c.source = data
		case chunkFiles:
			c.files = data
		case chunkMachine:
			c.machine = data
		case chunkSum:
			c.sum = data
		case "IEND":
			return c, c.complete(seen)
		default:
			c.passOver(name)
		}
		if !foreign(name) {
			seen[name] = true
		}
		before, at = name, end
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
	out := bytes.NewBuffer(c.png)
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
