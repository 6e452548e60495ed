// Package agentmade fills a data folder with made-up history, so that tests and
// people can see the window with a long one. It writes rows as another program
// would, in one transaction, which takes a second for ten thousand runs.
package agentmade

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver

	"gvpie/runtime/cartridge"
	"gvpie/runtime/engine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

// script is one of the history's: it is edited now and then.
type script struct {
	name, lang, purpose string
	ms, fails           float64 // usual duration; share of runs that fail
	enabled             bool
	versions            []string
}

var scripts = []script{
	{"hello_gpu", "pixel", "Test GPU pipeline with simple text rendering", .9, 0, true,
		[]string{"TXT 10 10 HELLO GPU\nHALT"}},
	{"test_rectangle", "pixel", "Test rectangle rendering", 1.1, 0, true, []string{
		"RECT 10 10 50 30\nHALT",
		"COLOR red\nRECT 10 10 50 30 red\nHALT",
		"; two, one in the other\nCLS 0x000033\nRECT 10 10 50 30 red\nRECT 14 14 42 22 0xFFCC66\nHALT"}},
	{"night_sky", "pixel", "Stars over hills, a little better each time", 4.2, .01, true, []string{
		"CLS 0x000033\nFOR i = 0 TO 20\n  PLOT rnd(W) rnd(H) white\nEND\nHALT",
		"CLS 0x000033\nFOR i = 0 TO 60\n  PLOT rnd(W) rnd(40) white\nEND\nHALT",
		"CLS 0x000033\nFOR i = 0 TO 60\n  PLOT rnd(W) rnd(40) white\nEND\nCIRC 100 14 8 0xFFCC66\nHALT",
		"CLS 0x000033\nFOR i = 0 TO 60\n  PLOT rnd(W) rnd(40) white\nEND\nCIRC 100 14 8 0xFFCC66\nCIRC 97 12 7 0x000033\nFOR x = 0 TO 127\n  SET h = 10 + sin(x * 12) / 220\n  RECT x (H - h) 1 h 0x003366\nEND\nHALT"}},
	{"rings", "pixel", "Rings from the middle", 2.6, .04, true, []string{
		"FOR r = 1 TO 5\n  CIRC 64 32 (r * 6) 0x3fc6a0\nEND\nHALT",
		"CLS 0x101830\nFOR r = 5 TO 1 STEP -1\n  CIRC 64 32 (r * 6) (0x3fc6a0 - r * 0x081208)\nEND\nHALT"}},
	{"divider", "pixel", "Division at the edge", .7, .93, true, []string{
		"SET a = 0\nSET b = 7 / a\nHALT", "SET a = rnd(2)\nSET b = 7 / a\nHALT"}},
	{"sort_figures", "python", "Sort the figures of the last hour", 48, .02, true,
		[]string{"figures = [3, 1, 2]\nprint(sorted(figures))"}},
	{"matrix_card", "cartridge", "Run the matrix cartridge", 6, 0, false, []string{"matrix.png"}},
}

// Fill makes runs runs, their rows of the map, goals and cartridges in a data
// folder. The newest run ended at now; the same seed makes the same history.
func Fill(ctx context.Context, dir string, runs int, now time.Time) error {
	s, _, err := store.Open(ctx, dir, store.Options{})
	if err != nil {
		return err
	}
	pictures, err := putPictures(ctx, s)
	if err == nil {
		err = cartridges(ctx, s, dir)
	}
	path := s.Path()
	if e := s.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	w := writer{tx: tx, now: now, pictures: pictures, rng: rand.New(rand.NewPCG(1, 2))}
	w.scripts()
	w.history(runs)
	w.goals()
	if w.err != nil {
		return w.err
	}
	return tx.Commit()
}

// A writer writes rows until one fails.
type writer struct {
	tx       *sql.Tx
	now      time.Time
	pictures map[string]string // code → content hash
	rng      *rand.Rand
	err      error
}

func (w *writer) exec(query string, args ...any) {
	if w.err == nil {
		if _, err := w.tx.Exec(query, args...); err != nil {
			w.err = fmt.Errorf("%s: %w", query, err)
		}
	}
}

const stamp = "2006-01-02 15:04:05.000"

func (w *writer) scripts() {
	w.exec("DELETE FROM improvement_scripts")
	for i, s := range scripts {
		w.exec("INSERT INTO improvement_scripts (id, name, lang, purpose, code, enabled) VALUES (?, ?, ?, ?, ?, ?)",
			i+1, s.name, s.lang, s.purpose, s.versions[len(s.versions)-1], s.enabled)
	}
	hashes := map[string]int{}
	for _, h := range w.pictures {
		if hashes[h] == 0 {
			hashes[h] = len(hashes) + 1
			w.exec("INSERT INTO pictures (id, hash) VALUES (?, ?)", hashes[h], h)
		}
	}
}

// history writes the runs, three scripts a cycle, ten seconds apart.
func (w *writer) history(runs int) {
	last := make([]int64, len(scripts)) // newest iteration
	count, good := make([]int64, len(scripts)), make([]int64, len(scripts))
	failing := make([]int, len(scripts))
	for n := 1; n <= runs; n++ {
		i := n % len(scripts)
		s := scripts[i]
		at := w.now.Add(-time.Duration(runs-n) * 10 * time.Second / 3).UTC()
		code := s.versions[min(len(s.versions)-1, len(s.versions)*n/(runs+1))]
		fails := w.rng.Float64() < s.fails
		ms := s.ms * math.Exp(w.rng.NormFloat64()*.12) * (1 + .25*math.Sin(float64(n)/900))
		slow := !fails && w.rng.IntN(160) == 0
		if slow {
			ms *= 4 + 3*w.rng.Float64()
		}
		backend, status, stdout, stderr, analysis := "GPU", "halted", "", "", fmt.Sprintf("succeeded as in %d of %d runs; %.1f ms", good[i]+1, count[i]+1, ms)
		if w.rng.IntN(4) == 0 {
			backend = "CPU"
		}
		if s.lang == "python" {
			backend, status, stdout = "python", "exited", "[1, 2, 3]"
		}
		if fails {
			status, stderr = "faulted", fmt.Sprintf("%s.pxl:2: division by zero: 7 was divided by a, which is 0", s.name)
			if s.lang == "python" {
				status, stderr = "killed", "killed after 30 s: the time limit of a python script"
			}
			analysis = fmt.Sprintf("failed as in %d of %d runs", count[i]-good[i]+1, count[i]+1)
			failing[i]++
		} else {
			failing[i] = 0
			good[i]++
		}
		count[i]++
		var parent any
		if last[i] != 0 {
			parent = last[i]
		}
		w.exec(`INSERT INTO improvement_runs (id, script_id, started_at, finished_at, success, stdout, stderr, duration_ms, backend) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			n, i+1, at.Format(stamp), at.Format(stamp), !fails, stdout, stderr, ms, backend)
		w.exec(`INSERT INTO infinite_map (id, iteration, task_description, code, result, analysis, timestamp, parent_iteration) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			n, n, s.name+": "+s.purpose, code, fmt.Sprintf(`{"lang":%q,"status":%q}`, s.lang, status), analysis, at.Format(stamp), parent)
		w.exec("INSERT INTO run_details (run_id, outcome, slow, map_id, human_png) VALUES (?, 0, ?, ?, (SELECT id FROM pictures WHERE hash = ?))",
			n, slow, n, w.pictures[code])
		last[i] = int64(n)
	}
	for i := range scripts {
		var wait any
		if failing[i] > 0 {
			wait = w.now.Add(4 * time.Minute).UTC().Format(stamp)
		}
		w.exec("UPDATE improvement_scripts SET run_count = ?, success_count = ?, last_run_at = ? WHERE id = ?", count[i], good[i], w.now.UTC().Format(stamp), i+1)
		w.exec(`INSERT INTO script_state (script_id, last_run, consecutive_failures, not_before, tried_hash)
			VALUES (?1, ?2, ?3, ?4, ?5)`, i+1, runs, failing[i], wait, codeHash(scripts[i].versions[len(scripts[i].versions)-1]))
	}
}

func (w *writer) goals() {
	for i, g := range []string{"Coloured RECT with a border", "A clock that keeps time", "Text along a curve", "Life on the whole page"} {
		w.exec("INSERT INTO development_goals (goal, priority, completed, completed_at) VALUES (?, ?, ?, ?)", g, 8-2*i, i == 3, w.now.UTC().Format(stamp))
	}
}

// putPictures keeps what each program that runs leaves on the canvas.
func putPictures(ctx context.Context, s *store.Store) (map[string]string, error) {
	out := map[string]string{}
	for _, script := range scripts {
		for _, code := range script.versions {
			if script.lang != "pixel" || script.fails > .5 {
				continue
			}
			c, err := run(ctx, script.name, code)
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			if err := png.Encode(&b, c.Picture); err != nil {
				return nil, err
			}
			if out[code], err = s.PutPicture(b.Bytes()); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// run makes a cartridge of a program that has run for a frame.
func run(ctx context.Context, name, code string) (*cartridge.Cartridge, error) {
	a := pxl.Assemble(name+".pxl", code)
	if !a.OK() {
		return nil, fmt.Errorf("%s does not assemble: %v", name, a.Diagnostics)
	}
	e := engine.NewCPU()
	defer e.Close()
	if _, err := engine.Run(ctx, e, engine.RunOptions{Program: a.Program}); err != nil {
		return nil, err
	}
	img, err := e.Human(ctx)
	if err != nil {
		return nil, err
	}
	snap, err := e.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	c := &cartridge.Cartridge{Source: code, Machine: snap, Picture: img}
	c.Kind, c.Name = cartridge.Pixel, name
	return c, nil
}

func cartridges(ctx context.Context, s *store.Store, dir string) error {
	home := filepath.Join(dir, "cartridges")
	if err := os.MkdirAll(home, 0o755); err != nil {
		return err
	}
	for _, made := range []struct{ name, code string }{
		{"night_001", scripts[2].versions[3]}, {"matrix", scripts[3].versions[1]}, {"panel", scripts[1].versions[2]}, {"hello", scripts[0].versions[0]},
	} {
		c, err := run(ctx, made.name, made.code)
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := c.Write(&b); err != nil {
			return err
		}
		path := filepath.Join(home, made.name+".png")
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			return err
		}
		sum, err := c.Checksum()
		if err != nil {
			return err
		}
		if _, err := s.AddCartridge(ctx, store.Cartridge{Path: path, Kind: "pixel", Checksum: sum, Width: 128, Height: 64}); err != nil {
			return err
		}
	}
	return nil
}

// codeHash is what the store compares a script's code by.
func codeHash(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}
