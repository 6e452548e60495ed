package share

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheIconIsSquareInKnownColours(t *testing.T) {
	rows := iconRows()
	for y, row := range rows {
		if len(row) != len(rows) {
			t.Errorf("row %d has %d pixels of %d", y, len(row), len(rows))
		}
		for x := range len(row) {
			if _, ok := iconColours[row[x]]; !ok {
				t.Errorf("%d, %d: there is no colour %q", x, y, row[x])
			}
		}
	}
	for _, size := range IconSizes {
		if img := Icon(size); size%len(rows) != 0 || img.Rect.Dx() != size || img.NRGBAAt(0, 0).A != 0 || img.NRGBAAt(size/2, size/2).A != 255 {
			t.Errorf("at %d it is %v", size, img.Rect)
		}
	}
	if err := xml.Unmarshal([]byte(IconSVG()), new(struct{ XMLName xml.Name })); err != nil {
		t.Error(err)
	}
}

// The types that the entry opens are those that are told of.
func TestTheEntryOpensTheTypesOfTheFiles(t *testing.T) {
	_, list, ok := strings.Cut(Entry, "MimeType=")
	if !ok {
		t.Fatal("it opens none")
	}
	list, _, _ = strings.Cut(list, "\n")
	for name := range strings.SplitSeq(strings.TrimSuffix(list, ";"), ";") {
		if !strings.Contains(Types, `type="`+name+`"`) {
			t.Errorf("nothing is a %s", name)
		}
	}
	if err := xml.Unmarshal([]byte(Types), new(struct{ XMLName xml.Name })); err != nil {
		t.Error(err)
	}
}

func TestTheDesktopTakesTheEntry(t *testing.T) {
	tool, err := exec.LookPath("desktop-file-validate")
	if err != nil {
		t.Skip("desktop-file-validate is not installed")
	}
	path := filepath.Join(t.TempDir(), "gvpie.desktop")
	if err := os.WriteFile(path, []byte(Entry), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, path).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%s%v", out, err)
	}
}
