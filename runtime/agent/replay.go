package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

// Replayed is a row of the map beside the same run made again.
type Replayed struct {
	Row         int64
	Engine      string // that it was run again on
	Was, Now    Ending
	Divergences []string // what is not the same, in words; empty when all agrees
	Comparable  bool     // the row tells enough to compare
}

// Agrees says whether the run came out as it is recorded.
func (r Replayed) Agrees() bool { return r.Comparable && len(r.Divergences) == 0 }

// Ending is how a run came out.
type Ending struct {
	Status  string
	Cycles  uint64
	Frames  int
	Machine string // SHA-256 of the display page's raw bytes
	Human   string // and of the human texture's
}

// ErrNoReplay is wrapped by the error of a row that cannot be run again.
var ErrNoReplay = errors.New("this row cannot be replayed")

// Replay runs a row of the map again, from its code, seed and frames, and compares
// how it ends. A cartridge is run from its file, which must be the one recorded.
func Replay(ctx context.Context, s Store, data string, e engine.Engine, row store.MapRow) (Replayed, error) {
	was, err := resultOf(row)
	if err != nil {
		return Replayed{Row: row.ID}, err
	}
	p, err := replayProgram(ctx, s, data, row, was)
	if err != nil {
		return Replayed{Row: row.ID}, err
	}
	r, _, err := p.replay(ctx, e, row, was)
	return r, err
}

// resultOf is what a row of the map says of how its run ended.
func resultOf(row store.MapRow) (was result, err error) {
	if err := json.Unmarshal([]byte(row.Result), &was); err != nil {
		return was, fmt.Errorf("%w: its result is not one that this program wrote", ErrNoReplay)
	}
	return was, nil
}

// textures are what a machine showed in the end.
type textures struct {
	human   *image.RGBA
	display []uint32 // of the machine's page
}

// replay runs the program of a row again.
func (p program) replay(ctx context.Context, e engine.Engine, row store.MapRow, was result) (r Replayed, t textures, err error) {
	r.Row = row.ID
	r.Was = Ending{was.Status, was.Cycles, was.Frames, was.Machine, was.Human}
	r.Comparable = was.Machine != ""
	if !r.Comparable {
		return r, t, fmt.Errorf("%w: the run it tells of was %s, and left no picture to compare with", ErrNoReplay, was.Status)
	}
	res, err := engine.Run(ctx, e, engine.RunOptions{Program: p.words, Seed: p.seed, Frames: p.frames})
	if err != nil {
		return r, t, err
	}
	if t.display, err = e.Read(ctx, machine.DisplayPage); err != nil {
		return r, t, err
	}
	if t.human, err = e.Human(ctx); err != nil {
		return r, t, err
	}
	r.Engine = res.Kind.String()
	r.Now = Ending{res.Status.String(), res.Cycles, res.Frames, digest(machine.Bytes(t.display)), digest(t.human.Pix)}
	r.compare()
	return r, t, nil
}

func replayProgram(ctx context.Context, s Store, data string, row store.MapRow, was result) (program, error) {
	if row.Lost != "" {
		return program{}, fmt.Errorf("%w: %s", ErrNoReplay, row.Lost)
	}
	frames, seed := max(was.Limit, 1), was.Seed
	if seed == 0 {
		seed = isa.DefaultSeed
	}
	switch was.Lang {
	case "pixel":
		asm := pxl.AssembleBundle("row", row.Code)
		if !asm.OK() {
			return program{}, fmt.Errorf("%w: its code does not assemble: %s", ErrNoReplay, firstLine(diagnostics(asm)))
		}
		return program{asm: asm, words: asm.Program, header: asm.Header, seed: seed, frames: frames}, nil
	case "cartridge":
		found, err := FindCartridge(ctx, s, data, row.Code)
		if err != nil {
			return program{}, err
		}
		found.Checksum = was.Checksum
		c, _, err := OpenCartridge(found)
		if err != nil {
			return program{}, err
		}
		p, err := cartridgeProgram(c, frames)
		p.seed = seed
		return p, err
	}
	return program{}, fmt.Errorf("%w: what a %q script does is not the same every time", ErrNoReplay, was.Lang)
}

// Rerun gives what a row of the map ran, for those who want to look at it again: its
// program, its seed, and how many frames it ran at most.
func Rerun(ctx context.Context, s Store, data string, row store.MapRow) (a *pxl.Assembly, seed int32, frames int, err error) {
	was, err := resultOf(row)
	if err != nil {
		return nil, 0, 0, err
	}
	p, err := replayProgram(ctx, s, data, row, was)
	return p.asm, p.seed, p.frames, err
}

func (r *Replayed) compare() {
	compare := func(what string, was, now any) {
		if was != now {
			r.Divergences = append(r.Divergences, fmt.Sprintf("%s: %v was %v", what, now, was))
		}
	}
	compare("status", r.Was.Status, r.Now.Status)
	compare("cycles", r.Was.Cycles, r.Now.Cycles)
	compare("frames", r.Was.Frames, r.Now.Frames)
	compare("machine_sha256", r.Was.Machine, r.Now.Machine)
	compare("human_sha256", r.Was.Human, r.Now.Human)
}
