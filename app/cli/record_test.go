package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"

	"gvpie/assets"
	"gvpie/canvas/worker"
	"gvpie/runtime/compiled"
	"gvpie/runtime/difftest"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// follow draws where the mouse is, in a colour by chance, and how often it was asked to.
const follow = `.canvas 16 16 pixel
INCLUDE "lib/a.pxl"
loop:
PLOT (mx) (my) (COLOUR + rnd(3))
SET n += mb
FRAME
JMP loop
`

const followed = `{"frame": 0, "mx": 1, "my": 2}
{"frame": 5, "mx": 9, "keys": [65]}
`

// recordedIn makes recordings of follow in a new folder, with the flags of each.
func recordedIn(t *testing.T, files map[string]string) {
	t.Helper()
	inFolder(t, map[string]string{"in": followed, "other": strings.Replace(followed, "9", "8", 1), "pressed": followed + `{"frame": 7, "mb": 1}`})
	treeOf(t, map[string]string{"a.pxl": follow, "lib/a.pxl": ".const COLOUR 40\n"})
	for out, flags := range files {
		args := append([]string{"record", "a.pxl", "--backend", "cpu", "--out", out, "--frames", "10"}, strings.Fields(flags)...)
		if got := (world{}).run(t, args...); got.code != exitOK || got.errout != "" || !strings.HasPrefix(got.out, "a.pxl: ") || !strings.Contains(got.out, " frames in "+out+", ") {
			t.Fatalf("%v: %+v", args, got)
		}
	}
}

func TestARecordingReplaysWhereTheProgramIsNot(t *testing.T) {
	recordedIn(t, map[string]string{"r.pxlrec": "--inputs in --seed 3"})
	rec, err := record.ReadFile("r.pxlrec")
	if err != nil {
		t.Fatal(err)
	}
	if rec.Name != "a.pxl" || rec.Seed != 3 || rec.Frames.Len() != 10 || len(rec.Hashes) != 10 || rec.Frames.At(4).Input.MouseX != 1 || rec.Frames.At(5).Input.MouseX != 9 {
		t.Errorf("%q, seed %d, %d frames, %d hashes", rec.Name, rec.Seed, rec.Frames.Len(), len(rec.Hashes))
	}
	ran, _ := runJSON(t, "--backend", "cpu", "--frames", "10", "--inputs", "in", "--seed", "3", "a.pxl")
	for _, name := range []string{"lib", "a.pxl"} {
		if err := os.RemoveAll(name); err != nil {
			t.Fatal(err)
		}
	}
	want := fmt.Sprintf("r.pxlrec comes out the same on the CPU: 10 frames, 10 pictures\n  machine %s\n  human   %s\n", ran.Machine, ran.Human)
	world{}.run(t, "replay", "r.pxlrec", "--backend", "cpu").want(t, ended{out: want})
	got := world{}.run(t, "replay", "--json", "--backend", "cpu", "r.pxlrec")
	var r replayReport
	if err := json.Unmarshal([]byte(got.out), &r); err != nil || got.code != exitOK {
		t.Fatal(err, got)
	}
	if want := (replayReport{Equal: true, Frames: 10, Hashes: 10, Backend: "CPU", Machine: ran.Machine, Human: ran.Human}); r != want {
		t.Errorf("%+v, want %+v", r, want)
	}
	if a := pxl.AssembleBundle(rec.Name, rec.Source); !a.OK() || a.Text("lib/a.pxl") != ".const COLOUR 40\n" {
		t.Errorf("the text in the recording is\n%s", rec.Source)
	}
}

func TestRecordingsAreCompared(t *testing.T) {
	recordedIn(t, map[string]string{"a": "--inputs in", "b": "--inputs in", "other": "--inputs other", "long": "--inputs in --frames 12", "seed": "--inputs in --seed 2", "pressed": "--inputs pressed"})
	for _, tt := range []struct {
		b, json, text string
		code          int
	}{
		{"b", `{"equal":true,"frame":null,"texel":null,"a":null,"b":null}`, "a and b show the same pictures: 10 frames\n", exitOK},
		{"pressed", `{"equal":true,"frame":null,"texel":null,"a":null,"b":null,"state":7}`,
			"a and pressed show the same pictures: 10 frames\nvariables, arrays or random numbers differ from frame 7 on\n", exitOK},
		{"other", `{"equal":false,"frame":5,"texel":[8,2],"a":0,"b":4280942592}`,
			"the pictures part in frame 5: texel 8, 2 is nothing in a, and 0x00002A in other\n", exitFailed},
		{"long", `{"equal":false,"frame":10,"texel":null,"a":null,"b":null}`,
			"the pictures are the same as far as both go: a has 10 frames, long 12 frames\n", exitFailed},
	} {
		got := world{}.run(t, "compare", "a", tt.b, "--json")
		var flat bytes.Buffer
		if err := json.Compact(&flat, []byte(got.out)); err != nil || flat.String() != tt.json || got.code != tt.code {
			t.Errorf("a and %s: exit code %d, %s, want %s", tt.b, got.code, &flat, tt.json)
		}
		world{}.run(t, "compare", "a", tt.b).want(t, ended{code: tt.code, out: tt.text})
	}
	if got := (world{}).run(t, "compare", "a", "seed"); got.code != exitFailed || !strings.Contains(got.out, "the seeds differ: 1, and 2\n") {
		t.Errorf("%+v", got)
	}
	world{}.run(t, "compare", "a", "nowhere").want(t, ended{code: exitUsage, errout: "gvpie: nowhere: there is no such file\n"})
	world{}.run(t, "compare", "in", "a").want(t, ended{code: exitUsage, errout: "gvpie: in: it is no recording: gvpie record makes one\n"})
	shorten(t, "b", 100)
	world{}.run(t, "compare", "a", "b").want(t, ended{code: exitUsage, errout: "gvpie: b: it was cut short; nothing of it can be had\n"})
	if got := (world{}).run(t, "compare", "a"); got.code != exitUsage {
		t.Errorf("%+v", got)
	}
}

// shorten leaves a file without its last bytes, or with so many where n is below 0.
func shorten(t *testing.T, path string, size int64) {
	t.Helper()
	info, err := os.Stat(path)
	if err == nil && size < 0 {
		size += info.Size()
	}
	if err == nil {
		err = os.Truncate(path, size)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestOfADamagedRecordingIsReplayedWhatIsWhole(t *testing.T) {
	recordedIn(t, map[string]string{"r": "--inputs in --frames 200"})
	whole, err := os.ReadFile("r")
	if err != nil {
		t.Fatal(err)
	}
	shorten(t, "r", -100)
	got := world{}.run(t, "replay", "--backend", "cpu", "r")
	if got.code != exitFailed || got.errout != "gvpie: r: it was cut short; the first 192 of its 200 frames can be replayed\n" || !strings.HasPrefix(got.out, "r comes out the same on the CPU: 192 frames, ") {
		t.Errorf("%+v", got)
	}
	got = world{}.run(t, "replay", "--backend", "cpu", "--json", "r")
	var r replayReport
	if err := json.Unmarshal([]byte(got.out), &r); err != nil || r.Equal || r.Frame == nil || *r.Frame != 192 || r.Error == nil || !strings.HasPrefix(*r.Error, "r: it was cut short") {
		t.Errorf("%v %+v", err, got)
	}
	// The program's words are damaged: its text gives them again.
	at := bytes.Index(whole, []byte("CODE"))
	whole[at+20] ^= 1
	if err := os.WriteFile("r", whole, 0o644); err != nil {
		t.Fatal(err)
	}
	got = world{}.run(t, "replay", "--backend", "cpu", "r")
	if got.code != exitFailed || !strings.HasPrefix(got.errout, "gvpie: r: it was altered or damaged; all of its 200 frames can be replayed") || !strings.HasPrefix(got.out, "r comes out the same on the CPU: 200 frames, 200 pictures") {
		t.Errorf("%+v", got)
	}
}

func TestAReplayThatDiffersNamesTheFrame(t *testing.T) {
	recordedIn(t, map[string]string{"r": "--inputs in --frames 300"})
	rec, err := record.ReadFile("r")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]struct {
		frame, since string
	}{0: {"in one of the frames 0 to 1", "0"}, len(rec.Hashes) - 1: {"in one of the frames 298 to 299", "298"}} {
		other := *rec
		other.Hashes = append([]record.Hash(nil), rec.Hashes...)
		other.Hashes[i].Human[3]++
		var b bytes.Buffer
		if err := other.Write(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("other", b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		world{}.run(t, "replay", "--backend", "cpu", "other").want(t, ended{code: exitFailed,
			out: "other comes out otherwise on the CPU, " + want.frame + ": the human texture is not the one recorded\n"})
		if got := (world{}).run(t, "replay", "--backend", "cpu", "--json", "other"); got.code != exitFailed || !strings.Contains(got.out, `"since": `+want.since) {
			t.Errorf("%+v", got)
		}
	}
}

func TestARunThatFailsIsRecordedToItsError(t *testing.T) {
	inFolder(t, map[string]string{"a.pxl": "loop:\nASSERT frame < 3\nFRAME\nJMP loop\n"})
	got := world{}.run(t, "record", "a.pxl", "--backend", "cpu", "--frames", "50", "--out", "r")
	if got.code != exitFailed || got.errout != "a.pxl:2:1: this does not hold: ASSERT frame < 3 [assert_failed]\n" || !strings.HasPrefix(got.out, "a.pxl: 4 frames in r, ") {
		t.Errorf("%+v", got)
	}
	rec, err := record.ReadFile("r")
	if err != nil || rec.Frames.At(3).Status != isa.Faulted {
		t.Fatalf("%v", err)
	}
	if got := (world{}).run(t, "replay", "--backend", "cpu", "r"); got.code != exitOK {
		t.Errorf("%+v", got)
	}
}

func TestAnInterruptedRecordingIsKept(t *testing.T) {
	inFolder(t, map[string]string{"a.pxl": "loop:\nFRAME\nJMP loop\n"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	world{}.runContext(ctx, "record", "a.pxl", "--backend", "cpu", "--frames", "50", "--out", "r").want(t, ended{code: exitCut, errout: "gvpie: interrupted\n"})
	if _, err := os.Stat("r"); err == nil {
		t.Error("there is a recording of no frame")
	}
}

func TestRecordSaysWhatIsMissing(t *testing.T) {
	inFolder(t, map[string]string{"a.pxl": "HALT\n", "bad.pxl": "TXTT\n"})
	for args, want := range map[string]string{
		"a.pxl --out r":                     "gvpie: how many frames? (--frames N)\n",
		"a.pxl --frames 3":                  "gvpie: where to? (--out OUT.pxlrec)\n",
		"a.pxl --frames 3 --out ./a.pxl":    "gvpie: --out ./a.pxl is the program itself\n",
		"a.pxl --frames 0 --out r":          "gvpie: invalid value \"0\" for --frames: it is a number from 1 to 2147483647\n",
		"a.pxl --frames 3 --out r --seed 0": "gvpie: invalid value \"0\" for --seed: it may not be 0\n",
	} {
		if got := (world{}).run(t, append([]string{"record"}, strings.Fields(args)...)...); got.code != exitUsage || !strings.HasPrefix(got.errout, want) {
			t.Errorf("%s: %+v", args, got)
		}
	}
	if got := (world{}).run(t, "record", "bad.pxl", "--frames", "3", "--out", "r"); got.code != exitFailed || !strings.HasPrefix(got.errout, "bad.pxl:1:1: unknown opcode") {
		t.Errorf("%+v", got)
	}
	if got := (world{}).run(t, "record", "a.pxl", "--backend", "cpu", "--frames", "3", "--out", "nowhere/r"); got.code != exitFailed || got.errout != "gvpie: nowhere/r: there is no such file\n" {
		t.Errorf("%+v", got)
	}
}

// TestRecordingsOfAllExamplesComeOutTheSameEverywhere: with mouse, wheel and keys, each
// picture of each frame, after a way through the file's form.
func TestRecordingsOfAllExamplesComeOutTheSameEverywhere(t *testing.T) {
	const frames = 12
	engines := map[string]engine.Engine{"compiled": compiled.New(compiled.Now, slog.New(slog.DiscardHandler)).NewCPU()}
	s := worker.Start(worker.Config{})
	t.Cleanup(func() { s.Close() })
	noGPU := s.WaitReady(t.Context())
	if noGPU == nil {
		engines["GPU"] = s.NewMachine()
	}
	for _, e := range engines {
		t.Cleanup(func() { e.Close() })
	}
	for _, example := range assets.Examples() {
		t.Run(example.Name, func(t *testing.T) {
			a := pxl.Assemble(example.Name, example.Source)
			if !a.OK() {
				t.Fatal(a.Diagnostics)
			}
			r := &record.Recording{Name: a.File, Source: pxl.Bundle(a), Program: a.Program, Seed: 5}
			if _, err := r.Run(t.Context(), engine.NewCPU(), frames, 0, func(i int) machine.Input { return busyHands(a.Header, i) }); err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := r.Write(&b); err != nil {
				t.Fatal(err)
			}
			again, err := record.Read(&b)
			if err != nil || len(again.Hashes) != again.Frames.Len() {
				t.Fatalf("%v, %d hashes of %d frames", err, len(again.Hashes), again.Frames.Len())
			}
			for name, e := range engines {
				if d, err := again.Replay(t.Context(), e, nil); err != nil || d != nil {
					t.Errorf("on %s: %+v, %v", name, d, err)
				}
			}
		})
	}
	if noGPU != nil {
		difftest.SkipWithoutGPU(t, noGPU)
	}
}

// busyHands is a person who tries all at once.
func busyHands(h isa.Header, i int) machine.Input {
	in := machine.Input{MouseX: int32(i * 7 % h.W), MouseY: int32(i * 5 % h.H), Buttons: int32(i / 3 % 4), Wheel: int32(i%5 - 2)}
	for n, code := range []int{37, 38, 39, 40, 32, 'A', 'D', 'W', 'S', 13} {
		if (i>>1+n)%3 == 0 {
			in.Keys[code>>5] |= 1 << (code & 31)
		}
	}
	return in
}
