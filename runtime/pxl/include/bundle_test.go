package include_test

import (
	"maps"
	"strings"
	"testing"

	"gvpie/runtime/pxl/include"
)

func TestABundleComesApartAsItWas(t *testing.T) {
	for _, c := range []struct {
		program string
		files   include.Files
	}{
		{"HALT", include.Files{}},
		{"INCLUDE \"a.pxl\"\n", include.Files{Texts: map[string]string{"a.pxl": "NOP\n"}}},
		{"INCLUDE \"a.pxl\"\r\n", include.Files{
			Texts: map[string]string{"a.pxl": "\uFEFFNOP\r\n\r\n; last", "lib/empty.pxl": "", "x y.pxl": "\n;= FILE no\n;| no\n"},
			Links: map[string]string{"b.pxl": "lib/empty.pxl"},
		}},
	} {
		program, files := include.Unbundle(include.Bundle(c.program, c.files))
		if program != c.program || !maps.Equal(files.Texts, c.files.Texts) || !maps.Equal(files.Links, c.files.Links) {
			t.Errorf("%q %v came back as %q %v", c.program, c.files, program, files)
		}
	}
}

// TestABundleThatWasWrittenOnIsAText: what a hand has put behind the files is lost by
// nobody.
func TestABundleThatWasWrittenOnIsAText(t *testing.T) {
	text := include.Bundle("NOP\n", include.Files{Texts: map[string]string{"a.pxl": "NOP"}}) + "HALT\n"
	if program, files := include.Unbundle(text); program != text || len(files.Texts) != 0 {
		t.Errorf("%q %v", program, files)
	}
	if program, _ := include.Unbundle("NOP\n; = FILE a\n"); !strings.HasSuffix(program, "FILE a\n") {
		t.Error(program)
	}
}
