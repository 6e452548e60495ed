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

func TestException(t *testing.T) {
	const head = "Traceback (most recent call last):\n  File \"x.py\", line 1, in <module>\n    f()\n"
	for s, want := range map[string]string{
		"": "", "a\nb": "", head: "", head + "\n": "", "Traceback (most recent call last):": "",
		head + "ValueError: seven\n":                                       "ValueError: seven\n",
		"noise\n" + head + "KeyError: 1\n\nDuring…\n\n" + head + "E: a\nb": "E: a\nb",
		head + "\tx\n\n  [Previous line repeated 9 times]\nRecursionError": "RecursionError",
	} {
		if got := Exception(s); got != want {
			t.Errorf("%q ends with %q, want %q", s, got, want)
		}
	}
}
