package improve

import (
	"embed"
	"strings"
)

//go:embed testdata/pairs/*.pxl
var pairs embed.FS

// A Pair is a program as people write them, and what a good hand made of it.
type Pair struct{ Name, Source, ByHand string }

// Pairs are programs that a search is measured with.
func Pairs() (all []Pair) {
	const folder = "testdata/pairs/"
	entries, err := pairs.ReadDir(strings.TrimSuffix(folder, "/"))
	if err != nil { // they are embedded
		panic(err)
	}
	text := func(name string) string {
		b, err := pairs.ReadFile(folder + name)
		if err != nil {
			panic(err)
		}
		return string(b)
	}
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".best.pxl"); ok {
			all = append(all, Pair{Name: name[strings.Index(name, "_")+1:], Source: text(name + ".pxl"), ByHand: text(e.Name())})
		}
	}
	return all
}
