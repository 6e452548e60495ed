package assets_test

import (
	"context"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gvpie/assets"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

var shots = flag.String("shots", "", "write pictures of the examples into this folder, to be looked at")

const (
	frames     = 600
	cyclesEach = 200_000 // a frame, so that an example is smooth anywhere
)

// shotFrames are the frames that -shots keeps.
var shotFrames = []uint32{1, 90, 300, 600}

// eachAllowed are the examples that need EACH.
var eachAllowed = []string{"plasma", "life", "fire", "julia", "tree", "islands", "road", "caves"}

func TestExamplesRun(t *testing.T) {
	for _, e := range assets.Examples() {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			a := pxl.Assemble(e.Name+".pxl", e.Source)
			for _, d := range a.Diagnostics {
				t.Errorf("%s:%d:%d: %s", d.Pos.File, d.Pos.Line, d.Pos.Column, d.Message)
			}
			if a.Program == nil {
				t.FailNow()
			}
			if pxl.Format(e.Source) != e.Source {
				t.Error("is not in the standard format: gvpie fmt -w")
			}
			if a.Program.HasEach() && !slices.Contains(eachAllowed, e.Name) {
				t.Error("uses EACH")
			}
			run(t, e.Name, a)
		})
	}
}

// A new program is shown without a problem, moves, and gets by without what is hard.
func TestTheTemplateMoves(t *testing.T) {
	source := assets.Template()
	a := pxl.Assemble("template.pxl", source)
	if len(a.Diagnostics) > 0 || pxl.Format(source) != source || a.Program.HasEach() || !a.Header.Pixel {
		t.Fatalf("%v", a.Diagnostics)
	}
	m := engine.NewCPU()
	defer m.Close()
	if err := m.Load(t.Context(), a.Program, isa.DefaultSeed); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for range 30 {
		if r, err := m.Frame(t.Context(), machine.Input{MouseX: -1, MouseY: -1}, 0); err != nil || r.Fault != nil || r.Status != isa.Framed || r.Cycles > cyclesEach/100 {
			t.Fatalf("%+v, %v", r, err)
		}
		img, err := m.Human(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		seen[string(img.Pix)] = true
	}
	if len(seen) != 30 {
		t.Errorf("30 frames show %d pictures", len(seen))
	}
}

func run(t *testing.T, name string, a *pxl.Assembly) {
	ctx := context.Background()
	m := engine.NewCPU()
	defer m.Close()
	if err := m.Load(ctx, a.Program, isa.DefaultSeed); err != nil {
		t.Fatal(err)
	}
	var most, least uint32
	for f := uint32(1); f <= frames; f++ {
		r, err := m.Frame(ctx, machine.Input{MouseX: -1, MouseY: -1}, 0)
		if err != nil {
			t.Fatal(err)
		}
		if r.Fault != nil {
			at, _ := a.Map.At(r.Fault.PC)
			t.Fatalf("frame %d, line %d: %v %+v", f, at.Pos.Line, r.Fault.Code, *r.Fault)
		}
		if r.Cycles > cyclesEach {
			t.Fatalf("frame %d took %d cycles", f, r.Cycles)
		}
		most = max(most, r.Cycles)
		least += r.Cycles / frames
		if slices.Contains(shotFrames, f) {
			shoot(t, m, name, f)
		}
	}
	t.Logf("%d cycles a frame, at most %d", least, most)
}

// shoot looks at the picture: something must be on it.
func shoot(t *testing.T, m engine.Engine, name string, frame uint32) {
	img, err := m.Human(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	colors := map[[3]uint8]bool{}
	for i := 0; i < len(img.Pix); i += 4 {
		colors[[3]uint8(img.Pix[i:i+3])] = true
	}
	if len(colors) < 2 {
		t.Errorf("frame %d is one colour", frame)
	}
	if *shots == "" {
		return
	}
	f, err := os.Create(filepath.Join(*shots, fmt.Sprintf("%s_%03d.png", name, frame)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

func TestEveryExampleIsListedAndIntroduced(t *testing.T) {
	files, err := filepath.Glob("examples/*.pxl")
	if err != nil {
		t.Fatal(err)
	}
	examples := assets.Examples()
	if len(files) != len(examples) {
		t.Errorf("%d files, %d examples", len(files), len(examples))
	}
	for _, e := range examples {
		if strings.ToLower(e.Title) != e.Name || e.Description == "" || !strings.HasPrefix(e.Source, "; ") {
			t.Errorf("%s begins with title %q, description %q", e.Name, e.Title, e.Description)
		}
	}
}

// Every program of the documents is one that a reader can take as it is: whole, and
// without an error.
func TestDocumentedProgramsRun(t *testing.T) {
	texts := map[string]string{}
	for _, d := range assets.Docs() {
		texts[d.Name] = d.Text
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	texts["README"], texts["language-short"] = string(readme), assets.ShortReference()
	for name, text := range texts {
		programs := 0
		for i, part := range strings.Split("\n"+text, "\n```") {
			lang, program, _ := strings.Cut(part, "\n")
			switch {
			case i%2 == 0:
				continue
			case name == "README" && !strings.Contains(program, "\nloop:\n"):
				continue
			case lang != "pxl" && name == "language":
				t.Errorf("%s: a listing is not marked as a program:\n%s", name, program)
			case lang != "pxl" && name != "README":
				continue
			}
			a := pxl.Assemble(name, program)
			if !a.OK() {
				t.Errorf("%s: %+v of\n%s", name, a.Diagnostics, program)
				continue
			}
			run(t, name, a)
			programs++
		}
		if programs == 0 && (strings.HasPrefix(name, "language") || name == "README") {
			t.Errorf("%s has no program", name)
		}
	}
}

// TestTheShortReferenceIsShort: a token has three bytes or more of such a text.
func TestTheShortReferenceIsShort(t *testing.T) {
	if n := len(assets.ShortReference()); n > 3*2000 {
		t.Errorf("it has %d bytes", n)
	}
	for _, f := range pxl.Functions {
		if !strings.Contains(assets.ShortReference(), f.Name) {
			t.Errorf("it does not tell of %s", f.Name)
		}
	}
	for i := range isa.Specs {
		if s := &isa.Specs[i]; s.Source && s.Op != isa.NOP && s.Op != isa.SET && !strings.Contains(assets.ShortReference(), s.Mnemonic) {
			t.Errorf("it does not tell of %s", s.Mnemonic)
		}
	}
}

func TestDocsHaveTitles(t *testing.T) {
	for _, d := range assets.Docs() {
		if !strings.HasPrefix(d.Text, "# "+d.Title+"\n") || d.Title == "" {
			t.Errorf("%s has no title", d.Name)
		}
	}
}

// played runs an example for some frames with what press gives each of them.
func played(t *testing.T, name string, frames int, press func(frame int) machine.Input) (*pxl.Assembly, engine.Engine) {
	t.Helper()
	i := slices.IndexFunc(assets.Examples(), func(e assets.Example) bool { return e.Name == name })
	a := pxl.Assemble(name, assets.Examples()[i].Source)
	m := engine.NewCPU()
	t.Cleanup(func() { m.Close() })
	ctx := context.Background()
	if err := m.Load(ctx, a.Program, isa.DefaultSeed); err != nil {
		t.Fatal(err)
	}
	for f := range frames {
		if r, err := m.Frame(ctx, press(f), 0); err != nil || r.Fault != nil {
			t.Fatalf("frame %d: %v %+v", f, err, r.Fault)
		}
	}
	shoot(t, m, name+"_played", uint32(frames))
	return a, m
}

// value reads a variable of a program.
func value(t *testing.T, a *pxl.Assembly, m engine.Engine, name string) int32 {
	t.Helper()
	data, err := m.Read(context.Background(), machine.DataPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range a.Symbols {
		if s.Name == name && s.Kind == pxl.VarSymbol {
			return int32(data[s.Addr])
		}
	}
	t.Fatalf("no variable %s", name)
	return 0
}

func held(codes ...int) (in machine.Input) {
	for _, c := range codes {
		in.Keys[c>>5] |= 1 << (c & 31)
	}
	return in
}

func TestPaintDrawsWhereTheMouseIsDragged(t *testing.T) {
	_, m := played(t, "paint", 60, func(f int) machine.Input {
		if f < 5 {
			return machine.Input{MouseX: 10, MouseY: 8, Buttons: 1} // the first colour
		}
		return machine.Input{MouseX: int32(50 + 4*f), MouseY: 100, Buttons: 1}
	})
	img, err := m.Human(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for x := 70; x < 50+4*59; x++ {
		if r, g, b, _ := img.At(x, 100).RGBA(); r>>8 != 0xFF || g>>8 != 0x6B || b>>8 != 0x6B {
			t.Fatalf("the stroke has a gap at %d", x)
		}
	}
}

func TestSnakeObeysUntilTheWall(t *testing.T) {
	up := func(int) machine.Input { return held(19) }
	a, m := played(t, "snake", 20, up)
	if auto, dir := value(t, a, m, "auto"), value(t, a, m, "dir"); auto != 0 || dir != 3 {
		t.Errorf("after Up: auto %d, dir %d", auto, dir)
	}
	a, m = played(t, "snake", 70, up)
	if dead := value(t, a, m, "dead"); dead != 1 {
		t.Error("the snake went through the wall")
	}
}

func TestBreakoutFollowsKeysAndMouse(t *testing.T) {
	a, m := played(t, "breakout", 40, func(int) machine.Input { return held('D') })
	if bat := value(t, a, m, "bat"); bat != 300 {
		t.Errorf("D moved the bat to %d, not to the right edge", bat)
	}
	a, m = played(t, "breakout", 40, func(int) machine.Input { return machine.Input{MouseX: 77, Buttons: 1} })
	if bat := value(t, a, m, "bat"); bat != 77 {
		t.Errorf("the bat is at %d, the mouse at 77", bat)
	}
}
