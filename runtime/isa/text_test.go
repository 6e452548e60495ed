package isa

import "testing"

func spelled(codes []uint32) string {
	var b []byte
	for _, c := range codes {
		b = append(b, byte(c))
	}
	return string(b)
}

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		f    Format
		v    int32
		want string
	}{
		{0, -42, "-42"},
		{5, 42, "   42"},
		{5 | FormatLeft, 42, "42   "},
		{5 | FormatZeros, -42, "-0042"},
		{2, 12345, "12345"},
		{FormatPlus, 0, "+0"},
		{FormatPlus, -5, "-5"},
		{6 | FormatPlus | FormatZeros, 5, "+00005"},
		{4 | FormatPlus, 7, "  +7"},
		{FormatHex, -1, "ffffffff"},
		{8 | FormatHex | FormatZeros, 255, "000000ff"},
		{FormatChar, 'P', "P"},
		{3 | FormatChar, 31, "  \x7f"},
		{FormatChar, least, "\x7f"},
		{12, least, " -2147483648"},
		{32, 1, "                               1"},
	} {
		if got := spelled(c.f.AppendCode(nil, c.v)); got != c.want {
			t.Errorf("{%d:%v} is %q, not %q", c.v, c.f, got, c.want)
		}
	}
	text := []uint32{'l', 'o', 'w'}
	for f, want := range map[Format]string{FormatText: "low", FormatText | 2: "low", FormatText | 5: "  low", FormatText | FormatLeft | 5: "low  "} {
		if got := spelled(f.AppendText(nil, text)); got != want {
			t.Errorf("the text with %v is %q, not %q", f, got, want)
		}
	}
}

func TestTextsThatAreNone(t *testing.T) {
	value := uint32(TextValue | 9)
	for _, tail := range [][]uint32{
		{TextFormat},
		{TextFormat | 5, 'a'},
		{TextFormat | 33, value},
		{TextFormat | 1<<12, value},
		{TextFormat | uint32(FormatText), value},
		{TextFormat | uint32(FormatText), value, 20},
	} {
		if p, ok := DecodeText(tail); ok {
			t.Errorf("%x is read as %+v", tail, p)
		}
	}
	p, ok := DecodeText([]uint32{TextFormat | uint32(FormatText) | 8, value, 20, 3, 'x'})
	if want := (TextPart{IsValue: true, Index: 9, Format: FormatText | 8, Table: 20, Count: 3, Size: 4}); !ok || p != want {
		t.Errorf("a text of a table is read as %+v", p)
	}
}
