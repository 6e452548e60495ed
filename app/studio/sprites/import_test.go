package sprites_test

import (
	"image"
	"image/color"
	"runtime"
	"strings"
	"testing"

	"gvpie/app/studio/sprites"
	"gvpie/runtime/pxl"
)

func TestWhatIsPastedNamesAPicture(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("paths of another system")
	}
	for pasted, want := range map[string]string{
		"/home/x/ship.png": "/home/x/ship.png", " /home/x/ship.PNG\n": "/home/x/ship.PNG", "ship.gif": "/games/ship.gif", "../ship.jpg": "/ship.jpg",
		"file:///home/x/a%20b.png": "/home/x/a b.png", "file://localhost/a.jpeg": "/a.jpeg", "'/home/x/a b.png'": "/home/x/a b.png", "FILE:///a.png": "/a.png",
		"/home/x/ship.pxl": "", "": "", "a.png\nb.png": "", "file://elsewhere/a.png": "", "https://x/a.png": "/games/https:/x/a.png", "PLOT 1 1": "", "file:///%zz.png": "",
	} {
		if got, ok := sprites.PicturePath(pasted, "/games"); ok != (want != "") || got != want {
			t.Errorf("%q is %q %v, not %q", pasted, got, ok, want)
		}
	}
	if path, ok := sprites.PicturePath("ship.png", ""); ok {
		t.Errorf("in no folder it is %s", path)
	}
}

const imported = ".palette red\n.sprite new 1 1\n  0\n"

// TestAnImportStandsWhereDirectivesMay: not in a block, a list or a sprite, and the
// sprites below keep their colours.
func TestAnImportStandsWhereDirectivesMay(t *testing.T) {
	const colors = ".palette black white red green blue yellow cyan magenta orange gray silver maroon navy teal olive purple\n"
	for _, c := range []struct{ text, want string }{
		{"|", imported},
		{"CLS\n|", "CLS\n" + imported},
		{"CLS\n|\nHALT", "CLS\n" + imported + "\nHALT"},
		{"|add\nHALT", imported + "\nadd\nHALT"},
		{"CLS\nIF W\nCLS\n|CLS\nEND", "CLS\n" + imported + "\nIF W\nCLS\nCLS\nEND"},
		{"CLS\nDEF f\nEACH\nPUT |1\nEND\nEND", "CLS\n" + imported + "\nDEF f\nEACH\nPUT 1\nEND\nEND"},
		{"CLS\n.sprite a\n1\n; more\n|1\nHALT", "CLS\n" + imported + colors + "\n.sprite a\n1\n; more\n1\nHALT"},
		{"CLS\n.sprite a\n1\n|; more\n1\nHALT", "CLS\n" + imported + colors + "\n.sprite a\n1\n; more\n1\nHALT"},
		{".sprite a\n1\n|\n", ".sprite a\n1\n" + imported + "\n"},
		{".table t 1,\n; x\n 2,\n|3\nHALT", imported + "\n.table t 1,\n; x\n 2,\n3\nHALT"},
		{".table t 1,\n2\n|HALT", ".table t 1,\n2\n" + imported + "\nHALT"},
		{".palette red,\n ; and\n blue\n|\n.sprite b\n1", ".palette red,\n ; and\n blue\n" + imported + ".palette red,\n ; and\n blue\n\n.sprite b\n1"},
		{"|\n.palette blue\n.sprite b\n0", imported + "\n.palette blue\n.sprite b\n0"},
	} {
		line := strings.Count(c.text[:strings.Index(c.text, "|")], "\n") + 1
		text := strings.Replace(c.text, "|", "", 1)
		got, at := sprites.Place(text, line, imported)
		if got != c.want {
			t.Errorf("%q becomes\n%s\nnot\n%s", c.text, got, c.want)
		}
		if rest := strings.Split(got, "\n")[at-1:]; !strings.HasPrefix(strings.Join(rest, "\n"), imported) {
			t.Errorf("%q: it does not begin at line %d", c.text, at)
		}
		before := pxl.Assemble("", text)
		if after := pxl.Assemble("", got); before.OK() && !after.OK() {
			t.Errorf("%q: %v", c.text, after.Diagnostics)
		}
	}
}

func TestAnImportIsHopedToBeASprite(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 400, 300))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	i := sprites.NewImport("x/Big One.png", img)
	if i.W != 100 || i.H != 75 || i.Name != "Big_One" || i.Table {
		t.Errorf("%+v", i.Options)
	}
	source, err := i.Source()
	if err != nil || !strings.HasPrefix(source, ".palette 0xFFFFFF\n.sprite Big_One 100 75\n") {
		t.Error(source[:40], err)
	}
	for _, table := range []bool{false, true} {
		i.Table = table
		p, err := i.Preview()
		if err != nil || p.Rect.Dx() != 100 || p.RGBAAt(3, 3) != (color.RGBA{255, 255, 255, 255}) {
			t.Error(table, err)
		}
	}
	i.Name = "no name"
	if _, err := i.Preview(); err == nil {
		t.Error("a table of no name")
	}
	if a := sprites.NewImport("a.png", image.NewNRGBA(image.Rect(0, 0, 3, 100_000))); a.W*a.H > 1<<15 || a.H > 1024 {
		t.Errorf("a ribbon is %d × %d", a.W, a.H)
	}
}
