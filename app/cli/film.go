package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gvpie/runtime/engine"
	"gvpie/runtime/film"
)

// filmFlags say what films a run makes.
type filmFlags struct {
	gif, apng, webm, pngs string // files; "" for none
	every                 int    // of so many frames one image
	scale                 int
	fps                   int // 0: as the format has it
}

// How many images a second are shown when nothing is said.
const (
	gifRate  = 50 // the most that browsers take
	filmRate = 60
)

func (f *filmFlags) add(fs *flag.FlagSet) {
	f.every, f.scale = 1, 1
	fs.StringVar(&f.gif, "gif", "", "write the frames as a film to `OUT.gif`")
	fs.StringVar(&f.apng, "apng", "", "write the frames as a film to `OUT.png`")
	fs.StringVar(&f.webm, "webm", "", "write the frames as a film to `OUT.webm`; needs ffmpeg")
	fs.StringVar(&f.pngs, "pngs", "", "write each frame to a file of its own, such as `f%04d.png`")
	fs.Func("every", "film: take the first of every `K` frames, default 1", number(1, math.MaxInt32, func(n int64) { f.every = int(n) }))
	fs.Func("scale", "film: a pixel of the texture becomes `S` pixels wide and high, default 1", number(1, 64, func(n int64) { f.scale = int(n) }))
	fs.Func("fps", fmt.Sprintf("film: show `F` images a second, default %d, of a GIF %d, which is the most it can", filmRate, gifRate), number(1, 1000, func(n int64) { f.fps = int(n) }))
}

// check says what is wrong with the flags.
func (f *filmFlags) check() error {
	if f.gif != "" && f.fps > film.MaxGIFRate {
		return usagef("--fps %d is too many for --gif: browsers slow down images that are shown for less than 2/100 s, %d a second are the most", f.fps, film.MaxGIFRate)
	}
	if f.pngs != "" && !numbered.MatchString(f.pngs) {
		return usagef("--pngs %s has no one place for the image's number: name the files as in f%%04d.png", f.pngs)
	}
	if f.gif == "" && f.apng == "" && f.webm == "" && f.pngs == "" && (f.every != 1 || f.scale != 1 || f.fps != 0) {
		return usagef("--every, --scale and --fps are of films: say which with --gif, --apng, --webm or --pngs")
	}
	return errors.Join(ending("--gif", f.gif, ".gif"), ending("--apng", f.apng, ".png", ".apng"), ending("--webm", f.webm, ".webm"), ending("--pngs", f.pngs, ".png"))
}

// numbered is a file name with one number in it.
var numbered = regexp.MustCompile(`^[^%]*%(0?[1-9])?d[^%]*$`)

// ending says that a file that a flag names has an ending of another kind than will be
// written to it. A name without one is as good as any, and so is what is there and no
// file, such as a device.
func ending(flag, path string, own ...string) error {
	ext := filepath.Ext(path)
	if ext == "" || slices.ContainsFunc(own, func(e string) bool { return strings.EqualFold(e, ext) }) {
		return nil
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil
	}
	return usagef("%s writes a file that ends in %s, not in %s (%s)", flag, own[0], ext, path)
}

// run is engine.Run, with the films that are asked for.
func (f *filmFlags) run(c *invocation, e engine.Engine, o engine.RunOptions) (r engine.Result, err error) {
	var films []film.Writer
	o.After = func(frame int) error {
		if len(films) == 0 || frame%f.every != 0 {
			return nil
		}
		img, err := e.Human(c.ctx)
		for _, w := range films {
			if err == nil {
				err = w.Add(img)
			}
		}
		return err
	}
	use := func() (err error) {
		r, err = engine.Run(c.ctx, e, o)
		return err
	}
	for _, to := range []struct {
		path  string
		rate  int
		begin func(io.Writer, film.Options) (film.Writer, error)
	}{
		{f.gif, gifRate, func(w io.Writer, o film.Options) (film.Writer, error) { return film.NewGIF(w, o) }},
		{f.apng, filmRate, func(w io.Writer, o film.Options) (film.Writer, error) { return film.NewAPNG(w, o), nil }},
		{f.webm, filmRate, func(w io.Writer, o film.Options) (film.Writer, error) { return newWebM(c.ctx, w, o) }},
	} {
		if to.path == "" {
			continue
		}
		if f.fps > 0 {
			to.rate = f.fps
		}
		inner := use
		use = func() (err error) {
			return writeFilm(to.path, func(file io.Writer) (film.Writer, error) {
				return to.begin(file, film.Options{Rate: to.rate, Scale: f.scale})
			}, &films, inner)
		}
	}
	if f.pngs != "" {
		films = append(films, &numberedPNGs{pattern: f.pngs, scale: f.scale})
	}
	return r, use()
}

// writeFilm writes a file with the film that is begun in it, of the images that use adds
// to the films. The file is replaced only by a whole one.
func writeFilm(path string, begin func(io.Writer) (film.Writer, error), films *[]film.Writer, use func() error) error {
	var failed error // of use, which is nothing to do with this file
	err := writeFile(path, 0o644, func(file io.Writer) error {
		w, err := begin(file)
		if err != nil {
			return err
		}
		*films = append(*films, named{w, path})
		if failed = use(); failed != nil {
			w.Close() // what it holds besides the file, which is not kept
			return failed
		}
		return w.Close()
	})
	if failed != nil {
		return failed
	}
	return err
}

// named is a film whose errors are those of a file.
type named struct {
	film.Writer
	path string
}

func (n named) Add(img *image.RGBA) error {
	if err := n.Writer.Add(img); err != nil {
		return &fileError{n.path, reason(err), err}
	}
	return nil
}

// numberedPNGs are a film of files.
type numberedPNGs struct {
	pattern  string
	scale, n int
}

func (p *numberedPNGs) Add(img *image.RGBA) error {
	path := fmt.Sprintf(p.pattern, p.n)
	p.n++
	large, err := film.Enlarge(img, p.scale)
	if err != nil {
		return &fileError{path, err.Error(), err}
	}
	return writePNG(path, large)
}

func (p *numberedPNGs) Close() error { return nil }

// A webmFile is a film that ffmpeg makes in a file of its own, since it goes back in it.
type webmFile struct {
	*film.WebM
	temp string
	to   io.Writer
}

func newWebM(ctx context.Context, to io.Writer, o film.Options) (film.Writer, error) {
	dir, err := os.MkdirTemp("", "gvpie-webm-")
	if err != nil {
		return nil, err
	}
	temp := filepath.Join(dir, "film.webm")
	w, err := film.NewWebM(ctx, temp, o)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &webmFile{w, temp, to}, nil
}

func (w *webmFile) Close() error {
	defer os.RemoveAll(filepath.Dir(w.temp))
	if err := w.WebM.Close(); err != nil {
		return err
	}
	f, err := os.Open(w.temp)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w.to, f)
	return err
}
