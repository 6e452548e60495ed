package studio

import (
	"fmt"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
)

// Texel is what is known about the display texel under the pointer.
type Texel struct {
	X, Y       int
	Word       uint32 // as the machine holds it
	Pixel      bool   // pixel canvas: R, G, B are the colour
	Written    bool   // false: untouched, shown as black
	Glyph      uint8  // cell canvas
	Ink, Paper uint32 // cell canvas: 0xRRGGBB as shown
	Color      uint32 // pixel canvas: 0xRRGGBB
	Writer     int    // address of the instruction that wrote it; 0: none
	Line       int    // source line of that statement; 0: not known
	At         pxl.Position
	Statement  string // its source
	Included   bool   // At is in a file that the program includes
}

// Probe says which display texel the pointer is on; on is false when it is on
// none.
func (r *Runner) Probe(x, y int, on bool) {
	want := probe{on: on, x: x, y: y}
	if !on {
		want = probe{}
	}
	if r.player.in.peek().probe != want {
		r.request(func(q *request) { q.probe = want })
	}
}

// Texel is what is known about the probed texel; ok is false when there is none
// or its answer is still on the way.
func (r *Runner) Texel() (t Texel, ok bool) {
	d := r.Program()
	w := r.texel
	if d == nil || d.live == nil || w == nil || w.doc != d.ID {
		return t, false
	}
	if p := r.player.in.peek().probe; !p.on || p.x != w.x || p.y != w.y {
		return t, false
	}
	h := d.live.Header
	t = Texel{X: w.x, Y: w.y, Word: w.word, Pixel: h.Pixel, Written: w.word>>24 != 0, Writer: int(w.writer)}
	red, green, blue := w.word&0xFF, w.word>>8&0xFF, w.word>>16&0xFF
	if h.Pixel {
		t.Color = red<<16 | green<<8 | blue
	} else {
		t.Glyph = uint8(red)
		t.Ink, t.Paper = isa.CodeColor(uint8(green), 0xFFFFFF), isa.CodeColor(uint8(blue), 0)
	}
	if w.writer != 0 && w.liveRev == d.liveRev {
		if at, ok := d.live.Map.At(t.Writer); ok {
			t.Line, t.At, t.Included = at.Pos.Line, at.Pos, d.live.Path(at.Pos.File) != ""
			t.Statement = d.live.Map.Text(t.Writer)
		}
	}
	return t, true
}

// String is the texel for the status line: "cell 10,10 'H' 0x48 ink white paper
// 0x336699 · written by line 4".
func (t Texel) String() string {
	var s strings.Builder
	switch {
	case !t.Written:
		fmt.Fprintf(&s, "texel %d, %d · untouched", t.X, t.Y)
		return s.String()
	case t.Pixel:
		fmt.Fprintf(&s, "texel %d, %d · %s", t.X, t.Y, ColorName(t.Color))
	default:
		fmt.Fprintf(&s, "cell %d, %d · ", t.X, t.Y)
		s.WriteString(t.Letter())
		if t.HasGlyph() {
			s.WriteString(" · ink " + ColorName(t.Ink))
		}
		fmt.Fprintf(&s, " · paper %s", ColorName(t.Paper))
	}
	if t.Line > 0 {
		fmt.Fprintf(&s, " · written by line %d", t.Line)
		if t.Included {
			s.WriteString(" of " + t.At.File)
		}
	}
	return s.String()
}

// HasGlyph says whether a cell has a glyph that the font has.
func (t Texel) HasGlyph() bool { return t.Glyph >= 32 && t.Glyph <= 126 }

// Letter is the glyph of a cell: "'H' 0x48".
func (t Texel) Letter() string {
	switch {
	case t.Glyph == 0:
		return "no glyph"
	case !t.HasGlyph():
		return fmt.Sprintf("unknown glyph 0x%02X", t.Glyph)
	}
	return fmt.Sprintf("'%c' 0x%02X", t.Glyph, t.Glyph)
}

// ColorName is a colour's name in the language, or 0xRRGGBB.
func ColorName(rgb uint32) string {
	for _, c := range pxl.Colors {
		if c.RGB == rgb {
			return c.Name
		}
	}
	return fmt.Sprintf("0x%06X", rgb)
}
