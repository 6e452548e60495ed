package each

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"

	"gvpie/runtime/isa"
)

//go:embed library.wgsl
var libraryText string

// constants are the numbers of runtime/isa that the functions use.
var constants = []struct{ name, value string }{
	{"LEAST", "-2147483647i - 1i"},
	{"ST_KEYS", fmt.Sprintf("%du", isa.StKeys)},
	{"ST_KEYS_BEFORE", fmt.Sprintf("%du", isa.StKeysBefore)},
	{"ST_MOUSE_B", fmt.Sprintf("%du", isa.StMouseB)},
	{"ST_BUTTONS_BEFORE", fmt.Sprintf("%du", isa.StButtonsBefore)},
	{"ST_WHEEL", fmt.Sprintf("%du", isa.StWheel)},
	{"INPUT_WHEEL", fmt.Sprintf("%di", isa.InputWheel)},
	{"INPUT_PRESSED", fmt.Sprintf("%di", isa.InputPressed)},
}

// began_value is what PEEK gives of a texel.
const (
	pixelValue = `
fn began_value(word: u32) -> u32 {
    return ((word & 0xFFu) << 16u) | (word & 0xFF00u) | ((word >> 16u) & 0xFFu);
}
`
	cellValue = `
fn began_value(word: u32) -> u32 {
    return word & 0xFFFFFFu;
}
`
)

// function is one of the library: its text, and the names that it uses.
type function struct {
	name, text string
	uses       []string
}

var (
	called  = regexp.MustCompile(`\b([a-z_]+[0-9]*)\(`)
	defines = regexp.MustCompile(`(?m)^fn ([a-z_0-9]+)\(`)
)

var functionList = func() (list []function) {
	for _, text := range strings.Split(libraryText, "\n\n") {
		if m := defines.FindStringSubmatch(text); m != nil {
			list = append(list, function{name: m[1], text: text})
			continue
		}
		list[len(list)-1].text += "\n\n" + text // a function with an empty line in it
	}
	for i := range list {
		f := &list[i]
		f.text = strings.TrimRight(f.text, "\n") + "\n"
		for _, m := range called.FindAllStringSubmatch(f.text, -1) {
			if m[1] != f.name {
				f.uses = append(f.uses, m[1])
			}
		}
	}
	return list
}()

// library gives the functions and constants that a function uses, itself or through
// others, in the library's order.
func library(text string, pixel bool) string {
	wanted := map[string]bool{}
	for _, m := range called.FindAllStringSubmatch(text, -1) {
		wanted[m[1]] = true
	}
	for more := true; more; {
		more = false
		for _, f := range functionList {
			for _, u := range f.uses {
				if wanted[f.name] && !wanted[u] {
					wanted[u], more = true, true
				}
			}
		}
	}
	var functions strings.Builder
	if wanted["peek"] {
		functions.WriteString(map[bool]string{true: pixelValue, false: cellValue}[pixel])
	}
	for _, f := range functionList {
		if wanted[f.name] {
			functions.WriteString("\n" + f.text)
		}
	}
	var b strings.Builder
	for _, c := range constants {
		if regexp.MustCompile(`\b` + c.name + `\b`).MatchString(text + functions.String()) {
			fmt.Fprintf(&b, "const %s = %s;\n", c.name, c.value)
		}
	}
	return b.String() + functions.String()
}

// Functions gives functions of the library, and those that they use, for another stage
// that has their arithmetic; none of those that look at a page.
func Functions(names []string) string {
	var calls strings.Builder
	for _, name := range names {
		calls.WriteString(" " + name + "(")
	}
	return library(calls.String(), false)
}
