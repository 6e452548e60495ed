package rules

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
)

// sources are the programs of testdata.
func sources(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../testdata/*/*.pxl")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d programs, %v", len(files), err)
	}
	out := map[string]string{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(f)] = string(b)
	}
	return out
}

// words is a program's page, but for the order that its lists were declared in.
func words(t *testing.T, source string) isa.Program {
	t.Helper()
	a := pxl.AssembleBundle("p", source)
	if !a.OK() {
		t.Fatalf("%v\n%s", a.Diagnostics[0], source)
	}
	return a.Program
}

func TestWhatIsReadIsPrintedAgain(t *testing.T) {
	for name, text := range sources(t) {
		p := read(text)
		if p == nil {
			t.Errorf("%s was not read", name)
			continue
		}
		if again := p.String(); !slices.Equal(words(t, text), words(t, again)) {
			t.Errorf("%s became another program\n%s", name, again)
		}
	}
	n := 0
	for seed := range int64(300) {
		text := generate.New(seed, true).Source
		p := read(text)
		if p == nil {
			continue
		}
		n++
		if again := p.String(); !slices.Equal(words(t, text), words(t, again)) {
			t.Fatalf("seed %d became another program\n%s\n%s", seed, text, again)
		}
	}
	if n < 50 {
		t.Errorf("%d random programs were read", n)
	}
}
