package service_test

import (
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/pxl/service"
)

// theirs are the other files of a program.
var theirs = []service.File{
	{Name: "lib.pxl", Text: "INCLUDE \"deep.pxl\"\r\n.const SIZE 12\r\n.array grid SIZE 4\r\n.palette red\r\n.sprite ship 2 1\r\n00\r\nDEF star(x, y, r)\r\n  LOCAL inner\r\nEND\r\nagain:\r\n"},
	{Name: "deep.pxl", Text: ".text words \"a\" \"b\"\n.table heights 1 2 3\nspeed = 3\nDEF size(a)\n  deep_label:\nEND\n"},
}

func besideCursor(src string) (*service.Document, service.Cursor) {
	d, at := cursor(src)
	d.SetBeside(theirs)
	return d, at
}

func TestNamesOfOtherFilesAreCompleted(t *testing.T) {
	for _, c := range []struct{ src, want, miss string }{
		{"s|", "star size speed SET", "ship inner deep_label"},
		{"PLOT |", "SIZE grid star size speed heights", "ship again inner words"},
		{"SPR |", "ship", "SIZE star"},
		{"JMP |", "again", "deep_label star"},
		{"SET |", "speed grid", "SIZE star heights"},
		{"LOG {w|", "words width", ""},
		{".array a S|", "SIZE", "star speed"},
		{"DEF f(star)\n  PLOT s|\nEND", "star size", ""},
		{"DEF f\n  JMP |\nEND", "", "again"},
		{"\n\n\nDEF f\n  here:\n  JMP |\nEND", "here", "again deep_label"}, // on the line of a DEF there
	} {
		d, at := besideCursor(c.src)
		var got []string
		for _, k := range d.Complete(at) {
			got = append(got, k.Label)
		}
		for _, w := range strings.Fields(c.want) {
			if !slices.Contains(got, w) {
				t.Errorf("%q: no %s in %v", c.src, w, got)
			}
		}
		for _, w := range strings.Fields(c.miss) {
			if slices.Contains(got, w) {
				t.Errorf("%q: %s should not be in %v", c.src, w, got)
			}
		}
	}
}

func TestNamesOfOtherFilesAreDescribed(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"st|ar 1 2 3", "star(x, y, r)\nprocedure on line 7 of lib.pxl"},
		{"PLOT SI|ZE 1", "constant 12, line 2 of lib.pxl"},
		{"PLOT gr|id[1, 1] 1", "array of 12 × 4 words, line 3 of lib.pxl"},
		{"SPR sh|ip 1 1", "sprite of 2 × 1 texels, 1 frame, line 5 of lib.pxl"},
		{"LOG {wo|rds[0]}", "table of 2 texts, line 1 of deep.pxl"},
		{"PLOT spe|ed 1", "variable, first set on line 3 of deep.pxl"},
		{"SET speed = 1\nPLOT spe|ed 1", "variable, first set on line 1"},
		{"JMP ag|ain", "label on line 10 of lib.pxl"},
		{".array own SIZE\nPLOT ow|n[0] 1", "array of 12 words, line 1"},
		{"SET star = 1\nst|ar 1 2 3", "procedure on line 7 of lib.pxl"}, // which goes before a variable
		{"PLOT inn|er 1", ""},
	} {
		d, at := besideCursor(c.src)
		h, ok := d.Hover(at)
		if got := h.Title + "\n" + h.Doc; ok != (c.want != "") || !strings.HasSuffix(got, c.want) {
			t.Errorf("%q: %v %q, want %q", c.src, ok, got, c.want)
		}
	}
	d, at := besideCursor("x = star(1, |")
	if s, ok := d.Signature(at); !ok || s.Text != "star(x, y, r)" || s.Text[s.ActiveFrom:s.ActiveTo] != "y" || s.Doc != "Procedure on line 7 of lib.pxl." {
		t.Errorf("%v %+v", ok, s)
	}
	d, at = besideCursor("st|ar 1 2 3")
	if at, ok := d.Definition(at); ok {
		t.Errorf("it is declared in the text, at %v", at)
	}
}

// TestASpriteKeepsItsColoursBesideOthers: each file has palettes of its own.
func TestASpriteKeepsItsColoursBesideOthers(t *testing.T) {
	d, _ := besideCursor("|.sprite boat\n02\n.sprite ship\n11")
	for line, want := range map[int]uint32{1: 0, 3: 0xFFFFFF} {
		s, row, ok := d.SpriteAt(line)
		if c, opaque := s.Texel(0, 0); !ok || row != 0 || !opaque || c != want {
			t.Errorf("line %d: %v %06X %v", line, ok, c, opaque)
		}
	}
}

func TestOtherFilesChangeWhatIsKnown(t *testing.T) {
	d, at := besideCursor("PLOT SI|ZE 1")
	says := func() string { h, _ := d.Hover(at); return h.Doc }
	if says() != "constant 12, line 2 of lib.pxl" {
		t.Error(says())
	}
	d.SetBeside([]service.File{{Name: "other.pxl", Text: "\n\n.const SIZE 7"}})
	if says() != "constant 7, line 3 of other.pxl" {
		t.Error(says())
	}
	d.Reset()
	if says() != "constant 7, line 3 of other.pxl" {
		t.Error("of another text it is", says())
	}
	d.SetBeside(nil)
	if says() != "" {
		t.Error(says())
	}
}
