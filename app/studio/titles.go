package studio

import (
	"path/filepath"
	"strings"
)

// Titles are the names for the documents' tabs. Where two have the same, each is told
// apart by where it is from: "life.pxl — examples", "life.pxl — ~/games". home is the
// person's folder, "" unknown.
func Titles(docs []*Document, home string) []string {
	same := map[string]int{}
	for _, d := range docs {
		same[d.Name]++
	}
	titles := make([]string, len(docs))
	for i, d := range docs {
		titles[i] = d.Name
		if same[d.Name] < 2 {
			continue
		}
		if from := d.from(home); from != "" {
			titles[i] += " — " + from
		}
	}
	return titles
}

// from says where a document is from.
func (d *Document) from(home string) string {
	switch {
	case d.Path == "" && d.Example != "":
		return "examples"
	case d.Path == "":
		return "not saved"
	}
	dir := filepath.Dir(d.Path)
	if home == "" {
		return dir
	}
	if rest, ok := strings.CutPrefix(dir, filepath.Clean(home)); ok && (rest == "" || rest[0] == filepath.Separator) {
		return "~" + rest
	}
	return dir
}
