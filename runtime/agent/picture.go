package agent

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"
	"maps"
	"path/filepath"
	"slices"

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

// A pictureCache stores pictures, and remembers which it has stored.
type pictureCache struct {
	store Store
	data  string       // the data folder
	warn  func(string) // tells of a picture that could not be stored
	seen  map[pictureKey]pictures
}

// of stores the pictures of the machine that an engine holds, unless it has seen
// the same before.
func (c *pictureCache) of(ctx context.Context, e engine.Engine, h isa.Header) (p pictures, err error) {
	display, err := e.Read(ctx, machine.DisplayPage)
	if err != nil {
		return p, err
	}
	raw := machine.Bytes(display)
	key := pictureKey{sha256.Sum256(raw), isa.Header{W: h.W, H: h.H, Pixel: h.Pixel}}
	if p, ok := c.seen[key]; ok {
		return p, nil
	}
	human, err := e.Human(ctx)
	if err != nil {
		return p, err
	}
	defer machine.Recycle(human)
	p.screenSum, p.humanSum = hex.EncodeToString(key.sum[:]), digest(human.Pix)
	p.human, err = c.put(human)
	if err == nil {
		p.screen, err = c.put(machine.Codes(display, h.W, h.H))
	}
	if err != nil { // the run is worth keeping without its picture
		c.warn("a picture could not be kept: " + sentence(err))
		return p, nil
	}
	p.path = c.path(p.human)
	if len(c.seen) >= knownPictures {
		clear(c.seen)
	}
	c.seen[key] = p
	return p, nil
}

// forget has every picture stored again, in another database's folder.
func (c *pictureCache) forget() { clear(c.seen) }

// forgetSome has those pictures stored again when a run has them again.
func (c *pictureCache) forgetSome(hashes []string) {
	maps.DeleteFunc(c.seen, func(_ pictureKey, p pictures) bool {
		return slices.Contains(hashes, p.human) || slices.Contains(hashes, p.screen)
	})
}

func (c *pictureCache) put(img image.Image) (string, error) {
	b, err := asPNG(img)
	if err != nil {
		return "", err
	}
	return c.store.PutPicture(b)
}

// asPNG is a picture as it is stored.
func asPNG(img image.Image) ([]byte, error) {
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, fmt.Errorf("writing a picture: %w", err)
	}
	return out.Bytes(), nil
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// path is where a picture lies in the data folder.
func (c *pictureCache) path(hash string) string {
	path, err := filepath.Rel(c.data, c.store.PicturePath(hash))
	if err != nil {
		path = c.store.PicturePath(hash)
	}
	return filepath.ToSlash(path)
}
