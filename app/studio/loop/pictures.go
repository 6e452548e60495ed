package loop

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/draw"
	"image/png"
	"slices"
	"sync"

	"gvpie/app/studio/mailbox"
	"gvpie/runtime/agent"
	"gvpie/runtime/cartridge"
	"gvpie/runtime/store"
)

// PictureKey names a stored picture: by its content hash, or a cartridge's by its
// path. Small asks for one no wider than ThumbSide.
type PictureKey struct {
	Hash  string
	Path  string
	Small bool
}

// ThumbSide bounds a thumbnail, in pixels.
const ThumbSide = 192

// maxPictures bounds the decoded pictures; a large one takes 1.5 MB.
const maxPictures = 64

// pictures is a cache of decoded pictures. The window asks, a background
// goroutine decodes; what was asked for last comes first.
type pictures struct {
	cache map[PictureKey]*cachedPicture
	uses  uint64

	queue *pictureQueue
}

type cachedPicture struct {
	img  *image.RGBA // nil while it is being decoded, or when it cannot be
	err  error
	used uint64
}

// pictureQueue is what is to be decoded, the newest last.
type pictureQueue struct {
	mu    sync.Mutex
	keys  []PictureKey
	added mailbox.Latest[struct{}]
}

func newPictures() pictures {
	return pictures{cache: map[PictureKey]*cachedPicture{}, queue: &pictureQueue{added: mailbox.New[struct{}]()}}
}

// Picture is a stored picture; nil until it has been decoded, or when it cannot
// be, which err then says. It is never changed.
func (p *pictures) Picture(k PictureKey) (*image.RGBA, error) {
	if k.Hash == "" && k.Path == "" {
		return nil, nil
	}
	p.uses++
	if c := p.cache[k]; c != nil {
		c.used = p.uses
		return c.img, c.err
	}
	p.cache[k] = &cachedPicture{used: p.uses}
	p.evict()
	for _, dropped := range p.queue.push(k) {
		delete(p.cache, dropped) // asked for again when it is looked at again
	}
	return nil, nil
}

// evict forgets the pictures that were not looked at for longest.
func (p *pictures) evict() {
	for len(p.cache) > maxPictures {
		var oldest PictureKey
		least := p.uses
		for k, c := range p.cache {
			if c.used < least {
				oldest, least = k, c.used
			}
		}
		delete(p.cache, oldest)
	}
}

// take takes in a picture that was decoded, unless it has been forgotten since.
func (p *pictures) take(k PictureKey, img *image.RGBA, err error) {
	if c := p.cache[k]; c != nil {
		c.img, c.err = img, err
	}
}

// serve decodes pictures; one goroutine.
func (p *pictures) serve(b *background, s *store.Store) {
	for b.ctx.Err() == nil {
		k, ok := p.queue.pop()
		if !ok {
			select {
			case <-b.ctx.Done():
			case <-p.queue.added.C:
			}
			continue
		}
		img, err := readPicture(b.ctx, s, k)
		b.window.Post(func() { p.take(k, img, err) })
	}
}

// push asks for a picture. The queue is as long as the cache: what it drops, long
// scrolled away, is returned.
func (q *pictureQueue) push(k PictureKey) (dropped []PictureKey) {
	q.mu.Lock()
	q.keys = append(q.keys, k)
	if long := len(q.keys) - maxPictures; long > 0 {
		dropped = slices.Clone(q.keys[:long])
		q.keys = slices.Delete(q.keys, 0, long)
	}
	q.mu.Unlock()
	q.added.Offer(struct{}{})
	return dropped
}

// pop takes the newest.
func (q *pictureQueue) pop() (k PictureKey, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := len(q.keys)
	if n == 0 {
		return k, false
	}
	k, q.keys = q.keys[n-1], q.keys[:n-1]
	return k, true
}

func readPicture(ctx context.Context, st *store.Store, k PictureKey) (*image.RGBA, error) {
	var img *image.RGBA
	if k.Path != "" {
		c, err := cartridge.Open(k.Path)
		if err != nil {
			return nil, err
		}
		img = c.Picture
	} else {
		b, _, err := agent.Picture(ctx, st, k.Hash)
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

var errTooLarge = errors.New("the picture is too large to be shown")

func decodePNG(b []byte) (*image.RGBA, error) {
	c, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	if c.Width > maxPixels/c.Height {
		return nil, errTooLarge
	}
	src, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	if img, ok := src.(*image.RGBA); ok {
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
		y0, y1 := y*h/oh, (y+1)*h/oh
		for x := range ow {
			x0, x1 := x*w/ow, (x+1)*w/ow
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
