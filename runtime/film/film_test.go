package film

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// images makes a film of so many images, in each of which some pixels are new ones of a
// number of colours. Some are equal to the one before.
func images(seed uint64, w, h, n, colours int) []*image.RGBA {
	r := rand.New(rand.NewPCG(seed, 0))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	var all []*image.RGBA
	for k := range n {
		if k%4 != 3 {
			x, y := r.IntN(w), r.IntN(h)
			for range 1 + r.IntN(w*h) {
				c := uint32(r.IntN(colours)) * 0x01_47_93
				img.SetRGBA(x+r.IntN(w-x), y+r.IntN(h-y), color.RGBA{uint8(c), uint8(c >> 8), uint8(c >> 16), 255})
			}
		}
		all = append(all, &image.RGBA{Pix: bytes.Clone(img.Pix), Stride: img.Stride, Rect: img.Rect})
	}
	return all
}

func write(t *testing.T, f Writer, all []*image.RGBA) {
	t.Helper()
	for _, img := range all {
		if err := f.Add(img); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// same says whether a film's image is one of ours at a scale.
func same(t *testing.T, at int, got *image.RGBA, want *image.RGBA, scale int) {
	t.Helper()
	if got.Rect.Size() != want.Rect.Size().Mul(scale) {
		t.Fatalf("image %d is %v", at, got.Rect)
	}
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			if g, w := got.RGBAAt(x, y), want.RGBAAt(x/scale, y/scale); g != w {
				t.Fatalf("image %d has %v at %d, %d, and not %v", at, g, x, y, w)
			}
		}
	}
}

// shown is what a viewer shows of a GIF, image by image.
func shown(g *gif.GIF) (all []*image.RGBA) {
	out := image.NewRGBA(image.Rect(0, 0, g.Config.Width, g.Config.Height))
	for _, p := range g.Image {
		for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
			for x := p.Rect.Min.X; x < p.Rect.Max.X; x++ {
				if c := color.RGBAModel.Convert(p.At(x, y)).(color.RGBA); c.A != 0 {
					out.SetRGBA(x, y, c)
				}
			}
		}
		all = append(all, &image.RGBA{Pix: bytes.Clone(out.Pix), Stride: out.Stride, Rect: out.Rect})
	}
	return all
}

func TestAGIFShowsEveryImageExactly(t *testing.T) {
	for _, c := range []struct{ w, h, n, colours, scale int }{
		{1, 1, 3, 2, 1}, {7, 5, 20, 2, 3}, {16, 16, 20, 255, 1}, {40, 30, 8, 200, 2}, {300, 2, 9, 31, 1},
	} {
		all := images(uint64(c.colours), c.w, c.h, c.n, c.colours)
		var b bytes.Buffer
		f, err := NewGIF(&b, Options{Rate: 30, Scale: c.scale})
		if err != nil {
			t.Fatal(err)
		}
		write(t, f, all)
		g, err := gif.DecodeAll(&b)
		if err != nil {
			t.Fatal(err)
		}
		if len(g.Image) != c.n || g.LoopCount != 0 {
			t.Errorf("%d images, which repeat %d times", len(g.Image), g.LoopCount)
		}
		for i, got := range shown(g) {
			same(t, i, got, all[i], c.scale)
		}
	}
}

// All 256 colours of the first image are had, though none is left to be transparent.
func TestAGIFHas256Colours(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 16, 16))
	for i := range 256 {
		copy(img.Pix[4*i:], []byte{byte(i), byte(255 - i), byte(i * 7), 255})
	}
	var b bytes.Buffer
	f, _ := NewGIF(&b, Options{Rate: 50, Scale: 1})
	write(t, f, []*image.RGBA{img})
	g, err := gif.DecodeAll(&b)
	if err != nil {
		t.Fatal(err)
	}
	same(t, 0, shown(g)[0], img, 1)
}

func TestAGIFOfManyColoursIsNear(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 128, 96))
	for y := range 96 {
		for x := range 128 {
			img.SetRGBA(x, y, color.RGBA{uint8(2 * x), uint8(2 * y), uint8(x + y), 255})
		}
	}
	var b bytes.Buffer
	f, _ := NewGIF(&b, Options{Rate: 50, Scale: 1})
	write(t, f, []*image.RGBA{img})
	g, err := gif.DecodeAll(&b)
	if err != nil {
		t.Fatal(err)
	}
	var sum, worst int
	for i, v := range shown(g)[0].Pix {
		d := int(v) - int(img.Pix[i])
		sum, worst = sum+d*d, max(worst, d, -d)
	}
	if mean := float64(sum) / float64(3*128*96); mean > 40 || worst > 48 {
		t.Errorf("the error's square is %.1f in the mean, the worst is %d", mean, worst)
	}
}

func TestAGIFLastsAsLongAsItShould(t *testing.T) {
	for _, rate := range []int{1, 7, 24, 30, 48, 50} {
		var b bytes.Buffer
		f, err := NewGIF(&b, Options{Rate: rate, Scale: 1})
		if err != nil {
			t.Fatal(err)
		}
		write(t, f, images(1, 2, 2, 3*rate, 2))
		g, err := gif.DecodeAll(&b)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for _, d := range g.Delay {
			if sum += d; d < 2 {
				t.Errorf("%d images a second: a delay of %d/100 s", rate, d)
			}
		}
		if sum != 300 {
			t.Errorf("%d images a second: three seconds of them last %d/100 s", rate, sum)
		}
	}
	if _, err := NewGIF(nil, Options{Rate: 51, Scale: 1}); err == nil {
		t.Error("51 images a second were taken")
	}
}

// APNG is read by a decoder that composes its chunks as the specification says.
func TestAnAPNGShowsEveryImageExactly(t *testing.T) {
	all := images(5, 23, 11, 12, 5000)
	path := filepath.Join(t.TempDir(), "a.png")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	write(t, NewAPNG(file, Options{Rate: 60, Scale: 2}), all)
	stored, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var piped bytes.Buffer
	write(t, NewAPNG(&piped, Options{Rate: 60, Scale: 2}), all)
	if !bytes.Equal(stored, piped.Bytes()) {
		t.Error("what is written to a file is not what is written to a pipe")
	}
	got := readAPNG(t, stored)
	if len(got) != len(all) {
		t.Fatalf("%d images", len(got))
	}
	for i := range got {
		same(t, i, got[i], all[i], 2)
	}
}

func TestWhatIsNoFilm(t *testing.T) {
	f, _ := NewGIF(&bytes.Buffer{}, Options{Rate: 1, Scale: 1})
	if err := f.Close(); !errors.Is(err, ErrEmpty) {
		t.Errorf("a film without images: %v", err)
	}
	if err := NewAPNG(&bytes.Buffer{}, Options{Rate: 1, Scale: MaxSide}).Add(image.NewRGBA(image.Rect(0, 0, 2, 1))); err == nil {
		t.Error("a film that is too wide was begun")
	}
	a := NewAPNG(&bytes.Buffer{}, Options{Rate: 1, Scale: 1})
	if err := a.Add(image.NewRGBA(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	if err := a.Add(image.NewRGBA(image.Rect(0, 0, 2, 3))); err == nil {
		t.Error("images of two sizes were taken")
	}
}

func TestAWebMIsReadByFFmpeg(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.webm")
	f, err := NewWebM(t.Context(), path, Options{Rate: 60, Scale: 2})
	if errors.Is(err, ErrNoFFmpeg) {
		t.Skip("there is no ffmpeg")
	}
	if err != nil {
		t.Fatal(err)
	}
	all := images(3, 33, 17, 10, 4)
	write(t, f, all)
	out, err := exec.Command("ffmpeg", "-loglevel", "error", "-nostdin", "-i", path, "-f", "rawvideo", "-pix_fmt", "rgba", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	if want := len(all) * 66 * 34 * 4; len(out) != want {
		t.Errorf("%d bytes of pixels, and not %d", len(out), want)
	}
}

func BenchmarkGIF(b *testing.B) {
	all := images(9, 768, 512, 8, 100)
	for b.Loop() {
		f, _ := NewGIF(&bytes.Buffer{}, Options{Rate: 50, Scale: 1})
		for _, img := range all {
			if err := f.Add(img); err != nil {
				b.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
