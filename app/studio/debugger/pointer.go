package debugger

import (
	"context"
	"math"

	"gvpie/runtime/debug/why"
)

// Pointer is the texel that the mouse is on, and what drew it as it is at the moment that
// is looked at.
type Pointer struct {
	m      *Model
	x, y   int
	on     bool
	at     *Moment // that was asked about; nil: none was
	layers []Layer
}

// Layer is a part of a texel, and the statement that it was drawn by.
type Layer struct {
	Part    string // "glyph", "text", "ink" or "paper"; "" of all of the texel
	Drawn   Statement
	Include bool     // the statement is in a file that the program includes
	At      Position // before the command was made
	Command int      // its place among the frame's, from 1
}

// Pointer is what is pointed at.
func (m *Model) Pointer() *Pointer {
	m.pointer.m = m
	return &m.pointer
}

// Set says which texel the mouse is on; on is false where it is on none.
func (p *Pointer) Set(x, y int, on bool) {
	m := p.m
	if p.on == on && p.x == x && p.y == y && p.at == m.now {
		return
	}
	p.x, p.y, p.on, p.at, p.layers = x, y, on, m.now, nil
	if !on || m.now == nil {
		return
	}
	s, at := m.session, m.now
	m.glance(atTexel, func(ctx context.Context) (func(), error) {
		layers, err := s.layers(ctx, at, x, y)
		return func() {
			if p.on && p.x == x && p.y == y && p.at == at {
				p.layers = layers
			}
		}, err
	})
}

// Layers are the parts of the texel that are seen, the upper first; nil while they are
// looked for, and where nothing drew it.
func (p *Pointer) Layers() []Layer { return p.layers }

// layers finds what drew a texel, as it is at a moment.
func (s *session) layers(ctx context.Context, n *Moment, x, y int) ([]Layer, error) {
	header := n.program.Header
	if x < 0 || y < 0 || x >= header.W || y >= header.H {
		return nil, why.ErrOffCanvas
	}
	texel := n.Pages.Display[y*header.W+x]
	k, d, err := s.drew(ctx, n.Drawn, x, y)
	if err != nil {
		return nil, err
	}
	made := n.Made
	if d.Frame != n.Drawn {
		made = math.MaxInt
	}
	found := d.Layers(texel, made, header.Pixel)
	if len(found) == 0 && d.Frame == n.Drawn && n.Drawn > n.First { // not yet: it is from before
		if k, d, err = s.drew(ctx, n.Drawn-1, x, y); err != nil {
			return nil, err
		}
		found = d.Layers(texel, math.MaxInt, header.Pixel)
	}
	out := make([]Layer, len(found))
	for i, l := range found {
		t := l.Touch
		out[i] = Layer{Part: part(l.Bits, header.Pixel), Drawn: Statement{At: k.placed(t.Place), Text: t.Statement}, Include: t.File != "", At: Position(t.At), Command: t.Command + 1}
	}
	return out, nil
}

// part names bits of a texel.
func part(bits uint32, pixel bool) string {
	switch {
	case pixel || bits == 0xFFFFFF:
		return ""
	case bits == 0xFF0000:
		return "paper"
	case bits == 0xFF00:
		return "ink"
	case bits == 0xFF:
		return "glyph"
	}
	return "text"
}
