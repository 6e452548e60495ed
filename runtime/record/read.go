package record

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/regularfile"
)

// What is read of a file at most: of it all, of its text with the files it includes,
// and of what it says of frames.
const (
	maxFile   = 256 << 20
	maxText   = 64 << 20
	maxFrames = math.MaxInt32
)

// ErrNone is the error of a file that is no recording.
var ErrNone = errors.New("it is no recording: gvpie record makes one")

// Damage is the error of a recording that is not whole. What it says can be had is in
// the [Recording] beside it.
type Damage struct {
	Why string // "it was cut short"
	Had string // "the first 120 of its 300 frames can be replayed"
}

func (d *Damage) Error() string { return d.Why + "; " + d.Had }

// ReadFile reads the recording of a file: see [Read].
func ReadFile(path string) (*Recording, error) {
	f, err := regularfile.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Read(f)
}

// Read reads a recording. Of one that is damaged, was cut short or is from a newer
// version it gives what can be had, with a [Damage]: frames as far as they are whole;
// without a program there are none.
func Read(from io.Reader) (*Recording, error) {
	b, err := io.ReadAll(io.LimitReader(from, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxFile {
		return nil, fmt.Errorf("it has more than %d MB, which no recording has", maxFile>>20)
	}
	if !bytes.HasPrefix(b, []byte(signature)) {
		return nil, ErrNone
	}
	r := reader{rec: &Recording{}, all: b, at: len(signature)}
	why := r.read()
	if why == "" {
		why = r.check()
	}
	if why == "" {
		return r.rec, nil
	}
	return r.rec, &Damage{why, r.had()}
}

// reader reads a recording from its bytes.
type reader struct {
	rec  *Recording
	all  []byte
	at   int
	head header
	seen map[string]bool // chunks of which there is one
	hash Hash            // the last
}

// The ways in which a file is not what was written, in words.
const (
	whyCut   = "it was cut short"
	whyOther = "it was altered or damaged"
)

// read reads the chunks. It says why it could not read them all, "" at the end. What
// is damaged before the frames is left out.
func (r *reader) read() (why string) {
	r.seen = map[string]bool{}
	for {
		from := r.at
		kind, holds, is := r.chunk()
		if is == "" && kind == chunkEnd {
			if sum := sha256.Sum256(r.all[:from]); !bytes.Equal(holds, sum[:]) || r.at < len(r.all) {
				return whyOther
			}
			return why
		}
		if is == "" && !r.take(kind, holds) {
			is = whyOther
		}
		if is == "" {
			continue
		}
		if why == "" {
			why = is
		}
		if is == whyCut || kind == chunkFrame {
			return why
		}
	}
}

// textOnly says that of what follows the text alone is known to be as it is here.
func (r *reader) textOnly() bool { return !r.seen[chunkHead] || r.head.Version > Version }

// chunk reads a chunk.
func (r *reader) chunk() (kind string, holds []byte, why string) {
	left := r.all[r.at:]
	if len(left) < 12 {
		return "", nil, whyCut
	}
	n := uint64(binary.LittleEndian.Uint32(left[4:]))
	if n > uint64(len(left)-12) {
		return "", nil, whyCut
	}
	r.at += 12 + int(n)
	kind, holds = string(left[:4]), left[8:8+n]
	if crc32.Checksum(left[:8+n], castagnoli) != binary.LittleEndian.Uint32(left[8+n:]) {
		why = whyOther
	}
	return kind, holds, why
}

// take takes in what a chunk holds, and says whether it can be that.
func (r *reader) take(kind string, holds []byte) (ok bool) {
	switch {
	case r.seen[kind]:
		return false
	case kind == chunkHead:
		ok = json.Unmarshal(holds, &r.head) == nil && r.head.Version > 0 && r.head.Frames >= 0
		r.rec.Name, r.rec.Seed = r.head.Name, r.head.Seed
	case kind == chunkText:
		var text []byte
		text, ok = inflate(holds, maxText)
		r.rec.Source = string(text)
	case r.textOnly():
		return true
	case kind == chunkFrame:
		return r.frames(holds)
	case kind == chunkCode:
		r.rec.Program, ok = inflateWords(holds, isa.MaxProgramWords)
	case kind == chunkSnap:
		ok = r.snapshot(holds)
	case kind == chunkMarks:
		ok = json.Unmarshal(holds, &r.rec.Marks) == nil
	default:
		return true
	}
	r.seen[kind] = ok
	return ok
}

// snapshot reads what the machine began as; the program stands before it.
func (r *reader) snapshot(holds []byte) bool {
	h, err := r.rec.Program.Header()
	if err != nil {
		return false
	}
	words, ok := inflateWords(holds, 2*h.W*h.H+h.DataWords+isa.StateWords)
	if !ok {
		return false
	}
	s := &machine.Snapshot{Program: r.rec.Program}
	for _, page := range []struct {
		to *[]uint32
		n  int
	}{{&s.Display, h.W * h.H}, {&s.Writer, h.W * h.H}, {&s.Data, h.DataWords}, {&s.State, isa.StateWords}} {
		n := min(page.n, len(words))
		*page.to, words = words[:n:n], words[n:]
	}
	if _, err := s.Check(); err != nil {
		return false
	}
	r.rec.Start = s
	return true
}

// frames reads a block.
func (r *reader) frames(holds []byte) bool {
	var n [3]int
	ok := true
	for i := range n {
		if n[i], holds, ok = count(holds, maxFrames); !ok {
			return false
		}
	}
	b := block{first: n[0], n: n[1]}
	if b.first != r.rec.Frames.Len() || n[2] > len(holds) {
		return false
	}
	b.data, holds = holds[:n[2]:n[2]], holds[n[2]:]
	have := 0
	if err := decode(b.data, func(x Frame, times int) bool {
		have, b.last = have+times, x
		return have <= b.n
	}); err != nil || have != b.n {
		return false
	}
	hashes, ok := r.hashes(b, holds)
	if !ok {
		return false
	}
	r.rec.Hashes = append(r.rec.Hashes, hashes...)
	r.rec.Frames.blocks = append(r.rec.Frames.blocks, b)
	r.rec.Frames.bytes += blockCost + len(b.data)
	return true
}

// hashes reads the hashes of a block.
func (r *reader) hashes(b block, holds []byte) (all []Hash, ok bool) {
	n, holds, ok := count(holds, uint64(b.n))
	h := r.hash
	for ; ok && n > 0; n-- {
		var i int
		if i, holds, ok = count(holds, uint64(b.n-1)); !ok || len(holds) == 0 || len(all) > 0 && b.first+i <= all[len(all)-1].Frame {
			return nil, false
		}
		other := holds[0] != 0
		h.Frame, holds = b.first+i, holds[1:]
		if other {
			if len(holds) < 2*sha256.Size {
				return nil, false
			}
			h.Machine, h.Human, holds = [sha256.Size]byte(holds), [sha256.Size]byte(holds[sha256.Size:]), holds[2*sha256.Size:]
		}
		all = append(all, h)
	}
	r.hash = h
	return all, ok && len(holds) == 0
}

// check says what is wrong with a recording all of whose chunks are as written.
func (r *reader) check() string {
	_, err := r.rec.Program.Header()
	switch {
	case r.head.Version > Version:
		return fmt.Sprintf("it is of version %d, and this gvpie reads up to version %d: a newer gvpie opens it", r.head.Version, Version)
	case !r.seen[chunkHead]:
		return whyOther
	case !r.seen[chunkCode]:
		return "its program is missing"
	case r.head.Start != r.seen[chunkSnap]:
		return "the machine that it began as is missing"
	case !r.seen[chunkText]:
		return "the text of its program is missing"
	case r.head.Frames != r.rec.Frames.Len() || err != nil:
		return whyOther
	}
	return ""
}

// had says what can be had of a recording that is not whole, and takes away what cannot.
func (r *reader) had() string {
	rec := r.rec
	if _, err := rec.Program.Header(); err != nil {
		rec.Program = nil
	}
	lost := rec.Program == nil && rec.Source == "" || r.head.Start != r.seen[chunkSnap]
	if lost {
		rec.Frames, rec.Hashes = Frames{}, nil
	}
	frames, all := rec.Frames.Len(), r.head.Frames
	switch {
	case frames > 0 && frames == all:
		return fmt.Sprintf("all of its %d frames can be replayed", all)
	case frames > 0:
		return fmt.Sprintf("the first %d of its %d frames can be replayed", frames, all)
	case rec.Source != "":
		return "the text of its program can be had, and no frame"
	}
	return "nothing of it can be had"
}

func inflate(b []byte, most int) ([]byte, bool) {
	out, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b)), int64(most)+1))
	return out, err == nil && len(out) <= most
}

func inflateWords(b []byte, most int) ([]uint32, bool) {
	out, ok := inflate(b, 4*most)
	if !ok || len(out)%4 != 0 {
		return nil, false
	}
	words := make([]uint32, len(out)/4)
	for i := range words {
		words[i] = binary.LittleEndian.Uint32(out[4*i:])
	}
	return words, true
}
