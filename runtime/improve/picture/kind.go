package picture

import (
	"fmt"
	"slices"
	"strings"
)

// Kind is what a shape is drawn with.
type Kind uint8

const (
	Rect Kind = iota
	Circ
	Tri
	Line
	Glyph // characters in a line, in one ink
)

// Outlines are the kinds that fill an outline; all but Glyph.
var Outlines = []Kind{Rect, Circ, Tri, Line}

var kindNames = [...]string{"rect", "circ", "tri", "line", "glyph"}

func (k Kind) String() string { return kindNames[k] }

// ParseKind reads a kind's name. Its error is a sentence for a user.
func ParseKind(name string) (Kind, error) {
	i := slices.Index(kindNames[:], strings.ToLower(name))
	if i < 0 {
		return 0, fmt.Errorf("there is no kind of shape %q: it may be %s", name, strings.Join(kindNames[:], ", "))
	}
	return Kind(i), nil
}

// Names are the names of kinds, as ParseKind reads them, with commas between.
func Names(kinds []Kind) string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.String())
	}
	return strings.Join(names, ",")
}
