package picture

import (
	"fmt"
	"slices"
	"strings"

	"gvpie/runtime/pxl/syntax"
)

// painting is what there is as a program, of so many candidates less those that are
// left. What is not seen is left out.
func (s *search) painting(candidates int) Painting {
	t := s.p.Target
	var lines strings.Builder
	drawn := 0
	for k := range s.p.shapes {
		at := &s.p.shapes[k]
		if at.n == 0 {
			continue
		}
		if k > 0 {
			drawn++
		}
		lines.WriteString(at.line(k == 0, s.color(k)))
	}
	if s.page != nil {
		drawn += len(s.page.texts)
		lines.WriteString(s.page.lines())
	}
	var b strings.Builder
	fmt.Fprintf(&b, ".canvas %d %d", t.W, t.H)
	if t.Pixel {
		b.WriteString(" pixel")
	}
	fmt.Fprintf(&b, "\n\n%s", lines.String())
	return Painting{Source: b.String(), Shapes: drawn, Candidates: candidates - s.left}
}

// color is what a shape is drawn in.
func (s *search) color(k int) rgb {
	if k == 0 && s.ground != nil {
		return *s.ground
	}
	return s.p.best(&s.p.shapes[k].owned)
}

// line is the statement that draws a shape; that of the ground is CLS.
func (a *placed) line(ground bool, c rgb) string {
	if ground {
		return fmt.Sprintf("CLS %s\n", c)
	}
	p := a.p[:]
	switch a.kind {
	case Rect:
		p = []int32{p[0], p[1], p[2] - p[0], p[3] - p[1]}
	case Circ:
		p = p[:3]
	case Line:
		p = p[:4]
	}
	var b strings.Builder
	b.WriteString(strings.ToUpper(a.kind.String()))
	for _, v := range p {
		fmt.Fprintf(&b, " %d", v)
	}
	fmt.Fprintf(&b, " %s\n", c)
	return b.String()
}

// String is the colour as a program has it: by its name, if it has one.
func (c rgb) String() string {
	code := uint32(c[0]<<16 | c[1]<<8 | c[2])
	if i := slices.IndexFunc(syntax.Colors, func(n syntax.Color) bool { return n.RGB == code }); i >= 0 {
		return syntax.Colors[i].Name
	}
	return fmt.Sprintf("0x%06X", code)
}
