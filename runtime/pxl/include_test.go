package pxl_test

import (
	"fmt"
	"strings"
	"testing"

	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/include"
)

// texts are files by their paths.
type texts = map[string]string

// including assembles a program with the files of its folder.
func including(src string, files texts) *pxl.Assembly {
	return pxl.AssembleIn("games/main.pxl", src, include.Files{Texts: files})
}

// found gives what is wrong with a program, a line each.
func found(a *pxl.Assembly) string {
	var out []string
	for _, d := range a.Diagnostics {
		out = append(out, d.String())
	}
	return strings.Join(out, "\n")
}

func TestAFileIsTakenInWhereItIsNamedAndOnce(t *testing.T) {
	a := including("LOG 1\nINCLUDE \"lib/a.pxl\" ; two\ninclude \"lib/../lib/a.pxl\"\nLOG {N} {n}\n", texts{
		"lib/a.pxl": "LOG 2\nINCLUDE \"b.pxl\"\nSET n = N",
		"lib/b.pxl": "\uFEFF.const N 3\r\nLOG 3\r\n",
	})
	if !a.OK() || found(a) != "" {
		t.Fatal(found(a))
	}
	want := pxl.Assemble("one.pxl", "LOG 1\nLOG 2\n.const N 3\nLOG 3\nSET n = N\nLOG {N} {n}\n")
	if fmt.Sprint(a.Program) != fmt.Sprint(want.Program) {
		t.Errorf("the program is not that of the files in one:\n%s\n%s", pxl.Listing(a), pxl.Listing(want))
	}
	if len(a.Included) != 2 || a.Included[0].Path != "lib/a.pxl" || a.Included[1].Path != "lib/b.pxl" || a.Included[1].Name != "games/lib/b.pxl" {
		t.Errorf("it is made of %+v", a.Included)
	}
}

func TestPlacesKnowTheirFile(t *testing.T) {
	a := including("NOP\nINCLUDE \"lib/a.pxl\"\nHALT\n", texts{"lib/a.pxl": "\nSET x = 1\nLOG {x}\n"})
	if !a.OK() {
		t.Fatal(found(a))
	}
	spans := a.Map.Line("lib/a.pxl", 2)
	if len(spans) != 1 || len(a.Map.Line("", 2)) != 0 || a.Map.Line("lib/b.pxl", 1) != nil {
		t.Fatalf("line 2 of the file is at %v, of the program at %v", spans, a.Map.Line("", 2))
	}
	at, _ := a.Map.At(spans[0].From)
	if at.Pos.File != "games/lib/a.pxl" || at.Pos.Line != 2 || a.Path(at.Pos.File) != "lib/a.pxl" || a.Path("games/main.pxl") != "" {
		t.Errorf("it is at %+v", at)
	}
	if !strings.Contains(pxl.Listing(a), "lib/a.pxl:2  SET x = 1") {
		t.Error(pxl.Listing(a))
	}
}

// TestWhatCannotBeIncludedSaysWhy holds each sentence with its place.
func TestWhatCannotBeIncludedSaysWhy(t *testing.T) {
	files := texts{
		"ok.pxl": "NOP\n", "bad.pxl": "NOP\nSET a = = 2\n", "unclosed.pxl": "IF W\nNOP\n", "end.pxl": "END\n",
		"a.pxl": "NOP\nINCLUDE \"b.pxl\"\n", "b.pxl": "INCLUDE \"a.pxl\"\n", "self.pxl": "INCLUDE \"self.pxl\"\n",
		"lib/up.pxl": "INCLUDE \"../ok.pxl\"\n", "lib/out.pxl": "INCLUDE \"../../ok.pxl\"\n",
		"binary.pxl": "a\x00b", "one.pxl": ".const N 1\n", "red.pxl": "SET red = 1\n",
		"warn.pxl": "SET v = 1\nCLS\nPLOT 1 1\nIF 1 < 2 < 3 HALT\n; ignore chained_comparison\nIF 1 < 2 < 3 HALT\n",
	}
	deep := texts{}
	for i := range 18 {
		deep[fmt.Sprintf("d%d.pxl", i)] = fmt.Sprintf("INCLUDE \"d%d.pxl\"\n", i+1)
	}
	many, list := texts{}, ""
	for i := range 65 {
		many[fmt.Sprintf("m%d.pxl", i)] = "NOP\n"
		list += fmt.Sprintf("INCLUDE \"m%d.pxl\"\n", i)
	}
	for _, c := range []struct {
		src   string
		files texts
		want  string
	}{
		{`INCLUDE "lib/up.pxl"`, files, ""},
		{`INCLUDE "gone.pxl"` + "\nSET x = given_there", files, "games/main.pxl:1:10: there is no file `gone.pxl` beside this one"},
		{`INCLUDE "../ok.pxl"`, files, "games/main.pxl:1:10: `../ok.pxl` is outside the program's folder, and a program takes in files from its own folder alone"},
		{`INCLUDE "lib/out.pxl"`, files, "games/lib/out.pxl:1:10: `../../ok.pxl` is outside the program's folder, and a program takes in files from its own folder alone"},
		{`INCLUDE "/ok.pxl"`, files, "games/main.pxl:1:10: `/ok.pxl` is no path from this file: write one that is, such as \"lib/shapes.pxl\""},
		{`INCLUDE "C:/ok.pxl"`, files, "games/main.pxl:1:10: `C:/ok.pxl` is no path from this file: write one that is, such as \"lib/shapes.pxl\""},
		{`INCLUDE "C:\ok.pxl"`, files, "games/main.pxl:1:10: `C:\\ok.pxl` is no path from this file: write one that is, such as \"lib/shapes.pxl\""},
		{`INCLUDE "\ok.pxl"`, files, "games/main.pxl:1:10: `\\ok.pxl` is no path from this file: write one that is, such as \"lib/shapes.pxl\""},
		{`INCLUDE "lib\up.pxl"`, files, "games/main.pxl:1:10: paths use / on every system: `lib/up.pxl`"},
		{`INCLUDE "a.pxl"`, files, "games/b.pxl:1:10: this goes in a circle: a.pxl → b.pxl → a.pxl"},
		{`INCLUDE "self.pxl"`, files, "games/self.pxl:1:10: this goes in a circle: self.pxl → self.pxl"},
		{`INCLUDE "bad.pxl"`, files, "games/bad.pxl:2:9: expected a value here, not `=`"},
		{`INCLUDE "binary.pxl"`, files, "games/binary.pxl:1:2: this is not text: byte 0x00 at offset 1 is no UTF-8 character; is it a picture or another binary file?"},
		{`INCLUDE "unclosed.pxl"` + "\nEND", files, "games/main.pxl:2:1: END closes an IF, WHILE, FOR or EACH, and none is open here\ngames/unclosed.pxl:1:1: this IF has no END: add END on a line of its own after the last line of the block"},
		{"IF W\n" + `INCLUDE "end.pxl"` + "\nEND", files, "games/main.pxl:2:1: INCLUDE stands at the top level, and the IF of line 1 is open here"},
		{`IF W INCLUDE "ok.pxl"`, files, "games/main.pxl:1:6: INCLUDE takes a file in once, before anything runs: it cannot depend on an IF"},
		{`INCLUDE`, files, "games/main.pxl:1:1: which file? INCLUDE \"file.pxl\""},
		{`INCLUDE ""`, files, "games/main.pxl:1:10: which file? INCLUDE \"file.pxl\""},
		{`INCLUDE "ok.pxl`, files, "games/main.pxl:1:1: the quote that ends the path is missing: INCLUDE \"file.pxl\""},
		{`INCLUDE ok`, files, "games/main.pxl:1:9: the file stands in double quotes: INCLUDE \"file.pxl\""},
		{`INCLUDE "ok.pxl" 3`, files, "games/main.pxl:1:18: `3` is left over: one statement a line"},
		{"INCLUDE \"one.pxl\"\n.const N 2", files, "games/main.pxl:2:8: `N` is declared on line 1 of games/one.pxl already"},
		{`INCLUDE "red.pxl"`, files, "games/red.pxl:1:5: `red` is a colour and cannot be given a value"},
		{`INCLUDE "warn.pxl"`, files, "games/warn.pxl:4:4: warning: a comparison gives 1 or 0, which is compared next: join two with &&, `1 < 2 && 2 < 3` [chained_comparison]"},
		{`INCLUDE "d0.pxl"`, deep, "games/d15.pxl:1:10: files include each other 16 deep at most, and this is one more"},
		{list, many, "games/main.pxl:65:10: this is the file number 65: a program takes in 64 at most"},
	} {
		if got := found(including(c.src, c.files)); got != c.want {
			t.Errorf("%.40q:\n got %s\nwant %s", c.src, got, c.want)
		}
	}
	want := "main.pxl:1:10: this program comes without a folder and cannot include `ok.pxl`: put the text of that file here"
	if got := found(pxl.Assemble("main.pxl", `INCLUDE "ok.pxl"`)); got != want {
		t.Errorf("without a folder: %s", got)
	}
}

// TestFixesOfIncludes: each makes the line right, in its own file.
func TestFixesOfIncludes(t *testing.T) {
	files := texts{"lib.pxl": "NOP\n", "lib/a.pxl": "NOP\n", "slip.pxl": "NOP\nPLOT 1, 2, gren\n"}
	for src, want := range map[string]string{
		"INCLUDE lib":           `INCLUDE "lib.pxl"`,
		"include <lib.pxl>":     `include "lib.pxl"`,
		`INCLUDE 'lib.pxl'`:     `INCLUDE "lib.pxl"`,
		`INCLUDE "lib.pxl`:      `INCLUDE "lib.pxl"`,
		`INCLUDE "lib\a.pxl"`:   `INCLUDE "lib/a.pxl"`,
		`INCLUDE lib ; shapes`:  `INCLUDE "lib.pxl" ; shapes`,
		"NOP\nINCLUDE lib\nNOP": "NOP\nINCLUDE \"lib.pxl\"\nNOP",
	} {
		a := including(src, files)
		if len(a.Diagnostics) != 1 || a.Diagnostics[0].Fix == nil {
			t.Errorf("%q: %v", src, a.Diagnostics)
			continue
		}
		f := a.Diagnostics[0].Fix
		fixed := src[:f.Offset] + f.Replace + src[f.End:]
		if fixed != want || !including(fixed, files).OK() {
			t.Errorf("%q became %q: %s", src, fixed, found(including(fixed, files)))
		}
	}
	a := including("NOP\nNOP\nNOP\nINCLUDE \"slip.pxl\"\n", files)
	if d := a.Diagnostics[0]; d.Pos.File != "games/slip.pxl" || d.Fix == nil || files["slip.pxl"][d.Fix.Offset:d.Fix.End] != "gren" {
		t.Errorf("%v, fix %+v", d, d.Fix)
	}
}

func TestOldNamesMayBeCalledInclude(t *testing.T) {
	if a := pxl.Assemble("a.pxl", "include: SET include = 3\nPLOT include include\nJMP include\n"); !a.OK() {
		t.Error(found(a))
	}
	if got := pxl.Format("include   \"a.pxl\";two\n"); got != "INCLUDE \"a.pxl\"  ;two\n" {
		t.Errorf("%q", got)
	}
}

// TestAProgramTakesItsFilesWithIt: what it is made of makes it again elsewhere, also
// when one file has two names.
func TestAProgramTakesItsFilesWithIt(t *testing.T) {
	linked := include.Files{Texts: texts{"lib/a.pxl": "LOG 1\n"}, Links: texts{"b.pxl": "lib/a.pxl"}}
	src := "INCLUDE \"b.pxl\"\nINCLUDE \"lib/a.pxl\"\n"
	a := pxl.AssembleIn("main.pxl", src, linked)
	if !a.OK() || len(a.Included) != 1 {
		t.Fatal(found(a), a.Included)
	}
	b := pxl.AssembleIn("main.pxl", src, include.Files{Texts: a.Files(), Links: a.Links})
	if fmt.Sprint(a.Program) != fmt.Sprint(b.Program) || !b.OK() {
		t.Error(found(b))
	}
}
