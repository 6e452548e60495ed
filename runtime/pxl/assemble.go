package pxl

import (
	"sort"
	"strings"
	"unicode/utf8"

	"gvpie/runtime/isa"
)

// MaxSource is the longest source that is read, in bytes.
const MaxSource = 8 << 20

// Assemble turns source into a program, or says everything that is wrong with
// it. It never fails otherwise: any string is accepted. file is only a name for
// the diagnostics.
func Assemble(file, src string) *Assembly {
	c := &compiler{}
	c.file, c.src = file, src
	a := &Assembly{File: file, Source: src}
	if !c.checkText() {
		a.Diagnostics = c.finish()
		return a
	}
	c.nodes = append(c.nodes, node{kind: numNode, height: 1, a: none, b: none, c: none})
	c.parse()
	c.declare()
	c.resolve()
	c.generate()
	a.Diagnostics = c.finish()
	a.Symbols = c.symbols()
	a.Map = SourceMap{c.entries, c.codeEnd}
	if c.errs == 0 {
		a.Program = c.code
		a.Header, _ = a.Program.Header()
	}
	return a
}

// OK says whether there is a program: no diagnostic is an Error.
func (a *Assembly) OK() bool { return a.Program != nil }

// compiler holds one assembly on its way: each pass is a method, and adds to
// what the passes before found.
type compiler struct {
	parser
	scope
	generator
}

// checkText reports source that is no text, or too much of it.
func (c *compiler) checkText() bool {
	c.lines = []int32{0}
	if len(c.src) > MaxSource {
		c.report(Error, CodeSourceTooLarge, 0, 0, nil, "the source has %d bytes; at most %d are read", len(c.src), MaxSource)
		return false
	}
	bad := strings.IndexByte(c.src, 0)
	if !utf8.ValidString(c.src) {
		for i := 0; i < len(c.src) && (bad < 0 || i < bad); {
			r, n := utf8.DecodeRuneInString(c.src[i:])
			if r == utf8.RuneError && n == 1 {
				bad = i
				break
			}
			i += n
		}
	}
	if bad >= 0 {
		for i := 0; i < bad; i++ {
			if c.src[i] == '\n' {
				c.lines = append(c.lines, int32(i+1))
			}
		}
		c.report(Error, CodeNotText, bad, bad+1, nil, "this is not text: byte 0x%02X at offset %d is no UTF-8 character; is it a picture or another binary file?", c.src[bad], bad)
		return false
	}
	c.lines = c.lines[:0]
	return true
}

// symbols lists the program's names in order of declaration.
func (c *compiler) symbols() []Symbol {
	if len(c.names)+len(c.order) == 0 {
		return nil
	}
	out := make([]Symbol, 0, len(c.names)+len(c.order))
	for name, e := range c.names {
		s := Symbol{Name: name, Kind: e.kind, Addr: int(e.val), Len: 1, Pos: Pos{Offset: int(e.off)}}
		switch e.kind {
		case ArraySymbol:
			s.Addr, s.Len = c.arrays[e.val].base, c.arrays[e.val].size
		case TableSymbol:
			s.Addr, s.Len = c.tables[e.val].base, c.tables[e.val].size
		}
		out = append(out, s)
	}
	for _, l := range c.order {
		out = append(out, Symbol{Name: l.name, Kind: LabelSymbol, Addr: int(l.addr), Len: 1, Pos: Pos{Offset: int(l.off)}})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Pos.Offset < out[j].Pos.Offset })
	for i := range out {
		out[i].Pos = c.pos(out[i].Pos.Offset)
	}
	return out
}

// header makes the head of the program page.
func (c *compiler) header(dataWords int) [isa.HeaderWords]uint32 {
	return isa.NewHeader(isa.Header{W: int(c.w), H: int(c.h), Pixel: c.pixel, DataWords: dataWords, CodeEnd: c.codeEnd})
}
