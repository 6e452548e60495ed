package bundle

import (
	"strings"
	"testing"

	"gvpie/runtime/pxl/include"
)

func TestABundleThatRefersToItsFilesIsMadeAgain(t *testing.T) {
	lib := "DEF f(x)\n  RETURN x\nEND\n"
	for _, whole := range []string{
		include.Bundle("INCLUDE \"lib/a.pxl\"\n", include.Files{Texts: map[string]string{"lib/a.pxl": lib}}),
		include.Bundle("INCLUDE \"ä b.pxl\" ; é\n\n", include.Files{Texts: map[string]string{"ä b.pxl": "", "b.pxl": "no end of line", "c.pxl": lib, "d.pxl": lib},
			Links: map[string]string{"l.pxl": "c.pxl", "m.pxl": "b.pxl"}}),
		include.Bundle("\n", include.Files{Texts: map[string]string{"a.pxl": ";= KEPT x\n;| y\r\n;= FILE z"}}),
	} {
		short, texts, ok := Shorten(whole)
		if !ok || len(Files(short)) != strings.Count(whole, "\n;= FILE ") {
			t.Errorf("%q: %v %q", whole, ok, short)
			continue
		}
		if strings.Contains(short, "RETURN x") || !strings.HasPrefix(whole, short[:strings.Index(short, Begins)]) {
			t.Errorf("%q", short)
		}
		again, err := Whole(short, func(f File) (string, error) { return texts[f.Hash], nil })
		if err != nil || again != whole {
			t.Errorf("%q came back as %q, %v", whole, again, err)
		}
	}
}

// TestWhatIsNoBundleRefersToNothing: a text that cannot be made again to the byte, or
// looks like one that refers to files, stays as it is.
func TestWhatIsNoBundleRefersToNothing(t *testing.T) {
	digits := strings.Repeat("a", 64)
	kept := ";= KEPT " + digits + " a.pxl\n"
	with := func(program string) string {
		return include.Bundle(program, include.Files{Texts: map[string]string{"a.pxl": "HALT"}})
	}
	for _, text := range []string{"", "HALT", "x\x00\n" + with("y"), "\xff\n" + with("y"), with("HALT\n" + kept), with("HALT") + "\nCLS red", with("x") + ";= FILE a.pxl\n;| twice\n"} {
		if short, _, ok := Shorten(text); ok {
			t.Errorf("%q became %q", text, short)
		}
	}
	for text, want := range map[string]string{
		"HALT\n" + kept:                "a.pxl " + digits,
		"HALT\n" + kept + ";= KEPT x":  "nothing", // cut off
		kept:                           "nothing", // no program
		"HALT\n;= KEPT nothing here\n": "nothing",
		"HALT\n;= KEPT " + digits[1:] + "g a.pxl\n":             "nothing",
		"HALT\n;= KEPT " + digits + "\n":                        "nothing",
		"HALT\n" + kept + "CLS red\n":                           "a.pxl " + digits,
		"HALT\n;= KEPT " + strings.ToUpper(digits) + " a.pxl\n": "a.pxl " + strings.ToUpper(digits),
	} {
		got := "nothing"
		if all := Files(text); len(all) > 0 {
			got = all[0].Path + " " + all[0].Hash
		}
		if got != want {
			t.Errorf("%q refers to %s, want %s", text, got, want)
		}
	}
}
