package rules

import (
	"strings"
	"testing"

	"gvpie/runtime/improve"
	"gvpie/runtime/pxl/include"
)

// A program keeps the files that it includes, which no rule changes, and what they
// declare and do is known.
func TestIncludedFilesStay(t *testing.T) {
	const main = `; a program of two files
.canvas 24 16 pixel
INCLUDE "lib/shapes.pxl"
loop:
CLS navy
FOR i = 0 TO 9
  PLOT i 3 (SHADE * 2 + 1)
END
RECT 2 6 (twice(3)) 2 red
RECT 2 8 6 2 red
FRAME
JMP loop
`
	const shapes = `; what others use
.const SHADE 20
unused = 3 + 4
DEF twice(v)
  RETURN v + v
END
`
	files := include.Files{Texts: map[string]string{"lib/shapes.pxl": shapes}}
	offer := improved(t, "p", include.Bundle(main, files), 0)
	got, behind := include.Unbundle(offer.Source)
	if offer.After >= offer.Before || behind.Texts["lib/shapes.pxl"] != shapes {
		t.Errorf("cost %d, then %d, of\n%s", offer.Before, offer.After, offer.Source)
	}
	for _, want := range []string{`INCLUDE "lib/shapes.pxl"`, "; a program of two files", "RECT 0 3 10 1 (SHADE * 2 + 1)"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	for _, foreign := range []string{"; what others use", "DEF twice", "unused"} {
		if strings.Contains(got, foreign) {
			t.Errorf("%s was taken in in\n%s", foreign, got)
		}
	}
}

// Statements of an included file run where it is included.
func TestIncludedStatementsCount(t *testing.T) {
	for _, c := range []struct{ main, lib string }{
		{"INCLUDE \"lib.pxl\"\nIF x > 5 LOG far\nIF x < 50 LOG near\n", "x = 90 + mx\n"},
		{"x = 3\nINCLUDE \"lib.pxl\"\nLOG {x}\n", "x = x + 1\n"},
		{"INCLUDE \"lib.pxl\"\nIF mx > 3 LOG hi\n", "IF mx > 3 x = 1\n"},
		{"RECT 0 0 5 5 red\nINCLUDE \"lib.pxl\"\nRECT 0 0 5 5 blue\n", "FRAME\n"},
	} {
		source := include.Bundle(c.main, include.Files{Texts: map[string]string{"lib.pxl": c.lib}})
		p := read(source)
		if p == nil {
			t.Fatalf("%s was not read", c.main)
		}
		if p.String() != source {
			t.Errorf("%s became\n%s", source, p)
		}
		for _, r := range table {
			out := &proposals{proved: true}
			r(p, out)
			for _, o := range out.all {
				if !strings.Contains(o.Source, "INCLUDE") || o.Source[strings.Index(o.Source, ";= FILE"):] != source[strings.Index(source, ";= FILE"):] {
					t.Errorf("%s:\n%s", o.Step, o.Source)
				}
				sameFor(t, source, o.Source, o.Step)
			}
		}
	}
}

func sameFor(t *testing.T, before, after, step string) {
	t.Helper()
	a, err := improve.Load("p", before)
	if err != nil {
		t.Fatal(err)
	}
	b, err := improve.Load("p", after)
	if err != nil {
		t.Fatalf("%s: %v\n%s", step, err, after)
	}
	v, err := improve.Prove(t.Context(), a, b, improve.Effort{Frames: 4, Seeds: 1, Cost: 1_000_000})
	if err != nil || v.Witness != nil {
		t.Errorf("%s: %s %v\n%s", step, v.What, err, after)
	}
}
