package cartridge

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"strings"
	"time"

	"gvpie/runtime/machine"
)

// Kind is what a cartridge holds.
type Kind string

const (
	Pixel   Kind = "pixel" // a machine that runs
	Code    Kind = "code"  // text alone
	Dataset Kind = "dataset"
	Prompt  Kind = "prompt"
)

// Limits on what a file may hold. They are far above what a machine can need.
const (
	MaxFile   = 64 << 20 // bytes of a cartridge file
	MaxSource = 4 << 20  // bytes of source text
	MaxFiles  = 16 << 20 // bytes of the files that it includes, as JSON
	MaxMeta   = 64 << 10 // bytes of metadata
	MaxSide   = 8192     // pixels of the picture's width and height
)

// Metadata is what is written beside the machine. Times are kept to the second.
type Metadata struct {
	Kind        Kind      `json:"kind"`
	Name        string    `json:"name"`
	Author      string    `json:"author,omitempty"`
	Description string    `json:"description,omitempty"`
	Version     string    `json:"version,omitempty"`
	Tags        []string  `json:"tags,omitempty"`
	CreatedAt   time.Time `json:"created_at"`
	Width       int       `json:"width"`  // canvas, texels; 0 without a machine
	Height      int       `json:"height"` //
	Pixel       bool      `json:"pixel_canvas,omitempty"`
	Seed        int32     `json:"seed,omitempty"`
	Engine      string    `json:"engine_version"`
}

// Cartridge is one cartridge in memory.
type Cartridge struct {
	Metadata
	Source  string
	Files   map[string]string // what the source includes, by path from its folder; nil if nothing
	Links   map[string]string // other paths that the source has for files
	Machine *machine.Snapshot // nil unless Kind is Pixel
	Picture *image.RGBA       // opaque; the human texture
	sum     [sha256.Size]byte // as read or last written
	encoded []byte            // the file it was read from
	foreign []string          // chunks in it that are not of a cartridge
}

// Remark is what a person may want to know of the file that the cartridge was read
// from, a sentence without an end; "" for nothing. The cartridge is whole all the
// same.
func (c *Cartridge) Remark() string {
	if len(c.foreign) == 0 {
		return ""
	}
	return "a program that saved it again has added " + strings.Join(c.foreign, ", ")
}

// Checksum is the SHA-256 of everything in the cartridge, in hexadecimal. It is
// that of the contents as they stand.
func (c *Cartridge) Checksum() (string, error) {
	meta, err := c.meta()
	if err != nil {
		return "", err
	}
	sum := c.digest(meta)
	return hex.EncodeToString(sum[:]), nil
}

var (
	// ErrNotCartridge is matched by errors about files that are no cartridges: no
	// PNG, or a PNG without the chunks of one.
	ErrNotCartridge = errors.New("not a cartridge")
	// ErrDamaged is matched by errors about cartridges that were cut short or
	// changed after they were written.
	ErrDamaged = errors.New("damaged cartridge")
	// ErrTooLarge is matched by errors about files beyond the limits.
	ErrTooLarge = errors.New("cartridge too large")
)

// Error says what is wrong with a file, and at which byte where that is known.
type Error struct {
	Err    error // ErrNotCartridge, ErrDamaged or ErrTooLarge
	Reason string
}

func (e *Error) Error() string { return e.Err.Error() + ": " + e.Reason }
func (e *Error) Unwrap() error { return e.Err }

func refuse(kind error, format string, args ...any) error {
	return &Error{kind, fmt.Sprintf(format, args...)}
}

// meta encodes the metadata, after holding it to what a reader accepts.
func (c *Cartridge) meta() ([]byte, error) {
	switch c.Kind {
	case Pixel:
		if c.Machine == nil {
			return nil, errors.New("a pixel cartridge needs a machine")
		}
	case Code, Dataset, Prompt:
		if c.Machine != nil {
			return nil, fmt.Errorf("a %s cartridge has no machine", c.Kind)
		}
	default:
		return nil, fmt.Errorf("unknown kind of cartridge %q: it may be pixel, code, dataset or prompt", c.Kind)
	}
	if len(c.Source) > MaxSource {
		return nil, refuse(ErrTooLarge, "the source text is %d bytes; it may be %d", len(c.Source), MaxSource)
	}
	if n := len(c.encodeFiles()); n > MaxFiles {
		return nil, refuse(ErrTooLarge, "the files that the source includes are %d bytes; they may be %d", n, MaxFiles)
	}
	if c.Picture == nil {
		return nil, errors.New("a cartridge needs a picture")
	}
	if w, h := c.Picture.Rect.Dx(), c.Picture.Rect.Dy(); w < 1 || h < 1 || w > MaxSide || h > MaxSide {
		return nil, refuse(ErrTooLarge, "the picture is %d × %d; a side may be 1 to %d", w, h, MaxSide)
	}
	m := c.Metadata
	m.CreatedAt = m.CreatedAt.UTC().Truncate(time.Second)
	m.Width, m.Height, m.Pixel = 0, 0, false
	if c.Machine != nil {
		h, err := c.Machine.Program.Header()
		if err != nil {
			return nil, err
		}
		m.Width, m.Height, m.Pixel = h.W, h.H, h.Pixel
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(m); err != nil {
		return nil, err
	}
	if b.Len() > MaxMeta {
		return nil, refuse(ErrTooLarge, "the metadata is %d bytes; it may be %d", b.Len(), MaxMeta)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// encodeFiles encodes the included files; nil if there are none.
func (c *Cartridge) encodeFiles() []byte {
	if len(c.Files) == 0 {
		return nil
	}
	b, _ := json.Marshal(files{c.Files, c.Links}) // maps of strings can be encoded, in order of their keys
	return b
}

// files is what chunkFiles holds.
type files struct {
	Files map[string]string `json:"files"`
	Links map[string]string `json:"links,omitempty"`
}

// digest is the SHA-256 over metadata, source, pages, pixels and included files, each
// with its length before it, so that nothing can move from one into another.
func (c *Cartridge) digest(meta []byte) (sum [sha256.Size]byte) {
	h := sha256.New()
	part := func(b []byte) {
		var n [8]byte
		binary.LittleEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	part(meta)
	part([]byte(c.Source))
	part(pages(c.Machine))
	w, ht := c.Picture.Rect.Dx(), c.Picture.Rect.Dy()
	var size [8]byte
	binary.LittleEndian.PutUint32(size[:], uint32(w))
	binary.LittleEndian.PutUint32(size[4:], uint32(ht))
	part(size[:])
	row := make([]byte, 3*w) // the picture is opaque: alpha is not part of it
	for y := range ht {
		src := c.Picture.Pix[y*c.Picture.Stride:]
		for x := range w {
			copy(row[3*x:3*x+3], src[4*x:4*x+3])
		}
		h.Write(row)
	}
	if files := c.encodeFiles(); files != nil { // without files it is the sum of the time before them
		part(files)
	}
	h.Sum(sum[:0])
	return sum
}
