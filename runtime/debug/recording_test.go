package debug_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"gvpie/runtime/debug"
	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// TestARecordingIsOpenedWithWhatIsLeftOfIt: lines where its text gives what ran, frames
// without lines where it does not, and the program of its text where that was lost.
func TestARecordingIsOpenedWithWhatIsLeftOfIt(t *testing.T) {
	const source = "INCLUDE \"a.pxl\"\nloop:\nPLOT frame 1 C\nFRAME\nJMP loop\n;= FILE a.pxl\n;| .const C 9\n"
	a := pxl.AssembleBundle("p.pxl", source)
	if !a.OK() {
		t.Fatal(a.Diagnostics)
	}
	r := &record.Recording{Name: "p.pxl", Source: source, Program: a.Program, Seed: 1}
	if _, err := r.Run(t.Context(), engine.NewCPU(), 5, 0, func(int) machine.Input { return machine.Input{} }); err != nil {
		t.Fatal(err)
	}
	other, unnamed, none := *r, *r, *r
	other.Source, unnamed.Name, none.Source = "HALT\n", "", "TXTT\n"
	for name, tt := range map[string]struct {
		of                   *record.Recording
		damaged              []byte // the chunk of which a byte is another
		opens, lines, damage bool
		file                 string
	}{
		"whole":                             {r, nil, true, true, false, "p.pxl"},
		"without a name":                    {&unnamed, nil, true, true, false, "program.pxl"},
		"of another text":                   {&other, nil, true, false, false, ""},
		"of a text that is none":            {&none, nil, true, false, false, ""},
		"whose text is damaged":             {r, []byte("TEXT"), true, false, true, ""},
		"whose words are damaged":           {r, []byte("CODE"), true, true, true, "p.pxl"},
		"whose words are, of no text":       {&none, []byte("CODE"), false, false, true, ""},
		"whose frames are damaged":          {r, []byte("FRAM"), false, false, true, ""},
		"whose words are, of another text*": {&other, []byte("CODE"), true, true, true, "p.pxl"},
	} {
		var b bytes.Buffer
		if err := tt.of.Write(&b); err != nil {
			t.Fatal(err)
		}
		if tt.damaged != nil {
			b.Bytes()[bytes.Index(b.Bytes(), tt.damaged)+9] ^= 1
		}
		path := filepath.Join(t.TempDir(), "r.pxlrec")
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		got, lines, err := debug.OpenRecording(path)
		var d *record.Damage
		if (got != nil) != tt.opens || (lines != nil) != tt.lines || errors.As(err, &d) != tt.damage || errors.Is(err, debug.ErrNoText) != (tt.opens && !tt.lines) {
			t.Errorf("%s: it opens %v, with lines %v, %v", name, got != nil, lines != nil, err)
			continue
		}
		if got != nil && (got.Program == nil || got.Frames.Len() != 5) || lines != nil && lines.File != tt.file {
			t.Errorf("%s: it is of other frames", name)
		}
	}
	if _, _, err := debug.OpenRecording(filepath.Join(t.TempDir(), "nowhere")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
