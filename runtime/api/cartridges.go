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
	"path/filepath"
	"regexp"
	"strconv"
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

// An id names a cartridge: it is the name of its file without the extension, and
// never anything else. One that is a number names a row of the registry instead,
// whose file may lie anywhere, and is read only.
var cartridgeID = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)

const cartridgeExt = ".png"

// cartridgeBudget is how many cycles the first frame of a program may take when
// a cartridge of it is made.
const cartridgeBudget = 1_000_000

func isNumber(id string) bool {
	_, err := strconv.ParseInt(id, 10, 64)
	return err == nil
}

// shelf gives the folder of cartridges, from which no name can lead out.
func (c *call) shelf() (*os.Root, *store.Store, error) {
	db, err := c.memory()
	if err != nil {
		return nil, nil, err
	}
	folder := agent.CartridgeFolder(db.Dir())
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, nil, err
	}
	root, err := os.OpenRoot(folder)
	return root, db, err
}

// cartridgePath is where the registry says that the cartridge of an id lies.
func cartridgePath(db *store.Store, id string) string {
	folder := agent.CartridgeFolder(db.Dir())
	if abs, err := filepath.Abs(folder); err == nil {
		folder = abs
	}
	return filepath.Join(folder, id+cartridgeExt)
}

// idOf is the id of a registered cartridge: its name when it lies in the folder.
func idOf(db *store.Store, row store.Cartridge) string {
	id := strings.TrimSuffix(filepath.Base(row.Path), cartridgeExt)
	if cartridgeID.MatchString(id) && !isNumber(id) && row.Path == cartridgePath(db, id) {
		return id
	}
	return strconv.FormatInt(row.ID, 10)
}

type cartridgeRow struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Code        string     `json:"code"`
	Version     string     `json:"version"`
	Author      string     `json:"author"`
	Tags        []string   `json:"tags"`
	Kind        string     `json:"kind" doc:"pixel: a machine that runs; code, dataset, prompt: text"`
	Checksum    string     `json:"checksum"`
	Width       int        `json:"width" doc:"canvas, texels; 0 without a machine"`
	Height      int        `json:"height"`
	CreatedAt   *time.Time `json:"created_at"`
	Executed    int64      `json:"executed_count"`
}

type cartridgeAnswer struct {
	Success bool `json:"success"`
	cartridgeRow
}

type cartridgesAnswer struct {
	Success    bool           `json:"success"`
	Cartridges []cartridgeRow `json:"cartridges" doc:"newest first"`
	Next       int64          `json:"next" doc:"before of the next page; 0: this is the last"`
}

type cartridgeRequest struct {
	ID          string   `json:"id" doc:"a name of a–z, 0–9, - and _; default: made from name"`
	Name        string   `json:"name" need:"yes"`
	Description string   `json:"description"`
	Code        *string  `json:"code" need:"yes" doc:"a program, or, where it does not assemble, text"`
	Version     string   `json:"version"`
	Author      string   `json:"author"`
	Tags        []string `json:"tags"`
}

func rowOf(id string, row store.Cartridge, c *cartridge.Cartridge) cartridgeRow {
	tags := c.Tags
	if tags == nil {
		tags = []string{}
	}
	return cartridgeRow{
		id, c.Name, c.Description, c.Source, c.Version, c.Author, tags, string(c.Kind), row.Checksum,
		c.Width, c.Height, when(c.CreatedAt), row.ExecutedCount,
	}
}

func (c *call) getCartridges() error {
	db, err := c.memory()
	if err != nil {
		return err
	}
	// Every cartridge of the page is read whole and verified.
	leave, err := c.enterFor(64 << 20)
	if err != nil {
		return err
	}
	defer leave()
	rows, next, err := pageRows(c, db.Cartridges, func(row store.Cartridge) (*cartridgeRow, int64, int) {
		cart, err := cartridge.Open(row.Path)
		if err != nil { // it was deleted, or changed by somebody else: not on the shelf
			return nil, row.ID, 0
		}
		r := rowOf(idOf(db, row), row, cart)
		return &r, row.ID, len(r.Code)
	})
	if err != nil {
		return err
	}
	out := cartridgesAnswer{true, []cartridgeRow{}, next}
	for _, r := range rows {
		if r != nil {
			out.Cartridges = append(out.Cartridges, *r)
		}
	}
	answer(c.w, http.StatusOK, out)
	return nil
}

// find gives the cartridge that an id names, verified against its checksum.
func (c *call) find(id string) (*cartridge.Cartridge, store.Cartridge, error) {
	none := refuse(http.StatusNotFound, "there is no cartridge %q", clip(id))
	if !cartridgeID.MatchString(id) {
		return nil, store.Cartridge{}, none
	}
	db, err := c.memory()
	if err != nil {
		return nil, store.Cartridge{}, err
	}
	key := cartridgePath(db, id)
	if isNumber(id) {
		key = id
	}
	row, err := db.CartridgeByIDOrPath(c.r.Context(), key)
	if errors.Is(err, store.ErrNotFound) {
		return nil, row, none
	}
	if err != nil {
		return nil, row, stored(err)
	}
	info, err := os.Stat(row.Path)
	if err != nil {
		return nil, row, none
	}
	// The file, its pages, and its picture as it is unpacked.
	if err := c.hold(2*min(info.Size(), cartridge.MaxFile) + 8<<20 + 240*min(row.Width*row.Height, isa.MaxCanvas*isa.MaxCanvas)); err != nil {
		return nil, row, err
	}
	cart, _, err := agent.OpenCartridge(row)
	if err != nil {
		c.log.Warn("a cartridge cannot be used", "path", row.Path, "err", err)
		return nil, row, refuse(http.StatusConflict, "the cartridge %q is damaged, or is not the one that was registered", clip(id))
	}
	return cart, row, nil
}

func (c *call) getCartridge() error {
	id := c.r.PathValue("id")
	cart, row, err := c.find(id)
	if err != nil {
		return err
	}
	answer(c.w, http.StatusOK, cartridgeAnswer{true, rowOf(id, row, cart)})
	return nil
}

func (c *call) addCartridge() error {
	req, err := decode[cartridgeRequest](c)
	if err != nil {
		return err
	}
	if req.ID == "" {
		req.ID = slug(req.Name)
	}
	if !cartridgeID.MatchString(req.ID) || isNumber(req.ID) {
		return refuse(http.StatusUnprocessableEntity, "id is a name of a to z, 0 to 9, - and _, at most 64, and not a number")
	}
	return c.putCartridge(&req, false)
}

// replaceCartridge gives a cartridge of the folder other contents.
func (c *call) replaceCartridge() error {
	req, err := decode[cartridgeRequest](c)
	if err != nil {
		return err
	}
	id := c.r.PathValue("id")
	if req.ID != "" && req.ID != id {
		return refuse(http.StatusUnprocessableEntity, "the id of a cartridge does not change")
	}
	req.ID = id
	if err := writable(id); err != nil {
		return err
	}
	return c.putCartridge(&req, true)
}

// writable says whether an id can be of a cartridge in the folder.
func writable(id string) error {
	switch {
	case !cartridgeID.MatchString(id):
		return refuse(http.StatusNotFound, "there is no cartridge %q", clip(id))
	case isNumber(id):
		return refuse(http.StatusConflict, "cartridge %s lies outside the data folder: it is read only", id)
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
func (c *call) putCartridge(req *cartridgeRequest, replace bool) error {
	if err := req.check(); err != nil {
		return err
	}
	root, db, err := c.shelf()
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
	c.shelving.Lock()
	defer c.shelving.Unlock()
	name := req.ID + cartridgeExt
	_, err = root.Lstat(name)
	switch {
	case err == nil && !replace:
		return refuse(http.StatusConflict, "there is a cartridge %q already", req.ID)
	case errors.Is(err, fs.ErrNotExist) && replace:
		return refuse(http.StatusNotFound, "there is no cartridge %q", req.ID)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := writeWhole(root, name, file.Bytes()); err != nil {
		return err
	}
	row := store.Cartridge{
		Path: cartridgePath(db, req.ID), Kind: string(cart.Kind), Checksum: sum,
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
	answer(c.w, status, cartridgeAnswer{true, rowOf(req.ID, row, cart)})
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
func (c *call) make(req *cartridgeRequest) (*cartridge.Cartridge, error) {
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
	o := &order{program: a.Program, header: a.Header, human: true}
	if err := c.hold(o.memory()); err != nil {
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
func (c *call) deleteCartridge() error {
	id := c.r.PathValue("id")
	if err := writable(id); err != nil {
		return err
	}
	root, _, err := c.shelf()
	if err != nil {
		return err
	}
	defer root.Close()
	c.shelving.Lock()
	defer c.shelving.Unlock()
	if err := root.Remove(id + cartridgeExt); errors.Is(err, fs.ErrNotExist) {
		return refuse(http.StatusNotFound, "there is no cartridge %q", id)
	} else if err != nil {
		return err
	}
	answer(c.w, http.StatusOK, doneAnswer{true})
	return nil
}

type executeRequest struct {
	Code      string `json:"code" need:"yes" doc:"the id of a cartridge"`
	Backend   string `json:"backend" doc:"GPU, CPU or Auto, in any case; default Auto"`
	MaxCycles whole  `json:"max_cycles" doc:"cycles the whole run may take, default 1000000"`
	Frames    whole  `json:"frames" doc:"the run ends at this FRAME, default the first"`
}

type executeAnswer struct {
	Success    bool    `json:"success"`
	Output     string  `json:"output" doc:"what it logged, or what it did"`
	Error      *string `json:"error"`
	Backend    string  `json:"backend"`
	Cycles     uint64  `json:"cycles_executed"`
	DurationMS float64 `json:"duration_ms"`
}

// execute runs a cartridge from the beginning.
func (c *call) execute() error {
	req, err := decode[executeRequest](c)
	if err != nil {
		return err
	}
	o := &order{}
	if o.backend, err = parseBackend(req.Backend); err != nil {
		return err
	}
	cycles, err := req.MaxCycles.in("max_cycles", 1, maxCycles, cartridgeBudget)
	if err != nil {
		return err
	}
	frames, err := req.Frames.in("frames", 1, maxFrames, 1)
	if err != nil {
		return err
	}
	o.cycles, o.frames = uint32(cycles), int(frames)
	leave, err := c.enterFor(0)
	if err != nil {
		return err
	}
	defer leave()
	cart, row, err := c.find(req.Code)
	if err != nil {
		return err
	}
	if cart.Machine == nil {
		return refuse(http.StatusUnprocessableEntity, "the cartridge %q holds text that is no program: it cannot be run", clip(req.Code))
	}
	o.program, o.seed = cart.Machine.Program, cart.Seed
	if o.seed == 0 {
		o.seed = isa.DefaultSeed
	}
	if o.header, err = o.program.Header(); err != nil {
		return refuse(http.StatusConflict, "the cartridge %q: %v", clip(req.Code), err)
	}
	if a := pxl.Assemble(sourceName, cart.Source); a.OK() && equalWords(a.Program, o.program) {
		o.assembly = a // it knows the lines
	}
	out, _, err := c.perform(nil, o)
	if err != nil {
		return err
	}
	if err := c.config.Store.CountExecuted(context.WithoutCancel(c.r.Context()), row.ID); err != nil {
		return stored(err)
	}
	text := out.Log
	if text == "" {
		text = fmt.Sprintf("%s: %s after %d cycles on the %s", cart.Name, out.Status, out.CyclesExecuted, out.Backend)
	}
	answer(c.w, http.StatusOK, executeAnswer{out.Success, text, out.Error, out.Backend, out.CyclesExecuted, out.ExecutionTimeMS})
	return nil
}

func equalWords(a, b isa.Program) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
