package plaintext

import "testing"

func TestLine(t *testing.T) {
	for s, want := range map[string]string{
		"":                         "",
		"plain ⏸️  👩‍💻 \u00e9 \\n": "plain ⏸️  👩‍💻 \u00e9 \\n",
		"a\nb\r\tc":                `a\nb\r\tc`,
		"\x1b[2J\x1b]0;t\a":        `\x1b[2J\x1b]0;t\a`,
		"\u009b1A\u0085x\u2028y":   `\u009b1A\u0085x\u2028y`,
		"\u202egnp.exe\u2066":      `\u202egnp.exe\u2066`,
		"no \xff text \xc3( \x00":  `no \xff text \xc3( \x00`,
		"\ufffd":                   "\ufffd",
		"\ufeffbom":                `\ufeffbom`,
	} {
		if got := Line(s); got != want {
			t.Errorf("%q is %q, want %q", s, got, want)
		}
	}
}
