package pxl

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

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
	CodeUnexpectedEnd   = "unexpected_end" // END or ELSE without its block
	CodeOneLineBlock    = "one_line_block" // IF c FOR …
	CodeOutsideLoop     = "outside_loop"   // BREAK, CONTINUE
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
	CodeProgramFull     = "program_full"
	CodeDataFull        = "data_full"
	CodeIndexRange      = "index_out_of_range"   // warning: faults when it runs
	CodeDivByZero       = "constant_div_by_zero" // an error in a directive; else a warning: faults when it runs
	CodeZeroStep        = "zero_step"            // warning: the loop never ends
	CodeTooMany         = "too_many"             // the last one: how many more there are
)

// MaxDiagnostics is how many places are reported; one more says how many were
// left out.
const MaxDiagnostics = 100

// String gives the diagnostic as compilers print it: file:line:col: message.
func (d Diagnostic) String() string {
	kind := ""
	if d.Severity == Warning {
		kind = "warning: "
	}
	return fmt.Sprintf("%s:%d:%d: %s%s", d.File, d.Pos.Line, d.Pos.Column, kind, d.Message)
}

// reporter collects diagnostics and turns byte offsets into places.
type reporter struct {
	file  string
	src   string
	lines []int32 // offset of each line's first byte
	last  Pos     // the last place worked out
	found []Diagnostic
	errs  int // errors reported, those left out included
	more  int // left out
}

func (r *reporter) report(sev Severity, code string, off, end int, fix *Fix, format string, args ...any) {
	if sev == Error {
		r.errs++
	}
	// Far more than is shown, so that the first MaxDiagnostics by place are
	// right although passes report one after the other.
	if len(r.found) >= 20*MaxDiagnostics {
		r.more++
		return
	}
	off = min(off, len(r.src))
	end = min(end, len(r.src))
	d := Diagnostic{Severity: sev, Code: code, File: r.file, Pos: Pos{Offset: off}, Fix: fix, Message: fmt.Sprintf(format, args...)}
	d.Length = max(0, end-off) // bytes until finish
	r.found = append(r.found, d)
}

func (r *reporter) errorf(code string, off, end int32, format string, args ...any) {
	r.report(Error, code, int(off), int(end), nil, format, args...)
}

func (r *reporter) warnf(code string, off, end int32, format string, args ...any) {
	r.report(Warning, code, int(off), int(end), nil, format, args...)
}

// replacing is the fix that puts text in place of [off, end).
func replacing(off, end int32, text string) *Fix {
	return &Fix{Title: "replace with " + text, Replace: text, Offset: int(off), End: int(end)}
}

// finish puts the diagnostics in order of place, drops those past
// MaxDiagnostics, and works out lines and columns.
func (r *reporter) finish() []Diagnostic {
	sort.SliceStable(r.found, func(i, j int) bool { return r.found[i].Pos.Offset < r.found[j].Pos.Offset })
	if n := len(r.found) - MaxDiagnostics; n > 0 {
		r.more += n
		// An error is never left out in favour of warnings alone.
		keep := r.found[:MaxDiagnostics]
		if r.errs > 0 && !anyError(keep) {
			for _, d := range r.found[MaxDiagnostics:] {
				if d.Severity == Error {
					keep[MaxDiagnostics-1] = d
					break
				}
			}
		}
		r.found = keep
	}
	for i := range r.found {
		d := &r.found[i]
		end := d.Pos.Offset + d.Length
		d.Pos = r.pos(d.Pos.Offset)
		d.Length = utf8.RuneCountInString(r.src[d.Pos.Offset:end])
		if d.Length == 0 && d.Pos.Offset < len(r.src) {
			d.Length = 1
		}
	}
	if r.more > 0 {
		last := r.found[len(r.found)-1]
		last.Code, last.Fix = CodeTooMany, nil
		last.Severity = Warning
		if r.errs > 0 {
			last.Severity = Error
		}
		last.Message = fmt.Sprintf("and %d more", r.more)
		r.found = append(r.found, last)
	}
	return r.found
}

func anyError(ds []Diagnostic) bool {
	for _, d := range ds {
		if d.Severity == Error {
			return true
		}
	}
	return false
}

// pos gives the place of a byte offset. Places asked for in order cost no more
// than one pass over a line, however long it is.
func (r *reporter) pos(off int) Pos {
	p := Pos{Offset: off, Line: r.lineOf(off), Column: 1}
	from := 0
	if off >= int(r.lines[0]) {
		from = int(r.lines[p.Line-1])
	}
	if r.last.Line == p.Line && r.last.Offset <= off && r.last.Offset >= from {
		from, p.Column = r.last.Offset, r.last.Column
	}
	p.Column += utf8.RuneCountInString(r.src[from:off])
	r.last = p
	return p
}

// lineOf gives the line of a byte offset.
func (r *reporter) lineOf(off int) int {
	return max(1, sort.Search(len(r.lines), func(i int) bool { return int(r.lines[i]) > off }))
}

// quoted puts a word of the source in a message; a long one is cut.
func quoted(s string) string {
	if utf8.RuneCountInString(s) > 24 {
		s = string([]rune(s)[:24]) + "…"
	}
	return "`" + strings.ReplaceAll(s, "`", "'") + "`"
}
