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
)

// Kinds are all there are.
var Kinds = []Kind{Rect, Circ, Tri, Line}

var kindNames = [...]string{"rect", "circ", "tri", "line"}

func (k Kind) String() string { return kindNames[k] }

// ParseKind reads a kind's name. Its error is a sentence for a user.
func ParseKind(name string) (Kind, error) {
	i := slices.Index(kindNames[:], strings.ToLower(name))
	if i < 0 {
		return 0, fmt.Errorf("there is no kind of shape %q: it may be %s", name, strings.ReplaceAll(Names(Kinds), ",", ", "))
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
