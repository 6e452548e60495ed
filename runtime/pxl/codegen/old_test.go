package codegen_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/pxl/codegen"
	"gvpie/runtime/pxl/internal/corpus"
)

var update = flag.Bool("update", false, "write the hashes of the old programs' pages")

// oldPages has the SHA-256 of the program page of each program that was written when
// the language had no procedures.
const oldPages = "testdata/old/pages.txt"

// TestOldProgramsKeepTheirCode holds the assembler to what it made of programs before
// the language grew: recordings keep the pages of their programs, and replays compare
// them.
func TestOldProgramsKeepTheirCode(t *testing.T) {
	programs := map[string]string{}
	for name, src := range corpus.Programs(t) {
		if name < "14" || name >= "20" && name < "24" {
			programs[name] = src
		}
	}
	files, err := filepath.Glob("testdata/old/*.pxl")
	if err != nil || len(files) < 16 {
		t.Fatalf("%d old programs (%v), want at least 16", len(files), err)
	}
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		programs[filepath.Base(f)] = string(src)
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(programs)) {
		var page []byte
		for _, w := range codegen.Assemble(name, programs[name], nil).Program {
			page = binary.LittleEndian.AppendUint32(page, w)
		}
		sum := sha256.Sum256(page)
		fmt.Fprintf(&b, "%s %s\n", hex.EncodeToString(sum[:]), name)
	}
	if *update {
		if err := os.WriteFile(oldPages, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(oldPages)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the pages are\n%s\nand were\n%s", b.String(), want)
	}
}
