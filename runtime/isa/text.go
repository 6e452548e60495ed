package isa

import (
	"iter"
	"strconv"
)

// A text tail is characters, one a texel with the code in R, and references to
// values. A reference is the texel TextValue | index alone, for the word's decimal
// value, or two texels, TextFormat | a Format and then TextValue | index. If the
// format has FormatText the word is an index in a table of texts, and two texels
// more follow: the table's address in the program page, and how many texts it
// has. Word i of such a table is the address of text i | its length << 16.
const (
	// TextFormat marks a text texel (A = 254) as the Format of the next one.
	TextFormat = 0xFE000000
	textMark   = 0xFF000000
)

// Format says how a value is written in a text.
type Format uint32

const (
	FormatWidth Format = 63      // at least so many characters; 0: as many as it takes
	FormatLeft  Format = 1 << 6  // filled up at its right, not its left
	FormatZeros Format = 1 << 7  // filled up with zeros after the sign
	FormatPlus  Format = 1 << 8  // with a sign also if it is not negative
	FormatHex   Format = 1 << 9  // the 32 bits in hexadecimal, lower case
	FormatChar  Format = 1 << 10 // the one character with that code
	FormatText  Format = 1 << 11 // the text with that number, of a table of texts
	formatBits         = FormatText<<1 - 1

	// MaxFormatWidth is the widest that a format fills up to.
	MaxFormatWidth = 32
)

// TextPart is a character of a text tail, or a reference to a value.
type TextPart struct {
	Char    uint32 // the code; of no reference
	IsValue bool
	Index   uint32 // of the word
	Format  Format
	Table   uint32 // of FormatText: the table's address
	Count   uint32 // and how many texts it has
	Size    int    // texels
}

// DecodeText reads the first part of a text tail that is not empty. ok is false
// for a reference that is not whole, or has a format that is none.
func DecodeText(tail []uint32) (p TextPart, ok bool) {
	t := tail[0]
	switch t & textMark {
	case TextValue:
		return TextPart{IsValue: true, Index: t & TextValueIndex, Size: 1}, true
	case TextFormat:
		p = TextPart{IsValue: true, Format: Format(t & TextValueIndex), Size: 2}
		if p.Format&FormatText != 0 {
			p.Size = 4
		}
		if !p.Format.valid() || len(tail) < p.Size || tail[1]&textMark != TextValue {
			return TextPart{Size: 1}, false
		}
		p.Index = tail[1] & TextValueIndex
		if p.Size == 4 {
			p.Table, p.Count = tail[2], tail[3]
		}
		return p, true
	}
	return TextPart{Char: t & 0xFF, Size: 1}, true
}

// TextParts walks a text tail: where each part begins, and what it is. What cannot
// be read is a character.
func TextParts(tail []uint32) iter.Seq2[int, TextPart] {
	return func(yield func(int, TextPart) bool) {
		for at := 0; at < len(tail); {
			p, _ := DecodeText(tail[at:])
			if !yield(at, p) {
				return
			}
			at += p.Size
		}
	}
}

func (f Format) valid() bool { return f&^formatBits == 0 && f&FormatWidth <= MaxFormatWidth }

// AppendCode adds the character codes that v is written with.
func (f Format) AppendCode(dst []uint32, v int32) []uint32 {
	var buf [12]byte
	digits, sign := buf[:0], uint32(0)
	switch {
	case f&FormatChar != 0:
		if v < 32 || v > 126 {
			v = UnknownGlyph
		}
		digits = append(digits, byte(v))
	case f&FormatHex != 0:
		digits = strconv.AppendUint(digits, uint64(uint32(v)), 16)
	default:
		n := int64(v)
		switch {
		case n < 0:
			n, sign = -n, '-'
		case f&FormatPlus != 0:
			sign = '+'
		}
		digits = strconv.AppendInt(digits, n, 10)
	}
	length := len(digits)
	if sign != 0 {
		length++
	}
	missing := max(0, int(f&FormatWidth)-length)
	if f&(FormatLeft|FormatZeros) == 0 {
		dst = fillUp(dst, ' ', missing)
	}
	if sign != 0 {
		dst = append(dst, sign)
	}
	if f&FormatZeros != 0 {
		dst = fillUp(dst, '0', missing)
	}
	for _, d := range digits {
		dst = append(dst, uint32(d))
	}
	if f&FormatLeft != 0 {
		dst = fillUp(dst, ' ', missing)
	}
	return dst
}

// AppendText adds the character codes of a text, filled up.
func (f Format) AppendText(dst, text []uint32) []uint32 {
	missing := max(0, int(f&FormatWidth)-len(text))
	if f&FormatLeft == 0 {
		dst = fillUp(dst, ' ', missing)
	}
	for _, c := range text {
		dst = append(dst, c&0xFF)
	}
	if f&FormatLeft != 0 {
		dst = fillUp(dst, ' ', missing)
	}
	return dst
}

func fillUp(dst []uint32, with uint32, n int) []uint32 {
	for range n {
		dst = append(dst, with)
	}
	return dst
}

// String is the format as a program writes it behind the colon: "05", "-8"; "" if
// it is that of a value without one.
func (f Format) String() string {
	var b []byte
	switch {
	case f&FormatPlus != 0:
		b = append(b, '+')
	case f&FormatLeft != 0:
		b = append(b, '-')
	}
	if f&FormatZeros != 0 {
		b = append(b, '0')
	}
	if w := f & FormatWidth; w > 0 {
		b = strconv.AppendUint(b, uint64(w), 10)
	}
	switch {
	case f&FormatHex != 0:
		b = append(b, 'x')
	case f&FormatChar != 0:
		b = append(b, 'c')
	}
	return string(b)
}
