package pxl_test

import (
	"testing"

	"gvpie/runtime/pxl"
)

func TestABlockThatLeavesNothingIsWarnedOf(t *testing.T) {
	for _, c := range []struct{ source, mended string }{
		{"gl_FragColor = red\n", "EACH\n  PUT red\nEND\n"},
		{"IF W\n  outColor = red\nEND\n", "IF W\n  EACH\n    PUT red\n  END\nEND\n"},
		{"EACH\n  SET fragColor = (px + py)\nEND\n", "EACH\n  PUT (px + py)\nEND\n"},
		{"EACH 0 0 9 9\n  gl_FragColor = rgb(px, py, 0) ; all\nEND\n", "EACH 0 0 9 9\n  PUT rgb(px, py, 0) ; all\nEND\n"},
		{"IF W fragColor = red\n", ""},
		{"EACH\n  a = px\nEND\n", ""},
	} {
		a := pxl.Assemble("", c.source)
		if len(a.Diagnostics) != 1 || a.Diagnostics[0].Code != "no_put" {
			t.Errorf("%q: %v", c.source, a.Diagnostics)
			continue
		}
		f := a.Diagnostics[0].Fix
		if f == nil {
			if c.mended != "" {
				t.Errorf("%q has no fix", c.source)
			}
			continue
		}
		if got := applied(c.source, f); got != c.mended {
			t.Errorf("%q is mended to %q, want %q", c.source, got, c.mended)
		}
		if d := pxl.Assemble("", c.mended).Diagnostics; len(d) > 0 {
			t.Errorf("%q: %v", c.mended, d)
		}
	}
	for _, fine := range []string{
		"EACH\nEND\n",
		"EACH\n  IF px PUT red\nEND\n",
		"EACH\n  IF px == 3 LOG {py}\nEND\n",
		"DEF paint c\n  PUT c\nEND\nEACH\n  paint red\nEND\n",
		"gl_FragColor = red\nPLOT 1 1 gl_FragColor\n",
		"; ignore no_put\nEACH\n  a = px\nEND\n",
	} {
		if d := pxl.Assemble("", fine).Diagnostics; len(d) > 0 {
			t.Errorf("%q: %v", fine, d)
		}
	}
}
