package kittest

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"

	"gioui.org/gpu/headless"
)

// Shoot draws the last frame to a picture, kept beside the test's other files
// where GVPIE_SHOTS names a folder.
func (w *Window) Shoot(name string) *image.RGBA {
	w.T.Helper()
	screen, err := headless.NewWindow(w.Size.X, w.Size.Y)
	if err != nil {
		w.T.Fatalf("no headless drawing here (EGL and a GLES driver are needed: apt-get install libegl1 libgles2 libgl1-mesa-dri): %v", err)
	}
	defer screen.Release()
	if err := screen.Frame(&w.Ops); err != nil {
		w.T.Fatal(err)
	}
	img := image.NewRGBA(image.Rectangle{Max: w.Size})
	if err := screen.Screenshot(img); err != nil {
		w.T.Fatal(err)
	}
	if dir := os.Getenv("GVPIE_SHOTS"); dir != "" {
		f, err := os.Create(filepath.Join(dir, name+".png"))
		if err != nil {
			w.T.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, img); err != nil {
			w.T.Fatal(err)
		}
	}
	return img
}

// Colors counts the colours of a picture.
func Colors(img *image.RGBA) int {
	seen := map[color.RGBA]bool{}
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			seen[img.RGBAAt(x, y)] = true
		}
	}
	return len(seen)
}

// CheckLayout checks that whatever can be pressed lies in the window and is
// big enough to be hit.
func (w *Window) CheckLayout() {
	w.T.Helper()
	window := image.Rectangle{Max: w.Size}
	least := int(16 * w.Metric.PxPerDp)
	for _, n := range w.Nodes() {
		if n.Desc.Gestures == 0 || n.Desc.Label == "" {
			continue
		}
		r := n.Desc.Bounds
		if r.Empty() {
			continue
		}
		// Rows of a list that is scrolled may lie above or below, tabs beside.
		scrolled := strings.HasPrefix(n.Desc.Label, "tab ") || strings.HasPrefix(n.Desc.Label, "close ")
		if !scrolled && (r.Min.X < 0 || r.Max.X > window.Max.X) {
			w.T.Errorf("%q at %v is out of the window %v", n.Desc.Label, r, window)
		}
		if r.Dx() < least || r.Dy() < least {
			w.T.Errorf("%q is only %v", n.Desc.Label, r.Size())
		}
	}
}
