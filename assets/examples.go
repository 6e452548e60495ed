package assets

import (
	"embed"
	"fmt"
	"strings"
)

// Example is one of the programs that come with the studio.
type Example struct {
	Name        string // "starfield": file name without .pxl, unique
	Title       string // "Starfield"
	Description string // one line
	Source      string
}

//go:embed examples/*.pxl
var exampleFiles embed.FS

// exampleOrder is the order of the examples for someone who reads them one
// after the other: each uses a little more of the language.
var exampleOrder = []string{
	"hello", "panel", "wave", "clock", "bounce", "starfield", "sunset", "dragon",
	"maze", "paint", "snake", "breakout", "plasma", "life", "fire", "julia",
	"bunnies", "tree", "station", "kaleidoscope", "islands", "road", "caves",
}

// Examples lists the example programs in reading order. The first line of each
// is a comment "; Title: description".
func Examples() []Example {
	out := make([]Example, 0, len(exampleOrder))
	for _, name := range exampleOrder {
		src, err := exampleFiles.ReadFile("examples/" + name + ".pxl")
		if err != nil {
			panic(fmt.Sprintf("example %s is not embedded: %v", name, err))
		}
		e := Example{Name: name, Source: string(src)}
		first, _, _ := strings.Cut(e.Source, "\n")
		title, description, _ := strings.Cut(strings.TrimLeft(first, "; "), ":")
		e.Title, e.Description = title, strings.TrimSpace(description)
		out = append(out, e)
	}
	return out
}
