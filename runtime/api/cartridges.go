package api

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/cartridge"
	"gvpie/runtime/isa"
	"gvpie/runtime/store"
)

// An id names a cartridge: see [agent.CartridgeID]. One that is a number names a row
// of the registry, whose file may lie anywhere, and is read only. Those made here have
// names that need no escape in a URL.
var cartridgeID = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)

const cartridgeExt = ".png"

// cartridgeBudget is how many cycles the first frame of a program may take when
// a cartridge of it is made.
const cartridgeBudget = 1_000_000

// library gives the folder of cartridges, from which no name can lead out.
func (c *request) library() (*os.Root, *store.Store, error) {
	db, err := c.database()
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

type cartridgeRow struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Code        string     `json:"code" doc:"in a list only where it has at most 16384 bytes, else empty"`
	CodeBytes   int        `json:"code_bytes"`
	Version     string     `json:"version"`
	Author      string     `json:"author"`
	Tags        []string   `json:"tags"`
	Kind        string     `json:"kind" doc:"pixel: a machine that runs; code, dataset, prompt: text"`
	Checksum    string     `json:"checksum"`
	Width       int        `json:"width" doc:"canvas, texels; 0 without a machine"`
	Height      int        `json:"height"`
	CreatedAt   *time.Time `json:"created_at"`
	Executed    int64      `json:"executed_count"`
	Remark      string     `json:"remark" doc:"what other programs have added to its file, which does it no harm; empty: nothing"`
}

type cartridgeAnswer struct {
	Success bool `json:"success"`
	cartridgeRow
}

type cartridgeRequest struct {
	ID          *string  `json:"id" doc:"a name of a–z, 0–9, - and _; default: made from name"`
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
		id, c.Name, c.Description, c.Source, len(c.Source), c.Version, c.Author, tags, string(c.Kind), row.Checksum,
		c.Width, c.Height, when(c.CreatedAt), row.ExecutedCount, c.Remark(),
	}
}

func (c *request) getCartridges() error {
	db, err := c.database()
	if err != nil {
		return err
	}
	// Every cartridge of the page that is not known yet is read whole and verified.
	leave, err := c.enterFor(64 << 20)
	if err != nil {
		return err
	}
	defer leave()
	page, err := c.pageOf(pageMost)
	if err != nil {
		return err
	}
	rows, next, err := rowsOf(c, page, db.Cartridges, func(row store.Cartridge) (*cartridgeRow, int64) {
		return c.listed.row(agent.CartridgeID(db.Dir(), row), row), row.ID
	})
	if err != nil {
		return err
	}
	out := []cartridgeRow{}
	for _, r := range rows {
		if r != nil {
			out = append(out, *r)
		}
	}
	// The answer is a plain list, so the page after it is a link (RFC 8288).
	if next != 0 {
		c.w.Header().Set("Link", fmt.Sprintf(`</api/cartridges?before=%d&limit=%d>; rel="next"`, next, page.Limit))
	}
	answer(c.w, http.StatusOK, out)
	return nil
}

// find gives the cartridge that an id names, verified against its checksum.
func (c *request) find(id string) (*cartridge.Cartridge, store.Cartridge, error) {
	none := refuse(http.StatusNotFound, "there is no cartridge %q", clip(id))
	if !agent.IsCartridgeID(id) && !agent.IsCartridgeNumber(id) {
		return nil, store.Cartridge{}, none
	}
	db, err := c.database()
	if err != nil {
		return nil, store.Cartridge{}, err
	}
	key := agent.CartridgePath(db.Dir(), id)
	if agent.IsCartridgeNumber(id) {
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
	if err := c.reserve(2*min(info.Size(), cartridge.MaxFile) + 8<<20 + 240*min(row.Width*row.Height, isa.MaxCanvas*isa.MaxCanvas)); err != nil {
		return nil, row, err
	}
	cart, _, err := agent.OpenCartridge(row)
	if err != nil {
		c.log.Warn("a cartridge cannot be used", "path", row.Path, "err", err)
		why := "it is not the one that was registered"
		if wrong := (*cartridge.Error)(nil); errors.As(err, &wrong) {
			why = wrong.Error()
		}
		return nil, row, refuse(http.StatusConflict, "the cartridge %q cannot be used: %s", clip(id), why)
	}
	return cart, row, nil
}

func (c *request) getCartridge() error {
	id := c.r.PathValue("id")
	cart, row, err := c.find(id)
	if err != nil {
		return err
	}
	answer(c.w, http.StatusOK, cartridgeAnswer{true, rowOf(id, row, cart)})
	return nil
}
