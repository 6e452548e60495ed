package api

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"sync"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/store"
)

// maxShown is how many pixels the live picture of a human texture has at most;
// a larger texture is shown smaller.
const maxShown = 4 << 20

// encodePNG encodes for a picture that is looked at once: fast before small.
func encodePNG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	err := e.Encode(&b, img)
	return b.Bytes(), err
}

// human is the human texture of a display page, or a smaller picture of it where
// it is very large.
func human(p isa.Program, display []uint32) (*image.RGBA, error) {
	m, err := machine.New(p, isa.DefaultSeed)
	if err != nil {
		return nil, err
	}
	s := m.Snapshot()
	s.Display = display
	if m, err = machine.FromSnapshot(s); err != nil {
		return nil, err
	}
	w, h := machine.HumanSize(m.Header())
	scale := 1
	for w/scale*(h/scale) > maxShown {
		scale *= 2
	}
	if scale == 1 {
		return m.Human(), nil
	}
	v := machine.View{Texture: machine.HumanTexture, Width: w / scale, Height: h / scale, Scale: 1 / float32(scale)}
	img := image.NewRGBA(image.Rect(0, 0, v.Width, v.Height))
	return img, m.Present(img, v)
}

// A lastRun keeps the picture of the last run over HTTP, as words: it is drawn
// when somebody looks.
type lastRun struct {
	mu      sync.Mutex
	program isa.Program
	display []uint32
	at      time.Time
}

// set keeps what nobody changes any more.
func (l *lastRun) set(p isa.Program, display []uint32) {
	l.mu.Lock()
	l.program, l.display, l.at = p, display, time.Now()
	l.mu.Unlock()
}

func (l *lastRun) get() (isa.Program, []uint32, time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.program, l.display, l.at
}

// canvas answers one of the two textures of what runs now: the window's program,
// or, without a window, of the last run, whoever asked for it.
func (c *request) canvas(wantHuman bool) error {
	leave, err := c.enterFor(64 << 20) // the largest picture, encoded, and a machine around it
	if err != nil {
		return err
	}
	defer leave()
	b, err := c.livePicture(wantHuman)
	if err != nil {
		return err
	}
	send(c.w, http.StatusOK, pngMedia, b)
	return nil
}

func (c *request) livePicture(wantHuman bool) ([]byte, error) {
	if c.config.Canvas != nil {
		now, ok, err := c.config.Canvas(c.r.Context())
		if err != nil {
			c.log.Debug("the window's canvas is not to be had", "err", err)
			return nil, later(http.StatusServiceUnavailable, 1, "the window is busy; try again in a moment")
		}
		if ok && wantHuman {
			return encodePNG(now.Human)
		}
		if ok {
			return encodePNG(now.Machine)
		}
	}
	p, display, at := c.last.get()
	if b, err := c.loopPicture(at, wantHuman); b != nil || err != nil {
		return b, err
	}
	if p == nil {
		return nil, refuse(http.StatusNotFound, "nothing has run yet")
	}
	if wantHuman {
		img, err := human(p, display)
		if err != nil {
			return nil, err
		}
		return encodePNG(img)
	}
	h, err := p.Header()
	if err != nil {
		return nil, err
	}
	return encodePNG(machine.Codes(display, h.W, h.H))
}

// loopPicture is the picture of the loop's newest run that has one, if that ended
// after a time; else nil.
func (c *request) loopPicture(after time.Time, wantHuman bool) ([]byte, error) {
	if c.config.Store == nil {
		return nil, nil
	}
	runs, err := c.config.Store.RunList(c.r.Context(), store.Page{Limit: 8})
	if err != nil {
		return nil, stored(err)
	}
	for _, r := range runs {
		hash := r.MachinePNG
		if wantHuman {
			hash = r.HumanPNG
		}
		if hash == "" || r.FinishedAt.IsZero() {
			continue
		}
		if !r.FinishedAt.After(after) {
			return nil, nil
		}
		b, _, err := agent.Picture(c.r.Context(), c.config.Store, hash)
		if err != nil && !store.Whole(err) { // it is to be had no more
			continue
		}
		return b, stored(err)
	}
	return nil, nil
}

func canvasHuman(c *request) error   { return c.canvas(true) }
func canvasMachine(c *request) error { return c.canvas(false) }
