package textfile

import (
	"strings"
	"testing"
)

func TestATextGoesBackAsItCame(t *testing.T) {
	for _, file := range []string{
		"", "\n", "a", "a\n", "\r\n", "a\r\nb\r\n", "a\r\nb", "a\rb\r", "\r\r\n\n\r", "\ufeff", "\ufeffa\r\n\r\nb\n",
		"one\r\ntwo\nthree\rfour", "\n\r\n\r",
	} {
		text, form, err := Decode([]byte(file))
		if err != nil {
			t.Fatalf("%q: %v", file, err)
		}
		if strings.ContainsAny(text, "\r\ufeff") {
			t.Errorf("%q is the text %q", file, text)
		}
		if back := string(form.Encode(text)); back != file {
			t.Errorf("%q went back as %q", file, back)
		}
	}
}

func TestEditedLinesEndAsTheOthersDo(t *testing.T) {
	for _, tt := range []struct{ file, text, want string }{
		{"a\r\nb\r\n", "a\nx\ny\nb\n", "a\r\nx\r\ny\r\nb\r\n"},
		{"\ufeffa\r\n", "", "\ufeff"},
		{"a\nb\nc\r\nd\r\ne\r\n", "a\nb\nnew\nmore\nc\nd\ne\n", "a\nb\nnew\r\nmore\r\nc\r\nd\r\ne\r\n"},
		{"a\nb\rc\r\nd\r\n", "d\n", "d\r\n"},
		{"a\ra\ra\n", "a\na\na\na\n", "a\ra\ra\na\r"}, // alike before: the line at the end is the new one
		{"a\nb\n", "a\nb\nc\n", "a\nb\nc\n"},
	} {
		_, form, err := Decode([]byte(tt.file))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(form.Encode(tt.text)); got != tt.want {
			t.Errorf("%q edited to %q is written as %q, want %q", tt.file, tt.text, got, tt.want)
		}
	}
}

func TestWhatIsNoTextIsSaid(t *testing.T) {
	for file, want := range map[string]string{
		"ab\x00c": "is not text: there is a NUL byte at 2",
		"a\xffb":  "is not UTF-8 text: save it as UTF-8 first",
	} {
		if _, _, err := Decode([]byte(file)); err == nil || err.Error() != want {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func TestWhatIsPastedCanBeOpenedAgain(t *testing.T) {
	for s, want := range map[string]struct {
		clean   string
		dropped int
	}{
		"a\r\nb\rc\td":                 {"a\nb\nc\td", 0},
		"\x1b[31mred\x1b[0m\x00\x7f":   {"[31mred[0m", 4},
		"\ufeffé\u0085 \u00a0−“”":      {"é \u00a0−“”", 2}, // what the assembler names stays
		"a\xffb\xc3":                   {"ab", 2},
		"\ufffd is a letter as others": {"\ufffd is a letter as others", 0},
	} {
		clean, dropped := Clean(s)
		if clean != want.clean || dropped != want.dropped {
			t.Errorf("%q is %q without %d, want %q without %d", s, clean, dropped, want.clean, want.dropped)
		}
		if text, _, err := Decode([]byte(clean)); err != nil || text != clean {
			t.Errorf("%q opens as %q, %v", clean, text, err)
		}
	}
}
