// Package bundle writes programs that come with the files that they include so that
// each file is kept once: as a reference by its hash, where a bundle (see
// [include.Bundle]) has its text. It reads the files of a reference from contents, and
// writes nothing. Start reading at [Shorten].
package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"gvpie/runtime/pxl/include"
)

// A text that refers to files is a program, and then a line for each of them,
//
//	;= KEPT 64 digits of its SHA-256 and a space before lib/shapes.pxl
//
// and the links of the bundle as they stand there. schema/014 reads it the same way.
const (
	mark   = ";= KEPT "
	digits = 2 * sha256.Size
)

// A File is one that a text refers to.
type File struct{ Path, Hash string }

// String names it for a person.
func (f File) String() string { return f.Path + " (" + f.Hash[:12] + "…)" }

// Shorten gives a bundle as a text that refers to its files, and their texts by their
// hashes; ok is false for what is no bundle, or could not be made again to the byte.
func Shorten(whole string) (short string, texts map[string]string, ok bool) {
	program, files := include.Unbundle(whole)
	// SQLite counts the characters of what is no UTF-8, or has a 0 in it, as it likes.
	if len(files.Texts) == 0 || !utf8.ValidString(whole) || strings.Contains(whole, "\x00") {
		return "", nil, false
	}
	rest, ok := strings.CutPrefix(whole, include.Bundle(program, include.Files{Texts: files.Texts}))
	if !ok {
		return "", nil, false
	}
	var b strings.Builder
	b.WriteString(program)
	texts = map[string]string{}
	for _, path := range slices.Sorted(maps.Keys(files.Texts)) {
		f := File{path, hashOf(files.Texts[path])}
		texts[f.Hash] = files.Texts[path]
		b.WriteString(reference(f))
	}
	b.WriteString(rest)
	short = b.String()
	again, err := Whole(short, func(f File) (string, error) { return texts[f.Hash], nil })
	return short, texts, err == nil && again == whole
}

// reference is the line that stands for a file.
func reference(f File) string { return mark + f.Hash + " " + f.Path + "\n" }

// Begins is how the first reference of a text begins, with the end of the line before.
const Begins = "\n" + mark

// Files are those that a text refers to; none for one that is whole.
func Files(short string) []File {
	_, all, _ := split(short)
	return all
}

// Whole puts the texts of the files into a text that refers to them. One that refers
// to none it gives back as it is.
func Whole(short string, text func(File) (string, error)) (string, error) {
	program, all, rest := split(short)
	if len(all) == 0 {
		return short, nil
	}
	var b strings.Builder
	b.WriteString(program)
	for _, f := range all {
		of, err := text(f)
		if err != nil {
			return "", err
		}
		b.WriteString(part(f.Path, of))
	}
	b.WriteString(rest)
	return b.String(), nil
}

// part is a file as a bundle has it.
func part(path, text string) string {
	return include.Bundle("\n", include.Files{Texts: map[string]string{path: text}})[1:]
}

// split takes a text that refers to files apart: its program, the files, and what comes
// after them.
func split(short string) (program string, all []File, rest string) {
	at := strings.Index(short, Begins) + 1
	if at == 0 {
		return short, nil, ""
	}
	program, rest = short[:at], short[at:]
	for strings.HasPrefix(rest, mark) {
		line, after, ended := strings.Cut(rest[len(mark):], "\n")
		if !ended || len(line) <= digits || line[digits] != ' ' || strings.Trim(line[:digits], "0123456789abcdefABCDEF") != "" {
			return short, nil, "" // somebody wrote it otherwise: it is a comment like any other
		}
		all = append(all, File{Path: line[digits+1:], Hash: line[:digits]})
		rest = after
	}
	return program, all, rest
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
