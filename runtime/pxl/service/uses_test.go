package service

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"gvpie/runtime/pxl/include"
	"gvpie/runtime/pxl/internal/corpus"
)

// game is a program of three files with one spelling for many names.
var game = map[string]string{
	"": `INCLUDE "lib/draw.pxl"
.sprite ship
  1F
.text words "a" "b"
.array grid 4 4
ship_x = 3
loop:
SPR ship ship_x 2
mark(ship_x, 2)
TXT 1 1 {words[1]} {ship_x:5} {len(words)}
grid[1, 2] += width(ship)
FOR i = 0 TO 3
  LOG {i} {grid[i]}
END
IF ship_x JMP loop
`,
	"lib/draw.pxl": `INCLUDE "deep.pxl"
DEF mark(x, y)
  LOCAL ship
  ship = x + deep(y)
  loop:
  PLOT ship y
  ship -= 1
  IF ship > x JMP loop
  RETURN ship
END
`,
	"lib/deep.pxl": `DEF deep(x)
  IF x > 0 RETURN deep(x - 1)
  RETURN ship_x
END
`,
}

func gameUses() *Uses {
	files := maps.Clone(game)
	delete(files, "")
	return FindUses("game.pxl", game[""], include.Files{Texts: files})
}

// at gives the place of the nth occurrence of a text in a file of the game.
func at(path, text string, nth int) int {
	offset := 0
	for range nth {
		offset += strings.Index(game[path][offset:], text) + len(text)
	}
	return offset + strings.Index(game[path][offset:], text)
}

func TestReferencesAreOfOneNameOverAllFiles(t *testing.T) {
	u := gameUses()
	for _, c := range []struct {
		path, text string
		nth        int
		want       string // path:line of every use, the declaration marked
	}{
		{"", "ship ", 0, "!:2 :8 :11"},
		{"", "ship\n", 0, "!:2 :8 :11"},
		{"", "ship_x", 0, "!:6 :8 :9 :10 :15 lib/deep.pxl:3"},
		{"lib/deep.pxl", "ship_x", 0, "!:6 :8 :9 :10 :15 lib/deep.pxl:3"},
		{"", "mark", 0, ":9 !lib/draw.pxl:2"},
		{"lib/draw.pxl", "deep(y", 0, "lib/draw.pxl:4 !lib/deep.pxl:1 lib/deep.pxl:2"},
		{"lib/draw.pxl", "ship", 1, "!lib/draw.pxl:3 lib/draw.pxl:4 lib/draw.pxl:6 lib/draw.pxl:7 lib/draw.pxl:8 lib/draw.pxl:9"},
		{"lib/draw.pxl", "x,", 0, "!lib/draw.pxl:2 lib/draw.pxl:4 lib/draw.pxl:8"},
		{"lib/deep.pxl", "x)", 0, "!lib/deep.pxl:1 lib/deep.pxl:2 lib/deep.pxl:2"},
		{"lib/draw.pxl", "loop", 0, "!lib/draw.pxl:5 lib/draw.pxl:8"},
		{"", "loop", 0, "!:7 :15"},
		{"", "words", 0, "!:4 :10 :10"},
		{"", "grid", 0, "!:5 :11 :13"},
		{"", "i = 0", 0, "!:12 :13 :13"},
	} {
		n, ok := u.At(c.path, at(c.path, c.text, c.nth))
		var got []string
		for _, s := range n.Spots {
			mark := ""
			if s == n.Declared {
				mark = "!"
			}
			got = append(got, fmt.Sprintf("%s%s:%d", mark, s.Path, s.Line))
			if text := game[s.Path][s.From:s.To]; text != n.Text {
				t.Errorf("%q is a use of %s", text, n.Text)
			}
		}
		if !ok || strings.Join(got, " ") != c.want {
			t.Errorf("%s %q: %v, want %s", c.path, c.text, got, c.want)
		}
	}
	for _, none := range []string{"FOR", "0 TO", "PLOT", "a\" \"b", "1F"} {
		for path := range game {
			if i := strings.Index(game[path], none); i >= 0 {
				if n, ok := u.At(path, i+1); ok {
					t.Errorf("%s is %+v", none, n)
				}
			}
		}
	}
}

func TestARenameChangesWhatItNamesAndNothingElse(t *testing.T) {
	u := gameUses()
	for _, c := range []struct {
		path, text string
		nth        int
		to, want   string // what a refusal holds
	}{
		{"", "ship_x", 0, "x0", ""},
		{"", "ship_x", 0, "x", "something else"}, // deep's parameter would take it
		{"", "ship_x", 0, "mark", "would be wrong"},
		{"", "ship_x", 0, "ship", "would be wrong"},
		{"", "ship_x", 0, "mw", ""},
		{"", "ship_x", 0, "px", "would be wrong"},
		{"", "ship_x", 0, "red", "would be wrong"},
		{"", "ship_x", 0, "line", "a statement's"},
		{"", "ship_x", 0, "2x", "no name"},
		{"", "ship_x", 0, "", "no name"},
		{"", "ship_x", 0, "ship_x", "that is its name"},
		{"", "ship_x", 0, "i", "something else"},
		{"lib/draw.pxl", "ship", 1, "words", ""}, // hides one that the body does not use
		{"lib/draw.pxl", "ship", 1, "x", "would be wrong"},
		{"lib/draw.pxl", "loop", 0, "again", ""},
		{"", "mark", 0, "noise_at", ""},
		{"", "mark", 0, "deep", "would be wrong"},
		{"", "grid", 0, "words", "would be wrong"},
	} {
		n, ok := u.At(c.path, at(c.path, c.text, c.nth))
		if !ok {
			t.Errorf("no name at %s", c.text)
			continue
		}
		err := u.Rename(n, c.to)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s to %s: %v, want %q", n.Text, c.to, err, c.want)
		}
	}
	n, _ := u.At("", at("", "mark", 0))
	if got := Respell(game["lib/draw.pxl"], "lib/draw.pxl", n, "dot") + Respell(game[""], "", n, "dot"); !strings.Contains(got, "DEF dot(x, y)") || !strings.Contains(got, "\ndot(ship_x, 2)") || strings.Contains(got, "mark") {
		t.Errorf("renamed:\n%s", got)
	}
}

// TestUsesTakeAnySource: any place of any text, whole or cut off.
func TestUsesTakeAnySource(t *testing.T) {
	for _, src := range corpus.Programs(t) {
		for _, text := range []string{src, src[:len(src)/2], src[len(src)/3:]} {
			u := FindUses("", text, nil)
			for i := 0; i <= len(text); i += 1 + len(text)/50 {
				if n, ok := u.At("", i); ok {
					for _, s := range n.Spots {
						if text[s.From:s.To] != n.Text {
							t.Fatalf("%q is no %s in\n%s", text[s.From:s.To], n.Text, text)
						}
					}
				}
			}
		}
	}
}
