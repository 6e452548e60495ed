package cli

import (
	"bytes"
	"fmt"
	"image/gif"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func readGIF(t *testing.T, path string) *gif.GIF {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	g, err := gif.DecodeAll(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return g
}

// An image a frame, whatever is in it, and the last is the picture that the run ends with.
func TestARunIsFilmed(t *testing.T) {
	inFolder(t, map[string]string{"a.pxl": "LOG 1\nFRAME\nFRAME\nFRAME\nFRAME\nFRAME\nHALT\n"})
	for _, tt := range []struct {
		flags         string
		images, delay int
		width         int
	}{
		{"--frames 4", 4, 2, 768},
		{"--frames 9", 6, 2, 768}, // it halts in the sixth
		{"--frames 5 --every 2", 3, 2, 768},
		{"--frames 3 --scale 2 --fps 10", 3, 10, 1536},
	} {
		args := append([]string{"run", "--backend", "cpu", "a.pxl", "--gif", "a.gif"}, strings.Fields(tt.flags)...)
		if end := (world{}).run(t, args...); end.code != exitOK {
			t.Fatalf("%s: %s", tt.flags, end.errout)
		}
		g := readGIF(t, "a.gif")
		if len(g.Image) != tt.images || g.Delay[0] != tt.delay || g.Config.Width != tt.width || g.Config.Height != tt.width*2/3 {
			t.Errorf("%s: %d images of %d × %d for %d/100 s each", tt.flags, len(g.Image), g.Config.Width, g.Config.Height, g.Delay[0])
		}
	}
}

func TestFilmsOfARunAreTheSame(t *testing.T) {
	inFolder(t, map[string]string{"a.pxl": "CLS 1\nFRAME\nTXT 3 3 \"two\" 7\nFRAME\nRECT 1 1 9 9 70\nHALT\n"})
	world{}.run(t, "run", "--backend", "cpu", "a.pxl", "--frames", "3", "--gif", "a.gif", "--apng", "a.png", "--pngs", "f%02d.png", "--human", "last.png")
	last := readPNG(t, "last.png")
	if first := readPNG(t, "a.png"); first.Bounds() != last.Bounds() {
		t.Errorf("the film is %v", first.Bounds())
	}
	if img := readPNG(t, "f02.png"); !bytes.Equal(img.Pix, last.Pix) {
		t.Error("the last image is not the picture of the run")
	}
	for i := range 3 {
		if _, err := os.Stat(fmt.Sprintf("f%02d.png", i)); err != nil {
			t.Error(err)
		}
	}
	if g := readGIF(t, "a.gif"); len(g.Image) != 3 {
		t.Errorf("the GIF has %d images", len(g.Image))
	}
}

// A film of a run that ends with an error is kept: it shows what led there.
func TestAFilmOfAnErrorIsKept(t *testing.T) {
	inFolder(t, map[string]string{"a.pxl": "FRAME\nFRAME\nASSERT 0\n"})
	if end := (world{}).run(t, "run", "--backend", "cpu", "a.pxl", "--frames", "9", "--gif", "a.gif"); end.code != exitFailed {
		t.Errorf("exit code %d", end.code)
	}
	if g := readGIF(t, "a.gif"); len(g.Image) != 3 {
		t.Errorf("%d images", len(g.Image))
	}
}

func TestWhatIsNoFilmOfARun(t *testing.T) {
	inFolder(t, map[string]string{"a.pxl": "FRAME\nHALT\n"})
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		world{}.run(t, "run", "--backend", "cpu", "a.pxl", "--webm", "a.webm").want(t, ended{code: exitFailed,
			errout: "gvpie: a.webm: WebM is made by ffmpeg, which is not installed (apt install ffmpeg)\n"})
	}
	for _, tt := range []struct{ flags, want string }{
		{"--gif a.png", "--gif writes a file that ends in .gif, not in .png (a.png)"},
		{"--apng a.gif", "--apng writes a file that ends in .png, not in .gif (a.gif)"},
		{"--webm a.mp4", "--webm writes a file that ends in .webm, not in .mp4 (a.mp4)"},
		{"--human a.jpg", "--human writes a file that ends in .png, not in .jpg (a.jpg)"},
		{"--machine a.gif", "--machine writes a file that ends in .png, not in .gif (a.gif)"},
		{"--pngs f%d.gif", "--pngs writes a file that ends in .png, not in .gif (f%d.gif)"},
		{"--pngs f.png", "--pngs f.png has no one place for the image's number: name the files as in f%04d.png"},
		{"--pngs f%d%s.png", "--pngs f%d%s.png has no one place for the image's number: name the files as in f%04d.png"},
		{"--gif a.gif --fps 51", "--fps 51 is too many for --gif: browsers slow down images that are shown for less than 2/100 s, 50 a second are the most"},
		{"--every 2", "--every, --scale and --fps are of films: say which with --gif, --apng, --webm or --pngs"},
	} {
		end := (world{}).run(t, append([]string{"run", "a.pxl"}, strings.Fields(tt.flags)...)...)
		if line, _, _ := strings.Cut(end.errout, "\n"); end.code != exitUsage || line != "gvpie: "+tt.want {
			t.Errorf("%s: exit code %d, %s", tt.flags, end.code, line)
		}
	}
	if left, _ := filepath.Glob("*.gif"); len(left) > 0 {
		t.Errorf("%v are left", left)
	}
	if end := (world{}).run(t, "run", "--backend", "cpu", "a.pxl", "--gif", "nowhere/a.gif"); end.errout != "gvpie: nowhere/a.gif: there is no such file\n" {
		t.Errorf("a folder that is not there: %q", end.errout)
	}
}

// A file that is not there is told of in the same words by all that read one.
func TestAMissingFileIsToldOfInWords(t *testing.T) {
	for _, args := range []string{
		"run nowhere.pxl", "paint nowhere.png", "import nowhere", "import nowhere.png --sprite sky", "goal add words --target nowhere.png", "goal add words --check nowhere.pxl",
		"improve nowhere.pxl", "prove nowhere.pxl nowhere.pxl", "record nowhere.pxl --frames 1 --out a.pxlrec", "replay nowhere.pxlrec", "compare nowhere.pxlrec nowhere.pxlrec",
	} {
		inFolder(t, nil)
		words := strings.Fields(args)
		if args == "import nowhere" || words[0] == "goal" {
			words = append(words, "--data", t.TempDir())
		}
		got := world{}.run(t, words...)
		if !strings.Contains(got.errout, "there is no such file") || strings.Contains(got.errout, "stat ") || strings.Contains(got.errout, "open ") {
			t.Errorf("%s: %q", args, got.errout)
		}
	}
}
