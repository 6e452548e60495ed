package cli

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"

	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
	"gvpie/runtime/record"
	"gvpie/runtime/store"
)

type replayFlags struct {
	data    *string
	backend *engine.Backend
	json    bool
}

// replays is one use of gvpie replay.
type replays struct {
	*invocation
	f replayFlags
}

var replayCommand = command{
	name: "replay", args: "[FLAGS] ROW | RECORDING", summary: "Run a row of the infinite map or a recording again, and say whether it comes out the same",
	help: `ROW is the id of a row of infinite_map. Its code is run with the same seed and for
as many frames; status, cycles and the hashes of both textures are compared. The
exit code is 1 when they differ. What a python script did cannot be replayed.

RECORDING is a file that gvpie record or the window has written. How each frame ends
and the hashes that it has are compared; the exit code is 1 when one differs, and the
frame is named, counted from 0. Of one that is damaged or was cut short the frames
that are whole are replayed, and the exit code is 1 all the same.

With --json standard output is one object. Of a recording: equal, frame (the first
that differs or is missing, null for none; where it is one of several, the last of
them, and since is the first), frames and hashes (that were compared), backend (GPU or
CPU), machine_sha256 and human_sha256 (the last that were compared), and error: null,
or what is otherwise. Of a row: equal, row, backend, divergences.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		f := replayFlags{data: addData(fs), backend: addBackend(fs)}
		fs.BoolVar(&f.json, "json", false, "print one JSON object")
		return func(c *invocation) error {
			arg, err := one(c.args, "ROW or RECORDING")
			if err != nil {
				return err
			}
			if _, err := strconv.ParseInt(arg, 10, 64); err == nil {
				return replays{c, f}.row()
			}
			return replays{c, f}.recording(arg)
		}
	},
}

func (c replays) row() error {
	id, err := oneID(c.args, "ROW")
	if err != nil {
		return err
	}
	dir, err := c.dataDir(*c.f.data)
	if err != nil {
		return err
	}
	return c.withStore(*c.f.data, func(s *store.Store) error {
		row, err := s.MapRow(c.ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("the map has no row %d", id)
		}
		if err != nil {
			return err
		}
		var r agent.Replayed
		// What the loop ran is short enough for the CPU.
		if err := c.withEngine(*c.f.backend, engine.Work{}, func(e engine.Engine) (err error) {
			r, err = agent.Replay(c.ctx, s, dir, e, row)
			return err
		}); err != nil {
			return err
		}
		return c.tellRow(id, r)
	})
}

func (c replays) tellRow(id int64, r agent.Replayed) error {
	switch {
	case c.f.json:
		if err := object(c.Stdout, map[string]any{"equal": r.Agrees(), "row": id, "backend": r.Engine, "divergences": append([]string{}, r.Divergences...)}); err != nil {
			return err
		}
	case !r.Agrees():
		c.printf("row %d comes out otherwise on the %s:\n", id, r.Engine)
		for _, what := range r.Divergences {
			c.printf("  %s\n", what)
		}
	default:
		c.printf("row %d comes out the same on the %s: %s after %s and %s\n  machine %s\n  human   %s\n", id, r.Engine,
			r.Now.Status, count(r.Now.Cycles, "cycle"), count(uint64(r.Now.Frames), "frame"), r.Now.Machine, r.Now.Human)
	}
	if !r.Agrees() {
		return errFailed
	}
	return nil
}

// A replayReport is what replay --json prints of a recording.
type replayReport struct {
	Equal   bool    `json:"equal"`
	Frame   *int    `json:"frame"`
	Since   *int    `json:"since,omitempty"`
	Frames  int     `json:"frames"`
	Hashes  int     `json:"hashes"`
	Backend string  `json:"backend"`
	Machine string  `json:"machine_sha256"`
	Human   string  `json:"human_sha256"`
	Error   *string `json:"error"`
}

func (c replays) recording(path string) error {
	rec, _, opened := openRecording(path)
	if rec == nil {
		return opened
	}
	damaged := notWhole(opened)
	frames := rec.Frames.Len()
	r := replayReport{Frames: frames, Hashes: len(rec.Hashes)}
	var differs *record.Divergence
	show, end := c.progress()
	err := c.withEngine(*c.f.backend, engine.Work{Program: rec.Program, Frames: frames, Budget: rec.Frames.At(0).Budget}, func(e engine.Engine) (err error) {
		differs, err = rec.Replay(c.ctx, e, func(n int) {
			if show != nil {
				show("replaying", int64(n), int64(frames))
			}
		})
		r.Backend = e.Kind().String()
		return err
	})
	end()
	if err != nil {
		return err
	}
	r.Equal = differs == nil && damaged == nil
	switch {
	case differs != nil:
		r.Frame, r.Error, r.Frames = &differs.Frame, &differs.What, differs.Frame+1
		if differs.First < differs.Frame {
			r.Since = &differs.First
		}
		for r.Hashes > 0 && rec.Hashes[r.Hashes-1].Frame >= differs.First {
			r.Hashes--
		}
	case damaged != nil:
		why := damaged.Error()
		r.Frame, r.Error = &frames, &why
	}
	if r.Hashes > 0 {
		h := rec.Hashes[r.Hashes-1]
		r.Machine, r.Human = hex.EncodeToString(h.Machine[:]), hex.EncodeToString(h.Human[:])
	}
	if opened != nil {
		c.say("%v", opened)
	}
	if c.f.json {
		err = object(c.Stdout, r)
	} else {
		c.tell(path, r)
	}
	if err == nil && !r.Equal {
		err = errFailed
	}
	return err
}

func (c replays) tell(path string, r replayReport) {
	switch {
	case r.Since != nil:
		c.printf("%s comes out otherwise on the %s, in one of the frames %d to %d: %s\n", path, r.Backend, *r.Since, *r.Frame, *r.Error)
	case r.Frame != nil && *r.Frame < r.Frames:
		c.printf("%s comes out otherwise on the %s, in frame %d: %s\n", path, r.Backend, *r.Frame, *r.Error)
	default:
		c.printf("%s comes out the same on the %s: %s, %s\n", path, r.Backend, count(uint64(r.Frames), "frame"), counted(r.Hashes, "picture"))
		if r.Machine != "" {
			c.printf("  machine %s\n  human   %s\n", r.Machine, r.Human)
		}
	}
}

func counted(n int, noun string) string { return count(uint64(n), noun) }

// object prints one JSON object.
func object(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(v)
}
