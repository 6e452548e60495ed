package pxl

import "gvpie/runtime/isa"

// Pos is a place in the source: byte offset from 0, line and column from 1.
// Columns count Unicode code points, as editors do.
type Pos struct{ Offset, Line, Column int }

// Severity of a Diagnostic.
type Severity uint8

const (
	Error Severity = iota
	Warning
)

// Diagnostic is one thing wrong with the source, in plain words.
type Diagnostic struct {
	Severity Severity
	Code     string // stable, snake_case: "unknown_opcode"
	File     string
	Pos      Pos
	Length   int    // code points from Pos, at least 1 (0 only at the very end of the text)
	Message  string // a sentence without the place
	Fix      *Fix   // nil when there is none
}

// Fix is an edit that mends what a diagnostic is about, with its name in words.
type Fix struct {
	Title   string // "replace with TXT"
	Replace string // text for [Pos.Offset, End)
	Offset  int    // byte offset where the replaced text begins
	End     int    // byte offset where it ends
}

// Symbol is a name that the program declares or gives a value.
type Symbol struct {
	Name string
	Kind SymbolKind
	Addr int // VarSymbol, ArraySymbol: data index. TableSymbol, LabelSymbol: program address. ConstSymbol: its value
	Len  int // words of an array or table; 1 for the others
	Pos  Pos // where it is declared or first given a value
}

// SymbolKind says what a Symbol names.
type SymbolKind uint8

const (
	VarSymbol SymbolKind = iota
	ArraySymbol
	TableSymbol
	LabelSymbol
	ConstSymbol
)

// Range is where the statement that an instruction came from stands.
type Range struct {
	Pos    Pos
	Length int // code points
}

// Assembly is an assembled program with all that is known about it. When there
// are errors Program is nil, and the rest is as complete as recovery allows.
type Assembly struct {
	File        string
	Source      string
	Program     isa.Program
	Header      isa.Header
	Diagnostics []Diagnostic // in order of place
	Symbols     []Symbol     // in order of declaration
	Map         SourceMap
}
