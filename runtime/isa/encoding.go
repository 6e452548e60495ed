package isa

import (
	"errors"
	"fmt"
)

// A word is one texel: R in bits 0–7, G in 8–15, B in 16–23, A in 24–31.
//
// An instruction is a header texel, its operand texels, and for opcodes with a
// [Tail] a count texel and that many texels more. Header: R = opcode, G = number
// of operand texels, B = a bit for each operand (bit i set: operand texel i is
// the index of a word to read; clear: it is the value), A = 0.
//
// Inside an EACH block an index with LaneFlag set names a word of the texel's
// own lane (index & (LaneFlag-1)), both for reading and as a destination; an
// index without it names no scalar there: blocks read the data page through LD
// alone, because every scalar a block uses is captured when EACH is reached.
// Lane 0 is px, lane 1 is py, lane 2+i starts as capture i, the rest start as 0.

// Word packs four channels.
func Word(r, g, b, a uint8) uint32 {
	return uint32(r) | uint32(g)<<8 | uint32(b)<<16 | uint32(a)<<24
}

// InstrHeader packs an instruction's header texel.
func InstrHeader(op Op, operands int, mask uint8) uint32 {
	return Word(uint8(op), uint8(operands), mask, 0)
}

const (
	// LaneFlag marks an operand index as a lane word.
	LaneFlag = 1 << 16
	// TextValue marks a text texel (A = 255) as the decimal value of data word
	// texel & TextValueIndex.
	TextValue      = 0xFF000000
	TextValueIndex = 0x00FFFFFF
)

// Instr is one decoded instruction. Args is a view into the program.
type Instr struct {
	Addr int      // address of the header texel
	Spec *Spec    // never nil
	Mask uint8    // bit i: operand i is the index of a word to read
	Args []uint32 // operand texels
	Tail []uint32 // texels after the count texel; nil for NoTail
	Size int      // texels in all
}

// Decode reads the instruction at addr. limit is the address that code may not
// reach (Header.CodeEnd). ok is false for what a machine answers with
// bad_opcode: an opcode without a Spec, a wrong number of operands, A not 0, a
// mask bit on an operand that is not In or beyond the last, arguments that are none
// or too many, or an instruction that runs past limit.
func Decode(words []uint32, addr, limit int) (in Instr, ok bool) {
	if limit > len(words) {
		limit = len(words)
	}
	if addr < 0 || addr >= limit {
		return in, false
	}
	h := words[addr]
	s := Table[uint8(h)]
	n := int(h >> 8 & 0xFF)
	mask := uint8(h >> 16)
	if s == nil || n < s.Min || n > len(s.Operands) || s.Whole && n != 0 && n != len(s.Operands) || h>>24 != 0 || addr+1+n > limit {
		return in, false
	}
	for i := 0; i < 8; i++ {
		if mask>>i&1 == 1 && (i >= n || s.Operands[i].Kind != In) {
			return in, false
		}
	}
	in = Instr{Addr: addr, Spec: s, Mask: mask, Args: words[addr+1 : addr+1+n], Size: 1 + n}
	if s.Tail != NoTail {
		at := addr + 1 + n
		if at >= limit {
			return in, false
		}
		c := int(words[at])
		if words[at] > MaxProgramWords || at+1+c > limit {
			return in, false
		}
		in.Tail = words[at+1 : at+1+c]
		in.Size += 1 + c
		if s.Tail == ArgTail && !areArgs(in.Tail, in.Args[2]) {
			return in, false
		}
	}
	return in, true
}

// areArgs says whether a tail is arguments, and no more than an activation has words.
func areArgs(tail []uint32, words uint32) bool {
	if len(tail)%2 != 0 || uint32(len(tail)/2) > words {
		return false
	}
	for i := 0; i < len(tail); i += 2 {
		if tail[i] > 1 {
			return false
		}
	}
	return true
}

// The program page starts with a header of HeaderWords texels, so that a
// program is whole as a list of words: code follows it, then tables.
const (
	HeaderWords  = 8
	HeaderMagic  = 'P' | 'X'<<8 | 'L'<<16 | 1<<24 // R G B = "PXL", A = version
	HdrMagic     = 0                              // HeaderMagic
	HdrSize      = 1                              // W | H<<16
	HdrFlags     = 2                              // FlagPixel
	HdrDataWords = 3                              // words of the data page
	HdrCodeEnd   = 4                              // address after the last instruction
	FlagPixel    = 1                              // pixel canvas; cell canvas when clear
)

// Header is the decoded head of a program page.
type Header struct {
	W, H      int  // canvas, texels, 1…MaxCanvas
	Pixel     bool // pixel canvas
	DataWords int  // SysWords…MaxDataWords
	CodeEnd   int  // HeaderWords…len(program)
}

// ErrProgram is wrapped by every error of [Program.Header].
var ErrProgram = errors.New("not a PXL-ε program")

// Program is a program page: header, code, tables.
type Program []uint32

// Header decodes and checks the head of the page. Every engine calls it before
// it runs a program; what it accepts may still fault, but never reads or writes
// outside its pages.
func (p Program) Header() (Header, error) {
	switch {
	case len(p) < HeaderWords:
		return Header{}, fmt.Errorf("%w: %d words, a header alone has %d", ErrProgram, len(p), HeaderWords)
	case len(p) > MaxProgramWords:
		return Header{}, fmt.Errorf("%w: %d words, the program page holds %d", ErrProgram, len(p), MaxProgramWords)
	case p[HdrMagic] != HeaderMagic:
		return Header{}, fmt.Errorf("%w: it starts with 0x%08X, not 0x%08X", ErrProgram, p[HdrMagic], uint32(HeaderMagic))
	}
	h := Header{
		W: int(p[HdrSize] & 0xFFFF), H: int(p[HdrSize] >> 16),
		Pixel:     p[HdrFlags]&FlagPixel != 0,
		DataWords: int(p[HdrDataWords]), CodeEnd: int(p[HdrCodeEnd]),
	}
	switch {
	case h.W < 1 || h.H < 1 || h.W > MaxCanvas || h.H > MaxCanvas:
		return Header{}, fmt.Errorf("%w: a canvas of %d × %d; it may be 1 × 1 to %d × %d", ErrProgram, h.W, h.H, MaxCanvas, MaxCanvas)
	case h.DataWords < SysWords || h.DataWords > MaxDataWords:
		return Header{}, fmt.Errorf("%w: %d data words; there may be %d to %d", ErrProgram, h.DataWords, SysWords, MaxDataWords)
	case h.CodeEnd < HeaderWords || h.CodeEnd > len(p):
		return Header{}, fmt.Errorf("%w: code ends at %d of %d words", ErrProgram, h.CodeEnd, len(p))
	}
	return h, nil
}

// NewHeader encodes h as the first HeaderWords texels of a program page.
func NewHeader(h Header) [HeaderWords]uint32 {
	var w [HeaderWords]uint32
	w[HdrMagic] = HeaderMagic
	w[HdrSize] = uint32(h.W) | uint32(h.H)<<16
	if h.Pixel {
		w[HdrFlags] = FlagPixel
	}
	w[HdrDataWords] = uint32(h.DataWords)
	w[HdrCodeEnd] = uint32(h.CodeEnd)
	return w
}

// Instructions counts the instructions of the code, walking it from the first;
// code that cannot be walked counts up to where that ends.
func (p Program) Instructions() (n int) {
	h, err := p.Header()
	if err != nil {
		return 0
	}
	for at := HeaderWords; at < h.CodeEnd; n++ {
		in, ok := Decode(p, at, h.CodeEnd)
		if !ok {
			return n
		}
		at += in.Size
	}
	return n
}

// HasEach says whether the code holds an EACH instruction, walking it from the
// first to the last instruction; code that cannot be walked counts as without.
func (p Program) HasEach() bool {
	h, err := p.Header()
	if err != nil {
		return false
	}
	for at := HeaderWords; at < h.CodeEnd; {
		in, ok := Decode(p, at, h.CodeEnd)
		if !ok {
			return false
		}
		if in.Spec.Op == EACH {
			return true
		}
		at += in.Size
	}
	return false
}
