package mcp

import (
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/agent"
	"gvpie/runtime/cartridge"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

// made puts a cartridge into a data folder, as the command line does.
func made(t *testing.T, data, id, source string) (path string) {
	t.Helper()
	a := pxl.Assemble(id, source)
	m, err := machine.New(a.Program, 1)
	if err != nil {
		t.Fatal(err)
	}
	c := cartridge.Cartridge{Source: source, Machine: m.Snapshot(), Picture: m.Human(), Metadata: cartridge.Metadata{Kind: cartridge.Pixel, Name: id, Author: "me", Seed: 1}}
	path = agent.CartridgePath(data, id)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := c.Write(f); err != nil {
		t.Fatal(err)
	}
	db, _, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.AddCartridge(t.Context(), store.Cartridge{Path: path, Kind: "pixel", Width: 128, Height: 64}); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestShowsCartridges(t *testing.T) {
	s, data := assistantOf(t)
	path := made(t, data, "My Wave", "TXT 1 1 HI\n")
	var list cartridgesOut
	if use(t, s, "list_cartridges", nil, &list); len(list.Cartridges) != 1 || list.Cartridges[0].ID != "My Wave" || list.Cartridges[0].Width != 128 {
		t.Errorf("%+v", list)
	}
	one := map[string]any{"id": "My Wave"}
	var c cartridgeOut
	if w := widths(t, use(t, s, "read_cartridge", one, &c)); len(w) != 1 || w[0] != 768 || c.Code != "TXT 1 1 HI\n" || c.Author != "me" || c.Remark != "" || c.Kind != "pixel" {
		t.Errorf("%v %+v", w, c)
	}
	use(t, s, "read_cartridge", map[string]any{"id": "1"}, &c)

	// What another program has done to it is said.
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := []byte("tEXtComment\x00hello")
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(text)-4))
	chunk = binary.BigEndian.AppendUint32(append(chunk, text...), crc32.ChecksumIEEE(text))
	const header = 8 + 12 + 13 // up to the end of IHDR
	if err := os.WriteFile(path, slices.Concat(whole[:header], chunk, whole[header:]), 0o600); err != nil {
		t.Fatal(err)
	}
	if use(t, s, "read_cartridge", one, &c); c.Remark != "a program that saved it again has added tEXt" {
		t.Errorf("%+v", c)
	}
	for _, bad := range []string{"", "none", "../My Wave", path, "99", ".x"} {
		refused(t, s, "read_cartridge", map[string]any{"id": bad})
	}
	if err := os.WriteFile(path, whole[:len(whole)-20], 0o600); err != nil {
		t.Fatal(err)
	}
	if said := refused(t, s, "read_cartridge", one); !strings.Contains(said, "damaged") {
		t.Errorf("a damaged one: %s", said)
	}
}
