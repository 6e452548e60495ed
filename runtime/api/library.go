package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/cartridge"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

func (c *request) addCartridge() error {
	req, err := decode[cartridgeRequest](c)
	if err != nil {
		return err
	}
	id := slug(req.Name)
	if req.ID != nil {
		id = *req.ID
	}
	if !cartridgeID.MatchString(id) || agent.IsCartridgeNumber(id) {
		return refuse(http.StatusUnprocessableEntity, "id is a name of a to z, 0 to 9, - and _, at most 64, and not a number")
	}
	return c.putCartridge(id, &req, false)
}

// replaceCartridge gives a cartridge of the folder other contents.
func (c *request) replaceCartridge() error {
	req, err := decode[cartridgeRequest](c)
	if err != nil {
		return err
	}
	id := c.r.PathValue("id")
	if req.ID != nil && *req.ID != id {
		return refuse(http.StatusUnprocessableEntity, "the id of a cartridge does not change")
	}
	if err := writable(id); err != nil {
		return err
	}
	return c.putCartridge(id, &req, true)
}

// writable says whether an id can be of a cartridge in the folder.
func writable(id string) error {
	switch {
	case agent.IsCartridgeNumber(id):
		return refuse(http.StatusConflict, "cartridge %s lies outside the data folder: it is read only", id)
	case !agent.IsCartridgeID(id):
		return refuse(http.StatusNotFound, "there is no cartridge %q", clip(id))
	}
	return nil
}

// slug makes an id of a name.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() == 60 {
			break
		}
	}
	return strings.Trim(b.String(), "-_")
}

// putCartridge makes a cartridge and puts it in the folder, in place of one or
// of none.
func (c *request) putCartridge(id string, req *cartridgeRequest, replace bool) error {
	if err := req.check(); err != nil {
		return err
	}
	root, db, err := c.library()
	if err != nil {
		return err
	}
	defer root.Close()
	leave, err := c.enterFor(int64(16*len(*req.Code)) + 4<<20)
	if err != nil {
		return err
	}
	defer leave() // one that draws a picture is work like a run
	cart, err := c.make(req)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := cart.Write(&file); err != nil {
		if errors.Is(err, cartridge.ErrTooLarge) {
			return refuse(http.StatusUnprocessableEntity, "%v", err)
		}
		return err
	}
	sum, err := cart.Checksum()
	if err != nil {
		return err
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	name := id + cartridgeExt
	_, err = root.Lstat(name)
	switch {
	case err == nil && !replace:
		return refuse(http.StatusConflict, "there is a cartridge %q already", id)
	case errors.Is(err, fs.ErrNotExist) && replace:
		return refuse(http.StatusNotFound, "there is no cartridge %q", id)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := writeWhole(root, name, file.Bytes()); err != nil {
		return err
	}
	row := store.Cartridge{
		Path: agent.CartridgePath(db.Dir(), id), Kind: string(cart.Kind), Checksum: sum,
		Width: int64(cart.Width), Height: int64(cart.Height), CreatedAt: cart.CreatedAt,
	}
	// From here the work is done to its end: file and registry belong together.
	ctx := context.WithoutCancel(c.r.Context())
	if row.ID, err = db.AddCartridge(ctx, row); err != nil {
		return stored(err)
	}
	if row, err = db.CartridgeByIDOrPath(ctx, row.Path); err != nil {
		return stored(err)
	}
	status := http.StatusCreated
	if replace {
		status = http.StatusOK
	}
	answer(c.w, status, cartridgeAnswer{true, rowOf(id, row, cart)})
	return nil
}

func (req *cartridgeRequest) check() error {
	if req.Code == nil || strings.TrimSpace(*req.Code) == "" {
		return refuse(http.StatusUnprocessableEntity, "code is missing")
	}
	if len(*req.Code) > cartridge.MaxSource {
		return refuse(http.StatusUnprocessableEntity, "code is longer than %d bytes", cartridge.MaxSource)
	}
	if strings.TrimSpace(req.Name) == "" {
		return refuse(http.StatusUnprocessableEntity, "name is missing")
	}
	for _, text := range []struct {
		name, value string
		most        int
	}{
		{"name", req.Name, nameMost}, {"version", req.Version, nameMost}, {"author", req.Author, nameMost},
		{"description", req.Description, textMost}, {"tags", strings.Join(req.Tags, ","), textMost},
	} {
		if len(text.value) > text.most {
			return refuse(http.StatusUnprocessableEntity, "%s is longer than %d bytes", text.name, text.most)
		}
	}
	return nil
}

// make makes the cartridge of a request: of a program the machine after its
// first frame, which is its picture; of other text the text.
func (c *request) make(req *cartridgeRequest) (*cartridge.Cartridge, error) {
	out := &cartridge.Cartridge{
		Metadata: cartridge.Metadata{
			Kind: cartridge.Code, Name: req.Name, Author: req.Author, Description: req.Description, Version: req.Version, Tags: req.Tags,
			CreatedAt: time.Now().UTC().Truncate(time.Second), Engine: c.config.Version,
		},
		Source: *req.Code,
	}
	a := pxl.Assemble(sourceName, *req.Code)
	if !a.OK() {
		out.Picture = image.NewRGBA(image.Rect(0, 0, isa.DefaultWidth, isa.DefaultHeight))
		draw.Draw(out.Picture, out.Picture.Rect, image.NewUniform(color.Black), image.Point{}, draw.Src)
		return out, nil
	}
	o := &job{program: a.Program, header: a.Header, human: true}
	if err := c.reserve(o.memory()); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(c.r.Context(), c.limits.run)
	defer cancel()
	err := c.onKind(engine.CPU, a.Header.W*a.Header.H, func(e engine.Engine) (err error) {
		if err = e.Load(ctx, a.Program, isa.DefaultSeed); err != nil {
			return err
		}
		// A program that fails is a cartridge too: it shows how far it came. One
		// that takes too long shows its beginning.
		if _, err = e.Frame(ctx, machine.Input{}, cartridgeBudget); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		if out.Machine, err = e.Snapshot(c.r.Context()); err != nil {
			return err
		}
		out.Picture, err = e.Human(c.r.Context())
		return err
	})
	if c.r.Context().Err() != nil {
		return nil, later(http.StatusServiceUnavailable, 2, "nobody waits for the answer")
	}
	out.Kind, out.Seed, out.Width, out.Height, out.Metadata.Pixel = cartridge.Pixel, isa.DefaultSeed, a.Header.W, a.Header.H, a.Header.Pixel
	return out, err
}

// writeWhole writes a file under a passing name, then gives it its own, so that
// nobody ever sees half of it.
func writeWhole(root *os.Root, name string, b []byte) error {
	part := fmt.Sprintf(".%s.%d", name, time.Now().UnixNano())
	f, err := root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = root.Rename(part, name)
	}
	if err != nil {
		root.Remove(part)
	}
	return err
}

type doneAnswer struct {
	Success bool `json:"success"`
}

// deleteCartridge takes a cartridge off the shelf. Its row stays: the registry
// remembers what there was.
func (c *request) deleteCartridge() error {
	id := c.r.PathValue("id")
	if err := writable(id); err != nil {
		return err
	}
	root, _, err := c.library()
	if err != nil {
		return err
	}
	defer root.Close()
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := root.Remove(id + cartridgeExt); errors.Is(err, fs.ErrNotExist) {
		return refuse(http.StatusNotFound, "there is no cartridge %q", id)
	} else if err != nil {
		return err
	}
	answer(c.w, http.StatusOK, doneAnswer{true})
	return nil
}
