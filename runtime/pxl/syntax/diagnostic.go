package syntax

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

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
	Pos      Position
	Length   int    // code points from Pos, at least 1 (0 only at the very end of the text)
	Message  string // a sentence without the place
	Fix      *Fix   // nil when there is none
}

// Fix is an edit that mends what a diagnostic is about, in the same file, with
// its name in words.
type Fix struct {
	Title   string // "replace with TXT"
	Replace string // text for [Offset, End)
	Offset  int    // byte offset where the replaced text begins
	End     int    // byte offset where it ends
}

// The codes of diagnostics. They are stable: other programs match on them.
const (
	CodeNotText         = "not_text"         // NUL or invalid UTF-8
	CodeSourceTooLarge  = "source_too_large" // more than MaxSource bytes
	CodeSyntax          = "syntax"           // something else was expected here
	CodeUnknownChar     = "unknown_character"
	CodeUnknownOpcode   = "unknown_opcode"
	CodeUnknownDir      = "unknown_directive"
	CodeUnknownName     = "unknown_name"
	CodeUnknownFunction = "unknown_function"
	CodeUnknownLabel    = "unknown_label"
	CodeOperands        = "operand_count"  // of a statement
	CodeArguments       = "argument_count" // of a function
	CodeNumber          = "bad_number"
	CodeTooDeep         = "too_deep" // an expression nested or chained too far
	CodeMissingEnd      = "missing_end"
	CodeUnexpectedEnd   = "unexpected_end"    // END or ELSE without its block
	CodeOneLineBlock    = "one_line_block"    // IF c FOR …
	CodeOutsideLoop     = "outside_loop"      // BREAK, CONTINUE
	CodeOutsideDef      = "outside_procedure" // LOCAL, RETURN
	CodeNotTopLevel     = "not_top_level"     // DEF in a block
	CodeProcedureTooBig = "procedure_too_big" // more words than an activation has
	CodeDuplicateName   = "duplicate_name"
	CodeDuplicateLabel  = "duplicate_label"
	CodeReserved        = "reserved_name"  // a name that already means something
	CodeNotAssignable   = "not_assignable" // SET red = 1
	CodeNotConstant     = "not_constant"
	CodeNeedsIndex      = "needs_index" // an array or table used like a variable
	CodeNotIndexable    = "not_indexable"
	CodeNotInEach       = "not_in_each"
	CodeOnlyInEach      = "only_in_each"
	CodeEachTooBig      = "each_too_big" // more lanes than a texel has
	CodeCanvasSize      = "canvas_size"
	CodeArraySize       = "array_size"
	CodeSprite          = "sprite" // its size, its rows, or a digit without a colour
	CodeProgramFull     = "program_full"
	CodeDataFull        = "data_full"
	CodeIndexRange      = "index_out_of_range"   // warning: faults when it runs
	CodeDivByZero       = "constant_div_by_zero" // an error in a directive; else a warning: faults when it runs
	CodeZeroStep        = "zero_step"            // warning: the loop never ends
	CodeInclude         = "include"              // a file that cannot be taken in
	CodeTooMany         = "too_many"             // the last one: how many more there are

	// Warnings of what can be read and is hardly meant.
	CodeSplitOperand   = "split_operand"         // PLOT x - 1 y
	CodeShift          = "shift_precedence"      // a + b << 2
	CodeChained        = "chained_comparison"    // 0 < x < 9
	CodeConstantRandom = "constant_random"       // rnd(1)
	CodeKeyCase        = "key_case"              // key('a')
	CodeKeywordLabel   = "keyword_label"         // ELSE: in an IF
	CodeComment        = "commented_out"         // SET x = 1; SET y = 2
	CodeTextQuotes     = "text_quotes"           // TXT 1 1 "a" + b
	CodeElseInText     = "else_in_text"          // IF c TXT 1 1 a ELSE TXT 1 1 b
	CodeLookalike      = "lookalike_character"   // a curly quote in a text
	CodeEmptyLoop      = "empty_loop"            // FOR i = 10 TO 0
	CodeNoFrame        = "no_frame"              // a loop without end or FRAME
	CodeNoPut          = "no_put"                // an EACH without PUT
	CodeFallsInto      = "falls_into_subroutine" // the main part runs on into one
	CodeUnreachable    = "unreachable_code"      // after HALT
	CodeLoopVariable   = "loop_variable_changed" // by a subroutine that the loop calls
	CodeUnused         = "unused_variable"       // set and never read
	CodeRowOrCall      = "row_or_call"           // a row of a sprite with a procedure's name
)

// MaxDiagnostics is how many places are reported; one more says how many were
// left out.
const MaxDiagnostics = 100

// String gives the diagnostic as compilers print it: file:line:col: message. A
// warning has its code behind it, by which it can be silenced.
func (d Diagnostic) String() string {
	if d.Severity == Warning {
		return fmt.Sprintf("%s:%d:%d: warning: %s [%s]", d.Pos.File, d.Pos.Line, d.Pos.Column, d.Message, d.Code)
	}
	return fmt.Sprintf("%s:%d:%d: %s", d.Pos.File, d.Pos.Line, d.Pos.Column, d.Message)
}

// Faults says whether a warning is of a place where the run ends with an error, or
// never ends.
func (d Diagnostic) Faults() bool {
	switch d.Code {
	case CodeIndexRange, CodeDivByZero, CodeZeroStep, CodeTooMany:
		return d.Severity == Warning
	}
	return false
}

// Reporter collects what the passes over a program find wrong.
type Reporter struct {
	files *FileSet
	found []finding
	errs  int // errors reported, those left out included
	more  int // left out

	mending bool           // places of fixes are those of the mended line
	ignored map[int]string // by line of the program, the codes that are not reported there; nil until asked
}

// finding is a diagnostic whose place is not worked out.
type finding struct {
	Diagnostic
	from, end Pos
}

// NewReporter gives a Reporter for the files of a set.
func NewReporter(files *FileSet) *Reporter { return &Reporter{files: files} }

// Report notes a diagnostic about [from, end), both of one file.
func (r *Reporter) Report(sev Severity, code string, from, end Pos, fix *Fix, format string, args ...any) {
	if sev == Error {
		r.errs++
	} else if r.ignores(code, from) {
		return
	}
	// Far more than is shown, so that the first MaxDiagnostics by place are
	// right although passes report one after the other.
	if len(r.found) >= 20*MaxDiagnostics {
		r.more++
		return
	}
	d := Diagnostic{Severity: sev, Code: code, Fix: fix, Message: fmt.Sprintf(format, args...)}
	from, end = r.files.written(from), r.files.written(end)
	r.found = append(r.found, finding{d, from, max(from, end)})
}

// forget takes back all that was reported.
func (r *Reporter) forget() { r.found, r.errs, r.more = r.found[:0], 0, 0 }

// Errorf notes an error about [from, end).
func (r *Reporter) Errorf(code string, from, end Pos, format string, args ...any) {
	r.Report(Error, code, from, end, nil, format, args...)
}

// Warnf notes a warning about [from, end).
func (r *Reporter) Warnf(code string, from, end Pos, format string, args ...any) {
	r.Report(Warning, code, from, end, nil, format, args...)
}

// Replacing is the fix that puts text in place of [from, end); nil if what stands
// there was mended itself.
func (r *Reporter) Replacing(from, end Pos, text string) *Fix {
	f := r.files.File(from)
	a, b := f.Offset(from), f.Offset(end)
	if f.of != nil && !r.mending {
		was := f.src[a:b]
		a = int(f.origin[a])
		if b = a + len(was); b > len(f.of.src) || f.of.src[a:b] != was {
			return nil
		}
	}
	return &Fix{Title: "replace with " + text, Replace: text, Offset: a, End: b}
}

// AtTop is the fix that puts a line before all others in the file of a place.
func (r *Reporter) AtTop(p Pos, title, line string) *Fix {
	at := int(r.files.File(r.files.written(p)).lines[0])
	return &Fix{Title: title, Replace: line + "\n", Offset: at, End: at}
}

// Errors gives how many errors were reported.
func (r *Reporter) Errors() int { return r.errs }

// Lines gives the lines of the program's own file with a diagnostic of any code but
// some; all is false if some were left out.
func (r *Reporter) Lines(but ...string) (lines map[int]bool, all bool) {
	lines = make(map[int]bool)
	for _, f := range r.found {
		if !slices.Contains(but, f.Code) {
			lines[r.files.Line(f.from)] = true
		}
	}
	return lines, r.more == 0
}

// Diagnostics gives all in order of place, but those past MaxDiagnostics.
func (r *Reporter) Diagnostics() []Diagnostic {
	sort.SliceStable(r.found, func(i, j int) bool { return r.found[i].from < r.found[j].from })
	shown, more := r.found, r.more
	if n := len(shown) - MaxDiagnostics; n > 0 {
		more += n
		shown = firstWithError(shown, r.errs > 0)
	}
	var out []Diagnostic
	l := locator{set: r.files}
	for _, f := range shown {
		d := f.Diagnostic
		d.Pos = l.position(f.from)
		d.Length = utf8.RuneCountInString(r.files.Text(f.from, f.end))
		if file := r.files.File(f.from); d.Length == 0 && d.Pos.Offset < len(file.src) {
			d.Length = 1
		}
		out = append(out, d)
	}
	if more > 0 {
		last := out[len(out)-1]
		last.Code, last.Fix = CodeTooMany, nil
		last.Severity = Warning
		if r.errs > 0 {
			last.Severity = Error
		}
		last.Message = fmt.Sprintf("and %d more", more)
		out = append(out, last)
	}
	return out
}

// firstWithError gives the first MaxDiagnostics; if there are errors, at least
// one of them is an error.
func firstWithError(all []finding, errors bool) []finding {
	first := all[:MaxDiagnostics:MaxDiagnostics]
	isError := func(f finding) bool { return f.Severity == Error }
	if !errors || slices.ContainsFunc(first, isError) {
		return first
	}
	if i := slices.IndexFunc(all, isError); i >= 0 {
		first = append(first[:MaxDiagnostics-1:MaxDiagnostics-1], all[i])
	}
	return first
}

// Quoted puts a piece of the source in a message; a long one is cut.
func Quoted(s string) string {
	if utf8.RuneCountInString(s) > 24 {
		s = string([]rune(s)[:24]) + "…"
	}
	return "`" + strings.ReplaceAll(s, "`", "'") + "`"
}

// Plural counts things: "1 word", "3 words".
func Plural(n int, what string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, what)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
