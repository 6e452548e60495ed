package record

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"io"

	"gvpie/runtime/machine"
)

// The file of a recording is signature, and then chunks:
//
//	4 bytes   what it is
//	uint32    the length of what it holds
//	…         what it holds
//	uint32    CRC-32C of all that
//
// Numbers are little endian. HEAD is the first, END the last, and what holds frames is
// in their order; a reader leaves out what it does not know.
//
//	HEAD  header, as JSON
//	CODE  the program's words, deflated
//	SNAP  the other pages of the machine that it began as, deflated, if it did
//	TEXT  the source, deflated
//	MARK  the marks, as JSON
//	FRAM  a block of frames, and the hashes of its pictures: see appendFrames
//	END   SHA-256 of all bytes before this chunk
const (
	signature = "\x89PXLREC\n"

	chunkHead  = "HEAD"
	chunkCode  = "CODE"
	chunkSnap  = "SNAP"
	chunkText  = "TEXT"
	chunkMarks = "MARK"
	chunkFrame = "FRAM"
	chunkEnd   = "END "
)

// Version is the version of the form that is written; older ones are read. Of every
// version HEAD begins the file and has the version, and TEXT is as it is here.
const Version = 1

type header struct {
	Version int    `json:"version"`
	Name    string `json:"name"`
	Seed    int32  `json:"seed"`
	Frames  int    `json:"frames"`
	Start   bool   `json:"start"` // it begins with a snapshot
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A chunkWriter writes chunks until one cannot be written.
type chunkWriter struct {
	w   io.Writer
	err error
}

func (c *chunkWriter) write(b []byte) {
	if c.err == nil {
		_, c.err = c.w.Write(b)
	}
}

func (c *chunkWriter) chunk(kind string, holds []byte) {
	b := make([]byte, 0, len(holds)+12)
	b = binary.LittleEndian.AppendUint32(append(b, kind...), uint32(len(holds)))
	b = append(b, holds...)
	c.write(binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli)))
}

func (c *chunkWriter) json(kind string, v any) {
	b, err := json.Marshal(v)
	if err != nil && c.err == nil {
		c.err = err
	}
	c.chunk(kind, b)
}

func (c *chunkWriter) deflated(kind string, b []byte) {
	var small bytes.Buffer
	z, err := flate.NewWriter(&small, flate.DefaultCompression)
	if err == nil {
		_, err = z.Write(b)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil && c.err == nil {
		c.err = err
	}
	c.chunk(kind, small.Bytes())
}

// Write writes the file of the recording.
func (r *Recording) Write(w io.Writer) error {
	hash := sha256.New()
	c := chunkWriter{w: io.MultiWriter(w, hash)}
	c.write([]byte(signature))
	c.json(chunkHead, header{Version, r.Name, r.Seed, r.Frames.Len(), r.Start != nil})
	c.deflated(chunkCode, machine.Bytes(r.Program))
	if s := r.Start; s != nil {
		var pages []byte
		for _, page := range [][]uint32{s.Display, s.Writer, s.Data, s.State} {
			pages = append(pages, machine.Bytes(page)...)
		}
		c.deflated(chunkSnap, pages)
	}
	c.deflated(chunkText, []byte(r.Source))
	if len(r.Marks) > 0 {
		c.json(chunkMarks, r.Marks)
	}
	hashes, last := r.Hashes, Hash{}
	for i := range r.Frames.blocks {
		b := &r.Frames.blocks[i]
		n := 0
		for n < len(hashes) && hashes[n].Frame < b.first+b.n {
			n++
		}
		c.chunk(chunkFrame, appendFrames(nil, b, hashes[:n], &last))
		hashes = hashes[n:]
	}
	c.chunk(chunkEnd, hash.Sum(nil))
	return c.err
}

// appendFrames writes a block: the number of its first frame, how many there are, and
// the length of their code; that; how many hashes there are; and of each its frame,
// from the first, and 0 where it is that of the picture before, or 1 and both hashes.
func appendFrames(to []byte, b *block, hashes []Hash, last *Hash) []byte {
	code := b.coded()
	for _, n := range []int{b.first, b.n, len(code)} {
		to = binary.AppendUvarint(to, uint64(n))
	}
	to = binary.AppendUvarint(append(to, code...), uint64(len(hashes)))
	for _, h := range hashes {
		to = binary.AppendUvarint(to, uint64(h.Frame-b.first))
		if h.Machine == last.Machine && h.Human == last.Human {
			to = append(to, 0)
		} else {
			to = append(append(append(to, 1), h.Machine[:]...), h.Human[:]...)
		}
		*last = h
	}
	return to
}
