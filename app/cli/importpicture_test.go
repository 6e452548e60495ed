package cli

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
)

func TestAPictureIsPrintedAsSource(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 4, 2))
	for i := range 8 {
		img.SetNRGBA(i%4, i/4, color.NRGBA{uint8(255 * (i % 4 / 2)), 0, 0, 255})
	}
	img.SetNRGBA(0, 0, color.NRGBA{})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	inFolder(t, map[string]string{"ship.png": b.String(), "none.png": "\x89PNG"})
	data := t.TempDir()
	in(t, data, "import", "ship.png", "--sprite", "ship").want(t, ended{out: ".palette 0x000000 0xFF0000\n.sprite ship 4 2\n  .011\n  0011\n"})
	in(t, data, "import", "--sprite", "ship", "ship.png", "2x1", "--dither").want(t, ended{out: ".palette 0x000000 0xFF0000\n.sprite ship 2 1\n  01\n"})
	in(t, data, "import", "ship.png", "--table", "map").want(t, ended{out: ".table map 4:\n  -1 0x000000 0xFF0000 0xFF0000,\n  0x000000 0x000000 0xFF0000 0xFF0000\n"})
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"ship.png"}, exitUsage, "ship.png is a picture: --sprite NAME prints it as a .sprite, --table NAME as a .table"},
		{[]string{"ship.png", "--sprite", "a", "--table", "b"}, exitUsage, "--sprite or --table"},
		{[]string{"ship.png", "--table", "b", "--dither"}, exitUsage, "--dither is of a sprite"},
		{[]string{"ship.png", "8", "--sprite", "a"}, exitUsage, "is no size"},
		{[]string{"ship.png", "8x0", "--sprite", "a"}, exitUsage, "is no size"},
		{[]string{"--sprite", "a"}, exitUsage, "which picture?"},
		{[]string{"ship.png", "2x2", "x", "--sprite", "a"}, exitUsage, "as well"},
		{[]string{"none.png", "--sprite", "a"}, exitFailed, "none.png is no picture"},
		{[]string{"gone.png", "--sprite", "a"}, exitFailed, "gone.png"},
		{[]string{"ship.png", "--sprite", "red"}, exitFailed, "means something already"},
	} {
		if got := in(t, data, append([]string{"import"}, c.args...)...); got.code != c.code || got.out != "" || !strings.Contains(got.errout, c.want) {
			t.Errorf("%q: %+v, want %d and %q", c.args, got, c.code, c.want)
		}
	}
}
