package cli

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"image"
	"image/color"
	"image/color/palette"
	"image/png"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

// pngOf gives a picture of its own kind: of a model's colours, half of it seen through
// if that has an alpha.
func pngOf(t *testing.T, img image.Image) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// somePictures are small pictures of every kind that a PNG may be.
func somePictures(t *testing.T) map[string]string {
	at := func(x, y int) color.NRGBA {
		c := color.NRGBA{uint8(8 * x), uint8(9 * y), 70, 255}
		if x > 9 && y > 5 {
			c = color.NRGBA{200, 40, uint8(5 * x), uint8(60 + 7*x)}
		}
		return c
	}
	r := image.Rect(0, 0, 24, 20)
	nrgba, deep, gray, few := image.NewNRGBA(r), image.NewNRGBA64(r), image.NewGray16(r), image.NewPaletted(r, palette.WebSafe)
	opaque := image.NewRGBA(r)
	for y := range 20 {
		for x := range 24 {
			c := at(x, y)
			nrgba.Set(x, y, c)
			deep.SetNRGBA64(x, y, color.NRGBA64{uint16(c.R)*257 + 3, uint16(c.G) * 257, uint16(c.B) * 256, uint16(c.A) * 257})
			gray.Set(x, y, c)
			few.Set(x, y, c)
			c.A = 255
			opaque.Set(x, y, c)
		}
	}
	animated := pngOf(t, opaque)
	// An acTL chunk behind the header says that pictures follow; the first is shown.
	chunk := []byte("acTL\x00\x00\x00\x02\x00\x00\x00\x00")
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk))
	animated = animated[:33] + "\x00\x00\x00\x08" + string(chunk) + animated[33:]
	return map[string]string{
		"alpha.png": pngOf(t, nrgba), "deep.png": pngOf(t, deep), "gray.png": pngOf(t, gray), "few.png": pngOf(t, few),
		"opaque.png": pngOf(t, opaque), "animated.png": animated,
	}
}

// errorOf is how far a picture is from another, by the letter.
func errorOf(t *testing.T, target, shown string) float64 {
	t.Helper()
	open := func(path string) image.Image {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return img
	}
	a, b := open(target), open(shown)
	if a.Bounds() != b.Bounds() {
		t.Fatalf("%s is %v, %s %v", target, a.Bounds(), shown, b.Bounds())
	}
	sum := 0.0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			c, d := color.NRGBAModel.Convert(a.At(x, y)).(color.NRGBA), color.NRGBAModel.Convert(b.At(x, y)).(color.NRGBA)
			for _, p := range [][2]uint8{{c.R, d.R}, {c.G, d.G}, {c.B, d.B}, {c.A, d.A}} {
				v := float64(p[0]) - float64(p[1])
				sum += v * v
			}
		}
	}
	return math.Sqrt(sum/float64(4*a.Bounds().Dx()*a.Bounds().Dy())) / 255
}

func TestWhatPaintSaysOfAProgramIsWhatRunShows(t *testing.T) {
	all := somePictures(t)
	inFolder(t, all)
	for name := range all {
		got := world{}.run(t, "paint", name, "--shapes", "6", "--candidates", "4000", "--out", "a.pxl", "--json")
		var r map[string]float64
		if err := json.Unmarshal([]byte(got.out), &r); err != nil || got.code != exitOK || got.errout != "" {
			t.Fatalf("%s: code %d, %v, %s%s", name, got.code, err, got.out, got.errout)
		}
		if len(r) != 6 || r["shapes"] < 1 || r["shapes"] > 6 || r["words"] < 10 || r["cost"] < 1 || r["seconds"] <= 0 || r["candidates"] < 1000 {
			t.Errorf("%s: %s", name, got.out)
		}
		if got := (world{}).run(t, "run", "a.pxl", "--human", "a.png"); got.code != exitOK {
			t.Fatalf("%s: %s", name, got.errout)
		}
		if want := errorOf(t, name, "a.png"); math.Abs(r["rmse"]-want) > 1e-12 {
			t.Errorf("%s: rmse %v, measured %v", name, r["rmse"], want)
		}
	}
}

func TestPaintRepeatsAndPrintsAProgramToRead(t *testing.T) {
	inFolder(t, somePictures(t))
	a := world{}.run(t, "paint", "opaque.png", "--shapes", "3", "--kinds", "rect,circ", "--candidates", "3000", "--seed", "7")
	b := world{}.run(t, "paint", "opaque.png", "--shapes", "3", "--kinds", "circ, RECT", "--candidates", "3000", "--seed", "7", "--for", "10m")
	if a.out != b.out || a.code != exitOK {
		t.Errorf("the same seed and number gave\n%sand\n%s", a.out, b.out)
	}
	lines := strings.Split(a.out, "\n")
	if lines[0] != "; opaque.png in 3 shapes" || lines[1] != ".canvas 24 20 pixel" || !strings.HasPrefix(lines[3], "CLS ") || len(lines) != 8 {
		t.Errorf("%q", lines)
	}
	if !strings.HasPrefix(a.errout, "gvpie: opaque.png: error 0.") || !strings.Contains(a.errout, " with 3 shapes, ") {
		t.Errorf("%s", a.errout)
	}
	cells := world{}.run(t, "paint", "opaque.png", "--shapes", "3", "--canvas", "12x5", "--candidates", "3000")
	if !strings.Contains(cells.out, "\n.canvas 12 5\n") || cells.code != exitOK {
		t.Errorf("%s%s", cells.out, cells.errout)
	}
	text := world{}.run(t, "paint", "opaque.png", "--shapes", "3", "--canvas", "12x5", "--kinds", "glyph")
	if !strings.Contains(text.out, "\nCOLOR ") || !strings.Contains(text.out, "\nTXT ") || text.code != exitOK {
		t.Errorf("%s%s", text.out, text.errout)
	}
	scaled := world{}.run(t, "paint", "opaque.png", "--shapes", "3", "--canvas", "50x40 pixel", "--candidates", "3000")
	if !strings.Contains(scaled.out, "\n.canvas 50 40 pixel\n") || scaled.code != exitOK {
		t.Errorf("%s%s", scaled.out, scaled.errout)
	}
}

func TestPaintRefusesInASentence(t *testing.T) {
	opaque := somePictures(t)["opaque.png"]
	bomb := []byte(opaque) // a header of 60 000 × 60 000 pixels over nothing
	binary.BigEndian.PutUint32(bomb[16:], 60000)
	binary.BigEndian.PutUint32(bomb[20:], 60000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	wide := pngOf(t, image.NewGray(image.Rect(0, 0, 1025, 2)))
	inFolder(t, map[string]string{"a.png": opaque, "cut.png": opaque[:len(opaque)-40], "text.png": "CLS red\n", "bomb.png": string(bomb), "wide.png": wide, "empty.png": ""})
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"", exitUsage, "which picture?"},
		{"a.png cut.png", exitUsage, "which picture?"},
		{"none.png", exitFailed, "none.png"},
		{"text.png", exitFailed, "text.png is no picture that can be read"},
		{"empty.png", exitFailed, "empty.png is no picture that can be read"},
		{"cut.png", exitFailed, "cut.png"},
		{"bomb.png", exitFailed, "bomb.png has 60000 × 60000 pixels, more than is read"},
		{"wide.png", exitFailed, "1025 × 2 pixels are more than a canvas has, 1024 × 1024; with --canvas"},
		{"a.png --shapes 0", exitUsage, "shapes"},
		{"a.png --shapes 1001", exitUsage, "1 to 1000"},
		{"a.png --kinds rect,star", exitUsage, `there is no kind of shape "star": it may be rect, circ,`},
		{"a.png --kinds=", exitUsage, "no kind of shape"},
		{"a.png --canvas 10", exitUsage, "is no size"},
		{"a.png --canvas 2000x10", exitUsage, "at most 1024 × 1024"},
		{"a.png --for -3s", exitUsage, "--for is how long"},
		{"a.png --candidates 0", exitUsage, "candidates"},
	} {
		got := world{}.run(t, append([]string{"paint", "--candidates", "500"}, strings.Fields(c.args)...)...)
		if got.code != c.code || !strings.Contains(got.errout, c.want) || got.out != "" {
			t.Errorf("paint %s: code %d, %s%s", c.args, got.code, got.out, got.errout)
		}
	}
	if got := (world{}).run(t, "paint", "wide.png", "--canvas", "64x8", "--candidates", "500"); got.code != exitOK || !slices.Contains(strings.Split(got.out, "\n"), "CLS black") {
		t.Errorf("a wide picture on a canvas of cells: %d %s%s", got.code, got.out, got.errout)
	}
}
