package picture

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAFileIsReadAsThePictureThatItIs(t *testing.T) {
	dir := t.TempDir()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"a.png": b.String(), "text.png": "HALT\n", "cut.png": b.String()[:b.Len()-20]} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if img, err := Load(filepath.Join(dir, "a.png")); err != nil || img.Bounds().Dx() != 3 {
		t.Error(img, err)
	}
	for _, name := range []string{"text.png", "cut.png", "none.png", "."} {
		if img, err := Load(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s is %v", name, img.Bounds())
		}
	}
	if !Is(filepath.Join(dir, "a.png")) || Is(filepath.Join(dir, "text.png")) {
		t.Error("what is a picture")
	}
}

func TestAPicturesNameIsOneThatASpriteCanHave(t *testing.T) {
	for path, want := range map[string]string{
		"/home/x/ship.png": "ship", "Space Ship (2).PNG": "Space_Ship_2", "2 suns.gif": "picture_2_suns", "red.png": "picture_red",
		"été.jpg": "t", "…": "picture", "a.b.jpeg": "a_b",
	} {
		got := NameFor(path)
		if got != want {
			t.Errorf("%s is called %s, not %s", path, got, want)
		}
		if err := (Options{Name: got}).checkName(); err != nil {
			t.Error(err)
		}
	}
	if !Named("x/A.PNG") || Named("x.pxl") || Named(strings.Repeat("png", 3)) {
		t.Error("what is named as a picture")
	}
}
