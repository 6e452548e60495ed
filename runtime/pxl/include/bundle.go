package include

import (
	"maps"
	"slices"
	"strings"
)

// A bundle is a program with the files that it includes, in one text, for who keeps a
// program as one: the program as it is, then its files as comments. Of one file:
//
//	;= FILE lib/shapes.pxl
//	;| its first line
//	;| its last line
//
// and of a path that is another name of it:
//
//	;= LINK shapes.pxl
//	;| lib/shapes.pxl
const (
	fileMark = ";= FILE "
	linkMark = ";= LINK "
	lineMark = ";| "
)

// Bundle gives a program with its files; without any the program alone.
func Bundle(program string, f Files) string {
	if len(f.Texts) == 0 {
		return program
	}
	var b strings.Builder
	b.WriteString(program)
	if !strings.HasSuffix(program, "\n") {
		b.WriteByte('\n')
	}
	part := func(mark string, of map[string]string) {
		for _, path := range slices.Sorted(maps.Keys(of)) {
			b.WriteString(mark + path + "\n")
			for _, line := range strings.Split(of[path], "\n") {
				b.WriteString(lineMark + line + "\n")
			}
		}
	}
	part(fileMark, f.Texts)
	part(linkMark, f.Links)
	return b.String()
}

// Unbundle takes a bundle apart. Of a text that is none f is empty. The program is a
// beginning of the text, so that places in it are places there.
func Unbundle(text string) (program string, f Files) {
	at := strings.Index(text, "\n"+fileMark) + 1
	if at == 0 {
		return text, f
	}
	program = text[:at]
	f = Files{Texts: map[string]string{}, Links: map[string]string{}}
	var to map[string]string
	path, first := "", true
	for line := range strings.SplitSeq(strings.TrimSuffix(text[at:], "\n"), "\n") {
		switch {
		case strings.HasPrefix(line, fileMark):
			to, path, first = f.Texts, line[len(fileMark):], true
		case strings.HasPrefix(line, linkMark):
			to, path, first = f.Links, line[len(linkMark):], true
		case strings.HasPrefix(line, lineMark) && first:
			to[path], first = line[len(lineMark):], false
		case strings.HasPrefix(line, lineMark):
			to[path] += "\n" + line[len(lineMark):]
		default:
			return text, Files{} // somebody has written on: it is a text like any other
		}
	}
	return program, f
}
