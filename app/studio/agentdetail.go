package studio

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
	"gvpie/runtime/store"
)

// Detail is one run, or one script with its latest run, in full.
type Detail struct {
	Script store.Script // ID 0: not known any more
	Run    store.Run    // ID 0: it never ran
	Code   string       // what was run; of a script that never ran, what will be
	Row    store.MapRow // what the map says of the run; ID 0: nothing
	Err    string       // why it could not be read
	of     wish
}

// Lang is the language of what was run: "pixel", "cartridge" or "python".
func (d *Detail) Lang() string { return cmp.Or(ReadLang(d.Row.Result), d.Script.Lang) }

// ByScript says that the detail is of a script, and follows its latest run.
func (d *Detail) ByScript() bool { return d.of.script != 0 }

// wish is what the detail is to show: a run, or a script.
type wish struct{ run, script int64 }

// ShowRun asks for a run in full; see Detail.
func (a *Agent) ShowRun(id int64) { a.show(wish{run: id}) }

// ShowScript asks for a script in full with its latest run, and goes on with it
// as it runs.
func (a *Agent) ShowScript(id int64) { a.show(wish{script: id}) }

func (a *Agent) show(w wish) {
	if a == nil || a.shown == w {
		return
	}
	a.shown = w
	a.wishes.put(w)
}

// Shown says which run or which script was asked for last; 0 is none.
func (a *Agent) Shown() (run, script int64) {
	if a == nil {
		return 0, 0
	}
	return a.shown.run, a.shown.script
}

// Detail is what ShowRun or ShowScript asked for; nil until it has been read. The
// one before is not shown in its place.
func (a *Agent) Detail() *Detail {
	if a == nil || a.detail == nil || a.detail.of != a.shown {
		return nil
	}
	return a.detail
}

// answer reads details; one goroutine.
func (a *Agent) answer(s *store.Store) {
	for {
		select {
		case <-a.ctx.Done():
			return
		case w := <-a.wishes.ch:
			d := a.readDetail(s, w)
			if a.ctx.Err() != nil {
				return
			}
			a.tell(func(a *Agent) { a.detail = d })
		}
	}
}

func (a *Agent) readDetail(s *store.Store, w wish) *Detail {
	d := &Detail{of: w}
	fail := func(err error) *Detail {
		d.Err = err.Error()
		return d
	}
	var err error
	if w.run != 0 {
		if d.Run, err = s.Run(a.ctx, w.run); err != nil {
			return fail(err)
		}
		w.script = d.Run.ScriptID
	}
	if w.script != 0 {
		d.Script, err = s.ScriptByID(a.ctx, w.script)
		if err != nil && !(errors.Is(err, store.ErrNotFound) && d.Run.ID != 0) {
			return fail(err)
		}
	}
	d.Code = d.Script.Code
	if d.Run.ID == 0 {
		last, err := s.RunsOf(a.ctx, w.script, store.Page{Limit: 2})
		if err != nil {
			return fail(err)
		}
		for _, r := range last { // one in hand has nothing to show yet
			if d.Run = r; !r.InHand() {
				break
			}
		}
	}
	if d.Run.MapID != 0 {
		if d.Row, err = s.MapRow(a.ctx, d.Run.MapID); err != nil {
			return fail(err)
		}
		if w.script == 0 || d.of.run != 0 {
			d.Code = d.Row.Code
		}
	}
	return d
}

// Point is a row of the map to be compared, with the run it tells of.
type Point struct {
	Row store.MapRow
	Run store.Run
}

// Comparison is two points of the map side by side; B is zero when one alone was
// chosen.
type Comparison struct {
	A, B     Point
	Diff     []DiffLine  // of the code
	Picture  *image.RGBA // where the pictures differ; nil unless there are two
	Differ   int         // in how many pixels
	Pixels   int         // of how many
	PictureA *image.RGBA
	PictureB *image.RGBA
	Err      string
	of       [2]int64
}

// Compare asks for one or two rows of the map, by id; b 0 is one alone.
func (a *Agent) Compare(x, y int64) {
	if a == nil || a.compare != nil && a.compare.of == [2]int64{x, y} {
		return
	}
	a.compare = &Comparison{of: [2]int64{x, y}}
	a.pairs.put(a.compare.of)
}

// Compared is the ids of the rows asked for last.
func (a *Agent) Compared() (x, y int64) {
	if a == nil || a.compare == nil {
		return 0, 0
	}
	return a.compare.of[0], a.compare.of[1]
}

// Comparison is what Compare asked for; nil until it has been read.
func (a *Agent) Comparison() *Comparison {
	if a == nil || a.compare == nil || a.compare.A.Row.ID == 0 && a.compare.Err == "" {
		return nil
	}
	return a.compare
}

// pair reads comparisons; one goroutine.
func (a *Agent) pair(s *store.Store) {
	for {
		select {
		case <-a.ctx.Done():
			return
		case ids := <-a.pairs.ch:
			c := a.readPair(s, ids)
			if a.ctx.Err() != nil {
				return
			}
			a.tell(func(a *Agent) {
				if a.compare != nil && a.compare.of == ids {
					a.compare = c
				}
			})
		}
	}
}

func (a *Agent) readPair(s *store.Store, ids [2]int64) *Comparison {
	c := &Comparison{of: ids}
	point := func(id int64) (p Point, img *image.RGBA, err error) {
		if p.Row, err = s.MapRow(a.ctx, id); err != nil || p.Row.RunID == 0 {
			return p, nil, err
		}
		if p.Run, err = s.Run(a.ctx, p.Row.RunID); err != nil || p.Run.HumanPNG == "" {
			return p, nil, err
		}
		img, err = readPicture(s, PictureKey{Hash: p.Run.HumanPNG})
		return p, img, err
	}
	var errs [2]error
	c.A, c.PictureA, errs[0] = point(ids[0])
	if ids[1] != 0 {
		c.B, c.PictureB, errs[1] = point(ids[1])
		c.Diff = DiffLines(c.A.Row.Code, c.B.Row.Code)
		c.Picture, c.Differ = DiffPictures(c.PictureA, c.PictureB)
		if c.Picture != nil {
			c.Pixels = c.Picture.Rect.Dx() * c.Picture.Rect.Dy()
		}
	}
	if err := errors.Join(errs[:]...); err != nil {
		c.Err = err.Error()
	}
	return c
}

// Replay runs a row of the map again and says whether it comes out as it is
// recorded.
func (a *Agent) Replay(row store.MapRow) {
	if a == nil || a.store == nil || row.ID == 0 {
		return
	}
	s, data := a.store, a.data
	a.background(func() (NoticeKind, string) {
		e := engine.NewCPU()
		defer e.Close()
		began := time.Now()
		r, err := agent.Replay(a.ctx, s, data, e, row)
		what := fmt.Sprintf("Row %d (iteration %d)", row.ID, row.Iteration)
		switch {
		case err != nil:
			return Warning, what + ": " + err.Error()
		case r.Agrees():
			return Done, fmt.Sprintf("%s run again on the %s in %d ms: bit for bit as it is recorded", what, r.Engine, time.Since(began).Milliseconds())
		case len(r.Differs) > 0:
			return Problem, fmt.Sprintf("%s run again on the %s differs: %s", what, r.Engine, r.Differs[0])
		}
		return Warning, what + ": there is too little in it to compare with"
	})
}
