package pxl

import (
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/codegen"
	"gvpie/runtime/pxl/format"
	"gvpie/runtime/pxl/include"
	"gvpie/runtime/pxl/syntax"
)

// MaxSource is the longest source that is read, in bytes.
const MaxSource = syntax.MaxSource

// An assembled program and what is known about it.
type (
	Assembly  = codegen.Assembly
	Symbol    = codegen.Symbol
	SourceMap = codegen.SourceMap
	Span      = codegen.Span
	Procedure = codegen.Procedure
	Range     = codegen.Range
	Position  = syntax.Position
	Source    = codegen.Source
	Folder    = syntax.Folder
)

// What is wrong with a source.
type (
	Diagnostic = syntax.Diagnostic
	Fix        = syntax.Fix
)

// CodeInclude is the code of a file that cannot be taken in.
const CodeInclude = syntax.CodeInclude

// How bad it is.
const (
	Error   = syntax.Error
	Warning = syntax.Warning
)

// What a Symbol names.
const (
	VarSymbol    = check.VarSymbol
	ArraySymbol  = check.ArraySymbol
	TableSymbol  = check.TableSymbol
	LabelSymbol  = check.LabelSymbol
	ConstSymbol  = check.ConstSymbol
	SpriteSymbol = check.SpriteSymbol
	ProcSymbol   = check.ProcSymbol
	TextSymbol   = check.TextSymbol
)

// Token is a stretch of source.
type Token = syntax.Token

// Directive is the kind of a token such as .canvas.
const Directive = syntax.Directive

// KeywordDoc describes a keyword or a directive.
type KeywordDoc = syntax.KeywordDoc

// The names that the language gives a meaning, in the order of its reference.
var (
	Keywords      = syntax.Keywords
	Directives    = syntax.Directives
	Functions     = syntax.Functions
	ReadOnlyNames = syntax.ReadOnlyNames
	Colors        = syntax.Colors
	Warnings      = syntax.Warnings
)

// Assemble turns source into a program, or says everything that is wrong with
// it: any string is accepted. file is only a name for the diagnostics. A program
// without a folder cannot include others: see [AssembleIn].
func Assemble(file, src string) *Assembly { return codegen.Assemble(file, src, nil) }

// AssembleIn is Assemble of a program that may include the files of its folder.
func AssembleIn(file, src string, in Folder) *Assembly { return codegen.Assemble(file, src, in) }

// AssembleBundle assembles a program that may have the files that it includes behind
// it: see [Bundle].
func AssembleBundle(file, text string) *Assembly {
	program, files := include.Unbundle(text)
	if len(files.Texts) == 0 {
		return Assemble(file, text)
	}
	return AssembleIn(file, program, files)
}

// AssembleFile assembles the text of a file, by its path: it may include the files
// beside that, or have them behind it. One without a path, "", has nothing beside it.
func AssembleFile(file, path, text string) *Assembly {
	if _, with := include.Unbundle(text); path == "" || len(with.Texts) > 0 {
		return AssembleBundle(file, text)
	}
	return AssembleIn(file, text, include.Of(path))
}

// Bundle gives the source of an assembled program with the files that it includes, in
// one text.
func Bundle(a *Assembly) string {
	return include.Bundle(a.Source, include.Files{Texts: a.Files(), Links: a.Links})
}

// Format lays source out in the one way that programs are laid out here, and
// changes no meaning.
func Format(src string) string { return format.Format(src) }

// Listing shows an assembled program for a person, or what is wrong with it.
func Listing(a *Assembly) string { return format.Listing(a) }

// Lex splits source into tokens, in order.
func Lex(src string) []Token { return syntax.Lex(src) }
