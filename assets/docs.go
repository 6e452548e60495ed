package assets

import (
	"embed"
	"fmt"
	"strings"
)

// Doc is a document in Markdown, shown in the window.
type Doc struct {
	Name  string // "language": file name without .md
	Title string // its first heading
	Text  string
}

//go:embed docs/*.md
var docFiles embed.FS

var docOrder = []string{"tour", "language", "machine", "api", "rationale"}

// ShortReference is the language in short, for those who know others like it: under
// 2000 tokens of a language model, and no document of the window.
func ShortReference() string {
	text, err := docFiles.ReadFile("docs/language-short.md")
	if err != nil {
		panic(fmt.Sprintf("the short reference is not embedded: %v", err))
	}
	return string(text)
}

// Docs lists the documents in reading order. Each begins with a line "# Title".
func Docs() []Doc {
	out := make([]Doc, 0, len(docOrder))
	for _, name := range docOrder {
		text, err := docFiles.ReadFile("docs/" + name + ".md")
		if err != nil {
			panic(fmt.Sprintf("document %s is not embedded: %v", name, err))
		}
		d := Doc{Name: name, Text: string(text)}
		first, _, _ := strings.Cut(d.Text, "\n")
		d.Title = strings.TrimPrefix(first, "# ")
		out = append(out, d)
	}
	return out
}
