package difftest

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

//go:embed testdata/corpus
var corpus embed.FS

const corpusFolder = "testdata/corpus/"

// Expected is what an implementation written from the language's description
// alone made of a corpus program.
type Expected struct {
	File          string `json:"file"`
	Frames        int    `json:"frames"`
	Width         int    `json:"width"`
	Height        int    `json:"height"`
	MachineSHA256 string `json:"machine_sha256"` // of the display page's bytes
	Log           string `json:"log"`
	Error         *struct {
		Code string `json:"code"`
		Line int    `json:"line"`
		File string `json:"file"` // that is included, by its path; "" is the program's own
	} `json:"error"`
}

// embedded is the corpus as the folder of its programs.
type embedded struct{}

func (embedded) Main() string { return "" }

func (embedded) Open(name string) (resolved, text string, err error) {
	b, err := corpus.ReadFile(corpusFolder + name)
	return name, string(b), err
}

// Open opens the engine under test, and closes it when the test ends.
type Open func(testing.TB) engine.Engine

// Corpus runs every program of the conformance corpus for which skip, if there
// is one, is false, and holds the engine to the hashes and to the reference. Programs
// with blocks are skipped on an engine that says it has none.
func Corpus(t *testing.T, open Open, skip func(name string) bool) {
	text, err := corpus.ReadFile(corpusFolder + "expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var programs []Expected
	if err := json.Unmarshal(text, &programs); err != nil {
		t.Fatal(err)
	}
	if len(programs) == 0 {
		t.Fatal("the corpus is empty")
	}
	e := open(t)
	for _, want := range programs {
		t.Run(want.File, func(t *testing.T) {
			if skip != nil && skip(want.File) {
				t.Skip("not for this engine")
			}
			src, err := corpus.ReadFile(corpusFolder + want.File)
			if err != nil {
				t.Fatal(err)
			}
			asm := pxl.AssembleIn(want.File, string(src), embedded{})
			if !asm.OK() {
				t.Fatal(asm.Diagnostics)
			}
			if asm.Program.HasEach() {
				if err := e.Load(context.Background(), asm.Program, isa.DefaultSeed); errors.Is(err, engine.ErrUnsupported) {
					t.Skip(err)
				}
			}
			checkExpected(t, e, asm, want)
			err = Compare(context.Background(), engine.NewCPU(), e, Run{Program: asm.Program, Frames: want.Frames})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func checkExpected(t *testing.T, e engine.Engine, asm *pxl.Assembly, want Expected) {
	t.Helper()
	ctx := context.Background()
	r, err := engine.Run(ctx, e, engine.RunOptions{Program: asm.Program, Frames: want.Frames})
	if err != nil {
		t.Fatal(err)
	}
	if asm.Header.W != want.Width || asm.Header.H != want.Height {
		t.Errorf("a canvas of %d × %d, not %d × %d", asm.Header.W, asm.Header.H, want.Width, want.Height)
	}
	display, err := e.Read(ctx, machine.DisplayPage)
	if err != nil {
		t.Fatal(err)
	}
	if got := hash(display); got != want.MachineSHA256 {
		t.Errorf("the display page's hash is %s, not %s", got, want.MachineSHA256)
	}
	if r.Log != want.Log {
		t.Errorf("the log is %q, not %q", r.Log, want.Log)
	}
	switch {
	case want.Error == nil && r.Fault != nil:
		t.Errorf("it ended in %v", faultText(r.Fault))
	case want.Error != nil && r.Fault == nil:
		t.Errorf("it did not end in %s", want.Error.Code)
	case want.Error != nil:
		at, _ := asm.Map.At(r.Fault.PC)
		if r.Fault.Code.String() != want.Error.Code || at.Pos.Line != want.Error.Line || asm.Path(at.Pos.File) != want.Error.File {
			t.Errorf("%v at line %d of %q, not %s at line %d of %q", r.Fault.Code, at.Pos.Line, asm.Path(at.Pos.File), want.Error.Code, want.Error.Line, want.Error.File)
		}
	}
}

// hash is the SHA-256 of texels as bytes R, G, B, A.
func hash(texels []uint32) string {
	h := sha256.New()
	buf := make([]byte, 0, 4*len(texels))
	for _, t := range texels {
		buf = binary.LittleEndian.AppendUint32(buf, t)
	}
	h.Write(buf)
	return hex.EncodeToString(h.Sum(nil))
}
