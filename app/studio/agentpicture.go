package studio

import (
	"bytes"
	"errors"
	"image"
	"image/draw"
	"image/png"
	"slices"
	"sync"

	"gvpie/runtime/cartridge"
	"gvpie/runtime/store"
)

// PictureKey names a kept picture: by its content hash, or a cartridge's by its
// path. Small asks for one no wider than ThumbSide.
type PictureKey struct {
	Hash  string
	Path  string
	Small bool
}

// ThumbSide bounds a thumbnail, in pixels.
const ThumbSide = 192

// picturesKept bounds the decoded pictures; a large one takes 1.5 MB.
const picturesKept = 64

// A pictureShelf holds decoded pictures. The window asks, a background goroutine
// decodes; what was asked for last comes first.
type pictureShelf struct {
	kept map[PictureKey]*keptPicture
	use  uint64

	mu     sync.Mutex
	wanted []PictureKey
	ping   latest[struct{}]
}

type keptPicture struct {
	img  *image.RGBA // nil while it is being decoded, or when it cannot be
	err  error
	used uint64
}

func (s *pictureShelf) init() {
	s.kept, s.ping = map[PictureKey]*keptPicture{}, newLatest[struct{}]()
}

// Picture is a kept picture; nil until it has been decoded, or when it cannot be,
// which err then says. It is never changed.
func (a *Agent) Picture(k PictureKey) (*image.RGBA, error) {
	if a == nil || a.store == nil || k.Hash == "" && k.Path == "" {
		return nil, nil
	}
	s := &a.pics
	s.use++
	if p := s.kept[k]; p != nil {
		p.used = s.use
		return p.img, p.err
	}
	s.kept[k] = &keptPicture{used: s.use}
	s.drop()
	s.mu.Lock()
	s.wanted = append(s.wanted, k)
	s.mu.Unlock()
	s.ping.offer(struct{}{})
	return nil, nil
}

// drop forgets the pictures that were not looked at for longest.
func (s *pictureShelf) drop() {
	for len(s.kept) > picturesKept {
		var oldest PictureKey
		least := s.use
		for k, p := range s.kept {
			if p.used < least {
				oldest, least = k, p.used
			}
		}
		delete(s.kept, oldest)
	}
}

// fetch decodes pictures; one goroutine.
func (a *Agent) fetch(st *store.Store) {
	s := &a.pics
	for {
		s.mu.Lock()
		var k PictureKey
		n := len(s.wanted)
		if n > 0 {
			k, s.wanted = s.wanted[n-1], s.wanted[:n-1]
			if len(s.wanted) > picturesKept { // long scrolled away
				s.wanted = slices.Delete(s.wanted, 0, len(s.wanted)-picturesKept)
			}
		}
		s.mu.Unlock()
		if n == 0 {
			select {
			case <-a.ctx.Done():
				return
			case <-s.ping.ch:
			}
			continue
		}
		if a.ctx.Err() != nil {
			return
		}
		img, err := readPicture(st, k)
		a.tell(func(a *Agent) {
			if p := a.pics.kept[k]; p != nil {
				p.img, p.err = img, err
			}
		})
	}
}

func readPicture(st *store.Store, k PictureKey) (*image.RGBA, error) {
	var img *image.RGBA
	if k.Path != "" {
		c, err := cartridge.Open(k.Path)
		if err != nil {
			return nil, err
		}
		img = c.Picture
	} else {
		b, err := st.Picture(k.Hash)
		if err != nil {
			return nil, err
		}
		if img, err = decodePNG(b); err != nil {
			return nil, err
		}
	}
	if k.Small {
		img = shrink(img, ThumbSide)
	}
	return img, nil
}

// maxPixels bounds a picture that is decoded: four times the largest canvas.
const maxPixels = 64 << 20

func decodePNG(b []byte) (*image.RGBA, error) {
	c, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > maxPixels/c.Height {
		return nil, errors.New("the picture is too large to be shown")
	}
	src, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	if img, ok := src.(*image.RGBA); ok && img.Rect.Min == (image.Point{}) {
		return img, nil
	}
	img := image.NewRGBA(image.Rect(0, 0, src.Bounds().Dx(), src.Bounds().Dy()))
	draw.Draw(img, img.Rect, src, src.Bounds().Min, draw.Src)
	return img, nil
}

// shrink gives a picture no side of which is longer than side, each pixel the
// mean of those it stands for; a small picture as it is.
func shrink(src *image.RGBA, side int) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	if w <= side && h <= side {
		return src
	}
	ow, oh := side, max(1, h*side/w)
	if h > w {
		ow, oh = max(1, w*side/h), side
	}
	out := image.NewRGBA(image.Rect(0, 0, ow, oh))
	for y := range oh {
		y0, y1 := y*h/oh, max(y*h/oh+1, (y+1)*h/oh)
		for x := range ow {
			x0, x1 := x*w/ow, max(x*w/ow+1, (x+1)*w/ow)
			var sum [4]int
			for sy := y0; sy < y1; sy++ {
				row := src.Pix[sy*src.Stride+4*x0 : sy*src.Stride+4*x1]
				for i, v := range row {
					sum[i%4] += int(v)
				}
			}
			n := (y1 - y0) * (x1 - x0)
			for i, v := range sum {
				out.Pix[y*out.Stride+4*x+i] = uint8(v / n)
			}
		}
	}
	return out
}
