package worker

import (
	"encoding/binary"
	"image"
	"math"
	"unsafe"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// encoder appends small fields.
type encoder []byte

func (e *encoder) u32(v uint32) { *e = binary.LittleEndian.AppendUint32(*e, v) }
func (e *encoder) i32(v int32)  { e.u32(uint32(v)) }
func (e *encoder) i64(v int64)  { *e = binary.LittleEndian.AppendUint64(*e, uint64(v)) }
func (e *encoder) int(v int)    { e.i64(int64(v)) }
func (e *encoder) bool(v bool) {
	if v {
		e.u32(1)
		return
	}
	e.u32(0)
}
func (e *encoder) str(s string) {
	e.u32(uint32(len(s)))
	*e = append(*e, s...)
}

// decoder takes small fields off the front. After the first field that is not
// there it gives zeros and bad is set.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) take(n int) []byte {
	if d.bad || n < 0 || n > len(d.b) {
		d.bad = true
		return nil
	}
	v := d.b[:n]
	d.b = d.b[n:]
	return v
}

func (d *decoder) u32() uint32 {
	if v := d.take(4); v != nil {
		return binary.LittleEndian.Uint32(v)
	}
	return 0
}

func (d *decoder) i32() int32 { return int32(d.u32()) }

func (d *decoder) i64() int64 {
	if v := d.take(8); v != nil {
		return int64(binary.LittleEndian.Uint64(v))
	}
	return 0
}

func (d *decoder) int() int   { return int(d.i64()) }
func (d *decoder) bool() bool { return d.u32() != 0 }

func (d *decoder) str() string {
	n := d.u32()
	if n > math.MaxInt32 {
		d.bad = true
		return ""
	}
	return string(d.take(int(n)))
}

// end says whether all fields were there and nothing is left.
func (d *decoder) end() bool { return !d.bad && len(d.b) == 0 }

// wordBytes is the memory of w.
func wordBytes(w []uint32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(w))), len(w)*4)
}

// bytesWords copies b, whose length is a multiple of 4, into words of its own.
func bytesWords(b []byte) []uint32 {
	w := make([]uint32, len(b)/4)
	copy(wordBytes(w), b)
	return w
}

// commandBytes is the memory of c.
func commandBytes(c []isa.Command) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(c))), len(c)*isa.CommandWords*4)
}

func cut(s string) string {
	if len(s) > maxText {
		return s[:maxText]
	}
	return s
}

func encodeInput(e *encoder, in machine.Input) {
	e.i32(in.MouseX)
	e.i32(in.MouseY)
	e.i32(in.Buttons)
	e.i32(in.Wheel)
	for _, k := range in.Keys {
		e.u32(k)
	}
}

func decodeInput(d *decoder) (in machine.Input) {
	in.MouseX, in.MouseY, in.Buttons, in.Wheel = d.i32(), d.i32(), d.i32(), d.i32()
	for i := range in.Keys {
		in.Keys[i] = d.u32()
	}
	return in
}

func encodeView(e *encoder, v machine.View) {
	e.u32(uint32(v.Texture))
	e.u32(uint32(v.Page))
	e.bool(v.Meaning)
	e.int(v.Width)
	e.int(v.Height)
	e.u32(math.Float32bits(v.X))
	e.u32(math.Float32bits(v.Y))
	e.u32(math.Float32bits(v.Scale))
	e.bool(v.Grid)
	e.u32(v.Back)
	for _, n := range [...]int{v.Mark.X, v.Mark.Y, v.Mark.W, v.Mark.H} {
		e.int(n)
	}
	e.u32(v.LitFrom)
	e.u32(v.LitTo)
}

func decodeView(d *decoder) machine.View {
	return machine.View{
		Texture: machine.Texture(d.u32()), Page: machine.Page(d.u32()), Meaning: d.bool(), Width: d.int(), Height: d.int(),
		X: math.Float32frombits(d.u32()), Y: math.Float32frombits(d.u32()), Scale: math.Float32frombits(d.u32()),
		Grid: d.bool(), Back: d.u32(),
		Mark:    machine.Rect{X: d.int(), Y: d.int(), W: d.int(), H: d.int()},
		LitFrom: d.u32(), LitTo: d.u32(),
	}
}

// encodeReport puts the report's fixed fields into e and its log lines, of which
// there may be many, into the returned bytes.
func encodeReport(e *encoder, r machine.Report) []byte {
	e.u32(uint32(r.Status))
	e.u32(r.Cycles)
	e.u32(r.Frame)
	e.int(r.Commands)
	e.bool(r.Fault != nil)
	if f := r.Fault; f != nil {
		e.u32(uint32(f.Code))
		e.int(f.PC)
		e.i32(f.A)
		e.i32(f.B)
		e.int(f.X)
		e.int(f.Y)
	}
	e.u32(uint32(len(r.Log)))
	var lines encoder
	for _, l := range r.Log {
		lines.int(l.PC)
		lines.u32(l.Cycle)
		lines.str(l.Text)
	}
	return lines
}

func decodeReport(d *decoder, lines []byte) (machine.Report, error) {
	r := machine.Report{Status: isa.Status(d.u32()), Cycles: d.u32(), Frame: d.u32(), Commands: d.int()}
	if d.bool() {
		r.Fault = &machine.Fault{Code: isa.Fault(d.u32()), PC: d.int(), A: d.i32(), B: d.i32(), X: d.int(), Y: d.int()}
	}
	n := d.u32()
	if !d.end() || n > isa.MaxCommands {
		return machine.Report{}, protocolError("a report of %d log lines that does not read", n)
	}
	ld := decoder{b: lines}
	for range n {
		r.Log = append(r.Log, machine.LogLine{PC: ld.int(), Cycle: ld.u32(), Text: ld.str()})
		if ld.bad {
			break
		}
	}
	if !ld.end() {
		return machine.Report{}, protocolError("a report whose %d log lines do not read", n)
	}
	return r, nil
}

// decodeSnapshot copies a snapshot out of a frame.
func decodeSnapshot(m *message) (*machine.Snapshot, error) {
	d := decoder{b: m.body}
	s, rest := &machine.Snapshot{}, m.payload.b
	for i, page := range snapshotPages(s) {
		n := int(d.u32())
		if n > snapshotLimits[i] || n*4 > len(rest) {
			return nil, protocolError("a snapshot with a page of %d words", n)
		}
		*page, rest = bytesWords(rest[:n*4]), rest[n*4:]
	}
	if !d.end() || len(rest) != 0 {
		return nil, protocolError("a snapshot with %d bytes too many", len(rest))
	}
	return s, nil
}

// snapshotBytes is the size of s as a payload.
func snapshotBytes(s *machine.Snapshot) (n int) {
	for _, page := range snapshotPages(s) {
		n += 4 * len(*page)
	}
	return n
}

// encodeSnapshot writes the lengths into e and the pages into b.
func encodeSnapshot(e *encoder, b []byte, s *machine.Snapshot) {
	for _, page := range snapshotPages(s) {
		e.u32(uint32(len(*page)))
		b = b[copy(b, wordBytes(*page)):]
	}
}

// rgba is an image over pix, w × h from (0, 0), without a copy.
func rgba(pix []byte, w, h int) *image.RGBA {
	return &image.RGBA{Pix: pix, Stride: w * 4, Rect: image.Rect(0, 0, w, h)}
}

// copyRGBA copies rows of w × h pixels into dst, whatever dst's stride.
func copyRGBA(dst *image.RGBA, pix []byte, w, h int) {
	if dst.Stride == w*4 {
		copy(dst.Pix[:w*h*4], pix)
		return
	}
	for y := range h {
		copy(dst.Pix[y*dst.Stride:][:w*4], pix[y*w*4:])
	}
}
