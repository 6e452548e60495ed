package agent

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"
	"path/filepath"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// pictures are the two textures a run left, as they are known in the store.
type pictures struct {
	human, screen       string // content hashes of the PNGs
	humanSum, screenSum string // SHA-256 of the raw bytes
	path                string // of the human PNG, in the data folder
}

// knownPictures is how many different pictures the loop remembers having stored.
const knownPictures = 256

// A pictureKey names a picture: the human texture is made of the display page and of
// nothing else, so the same codes on the same kind of canvas look the same.
type pictureKey struct {
	sum    [sha256.Size]byte
	header isa.Header
}

// look stores the pictures of the machine that an engine holds, unless it has
// seen the same before.
func (a *Agent) look(ctx context.Context, e engine.Engine, h isa.Header) (p pictures, err error) {
	display, err := e.Read(ctx, machine.DisplayPage)
	if err != nil {
		return p, err
	}
	raw := machine.Bytes(display)
	key := pictureKey{sha256.Sum256(raw), isa.Header{W: h.W, H: h.H, Pixel: h.Pixel}}
	if p, ok := a.seen[key]; ok {
		return p, nil
	}
	human, err := e.Human(ctx)
	if err != nil {
		return p, err
	}
	p.screenSum, p.humanSum = hex.EncodeToString(key.sum[:]), digest(human.Pix)
	p.human, err = a.putPicture(human)
	if err == nil {
		p.screen, err = a.putPicture(machine.Codes(display, h.W, h.H))
	}
	if err != nil { // the run is worth keeping without its picture
		a.warn("a picture could not be kept: " + sentence(err))
		return p, nil
	}
	p.path = a.picturePath(p.human)
	if len(a.seen) >= knownPictures {
		clear(a.seen)
	}
	a.seen[key] = p
	return p, nil
}

func (a *Agent) putPicture(img image.Image) (string, error) {
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return "", fmt.Errorf("writing a picture: %w", err)
	}
	return a.store.PutPicture(out.Bytes())
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// picturePath is where a picture lies in the data folder.
func (a *Agent) picturePath(hash string) string {
	path, err := filepath.Rel(a.cfg.Data, a.store.PicturePath(hash))
	if err != nil {
		path = a.store.PicturePath(hash)
	}
	return filepath.ToSlash(path)
}
