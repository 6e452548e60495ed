package film

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os/exec"
	"strings"
)

// ErrNoFFmpeg is the error of a film that only ffmpeg makes, where there is none.
var ErrNoFFmpeg = errors.New("WebM is made by ffmpeg, which is not installed (apt install ffmpeg)")

// A WebM is a film that ffmpeg encodes, as VP9. Its colours are near, not exact.
type WebM struct {
	ctx   context.Context
	path  string
	o     Options
	size  image.Point
	cmd   *exec.Cmd
	in    io.WriteCloser
	wrong bytes.Buffer // what ffmpeg says
}

// NewWebM begins a film in a file, which is replaced. What is there after an error, or
// once the context has ended, is no film.
func NewWebM(ctx context.Context, path string, o Options) (*WebM, error) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		return nil, ErrNoFFmpeg
	}
	return &WebM{ctx: ctx, path: path, o: o}, nil
}

// Add appends an image.
func (v *WebM) Add(img *image.RGBA) error {
	size := img.Rect.Size()
	if v.cmd == nil {
		if err := v.start(size); err != nil {
			return err
		}
	}
	if size != v.size {
		return otherSize(size, v.size)
	}
	for y := range size.Y {
		if _, err := v.in.Write(img.Pix[img.Stride*y:][:4*size.X]); err != nil {
			return v.end(err)
		}
	}
	return nil
}

// Close ends the film.
func (v *WebM) Close() error {
	if v.cmd == nil {
		return ErrEmpty
	}
	return v.end(nil)
}

func (v *WebM) start(size image.Point) (err error) {
	if err := fits(size, v.o.Scale); err != nil {
		return err
	}
	v.size = size
	v.cmd = exec.CommandContext(v.ctx, "ffmpeg", "-loglevel", "error", "-nostdin", "-y",
		"-f", "rawvideo", "-pixel_format", "rgba", "-video_size", fmt.Sprintf("%dx%d", size.X, size.Y), "-framerate", fmt.Sprint(v.o.Rate), "-i", "-",
		"-vf", fmt.Sprintf("scale=iw*%d:ih*%[1]d:flags=neighbor", v.o.Scale),
		"-c:v", "libvpx-vp9", "-crf", "18", "-b:v", "0", "-row-mt", "1", "-cpu-used", "4", "-pix_fmt", "yuv420p", "-f", "webm", "file:"+v.path)
	v.cmd.Stderr = &v.wrong
	if v.in, err = v.cmd.StdinPipe(); err != nil {
		return err
	}
	return v.cmd.Start()
}

// end waits for ffmpeg. What it says of an error is more than what a pipe does.
func (v *WebM) end(err error) error {
	v.in.Close()
	if e := v.cmd.Wait(); e != nil {
		err = e
	}
	if v.ctx.Err() != nil {
		return v.ctx.Err()
	}
	if said, _, _ := strings.Cut(strings.TrimSpace(v.wrong.String()), "\n"); err != nil && said != "" {
		return fmt.Errorf("ffmpeg: %s", said)
	}
	if err != nil {
		return fmt.Errorf("ffmpeg: %w", err)
	}
	return nil
}
