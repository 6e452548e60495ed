package agent

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gvpie/runtime/cartridge"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/include"
	"gvpie/runtime/store"
)

// CartridgeFolder is where a data folder keeps its cartridges.
func CartridgeFolder(data string) string { return filepath.Join(data, "cartridges") }

// cartridgeExt ends the name of a cartridge's file.
const cartridgeExt = ".png"

// IsCartridgeID says whether a text can be the id of a cartridge in the data folder:
// the name of its file without .png. A number is none: it is that of a row of the
// registry.
func IsCartridgeID(id string) bool {
	return id != "" && len(id) <= 128 && id == strings.TrimSpace(id) && id[0] != '.' && utf8.ValidString(id) && !IsCartridgeNumber(id) &&
		!strings.ContainsFunc(id, func(r rune) bool { return r == '/' || r == '\\' || r == ':' || !unicode.IsPrint(r) })
}

// IsCartridgeNumber says whether a text can be the number of a cartridge's row.
func IsCartridgeNumber(text string) bool {
	_, err := strconv.ParseInt(text, 10, 64)
	return err == nil
}

// CartridgePath is where the cartridge of an id lies, absolute as the registry has
// it.
func CartridgePath(data, id string) string {
	folder := CartridgeFolder(data)
	if abs, err := filepath.Abs(folder); err == nil {
		folder = abs
	}
	return filepath.Join(folder, id+cartridgeExt)
}

// CartridgeID is what a registered cartridge is called everywhere: the name of its
// file, without .png, when that lies in the data folder's cartridges, else its number.
func CartridgeID(data string, row store.Cartridge) string {
	if id, ok := strings.CutSuffix(filepath.Base(row.Path), cartridgeExt); ok && IsCartridgeID(id) && row.Path == CartridgePath(data, id) {
		return id
	}
	return strconv.FormatInt(row.ID, 10)
}

// FindCartridge gives the registered cartridge that a text names, by its id, its
// number, or its path, which is absolute or within the data folder's cartridges. One
// that is not registered has ID 0 and a path.
func FindCartridge(ctx context.Context, s Store, data, name string) (store.Cartridge, error) {
	name = strings.TrimSpace(name)
	if name == "" {
		return store.Cartridge{}, errors.New("a cartridge is named by its id or its path; nothing is named")
	}
	c, err := s.CartridgeByIDOrPath(ctx, name)
	if !errors.Is(err, store.ErrNotFound) {
		return c, err
	}
	if IsCartridgeNumber(name) {
		return c, fmt.Errorf("there is no cartridge with the id %s", name)
	}
	paths := []string{name}
	if !filepath.IsAbs(name) {
		if !filepath.IsLocal(name) {
			return c, fmt.Errorf("%s leads out of the cartridge folder: give a path within it, or a whole one", name)
		}
		paths[0] = filepath.Join(CartridgeFolder(data), name)
		if filepath.Ext(name) != cartridgeExt {
			paths = []string{CartridgePath(data, name), paths[0]}
		}
	}
	for _, path := range paths {
		if c, err = s.CartridgeByIDOrPath(ctx, path); !errors.Is(err, store.ErrNotFound) {
			return c, err
		}
	}
	for _, path := range paths[1:] {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return store.Cartridge{Path: path}, nil
		}
	}
	return store.Cartridge{Path: paths[0]}, nil
}

// OpenCartridge opens the cartridge of a registry row and holds it to the row's
// checksum.
func OpenCartridge(row store.Cartridge) (*cartridge.Cartridge, string, error) {
	c, err := cartridge.Open(row.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", fmt.Errorf("there is no file %s", row.Path)
	}
	if err != nil {
		return nil, "", err
	}
	sum, err := c.Checksum()
	if err != nil {
		return nil, "", err
	}
	if row.Checksum != "" && row.Checksum != sum {
		return nil, sum, fmt.Errorf("%s: %w: its checksum is %.12s…, and %.12s… is registered: it is another cartridge than the one that was taken in", row.Path, cartridge.ErrDamaged, sum, row.Checksum)
	}
	return c, sum, nil
}

// runCartridge verifies a cartridge and runs its machine from the beginning.
func (x *resources) runCartridge(ctx context.Context, s store.Script, m *scriptHistory) (o outcome) {
	row, err := FindCartridge(ctx, x.store, x.cfg.Data, s.Code)
	if err != nil {
		o.fail("refused", "%s", sentence(err))
		return o
	}
	o.cartridge = row.Path
	c, sum, err := OpenCartridge(row)
	if err != nil {
		o.fail("refused", "%s", sentence(err))
		return o
	}
	p, err := cartridgeProgram(c, x.settings.frames)
	if err != nil {
		o.fail("refused", "%s: %v", row.Path, err)
		return o
	}
	o.result.Checksum = sum
	x.runProgram(ctx, &o, p, m)
	if !o.ran {
		return o
	}
	err = CountCartridge(ctx, x.store, row, c, sum)
	if err != nil { // the run itself is what counts, and is saved next
		x.warn("a cartridge's run could not be counted: " + sentence(err))
	}
	return o
}

// CartridgeProgram is what a cartridge runs, from the beginning.
type CartridgeProgram struct {
	Program  isa.Program
	Header   isa.Header
	Seed     int32
	Assembly *pxl.Assembly // of its source, which names lines; nil unless it assembles to the very same words
}

// ProgramOf gives what a cartridge runs. The error is a sentence about the
// cartridge, without its name.
func ProgramOf(c *cartridge.Cartridge) (p CartridgeProgram, err error) {
	if c.Machine == nil {
		return p, fmt.Errorf("a %s cartridge holds text, and no machine that could be run", c.Kind)
	}
	p.Program, p.Seed = c.Machine.Program, cmp.Or(c.Seed, isa.DefaultSeed)
	if p.Header, err = p.Program.Header(); err != nil {
		return p, err
	}
	if a := pxl.AssembleIn(filepath.Base(c.Name)+".pxl", c.Source, include.Files{Texts: c.Files, Links: c.Links}); a.OK() && slices.Equal(a.Program, p.Program) {
		p.Assembly = a
	}
	return p, nil
}

// CountCartridge counts a run of a cartridge that OpenCartridge gave with its
// checksum, and registers it if need be.
func CountCartridge(ctx context.Context, s Store, row store.Cartridge, c *cartridge.Cartridge, sum string) (err error) {
	if row.ID == 0 {
		row.Kind, row.Checksum, row.Width, row.Height = string(c.Kind), sum, int64(c.Width), int64(c.Height)
		if row.ID, err = s.AddCartridge(ctx, row); err != nil {
			return err
		}
	}
	return s.CountExecuted(ctx, row.ID)
}

func cartridgeProgram(c *cartridge.Cartridge, frames int) (program, error) {
	p, err := ProgramOf(c)
	return program{asm: p.Assembly, words: p.Program, header: p.Header, seed: p.Seed, frames: frames}, err
}
